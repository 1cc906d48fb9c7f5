// crypto/blake2b_key_code.hpp: the state of BLAKE2b behind the block of the key (blake2b_key_state.hpp), and what every kernel
// of BLAKE2b knows by heart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <anonlog/crypto/blake2b_key_state.hpp>
#include <anonlog/simd/words_scalar.hpp>

namespace anonlog {

inline constexpr std::uint64_t blake2b_iv[8] = {
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
};

// Which word of the block goes where, by round.
inline constexpr unsigned char blake2b_schedule[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

namespace scalar {
#include <anonlog/crypto/blake2b.inl>

inline void put_words(const words* from, unsigned char* to, std::size_t bytes) noexcept {
  for (std::size_t i = 0; i < bytes / 8; ++i) {
    const std::uint64_t word = little_endian(from[i].value);
    std::memcpy(to + 8 * i, &word, 8);
  }
}

}  // namespace scalar

// Not inlined, so that all it leaves on the stack is below the caller's frame.
[[gnu::noinline]] ANONLOG_KERNEL_FUNCTION void blake2b_key_state::absorb(const unsigned char* key32) noexcept {
  constexpr std::uint64_t parameters = 0x0101'0000 | key_bytes << 8 | sizeof hash_of_nothing_;  // one key, one hash
  const scalar::words bytes = {blake2b_block_bytes};
  scalar::words m[4], open[8], closed[8];
  scalar::load_columns(&key32, 0, m);
  for (std::size_t i = 0; i < 8; ++i) open[i].value = closed[i].value = blake2b_iv[i] ^ (i == 0 ? parameters : 0);
  scalar::blake2b::compress<4>(open, m, bytes, 0);
  scalar::blake2b::compress<4>(closed, m, bytes, ~std::uint64_t{0});
  scalar::put_words(open, chain_, sizeof chain_);
  scalar::put_words(closed, hash_of_nothing_, sizeof hash_of_nothing_);
}

}  // namespace anonlog
