// output/line_protocol.hpp: a record as one point of InfluxDB's line protocol, which openGemini reads too.
//
// Source: https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/. Columns of few values are tags,
// the others fields. Points of one time and the same tags overwrite one another, and here many records share a time: each
// gets as its time the bucket and, in nanoseconds, its number in the bucket (output/point_numbers.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <anonlog/core/writer.hpp>
#include <anonlog/output/json_lines.hpp>
#include <anonlog/output/output_record.hpp>

namespace anonlog {

// The time of a point always has so many digits, so that it can be counted up where it stands.
inline constexpr std::size_t point_time_digits = 19;
inline constexpr std::uint64_t nanoseconds = 1'000'000'000;

// No bucket of a point begins later: what is counted up stays below 2^63. Nor before 1970.
inline constexpr std::int64_t latest_point = std::numeric_limits<std::int64_t>::max() / static_cast<std::int64_t>(nanoseconds) - 2 * 86400;

inline std::int64_t clamped_point_time(std::int64_t unix_seconds) noexcept {
  return unix_seconds < 0 ? 0 : unix_seconds > latest_point ? latest_point : unix_seconds;
}

inline void put_point_time(std::int64_t unix_seconds, writer& out) noexcept {
  std::uint64_t rest = static_cast<std::uint64_t>(clamped_point_time(unix_seconds)) * nanoseconds;
  char digits[point_time_digits];
  for (std::size_t i = point_time_digits; i-- > 0; rest /= 10) digits[i] = static_cast<char>('0' + rest % 10);
  out.put(std::string_view(digits, sizeof digits));
}

// Of a tag: a backslash before what would end it. A backslash itself cannot be written.
inline void put_tag_text(std::string_view text, writer& out) noexcept {
  for (const char c : text) {
    if (c == ',' || c == '=' || c == ' ') out.put('\\');
    if (c >= 0x20 && c <= 0x7E && c != '\\') out.put(c);
    else out.put_escaped(static_cast<unsigned char>(c));
  }
}

// `begin`: the measurement and the tags of every point. `bucket`: of a record without a time, that of the one before it.
inline void put_point(std::string_view begin, const output_record& record, std::int64_t bucket, writer& out) noexcept {
  out.put(begin);
  for (const output_value& value : record.values()) {
    if (!value.what->is_tag) continue;
    out.put(',');
    out.put(value.name());
    out.put('=');
    put_tag_text(value.text, out);
  }
  out.put(" records=1i");  // a point has a field, and counting these counts records
  for (const output_value& value : record.values()) {
    if (value.what->is_tag) continue;
    out.put(',');
    out.put(value.name());
    out.put(value.own_name);
    out.put('=');
    if (value.what->type == column_type::text) {
      put_quoted(value.text, out);
      continue;
    }
    out.put(value.text);
    if (value.what->type == column_type::integer) out.put('i');
  }
  out.put(' ');
  put_point_time(record.time() ? record.time()->unix_seconds : bucket, out);
  out.put('\n');
}

}  // namespace anonlog
