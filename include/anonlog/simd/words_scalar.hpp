// simd/words_scalar.hpp: one 64-bit word, in plain C++: the definition of right for the other words_*.hpp.
//
// `words` are the words of as many messages as there are lanes, all treated alike, so that code written once serves
// every kernel. What makes a kernel's words: lanes, chains, all, load, store, +, ^, rotate_right and load_columns.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <anonlog/simd/instructions.hpp>

namespace anonlog {

// A word between its value and its bytes in memory, lowest first: either way.
constexpr std::uint64_t little_endian(std::uint64_t word) noexcept {
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

namespace scalar {

struct words {
  static constexpr std::size_t lanes = 1;
  static constexpr std::size_t chains = 4;  // calculations side by side for which there are registers

  std::uint64_t value;

  static ANONLOG_INLINE words all(std::uint64_t word) noexcept { return {word}; }
  static ANONLOG_INLINE words load(const std::uint64_t* from) noexcept { return {*from}; }
  ANONLOG_INLINE void store(std::uint64_t* to) const noexcept { *to = value; }
};

ANONLOG_INLINE words operator+(words a, words b) noexcept { return {a.value + b.value}; }
ANONLOG_INLINE words operator^(words a, words b) noexcept { return {a.value ^ b.value}; }

template <int Bits>
ANONLOG_INLINE words rotate_right(words a) noexcept {
  return {a.value >> Bits | a.value << (64 - Bits)};
}

// The 32 bytes from `at` on of each lane's row, as four little-endian words: columns[i] holds word i of every row.
ANONLOG_INLINE void load_columns(const unsigned char* const* rows, std::size_t at, words* columns) noexcept {
  for (std::size_t i = 0; i < 4; ++i) {
    std::memcpy(&columns[i].value, rows[0] + at + 8 * i, 8);
    columns[i].value = little_endian(columns[i].value);
  }
}

}  // namespace scalar
}  // namespace anonlog
