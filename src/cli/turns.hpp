// cli/turns.hpp: one after the other, in the order of the tickets: who may write next.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace anonlog::cli {

// Shared by threads. Everything done in a turn has happened before the next one begins.
class turns {
 public:
  // Before any thread waits: ticket 0 is next.
  void begin() noexcept {
    turn_ = 0;
    is_over_ = false;
  }

  // Waits until every ticket before this one has passed. False: it is over, nobody's turn comes any more.
  bool wait_for(std::uint64_t ticket) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return turn_ == ticket || is_over_; });
    return !is_over_;
  }

  // By the one whose turn it is.
  void pass() {
    {
      const std::lock_guard lock(mutex_);
      ++turn_;
    }
    changed_.notify_all();
  }

  void end() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    changed_.notify_all();
  }

  bool is_over() {
    const std::lock_guard lock(mutex_);
    return is_over_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t turn_ = 0;
  bool is_over_ = false;
};

}  // namespace anonlog::cli
