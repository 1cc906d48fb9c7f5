// transform/scrub.hpp: free text, such as the message of an error log, without the identifiers that can be found.
//
// Best effort: no list of patterns finds everything, so this is for fields declared as text and never a fallback for
// lines that do not parse. Parts whose meaning is known (a quoted request line, `client:`, `referrer:`) get the rules
// of their own class, the name of a failed login goes; the rest is read word by word (scrub_words.hpp). What the writer of
// a log did with quotes inside quotes cannot be seen here, so a known part is read as far as it may reach.
// Source: SPEC 3.8 (inline rules, Target), 3.10 (`scrub`), CLI 6.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/simd/text_map.hpp>
#include <anonlog/transform/asked_server.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/identifier_rules.hpp>
#include <anonlog/transform/ip_position.hpp>
#include <anonlog/transform/login_name.hpp>
#include <anonlog/transform/query_key.hpp>
#include <anonlog/transform/referrer.hpp>
#include <anonlog/transform/release_words.hpp>
#include <anonlog/transform/request_line.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/scrub_rules.hpp>
#include <anonlog/transform/scrub_words.hpp>
#include <anonlog/transform/told_secret.hpp>
#include <anonlog/transform/upstream.hpp>
#include <anonlog/transform/vhost.hpp>

namespace anonlog {

struct scrub {
  static constexpr std::string_view name = "text";
  static constexpr example examples[] = {
      {.in = "login of bob@example.com from 203.0.113.195:4711 failed", .out = "login of :email from :ip failed"},
      {.in = "open failed, client: 203.0.113.195, request: \"GET /u/42 HTTP/1.1\"",
       .out = "open failed, client: 203.0.113.0, request: %22GET /u/:num HTTP/1.1%22"},
  };

  ip_position address;      // `client: ADDRESS`, `[client ADDRESS]`
  upstream server;          // of `upstream: "SCHEME://ADDRESS/PATH"`
  request_line request;     // request lines in quotes; its target rule also for URLs in the text, and paths that are cut everywhere
  referrer referrer_rule;   // `referrer: "URL"`, `referer: URL` to the end
  vhost host;               // `host: "NAME"`

  // `quote`: how a quote is written; itself where the text ends the line and no slot could be left by it.
  outcome apply(raw value, scope& s, writer& out, std::string_view quote = "%22") const noexcept {
    const scratch::frame frame(s.memory);
    const text_map places(value.begin(), value.size(), request.target_rule.path_rule.cuts(), s.map_text, s.memory);
    if (!places) {
      out.put('-');
      return outcome::unreadable;
    }
    put(value, places, scrub_words(value, places, request.target_rule, quote), quote, s, out);
    return outcome::reduced;
  }

 private:
  enum class known_part : unsigned char { none, client, request, target, server, query, host, referrer, bracketed_host, bracketed_path };

  // Goes from one place to the next at which a name, a secret or a known part may be told of; what stands between is words.
  void put(raw value, const text_map& places, const scrub_words& words, std::string_view quote, scope& s, writer& out) const noexcept {
    login_names logins(value);
    told_secrets secrets(value);
    login_names::span login;  // found, and not written yet
    told_secrets::span secret;
    std::size_t text_from = 0;  // what stands before it is written
    for (std::size_t i = 0;;) {
      i = places.next_event(i, value.size());
      if (login.from < text_from) login = {};
      if (i != value.size()) {
        if (login.size == 0 && !is_label_mark(value[i])) login = logins.behind(i, text_from);
        if (secret.size == 0 || secret.end() <= text_from) secret = secrets.behind(i);
      }
      const bool has_secret = secret.size != 0 && secret.end() > text_from;
      const std::size_t secret_from = std::max(secret.from, text_from);
      const bool is_login = login.size != 0 && login.from <= i && (!has_secret || login.from < secret_from || (login.from == secret_from && login.end() >= secret.end()));
      if (is_login || (has_secret && secret_from <= i + 1)) {  // the quote in front of a secret opens no part
        words.put(text_from, is_login ? login.from : secret_from, s, out);
        if (is_login) out.put('-');
        else if (secret.has_mask) out.put('*');
        text_from = is_login ? login.end() : secret.end();
        continue;  // at the same place: what is told of there may end behind this
      }
      if (i == value.size()) break;
      if (is_label_mark(value[i])) text_from = put_part_at(i, value, text_from, words, quote, s, out);
      ++i;
    }
    words.put(text_from, value.size(), s, out);
  }

