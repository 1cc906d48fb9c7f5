// format/value_looks.hpp: what a value looks like when nothing is wrong: a number, a time, an address, the name of a host.
//
// These are shapes, by which a line is told from others and a field's end is found (format/shape.hpp); transforms judge exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/swar.hpp>
#include <anonlog/format/top_level_name.hpp>

namespace anonlog::shapes {

template <class Test>
std::size_t run_end(raw zone, std::size_t from, std::size_t limit, Test test) noexcept {
  while (from < limit && test(zone[from])) ++from;
  return from;
}

// What this program writes for a blank inside a value that a blank ends.
inline constexpr std::string_view written_blank = "%20";

inline bool begins_with_written_blank(raw zone, std::size_t at, std::size_t limit) noexcept {
  return zone.sub(at, limit - at).starts_with(written_blank);
}

// True for `-`, and for an optional minus, digits and an optional fraction.
inline bool is_number(raw text) noexcept {
  if (text == "-") return true;
  const auto digit = [](unsigned char c) { return is_digit(c); };
  const std::size_t first = text.starts_with("-") ? 1 : 0;
  const std::size_t point = run_end(text, first, text.size(), digit);
  if (point == first) return false;
  return point == text.size() || (text[point] == '.' && run_end(text, point + 1, text.size(), digit) == text.size());
}

// "-", or a time as nginx writes it, of up to a day: a port, a user, an instant and a place on a map are none. Below a second it
// may be reduced already.
inline bool is_seconds(raw text) noexcept {
  constexpr std::size_t most_whole_digits = 5, decimals = 3;
  if (text == "-") return true;
  const auto digit = [](unsigned char c) { return is_digit(c); };
  const std::size_t point = run_end(text, 0, text.size(), digit);
  if (point == 0 || point > most_whole_digits || point + 1 >= text.size() || text[point] != '.') return false;
  const std::size_t found = text.size() - point - 1;
  const bool is_reduced = found < decimals && point == 1 && text[0] == '0';
  return (found == decimals || is_reduced) && run_end(text, point + 1, text.size(), digit) == text.size();
}

inline bool is_uuid(raw text) noexcept {
  constexpr std::size_t size = 36;
  if (text.size() != size) return false;
  for (std::size_t i = 0; i < size; ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

// As ngx_http_upstream_module calls them; any other word could be a country or a name.
inline bool is_cache_status(raw text) noexcept {
  for (const std::string_view status : {"-", "MISS", "BYPASS", "EXPIRED", "STALE", "UPDATING", "REVALIDATED", "HIT"})
    if (text == status) return true;
  return false;
}

inline bool holds_seconds(raw list) noexcept {
  for (std::size_t at = 0; at < list.size();) {
    if (list[at] == ',' || list[at] == ':' || is_blank(list[at])) {
      ++at;
    } else if (begins_with_written_blank(list, at, list.size())) {
      at += written_blank.size();
    } else {
      const std::size_t end = run_end(list, at, list.size(), [](unsigned char c) { return is_digit(c) || c == '.' || c == '-'; });
      if (!is_seconds(list.sub(at, end - at))) return false;
      at = end;
    }
  }
  return true;
}

// What this program writes for an address or for the name of a host, where a policy asks for tokens.
inline bool is_client_token(raw text) noexcept {
  const std::size_t tag = text.starts_with("ip-") ? 3 : text.starts_with("h-") ? 2 : 0;
  if (tag == 0 || text.size() < tag + 8 || text.size() > tag + 24 || (text.size() - tag) % 4 != 0) return false;
  return run_end(text, tag, text.size(), [](unsigned char c) { return is_lower(c) || (c >= '2' && c <= '7'); }) == text.size();
}

// Looks like an address or the name of a host: one with a single colon is a host with a port, which no client is, and one with
// a comma is a list.
inline bool is_client(raw text) noexcept {
  if (text.holds(',')) return false;
  std::size_t dots = 0, colons = 0;
  for (std::size_t from = 0; from < text.size(); from += 8) {
    const std::size_t left = text.size() - from;
    const char* const bytes = text.begin() + from;
    const std::uint64_t word = left < 8 ? swar::load_first(bytes, left) : swar::load(bytes);
    dots += swar::count(swar::equal(word, '.'));
    colons += swar::count(swar::equal(word, ':'));
  }
  return colons > 1 || (dots != 0 && colons == 0) || text == "localhost" || text == "unknown" || text == "unix:" || is_client_token(text);
}

// An address as it is written beside its port: a shape, for the transform reads it. A socket has no address: `unix:1`.
inline bool is_peer(raw text) noexcept {
  if (text == "-" || text.starts_with("unix:") || is_client_token(text.first(text.find(':')))) return true;
  std::size_t dots = 0, colons = 0;
  for (const char byte : text) {
    const auto c = static_cast<unsigned char>(byte);
    dots += c == '.';
    colons += c == ':';
    if (!is_hex(c) && c != '.' && c != ':' && c != '[' && c != ']') return false;
  }
  return colons > 1 || (dots == 3 && is_digit(text.front()));
}

// A virtual host beyond doubt: an address, or the name of one; `ada.lovelace` may be a user. In front of a port any name
// with a dot in it will do.
inline bool is_virtual_host(raw text, bool has_port) noexcept {
  if (text.starts_with("[") || text == "localhost") return true;
  if (!text.holds('.') || text.holds(':')) return false;
  return has_port || is_peer(text) || has_top_level_name(text);
}

}  // namespace anonlog::shapes
