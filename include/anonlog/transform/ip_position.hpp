// transform/ip_position.hpp: what becomes of a value that stands where an address belongs.
//
// One client address, with or without port; and the two steps of which lists, Forwarded and binary fields are made:
// put_element for the text of one element, put_address for an address that was read. Whatever is neither an address
// nor one of a few words is a host name or garbage and is never copied: reverse names spell the address.
// Source: SPEC 3.2.1 to 3.2.4, 3.3.5 (ula).
#pragma once

#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/tally.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/client_port.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/host_token.hpp>
#include <anonlog/transform/ip_address.hpp>
#include <anonlog/transform/ip_token.hpp>
#include <anonlog/transform/ip_truncate.hpp>
#include <anonlog/transform/keep_set.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/token.hpp>

namespace anonlog {

enum class ip_mode : unsigned char { truncate, token, ula, drop };

// Where an address is written: a field or list of addresses, or a node of Forwarded, where IPv6 always stands in
// brackets and a token begins with `_`.
enum class ip_place : unsigned char { field, node };

struct ip_position {
  static constexpr std::string_view name = "ip";
  static constexpr example examples[] = {
      {.in = "203.0.113.195", .out = "203.0.113.0"},
      {.in = "203.0.113.195:51234", .out = "203.0.113.0:0"},
      {.in = "2001:db8:85a3::8a2e:370:7334", .out = "2001:db8:8500::"},
      {.in = "::ffff:203.0.113.195", .out = "203.0.113.0"},
      {.in = "::1", .out = "::1", .outcome = outcome::kept},
      {.in = "host-203-0-113-195.isp.example", .out = "-", .outcome = outcome::unreadable},
  };

  ip_mode mode = ip_mode::truncate;
  port_rule port = port_rule::zero;
  host_rule host = host_rule::drop;
  keep_set keep;         // written as they are in every mode but drop
  ip_truncate truncate;  // for mode truncate
  ip_token token;        // for modes token and ula
  token_style style;     // of the tokens of addresses and hosts

  outcome apply(raw value, scope& s, writer& out) const noexcept { return put_element(value, s, out); }

  // One element of a field or list, without blanks around it.
  outcome put_element(raw element, scope& s, writer& out) const noexcept {
    if (mode == ip_mode::drop) {
      out.put('-');
      return outcome::dropped;
    }
    ip_element read;
    if (parse_ip(element, read)) return put_address(read, ip_place::field, s, out);
    for (const std::string_view word : {"unknown", "unix:", "localhost", "-"}) {
      if (element != word) continue;
      out.put(word);
      return word == "-" ? outcome::absent : outcome::kept;
    }
    if (mode == ip_mode::token && pass_accepted_token(element, {"ip"}, style, out)) return outcome::kept;
    if (host == host_rule::token) return put_host_token(element, s, out, style);
    out.put('-');
    return outcome::unreadable;
  }

  // An address, with the port it had.
  outcome put_address(const ip_element& read, ip_place place, scope& s, writer& out) const noexcept {
    const bool is_keyed = mode == ip_mode::token || mode == ip_mode::ula;
    const bool is_kept = mode != ip_mode::drop && keep.holds(read.address);
    const bool lacks_keys = is_keyed && !is_kept && s.keys == nullptr;
    if (mode == ip_mode::drop || lacks_keys) {
      out.put(place == ip_place::node ? "unknown" : "-");
      return lacks_keys ? outcome::unreadable : outcome::dropped;
    }

    count(read, s.counts);
    const bool has_port = read.has_port && port != port_rule::drop;
    if (is_kept) {
      s.counts.add(counted::address_kept);
      put_bracketed(read.address, has_port, place, out);
    } else if (!is_keyed) {
      put_bracketed(truncate.truncated(read.address, s.counts), has_port, place, out);
    } else {
      const hash128 pseudonym = token.pseudonym(read.address, *s.keys);
      if (mode == ip_mode::ula) {
        put_bracketed(to_ula(pseudonym), has_port, place, out);
      } else {
        if (place == ip_place::node) out.put('_');
        put_token(out, "ip", pseudonym, style);
      }
    }
    if (has_port) {
      out.put(':');
      put_port(read.port, port, out);
    }
    return is_kept ? outcome::kept : is_keyed ? outcome::tokenised : outcome::reduced;
  }

 private:
  static void put_bracketed(const ip_address& address, bool has_port, ip_place place, writer& out) noexcept {
    const bool is_bracketed = !address.is_ipv4 && (has_port || place == ip_place::node);
    if (is_bracketed) out.put('[');
    put_ip(address, out);
    if (is_bracketed) out.put(']');
  }

  static void count(const ip_element& read, tally& counts) noexcept {
    counts.add(read.address.is_ipv4 ? counted::address_ipv4 : counted::address_ipv6);
    if (read.was_mapped) counts.add(counted::address_mapped);
    if (read.has_zone) counts.add(counted::address_zone);
    if (read.has_unbracketed_port) counts.add(counted::address_unbracketed_port);
  }
};

}  // namespace anonlog
