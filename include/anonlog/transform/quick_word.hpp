// transform/quick_word.hpp: the words of free text that name somebody most often, answered at once: an address, an e-mail
// address, a number with or without a fraction, hex digits, and a number or an address behind `KEY=`.
//
// Only a short way to what scrub_words.hpp would write anyway; whatever looks otherwise is left to it.
// tests/transform/quick_word_test.cpp compares the two. Source: SPEC 3.8 (inline rules), CLI 6.
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/character_profile.hpp>
#include <anonlog/transform/email_address.hpp>
#include <anonlog/transform/inline_rules.hpp>
#include <anonlog/transform/ip_address.hpp>
#include <anonlog/transform/placeholder.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/told_secret.hpp>

namespace anonlog {

namespace quick_word_detail {

// Digits, hex digits, dots and colons only: an address, a number, hex digits; `p` is the profile of `core`. none: no such thing.
inline placeholder number_or_address(raw core, const character_profile& p) noexcept {
  if (p.digits == p.size) return p.size >= 6 ? placeholder::num : placeholder::none;
  if (p.hexes == p.size) return p.size >= 8 && p.digits != 0 && (p.lowers == 0 || p.uppers == 0) ? placeholder::hex : placeholder::none;
  if (p.hexes + p.colons + p.dots != p.size || !is_hex(core.front()) || !is_hex(core.back())) return placeholder::none;
  if (p.colons >= 2 && p.dots < 3) return placeholder::ip;  // a run with two colons is one, whatever it says
  ip_element element;
  return (p.dots == 3 || p.colons >= 2) && parse_ip(core, element) ? placeholder::ip : placeholder::none;
}

// Of a number such as `0.257718`; npos if it is none.
inline std::size_t point_of(raw core, const character_profile& p) noexcept {
  return p.dots == 1 && p.digits + 1 == p.size ? core.find('.') : raw::npos;
}
inline void put_digits(raw digits, scope& s, writer& out) noexcept {
  if (digits.size() >= inline_rules::shortest_word) put_placeholder(placeholder::num, s.counts, out);
  else out.release(digits);
}

// LOCAL@DOMAIN of plain bytes, and nothing else in which another rule would find something first.
inline bool is_plain_email(raw core, const character_profile& p) noexcept {
  if (p.at_signs != 1 || p.alphanumerics() + p.dots + p.dashes + p.token_marks + 1 != p.size) return false;
  std::size_t at = 0;
  for (std::size_t i = 0; i < core.size(); ++i) {
    if (core[i] == '@') at = i;
    if (core[i] == '=' || core[i] == 'J') return false;  // a key; `eyJ` begins a web token
  }
  const raw domain = core.sub(at + 1);
  if (at == 0 || at > 64 || domain.empty() || core[at] != '@') return false;
  return is_alphanumeric(domain.front()) && is_alphanumeric(domain.back()) && all_of(domain, is_email_domain_byte);
}

}  // namespace quick_word_detail

// Writes what becomes of the word, and returns true; or writes nothing and returns false. `p` is the word's profile.
inline bool put_quick_word(raw word, const character_profile& p, scope& s, writer& out) noexcept {
  using namespace quick_word_detail;
  if (p.specials != 0) return false;
  std::size_t from = word.front() == '(' || word.front() == '[' ? 1 : 0, to = word.size();
  while (to > from && (word[to - 1] == ',' || word[to - 1] == ')' || word[to - 1] == ']')) --to;  // of the sentence
  raw core = word.sub(from, to - from);
  if (core.empty() || (p.colons != 0 && word.front() == '[')) return false;  // brackets around an address of IPv6 belong to it
  character_profile of_core = p;
  of_core.size = core.size();
  placeholder found = placeholder::none;
  std::size_t key_size = 0;  // with the `=`
  if (p.at_signs != 0) {
    if (is_plain_email(core, of_core)) found = placeholder::email;
  } else if (p.token_marks == 0 && p.dashes == 0) {
    if (const std::size_t point = point_of(core, of_core); point != raw::npos) {
      out.release(word.first(from));
      put_digits(core.first(point), s, out);
      out.put('.');
      put_digits(core.sub(point + 1), s, out);
      out.release(word.sub(to));
      return true;
    }
    found = number_or_address(core, of_core);
  } else if (p.token_marks == 1 && p.dashes == 0) {
    const raw key = core.first(run_end(core, 0, is_letter));
    if (key.empty() || key.size() >= 20 || key.size() == core.size() || core[key.size()] != '=' || from != 0) return false;
    key_size = key.size() + 1;
    const raw value = core.sub(key_size);
    if (told_secrets::is_secret_key(key) || value.empty()) return false;
    const character_profile of_value = of_core.without(character_profile::of(core.first(key_size)));
    // Key and number are one word to the rules: small and capital letters together could make a token of it.
    if (of_value.digits == of_value.size && of_core.lowers != 0 && of_core.uppers != 0) return false;
    if (of_value.digits >= 20 || (of_value.hexes == of_value.size && of_value.digits != of_value.size)) return false;
    found = number_or_address(value, of_value);
  }
  if (found == placeholder::none) return false;
  if (from + key_size != 0) out.release(word.first(from + key_size));
  put_placeholder(found, s.counts, out);
  if (to != word.size()) out.release(word.sub(to));
  return true;
}

}  // namespace anonlog
