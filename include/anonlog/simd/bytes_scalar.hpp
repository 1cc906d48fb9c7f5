// simd/bytes_scalar.hpp: 16, 32 or 64 bytes of text at once, in words that every processor has: the definition of right.
//
// The other kernels have the same types and functions; tests/simd/bytes_test.cpp compares them at every length. A mask
// has the bit i for byte i. Whoever loads N bytes sees to it that N bytes are there.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <anonlog/core/value_digest.hpp>
#include <anonlog/simd/ipv4_patterns.hpp>
#include <anonlog/simd/instructions.hpp>

namespace anonlog::scalar {

inline constexpr bool has_wide_registers = false;

namespace swar {

inline constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;

// The top bit of each byte, gathered; the first byte of memory is bit 0.
ANONLOG_INLINE std::uint64_t gather(std::uint64_t top_bits) noexcept {
  if constexpr (std::endian::native == std::endian::big) top_bits = __builtin_bswap64(top_bits);
  return (top_bits >> 7) * 0x0102040810204080 >> 56;
}

// The top bit of each byte that is at least `least`, byte by byte; `least` is 0..128 in every byte.
ANONLOG_INLINE std::uint64_t at_least(std::uint64_t bytes, std::uint64_t least) noexcept {
  return (((bytes & ~tops) + (tops - least)) | bytes) & tops;
}

ANONLOG_INLINE std::uint64_t zero(std::uint64_t bytes) noexcept {
  return ~(((bytes & ~tops) + ~tops) | bytes) & tops;
}

// a - b in each byte.
ANONLOG_INLINE std::uint64_t minus(std::uint64_t a, std::uint64_t b) noexcept {
  return ((a | tops) - (b & ~tops)) ^ ((a ^ ~b) & tops);
}

}  // namespace swar

// The first `count` bits; all of them for 64 and more, to 255.
ANONLOG_INLINE std::uint64_t first_bits(std::size_t count) noexcept {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

template <std::size_t N>
struct bytes {
  static constexpr std::size_t word_count = N / 8;
  std::uint64_t words[word_count];

  static ANONLOG_INLINE bytes load(const void* from) noexcept {
    bytes b;
    std::memcpy(b.words, from, N);
    return b;
  }
  ANONLOG_INLINE void store(void* to) const noexcept { std::memcpy(to, words, N); }

  ANONLOG_INLINE std::uint64_t equal(char c) const noexcept {
    const std::uint64_t wanted = swar::ones * static_cast<unsigned char>(c);
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < word_count; ++i) mask |= swar::gather(swar::zero(words[i] ^ wanted)) << 8 * i;
    return mask;
  }

  // Bytes from `low` to `high`, both below 127.
  ANONLOG_INLINE std::uint64_t between(char low, char high) const noexcept {
    const std::uint64_t least = swar::ones * static_cast<unsigned char>(low);
    const std::uint64_t above = swar::ones * (static_cast<unsigned char>(high) + 1U);
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < word_count; ++i)
      mask |= swar::gather(swar::at_least(words[i], least) & ~swar::at_least(words[i], above)) << 8 * i;
    return mask;
  }

  // Bytes that are not in low[i] .. low[i] + range[i]; every range is below 127.
  ANONLOG_INLINE std::uint64_t outside(const unsigned char* low, const unsigned char* range) const noexcept {
    const bytes least = load(low), most = load(range);
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < word_count; ++i)
      mask |= swar::gather(swar::at_least(swar::minus(words[i], least.words[i]), most.words[i] + swar::ones)) << 8 * i;
    return mask;
  }

  // Letters A-Z and a-z as small ones; what else changes is no hexadecimal digit, before or after.
  ANONLOG_INLINE bytes folded() const noexcept {
    bytes b;
    for (std::size_t i = 0; i < word_count; ++i) b.words[i] = words[i] | swar::ones * 0x20;
    return b;
  }

  // The bytes where `kept` is 0xFF, those of `other` where it is 0.
  ANONLOG_INLINE bytes merged(const unsigned char* kept, const char* other) const noexcept {
    const bytes mask = load(kept), rest = load(other);
    bytes b;
    for (std::size_t i = 0; i < word_count; ++i) b.words[i] = (words[i] & mask.words[i]) | (rest.words[i] & ~mask.words[i]);
    return b;
  }
};

using bytes16 = bytes<16>;
using bytes32 = bytes<32>;
using bytes64 = bytes<64>;

// Where quotes, backslashes and line feeds are, in order; see find_borders.inl. The C library finds one of them faster than
// words of eight bytes find all three.
inline std::size_t find_borders(const char* text, std::size_t size, std::uint32_t* places) noexcept {
  const char* const end = text + size;
  const auto next = [end](const char* from, char wanted) {
    const void* const found = std::memchr(from, wanted, static_cast<std::size_t>(end - from));
    return found != nullptr ? static_cast<const char*>(found) : end;
  };
  const char *quote = next(text, '"'), *feed = next(text, '\n'), *backslash = next(text, '\\');
  std::size_t count = 0;
  while (true) {
    const char* const first = quote < feed ? quote : feed;
    const char* const found = first < backslash ? first : backslash;
    if (found == end) return count;
    places[count++] = static_cast<std::uint32_t>(found - text);
    if (found == quote) quote = next(found + 1, '"');
    else if (found == feed) feed = next(found + 1, '\n');
    else backslash = next(found + 1, '\\');
  }
}

// See find_borders.inl.
inline std::size_t find_unplain(const char* text, std::size_t size, std::uint32_t* places) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text + at, 8);
    std::uint64_t found = swar::zero(word ^ swar::ones * '"') | swar::zero(word ^ swar::ones * '\\') | (~swar::at_least(word, swar::ones * ' ') & swar::tops) |
                          swar::at_least(word, swar::ones * 0x7F);
    if (found == 0) continue;
    found = swar::gather(found);
    if (size - at < 8) found &= first_bits(size - at);
    for (; found != 0; found &= found - 1) places[count++] = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(std::countr_zero(found));
  }
  return count;
}

// May look at up to 64 bytes behind the text, of at most value_digest_key::longest_value.
ANONLOG_INLINE value_digest digest_of(const value_digest_key& key, const char* text, std::size_t size) noexcept {
  return portable_digest(key, text, size);
}

// The dotted quad at the start of `text`, if no octet has a zero in front and what follows is neither a digit nor a
// dot; otherwise size is 0. Sixteen bytes may be read.
ANONLOG_INLINE ipv4_text read_ipv4(const char* text) noexcept {
  ipv4_text read{0, 0, 0};
  std::uint32_t at = 0;
  for (unsigned octet = 0; octet < 4; ++octet) {
    const std::uint32_t from = at;
    std::uint32_t number = 0;
    for (; at - from < 4 && text[at] >= '0' && text[at] <= '9'; ++at) number = number * 10 + static_cast<std::uint32_t>(text[at] - '0');
    const bool is_octet = at != from && number <= 255 && (text[from] != '0' || at - from == 1);
    if (!is_octet || (text[at] == '.') != (octet < 3)) return {0, 0, 0};
    read.address = read.address << 8 | number;
    if (octet < 3) read.dots |= 1U << at++;
  }
  read.size = at;
  return read;
}

}  // namespace anonlog::scalar
