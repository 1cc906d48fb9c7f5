// simd/quotes.hpp: where the quotes of a line are, and whether it holds a backslash: one pass over the line.
//
// Sixteen bytes at a time where every processor of the family can (SSE2 is part of x86-64), else one by one. Both give
// the same; tests/simd/quotes_test.cpp compares them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace anonlog {

struct quote_scan {
  std::size_t count = 0;       // of quotes; at most `room` of their places are written
  bool has_backslash = false;
};

namespace quotes_detail {

inline quote_scan scan_bytes(std::string_view line, std::size_t from, quote_scan found, std::uint32_t* places,
                             std::size_t room) noexcept {
  for (std::size_t i = from; i < line.size(); ++i) {
    if (line[i] == '"' && found.count++ < room) places[found.count - 1] = static_cast<std::uint32_t>(i);
    found.has_backslash = found.has_backslash || line[i] == '\\';
  }
  return found;
}

}  // namespace quotes_detail

// Byte by byte: the definition of right.
inline quote_scan scan_quotes_scalar(std::string_view line, std::uint32_t* places, std::size_t room) noexcept {
  return quotes_detail::scan_bytes(line, 0, {}, places, room);
}

inline quote_scan scan_quotes(std::string_view line, std::uint32_t* places, std::size_t room) noexcept {
  std::size_t at = 0, count = 0;
  bool has_backslash = false;
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
  __m128i backslashes = _mm_setzero_si128();
  for (; at + 16 <= line.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(line.data() + at));
    backslashes = _mm_or_si128(backslashes, _mm_cmpeq_epi8(bytes, backslash));
    auto quotes = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote)));
    for (; quotes != 0; quotes &= quotes - 1, ++count)
      if (count < room) places[count] = static_cast<std::uint32_t>(at + static_cast<std::size_t>(__builtin_ctz(quotes)));
  }
  has_backslash = _mm_movemask_epi8(backslashes) != 0;
#endif
  return quotes_detail::scan_bytes(line, at, {count, has_backslash}, places, room);
}

}  // namespace anonlog
