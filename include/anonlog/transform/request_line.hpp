// transform/request_line.hpp: the first line of a request: method, target, protocol.
//
// What has not exactly this shape (a TLS hello on a plain port, a probe) may hold anything and is not kept.
// Source: SPEC 3.8 (Request line).
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/http_words.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/target.hpp>

namespace anonlog {

struct request_parts {
  raw method, target, protocol;
};

// METHOD SP target SP protocol, and nothing else.
constexpr bool split_request(raw line, request_parts& out) noexcept {
  const std::size_t first = line.find(' ');
  if (first == raw::npos) return false;
  const std::size_t second = line.find(' ', first + 1);
  if (second == raw::npos) return false;
  out = {line.first(first), line.sub(first + 1, second - first - 1), line.sub(second + 1)};
  return is_method_form(out.method) && !out.target.empty() && is_known_protocol(out.protocol);
}

struct request_line {
  static constexpr std::string_view name = "request";
  static constexpr example examples[] = {
      {.in = "GET /u/bob@example.com?x HTTP/1.1", .out = "GET /u/:email?* HTTP/1.1"},
      {.in = "FROBNICATE /x HTTP/1.1", .out = "OTHER /x HTTP/1.1"},
      {.in = "CONNECT mail.example.org:443 HTTP/1.1", .out = "CONNECT - HTTP/1.1"},
      {.in = "\x16\x03\x01", .out = "-", .outcome = outcome::unreadable},
  };

  target target_rule;

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    request_parts parts;
    if (!split_request(value, parts)) {
      out.put('-');
      return outcome::unreadable;
    }
    if (is_known_method(parts.method))
      out.release(parts.method);
    else
      out.put("OTHER");
    out.put(' ');
    if (parts.method == std::string_view("CONNECT") || !target_rule.put(parts.target, s, out)) out.put('-');
    out.put(' ');
    out.release(parts.protocol);
    return target_rule.reach() == outcome::kept ? outcome::kept : outcome::reduced;
  }
};

}  // namespace anonlog
