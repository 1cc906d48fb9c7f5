// transform/user_token.hpp: a user name becomes a pseudonym; one that is an e-mail address becomes that of class email.
//
// So a person found by e-mail is found in both fields. Source: SPEC 3.3.3 (user).
#pragma once

#include <anonlog/transform/email_token.hpp>

namespace anonlog {

// Class `user`.
struct user_token {
  static constexpr std::string_view name = "user";
  static constexpr example examples[] = {
      // with the keys of SPEC 3.3.6
      {.in = "alice", .out = "u-5jj7gc7miyixhgps", .outcome = outcome::tokenised},
      {.in = "Alice.Doe@Example.COM", .out = "e-tpp5nih7gpmciccv", .outcome = outcome::tokenised},
      {.in = "\"\"", .out = "-", .outcome = outcome::absent},
  };

  enum class letter_case : unsigned char { exact, fold };

  name_rule rule = name_rule::token;        // `keep` only where the policy says accept_weak
  name_rule email_rule = name_rule::token;  // of class email: the stricter of both holds for an e-mail address here
  letter_case match = letter_case::exact;   // fold: `Alice` and `alice` are one user
  email_options email = {};
  token_style style = {};

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    const raw user = value.trimmed();
    if (user == "\"\"") {  // how Apache writes an empty name
      out.put('-');
      return outcome::absent;
    }
    const bool is_address = is_email(without_angle_brackets(user));
    const name_rule applied = is_address ? stricter(rule, email_rule) : rule;
    if (applied != name_rule::token) return put_name_as_is(value, applied, out);
    return is_address ? put_email_token(value, email, s, out, style) : put_user(value, user, s, out);
  }

 private:
  outcome put_user(raw value, raw user, scope& s, writer& out) const noexcept {
    if (pass_accepted_token(value, {"u"}, style, out)) return outcome::kept;
    if (email_rule == name_rule::token && pass_accepted_token(value, {"e"}, style, out)) return outcome::kept;
    if (s.keys == nullptr || user.empty()) {
      out.put('-');
      return outcome::unreadable;
    }
    keyed_hash hash(*s.keys, class_id::user);
    if (match == letter_case::fold)
      hash.add_lower(user);
    else
      hash.add(user);
    put_token(out, "u", hash.finish(), style);
    return outcome::tokenised;
  }
};

}  // namespace anonlog
