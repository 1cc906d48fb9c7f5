// object_use.hpp: the use of an engine by a call that works on objects of Python, and holds Python's lock.
//
// close() wants an engine for itself. What Python runs in the middle of such a call, in the same thread, may be a signal's
// handler that calls close(): it would wait for ever. So signals are heard, and other threads let in, only where the engine is
// let go. What else Python runs (a collection, `__buffer__`) cannot be foretold: close() is an error there.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "crossing.hpp"
#include "engine.hpp"

namespace anonlog::python {

class object_use {
 public:
  explicit object_use(engine& used) : engine_(used) { take(); }
  object_use(const object_use&) = delete;
  object_use& operator=(const object_use&) = delete;
  ~object_use() {
    if (held_.owns_lock()) let_go();
  }

  // After an object of so many bytes. Now and then signals are heard and other threads run; throws what a handler raised, and
  // that the engine was closed.
  void did(std::size_t bytes) {
    constexpr std::size_t bytes_of_a_row = 64;  // about as costly as finding the object
    work_ += 1 + bytes / bytes_of_a_row;
    if (work_ >= most_work) pause();
  }
  void did_many(std::size_t objects) {
    work_ += objects;
    if (work_ >= most_work) pause();
  }

  // True if a call of this thread holds the engine.
  static bool is_in_this_thread(const engine& asked) noexcept {
    for (const object_use* use = innermost_; use != nullptr; use = use->outer_)
      if (&use->engine_ == &asked) return true;
    return false;
  }

 private:
  static constexpr std::size_t most_work = std::size_t{1} << 14;

  void pause() {
    work_ = 0;
    let_go();
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    // A thread that waits asks for the lock after five milliseconds without any sign of it (sys.getswitchinterval()), and gets it
    // when it is let go then. Were it let go more often, the waiting thread would wake each time, find it taken, and not ask.
    constexpr std::chrono::milliseconds longest_wait{10};
    if (const auto now = std::chrono::steady_clock::now(); now - offered_ >= longest_wait) {
      { const nb::gil_scoped_release others_run; }
      offered_ = std::chrono::steady_clock::now();
    }
    take();
  }
  void take() {
    held_ = engine_.use();
    outer_ = std::exchange(innermost_, this);
  }
  void let_go() noexcept {
    innermost_ = outer_;
    held_.unlock();
  }

  static inline thread_local const object_use* innermost_ = nullptr;  // of those that hold their engine

  engine& engine_;
  std::shared_lock<std::shared_mutex> held_;
  const object_use* outer_ = nullptr;
  std::size_t work_ = 0;
  std::chrono::steady_clock::time_point offered_ = std::chrono::steady_clock::now();
};

}  // namespace anonlog::python
