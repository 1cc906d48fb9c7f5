// format/known/uwsgi.hpp: uWSGI's own log of requests, also with how a response was sent (`via sendfile()`). That one comes
// first, or the other would take it for a longer unit.
//
// Counts of requests give a line its place among all others, and how many variables a request had is much like a fingerprint
// of its headers: they go.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind uwsgi_names[] = {
    {"pid", kind::drop_number},
    {"app", kind::drop_number},
    {"app_requests", kind::drop_number},
    {"requests", kind::drop_number},
    {"addr", kind::peer},
    {"user", kind::user},
    {"vars", kind::drop_number},
    {"pktsize", kind::drop_number},
    {"ctime", kind::time_ctime},
    {"method", kind::method},
    {"uri", kind::url},
    {"rsize", kind::bytes},
    {"duration", kind::duration},
    {"unit", kind::own_word},
    {"via", kind::drop_word},
    {"proto", kind::protocol},
    {"status", kind::status},
    {"headers", kind::own_number},
    {"hsize", kind::bytes},
    {"switches", kind::own_number},
    {"core", kind::own_number},
};

namespace uwsgi_parts {

inline constexpr std::string_view pattern =
    "[pid: $pid|app: $app|req: $app_requests/$requests] $addr ($user) {$vars vars in $pktsize bytes} [$ctime] $method $uri => "
    "generated $rsize bytes in $duration $unit ";
inline constexpr std::string_view sample =
    "[pid: 4711|app: 0|req: 3/17] 203.0.113.77 (ada) {38 vars in 696 bytes} [Fri Oct 10 13:55:36 2025] GET "
    "/users/4711?token=s3cret => generated 512 bytes in 12 msecs ";
inline constexpr std::string_view via = "via $via ";
inline constexpr std::string_view via_sample = "via sendfile() ";
inline constexpr std::string_view end = "($proto $status) $headers headers in $hsize bytes ($switches switches on core $core)";
inline constexpr std::string_view end_sample = "(HTTP/1.1 200) 9 headers in 378 bytes (1 switches on core 3)";
inline constexpr std::string_view source = "https://uwsgi-docs.readthedocs.io/en/latest/LogFormat.html";

}  // namespace uwsgi_parts

inline constexpr log_format uwsgi{
    .name = "uwsgi",
    .pattern = joined<uwsgi_parts::pattern, uwsgi_parts::end>,
    .sample = joined<uwsgi_parts::sample, uwsgi_parts::end_sample>,
    .source = uwsgi_parts::source,
    .in_auto = auto_part::sure,
    .names = uwsgi_names,
};

inline constexpr log_format uwsgi_via{
    .name = "uwsgi",
    .pattern = joined<uwsgi_parts::pattern, uwsgi_parts::via, uwsgi_parts::end>,
    .sample = joined<uwsgi_parts::sample, uwsgi_parts::via_sample, uwsgi_parts::end_sample>,
    .source = uwsgi_parts::source,
    .in_auto = auto_part::sure,
    .names = uwsgi_names,
};

}  // namespace anonlog::known
