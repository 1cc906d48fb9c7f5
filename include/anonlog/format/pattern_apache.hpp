// format/pattern_apache.hpp: Apache's LogFormat string to grammar: `%>s`, `%{Referer}i`, `%!200,304{Referer}i`.
//
// Source: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats. After `%` stand, in any order, a
// condition (`!`, status codes, commas), `<` or `>` and an argument in braces; then the letter. A field whose condition
// does not hold is "-" in the log. `%t` writes its own brackets: they are constants.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <anonlog/format/apache_directives.hpp>
#include <anonlog/format/grammar_builder.hpp>

namespace anonlog {

namespace apache_detail {

inline std::string known_letters() {
  std::string letters;
  for (const named_kind& known : apache_directive_kinds) letters.append(letters.empty() ? "" : " ").append(known.name);
  return letters;
}

}  // namespace apache_detail

inline result<grammar> compile_apache(const pattern_text& pattern, std::string name) {
  const std::string_view text = pattern.bytes;
  grammar_builder builder(dialect::apache);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t column = pattern.column(i);
    if (text[i] != '%') {
      builder.add_text(text[i++], column);
      continue;
    }
    const std::size_t begin = i++;
    if (i < text.size() && text[i] == '%') {
      builder.add_text('%', column);
      ++i;
      continue;
    }
    if (const apache_joined_time stamp = find_joined_time(text.substr(begin)); stamp.bytes != 0) {
      builder.add_field(make_field(text.substr(begin, stamp.bytes), {}, stamp.what), column);
      i = begin + stamp.bytes;
      continue;
    }
    std::string_view argument;
    for (bool is_before_letter = true; is_before_letter && i < text.size();) {
      const char c = text[i];
      if (c == '{') {
        const std::size_t close = text.find('}', i);
        if (close == std::string_view::npos) return pattern_error(pattern.column(i), "`{` without `}`");
        argument = text.substr(i + 1, close - i - 1);
        i = close + 1;
      } else if (c == '!' || c == ',' || c == '<' || c == '>' || is_digit(static_cast<unsigned char>(c))) {
        ++i;
      } else {
        is_before_letter = false;
      }
    }
    const std::size_t letters = i < text.size() && text[i] == '^' ? 3 : 1;
    if (i + letters > text.size()) return pattern_error(column, "a directive's letter is missing at the end");
    const std::string_view letter = text.substr(i, letters);
    i += letters;
    const std::string_view whole = text.substr(begin, i - begin);
    std::optional<grammar_field> field = apache_field(whole, letter, argument);
    if (!field)
      return pattern_error(column, "unknown directive " + std::string(whole) + "; known letters: " +
                                       apache_detail::known_letters());
    const bool has_brackets = letter == "t" && (argument.empty() || argument == "begin" || argument == "end");
    if (has_brackets) builder.add_text('[', column);
    builder.add_field(std::move(*field), column);
    if (has_brackets) builder.add_text(']', column);
  }
  return builder.finish(std::move(name));
}

}  // namespace anonlog
