// format/known/python_http.hpp: Python's http.server, and Werkzeug, which serves Flask in development: common, but the time has no
// zone and a blank behind the year.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind python_http_names[] = {
    {"client", kind::client}, {"time", kind::time_python}, {"request", kind::request}, {"code", kind::status}, {"size", kind::bytes},
};

inline constexpr log_format python_http{
    .name = "python_http",
    .pattern = R"($client - - [$time] "$request" $code $size)",
    .sample = R"(203.0.113.77 - - [10/Oct/2025 13:55:36] "GET /users/4711?token=s3cret HTTP/1.1" 200 -)",
    .source = "https://docs.python.org/3/library/http.server.html; https://werkzeug.palletsprojects.com/en/stable/serving/",
    .in_auto = auto_part::sure,
    .names = python_http_names,
};

}  // namespace anonlog::known
