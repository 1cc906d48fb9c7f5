// simd/text_map.hpp: where a text holds what free text is searched for (transform/scrub.hpp): one look at its bytes, 64 at a
// time, after which every search is one for the next bit.
//
// Most of a message is words and full stops, in which no rule of SPEC 3.8 finds anything. The kernels make the same map;
// tests/simd/text_map_test.cpp compares them with is_text_mark and its like, byte by byte.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/scratch.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/simd/bytes_avx2.hpp>
#include <anonlog/simd/bytes_avx512.hpp>
#include <anonlog/simd/bytes_neon.hpp>
#include <anonlog/simd/bytes_scalar.hpp>
#include <anonlog/simd/kernel.hpp>

namespace anonlog {

// Somebody may begin to be named: a digit, `: ; < = > ? @ % - ~ " \`, and whatever is no printable byte of ASCII; a blank is one.
constexpr bool is_text_mark(unsigned char c) noexcept {
  return c < 0x20 || c >= 0x7E || (c >= '0' && c <= '@') || c == '%' || c == '-' || c == '"' || c == '\\';
}
// Ends a label or a key, or begins a part with a meaning of its own.
constexpr bool is_label_mark(unsigned char c) noexcept { return c == '"' || c == ':' || c == '[' || c == '='; }
// Other control bytes leave as escapes, and are undone within a word when the text is read again: they end none.
constexpr bool is_word_end(unsigned char c) noexcept { return c == ' ' || c == '\t' || c == '"'; }

// 64 bytes of a text, a bit for each byte, the first one the lowest. Bits behind the end of the text mean nothing.
struct text_block {
  std::uint64_t marks;   // is_text_mark; slashes too, where they are asked for
  std::uint64_t events;  // is_label_mark, but for colons in times and addresses; where `user`, `User` or `for ` may stand, if all letters in the block say so
  std::uint64_t ends;    // is_word_end
  std::uint64_t others;  // marks but digits
};

// Where a map is written.
struct text_blocks {
  text_block* blocks;   // one for each 64 bytes, and for the rest
  std::uint64_t* busy;  // a bit for each block with a mark or an event
};

using text_map_function = void (*)(const char* text, std::size_t size, bool marks_slashes, const text_blocks& to) noexcept;

namespace text_map_detail {

// What a block is made of.
struct text_classes {
  std::uint64_t marks, digits, slashes, colons, apostrophes, labels, ends;
  std::uint64_t first, second, third, fourth;  // letters of `user` and `for `
};
constexpr bool is_first_letter(unsigned char c) noexcept { return c == 'u' || c == 'U' || c == 'f'; }
constexpr bool is_second_letter(unsigned char c) noexcept { return c == 's' || c == 'o'; }
constexpr bool is_third_letter(unsigned char c) noexcept { return c == 'e' || c == 'r'; }
constexpr bool is_fourth_letter(unsigned char c) noexcept { return c == 'r' || c == ' '; }

// A bit for each of these, in this order, for every byte of ASCII.
template <class... Test>
constexpr std::array<unsigned char, 128> bits_of(Test... tests) noexcept {
  std::array<unsigned char, 128> made{};
  for (unsigned i = 0; i < made.size(); ++i) {
    unsigned bit = 1;
    ((made[i] = static_cast<unsigned char>(made[i] | (tests(static_cast<unsigned char>(i)) ? bit : 0)), bit <<= 1), ...);
  }
  return made;
}
inline constexpr std::array<unsigned char, 128> class_bits = bits_of(is_text_mark, is_digit, is_label_mark, is_word_end, is_first_letter, is_second_letter, is_third_letter, is_fourth_letter);
inline constexpr std::array<unsigned char, 128> more_class_bits =
    bits_of([](unsigned char c) { return c == '/'; }, [](unsigned char c) { return c == ':'; }, [](unsigned char c) { return c == '\''; });

}  // namespace text_map_detail

namespace scalar::text_map_code {
using namespace text_map_detail;
#if defined(__SSE2__)  // part of x86-64, and much faster here than words of eight bytes
struct bytes64 {
  __m128i parts[4];

