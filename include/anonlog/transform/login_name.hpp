// transform/login_name.hpp: where the message of an error log says with which name a login failed.
//
// A name is an ordinary word, so no rule for identifiers finds it, or whatever a client typed: quotes, labels, the words that
// the server writes after it. It therefore reaches up to the last place where those words stand, and more than the name may go.
// Sources: nginx ngx_http_auth_basic_module.c; Apache mod_auth_basic.c (AH01617, AH01618), mod_authz_core.c (AH01631),
// mod_auth_digest.c (AH01790, AH01792); lighttpd mod_auth.c.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/transform/phrase_list.hpp>

namespace anonlog {

class login_names {
 public:
  explicit login_names(raw message) noexcept : message_(message) {}

  struct span {
    std::size_t from = 0, size = 0;
    constexpr std::size_t end() const noexcept { return from + size; }
  };
  // The name behind the `user` or `for` at `place`, if it begins at `from` or later; size 0 if there is none.
  span behind(std::size_t place, std::size_t from) noexcept {
    if (message_.sub(place).starts_with("for ")) return behind_for(place + 4, from);
    const raw behind = message_.sub(place + 1);
    if (!behind.starts_with("ser ") && !behind.starts_with("sern")) return {};  // `User`, too
    for (const std::size_t words : {std::size_t{5}, std::size_t{6}, std::size_t{10}, std::size_t{13}}) {  // `user `, `user "`, `username: `, `username is "`
      const std::size_t begin = place + words;
      const std::size_t end = begin < message_.size() && begin >= from ? end_of(begin, place) : raw::npos;
      if (end != raw::npos && end != begin) return {begin, end - begin};
    }
    raw before = message_.first(place);
    if (before.ends_with("invalid ")) before = before.without_last(8);
    return behind.starts_with("ser ") && place + 5 >= from && before.ends_with("for ") && tells_failure(before.without_last(4)) ? name_at(place + 5) : span{};
  }

 private:
  // `authentication failure for NAME`: one word, or what is in quotes; a `user` in front of it is the other rule's.
  span behind_for(std::size_t begin, std::size_t from) const noexcept {
    const raw behind = message_.sub(begin);
    if (!tells_failure(message_.first(begin - 4)) || begin < from || behind.empty() || behind.starts_with("user ") || behind.starts_with("invalid user ")) return {};
    return name_at(begin);
  }
  static bool tells_failure(raw before) noexcept { return failures.find_end(before) != failures.npos; }

  // One word, or what is in quotes.
  span name_at(std::size_t begin) const noexcept {
    const raw behind = message_.sub(begin);
    if (behind.empty()) return {};
    const unsigned char quote = behind.front();
    if (quote == '/' || behind.starts_with("\"/")) return {};  // a path
    if (quote == '"' || quote == '\'') {
      const std::size_t close = message_.find(static_cast<char>(quote), begin + 1);
      return {begin + 1, (close == raw::npos ? message_.size() : close) - begin - 1};
    }
    std::size_t end = begin;
    while (end < message_.size() && !is_blank(message_[end]) && message_[end] != '"' && message_[end] != ',' && message_[end] != ';') ++end;
    return {begin, end - begin};
  }
  static constexpr phrase_list<9> failures{{"publickey ", "failure ", "failed ", "password ", "credentials ", "login ", "logon ", "attempt ", "attempts "}};

  // The end of the name that begins at `from`, behind the `user` at `place`; npos if none begins there.
  std::size_t end_of(std::size_t from, std::size_t place) noexcept {
    const raw before = message_.first(from);
    if (before.empty() || (before.back() != ' ' && before.back() != '"' && before.back() != '`' && before.back() != '\'')) return raw::npos;
    const bool opens_quote = message_[from] == '"' || (message_[from] == '`' && last_of(realm) != raw::npos);
    if (opens_quote && from - place == 5) return raw::npos;  // the name is behind it
    std::size_t end = raw::npos;
    bool is_quoted = false;
    for (std::size_t i = 0; i < std::size(phrases); ++i) {
      const std::string_view words = phrases[i].before;
      if (words.front() == 'u' ? from - place != words.size() || !before.ends_with(words.substr(1)) : !before.ends_with(words)) continue;
      const std::size_t rest = before.size() - words.size();
      if (rest != 0 && is_alphanumeric(before[rest - 1])) continue;
      is_quoted = before.back() == '"';
      if (phrases[i].after.size() == 1 && end != raw::npos) continue;  // any quote, if nothing better is told
      const std::size_t last = last_of(i);
      if (last != raw::npos && last > from && (end == raw::npos || last > end)) end = last;
    }
    if (end != raw::npos || !is_quoted) return end;
    const std::size_t quote = message_.find('"', from);  // said otherwise, or cut short
    return quote == raw::npos ? message_.size() : quote;
  }

  struct phrase {
    std::string_view before, after;
  };
  static constexpr phrase phrases[] = {
      {"user \"", "\" was not found in \""},
      {"user \"", "\": password mismatch"},
      {"user `", "' in realm `"},  // Apache's digest; the others there have no quotes
      {"user ", " not found: "},
      {"user ", ": authentication failure for \""},
      {"user ", ": authorization failure for \""},
      {"user ", ": password mismatch: "},
      {"user ", " authentication failed; URI "},  // mod_authnz_ldap (AH01695)
      {"user ", " to access "},                   // mod_authz_groupfile and its like (AH01666)
      {"user ", " from "},                        // sshd
      {"Require user ", ": denied"},              // Apache's mod_authz_core (AH01626): what its configuration asks for
      {"Require user ", ": granted"},
      {"Require user ", ": neutral"},
      {"username: ", " IP: "},
      {"user  ", " , IP: "},  // lighttpd
      {"user '", "' does not meet 'require'ments"},  // Apache's mod_authz_core (AH01663)
      {"user '", "'"},
      {"user \"", "\" not found"},
      {"username is \"", "\" while "},  // a module of nginx for LDAP
  };

  static constexpr std::size_t realm = 2;

  // Looked for once: a message may repeat `user ` as often as it is long.
  std::size_t last_of(std::size_t i) noexcept {
    if (!looked_for_[i]) {
      last_[i] = message_.rfind(phrases[i].after);
      const std::string_view cut = phrases[i].after.substr(0, phrases[i].after.find_last_not_of(": ") + 1);
      const std::size_t at_end = message_.size() - std::min(cut.size(), message_.size());
      if (last_[i] == raw::npos && message_.sub(at_end) == cut) last_[i] = at_end;  // what came behind is cut off
    }
    looked_for_[i] = true;
    return last_[i];
  }

  raw message_;
  std::size_t last_[std::size(phrases)] = {};
  bool looked_for_[std::size(phrases)] = {};
};

}  // namespace anonlog
