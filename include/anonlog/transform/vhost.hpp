// transform/vhost.hpp: the site a request was for, as the client wrote it.
//
// The client chooses the Host header, so only what has the form of a host is kept. Source: SPEC 3.9, 3.7.
#pragma once

#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

enum class vhost_rule : unsigned char { keep, drop };

struct vhost {
  static constexpr std::string_view name = "vhost";
  static constexpr example examples[] = {
      {.in = "WWW.Example.com:8080", .out = "www.example.com:8080", .outcome = outcome::kept},
      {.in = "203.0.113.195", .out = "203.0.113.0", .outcome = outcome::kept},
      {.in = "203-0-113-195.isp.example", .out = "-", .outcome = outcome::unreadable},
  };

  vhost_rule rule = vhost_rule::keep;
  ip_truncate host_widths;

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    if (rule == vhost_rule::keep && put_host(value, /*default_port=*/"", host_widths, s, out)) return outcome::kept;
    out.put('-');
    return rule == vhost_rule::drop ? outcome::dropped : outcome::unreadable;
  }
};

}  // namespace anonlog
