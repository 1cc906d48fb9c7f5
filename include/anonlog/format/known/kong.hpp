// format/known/kong.hpp: Kong since version 3: combined and the id of the request, which is dropped.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format kong{
    .name = "kong",
    .pattern = R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" )"
               R"(kong_request_id: "$kong_request_id")",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0" kong_request_id: "0123456789abcdef0123456789abcdef")",
    .source = "https://docs.konghq.com/gateway/latest/production/logging/customize-gateway-logs/",
    .in_auto = auto_part::sure,
};

}  // namespace anonlog::known
