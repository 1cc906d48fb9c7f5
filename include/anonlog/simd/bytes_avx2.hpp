// simd/bytes_avx2.hpp: 16, 32 or 64 bytes of text at once with AVX2; see bytes_scalar.hpp.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <anonlog/core/seeded_hash.hpp>
#include <anonlog/simd/ipv4_patterns.hpp>
#include <anonlog/simd/instructions.hpp>

#if ANONLOG_X86_64

ANONLOG_BEGIN_AVX2
namespace anonlog::avx2 {

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

ANONLOG_INLINE bool is_equal(const char* a, const char* b, std::size_t size) noexcept {
  for (; size > 32; size -= 32, a += 32, b += 32) {
    const __m256i same = _mm256_cmpeq_epi8(bytes32::load(a).v, bytes32::load(b).v);
    if (bytes32::mask_of(same) != 0xFFFFFFFF) return false;
  }
  const __m256i same = _mm256_cmpeq_epi8(bytes32::load(a).v, bytes32::load(b).v);
  return _bzhi_u64(~bytes32::mask_of(same), static_cast<unsigned>(size)) == 0;
}

ANONLOG_INLINE __m128i load_few(const char* text, std::size_t size) noexcept {
  if (size >= 8) {
    std::int64_t first, last;
    std::memcpy(&first, text, 8);
    std::memcpy(&last, text + size - 8, 8);
    return _mm_set_epi64x(last, first);
  }
  if (size >= 4) {
    std::int32_t first, last;
    std::memcpy(&first, text, 4);
    std::memcpy(&last, text + size - 4, 4);
    return _mm_set_epi32(0, 0, last, first);
  }
  if (size == 0) return _mm_setzero_si128();
  return _mm_set_epi32(0, 0, 0, text[0] | text[size / 2] << 8 | text[size - 1] << 16);
}

// Looks at no byte behind the text.
ANONLOG_INLINE std::uint64_t hash_bytes(const hash_key& key, const char* text, std::size_t size) noexcept {
  const __m128i* const keys = reinterpret_cast<const __m128i*>(key.words.data());
  __m128i sum = _mm_xor_si128(_mm_load_si128(keys), _mm_cvtsi64_si128(static_cast<std::int64_t>(size)));
  if (size < 16) {
    sum = _mm_aesenc_si128(_mm_xor_si128(sum, load_few(text, size)), _mm_load_si128(keys + 1));
  } else {
    const char* const last = text + size - 16;
    for (; text < last; text += 16) sum = _mm_aesenc_si128(_mm_xor_si128(sum, bytes16::load(text).v), _mm_load_si128(keys + 1));
    sum = _mm_aesenc_si128(_mm_xor_si128(sum, bytes16::load(last).v), _mm_load_si128(keys + 1));
  }
  sum = _mm_aesenc_si128(sum, _mm_load_si128(keys + 2));
  sum = _mm_aesenc_si128(sum, _mm_load_si128(keys + 3));
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(sum));
}

#include <anonlog/simd/ipv4_x86.inl>

}  // namespace anonlog::avx2
ANONLOG_END_TARGET

#endif
