// tests/crypto/stack_residue.hpp: how much of a secret is left where called functions had their frames.
//
// For optimised builds: otherwise every little function has a frame, and some lie deeper than anybody wipes.
#pragma once

#include <cstddef>

namespace anonlog::testing {

// The number of places that hold a word of the secret.
[[gnu::noinline]] __attribute__((no_sanitize("address"))) inline std::size_t words_left_on_the_stack(
    const unsigned char* secret, std::size_t bytes) {
  const auto* const here = static_cast<const unsigned char*>(__builtin_frame_address(0));
  std::size_t found = 0;
  for (std::size_t depth = 64; depth < 8192; depth += 8)
    for (std::size_t word = 0; word < bytes; word += 8) {
      const volatile unsigned char* const at = here - depth;
      bool is_same = true;
      for (std::size_t i = 0; i < 8; ++i) is_same = is_same && at[i] == secret[word + i];
      found += is_same;
    }
  return found;
}

}  // namespace anonlog::testing
