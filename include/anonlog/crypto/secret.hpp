// crypto/secret.hpp: key bytes: locked in memory, wiped when they go, neither copied nor printed.
//
// The memory comes from sodium_malloc: kept out of swap and core dumps where the system allows it, between guard
// pages, overwritten before it is given back. Source: THREATS 2.2 rule 5.
#pragma once

#include <cstddef>
#include <utility>

#include <anonlog/core/result.hpp>
#include <anonlog/crypto/sodium_ready.hpp>

namespace anonlog {

// A block whose size is known at run time. Default-made or moved from, it holds nothing.
class secret_block {
 public:
  secret_block() noexcept = default;
  secret_block(secret_block&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  secret_block& operator=(secret_block&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    other.release();
    return *this;
  }
  secret_block(const secret_block&) = delete;
  secret_block& operator=(const secret_block&) = delete;
  ~secret_block() { release(); }

  // All bytes are zero at first.
  static result<secret_block> make(std::size_t bytes) {
    if (!is_sodium_ready())
      return setup_error{"cannot make keys: libsodium did not start, the system gives no random bytes"};
    secret_block block;
    block.data_ = static_cast<unsigned char*>(::sodium_malloc(bytes));
    if (block.data_ == nullptr)
      return setup_error{"cannot make keys: no protected memory left; raise the limits on memory (ulimit -v, -l)"};
    block.size_ = bytes;
    block.wipe();
    return block;
  }

  explicit operator bool() const noexcept { return data_ != nullptr; }
  unsigned char* data() noexcept { return data_; }
  const unsigned char* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

  void wipe() noexcept {
    if (data_ != nullptr) ::sodium_memzero(data_, size_);
  }

 private:
  void release() noexcept {
    ::sodium_free(data_);  // wipes; nullptr is fine
    data_ = nullptr;
    size_ = 0;
  }

  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

// A block of N bytes.
template <std::size_t N>
class secret {
 public:
  static constexpr std::size_t bytes = N;

  secret() noexcept = default;

  static result<secret> make() {
    result<secret_block> block = secret_block::make(N);
    if (!block) return block.error();
    secret made;
    made.block_ = std::move(*block);
    return made;
  }

  explicit operator bool() const noexcept { return static_cast<bool>(block_); }
  unsigned char* data() noexcept { return block_.data(); }
  const unsigned char* data() const noexcept { return block_.data(); }
  static constexpr std::size_t size() noexcept { return N; }
  void wipe() noexcept { block_.wipe(); }

 private:
  secret_block block_;
};

}  // namespace anonlog
