// core/field_class.hpp: what sort of data a field holds; the class carries the protection.
//
// The public names are those of the policy file, of `anonlog value` and of the C ABI. A field nobody knows is
// class `drop` (SPEC 3.1, F1).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace anonlog {

enum class field_class : unsigned char {
  drop,       // unknown, or known to be nobody's business
  ip,         // one client address
  ip_list,    // X-Forwarded-For
  forwarded,  // RFC 7239
  ip_binary,  // 4 or 16 raw bytes, escaped
  upstream,   // addresses of the operator's own servers
  host,       // a client's host name
  port,       // a client's port
  user, email, session, cookie, visitor,
  time, agent, referrer,
  request,    // method, target, protocol
  target,     // path and query
  path, query,
  bytes, duration,
  value,      // tokenised
  text,       // free text, scrubbed: best effort
  vhost,      // a host the server answers to, as the client wrote it
  keep,       // a word or number of the operator's own side
};

inline constexpr std::array<std::string_view, 26> field_class_names = {
    "drop",  "ip",       "ip_list", "forwarded", "ip_binary", "upstream", "host",  "port", "user",
    "email", "session",  "cookie",  "visitor",   "time",      "agent",    "referrer", "request", "target",
    "path",  "query",    "bytes",   "duration",  "value",     "text",     "vhost", "keep",
};

constexpr std::string_view to_text(field_class c) noexcept { return field_class_names[static_cast<std::size_t>(c)]; }

constexpr std::optional<field_class> field_class_from(std::string_view name) noexcept {
  for (std::size_t i = 0; i < field_class_names.size(); ++i)
    if (field_class_names[i] == name) return static_cast<field_class>(i);
  return std::nullopt;
}

// True if bytes of the value itself come out: of the other classes only pseudonyms, networks, times and fixed words do.
constexpr bool is_let_through(field_class c) noexcept {
  switch (c) {
    case field_class::drop:
    case field_class::ip:
    case field_class::ip_list:
    case field_class::forwarded:
    case field_class::ip_binary:
    case field_class::host:
    case field_class::user:
    case field_class::email:
    case field_class::session:
    case field_class::visitor:
    case field_class::value:
    case field_class::agent:
    case field_class::time: return false;
    default: return true;
  }
}

// The form in which a value of class `keep` is let through; anything else is "-" (SPEC 3.9).
enum class keep_form : unsigned char {
  any,       // a number of 1-20 digits, or a word
  status,    // three digits
  number,    // 1-20 digits
  method,    // of the list, else OTHER
  protocol,  // of the list, its version alone, or a scheme
  scheme,    // http https ws wss
  word,
  provided,  // a number or a word, or Traefik's `word@provider`, or HAProxy's `word~`
  label,     // how grave an event is, or which output it was written to: a word of the list, or a number up to 60
};

}  // namespace anonlog
