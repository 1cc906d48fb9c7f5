// format/known/haproxy_http.hpp: HAProxy's `option httplog` and `option httpslog`, without a head of syslog, and the lines of
// connections that failed.
//
// Captured headers stand in braces: those of the request, then those of the response, or one of the two, or none. Both come
// first, or a pattern with one would take them together.
#pragma once

#include <anonlog/format/known/haproxy_names.hpp>
#include <anonlog/format/known/joined_text.hpp>

namespace anonlog::known {

namespace haproxy_http_parts {

inline constexpr std::string_view pattern =
    "$client [$accept_date] $frontend_name $backend_name/$server_name $TR/$Tw/$Tc/$Tr/$Ta $status_code $bytes_read "
    "$captured_request_cookie $captured_response_cookie $termination_state $actconn/$feconn/$beconn/$srv_conn/$retries "
    "$srv_queue/$backend_queue ";
inline constexpr std::string_view sample =
    "203.0.113.77:51234 [10/Oct/2025:13:55:36.123] web app/app1 0/0/1/12/13 200 512 sid=s3cret - ---- 2/1/0/0/0 0/0 ";
inline constexpr std::string_view request = R"("$http_request")";
inline constexpr std::string_view request_sample = R"("GET /users/4711?token=s3cret HTTP/1.1")";
inline constexpr std::string_view headers = "{$captured_request_headers} ";
inline constexpr std::string_view headers_sample = "{www.example.com|curl/8.5.0|198.51.100.9} ";
inline constexpr std::string_view response_headers = "{$captured_response_headers} ";
inline constexpr std::string_view response_headers_sample = "{nginx} ";
inline constexpr std::string_view tls = " $fc_err/$ssl_fc_err/$ssl_c_err/$ssl_c_ca_err/$ssl_fc_is_resumed $ssl_fc_sni/$sslv/$sslc";
inline constexpr std::string_view tls_sample = " 0/00000000/0/0/0 www.example.com/TLSv1.3/TLS_AES_256_GCM_SHA384";

constexpr log_format with(std::string_view whole_pattern, std::string_view whole_sample, std::string_view source) {
  return {.name = "haproxy_http", .pattern = whole_pattern, .sample = whole_sample, .source = source, .in_auto = auto_part::sure,
          .names = haproxy_names, .escapes = dialect::haproxy};
}

inline constexpr std::string_view source = "https://docs.haproxy.org/3.0/configuration.html#8.2.3";
inline constexpr std::string_view tls_source = "https://docs.haproxy.org/3.0/configuration.html#8.2.5";
inline constexpr std::string_view error_source = "https://docs.haproxy.org/3.0/configuration.html#8.2.6";

}  // namespace haproxy_http_parts

inline constexpr log_format haproxy_http = haproxy_http_parts::with(
    joined<haproxy_http_parts::pattern, haproxy_http_parts::request>,
    joined<haproxy_http_parts::sample, haproxy_http_parts::request_sample>,
    haproxy_http_parts::source);
inline constexpr log_format haproxy_http_with_headers = haproxy_http_parts::with(
    joined<haproxy_http_parts::pattern, haproxy_http_parts::headers, haproxy_http_parts::request>,
    joined<haproxy_http_parts::sample, haproxy_http_parts::headers_sample, haproxy_http_parts::request_sample>,
    haproxy_http_parts::source);
inline constexpr log_format haproxy_http_with_both_headers = haproxy_http_parts::with(
    joined<haproxy_http_parts::pattern, haproxy_http_parts::headers, haproxy_http_parts::response_headers, haproxy_http_parts::request>,
    joined<haproxy_http_parts::sample, haproxy_http_parts::headers_sample, haproxy_http_parts::response_headers_sample, haproxy_http_parts::request_sample>,
    haproxy_http_parts::source);

inline constexpr log_format haproxy_https = haproxy_http_parts::with(
    joined<haproxy_http_parts::pattern, haproxy_http_parts::request, haproxy_http_parts::tls>,
    joined<haproxy_http_parts::sample, haproxy_http_parts::request_sample, haproxy_http_parts::tls_sample>,
    haproxy_http_parts::tls_source);
inline constexpr log_format haproxy_https_with_headers = haproxy_http_parts::with(
    joined<haproxy_http_parts::pattern, haproxy_http_parts::headers, haproxy_http_parts::request, haproxy_http_parts::tls>,
    joined<haproxy_http_parts::sample, haproxy_http_parts::headers_sample, haproxy_http_parts::request_sample, haproxy_http_parts::tls_sample>,
    haproxy_http_parts::tls_source);
inline constexpr log_format haproxy_https_with_both_headers = haproxy_http_parts::with(
    joined<haproxy_http_parts::pattern, haproxy_http_parts::headers, haproxy_http_parts::response_headers, haproxy_http_parts::request, haproxy_http_parts::tls>,
    joined<haproxy_http_parts::sample, haproxy_http_parts::headers_sample, haproxy_http_parts::response_headers_sample, haproxy_http_parts::request_sample, haproxy_http_parts::tls_sample>,
    haproxy_http_parts::tls_source);

inline constexpr log_format haproxy_http_error = haproxy_http_parts::with(haproxy_error_pattern, haproxy_error_sample, haproxy_http_parts::error_source);

}  // namespace anonlog::known
