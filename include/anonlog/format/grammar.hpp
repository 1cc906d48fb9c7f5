// format/grammar.hpp: the compiled pattern of one text format: constants and fields in the order of the line.
//
// nginx's log_format and Apache's LogFormat compile to the same thing (format/pattern_nginx.hpp,
// format/pattern_apache.hpp); format/split.hpp turns a line into positions with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <anonlog/core/field_class.hpp>

namespace anonlog {

// What a field's text looks like when nothing is wrong. It tells where a field ends when its end is not a quote:
// the first reading in which every field has its shape wins (format/split.hpp).
enum class field_shape : unsigned char {
  any,            // anything: a user name may hold blanks
  word,           // one or more bytes, no blank
  client,         // a word that is an address or a host name: holds `.` or `:`, or is `localhost`; not "-"
  peer,           // an address, with its port or without, IPv6 in brackets or not; or "-"
  ident,          // a word that does not look like a client: else a virtual host in front would go unnoticed
  host,           // a word without `/`
  site,           // a name with a dot, of letters too, or "-": no number is one
  time_clf,       // 10/Oct/2000:13:55:36 -0700, or with a fraction before the zone
  time_clf_bare,  // 10/Oct/2000:13:55:36
  time_clf_ms,    // 10/Oct/2000:13:55:36.123
  time_ctime,     // Tue Oct 10 13:55:36 2000
  time_python,    // 10/Oct/2000 13:55:36
  time_iso,       // 2026-01-15T13:55:36+01:00
  time_iso_blank, // 2026-01-15 13:55:36, perhaps a fraction and a zone
  time_epoch,     // digits, or digits `.` digits
  time_any,       // strftime's choice
  status,         // three digits, or "-"
  number,         // "-", or an optional minus, digits, optional fraction
  plus_number,    // the same, or with a plus
  digits,         // "-", or digits alone
  uuid,           // "-", or 32 hexadecimal digits with dashes between them
  capitals,       // capital letters and `_`, or "-"
  number_list,    // numbers and "-" joined by `, ` and ` : `
  seconds_list,   // the same of times of up to a day, with a point and three digits behind it
  word_list,      // words joined by `, ` and ` : `
  address_list,   // words joined by `,` with any blanks around it: X-Forwarded-For
  question_mark,  // `?` or nothing
  cache_status,   // how nginx's cache answered: `MISS` and a few others; or "-"
  pipe_mark,      // nginx's $pipe: `p` or `.`; or "-"
  query,          // nothing, or `?` and anything
};

inline constexpr std::size_t max_fields = 64;
inline constexpr std::size_t max_quotes = 256;

// How a server escapes what a client sent; decides how a quote is written inside quotes (SPEC 3.1, F4).
enum class dialect : unsigned char { nginx, apache, json, haproxy };

struct grammar_field {
  std::string name;   // as the pattern names it: "remote_addr", "%{Referer}i"
  std::string alias;  // the header, cookie or variable inside: "Referer"; may be empty
  field_class cls = field_class::drop;
  keep_form form = keep_form::any;
  field_shape shape = field_shape::any;
  bool is_quoted = false;      // stands inside quotes: ends at the latest at the closing quote
  bool may_be_empty = false;   // `%q`, the port behind a virtual host: it may be missing altogether
  std::string begins_with;     // its possible first bytes, where they are known: `/` and `*` of a path
  std::string stops_before;    // any byte here begins the next field, when nothing stands between the two
  std::string cookie;          // name of the one cookie this field holds, if so
  enum class privacy_signal : unsigned char { none, dnt, gpc } signal = privacy_signal::none;
};

// The part of a pattern between two quotes. Every server escapes a client's quotes, so the unescaped quotes of a line
// are the pattern's own, and each part is found without a look at the others.
// literals[i] stands before the i-th field of the zone, the last one ends it; none holds a quote.
struct grammar_zone {
  std::size_t first_field = 0;
  std::vector<std::string> literals;
  bool is_quoted = false;
  bool is_one_field = false;  // quoted, and nothing but one field
  std::string absent_names = {};  // ` - - [`: what stands between a client and the time when all between them is absent;
                              // empty where a zone is not made so
  std::size_t fields_in_front = 0;  // of that client: none, a virtual host, or a virtual host and its port
  std::size_t doubt_from = 0; // the first field of the zone that stands behind text of a client and before a field that
                              // is let through; 0: there is none

  std::size_t field_count() const noexcept { return literals.size() - 1; }
};

// How the fields of a line are found: by their place in a pattern, by names that stand in the line or, in a table, in a line
// above it, or behind a head.
enum class line_syntax : unsigned char { pattern, json, ltsv, logfmt, forensic, w3c, zeek, csv, tsv, headed, error_log };
inline constexpr std::size_t line_syntax_count = 11;

constexpr bool is_table(line_syntax syntax) noexcept { return syntax >= line_syntax::w3c && syntax <= line_syntax::tsv; }

// literals[i] stands before fields[i]; the last literal ends the line. literals.size() == fields.size() + 1.
struct grammar {
  std::string name;     // "combined", or "pattern"
  line_syntax syntax = line_syntax::pattern;  // of the others neither literals, fields nor zones are used
  dialect escapes = dialect::apache;
  std::vector<std::string> literals;
  std::vector<grammar_field> fields;
  std::vector<grammar_zone> zones;  // the same, cut at the quotes; at least one
  bool has_client_behind = false;   // an address slot that is not the first field
  std::size_t ident = max_fields;   // the field of an ident, if there is one
  bool is_sure_only = false;        // among formats of other names it is read in the strong reading or not at all
};

}  // namespace anonlog
