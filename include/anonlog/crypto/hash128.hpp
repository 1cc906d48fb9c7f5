// crypto/hash128.hpp: what a pseudonym is made of.
#pragma once

#include <array>
#include <cstdint>

namespace anonlog {

struct hash128 {
  std::array<std::uint8_t, 16> bytes{};

  friend bool operator==(const hash128&, const hash128&) noexcept = default;
};

}  // namespace anonlog
