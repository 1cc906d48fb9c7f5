// crypto/utc_time.hpp: the times of a keyring: `2026-01-01T00:00:00Z` and Unix seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <anonlog/core/ascii.hpp>

namespace anonlog {

// Exactly this form, a date that exists, no leap second.
constexpr std::optional<std::int64_t> parse_utc_time(std::string_view text) noexcept {
  constexpr std::string_view form = "0000-00-00T00:00:00Z";
  if (text.size() != form.size()) return std::nullopt;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == '0' ? !is_digit(static_cast<unsigned char>(text[i])) : text[i] != form[i]) return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86400 + hour * 3600 + minute * 60 + second;
}

// For the years 0000 to 9999; anything beyond is written as the nearest of these.
inline std::string utc_time_text(std::int64_t unix_seconds) {
  constexpr std::int64_t first = *parse_utc_time("0000-01-01T00:00:00Z");
  constexpr std::int64_t last = *parse_utc_time("9999-12-31T23:59:59Z");
  const std::int64_t t = unix_seconds < first ? first : unix_seconds > last ? last : unix_seconds;
  const std::chrono::sys_seconds time{std::chrono::seconds(t)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::int64_t second = (time - day).count();
  std::string text;
  const auto add = [&](std::int64_t value, int width, std::string_view after) {
    std::string digits = std::to_string(value);
    text.append(static_cast<std::size_t>(width) - digits.size(), '0').append(digits).append(after);
  };
  add(static_cast<int>(date.year()), 4, "-");
  add(static_cast<unsigned>(date.month()), 2, "-");
  add(static_cast<unsigned>(date.day()), 2, "T");
  add(second / 3600, 2, ":");
  add(second / 60 % 60, 2, ":");
  add(second % 60, 2, "Z");
  return text;
}

}  // namespace anonlog
