// simd/words_neon.hpp: two 64-bit words in a NEON register; simd/words_scalar.hpp says what the parts mean.
#pragma once

#include <cstddef>
#include <cstdint>

#include <anonlog/simd/instructions.hpp>

#if ANONLOG_AARCH64
namespace anonlog::neon {

struct words {
  static constexpr std::size_t lanes = 2;
  static constexpr std::size_t chains = 4;

  uint64x2_t value;

  static ANONLOG_INLINE words all(std::uint64_t word) noexcept { return {vdupq_n_u64(word)}; }
  static ANONLOG_INLINE words load(const std::uint64_t* from) noexcept { return {vld1q_u64(from)}; }
  ANONLOG_INLINE void store(std::uint64_t* to) const noexcept { vst1q_u64(to, value); }
};

ANONLOG_INLINE words operator+(words a, words b) noexcept { return {vaddq_u64(a.value, b.value)}; }
ANONLOG_INLINE words operator^(words a, words b) noexcept { return {veorq_u64(a.value, b.value)}; }

// Half a word is a reversal; else the low bits are shifted in beside the high ones.
template <int Bits>
ANONLOG_INLINE words rotate_right(words a) noexcept {
  if constexpr (Bits == 32)
    return {vreinterpretq_u64_u32(vrev64q_u32(vreinterpretq_u32_u64(a.value)))};
  else
    return {vsriq_n_u64(vshlq_n_u64(a.value, 64 - Bits), a.value, Bits)};
}

ANONLOG_INLINE void load_columns(const unsigned char* const* rows, std::size_t at, words* columns) noexcept {
  for (std::size_t i = 0; i < 4; i += 2) {
    const uint64x2_t row0 = vreinterpretq_u64_u8(vld1q_u8(rows[0] + at + 8 * i));
    const uint64x2_t row1 = vreinterpretq_u64_u8(vld1q_u8(rows[1] + at + 8 * i));
    columns[i].value = vzip1q_u64(row0, row1);
    columns[i + 1].value = vzip2q_u64(row0, row1);
  }
}

}  // namespace anonlog::neon
#endif
