// simd/ipv4_patterns.hpp: the 81 ways in which four octets of 1 to 3 digits can stand, as shuffles for SSE.
//
// The places of the dots and of the end, as a 16-bit mask, name the way. A multiplication sends the 81 masks to different
// places of a table of 256; the factor was found by trying, and the compiler checks that no two collide.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace anonlog {

struct ipv4_text {
  std::uint32_t address;  // the first octet on top
  std::uint32_t dots;     // a bit for the place of each
  std::uint32_t size;     // in bytes; 0: no address in canonical form
};

}  // namespace anonlog

namespace anonlog::ipv4_detail {

constexpr std::size_t place_of(std::uint32_t mask) noexcept { return mask * 0x372DA969U >> 24; }

struct patterns {
  // For each octet four bytes: hundreds, tens, ones and none; 0x80 where there is no digit.
  alignas(64) std::array<std::array<std::uint8_t, 16>, 256> shuffles{};
  std::array<std::uint16_t, 256> masks{};  // 0: no pattern has this place
};

consteval patterns make_patterns() {
  patterns made;
  for (unsigned way = 0; way < 81; ++way) {
    std::uint32_t mask = 0;
    unsigned end = 0;
    std::array<std::uint8_t, 16> shuffle{};
    for (unsigned octet = 0, rest = way; octet < 4; ++octet, rest /= 3) {
      const unsigned digits = rest % 3 + 1;
      end += digits;
      mask |= 1U << end;
      for (unsigned i = 0; i < 4; ++i)
        shuffle[4 * octet + i] = static_cast<std::uint8_t>(i < 3 && i + digits >= 3 ? end - 3 + i : 0x80);
      ++end;
    }
    const std::size_t place = place_of(mask);
    if (made.masks[place] != 0) throw "two patterns at one place";
    made.masks[place] = static_cast<std::uint16_t>(mask);
    made.shuffles[place] = shuffle;
  }
  return made;
}

inline constexpr patterns table = make_patterns();

}  // namespace anonlog::ipv4_detail
