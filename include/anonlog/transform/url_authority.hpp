// transform/url_authority.hpp: a URL cut into scheme, host and what follows, as browsers cut it.
//
// Source: SPEC 3.7 (the authority ends at `/ ? # \`; userinfo is all up to its last `@`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/swar.hpp>

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

namespace url_detail {
struct authority {
  std::size_t host_from = 0;  // behind the last `@`
  std::size_t end = 0;
};

inline authority find_authority(raw tail) noexcept {
  authority found;
  while (found.end < tail.size()) {
    const std::size_t left = tail.size() - found.end;
    const char* const bytes = tail.begin() + found.end;
    const std::uint64_t word = left < 8 ? swar::load_first(bytes, left) : swar::load(bytes);
    const std::uint64_t ends = swar::equal(word, '/') | swar::equal(word, '?') | swar::equal(word, '#') | swar::equal(word, '\\');
    const std::size_t taken = ends != 0 ? swar::first(ends) : left < 8 ? left : 8;
    const std::uint64_t signs = swar::equal(word, '@') & (ends != 0 ? (ends & -ends) - 1 : ~std::uint64_t{0});
    if (signs != 0) found.host_from = found.end + swar::last(signs) + 1;
    found.end += taken;
    if (ends != 0) break;
  }
  return found;
}
}  // namespace url_detail

// True if `url` is SCHEME://... with one of these schemes, in any case.
inline bool split_url(raw url, std::span<const url_scheme> schemes, url_parts& out) noexcept {
  for (const url_scheme& scheme : schemes) {
    if (!url.first(scheme.name.size()).equals_lower(scheme.name)) continue;
    const raw after = url.sub(scheme.name.size());
    if (!after.starts_with("://")) continue;
    const raw tail = after.sub(3);
    const url_detail::authority found = url_detail::find_authority(tail);
    out = {scheme, tail.sub(found.host_from, found.end - found.host_from), tail.sub(found.end)};
    return true;
  }
  return false;
}

}  // namespace anonlog
