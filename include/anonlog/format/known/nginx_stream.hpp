// format/known/nginx_stream.hpp: `basic`, the example of nginx's module for streams of TCP and UDP, and the one with the upstream.
//
// The protocol is one only by its name: another word there may be a country or a user.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

namespace nginx_stream_parts {

inline constexpr std::string_view tcp = "TCP", udp = "UDP";
inline constexpr std::string_view front = "$remote_addr [$time_local] ", front_sample = "203.0.113.77 [10/Oct/2025:13:55:36 +0000] ";
inline constexpr std::string_view rest = " $status $bytes_sent $bytes_received $session_time", rest_sample = " 200 512 340 0.195";
inline constexpr std::string_view upstream = R"( "$upstream_addr" "$upstream_bytes_sent" "$upstream_bytes_received" "$upstream_connect_time")";
inline constexpr std::string_view upstream_sample = R"( "10.0.0.1:5432" "340" "512" "0.001")";

constexpr log_format stream(std::string_view columns, std::string_view line) {
  return {.name = "nginx_stream",
          .pattern = columns,
          .sample = line,
          .source = "https://nginx.org/en/docs/stream/ngx_stream_log_module.html; https://docs.nginx.com/nginx/admin-guide/monitoring/logging/",
          .in_auto = auto_part::sure};
}

}  // namespace nginx_stream_parts

template <const std::string_view& Protocol>
inline constexpr log_format nginx_stream =
    nginx_stream_parts::stream(joined<nginx_stream_parts::front, Protocol, nginx_stream_parts::rest>,
                               joined<nginx_stream_parts::front_sample, Protocol, nginx_stream_parts::rest_sample>);
template <const std::string_view& Protocol>
inline constexpr log_format nginx_stream_with_upstream = nginx_stream_parts::stream(
    joined<nginx_stream_parts::front, Protocol, nginx_stream_parts::rest, nginx_stream_parts::upstream>,
    joined<nginx_stream_parts::front_sample, Protocol, nginx_stream_parts::rest_sample, nginx_stream_parts::upstream_sample>);

}  // namespace anonlog::known
