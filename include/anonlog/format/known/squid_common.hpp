// format/known/squid_common.hpp: Squid's `common` and `combined`: those of Apache, with how the cache answered at the end.
//
// That is what tells them from others, so it must be what it is in Squid: capitals on both sides of the colon.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind squid_common_names[] = {
    {"remotehost", kind::client},
    {"ident", kind::ident},
    {"user", kind::user},
    {"time", kind::time_clf},
    {"request", kind::request},
    {"status", kind::status_number},  // 0: none was sent
    {"bytes", kind::bytes},
    {"referer", kind::referrer},
    {"user_agent", kind::agent},
    {"code", kind::own_capitals},
    {"peerstatus", kind::own_capitals},
};

inline constexpr log_format squid_common{
    .name = "squid_common",
    .pattern = R"($remotehost $ident $user [$time] "$request" $status $bytes $code:$peerstatus)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET http://www.example.com/users/4711?token=s3cret HTTP/1.1" 200 512 )"
              "TCP_MISS:HIER_DIRECT",
    .source = "http://www.squid-cache.org/Doc/config/logformat/",
    .in_auto = auto_part::sure,
    .names = squid_common_names,
};

inline constexpr log_format squid_combined{
    .name = "squid_combined",
    .pattern = R"($remotehost $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent" $code:$peerstatus)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET http://www.example.com/users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0" TCP_MISS:HIER_DIRECT)",
    .source = "http://www.squid-cache.org/Doc/config/logformat/",
    .in_auto = auto_part::sure,
    .names = squid_common_names,
};

}  // namespace anonlog::known
