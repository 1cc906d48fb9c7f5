// block/kernels.hpp: the choice among the kernels, each of which reads blocks (block/kernel_code.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

#include <anonlog/block/block_state.hpp>
#include <anonlog/block/keyed_state.hpp>
#include <anonlog/simd/kernel.hpp>

namespace anonlog {

// Reads a block of whole lines: at most block_state::block_bytes, the last byte a line feed, slack_bytes behind it readable.
// Writes at the cursor, which moves; up to block_state::longest_write bytes behind it may be overwritten.
using block_function = block_result (*)(block_state&, const char* block, std::size_t size, char*& cursor) noexcept;

block_function block_function_of(kernel k) noexcept;

// The same for lines of JSON; `places`: room for one of each byte of the block, and 64 more.
using keyed_block_function = block_result (*)(keyed_state&, std::uint32_t* places, const char* block, std::size_t size, char*& cursor) noexcept;

keyed_block_function keyed_block_function_of(kernel k) noexcept;

}  // namespace anonlog

#ifdef ANONLOG_KERNEL_FUNCTION  // simd/kernel.hpp
#include <anonlog/block/kernel_code.hpp>
#endif
