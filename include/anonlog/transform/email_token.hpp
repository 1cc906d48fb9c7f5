// transform/email_token.hpp: an e-mail address becomes a pseudonym; all its spellings become the same one.
//
// Source: SPEC 3.3.3 (email), 3.8 (U+FF20 is hashed as `@`).
#pragma once

#include <anonlog/transform/email_address.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/token.hpp>

namespace anonlog {

// What a user name or an e-mail address becomes, the most protecting first.
enum class name_rule : unsigned char { drop, token, keep };

constexpr name_rule stricter(name_rule a, name_rule b) noexcept { return a < b ? a : b; }

struct email_options {
  bool fold_local = true;   // upper and lower case are the same before the `@` too (after it they always are)
  bool strip_plus = false;  // `ada+news@` is `ada@`
};

// A name whose rule is not `token`: dropped, or let through where the policy insists.
inline outcome put_name_as_is(raw name, name_rule rule, writer& out) noexcept {
  if (rule == name_rule::keep && !name.trimmed().empty()) {
    out.release(name);
    return outcome::kept;
  }
  out.put('-');
  return outcome::dropped;
}

inline raw without_angle_brackets(raw text) noexcept {
  return text.size() >= 2 && text.front() == '<' && text.back() == '>' ? text.sub(1).without_last(1) : text;
}

// The last `@`, in either spelling; its size is 0 if there is none.
struct at_sign {
  std::size_t from = 0, size = 0;
};

constexpr at_sign last_at_sign(raw text) noexcept {
  for (std::size_t i = text.size(); i-- > 0;)
    if (const std::size_t size = at_sign_size(text, i); size != 0) return {i, size};
  return {};
}

// Writes `e-...`; "-" without keys, or for what has no `@` with something on both sides.
inline outcome put_email_token(raw email, email_options options, scope& s, writer& out, token_style style) noexcept {
  if (pass_accepted_token(email, {"e"}, style, out)) return outcome::kept;
  const raw address = without_angle_brackets(email.trimmed());
  const at_sign at = last_at_sign(address);
  raw local = address.first(at.from);
  raw domain = address.sub(at.from + at.size);
  if (domain.ends_with(".")) domain = domain.without_last(1);
  if (options.strip_plus) local = local.first(local.find('+'));
  if (s.keys == nullptr || at.size == 0 || local.empty() || domain.empty()) {
    out.put('-');
    return outcome::unreadable;
  }
  keyed_hash hash(*s.keys, class_id::email);
  if (options.fold_local)
    hash.add_lower(local);
  else
    hash.add(local);
  hash.add(std::uint8_t{'@'});
  hash.add_lower(domain);
  put_token(out, "e", hash.finish(), style);
  return outcome::tokenised;
}

// Class `email`.
struct email_token {
  static constexpr std::string_view name = "email";
  static constexpr example examples[] = {
      // with the keys of SPEC 3.3.6
      {.in = "alice.doe@example.com", .out = "e-tpp5nih7gpmciccv", .outcome = outcome::tokenised},
      {.in = " <Alice.Doe@Example.com.> ", .out = "e-tpp5nih7gpmciccv", .outcome = outcome::tokenised},
      {.in = "alice.doe", .out = "-", .outcome = outcome::unreadable},
  };

  name_rule rule = name_rule::token;  // `keep` only where the policy says accept_weak
  email_options options = {};
  token_style style = {};

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    if (rule == name_rule::token) return put_email_token(value, options, s, out, style);
    return put_name_as_is(value, rule, out);
  }
};

}  // namespace anonlog