  static ANONLOG_INLINE bytes64 load(const void* from) noexcept {
    const auto part = [from](int i) { return _mm_loadu_si128(static_cast<const __m128i*>(from) + i); };
    return {{part(0), part(1), part(2), part(3)}};
  }
  ANONLOG_INLINE std::uint64_t equal(char c) const noexcept {
    return mask_of([wanted = _mm_set1_epi8(c)](__m128i part) { return _mm_cmpeq_epi8(part, wanted); });
  }
  ANONLOG_INLINE std::uint64_t between(char low, char high) const noexcept {
    return mask_of([least = _mm_set1_epi8(low), width = _mm_set1_epi8(static_cast<char>(high - low))](__m128i part) {
      const __m128i above = _mm_sub_epi8(part, least);
      return _mm_cmpeq_epi8(_mm_min_epu8(above, width), above);
    });
  }

 private:
  template <class Compare>
  ANONLOG_INLINE std::uint64_t mask_of(Compare compare) const noexcept {
    std::uint64_t mask = 0;
    for (int i = 0; i < 4; ++i) mask |= std::uint64_t{static_cast<std::uint16_t>(_mm_movemask_epi8(compare(parts[i])))} << 16 * i;
    return mask;
  }
};
#endif
#include <anonlog/simd/text_classes.inl>
#include <anonlog/simd/text_blocks.inl>
}  // namespace scalar::text_map_code

#if ANONLOG_X86_64
ANONLOG_BEGIN_AVX2
namespace avx2::text_map_code {
using namespace text_map_detail;
#include <anonlog/simd/text_classes.inl>
#include <anonlog/simd/text_blocks.inl>
}  // namespace avx2::text_map_code
ANONLOG_END_TARGET

ANONLOG_BEGIN_AVX512
namespace avx512::text_map_code {
using namespace text_map_detail;
// All bytes of ASCII in two registers for each eight classes; those above end no word and may be part of a name. A shift brings
// the bit of a class to the top, from where a mask is made: constants to compare with would have to be loaded for each.
template <int Class>
ANONLOG_INLINE std::uint64_t mask_of(__m512i bits) noexcept {
  return _mm512_movepi8_mask(_mm512_slli_epi16(bits, 7 - Class));
}
ANONLOG_INLINE text_classes classes_of(const bytes64& bytes) noexcept {
  const __mmask64 above = _mm512_movepi8_mask(bytes.v);
  const auto look_up = [&](const std::array<unsigned char, 128>& table) {
    return _mm512_maskz_permutex2var_epi8(~above, bytes64::load(table.data()).v, bytes.v, bytes64::load(table.data() + 64).v);
  };
  const __m512i bits = look_up(class_bits), more = look_up(more_class_bits);
  return {.marks = mask_of<0>(bits) | above,
          .digits = mask_of<1>(bits),
          .slashes = mask_of<0>(more),
          .colons = mask_of<1>(more),
          .apostrophes = mask_of<2>(more),
          .labels = mask_of<2>(bits),
          .ends = mask_of<3>(bits),
          .first = mask_of<4>(bits),
          .second = mask_of<5>(bits),
          .third = mask_of<6>(bits),
          .fourth = mask_of<7>(bits)};
}
#include <anonlog/simd/text_blocks.inl>
}  // namespace avx512::text_map_code
ANONLOG_END_TARGET
#endif

#if ANONLOG_AARCH64
namespace neon::text_map_code {
using namespace text_map_detail;
#include <anonlog/simd/text_classes.inl>
#include <anonlog/simd/text_blocks.inl>
}  // namespace neon::text_map_code
#endif

inline text_map_function text_map_function_of(kernel k) noexcept {
  switch (k) {
#if ANONLOG_X86_64
    case kernel::avx2: return avx2::text_map_code::map_text;
    case kernel::avx512: return avx512::text_map_code::map_text;
#endif
#if ANONLOG_AARCH64
    case kernel::neon: return neon::text_map_code::map_text;
#endif
    default: return scalar::text_map_code::map_text;
  }
}

// The map of one text. Places count from the beginning of the text.
class text_map {
 public:
  // Takes its room from `memory`; false, and of no use, if there is none.
  text_map(const char* text, std::size_t size, bool marks_slashes, text_map_function map_text, scratch& memory) noexcept {
    const std::size_t blocks = (size + block_bytes - 1) / block_bytes, busy = (blocks + 63) / 64;
    constexpr std::size_t alignment = alignof(text_block);
    char* const taken = memory.take(blocks * sizeof(text_block) + busy * sizeof(std::uint64_t) + alignment);
    if (taken == nullptr) return;
    char* const aligned = taken + (alignment - reinterpret_cast<std::uintptr_t>(taken) % alignment) % alignment;
    at_.blocks = reinterpret_cast<text_block*>(aligned);
    at_.busy = reinterpret_cast<std::uint64_t*>(aligned + blocks * sizeof(text_block));
    map_text(text, size, marks_slashes, at_);
  }
  explicit operator bool() const noexcept { return at_.blocks != nullptr; }

