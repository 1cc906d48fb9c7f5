// format/json_number.hpp: the form of a JSON number.
#pragma once

#include <cstddef>
#include <string_view>

namespace anonlog {

// What stands in the place of a number must be one.
inline bool is_json_number(std::string_view text) noexcept {
  std::size_t i = text.starts_with('-') ? 1 : 0;
  const auto digits = [&text, &i] {
    const std::size_t from = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - from;
  };
  const std::size_t whole_from = i, whole = digits();
  if (whole == 0 || (whole > 1 && text[whole_from] == '0')) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

}  // namespace anonlog
