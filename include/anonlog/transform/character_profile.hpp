// transform/character_profile.hpp: which kinds of bytes a text holds, in one look, so that most rules need not run.
//
// Source: SPEC 3.8, the shortcut; the rules of whole_segment_rule.hpp and inline_rules.hpp ask it too.
#pragma once

#include <cstddef>

#include <anonlog/core/raw.hpp>

namespace anonlog {

struct character_profile {
  std::size_t size = 0, digits = 0, lowers = 0, uppers = 0, dashes = 0, colons = 0, dots = 0, underscores = 0;
  std::size_t hexes = 0;       // 0-9 a-f A-F
  std::size_t at_signs = 0;    // also the first byte of a full-width one, and of other text
  std::size_t cut_bytes = 0;   // `;` and `%`
  std::size_t other_token = 0; // `= + ~`

  static constexpr character_profile of(raw text) noexcept {
    character_profile p;
    p.size = text.size();
    for (std::size_t i = 0; i < text.size(); ++i) {
      const unsigned char c = text[i];
      p.digits += is_digit(c) ? 1 : 0;
      p.lowers += is_lower(c) ? 1 : 0;
      p.uppers += is_upper(c) ? 1 : 0;
      p.hexes += is_hex(c) ? 1 : 0;
      switch (c) {
        case '-': ++p.dashes; break;
        case ':': ++p.colons; break;
        case '.': ++p.dots; break;
        case '_': ++p.underscores; break;
        case '@': case 0xEF: ++p.at_signs; break;
        case ';': case '%': ++p.cut_bytes; break;
        case '=': case '+': case '~': ++p.other_token; break;
        default: break;
      }
    }
    return p;
  }

  constexpr bool has_digit_lower_upper() const noexcept { return digits != 0 && lowers != 0 && uppers != 0; }
  constexpr std::size_t alphanumerics() const noexcept { return digits + lowers + uppers; }
};

// True if no rule of SPEC 3.8 can change a decoded segment: one pass, and the common case.
constexpr bool is_beyond_every_rule(raw text) noexcept {
  if (text.size() > 64 || (!text.empty() && text.front() == '~')) return false;
  std::size_t dashes = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = text[i];
    if (is_digit(c) || c >= 0x80 || c == '@' || c == ':' || c == ';' || c == '%') return false;
    dashes += c == '-' ? 1 : 0;
  }
  return dashes < 4;
}

}  // namespace anonlog
