// format/own_network.hpp: whether a word is an address of the operator's own network: private, shared, link-local or loopback.
//
// For a line with a word in front of such an address: the latter is that of a proxy or of the server, so the word may be the
// client. Sources: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291; v4-mapped IPv6 too. A shape: no transform asks for it.
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>

namespace anonlog::shapes {

namespace own_network_detail {

// The run of digits at `at` as a number, and `at` behind it and its point; 256 where there is none.
inline unsigned take_octet(raw text, std::size_t& at) noexcept {
  constexpr unsigned none = 256;
  unsigned value = 0;
  const std::size_t from = at;
  for (; at < text.size() && at - from < 3 && is_digit(text[at]); ++at) value = value * 10 + hex_value(text[at]);
  if (at == from || at == text.size() || text[at] != '.') return none;
  ++at;
  return value;
}

inline bool is_own_ipv4(raw text) noexcept {
  std::size_t at = 0;
  const unsigned first = take_octet(text, at), second = take_octet(text, at);
  if (first == 10 || first == 127 || first == 0) return true;
  if (first == 172) return second >= 16 && second < 32;
  if (first == 100) return second >= 64 && second < 128;
  return (first == 192 && second == 168) || (first == 169 && second == 254);
}

}  // namespace own_network_detail

// `text` is an address, perhaps with a port, or something else, which is none of these.
inline bool is_own_network(raw text) noexcept {
  if (text.starts_with("[")) text = text.sub(1);
  const std::size_t colon = text.find(':'), point = text.find('.');
  if (colon == raw::npos || point < colon) return own_network_detail::is_own_ipv4(text);
  if (text[0] == ':' || text[0] == '0') return true;  // loopback, unspecified, v4-mapped
  const bool is_local = to_lower(text[0]) == 'f' && text.size() > 1;
  return is_local && std::string_view("cde").find(to_lower(text[1])) != std::string_view::npos;
}

}  // namespace anonlog::shapes
