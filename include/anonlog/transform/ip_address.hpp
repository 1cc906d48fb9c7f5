// transform/ip_address.hpp: IP addresses as logs write them: read in every spelling, written in one.
//
// All spellings of an address are one value, and a v4-mapped IPv6 address is the IPv4 address it carries: otherwise
// the same client appears twice, or an IPv4 address slips through the IPv6 rules.
// Source: SPEC 3.2.1 (parse_ip), 3.2.2 (text output, RFC 5952).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/swar.hpp>
#include <anonlog/core/writer.hpp>

namespace anonlog {

// IPv4 is in bytes 0..3, the others are zero; so both families are masked and compared by the same code.
struct ip_address {
  std::array<std::uint8_t, 16> bytes{};
  bool is_ipv4 = false;

  friend bool operator==(const ip_address&, const ip_address&) noexcept = default;
};

namespace ip_detail {

constexpr std::uint64_t big_endian(std::uint64_t word) noexcept {
  if constexpr (std::endian::native == std::endian::little) return __builtin_bswap64(word);
  return word;
}

using halves = std::array<std::uint64_t, 2>;  // bits 0..63 and 64..127, the first bit of the address on top

constexpr halves to_halves(const ip_address& address) noexcept {
  const halves stored = std::bit_cast<halves>(address.bytes);
  return {big_endian(stored[0]), big_endian(stored[1])};
}

constexpr ip_address from_halves(const halves& value, bool is_ipv4) noexcept {
  const halves stored = {big_endian(value[0]), big_endian(value[1])};
  return {.bytes = std::bit_cast<std::array<std::uint8_t, 16>>(stored), .is_ipv4 = is_ipv4};
}

constexpr halves shifted_left(const halves& value, std::size_t bits) noexcept {
  if (bits == 0) return value;
  if (bits >= 128) return {};
  if (bits >= 64) return {value[1] << (bits - 64), 0};
  return {value[0] << bits | value[1] >> (64 - bits), value[1] << bits};
}

constexpr halves with_group(const halves& value, unsigned group) noexcept {
  return {value[0] << 16 | value[1] >> 48, value[1] << 16 | group};
}

constexpr std::uint64_t leading_ones(unsigned bits) noexcept {
  return bits >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> bits);
}

constexpr halves mask(unsigned bits) noexcept { return {leading_ones(bits), leading_ones(bits < 64 ? 0 : bits - 64)}; }

}  // namespace ip_detail

// The address with everything after its first `kept_bits` bits zero.
constexpr ip_address masked(const ip_address& address, unsigned kept_bits) noexcept {
  const ip_detail::halves value = ip_detail::to_halves(address), mask = ip_detail::mask(kept_bits);
  return ip_detail::from_halves({value[0] & mask[0], value[1] & mask[1]}, address.is_ipv4);
}

// The IPv4 address in the last four bytes of an IPv6 address.
constexpr ip_address embedded_ipv4(const ip_address& address) noexcept {
  return ip_detail::from_halves({ip_detail::to_halves(address)[1] << 32, 0}, true);
}

// ::ffff:0:0/96 becomes IPv4; anything else stays.
constexpr ip_address unmapped(const ip_address& address) noexcept {
  const ip_detail::halves value = ip_detail::to_halves(address);
  const bool is_mapped = !address.is_ipv4 && value[0] == 0 && value[1] >> 32 == 0xFFFF;
  return is_mapped ? embedded_ipv4(address) : address;
}

// 64:ff9b::/96, the address of an IPv4 client behind NAT64 (RFC 6052).
constexpr bool is_nat64(const ip_address& address) noexcept {
  const ip_detail::halves value = ip_detail::to_halves(address);
  return !address.is_ipv4 && value[0] == 0x0064'FF9B'0000'0000 && value[1] >> 32 == 0;
}