  // The first mark or event from `from` on; `to` if there is none before it.
  std::size_t next_mark(std::size_t from, std::size_t to) const noexcept { return next<&text_block::marks>(from, to); }
  std::size_t next_event(std::size_t from, std::size_t to) const noexcept { return next<&text_block::events>(from, to); }

  // Where the word that holds `at` begins and ends, between `from` and `to`.
  std::size_t word_begin(std::size_t at, std::size_t from) const noexcept {
    std::size_t block = at / block_bytes;
    std::uint64_t bits = at_.blocks[block].ends & ((std::uint64_t{1} << at % block_bytes) - 1);
    for (const std::size_t first = from / block_bytes; bits == 0; bits = at_.blocks[block].ends)
      if (block-- <= first) return from;
    const std::size_t begin = block * block_bytes + static_cast<std::size_t>(std::bit_width(bits));
    return begin > from ? begin : from;
  }
  std::size_t word_end(std::size_t at, std::size_t to) const noexcept {
    std::size_t block = at / block_bytes;
    std::uint64_t bits = at_.blocks[block].ends & ~std::uint64_t{0} << at % block_bytes;
    for (const std::size_t last = (to - 1) / block_bytes; bits == 0; bits = at_.blocks[block].ends)
      if (++block > last) return to;
    return place_of(block, bits, to);
  }

  // The marks between the two, which are in one block and not all of it, the first place the lowest bit; none else.
  struct marks {
    std::uint64_t all, others;  // as in text_block
    std::size_t size;
  };
  std::optional<marks> marks_between(std::size_t from, std::size_t to) const noexcept {
    const text_block& block = at_.blocks[from / block_bytes];
    const std::size_t size = to - from, shift = from % block_bytes;
    if (shift + size >= block_bytes) return std::nullopt;
    const std::uint64_t wanted = (std::uint64_t{1} << size) - 1;
    return marks{block.marks >> shift & wanted, block.others >> shift & wanted, size};
  }

 private:
  static constexpr std::size_t block_bytes = 64;

  static std::size_t place_of(std::size_t block, std::uint64_t bits, std::size_t to) noexcept {
    const std::size_t found = block * block_bytes + static_cast<std::size_t>(std::countr_zero(bits));
    return found < to ? found : to;
  }

  template <std::uint64_t text_block::* Bits>
  std::size_t next(std::size_t from, std::size_t to) const noexcept {
    if (from >= to) return to;
    std::size_t block = from / block_bytes;
    const std::uint64_t bits = at_.blocks[block].*Bits & ~std::uint64_t{0} << from % block_bytes;
    if (bits != 0) return place_of(block, bits, to);
    for (const std::size_t last = (to - 1) / block_bytes; block != last;) {
      ++block;
      const std::uint64_t busy = at_.busy[block / 64] >> block % 64;
      if (busy == 0) {
        block |= 63;  // the last of these
        if (block >= last) return to;
        continue;
      }
      block += static_cast<std::size_t>(std::countr_zero(busy));
      if (block > last) return to;
      if (at_.blocks[block].*Bits != 0) return place_of(block, at_.blocks[block].*Bits, to);
    }
    return to;
  }

  text_blocks at_{};
};

}  // namespace anonlog
