// cli/wiped_buffer.hpp: memory for bytes of a log, of one size, overwritten when it goes.
//
// Wiped once, at the end: what is in it changes with every block, and a wipe for each would cost a twentieth of the
// speed. A core dump, which would show it before, is forbidden (main.cpp).
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include <anonlog/core/wipe.hpp>

namespace anonlog::cli {

class wiped_buffer {
 public:
  wiped_buffer() noexcept = default;
  explicit wiped_buffer(std::size_t bytes) : memory_(new char[bytes]), size_(bytes) {}
  wiped_buffer(wiped_buffer&& other) noexcept
      : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}
  wiped_buffer& operator=(wiped_buffer&& other) noexcept {
    if (this != &other) {
      wipe(memory_.get(), size_);
      memory_ = std::move(other.memory_);
      size_ = std::exchange(other.size_, 0);
    }
    return *this;
  }
  ~wiped_buffer() { wipe(memory_.get(), size_); }

  char* data() const noexcept { return memory_.get(); }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t size_ = 0;
};

}  // namespace anonlog::cli