namespace ip_detail {

// The value of each hexadecimal digit.
inline constexpr auto nibbles = [] {
  std::array<std::uint8_t, 256> made{};
  for (unsigned c = 0; c < made.size(); ++c)
    if (is_hex(static_cast<unsigned char>(c))) made[c] = static_cast<std::uint8_t>(hex_value(static_cast<unsigned char>(c)));
  return made;
}();

// The digits that begin a text, and the number they are.
struct digit_run {
  std::size_t size = 0;
  unsigned number = 0;
};

inline std::uint64_t first_bytes(raw text) noexcept {
  return text.size() < 8 ? swar::load_first(text.begin(), text.size()) : swar::load(text.begin());
}

// As many decimal digits as there are, but no more than three.
inline digit_run scan_decimal(raw text) noexcept {
  const auto word = static_cast<std::uint32_t>(first_bytes(text));
  const std::uint64_t others = ~swar::between(word, '0', '9') & 0x8080'8080;
  const std::size_t size = std::min<std::size_t>(swar::first(others | 0x8000'0000), 3);
  if (size == 0) return {};
  const std::uint32_t digits = __builtin_bswap32(word & 0x0F0F'0F0F) >> (8 * (4 - size));  // the last one is lowest now
  return {size, (digits & 15) + 10 * (digits >> 8 & 15) + 100 * (digits >> 16 & 15)};
}

// Reads an IPv4 address at the start of `text`. Returns how long it is, 0 if there is none. What follows it, a
// further digit too, is for the caller to judge.
inline std::size_t scan_ipv4(raw text, ip_address& out) noexcept {
  ip_address address{.bytes = {}, .is_ipv4 = true};
  std::size_t at = 0;
  for (std::size_t octet = 0; octet < 4; ++octet) {
    if (octet != 0) {
      if (at == text.size() || text[at] != '.') return 0;
      ++at;
    }
    const digit_run digits = scan_decimal(text.sub(at));
    if (digits.size == 0 || digits.number > 255) return 0;
    address.bytes[octet] = static_cast<std::uint8_t>(digits.number);  // decimal, however many zeros lead
    at += digits.size;
  }
  out = address;
  return at;
}

}  // namespace ip_detail

// The whole text is an IPv4 address.
inline bool parse_ipv4(raw text, ip_address& out) noexcept {
  return !text.empty() && ip_detail::scan_ipv4(text, out) == text.size();
}

// The whole text is an IPv6 address without brackets and zone. A v4-mapped one comes out as IPv4.
inline bool parse_ipv6(raw text, ip_address& out) noexcept {
  ip_detail::halves head{}, value{};  // what stands in front of `::`, and what was read since
  std::size_t head_groups = 0, groups = 0, at = 0;
  bool has_gap = text.starts_with("::");
  if (has_gap) at = 2;
  while (at < text.size()) {
    if (head_groups + groups == 8) return false;
    const std::size_t from = at;
    unsigned group = 0;
    while (at < text.size() && at - from < 4 && is_hex(text[at])) group = group << 4 | ip_detail::nibbles[text[at++]];
    if (at == from) return false;
    if (at < text.size() && text[at] == '.') {  // the dotted end
      ip_address last;
      if (!parse_ipv4(text.sub(from), last)) return false;
      value = ip_detail::with_group(value, unsigned{last.bytes[0]} << 8 | last.bytes[1]);
      value = ip_detail::with_group(value, unsigned{last.bytes[2]} << 8 | last.bytes[3]);
      groups += 2;
      break;
    }
    value = ip_detail::with_group(value, group);
    ++groups;
    if (at == text.size()) break;
    if (text[at++] != ':' || at == text.size()) return false;
    if (text[at] == ':') {
      if (has_gap) return false;
      has_gap = true;
      head = value;
      head_groups = groups;
      value = {};
      groups = 0;
      ++at;
    }
  }
  const std::size_t all_groups = head_groups + groups;
  if (has_gap ? all_groups > 7 : all_groups != 8) return false;  // `::` stands for at least one group
  const ip_detail::halves front = ip_detail::shifted_left(head, 128 - 16 * head_groups);
  out = unmapped(ip_detail::from_halves({front[0] | value[0], front[1] | value[1]}, false));
  return true;
}

// What stands in the position of an address.
struct ip_element {
  ip_address address;
  raw port;  // its digits, if has_port
  bool has_port = false;
  bool has_zone = false;
  bool was_mapped = false;            // written as v4-mapped IPv6
  bool has_unbracketed_port = false;  // `v6:port`
};

namespace ip_detail {

// `text` is ':' and 1-5 digits.
constexpr bool take_port(raw text, ip_element& out) noexcept {
  if (text.size() < 2 || text.size() > 6 || text[0] != ':' || !all_of(text.sub(1), is_digit)) return false;
  out.port = text.sub(1);
  out.has_port = true;
  return true;
}

inline bool take_ipv6(raw text, ip_element& out) noexcept {
  if (!parse_ipv6(text, out.address)) return false;
  out.was_mapped = out.address.is_ipv4;
  return true;
}

inline bool take_zoned_ipv6(raw text, ip_element& out) noexcept {
  const std::size_t zone = text.find('%');
  out.has_zone = zone != raw::npos;
  return take_ipv6(text.first(zone), out);
}

}  // namespace ip_detail

// parse_ip of SPEC 3.2.1. What `out` holds when it returns false means nothing.
inline bool parse_ip(raw value, ip_element& out) noexcept {
  out = {};
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.sub(1).without_last(1);
  if (value.empty()) return false;

  const std::size_t ipv4_size = ip_detail::scan_ipv4(value, out.address);
  if (ipv4_size != 0) return ipv4_size == value.size() || ip_detail::take_port(value.sub(ipv4_size), out);

  if (value.front() == '[') {
    const std::size_t close = value.rfind(']');
    if (close == raw::npos) return false;
    const raw after = value.sub(close + 1);
    return ip_detail::take_zoned_ipv6(value.sub(1, close - 1), out) &&
           (after.empty() || ip_detail::take_port(after, out));
  }
  if (ip_detail::take_zoned_ipv6(value, out)) return true;
  // Here no zone is left: an address with one was taken as a whole, what looks like a port being part of the zone.
  const std::size_t colon = value.rfind(':');
  out.has_unbracketed_port = true;
  return colon != raw::npos && ip_detail::take_ipv6(value.first(colon), out) &&
         ip_detail::take_port(value.sub(colon), out);
}

namespace ip_detail {

// An octet with its dot, and where the longest run of two or more zero groups is, by a bit for each zero group.
struct octet_text {
  std::array<char, 4> text;
  std::uint8_t size;
};
struct zero_gap {
  std::uint8_t from, size;
};

inline constexpr auto octet_texts = [] {
  std::array<octet_text, 256> made{};
  for (unsigned octet = 0; octet < made.size(); ++octet) {
    octet_text& text = made[octet];
    if (octet >= 100) text.text[text.size++] = static_cast<char>('0' + octet / 100);
    if (octet >= 10) text.text[text.size++] = static_cast<char>('0' + octet / 10 % 10);
    text.text[text.size++] = static_cast<char>('0' + octet % 10);
    text.text[text.size++] = '.';
  }
  return made;
}();

inline constexpr auto zero_gaps = [] {
  std::array<zero_gap, 256> made{};
  for (unsigned zeros = 0; zeros < made.size(); ++zeros) {
    unsigned run = 0, from = 8, size = 0;
    for (unsigned i = 0; i < 8; ++i) {
      run = (zeros >> i & 1) != 0 ? run + 1 : 0;
      if (run < 2 || run <= size) continue;  // one zero group is no gap; the first of equal runs is
      size = run;
      from = i + 1 - run;
    }
    made[zeros] = {static_cast<std::uint8_t>(from), static_cast<std::uint8_t>(size)};
  }
  return made;
}();

// Up to four hexadecimal digits without leading zeros. Writes four bytes and returns how many count.
inline std::size_t put_group(unsigned group, char* to) noexcept {
  const std::size_t zeros = static_cast<std::size_t>(std::countl_zero(static_cast<std::uint16_t>(group | 1))) / 4;
  const std::uint32_t digits = (group >> 12) | (group >> 8 & 15) << 8 | (group >> 4 & 15) << 16 | (group & 15) << 24;
  const std::uint32_t letters = (digits + 0x0606'0606) >> 4 & 0x0101'0101;
  const std::uint32_t text = (digits + 0x3030'3030 + letters * ('a' - '0' - 10)) >> (8 * zeros);
  for (std::size_t i = 0; i < 4; ++i) to[i] = static_cast<char>(text >> (8 * i));
  return 4 - zeros;
}

}  // namespace ip_detail

// Dotted decimal, or RFC 5952 in hex groups only: no mixed form, so that a text with a colon is IPv6.
inline void put_ip(const ip_address& address, writer& out) noexcept {
  char text[44];
  char* end = text;
  if (address.is_ipv4) {
    for (std::size_t i = 0; i < 4; ++i) {
      const ip_detail::octet_text& octet = ip_detail::octet_texts[address.bytes[i]];
      std::memcpy(end, octet.text.data(), octet.text.size());
      end += octet.size;
    }
    out.put(std::string_view(text, static_cast<std::size_t>(end - text - 1)));
    return;
  }

  unsigned groups[8], zeros = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = unsigned{address.bytes[2 * i]} << 8 | address.bytes[2 * i + 1];
    zeros |= (groups[i] == 0 ? 1U : 0U) << i;
  }
  const ip_detail::zero_gap gap = ip_detail::zero_gaps[zeros];
  const auto put_groups = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (i != from) *end++ = ':';
      end += ip_detail::put_group(groups[i], end);
    }
  };
  put_groups(0, gap.from);
  if (gap.size != 0) {
    *end++ = ':';
    *end++ = ':';
    put_groups(gap.from + gap.size, 8);
  }
  out.put(std::string_view(text, static_cast<std::size_t>(end - text)));
}

}  // namespace anonlog
