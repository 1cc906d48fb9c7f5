// simd/bytes_avx512.hpp: 16, 32 or 64 bytes of text at once with AVX-512; see bytes_scalar.hpp.
//
// What it has and the others have not: a comparison gives a mask at once, the places of its bits come out of one
// instruction (VBMI2), loads under a mask touch nothing behind the text, and AES rounds hash 64 bytes at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include <anonlog/core/value_digest.hpp>
#include <anonlog/simd/borders.hpp>
#include <anonlog/simd/ipv4_patterns.hpp>
#include <anonlog/simd/instructions.hpp>

#if ANONLOG_X86_64

ANONLOG_BEGIN_AVX512
namespace anonlog::avx512 {

inline constexpr bool has_wide_registers = true;

ANONLOG_INLINE std::uint64_t first_bits(std::size_t count) noexcept { return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(count)); }

struct bytes16 {
  __m128i v;

  static ANONLOG_INLINE bytes16 load(const void* from) noexcept { return {_mm_loadu_si128(static_cast<const __m128i*>(from))}; }
  ANONLOG_INLINE void store(void* to) const noexcept { _mm_storeu_si128(static_cast<__m128i*>(to), v); }
  ANONLOG_INLINE std::uint64_t equal(char c) const noexcept { return _mm_cmpeq_epi8_mask(v, _mm_set1_epi8(c)); }
  ANONLOG_INLINE std::uint64_t between(char low, char high) const noexcept {
    return _mm_cmple_epu8_mask(_mm_sub_epi8(v, _mm_set1_epi8(low)), _mm_set1_epi8(static_cast<char>(high - low)));
  }
};

struct bytes32 {
  __m256i v;

  static ANONLOG_INLINE bytes32 load(const void* from) noexcept { return {_mm256_loadu_si256(static_cast<const __m256i*>(from))}; }
  ANONLOG_INLINE void store(void* to) const noexcept { _mm256_storeu_si256(static_cast<__m256i*>(to), v); }
  ANONLOG_INLINE std::uint64_t equal(char c) const noexcept { return _mm256_cmpeq_epi8_mask(v, _mm256_set1_epi8(c)); }
  ANONLOG_INLINE std::uint64_t between(char low, char high) const noexcept {
    return _mm256_cmple_epu8_mask(_mm256_sub_epi8(v, _mm256_set1_epi8(low)), _mm256_set1_epi8(static_cast<char>(high - low)));
  }
};

struct bytes64 {
  __m512i v;

  static ANONLOG_INLINE bytes64 load(const void* from) noexcept { return {_mm512_loadu_si512(from)}; }
  ANONLOG_INLINE void store(void* to) const noexcept { _mm512_storeu_si512(to, v); }
  ANONLOG_INLINE std::uint64_t equal(char c) const noexcept { return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c)); }
  ANONLOG_INLINE std::uint64_t between(char low, char high) const noexcept {
    return _mm512_cmple_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8(low)), _mm512_set1_epi8(static_cast<char>(high - low)));
  }
  ANONLOG_INLINE std::uint64_t outside(const unsigned char* low, const unsigned char* range) const noexcept {
    return _mm512_cmpgt_epu8_mask(_mm512_sub_epi8(v, load(low).v), load(range).v);
  }
  ANONLOG_INLINE std::uint64_t borders() const noexcept {
    const __m128i wanted = _mm_load_si128(reinterpret_cast<const __m128i*>(borders_by_nibble));
    return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(_mm512_maskz_broadcast_i32x4(0xFFFF, wanted), v), v);
  }
  ANONLOG_INLINE bytes64 folded() const noexcept { return {_mm512_or_si512(v, _mm512_set1_epi8(0x20))}; }
  ANONLOG_INLINE bytes64 merged(const unsigned char* kept, const char* other) const noexcept {
    return {_mm512_mask_mov_epi8(load(other).v, _mm512_movepi8_mask(load(kept).v), v)};
  }
};

