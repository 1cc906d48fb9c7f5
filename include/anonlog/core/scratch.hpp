// core/scratch.hpp: working memory of one stream: taken and given back like a stack, nothing allocated while running.
#pragma once

#include <cstddef>
#include <memory>

#include <anonlog/core/wipe.hpp>

namespace anonlog {

// Belongs to one thread. Holds decoded log content, so it is wiped when it goes.
class scratch {
 public:
  explicit scratch(std::size_t bytes) : block_(new char[bytes]), size_(bytes) {}
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() { wipe(block_.get(), most_used_); }

  // Room for `bytes`, or nullptr when there is no more: the caller then treats its value as unreadable.
  char* take(std::size_t bytes) noexcept {
    if (bytes > size_ - used_) return nullptr;
    char* taken = block_.get() + used_;
    used_ += bytes;
    if (used_ > most_used_) most_used_ = used_;
    return taken;
  }

  // Gives the bytes at the end of the last take back, when it turned out that fewer are needed.
  void give_back(const char* unused_from) noexcept { used_ = static_cast<std::size_t>(unused_from - block_.get()); }

  std::size_t used() const noexcept { return used_; }
  std::size_t size() const noexcept { return size_; }

  // Everything taken during the life of a frame is given back at its end.
  class frame {
   public:
    explicit frame(scratch& memory) noexcept : memory_(memory), used_(memory.used_) {}
    frame(const frame&) = delete;
    frame& operator=(const frame&) = delete;
    ~frame() { memory_.used_ = used_; }

   private:
    scratch& memory_;
    std::size_t used_;
  };

 private:
  std::unique_ptr<char[]> block_;
  std::size_t size_;
  std::size_t used_ = 0;
  std::size_t most_used_ = 0;
};

}  // namespace anonlog
