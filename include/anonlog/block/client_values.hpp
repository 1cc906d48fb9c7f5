// block/client_values.hpp: addresses that stand alone, as in the columns of a table, the way the kernels do those of lines.
#pragma once

#include <anonlog/block/kernels.hpp>
#include <anonlog/block/kernel_code.hpp>
#include <anonlog/block/plain_client.hpp>

namespace anonlog {

// What an IPv4 address can be long, and what is read and written at once for it.
inline constexpr std::size_t shortest_client = 7, longest_client = 15, client_reach = 16, client_room = 32;

// How many rows were done, and where the texts made of them end.
struct client_rows {
  std::size_t rows, end;
};

}  // namespace anonlog

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
// client_reach bytes of the text may be read, and client_room written.
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

// The same for rows whose texts are told by offsets, up to the first that is to be asked for elsewhere. `used`: how much of the
// texts that are made stands before `to`; `ends`: where each row's text ends among them. No text becomes longer; client_reach
// bytes from where each begins may be read, and client_room behind the last text be written.
template <class Offset>
using client_rows_function = client_rows (*)(const plain_client& rule, const char* texts, const Offset* offsets, std::size_t rows, char* to,
                                             Offset* ends, std::size_t used) noexcept;

template <class Offset>
client_rows_function<Offset> client_rows_function_of(kernel k) noexcept {
#if ANONLOG_X86_64
  if constexpr (sizeof(Offset) == 4) {
    if (k == kernel::avx2) return avx2::client_rows_32;
    if (k == kernel::avx512) return avx512::client_rows_32;
  } else {
    if (k == kernel::avx2) return avx2::client_rows_64;
    if (k == kernel::avx512) return avx512::client_rows_64;
  }
#endif
  (void)k;
  return nullptr;
}

}  // namespace anonlog
