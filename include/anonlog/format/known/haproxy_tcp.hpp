// format/known/haproxy_tcp.hpp: HAProxy's `option tcplog`, without a head of syslog, and the lines of connections that failed.
#pragma once

#include <anonlog/format/known/haproxy_names.hpp>

namespace anonlog::known {

inline constexpr log_format haproxy_tcp{
    .name = "haproxy_tcp",
    .pattern = "$client [$accept_date] $frontend_name $backend_name/$server_name $Tw/$Tc/$Tt $bytes_read $termination_state "
               "$actconn/$feconn/$beconn/$srv_conn/$retries $srv_queue/$backend_queue",
    .sample = "203.0.113.77:51234 [10/Oct/2025:13:55:36.123] db app/db1 0/1/250 4096 -- 2/1/0/0/0 0/0",
    .source = "https://docs.haproxy.org/3.0/configuration.html#8.2.2",
    .in_auto = auto_part::sure,
    .names = haproxy_names,
    .escapes = dialect::haproxy,
};

// `auto` takes such a line for one of haproxy_http, to the same effect.
inline constexpr log_format haproxy_tcp_error{
    .name = "haproxy_tcp",
    .pattern = haproxy_error_pattern,
    .sample = haproxy_error_sample,
    .source = "https://docs.haproxy.org/3.0/configuration.html#8.2.6",
    .in_auto = auto_part::none,
    .names = haproxy_names,
    .escapes = dialect::haproxy,
};

}  // namespace anonlog::known
