// transform/registrable_domain.hpp: the site that a host belongs to: what its owner registered, without servers and persons.
//
// A host that gives an address away falls as a whole, as at every level, even if its end would give nothing away.
// Source: SPEC 3.7 (level domain).
#pragma once

#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/ip_address.hpp>
#include <anonlog/transform/ip_truncate.hpp>
#include <anonlog/transform/public_suffix_list.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

// Writes the registrable domain and returns true, or writes nothing and returns false: the host is refused by host_out
// or has none (`localhost`, `co.uk`). An address, which belongs to no domain, is cut to its network. A port goes.
inline bool put_registrable_domain(raw authority, const public_suffix_list& suffixes, const ip_truncate& widths, scope& s,
                                   writer& out) noexcept {
  char text[4 * longest_host_name];  // the writer likes room to spare
  writer written(text, sizeof text - 1);
  if (!put_host(authority, /*default_port=*/"", widths, s, written)) return false;
  const std::string_view whole = written.text();
  const bool is_bracketed = whole.front() == '[';
  const std::string_view host = whole.substr(0, is_bracketed ? whole.find(']') + 1 : whole.find(':'));
  ip_address address;
  if (is_bracketed || parse_ipv4(raw(host), address)) {
    out.put(host);
    return true;
  }
  text[host.size()] = '\0';
  const std::string_view domain = suffixes.registrable_domain(text);
  out.put(domain);
  return !domain.empty();
}

}  // namespace anonlog
