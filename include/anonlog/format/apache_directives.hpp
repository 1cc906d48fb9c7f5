// format/apache_directives.hpp: every directive of mod_log_config and of the modules that add to it, with its class.
//
// Sources: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html, mod_logio.html, mod_ssl.html; `%{Varnish:..}x`
// is varnishncsa's, which writes the same syntax. Classes: SPEC 3.9 and 3.2.1. mod_http2 adds variables of the
// environment (`%{H2_STREAM_TAG}e`); like all of these they are `drop`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/format/field_names.hpp>

namespace anonlog {

// The directives that take no argument, or whose argument only chooses between two of the same kind.
inline constexpr named_kind apache_directive_kinds[] = {
    {"a", kind::client},      // client, whatever the argument; %{c}a: the peer of the connection
    {"A", kind::server},      // local address
    {"b", kind::bytes},
    {"B", kind::bytes},
    {"C", kind::drop_any},    // one cookie
    {"c", kind::drop_any},    // mod_ssl of old: %{version}c
    {"D", kind::duration},
    {"e", kind::drop_any},    // environment
    {"f", kind::drop_any},    // file name
    {"h", kind::client},
    {"H", kind::protocol},
    {"i", kind::drop_any},    // request header: header_kind
    {"I", kind::bytes},
    {"k", kind::drop_word},
    {"l", kind::ident},   // what the client's identd says
    {"L", kind::drop_word},
    {"m", kind::method},
    {"n", kind::drop_any},    // note
    {"o", kind::drop_any},    // response header
    {"O", kind::bytes},
    {"p", kind::own_number},  // %{remote}p: the client's
    {"P", kind::drop_word},
    {"q", kind::marked_query},
    {"r", kind::request},
    {"R", kind::drop_word},
    {"s", kind::status},
    {"S", kind::bytes},
    {"t", kind::time_clf},
    {"T", kind::duration},
    {"u", kind::user},
    {"U", kind::path},
    {"v", kind::vhost},
    {"V", kind::vhost},
    {"x", kind::drop_any},
    {"X", kind::drop_word},
    {"^FB", kind::duration},  // time to the first byte
    {"^ti", kind::drop_any},  // request trailer
    {"^to", kind::drop_any},  // response trailer
};

// %{NAME}x, and %{NAME}e where mod_ssl exports the same to the environment.
inline constexpr named_kind apache_variable_kinds[] = {
    {"SSL_PROTOCOL", kind::own_word},
    {"SSL_CIPHER", kind::own_word},
    {"SSL_CIPHER_USEKEYSIZE", kind::own_number},
    {"SSL_CIPHER_ALGKEYSIZE", kind::own_number},
    {"version", kind::own_word},
    {"cipher", kind::own_word},
    {"Varnish:hitmiss", kind::own_word},
    {"Varnish:handling", kind::own_word},
    {"Varnish:time_firstbyte", kind::duration},
};

// %{FORMAT}t without the moment that it is of.
inline std::string_view apache_time_format(std::string_view format) {
  for (std::string_view moment : {"begin:", "end:"})
    if (format.starts_with(moment)) format.remove_prefix(moment.size());
  return format;
}

// The stamps whose shape is known from their format.
inline field_kind apache_time_kind(std::string_view format) {
  format = apache_time_format(format);
  if (format.empty() || format == "begin" || format == "end") return kind::time_clf;
  if (format == "sec" || format == "msec" || format == "usec" || format == "%s") return kind::time_epoch;
  if (format == "msec_frac" || format == "usec_frac") return kind::drop_word;
  if (format == "%d/%b/%Y:%H:%M:%S %z" || format == "%d/%b/%Y:%T %z") return kind::time_clf;
  if (format == "%Y-%m-%dT%H:%M:%S%z" || format == "%FT%T%z" || format == "%FT%TZ" || format == "%Y-%m-%dT%H:%M:%SZ")
    return kind::time_iso;
  for (const std::string_view day : {"%Y-%m-%d ", "%F "})
    for (const std::string_view clock : {"%H:%M:%S", "%T", "%H:%M:%S %z", "%T %z", "%H:%M:%S%z", "%T%z"})
      if (format.starts_with(day) && format.substr(day.size()) == clock) return kind::time_iso_blank;
  if (format == "%c" || format == "%a %b %e %H:%M:%S %Y" || format == "%a %b %d %H:%M:%S %Y") return kind::time_ctime;
  return kind::time_any;
}

// `%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t`: strftime knows no fraction, so a stamp with one takes two directives, and its zone a
// third. Together they are one time. `text` begins with the first; 0 bytes: with something else.
struct apache_joined_time {
  std::size_t bytes = 0;
  field_kind what;
};

inline apache_joined_time find_joined_time(std::string_view text) {
  std::size_t at = 0;
  const auto take = [&](std::string_view& format) {
    const std::size_t close = text.find("}t", at);
    if (text.substr(at, 2) != "%{" || close == std::string_view::npos || text.substr(at, close - at).find('}') != std::string_view::npos) return false;
    format = apache_time_format(text.substr(at + 2, close - at - 2));
    at = close + 2;
    return true;
  };
  std::string_view seconds, fraction, zone;
  if (!take(seconds) || (!seconds.ends_with("%S") && !seconds.ends_with("%T"))) return {};
  if (at == text.size() || text[at++] != '.' || !take(fraction) || (fraction != "msec_frac" && fraction != "usec_frac")) return {};
  const std::size_t without_zone = at;
  const bool has_blank = at < text.size() && text[at] == ' ';
  at += has_blank ? 1 : 0;
  const bool has_zone = take(zone) && zone == "%z";
  if (!has_zone) at = without_zone;
  const bool is_clf = seconds.starts_with("%d/%b/%Y:");
  if (is_clf && has_zone && has_blank) return {at, kind::time_clf};
  if (is_clf && !has_zone && fraction == "msec_frac") return {at, kind::time_clf_ms};
  if (seconds.starts_with("%Y-%m-%d ") || seconds.starts_with("%F ")) return {at, kind::time_iso_blank};
  if ((seconds.starts_with("%Y-%m-%dT") || seconds.starts_with("%FT")) && (!has_zone || !has_blank)) return {at, kind::time_iso};
  return {at, kind::time_any};
}

// %{ARGUMENT}p, read by Apache in any case.
inline field_kind apache_port_kind(std::string_view argument) {
  const raw which(argument);
  if (which.equals_lower("remote")) return kind::client_port;
  const bool is_own = which.empty() || which.equals_lower("canonical") || which.equals_lower("local");
  return is_own ? kind::own_number : kind::drop_word;
}

// The field of a directive: its text in the pattern, its letter (`^FB`: its letters) and its argument. Nothing if no
// module has that letter.
inline std::optional<grammar_field> apache_field(std::string_view text, std::string_view letter,
                                                 std::string_view argument) {
  const named_kind* known = nullptr;
  for (const named_kind& candidate : apache_directive_kinds)
    if (candidate.name == letter) known = &candidate;
  if (known == nullptr) return std::nullopt;

  field_kind what = known->what;
  if (letter == "i") what = header_kind(argument);
  if (letter == "t") what = apache_time_kind(argument);
  if (letter == "p") what = apache_port_kind(argument);
  if (letter == "x" || letter == "c" || letter == "e")
    for (const named_kind& variable : apache_variable_kinds)
      if (variable.name == argument) what = variable.what;

  grammar_field field = make_field(text, argument, what);
  if (letter == "C") field.cookie = argument;
  return field;
}

}  // namespace anonlog
