// output/json_lines.hpp: a record as one JSON object on one line.
//
// Source: RFC 8259; https://jsonlines.org. Values are printable ASCII by the time they come here (SPEC 4.1, P4); any other byte
// would be written as %HH, so that a line is valid whatever a transform does.
#pragma once

#include <cstdint>
#include <string_view>

#include <anonlog/core/writer.hpp>
#include <anonlog/output/output_record.hpp>
#include <anonlog/transform/civil_date.hpp>

namespace anonlog {

// `2026-01-15T13:00:00+01:00`
inline void put_iso_time(const output_time& time, writer& out) noexcept {
  const std::int64_t local = time.unix_seconds + time.zone_seconds;
  std::int64_t days = local / seconds_per_day, second = local % seconds_per_day;
  if (second < 0) {
    second += seconds_per_day;
    --days;
  }
  const std::int64_t year = year_of_days(days);
  int month = 1;
  std::int64_t day = days - days_from_civil(year, 1, 1);
  for (; day >= days_in_month(year, month); ++month) day -= days_in_month(year, month);
  const auto put_padded = [&out](std::int64_t number, std::int64_t power) {
    for (; power != 0; power /= 10) out.put(static_cast<char>('0' + number / power % 10));
  };
  const auto put_two = [&](char mark, std::int64_t number) {
    out.put(mark);
    put_padded(number, 10);
  };
  put_padded(year, 1000);
  put_two('-', month);
  put_two('-', day + 1);
  put_two('T', second / 3600);
  put_two(':', second / 60 % 60);
  put_two(':', second % 60);
  if (time.zone_seconds == 0) return out.put('Z');
  const std::int32_t zone = time.zone_seconds < 0 ? -time.zone_seconds : time.zone_seconds;
  put_two(time.zone_seconds < 0 ? '-' : '+', zone / 3600);
  put_two(':', zone / 60 % 60);
}

// Inside quotes, of JSON and of the line protocol: a backslash before quotes and backslashes.
inline void put_quoted(std::string_view text, writer& out) noexcept {
  out.put('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out.put('\\');
    if (c >= 0x20 && c <= 0x7E) out.put(c);
    else out.put_escaped(static_cast<unsigned char>(c));
  }
  out.put('"');
}

inline void put_json_line(const output_record& record, writer& out) noexcept {
  out.put('{');
  bool is_first = true;
  const auto put_name = [&](std::string_view name, std::string_view own) {
    out.put(is_first ? std::string_view("\"") : std::string_view(",\""));
    out.put(name);
    out.put(own);
    out.put("\":");
    is_first = false;
  };
  if (record.time()) {
    put_name(columns::timestamp.name, {});
    out.put('"');
    put_iso_time(*record.time(), out);
    out.put('"');
  }
  for (const output_value& value : record.values()) {
    put_name(value.name(), value.own_name);
    if (value.what->type == column_type::text) put_quoted(value.text, out);
    else out.put(value.text);
  }
  out.put("}\n");
}

}  // namespace anonlog
