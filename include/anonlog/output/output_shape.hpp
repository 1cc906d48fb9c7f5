// output/output_shape.hpp: what the user calls the shape of the output: `same`, `jsonl`, `influx`, and how points of the last
// begin.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/result.hpp>
#include <anonlog/core/suggest.hpp>

namespace anonlog {

enum class output_kind : unsigned char {
  same,    // every line in the format it came in
  jsonl,   // one JSON object a line
  influx,  // one point of InfluxDB's line protocol a line
};

struct output_shape {
  output_kind kind = output_kind::same;
  std::string point_begin = "access";  // the measurement, and tags that every point has: `access,site=web1`

  bool is_same() const noexcept { return kind == output_kind::same; }
};

inline constexpr std::array<std::string_view, 3> output_shape_names = {"same", "jsonl", "influx"};

namespace output_shape_detail {

// What needs no escape, and is no column's name, for those have a point.
inline bool is_tag_word(std::string_view text) noexcept {
  constexpr byte_set may_hold("_-");
  constexpr std::size_t longest = 64;
  return !text.empty() && text.size() <= longest && all_of(raw(text), may_hold);
}

inline bool is_tag(std::string_view text) noexcept {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = text.substr(0, equals), value = text.substr(equals + 1);
  std::string dotless(value);
  std::replace(dotless.begin(), dotless.end(), '.', '_');
  return is_tag_word(name) && is_tag_word(dotless) && name != "time" && !name.starts_with('_') && name != "records" && name != "body" &&
         name != "severity_text";
}

// MEASUREMENT[,TAG=VALUE]...
inline bool is_point_begin(std::string_view text) noexcept {
  const std::size_t comma = text.find(',');
  const std::string_view measurement = text.substr(0, comma);
  if (!is_tag_word(measurement) || measurement.starts_with('_')) return false;
  std::string_view rest = comma == std::string_view::npos ? std::string_view() : text.substr(comma);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(',', 1), rest.size());
    if (!is_tag(rest.substr(1, end - 1))) return false;
    rest.remove_prefix(end);
  }
  return true;
}

}  // namespace output_shape_detail

inline result<output_shape> parse_output_shape(std::string_view text) {
  constexpr std::size_t longest = 1024;
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  output_shape made;
  for (std::size_t i = 0; i < output_shape_names.size(); ++i) {
    if (output_shape_names[i] != name) continue;
    made.kind = static_cast<output_kind>(i);
    if (colon == std::string_view::npos) return made;
    made.point_begin = text.substr(colon + 1);
    if (made.kind == output_kind::influx && text.size() <= longest && output_shape_detail::is_point_begin(made.point_begin)) return made;
    return setup_error{"output format: only influx takes a beginning, influx:MEASUREMENT[,TAG=VALUE]..., of words of A-Z a-z 0-9 _ -"};
  }
  const bool is_word = name.size() <= 16 && !name.empty() && all_of(raw(name), is_letter);  // no piece of a log
  return setup_error{"unknown output format" + (is_word ? " \"" + std::string(name) + "\"" : std::string()) + "; " +
                     suggest(is_word ? name : "", output_shape_names)};
}

}  // namespace anonlog
