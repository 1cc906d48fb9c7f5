// transform/ip_prefix.hpp: a network written as CIDR in a policy: `10.0.0.0/8`, `2001:db8::/32`.
//
// Used for keep sets and 6rd prefixes (SPEC 3.2.3, 3.2.4). Made at set-up, so its errors say how to mend the policy.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <anonlog/core/result.hpp>
#include <anonlog/transform/ip_address.hpp>

namespace anonlog {

struct ip_prefix {
  ip_address network;
  std::uint8_t bits = 0;  // leading bits that are the network: 0..32 or 0..128

  constexpr bool holds(const ip_address& address) const noexcept {
    return address.is_ipv4 == network.is_ipv4 && masked(address, bits) == network;
  }
};

// An address alone is a network of one. A v4-mapped network is the IPv4 network it stands for.
inline result<ip_prefix> parse_ip_prefix(std::string_view text) {
  const auto fail = [&](const std::string& reason) {
    return setup_error{"\"" + std::string(text) + "\" " + reason};
  };
  const std::size_t slash = text.find('/');
  const raw address_text(text.substr(0, slash));
  ip_prefix prefix;
  const bool is_dotted = parse_ipv4(address_text, prefix.network);
  if (!is_dotted && !parse_ipv6(address_text, prefix.network))
    return fail("is not a network; write one as 10.0.0.0/8 or 2001:db8::/32");

  const bool is_mapped = !is_dotted && prefix.network.is_ipv4;
  const unsigned most = is_dotted ? 32 : 128;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    if (digits.empty() || digits.size() > 3 || !all_of(raw(digits), is_digit))
      return fail("needs a number of bits after the slash, 0 to " + std::to_string(most));
    bits = 0;
    for (const char digit : digits) bits = bits * 10 + hex_value(static_cast<unsigned char>(digit));
    if (bits > most) return fail("has more bits than the address, which has " + std::to_string(most));
  }
  if (is_mapped) {
    if (bits < 96) return fail("is wider than the IPv4 addresses in it; write those as IPv4 networks");
    bits -= 96;
  }
  prefix.bits = static_cast<std::uint8_t>(bits);
  if (masked(prefix.network, bits) != prefix.network)  // a slip of the pen would widen what is kept
    return fail("has bits set after the first " + std::to_string(bits) + "; they must be zero");
  return prefix;
}

}  // namespace anonlog
