// transform/query_key.hpp: which names of parameters may be written, and whose values never are.
//
// Source: SPEC 3.8 (Query levels). The same form holds for cookie names and for the keys of Forwarded.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/transform/identifier_rules.hpp>
#include <anonlog/transform/word_table.hpp>

namespace anonlog {

inline constexpr std::size_t longest_key = 32;
inline constexpr byte_set is_key_byte("_.[]-");

// [A-Za-z_][A-Za-z0-9_.\[\]-]{0,31}, and no identifier. `kinds` are those of the key, if it is not too long.
inline bool is_writable_key(raw decoded_key, byte_kinds kinds) noexcept {
  if (decoded_key.empty() || decoded_key.size() > longest_key) return false;
  if (!is_letter(decoded_key.front()) && decoded_key.front() != '_') return false;
  const std::size_t plain = kinds.count(byte_kinds::digit) + kinds.count(byte_kinds::lower) + kinds.count(byte_kinds::upper) +
                            kinds.count(byte_kinds::dash) + kinds.count(byte_kinds::dot);
  if (plain != decoded_key.size() && !all_of(decoded_key, is_key_byte)) return false;
  return kinds.is_beyond_every_rule() || !holds_identifier(decoded_key, character_profile(kinds, decoded_key.size()));
}
inline bool is_writable_key(raw decoded_key) noexcept {
  return is_writable_key(decoded_key, byte_kinds::of(decoded_key.first(longest_key)));
}

inline constexpr std::array<std::string_view, 34> credential_keys = {
    "token", "access_token", "id_token", "refresh_token", "auth", "authorization", "password", "passwd", "pwd", "pass",
    "secret", "client_secret", "api_key", "apikey", "key", "sig", "signature", "x-amz-signature", "x-amz-credential",
    "x-amz-security-token", "awsaccesskeyid", "x-goog-signature", "x-goog-credential", "code", "state", "session",
    "sid", "phpsessid", "jsessionid", "sessionid", "session_id", "jwt", "otp", "pin",
};

// These may be allowed one by one.
inline constexpr std::array<std::string_view, 21> personal_keys = {
    "email", "mail", "e-mail", "user", "username", "login", "userid", "user_id", "uid", "name", "firstname", "lastname",
    "phone", "tel", "mobile", "ip", "ssn", "iban", "q", "query", "search",
};

namespace query_key_detail {
inline constexpr word_table<credential_keys.size()> credentials(credential_keys);
inline constexpr word_table<personal_keys.size()> personals(personal_keys);

inline bool is_sensitive_part(raw part, std::span<const std::string> allowed_personal) noexcept {
  if (credentials.find_lower(part) != credentials.npos) return true;
  const std::size_t found = personals.find_lower(part);
  if (found == personals.npos) return false;
  for (const std::string& allowed : allowed_personal)
    if (raw(std::string_view(allowed)).equals_lower(personals[found])) return false;
  return true;
}
}  // namespace query_key_detail

// True if the key, or a part of it between `[`, `]` and `.`, names a credential or something personal.
inline bool is_sensitive_key(raw decoded_key, std::span<const std::string> allowed_personal) noexcept {
  for (std::size_t from = 0; from <= decoded_key.size();) {
    std::size_t to = from;
    while (to < decoded_key.size() && decoded_key[to] != '[' && decoded_key[to] != ']' && decoded_key[to] != '.') ++to;
    if (query_key_detail::is_sensitive_part(decoded_key.sub(from, to - from), allowed_personal)) return true;
    from = to + 1;
  }
  return false;
}

}  // namespace anonlog
