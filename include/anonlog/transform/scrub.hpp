// transform/scrub.hpp: free text, such as the message of an error log, without the identifiers that can be found.
//
// Best effort: no list of patterns finds everything, so this is for fields declared as text and never a fallback for
// lines that do not parse. Parts whose meaning is known (a quoted request line, `client:`, `referrer:`) get the rules
// of their own class; the rest is read word by word. Source: SPEC 3.8 (inline rules), 3.10 (`scrub`), CLI 6.
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/identifier_rules.hpp>
#include <anonlog/transform/ip_position.hpp>
#include <anonlog/transform/referrer.hpp>
#include <anonlog/transform/request_line.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/vhost.hpp>

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

// A dotted name with letters at its end, as hosts have, that spells an address.
constexpr bool is_address_host(raw name) noexcept {
  const std::size_t dot = name.rfind('.');
  return dot != raw::npos && all_of(name.sub(dot + 1), is_letter) && spells_address_groups(name);
}

}  // namespace scrub_rules

struct scrub {
  static constexpr std::string_view name = "text";
  static constexpr example examples[] = {
      {.in = "login of bob@example.com from 203.0.113.195:4711 failed", .out = "login of :email from :ip failed"},
      {.in = "open failed, client: 203.0.113.195, request: \"GET /u/42 HTTP/1.1\"",
       .out = "open failed, client: 203.0.113.0, request: %22GET /u/:num HTTP/1.1%22"},
  };

  ip_position address;      // `client: ADDRESS`, `[client ADDRESS]`
  request_line request;     // request lines in quotes; its target rule also for `upstream: "URL"`
  referrer referrer_rule;   // `referrer: "URL"`, `referer: URL`
  vhost host;               // `host: "NAME"`

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    std::size_t text_from = 0;  // what stands before `i` and is not written yet
    for (std::size_t i = 0; i < value.size();) {
      const raw before = value.first(i);
      const known_part part = part_after(before);
      std::size_t end = i;
      if (value[i] == '"') {
        const std::size_t close = value.find('"', i + 1);
        request_parts parts;
        const raw quoted = value.sub(i + 1, close == raw::npos ? 0 : close - i - 1);
        const bool is_request = close != raw::npos && split_request(quoted, parts);
        if (close == raw::npos || quoted.empty() || (part == known_part::none && !is_request)) {
          ++i;
          continue;
        }
        put_text(value.sub(text_from, i - text_from), s, out);
        out.put("%22");
        put_part(is_request ? known_part::request : part, quoted, s, out);
        out.put("%22");
        end = close + 1;
      } else if (part == known_part::client || part == known_part::referrer) {
        const bool is_client = part == known_part::client;
        end = run_end(value, i, [&](unsigned char c) { return c > ' ' && !(is_client && (c == ',' || c == ']')); });
        if (end == i) {
          ++i;
          continue;
        }
        put_text(value.sub(text_from, i - text_from), s, out);
        put_part(part, value.sub(i, end - i), s, out);
      } else {
        ++i;
        continue;
      }
      text_from = i = end;
    }
    put_text(value.sub(text_from), s, out);
    return outcome::reduced;
  }

 private:
  enum class known_part : unsigned char { none, client, request, upstream, host, referrer };

  // What the words of an error log say about the value that follows them.
  static known_part part_after(raw before) noexcept {
    if (before.empty() || before.back() != ' ') return known_part::none;
    constexpr struct {
      std::string_view words;
      known_part part;
    } labels[] = {
        {"client: ", known_part::client},     {"[client ", known_part::client},    {"request: ", known_part::request},
        {"upstream: ", known_part::upstream}, {"host: ", known_part::host},        {"referrer: ", known_part::referrer},
        {"referer: ", known_part::referrer},
    };
    for (const auto& label : labels) {
      if (!before.ends_with(label.words)) continue;
      const std::size_t rest = before.size() - label.words.size();
      if (rest == 0 || !scrub_rules::is_word_byte(before[rest - 1])) return label.part;
    }
    return known_part::none;
  }

  void put_part(known_part part, raw value, scope& s, writer& out) const noexcept {
    if (value == std::string_view("-")) {
      out.put('-');
      return;
    }
    switch (part) {
      case known_part::client: address.apply(value, s, out); return;
      case known_part::request: request.apply(value, s, out); return;
      case known_part::upstream: request.target_rule.apply(value, s, out); return;
      case known_part::host: host.apply(value, s, out); return;
      case known_part::referrer: referrer_rule.apply(value, s, out); return;
      case known_part::none: break;
    }
    out.put('-');
  }

  // Word by word: no rule reaches over a blank, a control byte or a quote.
  static void put_text(raw text, scope& s, writer& out) noexcept {
    constexpr auto ends_word = [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '"'; };
    for (std::size_t i = 0; i < text.size();) {
      if (!ends_word(text[i])) {
        const std::size_t end = run_end(text, i, [&](unsigned char c) { return !ends_word(c); });
        put_word(text.sub(i, end - i), s, out);
        i = end;
      } else if (is_blank(text[i])) {
        out.put(' ');
        ++i;
      } else {
        out.put_escaped(text[i]);
        ++i;
      }
    }
  }

  static void put_word(raw word, scope& s, writer& out) noexcept {
    const scratch::frame frame(s.memory);
    bool ok = true;
    const raw d = percent_decode(word, 3, s.memory, ok);
    char* const marks = ok ? s.memory.take(d.size()) : nullptr;
    if (marks == nullptr) {
      out.put('-');
      return;
    }
    if (holds_percent_escape(d)) {
      put_placeholder(placeholder::token, s.counts, out);
      return;
    }
    marked_text text(d, marks);
    text.mark_written_placeholders();
    // E-mails first, or the address in `bob@[192.0.2.1]` would be taken out of one; with ports before those without.
    bool found = text.mark_by([](raw piece, auto hit) { inline_rules::emails(piece, hit); });
    found = text.mark_by([](raw piece, auto hit) { scrub_rules::addresses(piece, hit); }) || found;
    // UUIDs before host names, for a file may be called by one; both before the rules that would take parts of a name.
    found = text.mark_by([](raw piece, auto hit) { inline_rules::uuids(piece, hit); }) || found;
    using scrub_rules::names;
    found = text.mark_by([](raw piece, auto hit) { names(piece, scrub_rules::is_address_host, hit); }) || found;
    found = text.mark_identifiers() || found;
    found = text.mark_by([](raw piece, auto hit) { names(piece, spells_address, hit); }) || found;
    if (found)
      text.write(s.counts, out, [](raw piece, writer& to) noexcept { to.release(piece); });
    else
      out.release(word);
  }
};

}  // namespace anonlog
