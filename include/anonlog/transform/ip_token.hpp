// transform/ip_token.hpp: the pseudonym of an IP address, as a token or in the shape of an address.
//
// One IPv6 host may use 2^64 addresses and change them daily (RFC 8981), so the message can be cut to the network.
// Source: SPEC 3.3.3 (class ip), 3.3.5 (ula).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <anonlog/crypto/keyed_hash.hpp>
#include <anonlog/transform/ip_address.hpp>

namespace anonlog {

// The canonical bytes that are hashed: family, masked address, number of bits.
struct ip_message {
  std::array<char, 18> bytes{};
  std::size_t size = 0;

  std::string_view text() const noexcept { return {bytes.data(), size}; }
};

struct ip_token {
  std::uint8_t ipv4_bits = 32;   // leading bits that make a difference, 0..32
  std::uint8_t ipv6_bits = 128;  // leading bits that make a difference, 0..128

  ip_message message(ip_address address) const noexcept {
    if (ipv6_bits < 96 && is_nat64(address)) address = embedded_ipv4(address);  // or all its clients were one
    const std::size_t address_size = address.is_ipv4 ? 4 : 16;
    const std::uint8_t bits = address.is_ipv4 ? ipv4_bits : ipv6_bits;
    const ip_address network = masked(address, bits);
    ip_message made;
    made.bytes[made.size++] = address.is_ipv4 ? 4 : 6;
    for (std::size_t i = 0; i < address_size; ++i) made.bytes[made.size++] = static_cast<char>(network.bytes[i]);
    made.bytes[made.size++] = static_cast<char>(bits);
    return made;
  }

  hash128 pseudonym(const ip_address& address, const epoch_keys& keys) const noexcept {
    keyed_hash hash(keys, class_id::ip);
    hash.add(message(address).text());
    return hash.finish();
  }
};

// fd and 120 bits of the pseudonym: an address everywhere, and nobody's.
inline ip_address to_ula(const hash128& pseudonym) noexcept {
  ip_address address;
  address.bytes[0] = 0xFD;
  for (std::size_t i = 1; i < 16; ++i) address.bytes[i] = pseudonym.bytes[i - 1];
  return address;
}

}  // namespace anonlog
