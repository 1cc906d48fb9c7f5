// core/value_digest.hpp: 128 bits that stand for a value in a table of this process, so that the value itself is not kept.
//
// Two values that are not the same have the same digest by accident only. With AES (the kernels of x86) every 16 bytes
// are whitened with random bytes of their own and go through four rounds; the results are added up. Four rounds take any
// chosen difference to any other with a chance below 2^-110 (Keliher and Sui, 2005), so whoever chooses values and sees no
// digest cannot aim. Without AES it is XXH3 with a random secret, the only use of it here; nobody has shown as much of
// that, and what could be won is one's own agent taken for another. No pseudonym is made with either, and nothing of it
// leaves the process.
#pragma once

#include <xxhash.h>

#include <array>
#include <cstddef>
#include <cstdint>
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

// Without AES. What is to be told apart beside the text (its size, a kind) is added by the table (core/memo.hpp).
inline value_digest xxh3_digest(const value_digest_key& key, const char* text, std::size_t size) noexcept {
  const XXH128_hash_t hash = XXH3_128bits_withSecret(text, size, key.whitening.data(), sizeof key.whitening);
  return {hash.low64, hash.high64};
}

}  // namespace anonlog
