// crypto/hash_message.hpp: a message that waits to be hashed together with others (crypto/blake2b_batch.hpp).
//
// It takes pieces with the words of keyed_hash, but keeps them, in the one block that BLAKE2b reads. Bytes behind the
// message are zero at all times, as padding has to be. It holds log content: whoever owns it wipes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/crypto/blake2b_key_state.hpp>

namespace anonlog {

class hash_message {
 public:
  static constexpr std::size_t max_bytes = blake2b_block_bytes;

  // An empty message, to be hashed under this key, which must outlive it.
  void begin(const blake2b_key_state& key) noexcept {
    std::memset(block_, 0, short_bytes);
    if (size_ > short_bytes) std::memset(block_ + short_bytes, 0, max_bytes - short_bytes);
    size_ = 0;
    key_ = &key;
  }

  void add(raw piece) noexcept { add(std::string_view(piece.begin(), piece.size())); }
  void add(std::string_view piece) noexcept {
    if (unsigned char* const to = room_for(piece.size())) std::memcpy(to, piece.data(), piece.size());
  }
  void add(std::uint8_t byte) noexcept {
    if (unsigned char* const to = room_for(1)) *to = byte;
  }

  // lower() of the piece (SPEC 3.1).
  void add_lower(raw piece) noexcept {
    if (unsigned char* const to = room_for(piece.size()))
      for (std::size_t i = 0; i < piece.size(); ++i) to[i] = static_cast<unsigned char>(to_lower(piece[i]));
  }

  // False once it became too long, until the next begin(); then keyed_hash is for it.
  bool fits() const noexcept { return size_ <= max_bytes; }

  std::size_t size() const noexcept { return size_; }
  const unsigned char* block() const noexcept { return block_; }
  const blake2b_key_state* key() const noexcept { return key_; }

  void wipe() noexcept {
    anonlog::wipe(block_, sizeof block_);
    size_ = 0;
    key_ = nullptr;
  }

 private:
  // Where the next `bytes` go, or null if there are none or they have no room.
  unsigned char* room_for(std::size_t bytes) noexcept {
    if (bytes == 0 || !fits()) return nullptr;
    const std::size_t from = size_;
    size_ = bytes <= max_bytes - from ? from + bytes : max_bytes + 1;
    return fits() ? block_ + from : nullptr;
  }

  static constexpr std::size_t short_bytes = 32;  // most messages are shorter, and a fixed size is cleared at once

  alignas(32) unsigned char block_[max_bytes] = {};
  std::size_t size_ = 0;
  const blake2b_key_state* key_ = nullptr;
};

}  // namespace anonlog
