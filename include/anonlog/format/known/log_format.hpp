// format/known/log_format.hpp: what a named format is: data; and the grammar that is made of it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <anonlog/format/field_names.hpp>
#include <anonlog/format/pattern.hpp>

namespace anonlog {

// Whether `auto` finds a format.
enum class auto_part : unsigned char {
  any,   // in every reading of a line (format/split.hpp)
  sure,  // in the strong reading only: no line passes for one of these by a bad value
  none,  // by its name only: lines of other programs look the same and mean something else
};

struct log_format {
  std::string_view name;     // the word users give to -f
  std::string_view pattern;  // in nginx's or Apache's syntax
  std::string_view sample;   // one line; its addresses are those set aside for documentation
  std::string_view source;   // where the format is defined
  auto_part in_auto = auto_part::any;
  std::span<const named_kind> names = {};       // what the program calls its fields, in nginx's syntax
  std::optional<dialect> escapes = std::nullopt;  // where they are not those of the syntax
};

inline result<grammar> grammar_of(const log_format& known) {
  result<grammar> made = compile_pattern(known.pattern, std::string(known.name), known.names);
  if (!made) return made;
  made->is_sure_only = known.in_auto == auto_part::sure;
  made->escapes = known.escapes.value_or(made->escapes);
  return made;
}

}  // namespace anonlog
