// block/kernel_code.hpp: the code that reads blocks, once per kernel (block/kernels.hpp).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <anonlog/block/block_state.hpp>
#include <anonlog/block/kernels.hpp>
#include <anonlog/block/keyed_state.hpp>
#include <anonlog/block/plain_words.hpp>
#include <anonlog/simd/bytes_avx2.hpp>
#include <anonlog/simd/bytes_avx512.hpp>
#include <anonlog/simd/bytes_neon.hpp>
#include <anonlog/simd/bytes_scalar.hpp>
#include <anonlog/simd/kernel.hpp>

namespace anonlog::scalar {
#include <anonlog/block/block.inl>
#include <anonlog/block/keyed_block.inl>
}  // namespace anonlog::scalar

#if ANONLOG_X86_64
ANONLOG_BEGIN_AVX2
namespace anonlog::avx2 {
#include <anonlog/block/block.inl>
#include <anonlog/block/keyed_block.inl>
}  // namespace anonlog::avx2
ANONLOG_END_TARGET

ANONLOG_BEGIN_AVX512
namespace anonlog::avx512 {
#include <anonlog/block/block.inl>
#include <anonlog/block/keyed_block.inl>
}  // namespace anonlog::avx512
ANONLOG_END_TARGET
#endif

#if ANONLOG_AARCH64
namespace anonlog::neon {
#include <anonlog/block/block.inl>
#include <anonlog/block/keyed_block.inl>
}  // namespace anonlog::neon
#endif

#ifdef ANONLOG_KERNEL_FUNCTION  // where the choice among them is compiled: everywhere, or in src/kernels.cpp
namespace anonlog {

ANONLOG_KERNEL_FUNCTION block_function block_function_of(kernel k) noexcept {
#if ANONLOG_X86_64
  if (k == kernel::avx2) return avx2::run_block;
  if (k == kernel::avx512) return avx512::run_block;
#endif
#if ANONLOG_AARCH64
  if (k == kernel::neon) return neon::run_block;
#endif
  (void)k;
  return scalar::run_block;
}

ANONLOG_KERNEL_FUNCTION keyed_block_function keyed_block_function_of(kernel k) noexcept {
#if ANONLOG_X86_64
  if (k == kernel::avx2) return avx2::run_keyed_block;
  if (k == kernel::avx512) return avx512::run_keyed_block;
#endif
#if ANONLOG_AARCH64
  if (k == kernel::neon) return neon::run_keyed_block;
#endif
  (void)k;
  return scalar::run_keyed_block;
}

}  // namespace anonlog
#endif
