// policy/listed_headers.hpp: headers of a request as a list of names and values: `{"name":"Host","value":"www.example.com"}`.
//
// AWS WAF and HTTP archives write them so, in a member that others fill with one member for each header. The value has the class
// that a header of this name has there. Which header it is stands in the line, not in its shape: such a line is always read whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <anonlog/core/raw.hpp>
#include <anonlog/format/json_walk.hpp>
#include <anonlog/format/well_known_names.hpp>
#include <anonlog/policy/name_classes.hpp>

namespace anonlog {

// Belongs to one reader; is told every value of a line, in its order.
class listed_headers {
 public:
  // The class of this value. Throws std::bad_alloc.
  name_class settle(name_classes& classes, line_syntax syntax, const json_token& value, const json_path& path) {
    const raw name = std::exchange(name_, raw());  // lives as long as the line, and so does the element it is of
    const std::string_view text = path.text();
    const bool is_pair = path.is_in_element() && holder_of(text).size() != 0;
    name_class of = classes.of(syntax, text);
    if (!is_pair || of.is_known) return of;  // the policy speaks of `value`
    const bool is_name = path.last() == "name";
    const raw header = is_name ? value.text : element_ == path.element() ? name : raw();
    of.is_listed_header = true;
    if (value.what != json_token::kind::string || header.empty() || header.size() > longest_name) return of;
    const std::string holder(holder_of(text));
    const name_class named = classes.of(syntax, holder + std::string(header.begin(), header.size()));
    if (!named.is_known) return of;
    if (!is_name) of = named;
    else of = {.cls = field_class::keep, .form = keep_form::word, .out = of.out};
    of.is_listed_header = true;
    if (is_name) {
      name_ = value.text;
      element_ = path.element();
    }
    return of;
  }

 private:
  static constexpr std::size_t longest_name = 64;

  // `httpRequest.headers.` of the path of a `name` or `value` in such a member; else nothing.
  static std::string_view holder_of(std::string_view path) {
    for (const std::string_view part : {".name", ".value"})
      if (path.ends_with(part) && holds_headers(path.substr(0, path.size() - part.size()))) return path.substr(0, path.size() - part.size() + 1);
    return {};
  }

  raw name_;  // of the header whose value may come next, in this element
  std::uint64_t element_ = 0;
};

}  // namespace anonlog
