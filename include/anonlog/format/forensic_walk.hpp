// format/forensic_walk.hpp: one line of Apache's mod_log_forensic, value after value, where each stands in the line.
//
// Source: https://httpd.apache.org/docs/2.4/mod/mod_log_forensic.html. `+id|GET / HTTP/1.1|Host:a|Cookie:b` is written when a
// request has come, with every header a client sent, and `-id` when it was answered. Control bytes, those above 126, `:`, `|`
// and `%` of a client are written as `%HH`, so none of them ends its value.
#pragma once

#include <cstddef>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>

namespace anonlog {

struct forensic_value {
  enum class kind : unsigned char { id, request, header };
  kind what = kind::id;
  raw name;  // of a header
  raw text;  // as it stands in the line
};

namespace forensic_detail {

inline constexpr byte_set id_bytes("@_:-");  // mod_unique_id's letters, or numbers with colons between

// mod_unique_id writes 24 and more, `4711:68e90d18:0` is the shortest of the others; and what is written for either.
constexpr bool is_id(raw text) noexcept { return text == "-" || (text.size() >= 10 && text.size() <= 64 && all_of(text, id_bytes)); }

}  // namespace forensic_detail

// Calls `on_value(forensic_value)` for each, in the order of the line. False: it is no such line, or the visitor said false.
template <class OnValue>
bool walk_forensic(raw line, OnValue on_value) {
  using kind = forensic_value::kind;
  if (line.size() < 2 || (line[0] != '+' && line[0] != '-')) return false;
  const raw id = line.sub(1).first(line.sub(1).find('|'));
  if (!forensic_detail::is_id(id) || !on_value(forensic_value{kind::id, {}, id})) return false;
  if (line[0] == '-') return id.end() == line.end();
  if (id.end() == line.end()) return false;
  raw rest = line.sub(1 + id.size());
  for (kind what = kind::request; !rest.empty(); what = kind::header) {
    const raw part = rest.sub(1).first(rest.sub(1).find('|'));
    rest = rest.sub(1 + part.size());
    const std::size_t colon = part.find(':');
    if (what == kind::request ? colon != raw::npos : colon == raw::npos || colon == 0) return false;
    const std::size_t name = what == kind::request ? 0 : colon + 1;
    if (!on_value(forensic_value{what, part.first(name == 0 ? 0 : colon), part.sub(name)})) return false;
  }
  return true;
}

}  // namespace anonlog
