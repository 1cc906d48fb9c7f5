// transform/ip_binary.hpp: an address as its 4 or 16 raw bytes, which the log shows escaped (nginx
// $binary_remote_addr).
//
// It comes out as text; that text, should it come again, is left alone (SPEC 3.1: reductions are idempotent). Four
// bytes are an address always: `ab::` is 97.98.58.58, and a network that would be written with four bytes, of ::/8
// and nobody's, is not written. Source: SPEC 3.2.1.
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
    ip_element read;
    if (is_own_text(value, read)) return position.put_address(read, ip_place::field, s, out);
    if (value.size() != 4 && value.size() != 16) {
      out.put('-');
      return outcome::unreadable;
    }
    read = {};
    read.address.is_ipv4 = value.size() == 4;
    for (std::size_t i = 0; i < value.size(); ++i) read.address.bytes[i] = value[i];
    if (!read.address.is_ipv4) {
      read.address = unmapped(read.address);
      read.was_mapped = read.address.is_ipv4;
    }
    const std::size_t begin = out.size();
    const outcome done = position.put_address(read, ip_place::field, s, out);
    if (out.size() - begin != 4) return done;
    out.rewind(begin);
    out.put('-');
    return outcome::unreadable;
  }

 private:
  // True if the value is a text that apply() writes in mode truncate: canonical, and its own reduction.
  bool is_own_text(raw value, ip_element& read) const noexcept {
    if (position.mode != ip_mode::truncate || value.size() == 4 || !parse_ip(value, read)) return false;
    char text[40];
    writer canonical(text, sizeof text);
    put_ip(read.address, canonical);
    if (!(value == canonical.text())) return false;  // so neither port nor zone
    tally uncounted;
    return position.keep.holds(read.address) || position.truncate.truncated(read.address, uncounted) == read.address;
  }
};

}  // namespace anonlog
