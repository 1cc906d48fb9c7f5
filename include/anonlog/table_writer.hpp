// table_writer.hpp: the lines of a table that are no rows: its header and its directives.
//
// A reader of the output needs them: names of columns stay as members of JSON do (policy/name_classes.hpp), of directives what
// tells how the rows are written. The rest becomes `-`.
#pragma once

#include <algorithm>
#include <string_view>

#include <anonlog/core/punctuation.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/format/table_lines.hpp>
#include <anonlog/format/well_known_names.hpp>
#include <anonlog/policy/name_classes.hpp>
#include <anonlog/policy/protection.hpp>

namespace anonlog {

namespace table_writer_detail {

inline raw trimmed(raw text) noexcept {
  while (!text.empty() && is_blank(text.front())) text = text.sub(1);
  while (!text.empty() && is_blank(text.back())) text = text.without_last(1);
  return text;
}

inline void put_blanks(const char* from, const char* to, writer& out) noexcept { punctuation<" \t,;\"">::put(from, to, out); }

// `Services`, `10.0`, `vector[string]`: a word of a program, and nobody's identifier.
inline bool is_own_word(raw text) noexcept {
  constexpr std::size_t longest = 64;
  constexpr byte_set others("._-/()[],");
  return text.size() <= longest && all_of(text, [&](unsigned char c) { return is_alphanumeric(c) || others(c); }) && !holds_identifier(text);
}

inline void put_names(const table_head& head, raw line, writer& out) {
  const char* from = line.begin();
  walk_cells(head.syntax(), head.delimiter(), line, [&](raw, raw name, bool) {
    put_blanks(from, name.begin(), out);
    from = name.end();
    if (is_well_known_name({name.begin(), name.size()}) || is_writable_name(name)) out.release(name);
    else out.put('_');
    return true;
  });
  put_blanks(from, line.end(), out);
}

// Each word as it is, or `-`, and the blanks between them.
inline void put_words(raw text, writer& out) noexcept {
  const char* const end = text.end();
  for (const char* at = text.begin(); at != end;) {
    const char* const word_end = std::find_if(at, end, [](char c) { return is_blank(static_cast<unsigned char>(c)); });
    const raw word(at, static_cast<std::size_t>(word_end - at));
    if (word == "\\x09") out.put("\\x09");  // how Zeek says that a tab separates
    else if (is_own_word(word)) out.release(word);
    else if (!word.empty()) out.put('-');
    if (word_end != end) out.put(*word_end == '\t' ? '\t' : ' ');
    at = word_end == end ? end : word_end + 1;
  }
}

}  // namespace table_writer_detail

// `line` is what table_head::take() said of it; nothing of the keys is used. There must be room.
inline void write_table_line(table_head::what what, raw line, const table_head& head, const protection& rules, scope& around, writer& out) {
  using namespace table_writer_detail;
  if (what == table_head::what::none || what == table_head::what::blank) return;
  const auto [name, value] = table_head::parts_of(line);
  if (what == table_head::what::header) {
    if (head.syntax() == line_syntax::w3c) out.put("#Fields:");
    if (head.syntax() == line_syntax::zeek) out.put("#fields\t");
    const bool is_directive = head.syntax() == line_syntax::w3c || head.syntax() == line_syntax::zeek;
    return put_names(head, is_directive ? head.syntax() == line_syntax::zeek ? value.sub(1) : value : table_head::without_mark(line), out);
  }
  const std::string_view known = table_head::known_directive(name);
  out.put(known);
  if (!known.ends_with(':')) return put_words(value, out);
  const raw text = trimmed(value);
  const raw shown = trimmed(text.first(std::min(text.find("//"), text.size())));  // a remark may stand behind the value
  put_blanks(value.begin(), text.begin(), out);
  if (known.ends_with("Date:")) rules.apply(field_class::time, keep_form::any, shown, around, out);
  else if (known == "#Remark:") out.put('-');
  else put_words(shown, out);
}

}  // namespace anonlog
