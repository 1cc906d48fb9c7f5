// format/keyed_walk.hpp: one line of LTSV or of logfmt, value after value, where each stands in the line.
//
// LTSV (http://ltsv.org): `label:value`, one TAB between two fields, and nothing is quoted. logfmt
// (https://brandur.org/logfmt, and key=value as servers are told to write it): `key=value key="a \"value\"" word key=`,
// blanks between the tokens.
//
// With `auto` these readers decide what a line is, so they are stricter than their sources, and a line that is neither must
// not pass for one by accident. There are at least two pairs; a logfmt line begins with one and has no more bare words than
// pairs, as a sentence that mentions `a=b` has; quotes stand around a whole value or nowhere; a label holds a letter, as
// neither `10:15:00` nor `192.0.2.1:80` does. Where both would read a line, LTSV leaves less to chance and is asked first.
//
// Quotes and TABs are escaped by nginx (not with `escape=none`) and Apache, so no client ends a value in quotes or a field
// of LTSV. But a blank in a value that stands unquoted, `ua=$http_user_agent`, ends it, and what follows is read as tokens:
// `x status=10.1.2.3` is a value and a pair of the client's own. No reader can tell it from a true one, so each pair is told,
// also of a name that was there before. If each is handled by the class of its name, this is what a client gains:
// - its own text, in a form that a class keeps: 200 as a status, up to 20 digits as a port, a word without an identifier as
//   a level; and a word as a name, if names that nobody knows are written. It may do so unawares: `cookie=a=1; level=gold`;
// - the same for what the log's format joined to its value without a blank: `$http_host/$remote_user`, with a Host `x level=`;
// - a false address, privacy signal or time; a false time in front of the true one chooses the epoch of the line's keys;
// - that its line is refused, for which one byte that no token may hold is enough.
// It gains no other value of the line. Quotes in the log's format end all of this.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>

namespace anonlog {

struct keyed_value {
  raw name;    // empty, at the word, for a bare word
  raw source;  // the value in the line, with its quotes
  raw text;    // what is between the quotes, or all of it; escapes are still there (transform/decode.hpp)
  bool is_quoted = false;
};

inline constexpr std::size_t longest_logfmt_key = 64;
inline constexpr std::size_t least_pairs = 2;  // one pair is in many a sentence

namespace keyed_walk_detail {

constexpr bool is_control(unsigned char c) noexcept { return c < 0x20 || c == 0x7F; }

// What ltsv.org lets stand in a value.
constexpr bool is_field_byte(unsigned char c) noexcept { return c != '\0' && c != '\t' && c != '\n' && c != '\r'; }

inline constexpr byte_set label_bytes("_.-");
inline constexpr byte_set logfmt_bytes("_.@/:-");

// `10:15:00` and `192.0.2.1:80` are no labels; the `_` that is written for a name is one.
constexpr bool is_label(raw text) noexcept {
  return all_of(text, label_bytes) && any_of(text, [](unsigned char c) { return is_letter(c) || c == '_'; });
}

constexpr bool is_logfmt_byte(unsigned char c) noexcept {
  return logfmt_bytes(c);
}
constexpr bool is_logfmt_key(raw text) noexcept {
  if (text.empty() || text.size() > longest_logfmt_key) return false;
  return (is_letter(text.front()) || text.front() == '_' || text.front() == '@') && all_of(text, is_logfmt_byte);
}

// Where the bytes from `from` that satisfy `test` end.
template <class Test>
constexpr std::size_t end_of_run(raw line, std::size_t from, Test test) noexcept {
  while (from < line.size() && test(line[from])) ++from;
  return from;
}

// The quoted value that begins at `from`, where a quote is; empty if none ends it. A backslash escapes the next byte.
constexpr raw quoted_at(raw line, std::size_t from) noexcept {
  bool is_escaped = false;
  for (std::size_t at = from + 1; at < line.size(); ++at) {
    const unsigned char c = line[at];
    if (is_control(c) && c != '\t') return {};
    if (is_escaped) {
      is_escaped = false;
    } else if (c == '\\') {
      is_escaped = true;
    } else if (c == '"') {
      return line.sub(from, at + 1 - from);
    }
  }
  return {};
}

constexpr std::array<bool, 256> make_value_bytes() noexcept {
  std::array<bool, 256> made{};
  for (unsigned c = 0; c < made.size(); ++c) made[c] = c != ' ' && c != '"' && !is_control(static_cast<unsigned char>(c));
  return made;
}
inline constexpr std::array<bool, 256> value_bytes = make_value_bytes();  // of a value without quotes
constexpr bool is_value_byte(unsigned char c) noexcept { return value_bytes[c]; }

// The value that begins at `from`, or nothing for one that does not end as it should. It may be empty.
constexpr bool take_value(raw line, std::size_t from, keyed_value& found) noexcept {
  if (from < line.size() && line[from] == '"') {
    found.source = quoted_at(line, from);
    found.text = found.source.sub(1).without_last(1);
    found.is_quoted = true;
    return !found.source.empty();
  }
  const std::size_t end = end_of_run(line, from, is_value_byte);
  found.source = found.text = line.sub(from, end - from);
  return true;
}

}  // namespace keyed_walk_detail

// Calls `on_value(keyed_value)` for each field, in the order of the line. False: the line is no LTSV, or the visitor said
// false; what was told then counts for nothing. The line comes without its line end.
template <class OnValue>
bool walk_ltsv(raw line, OnValue on_value) {
  using namespace keyed_walk_detail;
  std::size_t pairs = 0;
  for (std::size_t from = 0;; ++pairs) {
    const std::size_t end = std::min(line.find('\t', from), line.size());
    const raw field = line.sub(from, end - from);
    const std::size_t colon = field.find(':');
    if (colon == raw::npos) return false;
    const raw label = field.first(colon), value = field.sub(colon + 1);
    if (!is_label(label) || !all_of(value, is_field_byte)) return false;
    if (!on_value(keyed_value{.name = label, .source = value, .text = value})) return false;
    if (end == line.size()) return pairs + 1 >= least_pairs;
    from = end + 1;
  }
}

// The same for logfmt; a bare word is a value without a name. `-` is one, for it is what may be written for any other.
template <class OnValue>
bool walk_logfmt(raw line, OnValue on_value) {
  using namespace keyed_walk_detail;
  std::size_t pairs = 0, words = 0;
  for (std::size_t at = 0; at < line.size(); at = end_of_run(line, at, is_blank)) {
    const std::size_t end = end_of_run(line, at, is_logfmt_byte);
    const raw word = line.sub(at, end - at);
    keyed_value found{.name = word.first(0), .source = word, .text = word};
    if (end < line.size() && line[end] == '=') {
      found.name = word;
      if (!is_logfmt_key(word) || !take_value(line, end + 1, found)) return false;
      ++pairs;
    } else {
      if (pairs == 0 || !(is_logfmt_key(word) || word == "-")) return false;
      ++words;
    }
    at = static_cast<std::size_t>(found.source.end() - line.begin());
    if (at < line.size() && !is_blank(line[at])) return false;
    if (!on_value(found)) return false;
  }
  return pairs >= least_pairs && words <= pairs;
}

}  // namespace anonlog
