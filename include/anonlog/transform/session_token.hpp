// transform/session_token.hpp: a session id becomes a pseudonym; every byte of it counts.
//
// Who holds a session id may be able to act as its owner, so it is never kept. Source: SPEC 3.3.3 (session).
#pragma once

#include <anonlog/transform/example.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/token.hpp>

namespace anonlog {

// Writes `s-...`; "-" without keys, or for blanks alone. Also for the cookies whose names a policy lists.
inline outcome put_session_token(raw session, scope& s, writer& out, token_style style) noexcept {
  if (pass_accepted_token(session, {"s"}, style, out)) return outcome::kept;
  if (s.keys == nullptr || session.trimmed().empty()) {
    out.put('-');
    return outcome::unreadable;
  }
  keyed_hash hash(*s.keys, class_id::session);
  hash.add(session);
  put_token(out, "s", hash.finish(), style);
  return outcome::tokenised;
}

// Class `session`.
struct session_token {
  static constexpr std::string_view name = "session";
  static constexpr example examples[] = {
      {.in = "abc", .out = "s-a4cd2xww4a4xhbj2", .outcome = outcome::tokenised},  // the keys of SPEC 3.3.6
  };

  token_style style = {};

  outcome apply(raw value, scope& s, writer& out) const noexcept { return put_session_token(value, s, out, style); }
};

}  // namespace anonlog
