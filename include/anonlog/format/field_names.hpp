// format/field_names.hpp: HTTP request headers by name; nginx `$http_x_forwarded_for` = Apache `%{X-Forwarded-For}i`.
//
// Classes: SPEC 3.9 and 3.2.1. A header that is not here is `drop`: Authorization, the client hints, ETag's relatives
// and every header an application invents. The address headers are those that proxies and CDNs document.
#pragma once

#include <string>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/format/field_kind.hpp>

namespace anonlog {

struct named_kind {
  std::string_view name;
  field_kind what;
};

// Lower case, with `-`.
inline constexpr named_kind header_kinds[] = {
    {"referer", kind::referrer},
    {"user-agent", kind::agent},
    {"host", kind::vhost},
    {"cookie", kind::cookie},
    {"dnt", kind::do_not_track},
    {"sec-gpc", kind::global_privacy_control},

    {"forwarded", kind::forwarded},
    {"x-forwarded-for", kind::client_list},
    {"x-original-forwarded-for", kind::client_list},
    {"x-cluster-client-ip", kind::client_list},
    {"x-vercel-forwarded-for", kind::client_list},
    {"x-envoy-external-address", kind::client_list},

    {"x-real-ip", kind::client_header},
    {"true-client-ip", kind::client_header},
    {"cf-connecting-ip", kind::client_header},
    {"cf-connecting-ipv6", kind::client_header},
    {"cf-pseudo-ipv4", kind::client_header},
    {"client-ip", kind::client_header},
    {"x-client-ip", kind::client_header},
    {"x-originating-ip", kind::client_header},
    {"x-remote-ip", kind::client_header},
    {"x-remote-addr", kind::client_header},
    {"remote-addr", kind::client_header},
    {"fastly-client-ip", kind::client_header},
    {"fly-client-ip", kind::client_header},
    {"do-connecting-ip", kind::client_header},
    {"ali-cdn-real-ip", kind::client_header},
    {"cdn-src-ip", kind::client_header},
    {"x-azure-clientip", kind::client_header},
    {"x-azure-socketip", kind::client_header},
    {"x-appengine-user-ip", kind::client_header},
    {"x-nf-client-connection-ip", kind::client_header},
    {"proxy-client-ip", kind::client_header},
    {"wl-proxy-client-ip", kind::client_header},
};

// `name` in any case, words joined by `-` or, as nginx writes them, by `_`.
inline std::string canonical_header(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c == '_' ? '-' : to_lower(static_cast<unsigned char>(c));
  return lower;
}

inline field_kind header_kind(std::string_view name) {
  const std::string lower = canonical_header(name);
  for (const named_kind& known : header_kinds)
    if (known.name == lower) return known.what;
  return kind::drop_any;
}

}  // namespace anonlog
