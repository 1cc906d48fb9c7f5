// format/known/nginx_timed.hpp: nginx's combined and main, and then how long a request took: the columns that people add most.
//
// Bare times are told from other numbers by their point: nginx writes milliseconds, always three digits. Any other number there is
// somebody's port or user, so a time above a second that was reduced to fewer digits is read by the name of the format only.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind nginx_bare_times[] = {
    {"request_time", kind::seconds_list},
    {"upstream_response_time", kind::seconds_list},
    {"pipe", kind::pipe_mark},
    {"upstream_cache_status", kind::cache_status},
};

namespace nginx_timed_parts {

inline constexpr std::string_view front =
    R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent")";
inline constexpr std::string_view front_sample =
    R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 "https://example.com/reset?u=ada" "curl/8.5.0")";
inline constexpr std::string_view forwarded = R"( "$http_x_forwarded_for")";
inline constexpr std::string_view forwarded_sample = R"( "198.51.100.9")";
inline constexpr std::string_view whole = " $request_time";
inline constexpr std::string_view whole_sample = " 0.123";
inline constexpr std::string_view upstream = " $upstream_response_time";
inline constexpr std::string_view upstream_sample = " 0.120";
inline constexpr std::string_view upstreams_sample = " 0.002, 0.120";
inline constexpr std::string_view piped = " $pipe";
inline constexpr std::string_view piped_sample = " .";
inline constexpr std::string_view cache = " $upstream_cache_status";
inline constexpr std::string_view cache_sample = " MISS";
inline constexpr std::string_view marked = R"( rt=$request_time uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time")";
inline constexpr std::string_view marked_sample = R"( rt=0.123 uct="0.000, 0.001" uht="0.002, 0.110" urt="0.002, 0.120")";
inline constexpr std::string_view extended =
    R"( "$host" sn="$server_name" rt=$request_time ua="$upstream_addr" us="$upstream_status" ut="$upstream_response_time" )"
    R"(ul="$upstream_response_length" cs=$upstream_cache_status)";
inline constexpr std::string_view extended_sample =
    R"( "www.example.com" sn="example.com" rt=0.123 ua="10.0.0.1:80" us="200" ut="0.120" ul="512" cs=MISS)";

consteval log_format timed(std::string_view columns, std::string_view line) {
  return {.name = "nginx_timed",
          .pattern = columns,
          .sample = line,
          .source = "https://nginx.org/en/docs/http/ngx_http_log_module.html; https://docs.nginx.com/nginx/admin-guide/monitoring/logging/",
          .in_auto = auto_part::sure,
          .names = nginx_bare_times};
}

consteval log_format marked_timed(std::string_view columns, std::string_view line) {
  log_format made = timed(columns, line);
  made.names = {};  // what stands in front of each says what it is
  return made;
}

}  // namespace nginx_timed_parts

// The longest first: a pattern with fewer columns would take the rest as a list.
inline constexpr log_format nginx_timed_main_with_cache = [] {
  using namespace nginx_timed_parts;
  return timed(joined<front, forwarded, whole, upstream, piped, cache>,
               joined<front_sample, forwarded_sample, whole_sample, upstream_sample, piped_sample, cache_sample>);
}();
inline constexpr log_format nginx_timed_main_with_pipe = [] {
  using namespace nginx_timed_parts;
  return timed(joined<front, forwarded, whole, upstream, piped>,
               joined<front_sample, forwarded_sample, whole_sample, upstream_sample, piped_sample>);
}();
inline constexpr log_format nginx_timed_main_with_upstream = [] {
  using namespace nginx_timed_parts;
  return timed(joined<front, forwarded, whole, upstream>, joined<front_sample, forwarded_sample, whole_sample, upstreams_sample>);
}();
inline constexpr log_format nginx_timed_main = [] {
  using namespace nginx_timed_parts;
  return timed(joined<front, forwarded, whole>, joined<front_sample, forwarded_sample, whole_sample>);
}();
inline constexpr log_format nginx_timed_with_pipe = [] {
  using namespace nginx_timed_parts;
  return timed(joined<front, whole, upstream, piped>, joined<front_sample, whole_sample, upstream_sample, piped_sample>);
}();
inline constexpr log_format nginx_timed_with_upstream = [] {
  using namespace nginx_timed_parts;
  return timed(joined<front, whole, upstream>, joined<front_sample, whole_sample, upstreams_sample>);
}();
inline constexpr log_format nginx_timed = [] {
  using namespace nginx_timed_parts;
  return timed(joined<front, whole>, joined<front_sample, whole_sample>);
}();
inline constexpr log_format nginx_timed_marked = [] {
  using namespace nginx_timed_parts;
  return marked_timed(joined<front, marked>, joined<front_sample, marked_sample>);
}();
inline constexpr log_format nginx_timed_main_marked = [] {
  using namespace nginx_timed_parts;
  return marked_timed(joined<front, forwarded, marked>, joined<front_sample, forwarded_sample, marked_sample>);
}();
// `main_ext`, which NGINX Amplify asks for.
inline constexpr log_format nginx_timed_main_extended = [] {
  using namespace nginx_timed_parts;
  return marked_timed(joined<front, forwarded, extended>, joined<front_sample, forwarded_sample, extended_sample>);
}();

}  // namespace anonlog::known
