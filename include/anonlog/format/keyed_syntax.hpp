// format/keyed_syntax.hpp: which syntax a line that names its own fields may have, told from its first bytes.
#pragma once

#include <cstddef>

#include <anonlog/core/raw.hpp>
#include <anonlog/format/grammar.hpp>

namespace anonlog {

// How a line looks from afar: which of these it is if it is one at all.
inline line_syntax keyed_syntax_of(raw line) noexcept {
  std::size_t i = 0;
  while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
  if (i == line.size()) return line_syntax::pattern;
  if (line[i] == '{') return line_syntax::json;
  if (line[0] == '+' || line[0] == '-') {
    const std::size_t id_end = line.find('|');
    const bool has_id = id_end == raw::npos ? line[0] == '-' && !line.holds(' ') && !line.holds('=') : line[0] == '+' && id_end <= 65;
    if (has_id) return line_syntax::forensic;
  }
  for (; i < line.size(); ++i) {
    const unsigned char c = line[i];
    if (c == '=') return line_syntax::logfmt;
    if (c == ' ' || c == '"' || c == '[') return line_syntax::pattern;
    if (c == ':') return line.holds('\t') ? line_syntax::ltsv : line_syntax::pattern;
  }
  return line_syntax::pattern;
}

}  // namespace anonlog
