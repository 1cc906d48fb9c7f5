// core/byte_sum.hpp: sums of sizes that callers name, which stop where no memory has so many bytes.
//
// A size of -1 is the usual mistake of those who call from another language; a sum of such sizes would wrap around and pass
// for a small one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace anonlog {

// Sixteen times as many, and more, still fit into a size (plan::value_bound).
inline constexpr std::size_t most_bytes = std::size_t{PTRDIFF_MAX} / 32;

constexpr std::size_t add_bytes(std::size_t sum, std::size_t more) noexcept { return std::min(sum + std::min(more, most_bytes), most_bytes); }

}  // namespace anonlog
