// transform/keep_set.hpp: the addresses that are nobody's and may stay as they are.
//
// By default only those that name no machine at all: loopback and unspecified. 127.0.0.0/8 is not loopback here: in
// X-Forwarded-For its other bits are the client's to choose. RFC 6598 100.64/10 is in no set: inside the provider it
// is the subscriber. Source: SPEC 3.2.4.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include <anonlog/transform/ip_prefix.hpp>

namespace anonlog {

inline constexpr std::array<std::string_view, 5> keep_set_names = {"loopback", "unspecified", "private", "linklocal",
                                                                   "documentation"};

class keep_set {
 public:
  // loopback and unspecified.
  keep_set() {
    add_named("loopback");
    add_named("unspecified");
  }

  static keep_set none() {
    keep_set set;
    set.prefixes_.clear();
    return set;
  }

  void add(const ip_prefix& prefix) { prefixes_.push_back(prefix); }

  // False if there is no set of this name.
  bool add_named(std::string_view name) {
    bool is_known = false;
    for (const named_prefix& entry : named) {
      if (entry.set != name) continue;
      prefixes_.push_back(parse_ip_prefix(entry.cidr).value());
      is_known = true;
    }
    return is_known;
  }

  // False if it certainly holds no IPv4 address of this first octet.
  bool may_hold_ipv4(std::uint8_t first_octet) const noexcept {
    for (const ip_prefix& prefix : prefixes_) {
      const unsigned bits = prefix.bits < 8 ? prefix.bits : 8;
      if (prefix.network.is_ipv4 && (first_octet ^ prefix.network.bytes[0]) >> (8 - bits) == 0) return true;
    }
    return false;
  }

  // False if all IPv6 addresses that it holds begin with sixteen zero bits, as loopback does.
  bool may_hold_ipv6_networks() const noexcept {
    for (const ip_prefix& prefix : prefixes_)
      if (!prefix.network.is_ipv4 && (prefix.bits < 16 || prefix.network.bytes[0] != 0 || prefix.network.bytes[1] != 0)) return true;
    return false;
  }

  bool holds(const ip_address& address) const noexcept {
    for (const ip_prefix& prefix : prefixes_)
      if (prefix.holds(address)) return !is_eui64(address);
    return false;
  }

 private:
  struct named_prefix {
    std::string_view set;
    std::string_view cidr;
  };
  static constexpr named_prefix named[] = {
      {"loopback", "127.0.0.1"},          {"loopback", "::1"},
      {"unspecified", "0.0.0.0"},         {"unspecified", "::"},
      {"private", "10.0.0.0/8"},          {"private", "172.16.0.0/12"},
      {"private", "192.168.0.0/16"},      {"private", "fc00::/7"},
      {"linklocal", "169.254.0.0/16"},    {"linklocal", "fe80::/10"},
      {"documentation", "192.0.2.0/24"},  {"documentation", "198.51.100.0/24"},
      {"documentation", "203.0.113.0/24"}, {"documentation", "2001:db8::/32"},
      {"documentation", "3fff::/20"},
  };

  // An interface identifier made of the number of a network card: it names a machine wherever it goes.
  static constexpr bool is_eui64(const ip_address& address) noexcept {
    return !address.is_ipv4 && address.bytes[11] == 0xFF && address.bytes[12] == 0xFE;
  }

  std::vector<ip_prefix> prefixes_;
};

}  // namespace anonlog
