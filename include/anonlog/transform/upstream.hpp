// transform/upstream.hpp: the servers behind this one: nginx $upstream_addr, and fields that hold a server address.
//
// A back end on a private address is the operator's own and stays readable; anything else is treated like a client,
// because a proxy may have been made to talk to one. Socket paths go. Source: SPEC 3.2.1.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>

#include <anonlog/transform/ip_position.hpp>
#include <anonlog/transform/list_elements.hpp>

namespace anonlog {

enum class server_rule : unsigned char { keep, drop };

class upstream {
 public:
  static constexpr std::string_view name = "upstream";
  static constexpr example examples[] = {
      {.in = "10.1.2.3:8080, 203.0.113.195:443 : unix:/tmp/s.sock", .out = "10.1.2.3:0, 203.0.113.0:0 : unix:"},
      {.in = "10.1.2.3:8080", .out = "10.1.2.3:0", .outcome = outcome::kept},
  };

  upstream() : upstream(ip_position{}) {}

  // By the rules for client addresses, private ones kept; `servers` drop: every value becomes "-".
  explicit upstream(ip_position clients, server_rule servers = server_rule::keep)
      : position_(std::move(clients)), servers_(servers) {
    position_.keep.add_named("private");
  }

  outcome apply(raw list, scope& s, writer& out) const noexcept {
    if (servers_ == server_rule::drop || position_.mode == ip_mode::drop) {
      out.put('-');
      return outcome::dropped;
    }
    outcome worst = outcome::absent;
    write_list(list, out, [&](raw element) noexcept { worst = std::max(worst, put_server(element, s, out)); });
    return worst;
  }

 private:
  outcome put_server(raw element, scope& s, writer& out) const noexcept {
    constexpr std::string_view socket = "unix:";
    if (!element.starts_with(socket)) return position_.put_element(element, s, out);
    out.put(socket);
    return element == socket ? outcome::kept : outcome::reduced;
  }

  ip_position position_;
  server_rule servers_;
};

}  // namespace anonlog
