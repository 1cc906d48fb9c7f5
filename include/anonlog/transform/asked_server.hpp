// transform/asked_server.hpp: which server was asked, as nginx tells it in an error log: `http://10.0.0.12:8080/path`,
// `fastcgi://unix:/run/php.sock:`.
//
// One on a private address is the operator's own and stays readable (SPEC 3.2.1), with its port, for it is what the message is
// about; the path of a socket goes. Any other is a URL like those in the rest of the text.
#pragma once

#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/ip_address.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/target.hpp>
#include <anonlog/transform/upstream.hpp>

namespace anonlog {

struct asked_server {
  const upstream& server;
  const target& as_url;

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    constexpr std::string_view mark = "://", socket = "unix:";
    std::string_view scheme;
    for (const std::string_view known : {"http", "https", "grpc", "grpcs", "fastcgi", "uwsgi", "suwsgi", "scgi", "memcached"})
      if (value.starts_with(known) && value.sub(known.size()).starts_with(mark)) scheme = known;
    const raw behind = scheme.empty() ? value : value.sub(scheme.size() + mark.size());
    const bool is_socket = behind.starts_with(socket);
    const std::size_t place_end = is_socket ? behind.find(':', socket.size()) : behind.find('/');
    raw place = behind.first(place_end);
    const std::size_t begin = out.size();
    const tally counts = s.counts;
    out.put(scheme);
    if (!scheme.empty()) out.put(mark);
    ip_element element;
    if (!is_socket && parse_ip(place, element) && element.has_port && !element.has_unbracketed_port) place = place.without_last(element.port.size() + 1);
    const bool is_bracketed = place.starts_with("[") && place.ends_with("]");
    if (is_bracketed) out.put('[');
    const outcome judged = server.apply(is_bracketed ? place.sub(1).without_last(1) : place, s, out);
    if (judged != outcome::kept && !(is_socket && judged == outcome::reduced)) {
      out.rewind(begin);
      s.counts = counts;
      return as_url.apply(value, s, out);
    }
    if (is_bracketed) out.put(']');
    if (element.has_port) {
      out.put(':');
      out.release(element.port);
    }
    if (place_end == raw::npos) return outcome::reduced;
    const raw rest = behind.sub(place_end + (is_socket ? 1 : 0));
    if (is_socket) out.put(':');
    if (!rest.empty()) as_url.apply(rest, s, out);
    return outcome::reduced;
  }
};

}  // namespace anonlog
