// format/known/python_http.hpp: Python's http.server, and Werkzeug, which serves Flask in development: common, but the time has no
// zone and a blank behind the year.
//
// Werkzeug writes by a logger, whose name stands in front where nobody set another form, and colours a request by its status.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind python_http_names[] = {
    {"client", kind::client}, {"time", kind::time_python}, {"request", kind::request}, {"code", kind::status}, {"size", kind::bytes},
};

namespace python_http_parts {

inline constexpr std::string_view bare = "", logger = "INFO:werkzeug:";
inline constexpr std::string_view front = R"($client - - [$time] ")", front_sample = R"(203.0.113.77 - - [10/Oct/2025 13:55:36] ")";
inline constexpr std::string_view request = "$request", request_sample = "GET /users/4711?token=s3cret HTTP/1.1";
inline constexpr std::string_view rest = R"(" $code $size)", rest_sample = R"(" 200 -)";
// Of no answer yet, unchanged, moved, not found, refused and failed; and what ends each.
inline constexpr std::string_view bold = "\x1B[1m", cyan = "\x1B[36m", green = "\x1B[32m", yellow = "\x1B[33m", red = "\x1B[31m\x1B[1m",
                                  magenta = "\x1B[35m\x1B[1m", plain = "\x1B[0m";

consteval log_format python_http(std::string_view columns, std::string_view line) {
  return {.name = "python_http",
          .pattern = columns,
          .sample = line,
          .source = "https://docs.python.org/3/library/http.server.html; https://werkzeug.palletsprojects.com/en/stable/serving/",
          .in_auto = auto_part::sure,
          .names = python_http_names};
}

template <const std::string_view& Logger, const std::string_view& Colour, const std::string_view& End>
inline constexpr log_format coloured = python_http(joined<Logger, front, Colour, request, End, rest>,
                                                   joined<Logger, front_sample, Colour, request_sample, End, rest_sample>);

}  // namespace python_http_parts

inline constexpr log_format python_http = python_http_parts::coloured<python_http_parts::bare, python_http_parts::bare, python_http_parts::bare>;
inline constexpr log_format werkzeug = python_http_parts::coloured<python_http_parts::logger, python_http_parts::bare, python_http_parts::bare>;

template <const std::string_view& Colour>
inline constexpr log_format python_http_in = python_http_parts::coloured<python_http_parts::bare, Colour, python_http_parts::plain>;
template <const std::string_view& Colour>
inline constexpr log_format werkzeug_in = python_http_parts::coloured<python_http_parts::logger, Colour, python_http_parts::plain>;

}  // namespace anonlog::known
