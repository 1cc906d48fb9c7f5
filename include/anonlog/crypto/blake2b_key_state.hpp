// crypto/blake2b_key_state.hpp: BLAKE2b-128 when it has read the key and waits for the message.
//
// A keyed hash reads the key as a block of its own, for every message again: half of the work for a short one. The
// state behind that block depends on the key alone, so it is computed once. It is as secret as the key: who has it can
// hash.
// Source: RFC 7693, section 3.3.
#pragma once

#include <cstddef>
#include <cstdint>

#include <anonlog/crypto/sodium_ready.hpp>
#include <anonlog/simd/kernel.hpp>

namespace anonlog {

inline constexpr std::size_t key_bytes = 32;

inline constexpr std::size_t blake2b_block_bytes = 128;

// What is wiped below the caller's frame after work with keys: more than any kernel, or libsodium, leaves there.
inline constexpr std::size_t blake2b_stack_bytes = 2048;

// Made in the protected memory that holds the key, or wiped like it; neither copied nor printed.
class blake2b_key_state {
 public:
  explicit blake2b_key_state(const unsigned char* key32) noexcept {
    absorb(key32);
    ::sodium_stackzero(blake2b_stack_bytes);
  }
  blake2b_key_state(const blake2b_key_state&) = delete;
  blake2b_key_state& operator=(const blake2b_key_state&) = delete;

  void wipe() noexcept { ::sodium_memzero(this, sizeof *this); }

  // The eight words that chain the blocks, little-endian.
  const unsigned char* chain() const noexcept { return chain_; }

  // The hash of the empty message: then the key is the last block, and no other follows.
  const unsigned char* hash_of_nothing() const noexcept { return hash_of_nothing_; }

 private:
  void absorb(const unsigned char* key32) noexcept;

  unsigned char chain_[64];
  unsigned char hash_of_nothing_[16];
};

}  // namespace anonlog

#ifdef ANONLOG_KERNEL_FUNCTION
#include <anonlog/crypto/blake2b_key_code.hpp>
#endif
