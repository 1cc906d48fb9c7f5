// format/known/ssl_request.hpp: the `ssl_request_log` of Apache as Red Hat's and others' mod_ssl configures it.
//
// `%t %h %{SSL_PROTOCOL}x %{SSL_CIPHER}x "%r" %b`. A protocol is one only by its name, and neither
// its version nor the cipher is kept: other words there may be users, as `%{SSL_CLIENT_S_DN_CN}x` writes them.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind ssl_request_names[] = {
    {"time", kind::time_clf},   {"client", kind::client},   {"version", kind::drop_word},
    {"cipher", kind::drop_word}, {"request", kind::request}, {"bytes", kind::bytes},
};

inline constexpr log_format ssl_request{
    .name = "ssl_request",
    .pattern = R"([$time] $client TLSv$version $cipher "$request" $bytes)",
    .sample = R"([10/Oct/2025:13:55:36 +0000] 203.0.113.77 TLSv1.3 TLS_AES_256_GCM_SHA384 "GET /users/4711?token=s3cret HTTP/1.1" 512)",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#logformats",
    .in_auto = auto_part::sure,
    .names = ssl_request_names,
};

inline constexpr log_format ssl_request_in_the_clear{
    .name = "ssl_request",
    .pattern = R"([$time] $client - - "$request" $bytes)",
    .sample = R"([10/Oct/2025:13:55:36 +0000] 203.0.113.77 - - "GET /users/4711?token=s3cret HTTP/1.1" 512)",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#logformats",
    .in_auto = auto_part::sure,
    .names = ssl_request_names,
};

}  // namespace anonlog::known
