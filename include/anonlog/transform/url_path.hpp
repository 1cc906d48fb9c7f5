// transform/url_path.hpp: a path that stands in a field of its own.
//
// It gets the rules of a target in origin form: should it hold a `?`, what follows is a query, and `#` ends it.
// Source: SPEC 3.8.
#pragma once

#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/target.hpp>

namespace anonlog {

struct url_path {
  static constexpr std::string_view name = "path";
  static constexpr example examples[] = {
      {.in = "/u/bob@example.com/550e8400-e29b-41d4-a716-446655440000.jpg", .out = "/u/:email/:uuid.jpg"},
      {.in = "/order-20260115-0007;jsessionid=4F2A", .out = "/order-:num-0007"},
      {.in = "bob", .out = "-", .outcome = outcome::unreadable},
  };

  target rules;

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    const bool is_path = value.starts_with("/") || value.first(value.find('#')) == std::string_view("*");
    if (is_path && rules.put(value, s, out))
      return rules.path_rule.level == path_level::keep ? outcome::kept : outcome::reduced;
    out.put('-');
    return outcome::unreadable;
  }
};

}  // namespace anonlog
