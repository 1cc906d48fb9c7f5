// crypto/blake2b_batch.hpp: keyed BLAKE2b-128 of many short messages at once.
//
// One message leaves most of a wide register idle, so each lane of it hashes a message of its own. The hashes are those
// of keyed_hash (crypto/keyed_hash.hpp), whatever the kernel, the order and the company.
#pragma once

#include <cstddef>

#include <anonlog/crypto/hash128.hpp>
#include <anonlog/crypto/hash_message.hpp>
#include <anonlog/simd/kernel.hpp>

namespace anonlog {

// hashes[i] becomes the hash of messages[i] under its own key; hashes need no alignment. A message that does not fit or
// was not begun is a mistake in the program and ends it. What keys left on the stack is wiped once per call.
using hash_messages_function = void (*)(const hash_message* messages, std::size_t count, hash128* hashes) noexcept;

// Chosen once, then held by the caller. The kernel must be one that this machine can run (is_supported).
hash_messages_function hash_messages_of(kernel k = best_kernel()) noexcept;

}  // namespace anonlog

#ifdef ANONLOG_KERNEL_FUNCTION
#include <anonlog/crypto/blake2b_batch_code.hpp>
#endif
