// policy/settings.hpp: every name a policy can hold, with its type, its range, its default and what it does.
//
// One table serves the TOML file, `--set`, the presets, `anonlog policy show`, the fingerprint and the messages of
// errors. The names are those of the policy file; what each means is SPEC 3.2 to 3.11.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <anonlog/core/word_list.hpp>

namespace anonlog {

enum class setting_type : unsigned char {
  word,      // one of `words`
  integer,   // minimum..maximum
  flag,      // true or false
  grid,      // seconds, or a number with s, m, h or d
  zone,      // seconds east of UTC, or +hh:mm
  percent,   // 0..100, with or without %
  text,      // free
  list,      // of words; the order does not matter
  sequence,  // of words; the order matters
};

// Which of two values of a setting lets less out; the strict overlay of DNT and GPC takes that one.
enum class strictness : unsigned char {
  none,      // says nothing about how much comes out
  by_order,  // `words` are listed from the strictest to the loosest
  smaller,   // the smaller number
  digits,    // the smaller number, but 0 means "as they are" and is the loosest
  larger,    // the larger number
  shared,    // only what both lists hold
};

struct setting {
  std::string_view key;
  setting_type type;
  std::string_view fallback;  // the value in `balanced`
  std::string_view words;     // known words, separated by blanks
  std::string_view later;     // known words that are not in this version
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  strictness strict = strictness::none;
  std::string_view help;
};

inline constexpr std::array settings = {
    setting{.key = "accept_structure_leak", .type = setting_type::flag, .fallback = "false", .words = "", .later = "",
            .help = "allow prefix-preserving encryption, which shows who is whose neighbour"},
    setting{.key = "accept_weak", .type = setting_type::flag, .fallback = "false", .words = "", .later = "",
            .help = "allow settings that protect little: long prefixes, kept names, full agents beside prefixes"},
    setting{.key = "agent.level", .type = setting_type::word, .fallback = "major",
            .words = "drop class family major full", .later = "", .strict = strictness::by_order,
            .help = "how much of a user agent stays: Chrome/120 (Windows) is major"},
    setting{.key = "agent.pool_min", .type = setting_type::integer, .fallback = "0", .words = "", .later = "*",
            .help = "families with fewer sources become Other"},
    setting{.key = "bytes.digits", .type = setting_type::integer, .fallback = "0", .words = "", .later = "",
            .minimum = 0, .maximum = 20, .strict = strictness::digits,
            .help = "significant digits of byte counts; 0 = as they are"},
    setting{.key = "cookie.level", .type = setting_type::word, .fallback = "drop", .words = "drop names session",
            .later = "", .strict = strictness::by_order, .help = "what stays of a Cookie header"},
    setting{.key = "duration.digits", .type = setting_type::integer, .fallback = "0", .words = "", .later = "",
            .minimum = 0, .maximum = 20, .strict = strictness::digits,
            .help = "significant digits of durations; 0 = as they are"},
    setting{.key = "email.case", .type = setting_type::word, .fallback = "fold", .words = "fold exact", .later = "",
            .help = "whether upper and lower case in front of the @ are the same person"},
    setting{.key = "email.mode", .type = setting_type::word, .fallback = "token", .words = "drop token keep",
            .later = "", .strict = strictness::by_order, .help = "e-mail addresses; keep needs accept_weak"},
    setting{.key = "email.plus", .type = setting_type::word, .fallback = "keep", .words = "keep strip", .later = "",
            .help = "strip: ada+shop@ and ada@ are the same person"},
    setting{.key = "epoch.length", .type = setting_type::grid, .fallback = "86400", .words = "0 3600 86400 604800",
            .later = "", .help = "how long a pseudonym lasts, in seconds: 3600, 86400, 604800, or 0 = never ends"},
    setting{.key = "epoch.offset", .type = setting_type::integer, .fallback = "0", .words = "", .later = "",
            .minimum = -604800, .maximum = 604800, .help = "seconds by which epochs begin before midnight UTC"},
    setting{.key = "ip.host", .type = setting_type::word, .fallback = "drop", .words = "drop token", .later = "",
            .strict = strictness::by_order, .help = "host names in the place of an address"},
    setting{.key = "ip.k", .type = setting_type::integer, .fallback = "0", .words = "", .later = "*",
            .help = "people who must share a prefix in mode kanon"},
    setting{.key = "ip.keep", .type = setting_type::list, .fallback = "[\"loopback\",\"unspecified\"]", .words = "",
            .later = "", .strict = strictness::shared,
            .help = "addresses that stay: loopback unspecified private linklocal documentation, or CIDRs"},
    setting{.key = "ip.mode", .type = setting_type::word, .fallback = "truncate", .words = "drop truncate token ula",
            .later = "det pfx kanon", .strict = strictness::by_order, .help = "what becomes of client addresses"},
    setting{.key = "ip.port", .type = setting_type::word, .fallback = "zero", .words = "drop zero keep", .later = "",
            .strict = strictness::by_order, .help = "client ports; behind a carrier's NAT the port is the person"},
    setting{.key = "ip.sixrd", .type = setting_type::list, .fallback = "[]", .words = "", .later = "",
            .help = "6rd prefixes of providers: their IPv4 bits are cut like IPv4"},
    setting{.key = "ip.token_v4_bits", .type = setting_type::integer, .fallback = "32", .words = "", .later = "",
            .minimum = 1, .maximum = 32, .strict = strictness::smaller, .help = "bits of an IPv4 address in a token"},
    setting{.key = "ip.token_v6_bits", .type = setting_type::integer, .fallback = "128", .words = "", .later = "",
            .minimum = 1, .maximum = 128, .strict = strictness::smaller,
            .help = "bits of an IPv6 address in a token; 64 = one token for a subscriber's network"},
    setting{.key = "ip.v4", .type = setting_type::integer, .fallback = "24", .words = "", .later = "", .minimum = 0,
            .maximum = 28, .strict = strictness::smaller,
            .help = "leading bits of IPv4 kept; more than 24 needs accept_weak"},
    setting{.key = "ip.v6", .type = setting_type::integer, .fallback = "40", .words = "", .later = "", .minimum = 0,
            .maximum = 64, .strict = strictness::smaller,
            .help = "leading bits of IPv6 kept; more than 48 needs accept_weak"},
    setting{.key = "ip.v6_unit", .type = setting_type::integer, .fallback = "64", .words = "", .later = "*",
            .help = "what counts as one source in mode kanon"},
    setting{.key = "ip.xff", .type = setting_type::word, .fallback = "all", .words = "all first last", .later = "",
            .help = "which addresses of an X-Forwarded-For list are written; the others become unknown"},
    setting{.key = "limits.line_bytes", .type = setting_type::integer, .fallback = "65536", .words = "", .later = "",
            .minimum = 1024, .maximum = 16777216, .help = "a longer line is a reject"},
    setting{.key = "name", .type = setting_type::text, .fallback = "", .words = "", .later = "",
            .help = "your own name for this policy; it goes into every report"},
    setting{.key = "path.level", .type = setting_type::word, .fallback = "template",
            .words = "drop routes dir1 dir2 dir3 dir4 dir5 dir6 dir7 dir8 dir9 template keep", .later = "",
            .strict = strictness::by_order, .help = "what stays of a URL path"},
    setting{.key = "path.routes", .type = setting_type::sequence, .fallback = "[]", .words = "", .later = "",
            .help = "patterns for level routes: * is one segment, ** the rest; the first that fits wins"},
    setting{.key = "query.allow", .type = setting_type::list,
            .fallback = "[\"lang\",\"page\",\"utm_campaign\",\"utm_medium\",\"utm_source\"]", .words = "", .later = "",
            .strict = strictness::shared, .help = "keys whose harmless values stay at level allow"},
    setting{.key = "query.allow_sensitive", .type = setting_type::list, .fallback = "[]", .words = "", .later = "",
            .strict = strictness::shared, .help = "personal keys treated like any other; credentials never are"},
    setting{.key = "query.level", .type = setting_type::word, .fallback = "allow", .words = "drop keys allow hash full",
            .later = "", .strict = strictness::by_order, .help = "what stays of a URL query"},
    setting{.key = "referrer.level", .type = setting_type::word, .fallback = "origin", .words = "drop domain origin own-path full",
            .later = "", .strict = strictness::by_order, .help = "what stays of the page a visitor came from"},
    setting{.key = "referrer.own_hosts", .type = setting_type::list, .fallback = "[]", .words = "", .later = "",
            .strict = strictness::shared, .help = "your own sites, for level own-path"},
    setting{.key = "rejects.action", .type = setting_type::word, .fallback = "drop", .words = "drop skeleton fail",
            .later = "seal", .help = "lines no format fits; none is ever copied"},
    setting{.key = "rejects.max", .type = setting_type::percent, .fallback = "10", .words = "", .later = "",
            .minimum = 0, .maximum = 100, .help = "share of rejects at which a run fails"},
    setting{.key = "server.mode", .type = setting_type::word, .fallback = "keep", .words = "drop keep", .later = "",
            .strict = strictness::by_order, .help = "the operator's own words and numbers: upstreams, TLS, cache"},
    setting{.key = "session.cookies", .type = setting_type::list, .fallback = "[]", .words = "", .later = "",
            .strict = strictness::shared, .help = "cookies whose values become tokens at level session"},
    setting{.key = "session.mode", .type = setting_type::word, .fallback = "token", .words = "drop token", .later = "",
            .strict = strictness::by_order, .help = "fields declared as session or value"},
    setting{.key = "signals.dnt", .type = setting_type::word, .fallback = "strict", .words = "drop strict ignore",
            .later = "", .help = "lines whose DNT field is exactly 1: the strict preset, no line, or no effect"},
    setting{.key = "signals.gpc", .type = setting_type::word, .fallback = "strict", .words = "drop strict ignore",
            .later = "", .help = "the same for Sec-GPC"},
    setting{.key = "time.grid", .type = setting_type::grid, .fallback = "3600",
            .words = "1 10 60 300 600 900 1800 3600 21600 43200 86400", .later = "", .strict = strictness::larger,
            .help = "times are floored to this: 1s 10s 1m 5m 10m 15m 30m 1h 6h 12h 1d"},
    setting{.key = "time.reorder", .type = setting_type::word, .fallback = "off", .words = "off", .later = "bucket",
            .help = "sort lines inside a time step"},
    setting{.key = "time.shift", .type = setting_type::word, .fallback = "off", .words = "off", .later = "per-epoch",
            .help = "move all times of an epoch"},
    setting{.key = "time.unreadable", .type = setting_type::word, .fallback = "dash", .words = "reject dash",
            .later = "", .strict = strictness::by_order,
            .help = "a line whose time cannot be read: written with - and the epoch before, or a reject"},
    setting{.key = "time.zone", .type = setting_type::zone, .fallback = "0", .words = "", .later = "",
            .help = "for stamps without a zone and for numeric epochs: +05:30, or seconds east of UTC"},
    setting{.key = "token.accept_tokens", .type = setting_type::flag, .fallback = "false", .words = "", .later = "",
            .help = "let tokens of an earlier run pass; a client could type one"},
    setting{.key = "token.keyring", .type = setting_type::word, .fallback = "optional", .words = "required optional",
            .later = "", .strict = strictness::none, .help = "required: refuse to run with ephemeral keys"},
    setting{.key = "token.symbols", .type = setting_type::integer, .fallback = "16", .words = "8 12 16 20 24",
            .later = "", .minimum = 8, .maximum = 24, .help = "length of a token: 16 symbols are 80 bits"},
    setting{.key = "user.case", .type = setting_type::word, .fallback = "exact", .words = "exact fold", .later = "",
            .help = "fold: Ada and ada are the same person"},
    setting{.key = "user.mode", .type = setting_type::word, .fallback = "token", .words = "drop token keep",
            .later = "", .strict = strictness::by_order, .help = "user names; keep needs accept_weak"},
    setting{.key = "vhost.mode", .type = setting_type::word, .fallback = "keep", .words = "drop keep", .later = "",
            .strict = strictness::by_order, .help = "the host a client asked for"},
    setting{.key = "visitor.mode", .type = setting_type::word, .fallback = "off", .words = "off", .later = "daily",
            .help = "a token for visits inside one day"},
};

constexpr const setting* find_setting(std::string_view key) noexcept {
  for (const setting& entry : settings)
    if (entry.key == key) return &entry;
  return nullptr;
}

}  // namespace anonlog
