// format/known/nginx_more.hpp: nginx's combined and main with columns that nobody can name beside those that say what they are;
// most are further patterns of the name nginx_timed.
//
// A whole number, the name of a host or a text in quotes may be anybody's: it is dropped. In front of times it stands for a column
// all the same, so that those are read.
#pragma once

#include <anonlog/format/known/nginx_timed.hpp>

namespace anonlog::known {

inline constexpr named_kind nginx_more_names[] = {
    {"request_time", kind::seconds_list},
    {"upstream_response_time", kind::seconds_list},
    {"number", kind::drop_digits},
    {"site", kind::drop_site},
    {"text", kind::drop_any},
    {"text_2", kind::drop_any},
    {"version", kind::drop_word},
    {"cipher", kind::drop_word},
    {"rt", kind::duration_list},
    {"uct", kind::duration_list},
    {"uht", kind::duration_list},
    {"urt", kind::duration_list},
};

namespace nginx_more {

using namespace nginx_timed_parts;
inline constexpr std::string_view number = " $number", number_sample = " 12345";
inline constexpr std::string_view site = " $site", site_sample = " www.example.com";
inline constexpr std::string_view text = R"( "$text")", text_sample = R"( "www.example.com")";
inline constexpr std::string_view text_2 = R"( "$text_2")", text_2_sample = R"( "ada")";
inline constexpr std::string_view server = " $upstream_addr $upstream_status", server_sample = " 10.0.0.1:80 200";
inline constexpr std::string_view tls = " TLSv$version $cipher", tls_sample = " TLSv1.3 TLS_AES_256_GCM_SHA384";
inline constexpr std::string_view bare = " rt=$rt uct=$uct uht=$uht urt=$urt", bare_sample = " rt=0.123 uct=0.001 uht=0.110 urt=0.120";

consteval log_format more(std::string_view columns, std::string_view line) {
  log_format made = timed(columns, line);
  made.names = nginx_more_names;
  return made;
}

inline constexpr log_format numbered = more(joined<front, number>, joined<front_sample, number_sample>);
inline constexpr log_format main_numbered =
    more(joined<front, forwarded, number>, joined<front_sample, forwarded_sample, number_sample>);

// Under a name of its own: by the name nginx_timed a number there would be a time.
consteval log_format hosted_of(std::string_view columns, std::string_view line) {
  log_format made = more(columns, line);
  made.name = "nginx_hosted";
  return made;
}
inline constexpr log_format hosted = hosted_of(joined<front, site, whole>, joined<front_sample, site_sample, whole_sample>);
inline constexpr log_format hosted_with_upstream =
    hosted_of(joined<front, site, whole, upstream>, joined<front_sample, site_sample, whole_sample, upstream_sample>);
inline constexpr log_format main_hosted =
    hosted_of(joined<front, forwarded, site, whole>, joined<front_sample, forwarded_sample, site_sample, whole_sample>);
inline constexpr log_format main_hosted_with_upstream =
    hosted_of(joined<front, forwarded, site, whole, upstream>, joined<front_sample, forwarded_sample, site_sample, whole_sample, upstream_sample>);

// Combined with two texts is main with one.
inline constexpr log_format quoted = more(joined<front, forwarded, text>, joined<front_sample, forwarded_sample, text_sample>);
inline constexpr log_format quoted_twice =
    more(joined<front, forwarded, text, text_2>, joined<front_sample, forwarded_sample, text_sample, text_2_sample>);
inline constexpr log_format quoted_timed =
    more(joined<front, forwarded, text, whole>, joined<front_sample, forwarded_sample, text_sample, whole_sample>);
inline constexpr log_format quoted_with_upstream =
    more(joined<front, forwarded, text, whole, upstream>, joined<front_sample, forwarded_sample, text_sample, whole_sample, upstream_sample>);

// Under a name of their own: in nginx_timed an unknown number behind two times would pass for one by the name.
consteval log_format upstream_of(std::string_view columns, std::string_view line) {
  log_format made = more(columns, line);
  made.name = "nginx_upstream";
  return made;
}
inline constexpr log_format served =
    upstream_of(joined<front, whole, server, upstream>, joined<front_sample, whole_sample, server_sample, upstream_sample>);
inline constexpr log_format main_served =
    upstream_of(joined<front, forwarded, whole, server, upstream>, joined<front_sample, forwarded_sample, whole_sample, server_sample, upstream_sample>);

inline constexpr log_format encrypted = more(joined<front, tls>, joined<front_sample, tls_sample>);
inline constexpr log_format main_encrypted = more(joined<front, forwarded, tls>, joined<front_sample, forwarded_sample, tls_sample>);

inline constexpr log_format marked_bare = more(joined<front, bare>, joined<front_sample, bare_sample>);
inline constexpr log_format main_marked_bare = more(joined<front, forwarded, bare>, joined<front_sample, forwarded_sample, bare_sample>);

}  // namespace nginx_more

}  // namespace anonlog::known
