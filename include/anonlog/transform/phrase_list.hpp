// transform/phrase_list.hpp: a closed list of phrases, known when the program is compiled, of which one may stand at the end of
// a text: most do not, and the last four bytes tell.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <anonlog/core/raw.hpp>

namespace anonlog {

template <std::size_t N>
class phrase_list {
 public:
  static constexpr std::size_t npos = N;

  // None shorter than four bytes.
  consteval phrase_list(const std::array<std::string_view, N>& phrases) : phrases_(phrases) {
    for (std::size_t i = 0; i < N; ++i) {
      std::array<char, tail_bytes> tail{};
      for (std::size_t j = 0; j < tail_bytes; ++j) tail[j] = phrases[i][phrases[i].size() - tail_bytes + j];
      tails_[i] = std::bit_cast<std::uint32_t>(tail);
    }
  }

  constexpr std::string_view operator[](std::size_t i) const noexcept { return phrases_[i]; }

  // The first from `i` on that the text ends with, or npos.
  std::size_t find_end(raw text, std::size_t i = 0) const noexcept {
    if (text.size() < tail_bytes) return npos;
    std::uint32_t tail = 0;
    std::memcpy(&tail, text.end() - tail_bytes, tail_bytes);
    for (; i < N; ++i)
      if (tails_[i] == tail && text.ends_with(phrases_[i])) return i;
    return npos;
  }

 private:
  static constexpr std::size_t tail_bytes = sizeof(std::uint32_t);

  std::array<std::string_view, N> phrases_;
  std::array<std::uint32_t, N> tails_{};
};

}  // namespace anonlog
