// tests/transform/calendar_test.cpp: every form of SPEC 3.5 is read, nothing else is, and the instant is the right one.
#include <anonlog/transform/calendar.hpp>

#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace anonlog {
namespace {

constexpr std::int64_t noon = 1768478400;  // 2026-01-15T12:00:00Z

bool reads(std::string_view text) {
  timestamp stamp;
  return read_timestamp(raw(text), stamp);
}

// The instant, or -1 where there is none.
std::int64_t instant(std::string_view text, std::int32_t zone = 0, std::int64_t now = noon) {
  timestamp stamp;
  std::int64_t seconds = -1;
  if (!read_timestamp(raw(text), stamp) || !unix_seconds(stamp, zone, now, seconds)) return -1;
  return seconds;
}

std::string written(const std::tm& time, const char* form) {
  char text[64];
  return {text, std::strftime(text, sizeof text, form, &time)};
}

TEST(calendar, reads_every_form_of_the_table) {
  const std::int64_t day = 20468 * seconds_per_day, at = day + 10 * 3600 + 42 * 60 + 29;
  EXPECT_EQ(instant("15/Jan/2026:10:42:29 +0000"), at);
  EXPECT_EQ(instant("[15/Jan/2026:10:42:29 -0700]"), at + 7 * 3600);
  EXPECT_EQ(instant("15/Jan/2026:10:42:29.123"), at);  // HAProxy
  EXPECT_EQ(instant("[15/Jan/2026:10:42:29.123456]", 3600), at - 3600);
  EXPECT_EQ(instant("15/Jan/2026 10:42:29"), at);  // Python's http.server
  EXPECT_EQ(instant("[15/Jan/2026 10:42:29]", 3600), at - 3600);
  EXPECT_EQ(instant("2026-01-15T10:42:29"), at);
  EXPECT_EQ(instant("2026-01-15t10:42:29z", 3600), at);
  EXPECT_EQ(instant("2026-01-15 10:42:29,123456789 +05:30"), at - 19800);
  EXPECT_EQ(instant("2026-01-15 10:42:29.1+0530"), at - 19800);
  EXPECT_EQ(instant("Jan 15 10:42:29"), at);
  EXPECT_EQ(instant("Jan 5 10:42:29"), at - 10 * seconds_per_day);  // nothing in front of the day
  EXPECT_EQ(instant("Jan 15 10:42:29.123456"), at);  // journalctl
  EXPECT_EQ(instant("Thu Jan 15 10:42:29 2026"), at);
  EXPECT_EQ(instant("[Mon Jan 15 10:42:29.902022 2026]"), at);  // the day of the week is not compared
  EXPECT_EQ(instant("Mon Jan  5 10:42:29 2026"), at - 10 * seconds_per_day);  // ctime()
  EXPECT_EQ(instant("2026/01/15 10:42:29"), at);
  EXPECT_EQ(instant("2026/01/15 10:42:29.032"), at);  // Caddy
  EXPECT_EQ(instant("15-Jan-2026 10:42:29"), at);     // PHP
  EXPECT_EQ(instant("[15-Jan-2026 10:42:29.123456]", 3600), at - 3600);
  EXPECT_EQ(instant("15-Jan-2026 10:42:29 UTC", 3600), at);
  EXPECT_EQ(instant("15-Jan-2026 10:42:29 +05:30", 3600), at - 19800);
  EXPECT_EQ(instant("Jan 15, 2026 @ 10:42:29.123"), at);  // Kibana
  EXPECT_EQ(instant("Jan 5, 2026 @ 10:42:29.123", 3600), at - 10 * seconds_per_day - 3600);
  EXPECT_EQ(instant("2026-01-15 10:42:29.123456 UTC", 3600), at);  // BigQuery
  EXPECT_EQ(instant("2026-01-15 10:42:29 UTC", 3600), at);
  EXPECT_EQ(instant("Thu, 15 Jan 2026 10:42:29 GMT", 3600), at);  // HTTP
  EXPECT_EQ(instant("Thu, 15 Jan 2026 10:42:29 UTC", 3600), at);
  EXPECT_EQ(instant("Thu, 15 Jan 2026 10:42:29 +0530", 3600), at - 19800);
  EXPECT_EQ(instant("1768481736"), 1768481736);
  EXPECT_EQ(instant("1768481736.9"), 1768481736);
  EXPECT_EQ(instant("1768481736123"), 1768481736);
  EXPECT_EQ(instant("1768481736123456"), 1768481736);
  EXPECT_EQ(instant("1768481736123456789", 3600), 1768481736);
  EXPECT_EQ(instant("9999999999999999999"), 9999999999);
  EXPECT_EQ(instant("123456789"), 123456789);
  EXPECT_EQ(instant("123456789012"), 123456789);
}

TEST(calendar, uses_the_default_zone_only_where_a_stamp_has_none) {
  EXPECT_EQ(instant("2026-01-15T12:00:00", 3600), noon - 3600);
  EXPECT_EQ(instant("2026-01-15T12:00:00Z", 3600), noon);
  EXPECT_EQ(instant("2026/01/15 12:00:00", -3600), noon + 3600);
  EXPECT_EQ(instant("Jan 15 12:00:00", -3600), noon + 3600);
}

TEST(calendar, agrees_with_the_systems_calendar) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<std::int64_t> any(-62167219200, 253402300799);  // the years 0 to 9999
  for (int i = 0; i < 20000; ++i) {
    const std::time_t time = any(random);
    std::tm tm{};
    gmtime_r(&time, &tm);
    if (tm.tm_year + 1900 < 1000) continue;  // strftime writes %Y without leading zeros
    ASSERT_EQ(timegm(&tm), time);
    for (const char* form : {"%d/%b/%Y:%H:%M:%S +0000", "%Y-%m-%dT%H:%M:%SZ", "%a %b %d %H:%M:%S %Y",
                             "%Y/%m/%d %H:%M:%S"}) {
      timestamp stamp;
      std::int64_t seconds = 0;
      const std::string text = written(tm, form);
      ASSERT_TRUE(read_timestamp(raw(text), stamp)) << text;
      ASSERT_TRUE(unix_seconds(stamp, 0, noon, seconds));
      ASSERT_EQ(seconds, time) << text;
    }
    std::int64_t days = 0;
    ASSERT_TRUE(read_date(raw(written(tm, "%Y-%m-%d")), days));
    ASSERT_EQ(days * seconds_per_day, time - (time % 86400 + 86400) % 86400);
    ASSERT_EQ(year_of_days(days), tm.tm_year + 1900);
  }
}

