// format/record_walk.hpp: a record that another program has taken apart, member after member, as json_walk.hpp tells a line of
// JSON: the same names, paths and limits, so that the same becomes of it.
//
// Log shippers hand over records, not lines. A map or an array stands in the list as an `open` and a `close` with its members
// between them; an element of an array has no name. Names joined by `.` are the same as maps within maps.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/format/json_walk.hpp>

namespace anonlog {

enum class value_kind : unsigned char { text, number, boolean, null, open, close };

// One name and value, or the border of a map or an array.
struct record_field {
  std::string_view name = {};   // no data: an element of an array
  std::string_view value = {};  // a number as JSON writes it; `true` or `false`
  value_kind kind = value_kind::text;

  // What may be passed on: views into the output, or placeholders.
  std::string_view safe_name = {};
  std::string_view safe_value = {};
  value_kind safe_kind = value_kind::null;

  bool has_name() const noexcept { return name.data() != nullptr && kind != value_kind::close; }
  bool has_value() const noexcept { return kind < value_kind::open; }

  void put_placeholders() noexcept {
    safe_name = has_name() ? std::string_view("_") : std::string_view();
    safe_value = kind == value_kind::text ? std::string_view("-") : std::string_view();
    safe_kind = has_value() && kind != value_kind::text ? value_kind::null : kind;
  }
};

// Belongs to one stream.
class record_walker {
 public:
  // As json_walker::walk. False: a border is missing, too much is nested, or the visitor said false.
  template <class OnName, class OnValue>
  bool walk(std::span<const record_field> fields, OnName on_name, OnValue on_value) {
    const bool is_whole = visit_all(fields, on_name, on_value);
    wipe(&path_, sizeof path_);  // empty again
    return is_whole;
  }

 private:
  template <class OnName, class OnValue>
  bool visit_all(std::span<const record_field> fields, OnName& on_name, OnValue& on_value) {
    std::size_t depth = 1;  // the record itself is one
    for (const record_field& field : fields) {
      if (field.kind == value_kind::close) {
        if (--depth == 0) return false;
        path_.go_back(outside_[depth]);
        continue;
      }
      const json_path::mark here = path_.here();
      if (field.has_name()) {
        if (!on_name(json_token{.what = json_token::kind::string, .source = raw(field.name), .text = raw(field.name)}, path_)) return false;
        path_.enter(field.name);
      }
      if (field.kind == value_kind::open) {
        if (depth == json_walker::most_depth) return false;
        outside_[depth++] = here;
        path_.is_in_element_ = !field.has_name();
        ++path_.element_;
        continue;
      }
      path_.is_in_element_ = path_.is_in_element_ && field.has_name();
      if (!on_value(json_token{.what = kind_of(field.kind), .source = raw(field.value), .text = raw(field.value)}, path_)) return false;
      path_.go_back(here);
    }
    return depth == 1;
  }

  static json_token::kind kind_of(value_kind kind) noexcept {
    switch (kind) {
      case value_kind::text: return json_token::kind::string;
      case value_kind::number: return json_token::kind::number;
      case value_kind::boolean: return json_token::kind::boolean;
      case value_kind::null:
      case value_kind::open:
      case value_kind::close: break;
    }
    return json_token::kind::null;
  }

  json_path path_;
  std::array<json_path::mark, json_walker::most_depth> outside_{};
};

}  // namespace anonlog
