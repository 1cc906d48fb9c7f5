// transform/time_floor.hpp: a timestamp keeps its bucket: the hour, say; everything finer is gone.
//
// An exact time joins a line with other logs, cameras and bank accounts; a count per hour needs none of it.
// Source: SPEC 3.5. Calendar stamps are floored as they are written, numeric ones on the grid of the record's zone,
// so that two clocks in one record say the same.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/calendar.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/release_words.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

inline constexpr std::array<std::int32_t, 11> time_grids = {1,    10,   60,    300,   600,  900,
                                                            1800, 3600, 21600, 43200, 86400};

// Whether a policy may ask for buckets of this length; each divides the day.
constexpr bool is_grid(std::int64_t seconds) noexcept {
  for (std::int32_t grid : time_grids)
    if (grid == seconds) return true;
  return false;
}

struct time_floor {
  static constexpr std::string_view name = "time";

  static constexpr example examples[] = {
      {.in = "[10/Oct/2000:13:55:36 -0700]", .out = "[10/Oct/2000:13:00:00 -0700]"},
      {.in = "2026-01-15T13:55:36.123456+01:00", .out = "2026-01-15T13:00:00.000000+01:00"},
      {.in = "Jan  5 02:14:15", .out = "Jan  5 02:00:00"},
      {.in = "[Fri Sep 09 10:42:29.902022 2011]", .out = "[Fri Sep 09 10:00:00.000000 2011]"},
      {.in = "Jan 15, 2026 @ 13:55:36.123", .out = "Jan 15, 2026 @ 13:00:00.000"},
      {.in = "Thu, 15 Jan 2026 13:55:36 GMT", .out = "Thu, 15 Jan 2026 13:00:00 GMT"},
      {.in = "2026-01-15 13:55:36.123456 UTC", .out = "2026-01-15 13:00:00.000000 UTC"},
      {.in = "1768481736.123", .out = "1768478400.000"},
      {.in = "2026-01-15", .out = "2026-01-15", .outcome = outcome::kept},
      {.in = "31/Feb/2026:13:55:36 +0000", .out = "-", .outcome = outcome::unreadable},
  };

  std::int32_t grid_seconds = 3600;  // one of time_grids

  // A stamp in its own form, floored; a date alone as it is. Anything else becomes "-".
  outcome apply(raw value, scope& s, writer& out) const noexcept {
    timestamp stamp;
    if (read_timestamp(value, stamp)) return put_floored(stamp, s.zone_seconds, out);
    if (std::int64_t days = 0; read_date(value, days)) {
      release_words(value, out);
      return outcome::kept;
    }
    out.put('-');
    return outcome::unreadable;
  }

 private:
  outcome put_floored(const timestamp& stamp, std::int32_t zone_seconds, writer& out) const noexcept {
    const bool is_epoch = stamp.form == time_form::epoch;
    const std::int64_t epoch = is_epoch ? floored(stamp.epoch_seconds + zone_seconds) - zone_seconds : 0;
    if (epoch < 0) {
      out.put('-');
      return outcome::unreadable;
    }
    if (stamp.is_bracketed) out.put('[');
    release_words(stamp.before, out);
    if (is_epoch)
      put_padded(static_cast<std::uint64_t>(epoch), stamp.epoch_digits, out);
    else
      put_time_of_day(static_cast<std::uint32_t>(stamp.second_of_day), out);
    if (stamp.fraction_mark != 0) out.put(stamp.fraction_mark);
    for (unsigned i = 0; i < stamp.fraction_digits; ++i) out.put('0');
    release_words(stamp.after, out);
    if (stamp.is_bracketed) out.put(']');
    return outcome::reduced;
  }

  // Towards the past, also before 1970.
  std::int64_t floored(std::int64_t seconds) const noexcept {
    const std::int64_t above = seconds % grid_seconds;
    return seconds - above - (above < 0 ? grid_seconds : 0);
  }

  void put_time_of_day(std::uint32_t second_of_day, writer& out) const noexcept {
    const std::uint32_t second = second_of_day - second_of_day % static_cast<std::uint32_t>(grid_seconds);
    const std::uint32_t numbers[] = {second / 3600, second / 60 % 60, second % 60};
    char text[8] = {0, 0, ':', 0, 0, ':', 0, 0};
    for (std::size_t i = 0; i < 3; ++i) {
      text[3 * i] = static_cast<char>('0' + numbers[i] / 10);
      text[3 * i + 1] = static_cast<char>('0' + numbers[i] % 10);
    }
    out.put(std::string_view(text, sizeof text));
  }

  static void put_padded(std::uint64_t number, unsigned width, writer& out) noexcept {
    std::uint64_t power = 1;
    for (unsigned i = 1; i < width; ++i) power *= 10;
    for (; power != 0; power /= 10) out.put(static_cast<char>('0' + number / power % 10));
  }
};

}  // namespace anonlog
