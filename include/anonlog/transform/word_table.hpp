// transform/word_table.hpp: a closed list of words, known when the program is compiled, in which one is found at once.
//
// Size, first and last byte choose the place; words that share one stand behind one another.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <anonlog/core/raw.hpp>

namespace anonlog {

template <std::size_t N>
class word_table {
 public:
  static constexpr std::size_t npos = N;

  // None of them empty; of equal ones the first is found.
  consteval explicit word_table(const std::array<std::string_view, N>& words) noexcept : words_(words) {
    for (std::size_t i = N; i-- > 0;) {
      std::uint8_t& first = first_[place_of(words[i].size(), words[i].front(), words[i].back())];
      next_[i] = first;
      first = static_cast<std::uint8_t>(i + 1);
    }
  }

  constexpr std::string_view operator[](std::size_t i) const noexcept { return words_[i]; }

  // The place of `text` in the list, or npos.
  constexpr std::size_t find(raw text) const noexcept {
    if (text.empty()) return npos;
    return find_from(place_of(text.size(), text.begin()[0], text.end()[-1]), [&](std::string_view word) { return text == word; });
  }
  constexpr bool holds(raw text) const noexcept { return find(text) != npos; }

  // The same for words in lower case and a text in any.
  constexpr std::size_t find_lower(raw text) const noexcept {
    if (text.empty()) return npos;
    return find_from(place_of(text.size(), to_lower(text.front()), to_lower(text.back())),
                     [&](std::string_view word) { return text.equals_lower(word); });
  }

 private:
  static_assert(N < 256);
  static constexpr std::size_t places = N < 32 ? 64 : 256;

  static constexpr std::size_t place_of(std::size_t size, char front, char back) noexcept {
    return (size * 11 + static_cast<unsigned char>(front) * std::size_t{5} + static_cast<unsigned char>(back)) % places;
  }

  template <class Test>
  constexpr std::size_t find_from(std::size_t place, Test is_it) const noexcept {
    for (std::size_t i = first_[place]; i != 0; i = next_[i - 1])
      if (is_it(words_[i - 1])) return i - 1;
    return npos;
  }

  std::array<std::string_view, N> words_;
  std::array<std::uint8_t, places> first_{};  // 0: none; else one more than the place of a word
  std::array<std::uint8_t, N> next_{};
};

}  // namespace anonlog
