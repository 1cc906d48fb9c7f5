// format/known/haproxy_names.hpp: what HAProxy's manual calls the fields of its logs, each with its class.
//
// Source: https://docs.haproxy.org/3.0/configuration.html#8.2. `client` is client_ip:client_port in one word, for IPv6 has no
// brackets. Cookies and captured headers are the client's. A cookie is written as it came, blanks and all; that of the response
// is the server's. A header and the request have `#HH` for whatever could end them. Ta, Tt, bytes and retries may have a plus
// in front, and -1 means none.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind haproxy_names[] = {
    {"client", kind::peer},
    {"client_ip", kind::client},
    {"client_port", kind::client_port},
    {"accept_date", kind::time_clf_ms},
    {"accept_date_clf", kind::time_clf},
    {"accept_date_ms", kind::drop_number},  // the milliseconds alone
    {"frontend_name", kind::own_provided},
    {"bind_name", kind::own_name},
    {"backend_name", kind::own_name},
    {"server_name", kind::own_name},
    {"TR", kind::duration},
    {"Tw", kind::duration},
    {"Tc", kind::duration},
    {"Tr", kind::duration},
    {"Ta", kind::plus_duration},
    {"Tt", kind::plus_duration},
    {"status_code", kind::status_number},
    {"bytes_read", kind::plus_bytes},
    {"captured_request_cookie", kind::drop_any},
    {"captured_response_cookie", kind::drop_word},
    {"termination_state", kind::own_word},
    {"actconn", kind::own_number},
    {"feconn", kind::own_number},
    {"beconn", kind::own_number},
    {"srv_conn", kind::own_number},
    {"retries", kind::plus_own_number},
    {"srv_queue", kind::own_number},
    {"backend_queue", kind::own_number},
    {"captured_request_headers", kind::drop_any},
    {"captured_response_headers", kind::drop_any},
    {"captured_headers", kind::drop_any},
    {"http_request", kind::request},
    {"fc_err", kind::own_name},
    {"ssl_fc_err", kind::own_name},  // in hexadecimal
    {"ssl_c_err", kind::own_name},
    {"ssl_c_ca_err", kind::own_name},
    {"ssl_fc_is_resumed", kind::own_number},
    {"ssl_fc_sni", kind::vhost},
    {"sslv", kind::own_word},
    {"sslc", kind::own_word},
    {"error_message", kind::drop_any},
};

inline constexpr std::string_view haproxy_error_pattern = "$client [$accept_date] $frontend_name/$bind_name: $error_message";
inline constexpr std::string_view haproxy_error_sample =
    "203.0.113.77:51234 [10/Oct/2025:13:55:36.123] web/1: SSL handshake failure";

}  // namespace anonlog::known
