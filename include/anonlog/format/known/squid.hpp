// format/known/squid.hpp: Squid's own format `squid`. The time a request took is written with at least six columns, so up to
// six blanks stand in front of it: a pattern for each number of them, for what stands between fields is never changed.
//
// The server that was asked is a site that somebody visited, like the URL.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind squid_names[] = {
    {"time", kind::time_epoch},
    {"elapsed", kind::duration},
    {"remotehost", kind::client},
    {"code", kind::own_capitals},
    {"status", kind::status},
    {"bytes", kind::bytes},
    {"method", kind::method},
    {"URL", kind::url_word},
    {"rfc931", kind::user_word},
    {"peerstatus", kind::own_capitals},
    {"peerhost", kind::server},
    {"type", kind::drop_word},
};

namespace squid_parts {

inline constexpr std::string_view time = "$time ";
inline constexpr std::string_view time_sample = "1760104536.123 ";
inline constexpr std::string_view one_blank = " ", two_blanks = "  ", three_blanks = "   ", four_blanks = "    ", five_blanks = "     ";
inline constexpr std::string_view digits = "123456";
inline constexpr std::string_view one_digit = digits.substr(0, 1), two_digits = digits.substr(0, 2), three_digits = digits.substr(0, 3),
                                  four_digits = digits.substr(0, 4), five_digits = digits.substr(0, 5);
inline constexpr std::string_view rest = "$elapsed $remotehost $code/$status $bytes $method $URL $rfc931 $peerstatus/$peerhost $type";
inline constexpr std::string_view rest_sample =
    " 203.0.113.77 TCP_MISS/200 512 GET http://www.example.com/users/4711?token=s3cret ada HIER_DIRECT/198.51.100.9 text/html";

consteval log_format squid(std::string_view columns, std::string_view line) {
  return {.name = "squid",
          .pattern = columns,
          .sample = line,
          .source = "http://www.squid-cache.org/Doc/config/logformat/; https://wiki.squid-cache.org/Features/LogFormat",
          .in_auto = auto_part::sure,
          .names = squid_names};
}

}  // namespace squid_parts

inline constexpr log_format squid = [] {
  using namespace squid_parts;
  return squid_parts::squid(joined<time, four_blanks, rest>, joined<time_sample, four_blanks, two_digits, rest_sample>);
}();
inline constexpr log_format squid_one_digit = [] {
  using namespace squid_parts;
  return squid_parts::squid(joined<time, five_blanks, rest>, joined<time_sample, five_blanks, one_digit, rest_sample>);
}();
inline constexpr log_format squid_three_digits = [] {
  using namespace squid_parts;
  return squid_parts::squid(joined<time, three_blanks, rest>, joined<time_sample, three_blanks, three_digits, rest_sample>);
}();
inline constexpr log_format squid_four_digits = [] {
  using namespace squid_parts;
  return squid_parts::squid(joined<time, two_blanks, rest>, joined<time_sample, two_blanks, four_digits, rest_sample>);
}();
inline constexpr log_format squid_five_digits = [] {
  using namespace squid_parts;
  return squid_parts::squid(joined<time, one_blank, rest>, joined<time_sample, one_blank, five_digits, rest_sample>);
}();
inline constexpr log_format squid_six_digits = [] {
  using namespace squid_parts;
  return squid_parts::squid(joined<time, rest>, joined<time_sample, digits, rest_sample>);
}();

}  // namespace anonlog::known