// The forms with a mask: g++ 12 warns of the undefined register that the plain ones begin with.
template <int I>
ANONLOG_INLINE __m128i quarter(__m512i v) noexcept {
  return _mm512_maskz_extracti32x4_epi32(0xF, v, I);
}
ANONLOG_INLINE __m512i widened(__m128i v) noexcept { return _mm512_maskz_cvtepu8_epi32(0xFFFF, v); }

ANONLOG_INLINE std::size_t put_places(std::uint32_t* places, std::uint64_t mask, std::uint32_t base) noexcept {
  alignas(64) static constexpr unsigned char all_places[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
      32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  const __m512i found = _mm512_maskz_compress_epi8(mask, _mm512_load_si512(all_places));
  const __m512i from = _mm512_set1_epi32(static_cast<int>(base));
  _mm512_storeu_si512(places, _mm512_add_epi32(widened(quarter<0>(found)), from));
  const auto count = static_cast<std::size_t>(_mm_popcnt_u64(mask));
  if (count > 16) {
    _mm512_storeu_si512(places + 16, _mm512_add_epi32(widened(quarter<1>(found)), from));
    _mm512_storeu_si512(places + 32, _mm512_add_epi32(widened(quarter<2>(found)), from));
    _mm512_storeu_si512(places + 48, _mm512_add_epi32(widened(quarter<3>(found)), from));
  }
  return count;
}

struct digest_rounds {
  __m512i first, second, third, fourth;

  explicit ANONLOG_INLINE digest_rounds(const value_digest_key& key) noexcept
      : first(_mm512_load_si512(key.rounds[0].data())), second(_mm512_load_si512(key.rounds[1].data())),
        third(_mm512_load_si512(key.rounds[2].data())), fourth(_mm512_load_si512(key.rounds[3].data())) {}

  ANONLOG_INLINE __m512i mixed(__m512i v) const noexcept {
    v = _mm512_aesenc_epi128(_mm512_aesenc_epi128(v, first), second);
    return _mm512_aesenc_epi128(_mm512_aesenc_epi128(v, third), fourth);
  }
};

// The 64 bytes of the text at `at`, zeros behind its end, whitened.
ANONLOG_INLINE __m512i whitened(const value_digest_key& key, const char* text, std::size_t size, std::size_t at) noexcept {
  const __m512i v = _mm512_maskz_loadu_epi8(first_bits(size - at < 64 ? size - at : 64), text + at);
  return _mm512_xor_si512(v, _mm512_load_si512(key.whitening.data() + at / 8));
}

// Looks at no byte behind the text. Most targets have up to 64 bytes and most agents 65 to 192: no branch between those.
ANONLOG_INLINE value_digest digest_of(const value_digest_key& key, const char* text, std::size_t size) noexcept {
  const digest_rounds rounds(key);
  __m512i sum = rounds.mixed(whitened(key, text, size, 0));
  if (size > 64) {
    const __m512i second = rounds.mixed(whitened(key, text, size, 64));
    sum = _mm512_ternarylogic_epi64(sum, second, rounds.mixed(whitened(key, text, size > 128 ? size : 128, 128)), 0x96);
    for (std::size_t at = 192; at < size; at += 64) sum = _mm512_xor_si512(sum, rounds.mixed(whitened(key, text, size, at)));
  }
  const __m128i all = _mm_xor_si128(_mm_xor_si128(quarter<0>(sum), quarter<1>(sum)), _mm_xor_si128(quarter<2>(sum), quarter<3>(sum)));
  return {static_cast<std::uint64_t>(_mm_cvtsi128_si64(all)), static_cast<std::uint64_t>(_mm_extract_epi64(all, 1))};
}

#include <anonlog/simd/find_borders.inl>
#include <anonlog/simd/ipv4_x86.inl>

}  // namespace anonlog::avx512
ANONLOG_END_TARGET

#endif