  // Writes the known part that begins with the quote or behind the label at `i`, and what stands in front of it; returns where
  // it ends. `text_from`, if there is none.
  std::size_t put_part_at(std::size_t i, raw value, std::size_t text_from, const scrub_words& words, std::string_view quote, scope& s, writer& out) const noexcept {
    const bool is_quote = value[i] == '"';
    const std::size_t begin = is_quote ? i : i + (value[i] == ':' ? std::string_view(": ") : client_label).size();
    if (begin < text_from || begin >= value.size()) return text_from;
    const known_part part = part_after(value.first(begin));
    if (is_quote) return put_quoted(part, i, value, text_from, words, quote, s, out);
    if ((part != known_part::client && part != known_part::referrer) || value[begin] == '"') return text_from;
    std::size_t end = value.size();
    if (part == known_part::client) {
      const std::size_t bracket = value[begin] == '[' ? value.find(']', begin) : raw::npos;
      end = run_end(value, bracket == raw::npos ? begin : bracket + 1, [](unsigned char c) { return c != ' ' && c != '\t' && c != ',' && c != ']'; });
    }
    if (end == begin) return text_from;
    words.put(text_from, begin, s, out);
    put_part(part, value.sub(begin, end - begin), s, out);
    return end;
  }

  // The same for what the quote at `i` opens, behind the label of `part`.
  std::size_t put_quoted(known_part part, std::size_t i, raw value, std::size_t text_from, const scrub_words& words, std::string_view quote, scope& s, writer& out) const noexcept {
    const bool is_known = part != known_part::none;
    const bool is_bracketed = part == known_part::bracketed_host || part == known_part::bracketed_path;
    const std::size_t close = is_bracketed ? find_close(value, i + 1) : is_known ? known_part_end(value, i + 1) : value.find('"', i + 1);
    const bool is_closed = close != raw::npos;
    const raw quoted = value.sub(i + 1, is_closed ? close - i - 1 : raw::npos);
    request_parts parts;
    const bool is_request = is_closed && split_request(quoted, parts);
    const bool is_target = !is_known && is_closed && quoted.starts_with("/") && (quoted.holds('?') || request.target_rule.path_rule.cuts());
    if (!is_known && !is_request && !is_target) return text_from;
    words.put(text_from, i, s, out);
    out.put(quote);
    if (!quoted.empty()) put_part(is_request ? known_part::request : is_target ? known_part::target : part, quoted, s, out);
    if (!is_closed) return value.size();
    out.put(quote);
    return close + 1;
  }

  static constexpr std::string_view client_label = "[client ";

  // True if a label may begin behind this text: behind an escape, too, for what is no word's byte may have left as one.
  static bool begins_label(raw before) noexcept {
    return before.empty() || !scrub_rules::is_word_byte(before.back()) || (before.size() >= 3 && percent_byte(before, before.size() - 3) >= 0);
  }

  // What the words of an error log say about the value that follows them.
  static known_part part_after(raw before) noexcept {
    if (before.empty() || before.back() != ' ') return known_part::none;
    constexpr struct {
      std::string_view words;
      known_part part;
    } labels[] = {
        {"client: ", known_part::client},     {client_label, known_part::client},    {"request: ", known_part::request},
        {"upstream: ", known_part::server},   {"host: ", known_part::host},          {"referrer: ", known_part::referrer},
        {"referer: ", known_part::referrer},  {"subrequest: ", known_part::target},
        {"args: ", known_part::query},        {"data: ", known_part::target},        {"redirect: ", known_part::target},
        {"[hostname ", known_part::bracketed_host}, {"[uri ", known_part::bracketed_path},  // ModSecurity
    };
    for (const auto& label : labels) {
      if (!before.ends_with(label.words)) continue;
      if (begins_label(before.without_last(label.words.size()))) return label.part;
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
      if (after.empty() || is_told_slow(after)) return quote;
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

  // The quote in front of the bracket that ends such a part, else the last quote.
  static std::size_t find_close(raw value, std::size_t from) noexcept {
    const std::size_t close = std::string_view(value.begin(), value.size()).find("\"]", from);
    return close != raw::npos ? close : value.find('"', from);
  }

  // What PHP-FPM says behind the request of a script that takes too long, to the end of its line.
  static bool is_told_slow(raw text) noexcept {
    constexpr struct {
      std::string_view before, behind;
    } words[] = {{") executing too slow (", " sec), logging"}, {") execution timed out (", " sec), terminating"}};
    for (const auto& told : words) {
      if (!text.starts_with(told.before) || !text.ends_with(told.behind) || text.size() < told.before.size() + told.behind.size()) continue;
      return all_of(text.sub(told.before.size()).without_last(told.behind.size()), [](unsigned char c) { return is_digit(c) || c == '.'; });
    }
    return false;
  }

  void put_part(known_part part, raw value, scope& s, writer& out) const noexcept {
    if (value == std::string_view("-")) {
      out.put('-');
      return;
    }
    switch (part) {
      case known_part::client: address.apply(value, s, out); return;
      case known_part::request: request.apply(value, s, out); return;
      case known_part::target:
      case known_part::bracketed_path: request.target_rule.apply(value, s, out); return;
      case known_part::server: asked_server{server, request.target_rule}.apply(value, s, out); return;
      case known_part::query: request.target_rule.query_rule.apply(value, s, out); return;
      case known_part::host:
      case known_part::bracketed_host: host.apply(value, s, out); return;
      case known_part::referrer: referrer_rule.apply(value, s, out); return;
      case known_part::none: break;
    }
    out.put('-');
  }
};

}  // namespace anonlog
