// transform/referrer.hpp: where a visitor came from: the site, and for the own sites the kind of page.
//
// What is no URL of a known scheme, or has a host that spells an address, is not kept. Source: SPEC 3.7 (Levels).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/result.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/host_out.hpp>
#include <anonlog/transform/path_template.hpp>
#include <anonlog/transform/public_suffix_list.hpp>
#include <anonlog/transform/query.hpp>
#include <anonlog/transform/registrable_domain.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/url_authority.hpp>

namespace anonlog {

enum class referrer_level : unsigned char { drop, domain, origin, own_path, full };

struct referrer {
  static constexpr std::string_view name = "referrer";
  static constexpr example examples[] = {
      {.in = "https://www.Example.com/reset?token=a1b2c3d4&u=bob@example.org#frag", .out = "https://www.example.com/"},
      {.in = "http://203.0.113.195/admin", .out = "http://203.0.113.0/"},
      {.in = "http://host-203-0-113-195.isp.example/x", .out = "-", .outcome = outcome::unreadable},
  };

  static constexpr example domain_examples[] = {  // at level domain
      {.in = "https://bob.blog.Example.co.uk:8443/me", .out = "https://example.co.uk/"},
      {.in = "https://bob.github.io/", .out = "https://github.io/"},
      {.in = "http://203.0.113.195:8080/admin", .out = "http://203.0.113.0/"},
      {.in = "http://bobs-laptop/", .out = "-", .outcome = outcome::unreadable},
  };

  referrer_level level = referrer_level::origin;
  std::shared_ptr<const public_suffix_list> suffixes;  // level domain; without one nothing comes out there
  std::vector<std::string> own_hosts;  // as they are written out: lower case, with a port that is not the default
  path_template path_rule;             // level own_path; `keep` is `template` there
  query query_rule;                    // level full, always as query level `full`
  ip_truncate host_widths;

  // Reads the list if the level needs it.
  std::optional<setup_error> find_suffixes() {
    if (level != referrer_level::domain) return std::nullopt;
    result<std::shared_ptr<const public_suffix_list>> list = public_suffix_list::load();
    if (!list) return list.error();
    suffixes = std::move(*list);
    return std::nullopt;
  }

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    if (level == referrer_level::drop) {
      out.put('-');
      return outcome::dropped;
    }
    const std::size_t begin = out.size();
    url_parts url;
    if (split_url(value, referrer_schemes, url) && put_url(url, s, out))
      return level == referrer_level::full ? outcome::kept : outcome::reduced;
    out.rewind(begin);
    out.put('-');
    return outcome::unreadable;
  }

 private:
  bool put_url(const url_parts& url, scope& s, writer& out) const noexcept {
    out.put(url.scheme.name);
    out.put("://");
    if (level == referrer_level::domain) {
      const bool is_written = suffixes && put_registrable_domain(url.host, *suffixes, host_widths, s, out);
      out.put('/');
      return is_written;
    }
    const std::size_t host_from = out.size();
    if (!put_host(url.host, url.scheme.default_port, host_widths, s, out)) return false;
    const bool has_path =
        level == referrer_level::full || (level == referrer_level::own_path && is_own(out.text(host_from)));
    if (!has_path) {
      out.put('/');
      return true;
    }
    const raw rest = url.rest.first(url.rest.find('#'));
    const std::size_t mark = rest.find('?');
    const raw path = rest.starts_with("/") ? rest.first(mark) : raw(std::string_view("/"));
    if (level == referrer_level::own_path) {
      const bool is_kept = path_rule.level == path_level::keep;
      return path_rule.put(path, is_kept ? path_level::template_ : path_rule.level, s, out);
    }
    out.release(path);
    return mark == raw::npos || query_rule.put_after_path(rest.sub(mark + 1), query_level::full, s, out);
  }

  bool is_own(std::string_view written_host) const noexcept {
    for (const std::string& own : own_hosts)
      if (raw(std::string_view(own)).equals_lower(written_host)) return true;
    return false;
  }
};

}  // namespace anonlog