TEST(calendar, knows_the_years_below_1000) {
  EXPECT_EQ(instant("0000-01-01T00:00:00Z"), -62167219200);
  EXPECT_EQ(instant("0000-02-29T00:00:00Z"), -62167219200 + 59 * seconds_per_day);
  EXPECT_FALSE(reads("0100-02-29T00:00:00Z"));
}

TEST(calendar, puts_a_stamp_without_a_year_at_most_one_day_after_now) {
  std::mt19937_64 random(2);
  std::uniform_int_distribution<std::int64_t> any(0, 4102444800), ago(-seconds_per_day, 364 * seconds_per_day);
  for (int i = 0; i < 20000; ++i) {
    const std::int64_t now = any(random);
    const std::time_t time = now - ago(random);
    std::tm tm{};
    gmtime_r(&time, &tm);
    ASSERT_EQ(instant(written(tm, "%b %e %H:%M:%S"), 0, now), time) << now;
    ASSERT_EQ(instant(written(tm, "%b %d %H:%M:%S"), 3600, now - 3600), time - 3600) << now;
  }
  const std::int64_t new_year = 1767225600;  // 2026-01-01T00:00:00Z
  EXPECT_EQ(instant("Dec 31 23:00:00", 0, new_year), new_year - 3600);
  EXPECT_EQ(instant("Jan  2 00:00:00", 0, new_year), new_year + seconds_per_day);
  EXPECT_EQ(instant("Jan  2 00:00:01", 0, new_year), new_year + seconds_per_day + 1 - 365 * seconds_per_day);
  EXPECT_EQ(instant("Jan  1 00:30:00", 0, new_year - 3600), new_year + 1800);
  EXPECT_EQ(instant("Feb 29 00:00:00", 0, new_year), 1709164800);                         // 2024
  EXPECT_EQ(instant("Feb 29 00:00:00", 0, 4107000000), 3981312000);                       // 2100 has none: 2096
  EXPECT_EQ(instant("Feb 28 00:00:00", 0, INT64_MAX), -1);
  EXPECT_EQ(instant("Feb 28 00:00:00", 0, INT64_MIN), -1);
}

