// transform/scrub.hpp: free text, such as the message of an error log, without the identifiers that can be found.
//
// Best effort: no list of patterns finds everything, so this is for fields declared as text and never a fallback for
// lines that do not parse. Parts whose meaning is known (a quoted request line, `client:`, `referrer:`) get the rules
// of their own class, the name of a failed login goes; the rest is read word by word, URLs by the rule for targets. What the writer of a log did with
// quotes inside quotes cannot be seen here, so a known part is read as far as it may reach.
// Source: SPEC 3.8 (inline rules, Target), 3.10 (`scrub`), CLI 6.
#pragma once

#include <algorithm>
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
#include <anonlog/transform/login_name.hpp>
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

// Where `http://` or `https://`, in any case, begins in a word; npos if it does not.
constexpr std::size_t find_url(raw word) noexcept {
  for (std::size_t mark = word.find("://"); mark != raw::npos; mark = word.find("://", mark + 1)) {
    for (const std::size_t size : {std::size_t{5}, std::size_t{4}}) {
      if (mark < size || !word.sub(mark - size, size).equals_lower(std::string_view("https").substr(0, size))) continue;
      if (mark == size || !is_word_byte(word[mark - size - 1])) return mark - size;
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

struct scrub {
  static constexpr std::string_view name = "text";
  static constexpr example examples[] = {
      {.in = "login of bob@example.com from 203.0.113.195:4711 failed", .out = "login of :email from :ip failed"},
      {.in = "open failed, client: 203.0.113.195, request: \"GET /u/42 HTTP/1.1\"",
       .out = "open failed, client: 203.0.113.0, request: %22GET /u/:num HTTP/1.1%22"},
  };

  ip_position address;      // `client: ADDRESS`, `[client ADDRESS]`
  request_line request;     // request lines in quotes; its target rule also for `upstream: "URL"` and URLs in the text
  referrer referrer_rule;   // `referrer: "URL"`, `referer: URL` to the end
  vhost host;               // `host: "NAME"`

  // `quote`: how a quote is written; itself where the text ends the line and no slot could be left by it.
  outcome apply(raw value, scope& s, writer& out, std::string_view quote = "%22") const noexcept {
    login_names logins(value);
    std::size_t text_from = 0;  // what stands before `i` and is not written yet
    for (std::size_t i = 0; i < value.size();) {
      const raw before = value.first(i);
      const known_part part = part_after(before);
      std::size_t end = i;
      if (const std::size_t name_end = logins.end_of(i); name_end != raw::npos) {
        put_text(value.sub(text_from, i - text_from), s, out, quote);
        out.put('-');
        end = name_end;
      } else if (value[i] == '"') {
        const bool is_known = part != known_part::none;
        const std::size_t close = is_known ? known_part_end(value, i + 1) : value.find('"', i + 1);
        const bool is_closed = close != raw::npos;
        const raw quoted = value.sub(i + 1, is_closed ? close - i - 1 : raw::npos);
        request_parts parts;
        const bool is_request = is_closed && split_request(quoted, parts);
        if (!is_known && !is_request) {
          ++i;
          continue;
        }
        put_text(value.sub(text_from, i - text_from), s, out, quote);
        out.put(quote);
        if (!quoted.empty()) put_part(is_request ? known_part::request : part, quoted, s, out);
        if (is_closed) out.put(quote);
        end = is_closed ? close + 1 : value.size();
      } else if (part == known_part::client || part == known_part::referrer) {
        const bool is_client = part == known_part::client;
        end = is_client ? run_end(value, i, [](unsigned char c) { return c > ' ' && c != ',' && c != ']'; })
                        : value.size();
        if (end == i) {
          ++i;
          continue;
        }
        put_text(value.sub(text_from, i - text_from), s, out, quote);
        put_part(part, value.sub(i, end - i), s, out);
      } else {
        ++i;
        continue;
      }
      text_from = i = end;
    }
    put_text(value.sub(text_from), s, out, quote);
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
        {"referer: ", known_part::referrer},  {"subrequest: ", known_part::upstream},
    };
    for (const auto& label : labels) {
      if (!before.ends_with(label.words)) continue;
      const std::size_t rest = before.size() - label.words.size();
      if (rest == 0 || !scrub_rules::is_word_byte(before[rest - 1])) return label.part;
    }
    return known_part::none;
  }

  // The quote that ends a known part which begins at `from`: the one in front of the next known part, else the last
  // one in front of a label, or the end of the text. npos: the line was cut short. A label of a part that is always
  // quoted, without its quote, was written by a client.
  static std::size_t known_part_end(raw value, std::size_t from) noexcept {
    std::size_t last = raw::npos;
    for (std::size_t quote = value.find('"', from); quote != raw::npos; quote = value.find('"', quote + 1)) {
      const raw after = value.sub(quote + 1);
      if (after.empty()) return quote;
      if (!after.starts_with(", ")) continue;
      const std::size_t word_end = run_end(after, 2, scrub_rules::is_word_byte);
      if (word_end == 2 || !after.sub(word_end).starts_with(": ")) continue;
      const known_part next = part_after(after.first(word_end + 2));
      const bool is_quoted = after.sub(word_end + 2).starts_with("\"");
      if (next == known_part::referrer || (next != known_part::none && is_quoted)) return quote;
      last = quote;
    }
    return last;
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
  void put_text(raw text, scope& s, writer& out, std::string_view quote) const noexcept {
    constexpr auto ends_word = [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '"'; };
    for (std::size_t i = 0; i < text.size();) {
      if (!ends_word(text[i])) {
        const std::size_t end = run_end(text, i, [&](unsigned char c) { return !ends_word(c); });
        put_word(text.sub(i, end - i), s, out);
        i = end;
      } else if (is_blank(text[i])) {
        out.put(' ');
        ++i;
      } else if (text[i] == '"') {
        out.put(quote);
        ++i;
      } else {
        out.put_escaped(text[i]);
        ++i;
      }
    }
  }

  void put_word(raw word, scope& s, writer& out) const noexcept {
    const scratch::frame frame(s.memory);
    bool ok = true;
    const raw d = percent_decode(word, 3, s.memory, ok);
    if (!ok) {
      out.put('-');
      return;
    }
    const std::size_t url_from = scrub_rules::find_url(d);
    const raw before = d.first(url_from);
    const bool is_email_cut = url_from != raw::npos && (before.ends_with("@") || before.ends_with("\xEF\xBC\xA0"));
    if (holds_percent_escape(d) || is_email_cut) {
      put_placeholder(placeholder::token, s.counts, out);
      return;
    }
    if (url_from == raw::npos) {
      put_decoded(word, d, s, out);
      return;
    }
    const std::size_t closing = scrub_rules::closing_size(d.sub(url_from));
    put_decoded(before, before, s, out);
    request.target_rule.apply(d.sub(url_from).without_last(closing), s, out);
    put_decoded(d.sub(d.size() - closing), d.sub(d.size() - closing), s, out);
  }

  // What no rule fires on in its decoded form `d` comes out as it was written.
  static void put_decoded(raw written, raw d, scope& s, writer& out) noexcept {
    if (d.empty()) return;
    char* const marks = s.memory.take(d.size());
    if (marks == nullptr) {
      out.put('-');
      return;
    }
    marked_text text(d, marks);
    text.mark_written_placeholders();
    bool found = text.mark_by([](raw piece, auto hit) { scrub_rules::path_parameters(piece, hit); });
    found = text.mark_by([](raw piece, auto hit) { scrub_rules::home_directories(piece, hit); }) || found;
    // E-mails first, or the address in `bob@[192.0.2.1]` would be taken out of one; with ports before those without.
    found = text.mark_by([](raw piece, auto hit) { inline_rules::emails(piece, hit); }) || found;
    found = text.mark_by([](raw piece, auto hit) { scrub_rules::addresses(piece, hit); }) || found;
    // UUIDs before host names, for a file may be called by one; both before the rules that would take parts of a name.
    found = text.mark_by([](raw piece, auto hit) { inline_rules::uuids(piece, hit); }) || found;
    using scrub_rules::names;
    found = text.mark_by([](raw piece, auto hit) { names(piece, scrub_rules::is_address_host, hit); }) || found;
    found = text.mark_identifiers() || found;
    found = text.mark_by([](raw piece, auto hit) { names(piece, [](raw name) { return spells_address(name); }, hit); }) || found;
    if (found)
      text.write(s.counts, out, [](raw piece, writer& to) noexcept { to.release(piece); });
    else
      out.release(written);
  }
};

}  // namespace anonlog
