// transform/character_profile.hpp: which kinds of bytes a text holds, in one look, so that most rules need not run.
//
// Counted with one addition a byte: a word has a lane of six bits for each kind, so 63 bytes are counted before it is
// unpacked. Source: SPEC 3.8, the shortcut; the rules of whole_segment_rule.hpp and inline_rules.hpp ask it too.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <anonlog/core/raw.hpp>

namespace anonlog {

// How many bytes of each kind a short text holds, packed.
class byte_kinds {
 public:
  static constexpr std::size_t most_bytes = 63;

  // Of at most `most_bytes`.
  static constexpr byte_kinds of(raw text) noexcept {
    byte_kinds kinds;
    for (const char c : text) kinds.packed_ += lanes[static_cast<unsigned char>(c)];
    return kinds;
  }

  // Of the bytes before the first one that `ends` the text, of at most `most_bytes`; `size` becomes how many they are.
  template <class Ends>
  static constexpr byte_kinds until(raw text, Ends ends, std::size_t& size) noexcept {
    byte_kinds kinds;
    const char* at = text.begin();
    for (; at != text.end() && !ends(static_cast<unsigned char>(*at)); ++at) kinds.packed_ += lanes[static_cast<unsigned char>(*at)];
    size = static_cast<std::size_t>(at - text.begin());
    return kinds;
  }

  // What of this kind of bytes is not in `part`, a part of the same text.
  constexpr byte_kinds without(byte_kinds part) const noexcept {
    byte_kinds rest;
    rest.packed_ = packed_ - part.packed_;
    return rest;
  }

  enum kind : unsigned {
    digit, hex_letter, lower, upper,  // lower and upper: all letters
    dash, colon, dot,
    token_mark,                       // `_ = + ~`
    at_sign,                          // also the first byte of a full-width one, and of other text
    special,                          // `;`, `%` and `?`, and other bytes >= 0x80
  };
  constexpr std::size_t count(kind k) const noexcept { return packed_ >> (lane_bits * k) & most_bytes; }

  // True if no rule of SPEC 3.8 can change a decoded text of such bytes that does not begin with `~`.
  constexpr bool is_beyond_every_rule() const noexcept {
    return (packed_ & (lane(digit) | lane(colon) | lane(at_sign) | lane(special) | (lane(dash) & ~(one(dash) * 3)))) == 0;
  }

 private:
  static constexpr unsigned lane_bits = 6;
  static constexpr std::uint64_t one(kind k) noexcept { return std::uint64_t{1} << (lane_bits * k); }
  static constexpr std::uint64_t lane(kind k) noexcept { return one(k) * most_bytes; }

  static constexpr std::array<std::uint64_t, 256> make_lanes() noexcept {
    std::array<std::uint64_t, 256> made{};
    for (unsigned c = 0; c < made.size(); ++c) {
      const auto byte = static_cast<unsigned char>(c);
      if (is_digit(byte)) made[c] += one(digit);
      if (is_hex(byte) && !is_digit(byte)) made[c] += one(hex_letter);
      if (is_lower(byte)) made[c] += one(lower);
      if (is_upper(byte)) made[c] += one(upper);
      switch (byte) {
        case '-': made[c] += one(dash); break;
        case ':': made[c] += one(colon); break;
        case '.': made[c] += one(dot); break;
        case '_': case '=': case '+': case '~': made[c] += one(token_mark); break;
        case '@': case 0xEF: made[c] += one(at_sign); break;
        case ';': case '%': case '?': made[c] += one(special); break;
        default: if (byte >= 0x80) made[c] += one(special);
      }
    }
    return made;
  }
  static const std::array<std::uint64_t, 256> lanes;

  std::uint64_t packed_ = 0;
};

inline constexpr std::array<std::uint64_t, 256> byte_kinds::lanes = byte_kinds::make_lanes();

// The same for a text of any length.
struct character_profile {
  std::size_t size = 0, digits = 0, lowers = 0, uppers = 0, dashes = 0, colons = 0, dots = 0;
  std::size_t hexes = 0;        // 0-9 a-f A-F
  std::size_t token_marks = 0;  // `_ = + ~`
  std::size_t at_signs = 0;     // also the first byte of a full-width one, and of other text
  std::size_t specials = 0;     // `;`, `%` and `?`, and other bytes >= 0x80

  constexpr character_profile() noexcept = default;
  constexpr character_profile(byte_kinds kinds, std::size_t bytes) noexcept { add(kinds, bytes); }

  static constexpr character_profile of(raw text) noexcept {
    character_profile p;
    for (std::size_t from = 0; from < text.size(); from += byte_kinds::most_bytes) {
      const raw part = text.sub(from, byte_kinds::most_bytes);
      p.add(byte_kinds::of(part), part.size());
    }
    return p;
  }

  constexpr bool has_digit_lower_upper() const noexcept { return digits != 0 && lowers != 0 && uppers != 0; }
  constexpr std::size_t alphanumerics() const noexcept { return digits + lowers + uppers; }

  // What is left without `part`, a part of the same text.
  constexpr character_profile without(const character_profile& part) const noexcept {
    character_profile rest;
    rest.size = size - part.size;
    rest.digits = digits - part.digits;
    rest.lowers = lowers - part.lowers;
    rest.uppers = uppers - part.uppers;
    rest.dashes = dashes - part.dashes;
    rest.colons = colons - part.colons;
    rest.dots = dots - part.dots;
    rest.hexes = hexes - part.hexes;
    rest.token_marks = token_marks - part.token_marks;
    rest.at_signs = at_signs - part.at_signs;
    rest.specials = specials - part.specials;
    return rest;
  }

 private:
  constexpr void add(byte_kinds kinds, std::size_t bytes) noexcept {
    size += bytes;
    digits += kinds.count(byte_kinds::digit);
    hexes += kinds.count(byte_kinds::digit) + kinds.count(byte_kinds::hex_letter);
    lowers += kinds.count(byte_kinds::lower);
    uppers += kinds.count(byte_kinds::upper);
    dashes += kinds.count(byte_kinds::dash);
    colons += kinds.count(byte_kinds::colon);
    dots += kinds.count(byte_kinds::dot);
    token_marks += kinds.count(byte_kinds::token_mark);
    at_signs += kinds.count(byte_kinds::at_sign);
    specials += kinds.count(byte_kinds::special);
  }
};

// True if no rule of SPEC 3.8 can change a decoded segment with this profile: the common case.
constexpr bool is_beyond_every_rule(raw text, const character_profile& p) noexcept {
  return p.size <= 64 && p.digits == 0 && p.at_signs == 0 && p.colons == 0 && p.specials == 0 && p.dashes < 4 &&
         (text.empty() || text.front() != '~');
}
constexpr bool is_beyond_every_rule(raw text) noexcept { return is_beyond_every_rule(text, character_profile::of(text)); }

}  // namespace anonlog
