// transform/stamp_forms.hpp: every form of timestamp a log may hold, each with its reader.
//
// The forms are those of the table of SPEC 3.5. Beyond it there is HAProxy's `10/Oct/2000:13:55:36.123`, the same with a zone (Undertow,
// Apache's `%{msec_frac}t`) and, as Daphne writes it, without a fraction, Python's
// `10/Oct/2000 13:55:36`, uWSGI's `Fri Sep  9 10:42:29 2011`, PHP's `23-Nov-2026 12:06:43`, a day of one digit and a fraction in
// syslog's form (`Jan 5 02:14:15.123456`), a fraction behind nginx's form, as Caddy writes it, Kibana's
// `Jan 15, 2026 @ 10:42:29.123`, BigQuery's ` UTC` behind ISO's form, and HTTP's `Thu, 15 Jan 2026 10:42:29 GMT`.
#pragma once

#include <cstdint>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/transform/civil_date.hpp>
#include <anonlog/transform/stamp_reader.hpp>

namespace anonlog {

enum class time_form : unsigned char { clf, clf_ms, iso, rfc3164, apache_error, nginx_error, php_error, kibana, http, w3c_time, epoch };

// One stamp, cut where it may change: `before` and `after` stand around the time of day (or the number) and are made
// of nothing but the digits, names and marks of the form.
struct timestamp {
  time_form form = time_form::clf;
  bool is_bracketed = false;
  raw before, after;

  bool has_date = false;           // month and day are known
  bool has_year = false;           // and so is `days`
  int month = 0, day = 0;          // from 1
  std::int64_t days = 0;           // since 1970-01-01
  std::int32_t second_of_day = 0;  // as written; a leap second counts as 59
  bool has_zone = false;
  std::int32_t zone_seconds = 0;   // east of UTC

  std::int64_t epoch_seconds = 0;  // form epoch: whole seconds since 1970, and the digits they were written with
  unsigned epoch_digits = 0;

