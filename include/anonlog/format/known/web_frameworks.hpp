// format/known/web_frameworks.hpp: what frameworks for the web print in development: Django's runserver, Rails, and Express' morgan in
// its forms `short`, `tiny` and `dev`.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind web_framework_names[] = {
    {"client", kind::client}, {"user", kind::user_word}, {"time", kind::time_python}, {"stamp", kind::time_iso_blank}, {"request", kind::request},
    {"method", kind::method}, {"url", kind::url_word},   {"target", kind::url},       {"version", kind::protocol},     {"status", kind::status},
    {"bytes", kind::bytes},   {"milliseconds", kind::duration},
};

inline constexpr log_format django{
    .name = "django",
    .pattern = R"([$time] "$request" $status $bytes)",
    .sample = R"([10/Oct/2025 13:55:36] "GET /users/4711?token=s3cret HTTP/1.1" 200 512)",
    .source = "https://docs.djangoproject.com/en/stable/ref/logging/#django-server",
    .in_auto = auto_part::sure,
    .names = web_framework_names,
};

inline constexpr log_format rails{
    .name = "rails",
    .pattern = R"(Started $method "$target" for $client at $stamp)",
    .sample = R"(Started GET "/users/4711?token=s3cret" for 203.0.113.77 at 2025-10-10 13:55:36 +0000)",
    .source = "https://github.com/rails/rails/blob/main/railties/lib/rails/rack/logger.rb",
    .in_auto = auto_part::sure,
    .names = web_framework_names,
};

namespace morgan_parts {

inline constexpr std::string_view end = "\x1B[0m", zero = "0", red = "31", green = "32", yellow = "33", cyan = "36";
inline constexpr std::string_view front = "\x1B[0m$method $url \x1B[", front_sample = "\x1B[0mGET /users/4711?token=s3cret \x1B[";
inline constexpr std::string_view rest = "m$status\x1B[0m $milliseconds ms - $bytes\x1B[0m", rest_sample = "m200\x1B[0m 5.123 ms - 512\x1B[0m";

constexpr log_format morgan(std::string_view columns, std::string_view line) {
  return {.name = "morgan",
          .pattern = columns,
          .sample = line,
          .source = "https://github.com/expressjs/morgan#predefined-formats",
          .in_auto = auto_part::sure,
          .names = web_framework_names};
}

}  // namespace morgan_parts

inline constexpr log_format morgan_short = morgan_parts::morgan(
    "$client $user $method $url HTTP/$version $status $bytes - $milliseconds ms",
    "203.0.113.77 ada GET /users/4711?token=s3cret HTTP/1.1 200 512 - 5.123 ms");
inline constexpr log_format morgan_tiny =
    morgan_parts::morgan("$method $url $status $bytes - $milliseconds ms", "GET /users/4711?token=s3cret 200 512 - 5.123 ms");
// In the colour of the status.
template <const std::string_view& Colour>
inline constexpr log_format morgan_dev = morgan_parts::morgan(joined<morgan_parts::front, Colour, morgan_parts::rest>,
                                                              joined<morgan_parts::front_sample, Colour, morgan_parts::rest_sample>);

}  // namespace anonlog::known
