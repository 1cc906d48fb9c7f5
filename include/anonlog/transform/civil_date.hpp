// transform/civil_date.hpp: days since 1970 from a date, and back to the year: the arithmetic under every timestamp.
//
// The Gregorian calendar in both directions of time, years 0 to 9999, no table of leap seconds, no system call: the
// answer may not depend on the machine's zone data (SPEC 3.1, no locale; SPEC 3.5, possible dates).
#pragma once

#include <cstdint>

namespace anonlog {

inline constexpr std::int64_t seconds_per_day = 86400;

constexpr bool is_leap_year(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int days_in_month(std::int64_t year, int month) noexcept {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

namespace civil_detail {

inline constexpr std::int64_t days_before_1970 = 719528;  // from 0000-01-01

// From 0000-01-01 to the first of January; the year 0 is a leap year.
constexpr std::int64_t days_before_year(std::int64_t year) noexcept {
  return 365 * year + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
}

}  // namespace civil_detail

// Days since 1970-01-01 of a possible date in the years 0 to 9999.
constexpr std::int64_t days_from_civil(std::int64_t year, int month, int day) noexcept {
  constexpr std::int16_t days_before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  const int leap_day = month > 2 && is_leap_year(year) ? 1 : 0;
  return civil_detail::days_before_year(year) - civil_detail::days_before_1970 + days_before_month[month - 1] + leap_day + day - 1;
}

// The year in which a day lies; for the years 0 to 9999.
constexpr std::int64_t year_of_days(std::int64_t days) noexcept {
  const std::int64_t since_year_0 = days + civil_detail::days_before_1970;
  std::int64_t year = since_year_0 * 400 / 146097;
  while (civil_detail::days_before_year(year) > since_year_0) --year;
  while (civil_detail::days_before_year(year + 1) <= since_year_0) ++year;
  return year;
}

static_assert(days_from_civil(1970, 1, 1) == 0 && days_from_civil(2026, 1, 15) == 20468);
static_assert(year_of_days(-1) == 1969 && year_of_days(0) == 1970 && year_of_days(20468) == 2026);

}  // namespace anonlog
