// core/punctuation.hpp: what stands between the values of a line, written again from a list of what may stand there.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <anonlog/core/writer.hpp>

namespace anonlog {

template <std::size_t N>
struct punctuation_bytes {
  std::array<char, N> bytes{};
  consteval punctuation_bytes(const char (&text)[N]) {
    for (std::size_t i = 0; i < N; ++i) bytes[i] = text[i];
  }
};

// Anything else in `from..to` is left out, so that no byte of a log comes out this way that a program of ours did not name.
template <punctuation_bytes Own>
struct punctuation {
  static void put(const char* from, const char* to, writer& out) noexcept {
    for (; from != to; ++from)
      if (const char own = own_of[static_cast<unsigned char>(*from)]; own != 0) out.put(own);
  }

 private:
  static constexpr std::array<char, 256> own_of = [] {
    std::array<char, 256> made{};
    for (std::size_t i = 0; i + 1 < Own.bytes.size(); ++i) made[static_cast<unsigned char>(Own.bytes[i])] = Own.bytes[i];
    return made;
  }();
};

}  // namespace anonlog
