// transform/http_words.hpp: the methods and protocols that may be written as they are.
//
// A client may send any word as a method; only known ones leave. Source: SPEC 3.8 (Request line).
#pragma once

#include <string_view>

#include <anonlog/core/raw.hpp>

namespace anonlog {

inline constexpr std::string_view known_methods[] = {
    "GET",   "HEAD",     "POST",      "PUT",   "DELETE", "CONNECT", "OPTIONS", "TRACE",  "PATCH",  "PROPFIND",
    "MKCOL", "PROPPATCH", "COPY",     "MOVE",  "LOCK",   "UNLOCK",  "REPORT",  "SEARCH", "PURGE",  "PRI",
};
inline constexpr std::string_view known_protocols[] = {"HTTP/0.9", "HTTP/1.0", "HTTP/1.1", "HTTP/2",
                                                       "HTTP/2.0", "HTTP/3",   "HTTP/3.0"};

constexpr bool is_known_method(raw word) noexcept {
  for (const std::string_view method : known_methods)
    if (word == method) return true;
  return false;
}

// What could be a method: [A-Za-z_-]{1,32}.
constexpr bool is_method_form(raw word) noexcept {
  return !word.empty() && word.size() <= 32 &&
         all_of(word, [](unsigned char c) { return is_letter(c) || c == '_' || c == '-'; });
}

constexpr bool is_known_protocol(raw word) noexcept {
  for (const std::string_view protocol : known_protocols)
    if (word == protocol) return true;
  return false;
}

}  // namespace anonlog
