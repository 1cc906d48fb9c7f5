// core/wipe.hpp: overwrites memory that held log content; the compiler may not leave it out.
#pragma once

#include <cstddef>
#include <cstring>

namespace anonlog {

inline void wipe(void* memory, std::size_t bytes) noexcept {
  if (bytes != 0) ::explicit_bzero(memory, bytes);
}

}  // namespace anonlog
