// format/known/nginx_main.hpp: the format `main` of nginx's own configuration file: combined and X-Forwarded-For.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format nginx_main{
    .name = "nginx_main",
    .pattern = R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" )"
               R"("$http_user_agent" "$http_x_forwarded_for")",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 512 "-" "curl/8.5.0" )"
              R"("198.51.100.9")",
    .source = "https://github.com/nginx/nginx/blob/master/conf/nginx.conf",
};

}  // namespace anonlog::known
