// simd/bytes_neon.hpp: 16, 32 or 64 bytes of text at once with NEON, on 64-bit ARM; see bytes_scalar.hpp.
//
// NEON has no instruction that makes a mask of a comparison: the bits are chosen by an AND and added up in pairs.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <anonlog/core/value_digest.hpp>
#include <anonlog/simd/bytes_scalar.hpp>
#include <anonlog/simd/borders.hpp>
#include <anonlog/simd/instructions.hpp>

#if ANONLOG_AARCH64

namespace anonlog::neon {

inline constexpr bool has_wide_registers = true;

using scalar::digest_of;
using scalar::first_bits;
using scalar::read_ipv4;

ANONLOG_INLINE uint8x16_t bits_of(uint8x16_t m) noexcept {
  static constexpr std::uint8_t places[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  return vandq_u8(m, vld1q_u8(places));
}

ANONLOG_INLINE std::uint64_t mask_of(uint8x16_t m) noexcept {
  const uint8x16_t bits = bits_of(m);
  const uint8x16_t eighths = vpaddq_u8(vpaddq_u8(bits, bits), bits);
  return vgetq_lane_u16(vreinterpretq_u16_u8(vpaddq_u8(eighths, eighths)), 0);
}

template <std::size_t N>
struct bytes {
  static constexpr std::size_t part_count = N / 16;
  uint8x16_t parts[part_count];

  static ANONLOG_INLINE bytes load(const void* from) noexcept {
    bytes b;
    for (std::size_t i = 0; i < part_count; ++i) b.parts[i] = vld1q_u8(static_cast<const std::uint8_t*>(from) + 16 * i);
    return b;
  }
  ANONLOG_INLINE void store(void* to) const noexcept {
    for (std::size_t i = 0; i < part_count; ++i) vst1q_u8(static_cast<std::uint8_t*>(to) + 16 * i, parts[i]);
  }

  // The bits of all comparisons: 64 bytes take three additions instead of twelve.
  static ANONLOG_INLINE std::uint64_t mask_of(const uint8x16_t* m) noexcept {
    if constexpr (part_count == 4) {
      const uint8x16_t first = vpaddq_u8(bits_of(m[0]), bits_of(m[1])), second = vpaddq_u8(bits_of(m[2]), bits_of(m[3]));
      const uint8x16_t quarters = vpaddq_u8(first, second);
      return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(quarters, quarters)), 0);
    } else {
      std::uint64_t mask = 0;
      for (std::size_t i = 0; i < part_count; ++i) mask |= neon::mask_of(m[i]) << 16 * i;
      return mask;
    }
  }

  ANONLOG_INLINE std::uint64_t equal(char c) const noexcept {
    uint8x16_t found[part_count];
    for (std::size_t i = 0; i < part_count; ++i) found[i] = vceqq_u8(parts[i], vdupq_n_u8(static_cast<std::uint8_t>(c)));
    return mask_of(found);
  }
  ANONLOG_INLINE std::uint64_t borders() const noexcept {
    uint8x16_t found[part_count];
    for (std::size_t i = 0; i < part_count; ++i) {
      const uint8x16_t last_bits = vandq_u8(parts[i], vdupq_n_u8(0x0F));
      found[i] = vceqq_u8(vqtbl1q_u8(vld1q_u8(reinterpret_cast<const std::uint8_t*>(borders_by_nibble)), last_bits), parts[i]);
    }
    return mask_of(found);
  }
  ANONLOG_INLINE std::uint64_t between(char low, char high) const noexcept {
    uint8x16_t found[part_count];
    const uint8x16_t least = vdupq_n_u8(static_cast<std::uint8_t>(low)), width = vdupq_n_u8(static_cast<std::uint8_t>(high - low));
    for (std::size_t i = 0; i < part_count; ++i) found[i] = vcleq_u8(vsubq_u8(parts[i], least), width);
    return mask_of(found);
  }
  ANONLOG_INLINE std::uint64_t outside(const unsigned char* low, const unsigned char* range) const noexcept {
    uint8x16_t found[part_count];
    for (std::size_t i = 0; i < part_count; ++i)
      found[i] = vcgtq_u8(vsubq_u8(parts[i], vld1q_u8(low + 16 * i)), vld1q_u8(range + 16 * i));
    return mask_of(found);
  }
  ANONLOG_INLINE bytes folded() const noexcept {
    bytes b;
    for (std::size_t i = 0; i < part_count; ++i) b.parts[i] = vorrq_u8(parts[i], vdupq_n_u8(0x20));
    return b;
  }
  ANONLOG_INLINE bytes merged(const unsigned char* kept, const char* other) const noexcept {
    bytes b;
    for (std::size_t i = 0; i < part_count; ++i)
      b.parts[i] = vbslq_u8(vld1q_u8(kept + 16 * i), parts[i], vld1q_u8(reinterpret_cast<const std::uint8_t*>(other) + 16 * i));
    return b;
  }
};

using bytes16 = bytes<16>;
using bytes32 = bytes<32>;
using bytes64 = bytes<64>;

// Four at a time without a branch for each: few masks have more bits. A mask that has run out gives places nobody reads.
ANONLOG_INLINE std::size_t put_places(std::uint32_t* places, std::uint64_t mask, std::uint32_t base) noexcept {
  const auto count = static_cast<std::size_t>(std::popcount(mask));
  for (std::size_t done = 0; done < count; done += 4) {
    for (std::size_t i = done; i < done + 4; ++i) {
      places[i] = base + static_cast<std::uint32_t>(std::countr_zero(mask));
      mask &= mask - 1;
    }
  }
  return count;
}

#include <anonlog/simd/find_borders.inl>

}  // namespace anonlog::neon

#endif
