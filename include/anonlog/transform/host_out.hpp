// transform/host_out.hpp: the host of a URL or of a Host header, or nothing when it spells an address.
//
// Reverse names and numeric hosts carry the address of a person, so such a name is refused as a whole.
// Source: SPEC 3.7, host_out().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/character_profile.hpp>
#include <anonlog/transform/ip_address.hpp>
#include <anonlog/transform/ip_truncate.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

inline constexpr std::size_t longest_host_name = 253;  // bytes, without the final dot

// The end of the run of bytes that satisfy `test`, beginning at `from`.
template <class Test>
constexpr std::size_t run_end(raw text, std::size_t from, Test test) noexcept {
  while (from < text.size() && test(text[from])) ++from;
  return from;
}

namespace host_detail {

inline constexpr byte_set is_name_byte("_-.");

// Four runs of 1-3 digits joined by `joint`, whatever stands around them: the outer two may be parts of longer runs.
constexpr bool holds_quad(raw name, unsigned char joint) noexcept {
  std::size_t runs = 0;  // that could be the first ones of a quad which ends with the next run
  for (std::size_t i = 0; i < name.size();) {
    if (!is_digit(name[i])) {
      if (name[i] != joint || i + 1 == name.size() || !is_digit(name[i + 1])) runs = 0;
      ++i;
      continue;
    }
    const std::size_t end = run_end(name, i, is_digit);
    if (runs >= 3) return true;
    runs = end - i <= 3 ? runs + 1 : 1;
    i = end;
  }
  return false;
}

// 8 or more hex digits in a row, a decimal one among them: an address, a machine name, a hash.
constexpr bool holds_hex_word(raw label) noexcept {
  for (std::size_t i = 0; i < label.size(); ++i) {
    const std::size_t end = run_end(label, i, is_hex);
    if (end - i >= 8 && any_of(label.sub(i, end - i), is_digit)) return true;
    i = end;
  }
  return false;
}

// Hex digits joined by four or more dashes, a decimal one among them: an IPv6 address.
constexpr bool holds_dashed_hex(raw label) noexcept {
  for (std::size_t i = 0; i < label.size(); ++i) {
    const std::size_t end = run_end(label, i, [](unsigned char c) { return is_hex(c) || c == '-'; });
    std::size_t dashes = 0;
    for (std::size_t at = i; at < end; ++at) dashes += label[at] == '-' ? 1 : 0;
    if (dashes >= 4 && any_of(label.sub(i, end - i), is_digit)) return true;
    i = end;
  }
  return false;
}

// True if a label satisfies `test`; not asked of punycode, where hex digits say nothing.
template <class Test>
constexpr bool any_label(raw name, Test test) noexcept {
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t dot = name.find('.', from);
    const raw label = name.sub(from, dot == raw::npos ? raw::npos : dot - from);
    if (!label.first(4).equals_lower("xn--") && test(label)) return true;
    from += label.size() + 1;
  }
  return false;
}

}  // namespace host_detail

// True if a name, in any case, spells an address group by group. `p` is the profile of the name.
constexpr bool spells_address_groups(raw name, const character_profile& p) noexcept {
  using namespace host_detail;
  if (p.digits == 0) return false;
  const bool may_hold_quad = p.digits >= 4 && (p.dots >= 3 || p.dashes >= 3 || p.token_marks >= 3);
  if (may_hold_quad && (holds_quad(name, '.') || holds_quad(name, '-') || holds_quad(name, '_'))) return true;
  return p.dashes >= 4 && any_label(name, holds_dashed_hex);
}
constexpr bool spells_address_groups(raw name) noexcept { return spells_address_groups(name, character_profile::of(name)); }

// True if a name gives an address away, or what is like one.
constexpr bool spells_address(raw name, const character_profile& p) noexcept {
  if (spells_address_groups(name, p)) return true;
  return p.digits != 0 && p.hexes >= 8 && host_detail::any_label(name, host_detail::holds_hex_word);
}
constexpr bool spells_address(raw name) noexcept { return spells_address(name, character_profile::of(name)); }

// Labels of letters, digits, `_` and `-` joined by single dots, and nothing a browser would read as a number.
constexpr bool is_releasable_host_name(raw name) noexcept {
  if (name.empty() || name.size() > longest_host_name || name.front() == '.' || name.back() == '.') return false;
  const character_profile p = character_profile::of(name);
  if (p.alphanumerics() + p.dashes + p.dots + p.token_marks != p.size) return false;
  if (p.token_marks != 0 && !all_of(name, host_detail::is_name_byte)) return false;
  std::size_t last_from = 0;
  for (std::size_t dot = p.dots == 0 ? raw::npos : name.find('.'); dot != raw::npos; dot = name.find('.', last_from)) {
    if (dot == last_from) return false;
    last_from = dot + 1;
  }
  const raw last = name.sub(last_from);
  const bool is_number = all_of(last, is_digit) || (last.size() >= 2 && last.first(2).equals_lower("0x"));
  return !is_number && !spells_address(name, p);
}

// Writes host[:port] and returns true, or writes nothing and returns false. The caller has removed the userinfo.
// The port goes when it is empty or `default_port`; leading zeros say nothing and go as well.
inline bool put_host(raw authority, std::string_view default_port, const ip_truncate& widths, scope& s,
                     writer& out) noexcept {
  const bool is_bracketed = !authority.empty() && authority.front() == '[';
  std::size_t host_end = authority.find(is_bracketed ? ']' : ':');
  if (is_bracketed && host_end == raw::npos) return false;
  if (is_bracketed) ++host_end;
  const raw host = authority.first(host_end);

  raw port = authority.sub(host_end);
  if (!port.empty()) {
    if (port.front() != ':' || port.size() > 6) return false;
    port = port.sub(1);
    if (!all_of(port, is_digit)) return false;
  }
  std::uint64_t port_number = 0, default_number = 0;
  for (std::size_t i = 0; i < port.size(); ++i) port_number = port_number * 10 + hex_value(port[i]);
  for (const char digit : default_port)
    default_number = default_number * 10 + hex_value(static_cast<unsigned char>(digit));
  const bool keeps_port = !port.empty() && (default_port.empty() || port_number != default_number);

  ip_address address;
  bool is_address = false;
  if (is_bracketed) {
    const raw inner = host.sub(1).without_last(1);
    is_address = parse_ipv6(inner.first(inner.find('%')), address);
    if (!is_address) return false;
  } else {
    is_address = parse_ipv4(host, address);
  }
  if (is_address) {
    const ip_address network = widths.truncated(address, s.counts);
    if (!network.is_ipv4) out.put('[');
    put_ip(network, out);
    if (!network.is_ipv4) out.put(']');
  } else {
    const raw name = host.ends_with(".") ? host.without_last(1) : host;
    if (!is_releasable_host_name(name)) return false;
    char lower[longest_host_name];
    for (std::size_t i = 0; i < name.size(); ++i) lower[i] = to_lower(name[i]);
    out.release(raw(lower, name.size()));
  }
  if (keeps_port) {
    out.put(':');
    out.put_number(port_number);
  }
  return true;
}

}  // namespace anonlog
