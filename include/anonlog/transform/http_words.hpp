// transform/http_words.hpp: the methods and protocols that may be written as they are.
//
// A client may send any word as a method; only known ones leave. Source: SPEC 3.8 (Request line).
#pragma once

#include <array>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/transform/word_table.hpp>

namespace anonlog {

inline constexpr std::array<std::string_view, 20> known_methods = {
    "GET",   "HEAD",     "POST",      "PUT",   "DELETE", "CONNECT", "OPTIONS", "TRACE",  "PATCH",  "PROPFIND",
    "MKCOL", "PROPPATCH", "COPY",     "MOVE",  "LOCK",   "UNLOCK",  "REPORT",  "SEARCH", "PURGE",  "PRI",
};
inline constexpr std::array<std::string_view, 7> known_protocols = {"HTTP/0.9", "HTTP/1.0", "HTTP/1.1", "HTTP/2",
                                                                    "HTTP/2.0", "HTTP/3",   "HTTP/3.0"};

// As logs say them that have a field for the version alone.
inline constexpr std::array<std::string_view, 10> known_protocol_versions = {"0.9", "1.0", "1.1", "2", "2.0", "3", "3.0", "h2", "h2c", "h3"};

inline constexpr word_table<known_methods.size()> method_table(known_methods);
inline constexpr word_table<known_protocols.size()> protocol_table(known_protocols);
inline constexpr word_table<known_protocol_versions.size()> protocol_version_table(known_protocol_versions);

constexpr bool is_known_method(raw word) noexcept {
  return method_table.holds(word);
}

// What could be a method: [A-Za-z_-]{1,32}.
constexpr bool is_method_form(raw word) noexcept {
  return !word.empty() && word.size() <= 32 &&
         all_of(word, [](unsigned char c) { return is_letter(c) || c == '_' || c == '-'; });
}

constexpr bool is_known_protocol(raw word) noexcept {
  return protocol_table.holds(word);
}

constexpr bool is_known_protocol_version(raw word) noexcept {
  return protocol_version_table.holds(word);
}

}  // namespace anonlog
