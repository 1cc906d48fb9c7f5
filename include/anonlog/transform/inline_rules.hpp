// transform/inline_rules.hpp: identifiers inside a longer text, one function for each rule.
//
// Each rule gets one piece of text and calls found(from, size, placeholder) for what it replaces, from left to right.
// "Maximal" and "whole" mean within the piece: the rules run in the order of SPEC 3.8, and what one has replaced is no
// longer text for the next (identifier_rules.hpp cuts the pieces). All are linear.
#pragma once

#include <algorithm>
#include <cstddef>

#include <anonlog/core/raw.hpp>
#include <anonlog/transform/character_profile.hpp>
#include <anonlog/transform/email_address.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/placeholder.hpp>
#include <anonlog/transform/whole_segment_rule.hpp>

namespace anonlog::inline_rules {

// Calls visit(from, size) for each maximal run of bytes that satisfy `test`.
template <class Test, class Visit>
void for_each_run(raw piece, Test test, Visit visit) noexcept {
  for (std::size_t i = 0; i < piece.size();) {
    if (!test(piece[i])) {
      ++i;
      continue;
    }
    const std::size_t end = run_end(piece, i, test);
    visit(i, end - i);
    i = end;
  }
}

template <class Found>
void emails(raw piece, Found found) noexcept {
  for (email_span e = find_email(piece, 0); e.size != 0; e = find_email(piece, e.from + e.size))
    found(e.from, e.size, placeholder::email);
}

// The braces around it belong to it.
template <class Found>
void uuids(raw piece, Found found) noexcept {
  for (std::size_t i = 0, done = 0; i + uuid_size <= piece.size();) {
    if (!is_uuid_at(piece, i)) {
      ++i;
      continue;
    }
    const std::size_t from = i > done && piece[i - 1] == '{' ? i - 1 : i;
    i += uuid_size;
    if (i < piece.size() && piece[i] == '}') ++i;
    found(from, i - from, placeholder::uuid);
    done = i;
  }
}

// Six hex pairs joined by dashes: a MAC address.
template <class Found>
void hex_pairs(raw piece, Found found) noexcept {
  constexpr std::size_t size = 17;
  const auto begins = [&](std::size_t at) {
    if (piece[at + 2] != '-') return false;
    for (std::size_t i = 0; i < size; ++i)
      if (i % 3 == 2 ? piece[at + i] != '-' : !is_hex(piece[at + i])) return false;
    return true;
  };
  for (std::size_t i = 0; i + size <= piece.size();) {
    if (begins(i)) {
      found(i, size, placeholder::hex);
      i += size;
    } else {
      ++i;
    }
  }
}

// Hex digits, colons and dots with two or more colons.
template <class Found>
void colon_runs(raw piece, Found found) noexcept {
  for_each_run(piece, [](unsigned char c) { return is_hex(c) || c == ':' || c == '.'; },
               [&](std::size_t from, std::size_t size) {
                 const raw run = piece.sub(from, size);
                 const std::size_t first = run.find(':');
                 if (first != raw::npos && run.find(':', first + 1) != raw::npos) found(from, size, placeholder::ip);
               });
}

// Four whole runs of 1-3 digits joined by dashes.
template <class Found>
void dashed_quads(raw piece, Found found) noexcept {
  std::size_t quad_from = 0, runs = 0;
  for (std::size_t i = 0; i < piece.size();) {
    if (!is_digit(piece[i])) {
      if (piece[i] != '-' || i + 1 == piece.size() || !is_digit(piece[i + 1])) runs = 0;
      ++i;
      continue;
    }
    const std::size_t end = run_end(piece, i, is_digit);
    if (end - i > 3) {
      runs = 0;
    } else {
      if (runs++ == 0) quad_from = i;
      if (runs == 4) {
        found(quad_from, end - quad_from, placeholder::ip);
        runs = 0;
      }
    }
    i = end;
  }
}

// Maximal chains of digit runs joined by single dots in which four runs of 1-3 digits stand joined. The outer two of
// the four may be the near ends of longer runs.
template <class Found>
void dotted_chains(raw piece, Found found) noexcept {
  for (std::size_t i = 0; i < piece.size();) {
    if (!is_digit(piece[i])) {
      ++i;
      continue;
    }
    std::size_t end = i, runs = 0;
    bool holds_quad = false;
    for (;;) {
      const std::size_t run_to = run_end(piece, end, is_digit);
      holds_quad = holds_quad || runs >= 3;
      runs = run_to - end <= 3 ? runs + 1 : 1;
      end = run_to;
      if (end + 1 >= piece.size() || piece[end] != '.' || !is_digit(piece[end + 1])) break;
      ++end;
    }
    if (holds_quad) found(i, end - i, placeholder::ip);
    i = end;
  }
}

// 24 or more bytes of base64url or base64 with digit, lower and upper.
template <class Found>
void long_tokens(raw piece, Found found) noexcept {
  static constexpr byte_set is_token_byte("_=+-");
  for_each_run(piece, is_token_byte, [&](std::size_t from, std::size_t size) {
    if (size >= 24 && character_profile::of(piece.sub(from, size)).has_digit_lower_upper())
      found(from, size, placeholder::token);
  });
}

inline constexpr std::size_t shortest_word = 6;

// The words: numbers, hex, tokens.
template <class Found>
void words(raw piece, Found found) noexcept {
  static constexpr byte_set is_word_byte("=+");
  const auto is_hex_word = [](raw word) {
    return word.size() >= 8 && all_of(word, is_hex) && any_of(word, is_digit);
  };
  for_each_run(piece, is_word_byte, [&](std::size_t from, std::size_t size) {
    const raw word = piece.sub(from, size);
    if (size < shortest_word) return;
    const character_profile p = character_profile::of(word);
    if (p.digits == 0) return;
    if (p.digits == size) return found(from, size, placeholder::num);
    if (p.hexes == size && size >= 8) return found(from, size, placeholder::hex);
    if (size >= 16 && p.has_digit_lower_upper()) return found(from, size, placeholder::token);
    if (segment_detail::holds_alphanumeric_run(word, 20)) return found(from, size, placeholder::token);
    // What remains between two numbers may be a word of hex digits now: it is taken in the same pass, or a second
    // pass over the output would find it.
    std::size_t rest_from = 0;
    bool found_number = false;
    const auto take_rest = [&](std::size_t to) {
      if (found_number && is_hex_word(word.sub(rest_from, to - rest_from)))
        found(from + rest_from, to - rest_from, placeholder::hex);
    };
    for (std::size_t i = 0; i < size;) {
      const std::size_t end = run_end(word, i, is_digit);
      if (end - i >= 6) {
        found_number = true;
        take_rest(i);
        found(from + i, end - i, placeholder::num);
        rest_from = end;
      }
      i = end > i ? end : i + 1;
    }
    take_rest(size);
  });
}

// What a text must hold that `long_tokens` or `words` could find something in.
constexpr bool may_hold_long_token(const character_profile& p) noexcept {
  return p.has_digit_lower_upper() && p.alphanumerics() + p.token_marks + p.dashes >= 24;
}
constexpr bool may_hold_word(const character_profile& p) noexcept {
  return p.digits >= 6 || (p.digits != 0 && (p.hexes >= 8 || p.alphanumerics() + p.token_marks >= 16));
}

// True if only `words` could find something: a date, `worker-12`, a name with a number.
constexpr bool only_words_may_find(const character_profile& p) noexcept {
  return p.at_signs == 0 && p.dashes < 3 && p.colons < 2 && p.dots < 3 && !may_hold_long_token(p);
}
// Whether there is a word in which it could, or an address spelled in a host name: six digits or eight hex digits in a row, or
// sixteen bytes.
inline bool holds_word(raw text) noexcept {
  static constexpr byte_set is_word_byte("=+");
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t size = 0, digits = 0, most_digits = 0, hexes = 0, most_hexes = 0;
    for (; i < text.size() && is_word_byte(text[i]); ++i, ++size) {
      digits = is_digit(text[i]) ? digits + 1 : 0;
      hexes = is_hex(text[i]) ? hexes + 1 : 0;
      most_digits = std::max(most_digits, digits);
      most_hexes = std::max(most_hexes, hexes);
    }
    if (most_digits != 0 && (most_digits >= shortest_word || most_hexes >= 8 || size >= 16)) return true;
  }
  return false;
}