  char fraction_mark = 0;          // what stands before the digits below the second, if anything does
  unsigned fraction_digits = 0;
};

namespace calendar_detail {

inline constexpr int any_leap_year = 2000;  // for a form without a year

constexpr void read_time_of_day(stamp_reader& in, timestamp& out) noexcept {
  const int hour = in.number(2, 0, 23);
  in.expect(':');
  const int minute = in.number(2, 0, 59);
  in.expect(':');
  const int second = in.number(2, 0, 60);
  out.second_of_day = 3600 * hour + 60 * minute + (second > 59 ? 59 : second);
}

// A mark with 1-9 digits behind it, or nothing.
constexpr void read_fraction(stamp_reader& in, std::string_view marks, timestamp& out) noexcept {
  for (char mark : marks) {
    if (!in.accept(mark)) continue;
    out.fraction_mark = mark;
    out.fraction_digits = in.digits_until_other();
    if (out.fraction_digits < 1 || out.fraction_digits > 9) in.fail();
    return;
  }
}

// "+0130", and "+01:30" where a colon is allowed; at most 14 hours.
enum class zone_colon : unsigned char { optional, forbidden };

constexpr void read_zone(stamp_reader& in, zone_colon colon, timestamp& out) noexcept {
  const bool is_west = in.peek() == '-';
  in.expect(is_west ? '-' : '+');
  const int hours = in.number(2, 0, 14);
  if (colon == zone_colon::optional) in.accept(':');
  const int minutes = in.number(2, 0, hours == 14 ? 0 : 59);
  out.has_zone = true;
  out.zone_seconds = (is_west ? -1 : 1) * (3600 * hours + 60 * minutes);
}

constexpr void read_zone_name(stamp_reader& in, std::string_view name, timestamp& out) noexcept {
  for (const char c : name) in.expect(c);
  out.has_zone = true;
}

constexpr void set_date(stamp_reader& in, int year, timestamp& out) noexcept {
  if (in.failed()) return;
  if (out.day > days_in_month(year, out.month)) {
    in.fail();
    return;
  }
  out.has_date = out.has_year = true;
  out.days = days_from_civil(year, out.month, out.day);
}

// Year, month and day in digits with `mark` between them.
constexpr void read_numeric_date(stamp_reader& in, char mark, timestamp& out) noexcept {
  const int year = in.number(4, 0, 9999);
  in.expect(mark);
  out.month = in.number(2, 1, 12);
  in.expect(mark);
  out.day = in.number(2, 1, 31);
  set_date(in, year, out);
}

inline constexpr std::size_t clf_size = 26, clf_zone = 20;  // where the blank before the zone stands

// Every byte has its place, so all are read before any is judged. The size is right.
constexpr bool read_clf(raw text, timestamp& out) noexcept {
  unsigned faults = 0;
  const auto digit = [&](std::size_t at) {
    const unsigned value = text[at] - unsigned{'0'};
    faults |= value > 9 ? 1U : 0U;
    return static_cast<int>(value);
  };
  const auto two = [&](std::size_t at) { return 10 * digit(at) + digit(at + 1); };
  const auto is = [&](std::size_t at, char mark) { faults |= text[at] != static_cast<unsigned char>(mark) ? 1U : 0U; };
  const int day = two(0), year = 100 * two(7) + two(9), hour = two(12), minute = two(15), second = two(18);
  const int zone_hours = two(22), zone_minutes = two(24);
  is(2, '/'), is(6, '/'), is(11, ':'), is(14, ':'), is(17, ':'), is(20, ' ');
  const bool is_west = text[21] == '-';
  stamp_reader name(text.sub(3, 3));
  const int month = name.name(month_names);
  if (faults != 0 || name.failed() || (!is_west && text[21] != '+')) return false;
  if (day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 60) return false;
  if (zone_minutes > 59 || 60 * zone_hours + zone_minutes > 14 * 60) return false;
  out.form = time_form::clf;
  out.before = text.first(12);
  out.after = text.sub(20);
  out.has_date = out.has_year = out.has_zone = true;
  out.month = month;
  out.day = day;
  out.days = days_from_civil(year, month, day);
  out.second_of_day = 3600 * hour + 60 * minute + (second > 59 ? 59 : second);
  out.zone_seconds = (is_west ? -1 : 1) * (3600 * zone_hours + 60 * zone_minutes);
  return true;
}

// The same with a fraction, and then perhaps a zone; or with neither, also with a blank behind the year.
constexpr void read_clf_ms(stamp_reader& in, raw text, timestamp& out) noexcept {
  out.form = time_form::clf_ms;
  out.day = in.number(2, 1, 31);
  in.expect('/');
  out.month = in.name(month_names);
  in.expect('/');
  set_date(in, in.number(4, 0, 9999), out);
  const bool is_of_python = in.accept(' ');
  if (!is_of_python) in.expect(':');
  out.before = text.first(in.position());
  read_time_of_day(in, out);
  if (is_of_python) return;
  read_fraction(in, ".", out);
  out.after = text.sub(in.position());
  if (out.fraction_mark != 0 && in.accept(' ')) read_zone(in, zone_colon::forbidden, out);
}

constexpr void read_iso(stamp_reader& in, raw text, timestamp& out) noexcept {
  out.form = time_form::iso;
  read_numeric_date(in, '-', out);
  if (!in.accept('T') && !in.accept('t')) in.expect(' ');
  out.before = text.first(in.position());
  read_time_of_day(in, out);
  read_fraction(in, ".,", out);
  out.after = text.sub(in.position());
  if (in.at_end()) return;
  if (in.accept('Z') || in.accept('z'))
    out.has_zone = true;
  else {
    if (in.accept(' ') && in.peek() == 'U') return read_zone_name(in, "UTC", out);
    read_zone(in, zone_colon::optional, out);
  }
}

constexpr void read_nginx_error(stamp_reader& in, raw text, timestamp& out) noexcept {
  out.form = time_form::nginx_error;
  read_numeric_date(in, '/', out);
  in.expect(' ');
  out.before = text.first(in.position());
  read_time_of_day(in, out);
  read_fraction(in, ".", out);
}

constexpr void read_php_error(stamp_reader& in, raw text, timestamp& out) noexcept {
  out.form = time_form::php_error;
  out.day = in.number(2, 1, 31);
  in.expect('-');
  out.month = in.name(month_names);
  in.expect('-');
  set_date(in, in.number(4, 0, 9999), out);
  in.expect(' ');
  out.before = text.first(in.position());
  read_time_of_day(in, out);
  read_fraction(in, ".", out);
  out.after = text.sub(in.position());
  if (!in.accept(' ')) return;
  if (in.peek() == '+' || in.peek() == '-') return read_zone(in, zone_colon::optional, out);
  read_zone_name(in, "UTC", out);
}

// `Jan 15, 2026 @ 10:42:29.123`, the day of one digit with nothing in front.
constexpr void read_kibana(stamp_reader& in, raw text, timestamp& out) noexcept {
  constexpr std::size_t behind_one_digit = 5;
  out.form = time_form::kibana;
  out.month = in.name(month_names);
  in.expect(' ');
  out.day = text[behind_one_digit] == ',' ? in.number(1, 1, 9) : in.number(2, 1, 31);
  for (const char c : {',', ' '}) in.expect(c);
  set_date(in, in.number(4, 0, 9999), out);
  for (const char c : {' ', '@', ' '}) in.expect(c);
  out.before = text.first(in.position());
  read_time_of_day(in, out);
  read_fraction(in, ".", out);
}

// RFC 9110's IMF-fixdate, and with an offset as in a mail.
constexpr void read_http(stamp_reader& in, raw text, timestamp& out) noexcept {
  out.form = time_form::http;
  in.name(weekday_names);
  for (const char c : {',', ' '}) in.expect(c);
  out.day = in.number(2, 1, 31);
  in.expect(' ');
  out.month = in.name(month_names);
  in.expect(' ');
  set_date(in, in.number(4, 0, 9999), out);
  in.expect(' ');
  out.before = text.first(in.position());
  read_time_of_day(in, out);
  out.after = text.sub(in.position());
  in.expect(' ');
  if (in.peek() == 'G' || in.peek() == 'U') return read_zone_name(in, in.peek() == 'G' ? "GMT" : "UTC", out);
  read_zone(in, zone_colon::forbidden, out);
}

constexpr void read_apache_error(stamp_reader& in, raw text, timestamp& out) noexcept {
  out.form = time_form::apache_error;
  in.name(weekday_names);
  in.expect(' ');
  out.month = in.name(month_names);
  in.expect(' ');
  out.day = in.accept(' ') ? in.number(1, 1, 9) : in.number(2, 1, 31);  // uWSGI writes a blank, as ctime() does
  in.expect(' ');
  out.before = text.first(in.position());
  read_time_of_day(in, out);
  read_fraction(in, ".", out);
  out.after = text.sub(in.position());
  in.expect(' ');
  set_date(in, in.number(4, 0, 9999), out);
}

constexpr void read_rfc3164(stamp_reader& in, raw text, timestamp& out) noexcept {
  constexpr std::size_t behind_one_digit = 5;
  const bool is_bare_digit = text[behind_one_digit] == ' ';
  out.form = time_form::rfc3164;
  out.month = in.name(month_names);
  in.expect(' ');
  out.day = in.accept(' ') || is_bare_digit ? in.number(1, 1, 9) : in.number(2, 1, 31);
  if (out.day > days_in_month(any_leap_year, out.month)) in.fail();
  out.has_date = true;
  in.expect(' ');
  out.before = text.first(in.position());
  read_time_of_day(in, out);
  read_fraction(in, ".", out);
}

constexpr void read_w3c_time(stamp_reader& in, timestamp& out) noexcept {
  out.form = time_form::w3c_time;
  read_time_of_day(in, out);
  read_fraction(in, ".", out);
}

// The number of digits tells the unit; in each, 9 or 10 of them are the seconds.
constexpr void read_epoch(stamp_reader& in, raw text, timestamp& out) noexcept {
  out.form = time_form::epoch;
  const unsigned digits = in.digits_until_other();
  if (digits < 9 || digits > 19 || digits % 3 == 2) in.fail();
  out.epoch_digits = digits % 3 == 0 ? 9 : 10;
  out.fraction_digits = digits - (digits < out.epoch_digits ? digits : out.epoch_digits);
  if (out.fraction_digits == 0) read_fraction(in, ".", out);
  for (unsigned i = 0; i < out.epoch_digits && !in.failed(); ++i)
    out.epoch_seconds = out.epoch_seconds * 10 + (text[i] - '0');
}

}  // namespace calendar_detail

}  // namespace anonlog
