// simd/hash_function.hpp: the hash of a kernel as a function that anybody may call; a table of remembered values and the
// kernel that looks into it must use the same one.
#pragma once

#include <anonlog/core/seeded_hash.hpp>
#include <anonlog/simd/bytes_avx2.hpp>
#include <anonlog/simd/bytes_avx512.hpp>
#include <anonlog/simd/kernel.hpp>

namespace anonlog {

using hash_function = std::uint64_t (*)(const hash_key&, const char*, std::size_t) noexcept;

#if ANONLOG_X86_64
namespace avx2 {
ANONLOG_BEGIN_AVX2
inline std::uint64_t call_hash_bytes(const hash_key& key, const char* text, std::size_t size) noexcept { return hash_bytes(key, text, size); }
ANONLOG_END_TARGET
}  // namespace avx2
namespace avx512 {
ANONLOG_BEGIN_AVX512
inline std::uint64_t call_hash_bytes(const hash_key& key, const char* text, std::size_t size) noexcept { return hash_bytes(key, text, size); }
ANONLOG_END_TARGET
}  // namespace avx512
#endif

inline hash_function hash_function_of(kernel k) noexcept {
#if ANONLOG_X86_64
  if (k == kernel::avx2) return avx2::call_hash_bytes;
  if (k == kernel::avx512) return avx512::call_hash_bytes;
#endif
  (void)k;
  return seeded_hash;
}

}  // namespace anonlog