// False if no rule can find anything.
constexpr bool may_find(const character_profile& p) noexcept {
  return p.at_signs != 0 || p.dashes >= 3 || p.colons >= 2 || p.dots >= 3 || may_hold_long_token(p) || may_hold_word(p);
}

// Calls run(rule) for each rule in the order of the specification; stops early when run returns false. `p` is the
// profile of the whole text and only saves work.
template <class Run>
void for_each_rule(const character_profile& p, Run run) noexcept {
  if (!may_find(p)) return;
  const auto apply = [&](bool is_possible, auto rule) { return !is_possible || run(rule); };
  (void)(apply(p.at_signs != 0, [](raw piece, auto found) { emails(piece, found); }) &&
         apply(p.dashes >= 4, [](raw piece, auto found) { uuids(piece, found); }) &&
         apply(p.dashes >= 5, [](raw piece, auto found) { hex_pairs(piece, found); }) &&
         apply(p.colons >= 2, [](raw piece, auto found) { colon_runs(piece, found); }) &&
         apply(p.dashes >= 3 && p.digits >= 4, [](raw piece, auto found) { dashed_quads(piece, found); }) &&
         apply(p.dots >= 3 && p.digits >= 4, [](raw piece, auto found) { dotted_chains(piece, found); }) &&
         apply(may_hold_long_token(p), [](raw piece, auto found) { long_tokens(piece, found); }) &&
         apply(may_hold_word(p), [](raw piece, auto found) { words(piece, found); }));
}

}  // namespace anonlog::inline_rules
