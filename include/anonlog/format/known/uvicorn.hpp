// format/known/uvicorn.hpp: Uvicorn's log of requests: with its level and the reason, and as a worker of Gunicorn writes it.
//
// It escapes nothing: a client that sends a quote makes a line with too many, which is a reject. Behind a socket a request has no
// client at all, and the blank before the dash stays; that pattern comes first, or by the name the other would find an empty one.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind uvicorn_names[] = {
    {"client_addr", kind::peer}, {"request_line", kind::request}, {"status_code", kind::status}, {"reason", kind::drop_any},
};

namespace uvicorn_parts {

consteval log_format uvicorn(std::string_view columns, std::string_view line) {
  return {.name = "uvicorn",
          .pattern = columns,
          .sample = line,
          .source = "https://www.uvicorn.org/settings/#logging",
          .in_auto = auto_part::sure,
          .names = uvicorn_names};
}

}  // namespace uvicorn_parts

inline constexpr log_format uvicorn = uvicorn_parts::uvicorn(
    R"(INFO:     $client_addr - "$request_line" $status_code $reason)",
    R"(INFO:     203.0.113.77:51234 - "GET /users/4711?token=s3cret HTTP/1.1" 404 Not Found)");
inline constexpr log_format uvicorn_without_client = uvicorn_parts::uvicorn(
    R"(INFO:      - "$request_line" $status_code $reason)", R"(INFO:      - "GET /users/4711?token=s3cret HTTP/1.1" 200 OK)");
inline constexpr log_format uvicorn_without_level = uvicorn_parts::uvicorn(
    R"($client_addr - "$request_line" $status_code)", R"(203.0.113.77:51234 - "GET /users/4711?token=s3cret HTTP/1.1" 200)");

}  // namespace anonlog::known
