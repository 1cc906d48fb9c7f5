// transform/url_authority.hpp: a URL cut into scheme, host and what follows, as browsers cut it.
//
// Source: SPEC 3.7 (the authority ends at `/ ? # \`; userinfo is all up to its last `@`).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <anonlog/core/raw.hpp>

namespace anonlog {

struct url_scheme {
  std::string_view name;          // in lower case
  std::string_view default_port;  // may be empty
};

inline constexpr url_scheme web_schemes[] = {{"http", "80"}, {"https", "443"}};
inline constexpr url_scheme referrer_schemes[] = {
    {"http", "80"}, {"https", "443"}, {"android-app", ""}, {"ios-app", ""}};

struct url_parts {
  url_scheme scheme;
  raw host;  // with its port, without userinfo
  raw rest;  // from the byte that ended the authority
};

// True if `url` is SCHEME://... with one of these schemes, in any case.
constexpr bool split_url(raw url, std::span<const url_scheme> schemes, url_parts& out) noexcept {
  for (const url_scheme& scheme : schemes) {
    if (!url.first(scheme.name.size()).equals_lower(scheme.name)) continue;
    const raw after = url.sub(scheme.name.size());
    if (!after.starts_with("://")) continue;
    const raw tail = after.sub(3);
    std::size_t end = 0;
    while (end < tail.size() && tail[end] != '/' && tail[end] != '?' && tail[end] != '#' && tail[end] != '\\') ++end;
    const raw authority = tail.first(end);
    const std::size_t userinfo_end = authority.rfind('@');
    out = {scheme, userinfo_end == raw::npos ? authority : authority.sub(userinfo_end + 1), tail.sub(end)};
    return true;
  }
  return false;
}

}  // namespace anonlog
