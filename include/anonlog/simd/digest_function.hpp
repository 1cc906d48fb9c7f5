// simd/digest_function.hpp: the value_digest of a kernel as a function that anybody may call; a table of remembered
// values and the kernel that looks into it must use the same one.
#pragma once

#include <cstring>

#include <anonlog/core/value_digest.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/simd/bytes_avx2.hpp>
#include <anonlog/simd/bytes_avx512.hpp>
#include <anonlog/simd/kernel.hpp>

namespace anonlog {

using digest_function = value_digest (*)(const value_digest_key&, const char*, std::size_t) noexcept;

#if ANONLOG_X86_64
namespace avx2 {
ANONLOG_BEGIN_AVX2
// Looks at no byte behind the text.
inline value_digest call_digest_of(const value_digest_key& key, const char* text, std::size_t size) noexcept {
  char copy[value_digest_key::longest_value + 64];
  std::memcpy(copy, text, size);
  std::memset(copy + size, 0, 64);
  const value_digest made = digest_of(key, copy, size);
  wipe(copy, size);
  return made;
}
ANONLOG_END_TARGET
}  // namespace avx2
namespace avx512 {
ANONLOG_BEGIN_AVX512
inline value_digest call_digest_of(const value_digest_key& key, const char* text, std::size_t size) noexcept {
  return digest_of(key, text, size);
}
ANONLOG_END_TARGET
}  // namespace avx512
#endif

inline digest_function digest_function_of(kernel k) noexcept {
#if ANONLOG_X86_64
  if (k == kernel::avx2) return avx2::call_digest_of;
  if (k == kernel::avx512) return avx512::call_digest_of;
#endif
  (void)k;
  return portable_digest;
}

}  // namespace anonlog
