// transform/ip_binary.hpp: an address as its 4 or 16 raw bytes, which the log shows escaped (nginx
// $binary_remote_addr).
//
// It comes out as text. Source: SPEC 3.2.1.
#pragma once

#include <string_view>

#include <anonlog/transform/ip_position.hpp>

namespace anonlog {

struct ip_binary {
  static constexpr std::string_view name = "ip_binary";
  static constexpr example examples[] = {
      {.in = "\xCB\x30q\xC3", .out = "203.48.113.0"},
      {.in = "12345", .out = "-", .outcome = outcome::unreadable},
  };

  ip_position position;

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    if (position.mode == ip_mode::drop) {
      out.put('-');
      return outcome::dropped;
    }
    if (value.size() != 4 && value.size() != 16) {
      out.put('-');
      return outcome::unreadable;
    }
    ip_element read;
    read.address.is_ipv4 = value.size() == 4;
    for (std::size_t i = 0; i < value.size(); ++i) read.address.bytes[i] = value[i];
    if (!read.address.is_ipv4) {
      read.address = unmapped(read.address);
      read.was_mapped = read.address.is_ipv4;
    }
    return position.put_address(read, ip_place::field, s, out);
  }
};

}  // namespace anonlog
