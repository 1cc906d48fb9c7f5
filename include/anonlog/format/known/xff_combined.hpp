// format/known/xff_combined.hpp: combined with X-Forwarded-For in the place of the client, as servers behind a proxy write it,
// where it holds more than one address: `a, b - - [..`. With one address a line is combined. Or in quotes, however many it holds.
// Some write the proxy that sent it behind it: `a, b c - - [..`. With one address, that is a line with a virtual host, which is a
// host only where it cannot be a client (format/split.hpp).
//
// A client writes that header. In front of the time it can imitate nothing but itself.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind xff_combined_names[] = {
    {"client", kind::client}, {"proxies", kind::client_list}, {"ident", kind::ident},    {"user", kind::user},
    {"proxy", kind::client}, {"time", kind::time_clf}, {"request", kind::request},     {"status", kind::status}, {"bytes", kind::bytes},
    {"referer", kind::referrer}, {"agent", kind::agent},
};

inline constexpr log_format xff_combined{
    .name = "xff_combined",
    .pattern = R"($client, $proxies $ident $user [$time] "$request" $status $bytes "$referer" "$agent")",
    .sample = R"(203.0.113.77, 198.51.100.9 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0")",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    .in_auto = auto_part::sure,
    .names = xff_combined_names,
};

// As others write the list, without a blank behind the comma.
inline constexpr log_format xff_combined_without_blank{
    .name = "xff_combined",
    .pattern = R"($client,$proxies $ident $user [$time] "$request" $status $bytes "$referer" "$agent")",
    .sample = R"(203.0.113.77,198.51.100.9 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0")",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    .in_auto = auto_part::sure,
    .names = xff_combined_names,
};

inline constexpr log_format xff_combined_with_proxy_without_blank{
    .name = "xff_proxy_combined",
    .pattern = R"($client,$proxies $proxy $ident $user [$time] "$request" $status $bytes "$referer" "$agent")",
    .sample = R"(203.0.113.77,198.51.100.9 10.0.0.1 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0")",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    .in_auto = auto_part::sure,
    .names = xff_combined_names,
};

inline constexpr log_format xff_combined_with_proxy{
    .name = "xff_proxy_combined",
    .pattern = R"($client, $proxies $proxy $ident $user [$time] "$request" $status $bytes "$referer" "$agent")",
    .sample = R"(203.0.113.77, 198.51.100.9 10.0.0.1 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0")",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    .in_auto = auto_part::sure,
    .names = xff_combined_names,
};

inline constexpr log_format xff_combined_in_quotes{
    .name = "xff_combined",
    .pattern = R"("$proxies" $ident $user [$time] "$request" $status $bytes "$referer" "$agent")",
    .sample = R"("203.0.113.77, 198.51.100.9" - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0")",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    .in_auto = auto_part::sure,
    .names = xff_combined_names,
};

}  // namespace anonlog::known
