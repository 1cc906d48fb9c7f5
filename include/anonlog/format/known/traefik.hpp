// format/known/traefik.hpp: Traefik's `common`: combined, and then which router and server took the request.
//
// The number of requests since the start gives every line its place among all others, so it goes.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind traefik_names[] = {
    {"ClientHost", kind::client},
    {"ClientUsername", kind::user},
    {"StartLocal", kind::time_clf},
    {"request", kind::request},
    {"OriginStatus", kind::status_number},
    {"OriginContentSize", kind::bytes},
    {"request_Referer", kind::referrer},
    {"request_User_Agent", kind::agent},
    {"RequestCount", kind::drop_number},
    {"RouterName", kind::own_provided},
    {"ServiceURL", kind::server},
    {"Duration", kind::duration},
};

inline constexpr log_format traefik{
    .name = "traefik",
    .pattern = R"($ClientHost - $ClientUsername [$StartLocal] "$request" $OriginStatus $OriginContentSize "$request_Referer" )"
               R"("$request_User_Agent" $RequestCount "$RouterName" "$ServiceURL" ${Duration}ms)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0" 17 "web" "http://10.0.0.1:80" 12ms)",
    .source = "https://doc.traefik.io/traefik/observability/access-logs/#format",
    .in_auto = auto_part::sure,
    .names = traefik_names,
};

}  // namespace anonlog::known
