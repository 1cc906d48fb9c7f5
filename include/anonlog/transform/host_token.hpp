// transform/host_token.hpp: a client's host name becomes a pseudonym, or nothing.
//
// A reverse name spells the address it belongs to, so no part of it is ever kept. Source: SPEC 3.2.1, 3.3.3 (host).
#pragma once

#include <anonlog/transform/example.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/token.hpp>

namespace anonlog {

enum class host_rule : unsigned char { drop, token };

// Writes `h-...` of the name, upper and lower case, blanks around it and one final dot counting for nothing; "-"
// without keys or without a name.
inline outcome put_host_token(raw host, scope& s, writer& out, token_style style) noexcept {
  if (pass_accepted_token(host, {"h"}, style, out)) return outcome::kept;
  raw name = host.trimmed();
  if (name.ends_with(".")) name = name.without_last(1);
  if (s.keys == nullptr || name.trimmed().empty()) {
    out.put('-');
    return outcome::unreadable;
  }
  keyed_hash hash(*s.keys, class_id::host);
  hash.add_lower(name);
  put_token(out, "h", hash.finish(), style);
  return outcome::tokenised;
}

// Class `host`.
struct host_token {
  static constexpr std::string_view name = "host";
  static constexpr example examples[] = {
      {.in = "Host-203-0-113-195.ISP.example.", .out = "-", .outcome = outcome::dropped},
  };

  host_rule rule = host_rule::drop;
  token_style style = {};

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    if (rule == host_rule::token) return put_host_token(value, s, out, style);
    out.put('-');
    return outcome::dropped;
  }
};

}  // namespace anonlog
