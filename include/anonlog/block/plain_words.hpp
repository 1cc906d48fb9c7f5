// block/plain_words.hpp: methods, protocols and schemes as words of eight bytes, compared at once.
//
// From the lists of transform/http_words.hpp. CONNECT has no target and PROPPATCH nine letters: lines with those, and with
// methods nobody knows, take the exact path.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <anonlog/transform/http_words.hpp>

namespace anonlog::plain_words {

// The first bytes of a text as they come from memory.
consteval std::uint64_t word_of(std::string_view text) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < text.size() && i < 8; ++i) {
    const std::size_t place = std::endian::native == std::endian::little ? i : 7 - i;
    word |= std::uint64_t{static_cast<unsigned char>(text[i])} << 8 * place;
  }
  return word;
}

// The first `bytes` of the eight bytes of a word, 1 to 8.
constexpr std::uint64_t first_bytes(std::uint64_t word, unsigned bytes) noexcept {
  const unsigned unused = 64 - 8 * bytes;
  return std::endian::native == std::endian::little ? word << unused >> unused : word >> unused << unused;
}

struct method_table {
  std::uint64_t factor = 0;
  std::array<std::uint64_t, 64> words{};

  constexpr std::size_t place_of(std::uint64_t word) const noexcept { return word * factor >> 58; }
};

consteval method_table make_methods() {
  method_table made;
  std::uint64_t random = 0x9E3779B97F4A7C15;
  for (bool has_collision = true; has_collision;) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    made = {.factor = random | 1};
    has_collision = false;
    for (const std::string_view method : known_methods) {
      if (method.size() > 8 || method == "CONNECT") continue;
      std::uint64_t& place = made.words[made.place_of(word_of(method))];
      has_collision = has_collision || place != 0;
      place = word_of(method);
    }
  }
  return made;
}

inline constexpr method_table methods = make_methods();

// `word` begins with a listed method of so many bytes.
[[gnu::always_inline]] constexpr bool is_method(std::uint64_t word, unsigned bytes) noexcept {
  if (bytes == 0 || bytes > 8) return false;
  const std::uint64_t method = first_bytes(word, bytes);
  return methods.words[methods.place_of(method)] == method;
}

// The eight bytes are a protocol.
// Without a branch: which of them comes next cannot be foretold.
[[gnu::always_inline]] constexpr bool is_long_protocol(std::uint64_t word) noexcept {
  constexpr bool is_little = std::endian::native == std::endian::little;
  constexpr unsigned major_shift = is_little ? 40 : 16, minor_shift = is_little ? 56 : 0;
  const auto bit = [](unsigned major, unsigned minor) { return std::uint64_t{1} << (minor << 2 | major); };
  const std::uint64_t versions = bit(0, 9) | bit(1, 0) | bit(1, 1) | bit(2, 0) | bit(3, 0);
  const std::uint64_t digits = word ^ word_of("HTTP/0.0");
  const std::uint64_t others = digits & ~(std::uint64_t{3} << major_shift | std::uint64_t{15} << minor_shift);
  const std::uint64_t is_listed = versions >> ((digits >> minor_shift & 15) << 2 | (digits >> major_shift & 3)) & 1;
  return (others == 0) & (is_listed != 0);
}

// The last six of the eight bytes are one.
[[gnu::always_inline]] constexpr bool is_short_protocol(std::uint64_t word) noexcept {
  const std::uint64_t last = std::endian::native == std::endian::little ? word >> 16 : word << 16;
  return last == word_of("HTTP/2") || last == word_of("HTTP/3");
}

// The eight bytes begin with this scheme.
[[gnu::always_inline]] constexpr bool is_https(std::uint64_t word) noexcept { return word == word_of("https://"); }
[[gnu::always_inline]] constexpr bool is_http(std::uint64_t word) noexcept { return first_bytes(word, 7) == word_of("http://"); }

}  // namespace anonlog::plain_words
