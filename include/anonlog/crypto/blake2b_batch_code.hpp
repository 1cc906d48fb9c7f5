// crypto/blake2b_batch_code.hpp: the code behind blake2b_batch.hpp, once per kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <anonlog/crypto/blake2b_batch.hpp>
#include <anonlog/crypto/blake2b_key_code.hpp>
#include <anonlog/simd/words_avx2.hpp>
#include <anonlog/simd/words_avx512.hpp>
#include <anonlog/simd/words_neon.hpp>
#include <anonlog/simd/words_scalar.hpp>

namespace anonlog {

namespace scalar {
#include <anonlog/crypto/blake2b_batch.inl>
}  // namespace scalar

#if ANONLOG_X86_64
ANONLOG_BEGIN_AVX2
namespace avx2 {
#include <anonlog/crypto/blake2b.inl>
#include <anonlog/crypto/blake2b_batch.inl>
}  // namespace avx2
ANONLOG_END_TARGET

ANONLOG_BEGIN_AVX512
namespace avx512 {
#include <anonlog/crypto/blake2b.inl>
#include <anonlog/crypto/blake2b_batch.inl>
}  // namespace avx512
ANONLOG_END_TARGET
#endif

#if ANONLOG_AARCH64
namespace neon {
#include <anonlog/crypto/blake2b.inl>
#include <anonlog/crypto/blake2b_batch.inl>
}  // namespace neon
#endif

ANONLOG_KERNEL_FUNCTION hash_messages_function hash_messages_of(kernel k) noexcept {
  switch (k) {
#if ANONLOG_X86_64
    case kernel::avx2: return avx2::blake2b::hash_messages;
    case kernel::avx512: return avx512::blake2b::hash_messages;
#endif
#if ANONLOG_AARCH64
    case kernel::neon: return neon::blake2b::hash_messages;
#endif
    default: return scalar::blake2b::hash_messages;
  }
}

}  // namespace anonlog
