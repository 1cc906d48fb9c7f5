// core/value_digest.hpp: 128 bits that stand for a value in a table of this process, so that the value itself is not kept.
//
// Two values that are not the same have the same digest by accident only, whoever chose them: digests are keyed at random for
// each table, and nobody sees one.
//
// With AES (the kernels of x86) every 16 bytes are whitened with random bytes of their own and go through four rounds; the
// results are added up. Two values that differ in one place of 16 bytes never have the same digest. Should they differ in more,
// they have it where four rounds take one difference to another that was chosen: below 2^-110 for one pair of differences
// (Keliher and Sui, 2005), and no way is known to make sums of them likelier.
//
// Without AES it is NH, the universal hash of UMAC (Black, Halevi, Krawczyk, Krovetz, Rogaway, 1999), on words of 64 bits: two
// values have the same one with a chance of 2^-64, proven. What follows moves bits to where a table looks, and takes no two
// digests to one.
//
// It is no PRF: no pseudonym is made with it, and nothing of it leaves the process.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>

namespace anonlog {

struct value_digest {
  std::uint64_t low = 0, high = 0;

  friend bool operator==(const value_digest& a, const value_digest& b) noexcept {
    return ((a.low ^ b.low) | (a.high ^ b.high)) == 0;  // one branch
  }
};

// Random bytes, new for each table.
struct alignas(64) value_digest_key {
  static constexpr std::size_t longest_value = 512;  // of which one can be made

  std::array<std::uint64_t, longest_value / 8> whitening;
  std::array<std::array<std::uint64_t, 8>, 4> rounds;  // of AES: 16 bytes, four times

  static value_digest_key random() {
    std::random_device source;
    value_digest_key made;
    const auto word = [&source] { return static_cast<std::uint64_t>(source()) << 32 | source(); };
    for (std::uint64_t& w : made.whitening) w = word();
    for (auto& round : made.rounds) {
      const std::uint64_t first = word(), second = word();
      for (std::size_t i = 0; i < round.size(); i += 2) round[i] = first, round[i + 1] = second;
    }
    return made;
  }
};

namespace value_digest_detail {

// A product of 128 bits, added to a sum.
inline void add_product(value_digest& sum, std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using wide = unsigned __int128;
  const wide total = (static_cast<wide>(sum.high) << 64 | sum.low) + static_cast<wide>(a) * b;
  sum = {static_cast<std::uint64_t>(total), static_cast<std::uint64_t>(total >> 64)};
}

// Every bit of the word moves about half of the others. One multiplication is not enough: the products above go up by equal
// steps for values that are numbered, and with one key in a thousand their tags would be a few.
constexpr std::uint64_t stirred(std::uint64_t word) noexcept {
  word = (word ^ word >> 32) * 0x9E3779B97F4A7C15;
  word = (word ^ word >> 29) * 0xD6E8FEB86659FD93;
  return word ^ word >> 32;
}

}  // namespace value_digest_detail

// Without AES. Looks at no byte behind the text. What else is to be told apart (its size, a kind) is added by the table
// (core/memo.hpp); the size is in here too, for a text is read as if zeros followed.
inline value_digest portable_digest(const value_digest_key& key, const char* text, std::size_t size) noexcept {
  using namespace value_digest_detail;
  value_digest sum;
  add_product(sum, size + key.rounds[0][0], key.rounds[1][0]);
  std::size_t at = 0;
  for (std::uint64_t pair[2]; at + 16 <= size; at += 16) {
    std::memcpy(pair, text + at, sizeof pair);
    add_product(sum, pair[0] + key.whitening[at / 8], pair[1] + key.whitening[at / 8 + 1]);
  }
  if (at != size) {
    std::uint64_t pair[2] = {};
    std::memcpy(pair, text + at, size - at);
    add_product(sum, pair[0] + key.whitening[at / 8], pair[1] + key.whitening[at / 8 + 1]);
  }
  // Two steps that can be undone: each half gets something of the other.
  sum.high ^= stirred(sum.low);
  sum.low ^= stirred(sum.high);
  return sum;
}

}  // namespace anonlog
