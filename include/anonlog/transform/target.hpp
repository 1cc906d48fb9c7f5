// transform/target.hpp: what a request asked for: a path and a query, or the URL a proxy gets.
//
// Source: SPEC 3.8 (Target); hosts: SPEC 3.7.
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/path_template.hpp>
#include <anonlog/transform/query.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/url_authority.hpp>

namespace anonlog {

struct target {
  static constexpr std::string_view name = "target";
  static constexpr example examples[] = {
      {.in = "/users/42/orders/7f3a9c21?utm_source=news&email=bob%40example.com",
       .out = "/users/:num/orders/:hex?utm_source=news&email=*"},
      {.in = "http://bob:pw@Example.com:80?x=1#top", .out = "http://example.com/?x=*"},
      {.in = "mail.example.org:443", .out = "-", .outcome = outcome::unreadable},
  };

  path_template path_rule;
  query query_rule;
  ip_truncate host_widths;

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    if (put(value, s, out)) return reach();
    out.put('-');
    return outcome::unreadable;
  }

  // Writes the target and returns true, or writes nothing and returns false.
  bool put(raw value, scope& s, writer& out) const noexcept {
    value = value.first(value.find('#'));
    if (value == std::string_view("*")) {
      out.put('*');
      return true;
    }
    const std::size_t begin = out.size();
    if (put_parts(value, s, out)) return true;
    out.rewind(begin);
    return false;
  }

  // A path and its query; the path begins with `/`.
  bool put_path_and_query(raw value, scope& s, writer& out) const noexcept {
    const std::size_t mark = value.find('?');
    return path_rule.put(value.first(mark), s, out) &&
           (mark == raw::npos || query_rule.put_after_path(value.sub(mark + 1), s, out));
  }

  outcome reach() const noexcept {
    const bool is_whole = path_rule.level == path_level::keep && query_rule.level == query_level::full;
    return is_whole ? outcome::kept : outcome::reduced;
  }

 private:
  bool put_parts(raw value, scope& s, writer& out) const noexcept {
    if (value.starts_with("/")) return put_path_and_query(value, s, out);
    url_parts url;
    if (!split_url(value, web_schemes, url)) return false;
    out.put(url.scheme.name);
    out.put("://");
    if (!put_host(url.host, url.scheme.default_port, host_widths, s, out)) return false;
    if (url.rest.starts_with("/")) return put_path_and_query(url.rest, s, out);
    if (!url.rest.empty() && url.rest.front() != '?') return false;
    return path_rule.put(raw(std::string_view("/")), s, out) &&
           (url.rest.empty() || query_rule.put_after_path(url.rest.sub(1), s, out));
  }
};

}  // namespace anonlog