TEST(calendar, counts_a_leap_second_as_the_one_before) {
  EXPECT_EQ(instant("31/Dec/2016:23:59:60 +0000"), instant("31/Dec/2016:23:59:59 +0000"));
  EXPECT_FALSE(reads("31/Dec/2016:23:59:61 +0000"));
}

TEST(calendar, refuses_every_day_a_month_does_not_have) {
  for (int year : {1999, 2000, 1900, 2024, 2026, 2100})
    for (int month = 0; month <= 13; ++month)
      for (int day = 0; day <= 32; ++day) {
        std::tm tm{};
        tm.tm_year = year - 1900, tm.tm_mon = month - 1, tm.tm_mday = day;
        std::tm same = tm;
        timegm(&same);
        const bool possible = same.tm_mon == tm.tm_mon && same.tm_mday == tm.tm_mday && same.tm_year == tm.tm_year;
        char text[64];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        std::int64_t days = 0;
        EXPECT_EQ(read_date(raw(text), days), possible) << text;
        EXPECT_EQ(reads(std::string(text) + "T00:00:00Z"), possible) << text;
        std::snprintf(text, sizeof text, "%04d/%02d/%02d 00:00:00", year, month, day);
        EXPECT_EQ(reads(text), possible) << text;
        if (month < 1 || month > 12) continue;
        std::snprintf(text, sizeof text, "%02d/%s/%04d:00:00:00 +0000", day,
                      std::string(month_names[static_cast<std::size_t>(month - 1)]).c_str(), year);
        EXPECT_EQ(reads(text), possible) << text;
      }
  EXPECT_TRUE(reads("Feb 29 00:00:00"));  // this form has no year
  EXPECT_FALSE(reads("Feb 30 00:00:00"));
  EXPECT_FALSE(reads("Apr 31 00:00:00"));
  EXPECT_FALSE(reads("Jan  0 00:00:00"));
  EXPECT_FALSE(reads("Jan 00 00:00:00"));
}

TEST(calendar, refuses_impossible_clocks_and_zones) {
  for (const char* text : {"10/Oct/2000:24:00:00 +0000", "10/Oct/2000:23:60:00 +0000", "10/Oct/2000:23:59:61 +0000",
                           "10/Oct/2000:13:55:36 +1401", "10/Oct/2000:13:55:36 -1500", "10/Oct/2000:13:55:36 +0060",
                           "2026-01-15T13:55:36+14:01", "2026-01-15T13:55:36+13:60", "24:00:00", "10:60:00",
                           "10:00:61"})
    EXPECT_FALSE(reads(text)) << text;
  for (const char* text : {"10/Oct/2000:13:55:36 +1400", "10/Oct/2000:13:55:36 -1400", "2026-01-15T13:55:36-13:59",
                           "23:59:60", "00:00:00"})
    EXPECT_TRUE(reads(text)) << text;
}

