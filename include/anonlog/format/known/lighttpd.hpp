// format/known/lighttpd.hpp: lighttpd's default: common with the Host header where the ident would be; OVH's hosting writes the same.
//
// The client chooses the second word. Where the format is not named, a line is read as combined and that word goes: it could
// be the client's own host name.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind lighttpd_names[] = {{"http_host", kind::vhost_word}};

inline constexpr log_format lighttpd{
    .name = "lighttpd",
    .pattern = R"($remote_addr $http_host $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent")",
    .sample = R"(203.0.113.77 www.example.com:8080 ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0")",
    .source = "https://redmine.lighttpd.net/projects/lighttpd/wiki/Mod_accesslog",
    .in_auto = auto_part::none,
    .names = lighttpd_names,
};

}  // namespace anonlog::known
