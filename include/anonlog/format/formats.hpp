// format/formats.hpp: what the user calls a format (`auto`, a name, a pattern) to the grammars that are tried.
//
// For `auto` every line is tried against the whole list, in one order that does not depend on the lines before: a file
// that mixes formats works, and neither chunks nor threads change a byte (SPEC 4.1, P6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <anonlog/core/suggest.hpp>
#include <anonlog/format/known/keyed_formats.hpp>
#include <anonlog/format/known/known_formats.hpp>
#include <anonlog/format/pattern.hpp>

namespace anonlog {

// "auto" and each name once. In a list of grammars patterns come first, heads of lines last.
inline std::vector<std::string_view> format_names() {
  std::vector<std::string_view> names = {"auto"};
  for (const log_format& known : known_formats)
    if (names.back() != known.name) names.push_back(known.name);
  for (const keyed_format& known : keyed_formats) names.push_back(known.name);
  for (const keyed_format& known : {headed_format, error_log_format}) names.push_back(known.name);
  return names;
}

inline result<std::vector<grammar>> find_formats(std::string_view wanted) {
  std::vector<grammar> found;
  const bool is_any = wanted == "auto" || wanted == headed_format.name;  // a message may be of any format
  for (const log_format& known : known_formats) {
    if (is_any ? known.in_auto == auto_part::none : wanted != known.name) continue;
    result<grammar> made = grammar_of(known);
    if (!made) return made.error();
    found.push_back(std::move(*made));
  }
  for (const keyed_format& known : keyed_formats) {
    const bool is_record_behind_head = wanted == error_log_format.name && known.syntax == line_syntax::json;
    if (!is_any && !is_record_behind_head && wanted != known.name) continue;
    grammar made;
    made.name = known.name;
    made.syntax = known.syntax;
    if (known.syntax == line_syntax::json) made.escapes = dialect::json;
    found.push_back(std::move(made));
  }
  for (const keyed_format& known : {headed_format, error_log_format}) {
    if (!is_any && wanted != known.name) continue;
    grammar& made = found.emplace_back();
    made.name = known.name;
    made.syntax = known.syntax;
  }
  if (!found.empty()) return found;
  if (wanted.find_first_of("$%: \"") == std::string_view::npos)  // a word: not a pattern
    return setup_error{"unknown format \"" + std::string(wanted) + "\"; " + suggest(wanted, format_names()) +
                       "; or give an nginx log_format ($remote_addr ..) or an Apache LogFormat (%h ..)"};
  result<grammar> made = compile_pattern(wanted);
  if (!made) return made.error();
  found.push_back(std::move(*made));
  return found;
}

}  // namespace anonlog
