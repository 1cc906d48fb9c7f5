// format/known/vhost_timed.hpp: vhost_combined with a time of nginx's at its end, or with a number that nobody can name, which is
// dropped; further patterns of that name.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind vhost_timed_names[] = {
    {"host", kind::vhost},      {"port", kind::own_number}, {"client", kind::client},   {"ident", kind::ident},
    {"user", kind::user},       {"time", kind::time_clf},   {"request", kind::request}, {"status", kind::status},
    {"bytes", kind::bytes},     {"referer", kind::referrer}, {"agent", kind::agent},    {"request_time", kind::seconds_list},
    {"number", kind::drop_digits},
};

namespace vhost_timed_parts {

inline constexpr std::string_view host = "$host", host_sample = "www.example.com", port = ":$port", port_sample = ":443";
inline constexpr std::string_view rest = R"( $client $ident $user [$time] "$request" $status $bytes "$referer" "$agent" )";
inline constexpr std::string_view rest_sample = R"( 203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
                                                R"("https://example.com/reset?u=ada" "curl/8.5.0" )";
inline constexpr std::string_view time = "$request_time", time_sample = "0.123", number = "$number", number_sample = "12345";

consteval log_format timed(std::string_view columns, std::string_view line) {
  return {.name = "vhost_combined",
          .pattern = columns,
          .sample = line,
          .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
          .in_auto = auto_part::sure,
          .names = vhost_timed_names};
}

}  // namespace vhost_timed_parts

inline constexpr log_format vhost_timed = [] {
  using namespace vhost_timed_parts;
  return timed(joined<host, port, rest, vhost_timed_parts::time>, joined<host_sample, port_sample, rest_sample, time_sample>);
}();
inline constexpr log_format vhost_timed_without_port = [] {
  using namespace vhost_timed_parts;
  return timed(joined<host, rest, vhost_timed_parts::time>, joined<host_sample, rest_sample, time_sample>);
}();
inline constexpr log_format vhost_with_number = [] {
  using namespace vhost_timed_parts;
  return timed(joined<host, port, rest, number>, joined<host_sample, port_sample, rest_sample, number_sample>);
}();
inline constexpr log_format vhost_with_number_without_port = [] {
  using namespace vhost_timed_parts;
  return timed(joined<host, rest, number>, joined<host_sample, rest_sample, number_sample>);
}();

}  // namespace anonlog::known
