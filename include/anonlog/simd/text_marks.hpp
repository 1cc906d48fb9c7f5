// simd/text_marks.hpp: the next byte of free text at which somebody may begin to be named (transform/scrub.hpp).
//
// Most of a message is words and full stops, in which no rule of SPEC 3.8 finds anything: they are passed over sixteen bytes at
// a time where every processor of the family can (SSE2 is part of x86-64), else one by one. Both give the same;
// tests/simd/text_marks_test.cpp compares them.
#pragma once

#include <cstddef>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace anonlog {

namespace text_marks_detail {

// A digit, `: ; < = > ? @ % - ~ "` and the backslash, and whatever is no printable byte of ASCII; a blank is printable.
constexpr bool is_mark(unsigned char c) noexcept {
  return c < 0x20 || c >= 0x7E || (c >= '0' && c <= '@') || c == '%' || c == '-' || c == '"' || c == '\\';
}

// What a part with a meaning of its own begins with, or the label in front of it ends with.
constexpr bool is_part_mark(unsigned char c) noexcept { return c == '"' || c == ':' || c == '['; }

template <class Test>
std::size_t find_byte(std::string_view text, std::size_t from, Test test) noexcept {
  while (from < text.size() && !test(static_cast<unsigned char>(text[from]))) ++from;
  return from;
}

#if defined(__SSE2__)
template <class Marks>
std::size_t skip_blocks(std::string_view text, std::size_t from, Marks marks_of) noexcept {
  for (; from + 16 <= text.size(); from += 16) {
    const auto marks = static_cast<unsigned>(_mm_movemask_epi8(marks_of(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from)))));
    if (marks != 0) return from + static_cast<std::size_t>(__builtin_ctz(marks));
  }
  return from;
}
#endif

}  // namespace text_marks_detail

// Byte by byte: the definition of right. The size of the text if there is none from here on.
inline std::size_t find_text_mark_scalar(std::string_view text, std::size_t from) noexcept {
  return text_marks_detail::find_byte(text, from, text_marks_detail::is_mark);
}
inline std::size_t find_part_mark_scalar(std::string_view text, std::size_t from) noexcept {
  return text_marks_detail::find_byte(text, from, text_marks_detail::is_part_mark);
}

inline std::size_t find_text_mark(std::string_view text, std::size_t from) noexcept {
#if defined(__SSE2__)
  from = text_marks_detail::skip_blocks(text, from, [](__m128i bytes) {
    const auto is = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    const __m128i unprintable = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)), _mm_cmpgt_epi8(bytes, _mm_set1_epi8('~' - 1)));  // bytes from 0x80 on are negative
    const __m128i above_zero = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    const __m128i number = _mm_cmpeq_epi8(_mm_min_epu8(above_zero, _mm_set1_epi8('@' - '0')), above_zero);
    return _mm_or_si128(_mm_or_si128(_mm_or_si128(unprintable, number), is('%')), _mm_or_si128(_mm_or_si128(is('-'), is('"')), is('\\')));
  });
#endif
  return find_text_mark_scalar(text, from);
}

inline std::size_t find_part_mark(std::string_view text, std::size_t from) noexcept {
#if defined(__SSE2__)
  from = text_marks_detail::skip_blocks(text, from, [](__m128i bytes) {
    const auto is = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    return _mm_or_si128(_mm_or_si128(is('"'), is(':')), is('['));
  });
#endif
  return find_part_mark_scalar(text, from);
}

}  // namespace anonlog
