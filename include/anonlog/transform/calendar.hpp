// transform/calendar.hpp: reads every form of timestamp a log may hold, and tells which instant it names.
//
// One reader for two users: the transform floors what it reads, the stream asks for the record's own time. A form
// that is not in transform/stamp_forms.hpp, and a value no calendar or clock has, is no timestamp. SPEC 3.3.1 says which instant
// a stamp without a year or a zone means.
#pragma once

#include <cstdint>

#include <anonlog/core/raw.hpp>
#include <anonlog/transform/civil_date.hpp>
#include <anonlog/transform/stamp_forms.hpp>

namespace anonlog {

// Reads one field, whole; brackets around it are both there or both not. `out` means nothing when false comes back.
constexpr bool read_timestamp(raw value, timestamp& out) noexcept {
  constexpr std::size_t shortest = 8, longest = 40;  // the table's: 10:42:29; 2026-01-15 10:42:29.123456789 +01:00
  out = timestamp{};
  if (!value.empty() && value.front() == '[') {
    if (value.back() != ']') return false;
    out.is_bracketed = true;
    value = value.sub(1).without_last(1);
  }
  if (value.size() < shortest || value.size() > longest) return false;

  const bool begins_with_day = is_digit(value.front()) && value[2] == '/';
  if (begins_with_day && value.size() == calendar_detail::clf_size && value[calendar_detail::clf_zone] == ' ') return calendar_detail::read_clf(value, out);
  calendar_detail::stamp_reader in(value);
  if (begins_with_day) {
    calendar_detail::read_clf_ms(in, value, out);
  } else if (!is_digit(value.front())) {
    const bool starts_with_month = is_digit(value[4]) || value[4] == ' ';
    if (value[3] == ',') calendar_detail::read_http(in, value, out);
    else if (value[5] == ',' || value[6] == ',') calendar_detail::read_kibana(in, value, out);
    else if (starts_with_month) calendar_detail::read_rfc3164(in, value, out);
    else calendar_detail::read_apache_error(in, value, out);
  } else if (value[2] == ':') {
    calendar_detail::read_w3c_time(in, out);
  } else if (value[2] == '-') {
    calendar_detail::read_php_error(in, value, out);
  } else if (value[4] == '-') {
    calendar_detail::read_iso(in, value, out);
  } else if (value[4] == '/') {
    calendar_detail::read_nginx_error(in, value, out);
  } else {
    calendar_detail::read_epoch(in, value, out);
  }
  return !in.failed() && in.at_end();
}

// A date that is a field of its own: `2026-01-15`, in days since 1970-01-01.
constexpr bool read_date(raw value, std::int64_t& days) noexcept {
  timestamp date;
  calendar_detail::stamp_reader in(value);
  calendar_detail::read_numeric_date(in, '-', date);
  days = date.days;
  return !in.failed() && in.at_end();
}

// Gives a time of day the date of its neighbour field.
constexpr void join_date(timestamp& stamp, std::int64_t days) noexcept {
  stamp.has_date = stamp.has_year = true;
  stamp.days = days;
}

// The instant a stamp names, in Unix seconds; false if it has no date. A zone it does not have is the default one; a
// year it does not have is the latest that puts it at most one day after `now`.
constexpr bool unix_seconds(const timestamp& stamp, std::int32_t default_zone_seconds, std::int64_t now,
                            std::int64_t& out) noexcept {
  if (stamp.form == time_form::epoch) {
    out = stamp.epoch_seconds;
    return true;
  }
  if (!stamp.has_date) return false;
  const std::int64_t zone = stamp.has_zone ? stamp.zone_seconds : default_zone_seconds;
  if (stamp.has_year) {
    out = stamp.days * seconds_per_day + stamp.second_of_day - zone;
    return true;
  }

  constexpr std::int64_t year_100 = days_from_civil(100, 1, 1) * seconds_per_day;
  constexpr std::int64_t year_9999 = days_from_civil(9999, 1, 1) * seconds_per_day;
  if (now < year_100 || now > year_9999) return false;
  const std::int64_t latest = now + seconds_per_day;
  const std::int64_t latest_local = latest + zone;
  std::int64_t year = year_of_days(latest_local / seconds_per_day - (latest_local % seconds_per_day < 0 ? 1 : 0));
  constexpr int years_between_leap_days = 8;
  for (int tries = 0; tries <= years_between_leap_days + 1; ++tries, --year) {
    if (stamp.day > days_in_month(year, stamp.month)) continue;
    out = days_from_civil(year, stamp.month, stamp.day) * seconds_per_day + stamp.second_of_day - zone;
    if (out <= latest) return true;
  }
  return false;
}

}  // namespace anonlog
