// simd/borders.hpp: quotes, backslashes and line feeds, found with one shuffle and one comparison.
#pragma once

namespace anonlog {

// By its last four bits, what a byte must be to be one of the three: 0x22, 0x5C, 0x0A. At all other places stands a byte that
// ends otherwise. A byte from 0x80 on is none: it is compared with one below, or with the 0 that a shuffle of x86 gives.
alignas(16) inline constexpr unsigned char borders_by_nibble[16] = {1, 0, 0x22, 0, 0, 0, 0, 0, 0, 0, 0x0A, 0, 0x5C, 0, 0, 0};

}  // namespace anonlog
