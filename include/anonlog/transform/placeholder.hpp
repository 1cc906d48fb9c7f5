// transform/placeholder.hpp: the words that stand where an identifier stood: `:email`, `:num`, ...
//
// The list is closed, and no word begins another one, so a placeholder already written is recognised wherever it
// stands: that makes the path template idempotent. Source: SPEC 3.8 (Template), 5.2 (they are counted).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/tally.hpp>
#include <anonlog/core/writer.hpp>

namespace anonlog {

// In the order of counted::placeholder_email and the following.
enum class placeholder : unsigned char { email, uuid, ip, num, hex, date, phone, token, long_text, user, none };

inline constexpr std::array<std::string_view, 10> placeholder_texts = {
    ":email", ":uuid", ":ip", ":num", ":hex", ":date", ":phone", ":token", ":long", ":user",
};

constexpr std::string_view to_text(placeholder p) noexcept {
  return p == placeholder::none ? std::string_view() : placeholder_texts[static_cast<std::size_t>(p)];
}

// The placeholder that is written in `text` at `at`, if any.
constexpr placeholder placeholder_at(raw text, std::size_t at) noexcept {
  if (text[at] != ':') return placeholder::none;
  const raw rest = text.sub(at);
  for (std::size_t i = 0; i < placeholder_texts.size(); ++i)
    if (rest.starts_with(placeholder_texts[i])) return static_cast<placeholder>(i);
  return placeholder::none;
}

constexpr bool holds_placeholder(raw text) noexcept {
  for (std::size_t at = text.find(':'); at != raw::npos; at = text.find(':', at + 1))
    if (placeholder_at(text, at) != placeholder::none) return true;
  return false;
}

inline void put_placeholder(placeholder p, tally& counts, writer& out) noexcept {
  counts.add(static_cast<counted>(static_cast<std::size_t>(counted::placeholder_email) + static_cast<std::size_t>(p)));
  out.put(to_text(p));
}

}  // namespace anonlog
