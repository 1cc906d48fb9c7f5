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
#include <anonlog/transform/release_words.hpp>

namespace anonlog {

namespace table_writer_detail {

inline raw trimmed(raw text) noexcept {
  while (!text.empty() && is_blank(text.front())) text = text.sub(1);
  while (!text.empty() && is_blank(text.back())) text = text.without_last(1);
  return text;
}

inline void put_blanks(const char* from, const char* to, writer& out) noexcept { punctuation<" \t,;\"">::put(from, to, out); }

inline void put_names(const table_head& head, raw line, writer& out) {
  const char* from = line.begin();
  walk_cells(head.syntax(), head.delimiter(), line, [&](raw, raw name, bool) {
    put_blanks(from, name.begin(), out);
    from = name.end();
    if (is_well_known_name({name.begin(), name.size()}) || is_writable_name(name)) release_words(name, out);
    else out.put('_');
    return true;
  });
  put_blanks(from, line.end(), out);
}

// What stands in directives is said by programs that are known, in words that are known.
inline constexpr std::string_view known_software[] = {
    "Microsoft Internet Information Services", "Microsoft Internet Information Server", "Microsoft HTTP Server API", "IIS Advanced Logging Module",
    "Incapsula LOGS API", "Netscaler Web Logging(NSWL)", "SHOUTcast"};
inline constexpr std::string_view known_zeek_words[] = {
    "\\x09", ",", "(empty)", "-", "http", "conn", "ssl", "files", "time", "string", "addr", "port", "count", "int", "double", "interval", "bool", "enum", "subnet",
    "set[enum]", "set[string]", "set[addr]", "set[port]", "vector[string]", "vector[count]", "vector[interval]", "vector[addr]", "vector[double]", "vector[bool]"};

template <std::size_t N>
constexpr std::string_view one_of(const std::string_view (&known)[N], raw text) noexcept {
  for (const std::string_view one : known)
    if (text == one) return one;
  return "-";
}

// `10.0`, `-0800`
inline void put_number(raw text, writer& out) noexcept {
  const auto may_hold = [](unsigned char c) { return is_digit(c) || c == '.' || c == '+' || c == '-'; };
  const bool is_number = !text.empty() && text.size() <= 8 && all_of(text, may_hold) && !holds_identifier(text);
  if (is_number) out.release(text);
  else out.put('-');
}

inline void put_software(raw text, writer& out) noexcept {
  const std::size_t blank = text.rfind(' ');
  const raw last = blank == raw::npos ? raw() : text.sub(blank + 1);
  const bool has_version = !last.empty() && is_digit(last.front());
  out.put(one_of(known_software, has_version ? text.first(blank) : text));
  if (!has_version) return;
  out.put(' ');
  put_number(last, out);
}

// Tabs, or a blank as Zeek has in front of its first one, separate words.
inline void put_zeek_words(raw text, writer& out) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = run_end(text, at, [](unsigned char c) { return !is_blank(c); });
    if (end != at) out.put(one_of(known_zeek_words, text.sub(at, end - at)));
    if (end < text.size()) out.put(text[end] == '\t' ? '\t' : ' ');
    at = end + 1;
  }
}

}  // namespace table_writer_detail

// `line` is what table_head::take() said of it; nothing of the keys is used. There must be room.
inline void write_table_line(table_head::what what, raw line, const table_head& head, const protection& rules, scope& around, writer& out) {
  using namespace table_writer_detail;
  if (what == table_head::what::none || what == table_head::what::blank) return;
  line = table_head::without_mark(line);
  const auto [name, value] = table_head::parts_of(line);
  if (what == table_head::what::header) {
    if (head.syntax() == line_syntax::w3c) out.put("#Fields:");
    if (head.syntax() == line_syntax::zeek) out.put("#fields\t");
    const bool is_directive = head.syntax() == line_syntax::w3c || head.syntax() == line_syntax::zeek;
    return put_names(head, is_directive ? head.syntax() == line_syntax::zeek ? value.sub(1) : value : line, out);
  }
  const std::string_view known = table_head::known_directive(name);
  out.put(known);
  if (!known.ends_with(':')) return put_zeek_words(value, out);
  const raw text = trimmed(value);
  const raw shown = trimmed(text.first(std::min(text.find("//"), text.size())));  // a remark may stand behind the value
  put_blanks(value.begin(), text.begin(), out);
  if (known.ends_with("Date:")) rules.apply(field_class::time, keep_form::any, shown, around, out);
  else if (known == "#Software:") put_software(shown, out);
  else if (known == "#Version:" || known == "#GMT-Offset:") put_number(shown, out);
  else out.put('-');
}

}  // namespace anonlog
