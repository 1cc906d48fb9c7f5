// simd/words_avx2.hpp: four 64-bit words in an AVX2 register; simd/words_scalar.hpp says what the parts mean.
#pragma once

#include <cstddef>
#include <cstdint>

#include <anonlog/simd/instructions.hpp>

#if ANONLOG_X86_64
ANONLOG_BEGIN_AVX2
namespace anonlog::avx2 {

struct words {
  static constexpr std::size_t lanes = 4;
  static constexpr std::size_t chains = 2;

  __m256i value;

  static ANONLOG_INLINE words all(std::uint64_t word) noexcept {
    return {_mm256_set1_epi64x(static_cast<long long>(word))};
  }
  static ANONLOG_INLINE words load(const std::uint64_t* from) noexcept {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))};
  }
  ANONLOG_INLINE void store(std::uint64_t* to) const noexcept {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value);
  }
};

ANONLOG_INLINE words operator+(words a, words b) noexcept { return {_mm256_add_epi64(a.value, b.value)}; }
ANONLOG_INLINE words operator^(words a, words b) noexcept { return {_mm256_xor_si256(a.value, b.value)}; }

// Whole bytes move in one shuffle; one bit to the left is an addition.
template <int Bits>
ANONLOG_INLINE words rotate_right(words a) noexcept {
  if constexpr (Bits == 32) {
    return {_mm256_shuffle_epi32(a.value, 0b10'11'00'01)};
  } else if constexpr (Bits == 24) {
    return {_mm256_shuffle_epi8(a.value, _mm256_set_epi64x(0x0A09080F0E0D0C0B, 0x0201000706050403, 0x0A09080F0E0D0C0B,
                                                           0x0201000706050403))};
  } else if constexpr (Bits == 16) {
    return {_mm256_shuffle_epi8(a.value, _mm256_set_epi64x(0x09080F0E0D0C0B0A, 0x0100070605040302, 0x09080F0E0D0C0B0A,
                                                           0x0100070605040302))};
  } else {
    static_assert(Bits == 63);
    return {_mm256_or_si256(_mm256_srli_epi64(a.value, 63), _mm256_add_epi64(a.value, a.value))};
  }
}

ANONLOG_INLINE __m256i load_row(const unsigned char* from) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

ANONLOG_INLINE void load_columns(const unsigned char* const* rows, std::size_t at, words* columns) noexcept {
  const __m256i row0 = load_row(rows[0] + at), row1 = load_row(rows[1] + at);
  const __m256i row2 = load_row(rows[2] + at), row3 = load_row(rows[3] + at);
  const __m256i even01 = _mm256_unpacklo_epi64(row0, row1), odd01 = _mm256_unpackhi_epi64(row0, row1);
  const __m256i even23 = _mm256_unpacklo_epi64(row2, row3), odd23 = _mm256_unpackhi_epi64(row2, row3);
  columns[0].value = _mm256_permute2x128_si256(even01, even23, 0x20);
  columns[1].value = _mm256_permute2x128_si256(odd01, odd23, 0x20);
  columns[2].value = _mm256_permute2x128_si256(even01, even23, 0x31);
  columns[3].value = _mm256_permute2x128_si256(odd01, odd23, 0x31);
}

}  // namespace anonlog::avx2
ANONLOG_END_TARGET
#endif
