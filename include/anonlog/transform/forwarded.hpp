// transform/forwarded.hpp: the Forwarded header of RFC 7239: who asked, by which way, for which host.
//
// Read strictly and written anew: names of parameters and values are client text, so only what was understood comes
// out, and a header that breaks the syntax becomes `for=unknown` as a whole. Source: SPEC 3.2.1 (Forwarded).
#pragma once

#include <algorithm>
#include <string_view>

#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/vhost.hpp>
#include <anonlog/transform/ip_position.hpp>
#include <anonlog/transform/query_key.hpp>

namespace anonlog {

namespace forwarded_detail {

// tchar of RFC 7230.
constexpr bool is_token_byte(unsigned char c) noexcept {
  return is_alphanumeric(c) || (c != 0 && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != raw::npos);
}

// Unquoted values often hold these three against the rules.
constexpr bool is_value_byte(unsigned char c) noexcept { return is_token_byte(c) || c == ':' || c == '[' || c == ']'; }

constexpr bool is_quotable_byte(unsigned char c) noexcept { return c == '\t' || (c >= 0x20 && c != 0x7F); }

constexpr bool is_obfuscated_byte(unsigned char c) noexcept {
  return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
}

// `_` and at least one byte: a node or a port that hides its true name (RFC 7239 section 6.3).
constexpr bool is_obfuscated(raw text) noexcept {
  return text.size() >= 2 && text.front() == '_' && all_of(text, is_obfuscated_byte);
}

constexpr bool is_node_port(raw text) noexcept {
  return is_obfuscated(text) || (text.size() >= 1 && text.size() <= 5 && all_of(text, is_digit));
}

enum class piece : unsigned char { pair, end, broken };

// Gives the pairs of a header one after the other.
class reader {
 public:
  reader(raw header, scratch& memory) noexcept : header_(header), memory_(memory) {}

  raw key, value;              // of the pair; the value without quotes and their escapes
  bool begins_element = false;  // a comma stood before the pair

  piece next() noexcept {
    begins_element = false;
    bool is_separated = at_ == 0;
    for (; at_ < header_.size(); ++at_) {
      const unsigned char c = header_[at_];
      if (c != ',' && c != ';' && !is_blank(c)) break;
      begins_element = begins_element || c == ',';
      is_separated = is_separated || c == ',' || c == ';';
    }
    if (at_ == header_.size()) return piece::end;
    if (!is_separated) return piece::broken;

    key = take_while(is_token_byte);
    if (key.empty() || at_ == header_.size() || header_[at_] != '=') return piece::broken;
    ++at_;
    if (at_ < header_.size() && header_[at_] == '"') return take_quoted() ? piece::pair : piece::broken;
    value = take_while(is_value_byte);
    return value.empty() ? piece::broken : piece::pair;
  }

 private:
  template <class Test>
  raw take_while(Test test) noexcept {
    const std::size_t from = at_;
    while (at_ < header_.size() && test(header_[at_])) ++at_;
    return header_.sub(from, at_ - from);
  }

  // A quoted string up to and with its closing quote.
  bool take_quoted() noexcept {
    const std::size_t from = ++at_;
    bool has_escape = false;
    for (; at_ < header_.size() && header_[at_] != '"'; ++at_) {
      if (header_[at_] == '\\') {
        has_escape = true;
        if (++at_ == header_.size()) return false;
      }
      if (!is_quotable_byte(header_[at_])) return false;
    }
    if (at_ == header_.size()) return false;
    value = header_.sub(from, at_ - from);
    ++at_;
    return !has_escape || unescape();
  }

  bool unescape() noexcept {
    char* const begin = memory_.take(value.size());
    if (begin == nullptr) return false;
    char* end = begin;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '\\') ++i;  // never the last byte
      *end++ = static_cast<char>(value[i]);
    }
    value = raw(begin, static_cast<std::size_t>(end - begin));
    return true;
  }

  raw header_;
  scratch& memory_;
  std::size_t at_ = 0;
};

}  // namespace forwarded_detail

