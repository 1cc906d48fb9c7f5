// format/known/joined_text.hpp: constant texts put together, so that patterns that differ by a column share the rest.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace anonlog {

namespace joined_detail {

template <const std::string_view&... Parts>
inline constexpr auto bytes = [] {
  std::array<char, (Parts.size() + ...)> made{};
  std::size_t at = 0;
  const auto append = [&](std::string_view part) {
    for (const char c : part) made[at++] = c;
  };
  (append(Parts), ...);
  return made;
}();

}  // namespace joined_detail

template <const std::string_view&... Parts>
inline constexpr std::string_view joined{joined_detail::bytes<Parts...>.data(), joined_detail::bytes<Parts...>.size()};

}  // namespace anonlog
