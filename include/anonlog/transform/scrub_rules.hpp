// transform/scrub_rules.hpp: what free text may hold that the rules for paths do not look for (transform/scrub.hpp).
//
// Each rule gets one piece of text and calls found(from, size, placeholder), as those of inline_rules.hpp.
// Source: SPEC 3.7, 3.8; CLI 6.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/inline_rules.hpp>
#include <anonlog/transform/ip_position.hpp>
#include <anonlog/transform/placeholder.hpp>

namespace anonlog {

namespace scrub_rules {

constexpr bool is_word_byte(unsigned char c) noexcept { return is_alphanumeric(c) || c == '_'; }

// What parse_ip accepts between non-word borders: with its port and its zone, brackets around it or not.
template <class Found>
void addresses(raw piece, Found found) noexcept {
  constexpr auto is_address_byte = [](unsigned char c) { return is_hex(c) || c == ':' || c == '.'; };
  std::size_t done = 0;
  for (std::size_t i = 0; i < piece.size();) {
    if (!is_address_byte(piece[i])) {
      ++i;
      continue;
    }
    std::size_t from = i, end = run_end(piece, i, is_address_byte);
    i = end;
    if (end < piece.size() && piece[end] == '%')
      end = run_end(piece, end + 1, [](unsigned char c) { return is_word_byte(c) || c == '-'; });
    const bool is_bracketed = from > done && piece[from - 1] == '[' && end < piece.size() && piece[end] == ']';
    if (is_bracketed) {
      --from;
      ++end;
      const bool has_port = end + 1 < piece.size() && piece[end] == ':' && is_digit(piece[end + 1]);
      if (has_port) end = run_end(piece, end + 1, is_digit);
    } else {  // a colon or a full stop of the sentence
      if (piece[from] == ':' && from + 1 < end && piece[from + 1] != ':') ++from;
      const auto ends_in_colon = [&] { return piece[end - 1] == ':' && end - from > 1 && piece[end - 2] != ':'; };
      while (end > from && (piece[end - 1] == '.' || ends_in_colon())) --end;
    }
    ip_element element;
    const bool begins_word = from == 0 || !is_word_byte(piece[from - 1]);
    const bool ends_word = end == piece.size() || !is_word_byte(piece[end]);
    if (end <= from || !begins_word || !ends_word || !parse_ip(piece.sub(from, end - from), element)) continue;
    found(from, end - from, placeholder::ip);
    done = end;
    if (i < end) i = end;
  }
}

// Names that satisfy `test`: the whole name goes.
template <class Test, class Found>
void names(raw piece, Test test, Found found) noexcept {
  const auto is_name_byte = [](unsigned char c) { return is_word_byte(c) || c == '.' || c == '-'; };
  inline_rules::for_each_run(piece, is_name_byte, [&](std::size_t from, std::size_t size) {
    while (size != 0 && piece[from + size - 1] == '.') --size;  // the full stop of the sentence
    if (test(piece.sub(from, size))) found(from, size, placeholder::ip);
  });
}

// Where `http://` or `https://`, in any case, begins in a word; npos if it does not.
constexpr std::size_t find_url(raw word) noexcept {
  for (std::size_t mark = word.find("://"); mark != raw::npos; mark = word.find("://", mark + 1)) {
    for (const std::size_t size : {std::size_t{5}, std::size_t{4}}) {
      if (mark < size || !word.sub(mark - size, size).equals_lower(std::string_view("https").substr(0, size))) continue;
      const std::size_t begin = mark - size;
      if (begin == 0 || !is_word_byte(word[begin - 1]) || (begin >= 3 && percent_byte(word, begin - 3) >= 0)) return begin;  // the escape of a byte that is none, too
    }
  }
  return raw::npos;
}

// Parameters of a path, such as `;jsessionid=VALUE` behind a file's name: up to the next segment, as SPEC 3.8 cuts them.
template <class Found>
void path_parameters(raw piece, Found found) noexcept {
  for (std::size_t mark = piece.find(';', std::min(piece.find('/'), piece.size())); mark != raw::npos;) {
    const std::size_t end = run_end(piece, mark, [](unsigned char c) { return c != '/' && c != '?'; });
    if (piece.sub(mark, end - mark).holds('=')) found(mark, end - mark, placeholder::token);
    mark = piece.find(';', end);
  }
}

// JSON Web Tokens, whole: a payload may be too short to be taken for one alone. Source: RFC 7519; `eyJ` is `{"` in base64url.
template <class Found>
void web_tokens(raw piece, Found found) noexcept {
  const std::string_view text(piece.begin(), piece.size());
  for (std::size_t from = text.find("eyJ"); from != std::string_view::npos;) {
    const std::size_t end = run_end(piece, from, [](unsigned char c) { return is_word_byte(c) || c == '-' || c == '.'; });
    const bool begins_word = from == 0 || !is_word_byte(piece[from - 1]);
    if (begins_word && std::count(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(end), '.') >= 2)
      found(from, end - from, placeholder::token);
    from = text.find("eyJ", std::max(end, from + 3));
  }
}

// Segments of a path that name a user, `/~ada` and `/@ada`.
template <class Found>
void home_directories(raw piece, Found found) noexcept {
  for (std::size_t slash = piece.find('/'); slash != raw::npos; slash = piece.find('/', slash + 1)) {
    if (slash + 2 >= piece.size() || (piece[slash + 1] != '~' && piece[slash + 1] != '@') || piece[slash + 2] == '/') continue;
    const std::size_t end = run_end(piece, slash + 1, [](unsigned char c) { return c != '/' && c != '?'; });
    found(slash + 1, end - slash - 1, placeholder::user);
  }
}

// How much of the end of a URL is the punctuation of the sentence; of a query or a fragment nothing.
constexpr std::size_t closing_size(raw url) noexcept {
  if (url.holds('?') || url.holds('#')) return 0;
  std::size_t size = 0;
  while (size < url.size() &&
         std::string_view(".,;:!)]}>'").find(static_cast<char>(url[url.size() - size - 1])) != std::string_view::npos)
    ++size;
  return size;
}

// A dotted name with letters at its end, as hosts have, that spells an address.
constexpr bool is_address_host(raw name) noexcept {
  const std::size_t dot = name.rfind('.');
  return dot != raw::npos && all_of(name.sub(dot + 1), is_letter) && spells_address_groups(name);
}

}  // namespace scrub_rules

}  // namespace anonlog
