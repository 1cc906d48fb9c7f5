// crypto/keyed_hash.hpp: the pseudonym function: keyed BLAKE2b-128 of a message under the key of its class.
//
// Without the key nobody can compute or invert it, however few values there are. Source: SPEC 3.3.1 (T).
#pragma once

#include <cstdint>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/crypto/epoch_keys.hpp>
#include <anonlog/crypto/hash128.hpp>

namespace anonlog {

// Takes the message piece by piece; lives as long as one message. Allocates nothing; wipes its state.
class keyed_hash {
 public:
  keyed_hash(const epoch_keys& keys, class_id c) noexcept {
    ::crypto_generichash_init(&state_, keys.key_of(c), key_bytes, sizeof(hash128::bytes));
  }
  keyed_hash(const keyed_hash&) = delete;
  keyed_hash& operator=(const keyed_hash&) = delete;
  ~keyed_hash() { ::sodium_memzero(&state_, sizeof state_); }

  void add(raw piece) noexcept { add_bytes(piece.begin(), piece.size()); }
  void add(std::string_view piece) noexcept { add_bytes(piece.data(), piece.size()); }
  void add(std::uint8_t byte) noexcept { ::crypto_generichash_update(&state_, &byte, 1); }

  // lower() of the piece (SPEC 3.1), without memory for all of it.
  void add_lower(raw piece) noexcept {
    char chunk[128];
    while (!piece.empty()) {
      const raw part = piece.first(sizeof chunk);
      for (std::size_t i = 0; i < part.size(); ++i) chunk[i] = to_lower(part[i]);
      add_bytes(chunk, part.size());
      piece = piece.sub(part.size());
    }
    ::sodium_memzero(chunk, sizeof chunk);
  }

  // Once, at the end.
  hash128 finish() noexcept {
    hash128 hash;
    ::crypto_generichash_final(&state_, hash.bytes.data(), hash.bytes.size());
    return hash;
  }

 private:
  void add_bytes(const char* data, std::size_t size) noexcept {
    if (size != 0) ::crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(data), size);
  }

  crypto_generichash_state state_;
};

}  // namespace anonlog
