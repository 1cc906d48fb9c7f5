// crypto/blake2b_batch.hpp: keyed BLAKE2b-128 of many short messages at once.
//
// One message leaves most of a wide register idle, so each lane of it hashes a message of its own. The hashes are those
// of keyed_hash (crypto/keyed_hash.hpp), whatever the kernel, the order and the company.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <anonlog/crypto/blake2b_key_state.hpp>
#include <anonlog/crypto/hash128.hpp>
#include <anonlog/crypto/hash_message.hpp>
#include <anonlog/simd/kernel.hpp>
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

// hashes[i] becomes the hash of messages[i] under its own key; hashes need no alignment. A message that does not fit or
// was not begun is a mistake in the program and ends it. What keys left on the stack is wiped once per call.
using hash_messages_function = void (*)(const hash_message* messages, std::size_t count, hash128* hashes) noexcept;

// Chosen once, then held by the caller. The kernel must be one that this machine can run (is_supported).
inline hash_messages_function hash_messages_of(kernel k = best_kernel()) noexcept {
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
