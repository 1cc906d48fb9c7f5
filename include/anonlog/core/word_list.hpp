// core/word_list.hpp: words in one constant text, blanks between them.
#pragma once

#include <cstddef>
#include <string_view>

namespace anonlog {

// Calls `use` with each word of the list.
template <class Use>
constexpr void for_each_word(std::string_view words, Use use) {
  while (!words.empty()) {
    const std::size_t end = words.find(' ');
    use(words.substr(0, end));
    words = end == std::string_view::npos ? std::string_view{} : words.substr(end + 1);
  }
}

constexpr bool has_word(std::string_view words, std::string_view wanted) {
  bool found = false;
  for_each_word(words, [&](std::string_view word) { found = found || word == wanted; });
  return found;
}

}  // namespace anonlog
