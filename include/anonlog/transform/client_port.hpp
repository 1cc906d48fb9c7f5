// transform/client_port.hpp: the port a client connected from.
//
// Behind a carrier's NAT, address, port and time together are the subscriber. Source: SPEC 3.2.1 (port), 3.9.
#pragma once

#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

enum class port_rule : unsigned char { zero, drop, keep };

// Zero or the digits; the caller has checked that there are only digits, and that the rule is not `drop`.
inline void put_port(raw digits, port_rule rule, writer& out) noexcept {
  if (rule == port_rule::keep)
    out.release(digits);
  else
    out.put('0');
}

// A field that is a port and nothing else.
struct client_port {
  static constexpr std::string_view name = "port";
  static constexpr example examples[] = {
      {.in = "51234", .out = "0"},
      {.in = "51234x", .out = "-", .outcome = outcome::unreadable},
  };

  port_rule rule = port_rule::zero;

  outcome apply(raw value, scope&, writer& out) const noexcept {
    const bool is_port = value.size() >= 1 && value.size() <= 5 && all_of(value, is_digit);
    if (!is_port || rule == port_rule::drop) {
      out.put('-');
      return is_port ? outcome::dropped : outcome::unreadable;
    }
    put_port(value, rule, out);
    return rule == port_rule::keep ? outcome::kept : outcome::reduced;
  }
};

}  // namespace anonlog
