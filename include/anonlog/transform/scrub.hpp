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
#include <anonlog/transform/known_part.hpp>
#include <anonlog/transform/login_name.hpp>
#include <anonlog/transform/path_tails.hpp>
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
    message(*this, value, places, quote, s, out).write();
    return outcome::reduced;
  }

 private:
  // One text on its way out.
  class message {
   public:
    message(const scrub& rules, raw text, const text_map& places, std::string_view quote, scope& s, writer& out) noexcept
        : rules_(rules), text_(text), places_(places), words_(text, places, rules.request.target_rule, quote), logins_(text), secrets_(text), quote_(quote), s_(s), out_(out) {}

    // Goes from one place to the next at which a name, a secret or a known part may be told of; what stands between is words.
    void write() noexcept {
      for (std::size_t i = 0; done_ != text_.size();) {
        i = places_.next_event(i, text_.size());
        look_at(i);
        if (put_told(i)) continue;  // at the same place: what is told of there may end behind this
        if (i == text_.size()) break;
        if (is_label_mark(text_[i])) put_part_at(i);
        ++i;
      }
      words_.put(done_, text_.size(), s_, out_);
    }

   private:
    void look_at(std::size_t i) noexcept {
      if (login_.from < done_) login_ = {};
      if (i == text_.size()) return;
      if (login_.size == 0 && !is_label_mark(text_[i])) login_ = logins_.behind(i, done_);
      if (secret_.size == 0 || secret_.end() <= done_) secret_ = secrets_.behind(i);
    }

    // Writes the name or the secret that begins before `i`, the first of them; false if there is none.
    bool put_told(std::size_t i) noexcept {
      const bool has_secret = secret_.size != 0 && secret_.end() > done_;
      const std::size_t secret_from = std::max(secret_.from, done_);
      if (login_.size != 0 && login_.from <= i && (!has_secret || login_.from < secret_from || (login_.from == secret_from && login_.end() >= secret_.end()))) {
        words_.put(done_, login_.from, s_, out_);
        out_.put('-');
        done_ = login_.end();
        return true;
      }
      if (!has_secret || secret_from > i + 1) return false;  // the quote in front of a secret opens no part
      words_.put(done_, secret_from, s_, out_);
      if (secret_.has_mask) out_.put('*');
      done_ = secret_.end();
      return true;
    }

    // Writes the known part that begins with the quote or behind the label at `i`, if there is one, and what stands in front of it.
    void put_part_at(std::size_t i) noexcept {
      using namespace known_parts;
      const bool is_quote = text_[i] == '"';
      const std::size_t begin = is_quote ? i : i + (text_[i] == ':' ? std::string_view(": ") : client_label).size();
      if (i < done_ || begin >= text_.size()) return;
      const label of = label_at_end(text_.first(begin));
      const known_part part = of.part;
      if (is_quote) return put_quoted(of, i);
      if ((part != known_part::client && part != known_part::referrer) || text_[begin] == '"') return;
      std::size_t end = text_.size();
      if (part == known_part::client) {
        const std::size_t bracket = text_[begin] == '[' ? text_.find(']', begin) : raw::npos;
        end = run_end(text_, bracket == raw::npos ? begin : bracket + 1, [](unsigned char c) { return c != ' ' && c != '\t' && c != ',' && c != ']'; });
      }
      if (end == begin) return;
      if (!put_label(of, begin)) return;
      rules_.put_part(part, text_.sub(begin, end - begin), s_, out_);
      done_ = end;
    }

    // Writes the words up to `to` and the label at their end; false if a rule took the label for a part of something else: then it
    // is none when this is read again.
    bool put_label(known_parts::label of, std::size_t to) noexcept {
      words_.put(done_, to, s_, out_, of.words.size());
      done_ = to;
      return out_.text().ends_with(of.words);
    }

    // The same for what the quote at `i` opens, behind the label of `part`.
    void put_quoted(known_parts::label of, std::size_t i) noexcept {
      const known_part part = of.part;
      const bool is_known = part != known_part::none;
      std::size_t close = is_known ? close_of(part, i + 1) : text_.find('"', i + 1);
      raw quoted = text_.sub(i + 1, close == raw::npos ? raw::npos : close - i - 1);
      const bool is_target = !is_known && close != raw::npos && quoted.starts_with("/") && (quoted.holds('?') || rules_.request.target_rule.path_rule.cuts());
      if (is_target) {  // a quote may belong to it
        close = std::max(close, path_end(close));
        quoted = text_.sub(i + 1, close - i - 1);
      }
      const bool is_closed = close != raw::npos;
      request_parts parts;
      const bool is_request = is_closed && split_request(quoted, parts);
      if (!is_known && !is_request && !is_target) return;
      if (!put_label(of, i)) return put_quoted({}, i);
      out_.put(quote_);
      if (!quoted.empty()) rules_.put_part(is_request ? known_part::request : is_target ? known_part::target : part, quoted, s_, out_);
      if (is_closed) out_.put(quote_);
      done_ = is_closed ? close + 1 : text_.size();
    }

    // The quote that closes a known part that begins at `from`; npos if there is none. What nginx tells of a target stands in
    // front of the client, and holds whatever somebody asked for: it reaches up to the last one.
    std::size_t close_of(known_part part, std::size_t from) noexcept {
      if (part == known_part::bracketed_host || part == known_part::bracketed_path) {
        if (last_bracket_ == unknown) last_bracket_ = text_.rfind("\"]");
        return last_bracket_ != raw::npos && last_bracket_ >= from ? text_.find("\"]", from) : text_.find('"', from);
      }
      if (part == known_part::target || part == known_part::query) {
        if (last_arguments_ == unknown) {
          last_arguments_ = text_.rfind("\", args: \"");
          last_client_ = text_.rfind("\", client: ");
        }
        if (part == known_part::target && last_arguments_ != raw::npos && last_arguments_ >= from) return last_arguments_;
        if (last_client_ != raw::npos && last_client_ >= from) return last_client_;
      }
      return known_parts::known_part_end(text_, from);
    }

    // The last quote behind which a path ends, if it stands behind `from`; else `from`.
    std::size_t path_end(std::size_t from) noexcept {
      if (last_path_end_ == unknown) last_path_end_ = path_tails::last(text_, 0, text_.size(), '"');
      return last_path_end_ == raw::npos || last_path_end_ < from ? from : last_path_end_;
    }

    static constexpr std::size_t unknown = raw::npos - 1;

    const scrub& rules_;
    raw text_;
    const text_map& places_;
    scrub_words words_;
    login_names logins_;
    told_secrets secrets_;
    std::string_view quote_;
    scope& s_;
    writer& out_;
    login_names::span login_;  // found, and not written yet
    told_secrets::span secret_;
    std::size_t done_ = 0;  // what stands before it is written
    // The last quotes behind which a path ends, and in front of these labels, looked for once.
    std::size_t last_path_end_ = unknown, last_arguments_ = unknown, last_client_ = unknown, last_bracket_ = unknown;
  };

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