TEST(calendar, refuses_forms_that_are_not_in_the_table) {
  for (const char* text :
       {"", "[", "]", "[]", "yesterday", "[10/Oct/2000:13:55:36 -0700", "10/Oct/2000:13:55:36 -0700]",
        "[[10/Oct/2000:13:55:36 -0700]]", "10/Oct/2000:13:55:36 -07:00",
        "10/Oct/2000:13:55:36-0700", "10/Oct/2000:13:55:36.5 -07:00", "10/Oct/2000:13:55:36.5-0700", "10/Oct/2000:13:55:36. -0700", "10/Oct/2000:13:55:36.1234567890 -0700", "10/Oct/2000:13:55:36.", "10/Oct/2000:13:55:36,5", "10/oct/2000:13:55:36 -0700",
        "10/OCT/2000:13:55:36 -0700", "1/Oct/2000:13:55:36 -0700", "10/Oct/00:13:55:36 -0700",
        " 10/Oct/2000:13:55:36 -0700", "10/Oct/2000:13:55:36 -0700 ", "10/Oct/2000:13:55:36  -0700",
        "2026-01-15T13:55:36 Z", "2026-01-15T13:55:36  +01:00", "2026-01-15T13:55:36+01", "2026-01-15T13:55:36.",
        "2026-01-15T13:55:36.1234567890", "2026-01-15T13:55", "2026-01-15_13:55:36", "20260115T135536Z",
        "2026-1-15T13:55:36", "2026-01-15T13:55:36.12Zx", "Jan 5  02:14:15", "Jan 0 02:14:15", "Jan 5 2:14:15", "10/Oct/2000 13:55:36.5", "10/Oct/2000 13:55:36 +0000", "Jan  15 02:14:15", "Jan 05 02:14:15 2026", "Jan 05 02:14:15.", "Jan 05 02:14:15,5",
        "jan 05 02:14:15", "Fri Sep  09 10:42:29 2011", "Fri Sep 9 10:42:29 2011", "Fri Sep 09 10:42:29", "Fri Sep 09 10:42:29. 2011",
        "Fri Sep 09 10:42:29,1 2011", "Fre Sep 09 10:42:29 2011", "2026/01/15T10:42:29",
        "2026/01-15 10:42:29", "10:42:29,5", "10:42:29.", "10:42:29.1234567890", "1:42:29", "12345678", "12345678901",
        "12345678901234", "12345678901234567", "12345678901234567890", "123456789.", "1768481736.1234567890",
        "1768481736123.5", "-1768481736", "+1768481736", "1768481736,5", "1.768481736", "1768481736.5.5",
        "Jan 05, 2026 @ 10:42:29 UTC", "Jan 15, 2026 @ 10:42:29.", "Jan  5, 2026 @ 10:42:29", "Jan 15, 2026 10:42:29", "Feb 29, 2026 @ 10:42:29", "2026-01-15 10:42:29 GMT",
        "2026-01-15 10:42:29  UTC", "2026-01-15 10:42:29UTC", "2026-01-15 10:42:29 UTC+1", "Thu, 15 Jan 2026 10:42:29", "Thu, 15 Jan 2026 10:42:29 CET", "Thu, 31 Feb 2026 10:42:29 GMT",
        "Thu 15 Jan 2026 10:42:29 GMT", "Thursday, 15-Jan-26 10:42:29 GMT"})
    EXPECT_FALSE(reads(text)) << text;
}

TEST(calendar, gives_a_time_alone_an_instant_only_with_a_date) {
  timestamp stamp;
  std::int64_t seconds = 0, days = 0;
  ASSERT_TRUE(read_timestamp(raw("12:00:00.25"), stamp));
  EXPECT_FALSE(unix_seconds(stamp, 0, noon, seconds));
  ASSERT_TRUE(read_date(raw("2026-01-15"), days));
  join_date(stamp, days);
  ASSERT_TRUE(unix_seconds(stamp, 0, 0, seconds));
  EXPECT_EQ(seconds, noon);
  for (const char* text : {"", "2026-01-1", "2026-01-15 ", "[2026-01-15]", "2026-02-29", "2026-13-01", "2026/01/15"})
    EXPECT_FALSE(read_date(raw(text), days)) << text;
}

TEST(calendar, survives_one_changed_byte_anywhere) {
  const std::vector<std::string> stamps = {
      "[10/Oct/2000:13:55:36 -0700]", "2026-01-15T13:55:36.123456+01:00", "2026-01-15 13:55:36,1 +0100",
      "Jan  5 02:14:15", "[Fri Sep 09 10:42:29.902022 2011]", "2026/01/15 10:42:29", "10:42:29.5", "1768481736.123",
      "10/Oct/2000:13:55:36.123", "10/Oct/2000:13:55:36.12345", "10/Oct/2000:13:55:36.123 -0700", "10/Oct/2000:13:55:36", "Fri Sep  9 10:42:29 2011", "Jan 5 02:14:15",
      "10/Oct/2000 13:55:36", "Jan 15, 2026 @ 10:42:29.123", "Jan 5, 2026 @ 10:42:29.1", "2026-01-15 10:42:29.123 UTC", "Thu, 15 Jan 2026 10:42:29 GMT"};
  for (const std::string& stamp : stamps) {
    ASSERT_TRUE(reads(stamp)) << stamp;
    for (std::size_t i = 0; i < stamp.size(); ++i)
      for (char byte : std::string_view("\0\t\n/:\x80\xb0\xff\\\"", 10)) {
        std::string changed = stamp;
        if (changed[i] == byte) continue;
        changed[i] = byte;
        if (changed == "10/Oct/2000:13:55:36") continue;  // Daphne's, made of Python's
        EXPECT_FALSE(reads(changed)) << changed;
      }
    for (std::size_t size = 0; size < stamp.size(); ++size) (void)reads(stamp.substr(0, size));
    EXPECT_FALSE(reads(stamp + std::string(1, '\0')));
  }
  EXPECT_FALSE(reads(std::string(1 << 20, '1')));
}

}  // namespace
}  // namespace anonlog
