// transform/value_token.hpp: the value of a query parameter, or a value of its own, becomes a pseudonym.
//
// The key is part of the message, so `id=42` and `page=42` do not share a token; the encoding is not, so `%34%32`
// is `42`. Source: SPEC 3.3.3 (value), 3.8 (query level `hash`).
#pragma once

#include <cstring>

#include <anonlog/transform/decode.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/token.hpp>

namespace anonlog {

// `+` is a space (before decoding, so `%2B` is a plus), then up to three rounds of percent-decoding. The result
// lives in `memory`; `ok` becomes false when that is used up.
inline raw decoded_query_value(raw value, scratch& memory, bool& ok) noexcept {
  raw spaced = value;
  if (value.holds('+')) {
    char* const copy = memory.take(value.size());
    if (copy == nullptr) {
      ok = false;
      return {};
    }
    for (std::size_t i = 0; i < value.size(); ++i) copy[i] = value[i] == '+' ? ' ' : static_cast<char>(value[i]);
    spaced = raw(copy, value.size());
  }
  return percent_decode(spaced, 3, memory, ok);
}

// Writes `x-...`; "-" without keys, without memory, or for blanks alone.
inline outcome put_value_token(raw decoded_key, raw value_as_in_log, scope& s, writer& out,
                               token_style style) noexcept {
  if (pass_accepted_token(value_as_in_log, {"x"}, style, out)) return outcome::kept;
  const scratch::frame frame(s.memory);
  bool ok = true;
  const raw value = decoded_query_value(value_as_in_log, s.memory, ok);
  if (!ok || s.keys == nullptr || value.trimmed().empty()) {
    out.put('-');
    return outcome::unreadable;
  }
  keyed_hash hash(*s.keys, class_id::value);
  hash.add(decoded_key);
  hash.add(std::uint8_t{0});
  hash.add(value);
  put_token(out, "x", hash.finish(), style);
  return outcome::tokenised;
}

// Class `value`: a value without a key.
struct value_token {
  static constexpr std::string_view name = "value";
  static constexpr example examples[] = {
      // with the keys of SPEC 3.3.6
      {.in = "42", .out = "x-auxnc6kl3lafrfl3", .outcome = outcome::tokenised},
      {.in = "%34%32", .out = "x-auxnc6kl3lafrfl3", .outcome = outcome::tokenised},
  };

  token_style style = {};

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    return put_value_token(raw(), value, s, out, style);
  }
};

}  // namespace anonlog
