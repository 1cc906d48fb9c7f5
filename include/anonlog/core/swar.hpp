// core/swar.hpp: eight bytes at a time in an ordinary register, for every processor.
//
// The first byte is always the lowest one of the word. Marks are one bit, 0x80, for each byte that was wanted.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace anonlog::swar {

inline constexpr std::uint64_t ones = 0x0101'0101'0101'0101, tops = 0x8080'8080'8080'8080;

inline std::uint64_t load(const char* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

inline void store(char* to, std::uint64_t word) noexcept {
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  std::memcpy(to, &word, sizeof word);
}

// The first `size` bytes, fewer than eight; the others are zero.
inline std::uint64_t load_first(const char* from, std::size_t size) noexcept {
  const auto byte = [from](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(from[at])} << (8 * at); };
  if (size >= 4) {  // two halves that may overlap
    std::uint32_t low, high;
    std::memcpy(&low, from, sizeof low);
    std::memcpy(&high, from + size - sizeof high, sizeof high);
    if constexpr (std::endian::native == std::endian::big) {
      low = __builtin_bswap32(low);
      high = __builtin_bswap32(high);
    }
    return low | std::uint64_t{high} << (8 * (size - sizeof high));
  }
  return size == 0 ? 0 : byte(0) | byte(size / 2) | byte(size - 1);
}

// Exact in every byte: no carry from one to the next.
constexpr std::uint64_t zeros(std::uint64_t word) noexcept { return ~(((word & ~tops) + ~tops) | word) & tops; }
constexpr std::uint64_t equal(std::uint64_t word, unsigned char byte) noexcept { return zeros(word ^ ones * byte); }

// Bytes from `low` to `high`, both below 0x80.
constexpr std::uint64_t between(std::uint64_t word, unsigned char low, unsigned char high) noexcept {
  const std::uint64_t seven = word & ~tops;
  return (seven + ones * (0x80U - low)) & ~(seven + ones * (0x7FU - high)) & ~word & tops;
}

// The place of the first mark and of the last one, 0 to 7; there is one. And how many there are.
constexpr std::size_t first(std::uint64_t marks) noexcept { return static_cast<std::size_t>(std::countr_zero(marks)) / 8; }
constexpr std::size_t last(std::uint64_t marks) noexcept { return 7 - static_cast<std::size_t>(std::countl_zero(marks)) / 8; }
constexpr std::size_t count(std::uint64_t marks) noexcept { return static_cast<std::size_t>((marks >> 7) * ones >> 56); }

}  // namespace anonlog::swar
