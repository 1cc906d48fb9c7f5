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
#include <anonlog/simd/text_marks.hpp>
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
    login_names logins(value);
    told_secrets secrets(value);
    std::size_t text_from = 0;  // what stands before `i` and is not written yet
    const std::string_view bytes(value.begin(), value.size());
    for (std::size_t i = 0;;) {
      const login_names::span login = logins.next(std::max(i, text_from));
      i = find_part_mark(bytes, i);
      const told_secrets::span secret = secrets.next(text_from);
      const bool is_login = login.size != 0 && login.from <= i && (secret.size == 0 || login.from <= secret.from);
      if (is_login || (secret.size != 0 && secret.from <= i + 1)) {  // the quote in front of a secret opens no part
        const std::size_t from = is_login ? login.from : secret.from;
        put_text(value.sub(text_from, from - text_from), s, out, quote);
        if (is_login) out.put('-');
        else if (secret.has_mask) out.put('*');
        text_from = from + (is_login ? login.size : secret.size);
        continue;  // a label may begin in there and end behind it
      }
      if (i == value.size()) break;
      const bool is_quote = value[i] == '"';
      const std::size_t label_end = is_quote ? i : i + (value[i] == ':' ? std::string_view(": ") : client_label).size();
      if (label_end < text_from) {  // within what is written already
        ++i;
        continue;
      }
      const known_part part = label_end < value.size() ? part_after(value.first(label_end)) : known_part::none;
      std::size_t end = i;
      if (is_quote) {
        const bool is_known = part != known_part::none;
        const bool is_bracketed = part == known_part::bracketed_host || part == known_part::bracketed_path;
        const std::size_t close = is_bracketed ? find_close(value, i + 1) : is_known ? known_part_end(value, i + 1) : value.find('"', i + 1);
        const bool is_closed = close != raw::npos;
        const raw quoted = value.sub(i + 1, is_closed ? close - i - 1 : raw::npos);
        request_parts parts;
        const bool is_request = is_closed && split_request(quoted, parts);
        const bool is_target = !is_known && is_closed && quoted.starts_with("/") && (quoted.holds('?') || cuts_paths());
        if (!is_known && !is_request && !is_target) {
          ++i;
          continue;
        }
        put_text(value.sub(text_from, i - text_from), s, out, quote);
        out.put(quote);
        if (!quoted.empty()) put_part(is_request ? known_part::request : is_target ? known_part::target : part, quoted, s, out);
        if (is_closed) out.put(quote);
        end = is_closed ? close + 1 : value.size();
      } else if (part == known_part::client || part == known_part::referrer) {
        i = label_end;
        const bool is_client = part == known_part::client;
        const std::size_t bracket = value[i] == '[' ? value.find(']', i) : raw::npos;
        end = is_client ? run_end(value, bracket == raw::npos ? i : bracket + 1, [](unsigned char c) { return c != ' ' && c != '\t' && c != ',' && c != ']'; })
                        : value.size();
        if (end == i || value[i] == '"') continue;
        put_text(value.sub(text_from, i - text_from), s, out, quote);
        put_part(part, value.sub(i, end - i), s, out);
        text_from = end;
        continue;
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
  enum class known_part : unsigned char { none, client, request, target, server, query, host, referrer, bracketed_host, bracketed_path };

  static constexpr std::string_view client_label = "[client ";

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

  // Where a path begins in a word: at a slash that is not between two words; npos if nowhere, or if paths are not cut.
  std::size_t cut_path(raw word) const noexcept {
    if (!cuts_paths()) return raw::npos;
    for (std::size_t slash = word.find('/'); slash != raw::npos; slash = word.find('/', slash + 1))
      if ((slash == 0 || !is_alphanumeric(word[slash - 1])) && slash + 1 < word.size()) return slash;
    return raw::npos;
  }
  bool cuts_paths() const noexcept {
    const path_level level = request.target_rule.path_rule.level;
    return level != path_level::keep && level != path_level::template_;
  }

  // Word by word: no rule reaches over a blank, a control byte or a quote. Words without a mark are passed over together.
  void put_text(raw text, scope& s, writer& out, std::string_view quote) const noexcept {
    constexpr auto ends_word = [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '"'; };
    const std::string_view bytes(text.begin(), text.size());
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t mark = std::min(find_text_mark(bytes, i), cuts_paths() ? std::min(bytes.find('/', i), text.size()) : text.size());
      const bool is_in_word = mark < text.size() && !ends_word(text[mark]);
      std::size_t word = mark;
      while (is_in_word && word > i && text[word - 1] != ' ') --word;
      release_words(text.sub(i, word - i), out);
      if (mark == text.size()) return;
      i = mark + 1;
      if (is_in_word) {
        i = run_end(text, mark, [&](unsigned char c) { return !ends_word(c); });
        put_word(text.sub(word, i - word), s, out);
      } else if (text[mark] == '\t') {
        out.put(' ');
      } else if (text[mark] == '"') {
        out.put(quote);
      } else {
        out.put_escaped(text[mark]);
      }
    }
  }

  void put_word(raw word, scope& s, writer& out) const noexcept {
    const character_profile p = character_profile::of(word);
    if (is_nobodys(word, p) && cut_path(word) == raw::npos) return out.release(word);
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
    if (url_from == raw::npos) return put_without_url(word, d, s, out);
    const std::size_t closing = scrub_rules::closing_size(d.sub(url_from));
    put_decoded(before, before, s, out);
    request.target_rule.apply(d.sub(url_from).without_last(closing), s, out);
    put_decoded(d.sub(d.size() - closing), d.sub(d.size() - closing), s, out);
  }

  // A target without a host, `KEY=VALUE` of a sensitive key, and `//USER:PASSWORD@HOST` of any scheme: SPEC 3.8, also here.
  void put_without_url(raw word, raw d, scope& s, writer& out) const noexcept {
    if (d.starts_with("/") && d.holds('?')) {
      request.target_rule.apply(d, s, out);
      return;
    }
    const std::size_t slashes = d.find("//");
    if (slashes != raw::npos && d.sub(slashes).holds('@')) return put_placeholder(placeholder::token, s.counts, out);
    for (std::size_t equals = d.find('='); equals != raw::npos; equals = d.find('=', equals + 1)) {
      const raw key = told_secrets::key_before(d, equals);
      const std::size_t begin = equals - key.size();
      const bool is_parameter = begin != 0 && d[begin - 1] == ';' && d.first(begin).holds('/');  // of a path: it goes as a whole
      if (!is_parameter && told_secrets::is_secret_key(key)) {
        put_decoded(d.first(equals), d.first(equals), s, out);
        return out.put("=*");
      }
    }
    const std::size_t path = cut_path(d);
    if (path == raw::npos) return put_decoded(word, d, s, out);
    const std::size_t closing = scrub_rules::closing_size(d.sub(path));
    put_decoded(d.first(path), d.first(path), s, out);
    request.target_rule.apply(d.sub(path).without_last(closing), s, out);
    put_decoded(d.sub(d.size() - closing), d.sub(d.size() - closing), s, out);
  }

  // True if none of the rules that put_decoded runs can fire, no escape is to be undone and no URL can be there. Four numbers of
  // an address may be joined by three `_` too, and `/~` begins a user's directory.
  static constexpr bool is_nobodys(raw word, const character_profile& p) noexcept {
    return p.specials == 0 && p.token_marks < 3 && (p.token_marks == 0 || (!word.holds('~') && !word.holds('='))) && !word.holds('?') && !inline_rules::may_find(p) && (p.colons == 0 || word.find("://") == raw::npos);
  }

  // What no rule fires on in its decoded form `d` comes out as it was written.
  static void put_decoded(raw written, raw d, scope& s, writer& out) noexcept {
    if (d.empty()) return;
    char* const marks = s.memory.take(d.size());
    if (marks == nullptr) {
      out.put('-');
      return;
    }
    const character_profile p = character_profile::of(d);
    const bool may_spell_address = (p.digits >= 4 && (p.dots >= 3 || p.dashes >= 3 || p.token_marks >= 3)) || (p.digits != 0 && p.dashes >= 4);
    marked_text text(d, marks);
    if (p.colons != 0) text.mark_written_placeholders();
    bool found = false;
    const auto mark = [&](bool is_possible, auto rule) { found = (is_possible && text.mark_by(rule)) || found; };
    mark(p.specials != 0, [](raw piece, auto hit) { scrub_rules::path_parameters(piece, hit); });
    mark(p.token_marks != 0 || p.at_signs != 0, [](raw piece, auto hit) { scrub_rules::home_directories(piece, hit); });
    mark(p.dots >= 2, [](raw piece, auto hit) { scrub_rules::web_tokens(piece, hit); });
    // E-mails first, or the address in `bob@[192.0.2.1]` would be taken out of one; with ports before those without.
    mark(p.at_signs != 0, [](raw piece, auto hit) { inline_rules::emails(piece, hit); });
    mark(p.dots >= 3 || p.colons >= 2, [](raw piece, auto hit) { scrub_rules::addresses(piece, hit); });
    // UUIDs before host names, for a file may be called by one; both before the rules that would take parts of a name.
    mark(p.dashes >= 4, [](raw piece, auto hit) { inline_rules::uuids(piece, hit); });
    using scrub_rules::names;
    mark(may_spell_address && p.dots != 0, [](raw piece, auto hit) { names(piece, scrub_rules::is_address_host, hit); });
    found = text.mark_identifiers(p) || found;
    mark(may_spell_address || (p.digits != 0 && p.hexes >= 8), [](raw piece, auto hit) { names(piece, [](raw name) { return spells_address(name); }, hit); });
    if (found)
      text.write(s.counts, out, [](raw piece, writer& to) noexcept { to.release(piece); });
    else
      out.release(written);
  }
};

}  // namespace anonlog
