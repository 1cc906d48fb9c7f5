// format/pattern_nginx.hpp: nginx's log_format string to grammar: `$name` and `${name}`, everything else is text.
//
// Source: https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format. An unknown variable is no error: `map`,
// `set` and other modules define their own; its class is `drop` (SPEC 3.1, F1).
#pragma once

#include <span>
#include <string>
#include <utility>

#include <anonlog/format/grammar_builder.hpp>
#include <anonlog/format/nginx_variables.hpp>

namespace anonlog {

inline result<grammar> compile_nginx(const pattern_text& pattern, dialect escapes, std::string name,
                                     std::span<const named_kind> own = {}) {
  const std::string& text = pattern.bytes;
  const auto is_name_byte = [](char c) { return is_alphanumeric(static_cast<unsigned char>(c)) || c == '_'; };
  grammar_builder builder(escapes);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t column = pattern.column(i);
    if (text[i] != '$') {
      builder.add_text(text[i++], column);
      continue;
    }
    const bool has_braces = i + 1 < text.size() && text[i + 1] == '{';
    const std::size_t begin = i + (has_braces ? 2 : 1);
    std::size_t end = begin;
    while (end < text.size() && is_name_byte(text[end])) ++end;
    if (end == begin) return pattern_error(column, "a variable's name must follow `$`, such as $remote_addr");
    if (has_braces && (end == text.size() || text[end] != '}'))
      return pattern_error(column, "`${` without `}`");
    builder.add_field(nginx_field(std::string_view(text).substr(begin, end - begin), own), column);
    i = end + (has_braces ? 1 : 0);
  }
  return builder.finish(std::move(name));
}

}  // namespace anonlog
