// transform/query_key.hpp: which names of parameters may be written, and whose values never are.
//
// Source: SPEC 3.8 (Query levels). The same form holds for cookie names and for the keys of Forwarded.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/transform/identifier_rules.hpp>

namespace anonlog {

// [A-Za-z_][A-Za-z0-9_.\[\]-]{0,31}, and no identifier.
inline bool is_writable_key(raw decoded_key) noexcept {
  if (decoded_key.empty() || decoded_key.size() > 32) return false;
  if (!is_letter(decoded_key.front()) && decoded_key.front() != '_') return false;
  const auto is_key_byte = [](unsigned char c) {
    return is_alphanumeric(c) || c == '_' || c == '.' || c == '[' || c == ']' || c == '-';
  };
  return all_of(decoded_key, is_key_byte) && !holds_identifier(decoded_key);
}

inline constexpr std::string_view credential_keys[] = {
    "token", "access_token", "id_token", "refresh_token", "auth", "authorization", "password", "passwd", "pwd", "pass",
    "secret", "client_secret", "api_key", "apikey", "key", "sig", "signature", "x-amz-signature", "x-amz-credential",
    "x-amz-security-token", "awsaccesskeyid", "x-goog-signature", "x-goog-credential", "code", "state", "session",
    "sid", "phpsessid", "jsessionid", "sessionid", "session_id", "jwt", "otp", "pin",
};

// These may be allowed one by one.
inline constexpr std::string_view personal_keys[] = {
    "email", "mail", "e-mail", "user", "username", "login", "userid", "user_id", "uid", "name", "firstname", "lastname",
    "phone", "tel", "mobile", "ip", "ssn", "iban", "q", "query", "search",
};

namespace query_key_detail {
inline bool is_sensitive_part(raw part, std::span<const std::string> allowed_personal) noexcept {
  const auto is_part = [&](std::string_view word) { return part.equals_lower(word); };
  for (const std::string_view word : credential_keys)
    if (is_part(word)) return true;
  for (const std::string_view word : personal_keys) {
    if (!is_part(word)) continue;
    for (const std::string& allowed : allowed_personal)
      if (raw(std::string_view(allowed)).equals_lower(word)) return false;
    return true;
  }
  return false;
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
