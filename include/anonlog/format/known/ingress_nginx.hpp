// format/known/ingress_nginx.hpp: `upstreaminfo`, the default of Kubernetes' ingress-nginx.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

// The names of services in the cluster; empty where there is no other one.
inline constexpr named_kind ingress_nginx_names[] = {
    {"proxy_upstream_name", kind::own_text},
    {"proxy_alternative_upstream_name", kind::own_text},
    {"req_id", kind::drop_word},
};

inline constexpr log_format ingress_nginx{
    .name = "ingress_nginx",
    .pattern = R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" )"
               "$request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] "
               "$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/2.0" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0" 462 0.050 [shop-web-80] [] 10.0.50.80:9000, 10.0.50.81:9000 0, 512 )"
              "0.001, 0.049 502, 200 0123456789abcdef0123456789abcdef",
    .source = "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/",
    .in_auto = auto_part::sure,
    .names = ingress_nginx_names,
};

}  // namespace anonlog::known
