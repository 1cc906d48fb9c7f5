// transform/token.hpp: how a pseudonym is written: a tag, a dash, and base32 of its hash.
//
// Source: SPEC 3.3.2; `accept_tokens`: SPEC 3.1.
#pragma once

#include <initializer_list>
#include <string_view>

#include <anonlog/core/swar.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/crypto/keyed_hash.hpp>

namespace anonlog {

struct token_style {
  unsigned symbols = 16;       // base32 symbols of 5 bits; 8, 12, 16, 20 or 24
  bool accept_tokens = false;  // lets what looks like a token of the own class pass as it is
};

constexpr bool is_token_length(std::uint64_t symbols) noexcept {
  return symbols >= 8 && symbols <= 24 && symbols % 4 == 0;
}

inline constexpr std::string_view base32_alphabet = "abcdefghijklmnopqrstuvwxyz234567";

// Tags: ip h u e s v x p a.
inline void put_token(writer& out, std::string_view tag, const hash128& hash, token_style style) noexcept {
  constexpr unsigned most_symbols = 26;  // of 128 bits
  char text[most_symbols];
  const unsigned symbols = style.symbols < most_symbols ? style.symbols : most_symbols;
  const auto* const bytes = reinterpret_cast<const char*>(hash.bytes.data());
  std::uint64_t left = __builtin_bswap64(swar::load(bytes)), right = __builtin_bswap64(swar::load(bytes + 8));  // first bit on top
  for (unsigned i = 0; i < symbols; ++i) {
    text[i] = base32_alphabet[left >> 59];
    left = left << 5 | right >> 59;
    right <<= 5;
  }
  out.put(tag);
  out.put('-');
  out.put(std::string_view(text, symbols));
}

// True if tokens are accepted and the whole value is one of 16 symbols, with one of these tags. The length is fixed
// by SPEC 3.1 whatever `symbols` says.
inline bool is_accepted_token(raw value, std::initializer_list<std::string_view> tags, token_style style) noexcept {
  if (!style.accept_tokens) return false;
  for (const std::string_view tag : tags) {
    if (value.size() != tag.size() + 1 + 16 || !value.starts_with(tag) || value[tag.size()] != '-') continue;
    if (all_of(value.sub(tag.size() + 1), [](unsigned char c) { return is_lower(c) || (c >= '2' && c <= '7'); }))
      return true;
  }
  return false;
}

// Lets an accepted token through and returns true; otherwise writes nothing.
inline bool pass_accepted_token(raw value, std::initializer_list<std::string_view> tags, token_style style,
                                writer& out) noexcept {
  if (!is_accepted_token(value, tags, style)) return false;
  out.release(value);
  return true;
}

}  // namespace anonlog
