// core/seeded_hash.hpp: chooses a place in a table; seeded at random, so that nobody outside can aim at one.
//
// No pseudonym is made with it, and nothing of it leaves the process. XXH3, the only use of it here.
#pragma once

#include <xxhash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

namespace anonlog {

// Random bytes; kernels use as many of them as they need.
struct alignas(64) hash_key {
  std::array<std::uint64_t, 16> words;

  static hash_key random() {
    std::random_device source;
    hash_key made;
    for (std::uint64_t& word : made.words) word = static_cast<std::uint64_t>(source()) << 32 | source();
    return made;
  }
};

inline std::uint64_t seeded_hash(const hash_key& key, const char* text, std::size_t size) noexcept {
  return XXH3_64bits_withSeed(text, size, key.words[0]);
}

}  // namespace anonlog