struct forwarded {
  static constexpr std::string_view name = "forwarded";
  static constexpr example examples[] = {
      {.in = R"(For="[2001:db8:cafe::17]:4711";proto=HTTPS;host=Example.com, for=192.0.2.43)",
       .out = R"(For="[2001:db8:ca00::]:0";proto=https;host=example.com, for=192.0.2.0)"},
      {.in = "for=192.0.2.43;secret=abc", .out = "for=192.0.2.0;secret=-", .outcome = outcome::dropped},
      {.in = "for=192.0.2.43 for=1.2.3.4", .out = "for=unknown", .outcome = outcome::unreadable},
  };

  ip_position position;
  vhost_rule host = vhost_rule::keep;  // of `host=`: what the client asked for

  outcome apply(raw header, scope& s, writer& out) const noexcept {
    const scratch::frame frame(s.memory);
    const std::size_t start = out.size();
    forwarded_detail::reader pairs(header, s.memory);
    outcome worst = outcome::absent;
    for (;;) {
      const forwarded_detail::piece read = pairs.next();
      if (read == forwarded_detail::piece::broken) {
        out.rewind(start);
        out.put("for=unknown");
        return outcome::unreadable;
      }
      if (read == forwarded_detail::piece::end) break;
      if (out.size() != start) out.put(pairs.begins_element ? ", " : ";");
      worst = std::max(worst, put_pair(pairs.key, pairs.value, s, out));
    }
    if (out.size() != start) return worst;
    out.put('-');
    return outcome::unreadable;
  }

 private:
  outcome put_pair(raw key, raw value, scope& s, writer& out) const noexcept {
    const bool is_node = key.equals_lower("for") || key.equals_lower("by");
    const bool is_host = key.equals_lower("host"), is_proto = key.equals_lower("proto");
    if (is_node || is_host || is_proto || is_writable_key(key))
      out.release(key);
    else
      out.put('_');
    out.put('=');

    char room[longest_host_name + 64];  // the longest value is a host name and its port
    writer text(room, sizeof room);
    outcome done = outcome::dropped;
    if (is_node)
      done = put_node(value, s, text);
    else if (is_host && host == vhost_rule::keep)
      done = put_host(value, /*default_port=*/"", position.truncate, s, text) ? outcome::reduced : outcome::unreadable;
    else if (is_proto)
      done = put_proto(value, text);
    if (text.size() == 0) text.put('-');

    const bool is_quoted = text.text().find_first_of(":[]/") != std::string_view::npos;
    if (is_quoted) out.put('"');
    out.put(text.text());
    if (is_quoted) out.put('"');
    return done;
  }

  outcome put_node(raw node, scope& s, writer& out) const noexcept {
    ip_element read;
    if (parse_ip(node, read)) return position.put_address(read, ip_place::node, s, out);
    const std::size_t colon = node.find(':');
    const raw node_name = node.first(colon);
    const bool is_name = colon == raw::npos || forwarded_detail::is_node_port(node.sub(colon + 1));
    if (position.mode != ip_mode::drop && is_name && forwarded_detail::is_obfuscated(node_name) &&
        s.keyring_given && s.keys != nullptr)
      return put_obfuscated(node_name, s, out);
    out.put("unknown");
    if (position.mode == ip_mode::drop) return outcome::dropped;
    return is_name && node_name.equals_lower("unknown") ? outcome::kept : outcome::unreadable;
  }

  // A name that stays the same is an identifier, so it gets a pseudonym; `_` keeps that a legal node.
  outcome put_obfuscated(raw node_name, scope& s, writer& out) const noexcept {
    out.put('_');
    const raw hidden = node_name.sub(1);
    if (pass_accepted_token(hidden, {"h"}, position.style, out)) return outcome::kept;
    if (position.mode == ip_mode::token && pass_accepted_token(hidden, {"ip"}, position.style, out))
      return outcome::kept;
    return put_host_token(node_name, s, out, position.style);
  }

  static outcome put_proto(raw value, writer& out) noexcept {
    for (const std::string_view proto : {"http", "https", "ws", "wss"}) {
      if (!value.equals_lower(proto)) continue;
      out.put(proto);
      return outcome::kept;
    }
    return outcome::unreadable;
  }
};

}  // namespace anonlog
