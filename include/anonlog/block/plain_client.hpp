// block/plain_client.hpp: how the addresses of plain lines are written, prepared from the policy.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include <anonlog/transform/ip_position.hpp>

namespace anonlog {

// Text is edited in place where whole octets are kept. Keep sets hold for few first octets, and only under them are
// addresses looked at one by one, on the exact path; so are all where a policy asks for more than this knows.
struct plain_client {
  enum class rule : unsigned char { exact, truncate, token, drop } what = rule::exact;
  unsigned ipv4_kept_octets = 0;
  unsigned zeros_bytes = 0;                // behind what is kept of an IPv4 address: `0`, `0.0` ...
  std::uint64_t ipv6_mask = 0;             // of the first three groups, in the low 48 bits
  bool knows_ipv6 = false;
  std::array<bool, 256> is_special{};      // by first octet

  explicit plain_client(const ip_position& wanted) {
    const unsigned ipv4_bits = std::min<unsigned>(wanted.truncate.ipv4_kept_bits, ip_truncate::most_ipv4_bits);
    const unsigned ipv6_bits = wanted.truncate.ipv6_kept_bits;
    if (wanted.mode == ip_mode::drop) what = rule::drop;
    if (wanted.mode == ip_mode::truncate && ipv4_bits % 8 == 0) what = rule::truncate;
    if (wanted.mode == ip_mode::token || wanted.mode == ip_mode::ula) what = rule::token;
    ipv4_kept_octets = ipv4_bits / 8;
    zeros_bytes = 7 - 2 * ipv4_kept_octets;
    ipv6_mask = ip_detail::leading_ones(ipv6_bits) >> 16;
    const bool truncates = wanted.mode == ip_mode::truncate && ipv6_bits <= 48 && wanted.truncate.sixrd.empty();
    knows_ipv6 = what == rule::drop || ((truncates || what == rule::token) && !wanted.keep.may_hold_ipv6_networks());
    for (unsigned octet = 0; octet < 256; ++octet)
      is_special[octet] = what == rule::exact || (what != rule::drop && wanted.keep.may_hold_ipv4(static_cast<std::uint8_t>(octet)));
  }
};

struct plain_address {
  const char* kept;          // what is written of it; 16 bytes may be read, and 64 of a token
  std::uint32_t kept_bytes;
  std::uint32_t bytes;       // of its text
  std::uint32_t ipv4;        // the first octet on top
  bool is_ipv6;
  std::uint8_t zeros_bytes;  // that follow what is kept
  std::array<char, 16> network;  // of an IPv6 address, as text
};

}  // namespace anonlog
