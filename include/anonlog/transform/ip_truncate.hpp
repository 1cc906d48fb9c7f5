// transform/ip_truncate.hpp: keep the network of an IP address, zero the rest.
//
// An analyst asks "which provider?", never "which household?". Some IPv6 networks carry an IPv4 address in front of
// bit 64; there no more of it may stay than of that IPv4 address alone. What lies below bit 64 always goes, so the
// forms that carry one there need no rule. Source: SPEC 3.2.3.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <anonlog/core/tally.hpp>
#include <anonlog/transform/ip_prefix.hpp>

namespace anonlog {

struct ip_truncate {
  // Above these no policy may go; the code would not follow it.
  static constexpr unsigned most_ipv4_bits = 28, most_ipv6_bits = 64;

  std::uint8_t ipv4_kept_bits = 24;  // leading bits kept, 0..28
  std::uint8_t ipv6_kept_bits = 40;  // leading bits kept, 0..64
  std::vector<ip_prefix> sixrd;      // IPv6 prefixes of providers that embed the IPv4 address behind them (RFC 5969)

  ip_address truncated(const ip_address& address, tally& counts) const noexcept {
    return masked(address, address.is_ipv4 ? ipv4_bits() : ipv6_bits(address, counts));
  }

 private:
  unsigned ipv4_bits() const noexcept { return std::min<unsigned>(ipv4_kept_bits, most_ipv4_bits); }

  unsigned ipv6_bits(const ip_address& address, tally& counts) const noexcept {
    const std::uint64_t high = ip_detail::to_halves(address)[0];
    unsigned bits = std::min<unsigned>(ipv6_kept_bits, most_ipv6_bits);
    if (high >> 48 == 0x2002) {  // 6to4: bits 16..47 are an IPv4 address
      counts.add(counted::address_6to4);
      bits = std::min(bits, 16 + ipv4_bits());
    } else if (high >> 32 == 0x2001'0000) {  // Teredo
      counts.add(counted::address_teredo);
      bits = std::min(bits, 32U);
    } else if (high >> 16 == 0x0064'FF9B'0001) {  // local NAT64 (RFC 8215): the IPv4 address may follow at once
      counts.add(counted::address_nat64);
      bits = std::min(bits, 48U);
    } else if (is_nat64(address)) {
      counts.add(counted::address_nat64);
    }
    bool is_sixrd = false;
    for (const ip_prefix& domain : sixrd) {
      if (!domain.holds(address)) continue;
      is_sixrd = true;
      bits = std::min(bits, domain.bits + ipv4_bits());
    }
    if (is_sixrd) counts.add(counted::address_6rd);
    return bits;
  }
};

}  // namespace anonlog
