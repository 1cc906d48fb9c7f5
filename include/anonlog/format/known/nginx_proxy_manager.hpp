// format/known/nginx_proxy_manager.hpp: what Nginx Proxy Manager writes for its proxied hosts, and for those it answers itself.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind nginx_proxy_manager_names[] = {{"server", kind::server}, {"upstream_cache_status", kind::cache_status}};

inline constexpr log_format nginx_proxy_manager{
    .name = "nginx_proxy_manager",
    .pattern = R"([$time_local] $upstream_cache_status $upstream_status $status - $request_method $scheme $host "$request_uri" )"
               R"([Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio] [Sent-to $server] "$http_user_agent" "$http_referer")",
    .sample = R"([10/Oct/2025:13:55:36 +0000] - 200 200 - GET https www.example.com "/users/4711?token=s3cret" [Client 203.0.113.77] [Length 512] )"
              R"([Gzip 3.14] [Sent-to 10.0.0.1] "curl/8.5.0" "https://example.com/reset?u=ada")",
    .source = "https://github.com/NginxProxyManager/nginx-proxy-manager/blob/develop/docker/rootfs/etc/nginx/conf.d/include/log-proxy.conf",
    .in_auto = auto_part::sure,
    .names = nginx_proxy_manager_names,
};

inline constexpr log_format nginx_proxy_manager_standard{
    .name = "nginx_proxy_manager",
    .pattern = R"([$time_local] $status - $request_method $scheme $host "$request_uri" [Client $remote_addr] [Length $body_bytes_sent] )"
               R"([Gzip $gzip_ratio] "$http_user_agent" "$http_referer")",
    .sample = R"([10/Oct/2025:13:55:36 +0000] 404 - GET http www.example.com "/users/4711?token=s3cret" [Client 203.0.113.77] [Length 150] )"
              R"([Gzip -] "curl/8.5.0" "-")",
    .source = "https://github.com/NginxProxyManager/nginx-proxy-manager/blob/develop/docker/rootfs/etc/nginx/nginx.conf",
    .in_auto = auto_part::sure,
};

}  // namespace anonlog::known
