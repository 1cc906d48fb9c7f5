// format/known/apisix.hpp: the default of Apache APISIX: combined with the host after the time, and which server answered.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind apisix_names[] = {{"upstream_url", kind::url}};

inline constexpr log_format apisix{
    .name = "apisix",
    .pattern = R"($remote_addr - $remote_user [$time_local] $http_host "$request" $status $body_bytes_sent $request_time "$http_referer" )"
               R"("$http_user_agent" $upstream_addr $upstream_status $upstream_response_time "$upstream_url")",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] www.example.com "GET /users/4711?token=s3cret HTTP/1.1" 200 512 0.012 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0" 10.0.0.1:80 200 0.011 "http://www.example.com/users/4711?token=s3cret")",
    .source = "https://github.com/apache/apisix/blob/master/apisix/cli/config.lua",
    .in_auto = auto_part::sure,
    .names = apisix_names,
};

}  // namespace anonlog::known
