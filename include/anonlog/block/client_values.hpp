// block/client_values.hpp: addresses that stand alone, as in the columns of a table, the way the kernels do those of lines.
#pragma once

#include <anonlog/block/kernels.hpp>
#include <anonlog/block/kernel_code.hpp>
#include <anonlog/block/plain_client.hpp>

#if ANONLOG_X86_64
ANONLOG_BEGIN_AVX2
namespace anonlog::avx2 {
#include <anonlog/block/client_values.inl>
}  // namespace anonlog::avx2
ANONLOG_END_TARGET

ANONLOG_BEGIN_AVX512
namespace anonlog::avx512 {
#include <anonlog/block/client_values.inl>
}  // namespace anonlog::avx512
ANONLOG_END_TARGET
#endif

namespace anonlog {

// Truncates an IPv4 address in its usual spelling, of 7 to 15 bytes, to the same effect as ip_position: counted as one of its
// family, outcome::reduced. Returns how many bytes it wrote; 0: it is another text, or one that the policy asks more for.
// Sixteen bytes of the text may be read, and 32 written.
using client_function = std::uint32_t (*)(const plain_client& rule, const char* text, std::uint32_t size, char* to) noexcept;

// nullptr: this kernel has none.
inline client_function client_function_of(kernel k) noexcept {
#if ANONLOG_X86_64
  if (k == kernel::avx2) return avx2::lone_client;
  if (k == kernel::avx512) return avx512::lone_client;
#endif
  (void)k;
  return nullptr;
}

}  // namespace anonlog
