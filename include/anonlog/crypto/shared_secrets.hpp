// crypto/shared_secrets.hpp: the ephemeral secrets of one run, for the streams that take its lines between them.
//
// One epoch has one secret, whichever stream asks first: one user has one token. A stream may be ahead of another, so
// nothing is wiped for what it has seen, only for what the lines in their order have come to (advance). So a line that
// is late only for lines of a block that is not ended yet has the pseudonym of its epoch, and is not counted as late.
// Source: SPEC 3.3.4.
#pragma once

#include <cstdint>
#include <mutex>

#include <anonlog/crypto/ephemeral_secrets.hpp>

namespace anonlog {

// May be shared by threads.
class shared_secrets {
 public:
  // As in ephemeral_secrets. When every stream is between two inputs.
  void begin_input() noexcept {
    const std::lock_guard alone(mutex_);
    secrets_.begin_input();
  }

  // All lines up to here have come to `newest`.
  void advance(const newest_epoch& newest) noexcept {
    const std::lock_guard alone(mutex_);
    secrets_.advance(newest);
  }

  newest_epoch newest() const noexcept {
    const std::lock_guard alone(mutex_);
    return secrets_.newest();
  }

  // Calls `use` with the 32 bytes of the secret of an epoch, unless it is late: false. They are good until it returns.
  template <class Use>
  bool with_secret(std::int64_t epoch, Use use) noexcept {
    const std::lock_guard alone(mutex_);
    const unsigned char* const secret_bytes = secrets_.secret_at(epoch);
    if (secret_bytes != nullptr) use(secret_bytes);
    return secret_bytes != nullptr;
  }

 private:
  mutable std::mutex mutex_;
  ephemeral_secrets secrets_;
};

}  // namespace anonlog
