// crypto/sodium_ready.hpp: libsodium is initialised once, before the first key exists.
//
// When it cannot be (no source of random bytes), setting up fails with a sentence; there is no weaker key to fall
// back on. After that libsodium itself ends the program when the system has no random bytes to give.
#pragma once

#include <sodium.h>

namespace anonlog {

// Safe to call from any thread, any number of times.
inline bool is_sodium_ready() noexcept {
  static const bool ready = ::sodium_init() >= 0;
  return ready;
}

}  // namespace anonlog
