// simd/words_avx512.hpp: eight 64-bit words in an AVX-512 register; simd/words_scalar.hpp says what the parts mean.
#pragma once

#include <cstddef>
#include <cstdint>

#include <anonlog/simd/instructions.hpp>

#if ANONLOG_X86_64
ANONLOG_BEGIN_AVX512
namespace anonlog::avx512 {

// The forms without a mask start from a register that g++ 12 calls uninitialised; with all lanes chosen it is the same
// instruction.
inline constexpr __mmask8 whole = 0xFF;

struct words {
  static constexpr std::size_t lanes = 8;
  static constexpr std::size_t chains = 4;

  __m512i value;

  static ANONLOG_INLINE words all(std::uint64_t word) noexcept {
    return {_mm512_set1_epi64(static_cast<long long>(word))};
  }
  static ANONLOG_INLINE words load(const std::uint64_t* from) noexcept { return {_mm512_loadu_si512(from)}; }
  ANONLOG_INLINE void store(std::uint64_t* to) const noexcept { _mm512_storeu_si512(to, value); }
};

ANONLOG_INLINE words operator+(words a, words b) noexcept { return {_mm512_add_epi64(a.value, b.value)}; }
ANONLOG_INLINE words operator^(words a, words b) noexcept { return {_mm512_xor_si512(a.value, b.value)}; }

template <int Bits>
ANONLOG_INLINE words rotate_right(words a) noexcept {
  return {_mm512_maskz_ror_epi64(whole, a.value, Bits)};
}

// Two rows in one register.
ANONLOG_INLINE __m512i load_rows(const unsigned char* low, const unsigned char* high) noexcept {
  const __m256i low_row = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(low));
  const __m256i high_row = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(high));
  return _mm512_maskz_inserti64x4(whole, _mm512_castsi256_si512(low_row), high_row, 1);
}

ANONLOG_INLINE void load_columns(const unsigned char* const* rows, std::size_t at, words* columns) noexcept {
  const __m512i rows02 = load_rows(rows[0] + at, rows[2] + at), rows13 = load_rows(rows[1] + at, rows[3] + at);
  const __m512i rows46 = load_rows(rows[4] + at, rows[6] + at), rows57 = load_rows(rows[5] + at, rows[7] + at);
  const __m512i even03 = _mm512_maskz_unpacklo_epi64(whole, rows02, rows13);
  const __m512i even47 = _mm512_maskz_unpacklo_epi64(whole, rows46, rows57);
  const __m512i odd03 = _mm512_maskz_unpackhi_epi64(whole, rows02, rows13);
  const __m512i odd47 = _mm512_maskz_unpackhi_epi64(whole, rows46, rows57);
  columns[0].value = _mm512_maskz_shuffle_i64x2(whole, even03, even47, 0b10'00'10'00);
  columns[1].value = _mm512_maskz_shuffle_i64x2(whole, odd03, odd47, 0b10'00'10'00);
  columns[2].value = _mm512_maskz_shuffle_i64x2(whole, even03, even47, 0b11'01'11'01);
  columns[3].value = _mm512_maskz_shuffle_i64x2(whole, odd03, odd47, 0b11'01'11'01);
}

}  // namespace anonlog::avx512
ANONLOG_END_TARGET
#endif
