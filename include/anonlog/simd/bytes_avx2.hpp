// simd/bytes_avx2.hpp: 16, 32 or 64 bytes of text at once with AVX2; see bytes_scalar.hpp.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <anonlog/core/value_digest.hpp>
#include <anonlog/simd/borders.hpp>
#include <anonlog/simd/ipv4_patterns.hpp>
#include <anonlog/simd/instructions.hpp>

#if ANONLOG_X86_64

namespace anonlog::avx2 {

// 64 bytes that are kept and 64 that are not: what is loaded from here keeps as many bytes as one wants.
inline constexpr std::array<unsigned char, 128> text_edge = [] {
  std::array<unsigned char, 128> made{};
  for (unsigned i = 0; i < 64; ++i) made[i] = 0xFF;
  return made;
}();

}  // namespace anonlog::avx2

ANONLOG_BEGIN_AVX2
namespace anonlog::avx2 {

inline constexpr bool has_wide_registers = true;

ANONLOG_INLINE std::uint64_t first_bits(std::size_t count) noexcept { return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(count)); }

struct bytes16 {
  __m128i v;

  static ANONLOG_INLINE bytes16 load(const void* from) noexcept { return {_mm_loadu_si128(static_cast<const __m128i*>(from))}; }
  ANONLOG_INLINE void store(void* to) const noexcept { _mm_storeu_si128(static_cast<__m128i*>(to), v); }
  static ANONLOG_INLINE std::uint64_t mask_of(__m128i m) noexcept { return static_cast<std::uint32_t>(_mm_movemask_epi8(m)); }

  ANONLOG_INLINE std::uint64_t equal(char c) const noexcept { return mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8(c))); }
  ANONLOG_INLINE std::uint64_t between(char low, char high) const noexcept {
    const __m128i above = _mm_sub_epi8(v, _mm_set1_epi8(low));
    return mask_of(_mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(static_cast<char>(high - low))), above));
  }
};

struct bytes32 {
  __m256i v;

  static ANONLOG_INLINE bytes32 load(const void* from) noexcept { return {_mm256_loadu_si256(static_cast<const __m256i*>(from))}; }
  ANONLOG_INLINE void store(void* to) const noexcept { _mm256_storeu_si256(static_cast<__m256i*>(to), v); }
  static ANONLOG_INLINE std::uint64_t mask_of(__m256i m) noexcept { return static_cast<std::uint32_t>(_mm256_movemask_epi8(m)); }

  ANONLOG_INLINE std::uint64_t equal(char c) const noexcept { return mask_of(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(c))); }
  ANONLOG_INLINE std::uint64_t between(char low, char high) const noexcept {
    const __m256i above = _mm256_sub_epi8(v, _mm256_set1_epi8(low));
    return mask_of(_mm256_cmpeq_epi8(_mm256_min_epu8(above, _mm256_set1_epi8(static_cast<char>(high - low))), above));
  }
  ANONLOG_INLINE std::uint64_t outside(const unsigned char* low, const unsigned char* range) const noexcept {
    const __m256i above = _mm256_sub_epi8(v, load(low).v);
    return ~mask_of(_mm256_cmpeq_epi8(_mm256_min_epu8(above, load(range).v), above)) & 0xFFFFFFFF;
  }
  ANONLOG_INLINE std::uint64_t borders() const noexcept {
    const __m256i wanted = _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(borders_by_nibble)));
    return mask_of(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(wanted, v), v));
  }
  ANONLOG_INLINE bytes32 folded() const noexcept { return {_mm256_or_si256(v, _mm256_set1_epi8(0x20))}; }
  ANONLOG_INLINE bytes32 merged(const unsigned char* kept, const char* other) const noexcept {
    return {_mm256_blendv_epi8(load(other).v, v, load(kept).v)};
  }
};

struct bytes64 {
  bytes32 low_half, high_half;

  static ANONLOG_INLINE bytes64 load(const void* from) noexcept {
    return {bytes32::load(from), bytes32::load(static_cast<const char*>(from) + 32)};
  }
  ANONLOG_INLINE void store(void* to) const noexcept {
    low_half.store(to);
    high_half.store(static_cast<char*>(to) + 32);
  }
  ANONLOG_INLINE std::uint64_t equal(char c) const noexcept { return low_half.equal(c) | high_half.equal(c) << 32; }
  ANONLOG_INLINE std::uint64_t borders() const noexcept { return low_half.borders() | high_half.borders() << 32; }
  ANONLOG_INLINE std::uint64_t between(char low, char high) const noexcept {
    return low_half.between(low, high) | high_half.between(low, high) << 32;
  }
  ANONLOG_INLINE std::uint64_t outside(const unsigned char* low, const unsigned char* range) const noexcept {
    return low_half.outside(low, range) | high_half.outside(low + 32, range + 32) << 32;
  }
  ANONLOG_INLINE bytes64 folded() const noexcept { return {low_half.folded(), high_half.folded()}; }
  ANONLOG_INLINE bytes64 merged(const unsigned char* kept, const char* other) const noexcept {
    return {low_half.merged(kept, other), high_half.merged(kept + 32, other + 32)};
  }
};

// Four at a time without a branch for each: few masks have more bits.
ANONLOG_INLINE std::size_t put_places(std::uint32_t* places, std::uint64_t mask, std::uint32_t base) noexcept {
  const auto count = static_cast<std::size_t>(_mm_popcnt_u64(mask));
  for (std::size_t done = 0; done < count; done += 4) {
    for (std::size_t i = done; i < done + 4; ++i) {
      places[i] = base + static_cast<std::uint32_t>(_tzcnt_u64(mask));
      mask = _blsr_u64(mask);
    }
  }
  return count;
}

// May look at up to 64 bytes behind the text.
ANONLOG_INLINE value_digest digest_of(const value_digest_key& key, const char* text, std::size_t size) noexcept {
  const __m128i* whitening = reinterpret_cast<const __m128i*>(key.whitening.data());
  __m128i sum = _mm_setzero_si128();
  std::size_t at = 0;
  do {
    const unsigned char* kept = text_edge.data() + 64 - (size - at < 64 ? size - at : 64);
    for (unsigned i = 0; i < 4; ++i, at += 16, kept += 16, ++whitening) {
      __m128i v = _mm_and_si128(bytes16::load(text + at).v, bytes16::load(kept).v);
      v = _mm_xor_si128(v, _mm_load_si128(whitening));
      for (const auto& round : key.rounds) v = _mm_aesenc_si128(v, _mm_load_si128(reinterpret_cast<const __m128i*>(round.data())));
      sum = _mm_xor_si128(sum, v);
    }
  } while (at < size);
  return {static_cast<std::uint64_t>(_mm_cvtsi128_si64(sum)), static_cast<std::uint64_t>(_mm_extract_epi64(sum, 1))};
}

#include <anonlog/simd/find_borders.inl>
#include <anonlog/simd/ipv4_x86.inl>

}  // namespace anonlog::avx2
ANONLOG_END_TARGET

#endif
