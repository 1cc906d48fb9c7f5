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

// What a key ends with whose value may be a secret.
constexpr bool is_key_end(unsigned char c) noexcept { return c == '=' || c == ':' || c == '['; }

template <class Test>
std::size_t find_byte(std::string_view text, std::size_t from, Test test) noexcept {
  while (from < text.size() && !test(static_cast<unsigned char>(text[from]))) ++from;
  return from;
}

#if defined(__SSE2__)
// Two blocks at a time: most hold no mark.
template <class Marks>
std::size_t skip_blocks(std::string_view text, std::size_t from, Marks marks_of) noexcept {
  const auto marks_at = [&](std::size_t at) { return marks_of(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at))); };
  const auto bits_of = [](__m128i marks) { return static_cast<unsigned>(_mm_movemask_epi8(marks)); };
  for (; from + 32 <= text.size(); from += 32) {
    const __m128i low = marks_at(from), high = marks_at(from + 16);
    if (bits_of(_mm_or_si128(low, high)) != 0) return from + static_cast<std::size_t>(__builtin_ctz(bits_of(low) | bits_of(high) << 16));
  }
  if (from + 16 > text.size()) return from;
  const unsigned bits = bits_of(marks_at(from));
  return from + (bits != 0 ? static_cast<std::size_t>(__builtin_ctz(bits)) : 16);
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

inline std::size_t find_key_end_scalar(std::string_view text, std::size_t from) noexcept {
  return text_marks_detail::find_byte(text, from, text_marks_detail::is_key_end);
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

namespace text_marks_detail {

// The next of three bytes.
template <char A, char B, char C, class Test>
std::size_t find_one_of(std::string_view text, std::size_t from, Test test) noexcept {
#if defined(__SSE2__)
  from = skip_blocks(text, from, [](__m128i bytes) {
    const auto is = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    return _mm_or_si128(_mm_or_si128(is(A), is(B)), is(C));
  });
#endif
  return find_byte(text, from, test);
}

}  // namespace text_marks_detail

inline std::size_t find_part_mark(std::string_view text, std::size_t from) noexcept {
  return text_marks_detail::find_one_of<'"', ':', '['>(text, from, text_marks_detail::is_part_mark);
}
inline std::size_t find_key_end(std::string_view text, std::size_t from) noexcept {
  return text_marks_detail::find_one_of<'=', ':', '['>(text, from, text_marks_detail::is_key_end);
}

// Where `word`, of four bytes, stands next; npos as std::string_view::find, which looks at every byte that may begin it instead.
inline std::size_t find_four(std::string_view text, std::string_view word, std::size_t from) noexcept {
#if defined(__SSE2__)
  const __m128i first = _mm_set1_epi8(word[0]), last = _mm_set1_epi8(word[3]);
  const auto at = [&](std::size_t place) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + place)); };
  const auto both_at = [&](std::size_t place) { return _mm_and_si128(_mm_cmpeq_epi8(at(place), first), _mm_cmpeq_epi8(at(place + 3), last)); };
  const auto bits_of = [](__m128i marks) { return static_cast<unsigned>(_mm_movemask_epi8(marks)); };
  for (; from + 35 <= text.size(); from += 32) {
    const __m128i low = both_at(from), high = both_at(from + 16);
    if (bits_of(_mm_or_si128(low, high)) == 0) continue;
    for (auto places = bits_of(low) | bits_of(high) << 16; places != 0; places &= places - 1) {
      const std::size_t place = from + static_cast<std::size_t>(__builtin_ctz(places));
      if (text.substr(place, 4) == word) return place;
    }
  }
#endif
  return text.find(word, from);
}

}  // namespace anonlog
