// keyed_writer.hpp: one line whose fields have names (JSON, LTSV, logfmt; rows of tables), every value replaced where it stands
// (CLI.md 5).
//
// Punctuation, blanks and the order of fields stay as they were; a name stays if the policy or a program's documentation
// knows it, or if it could be nobody's (policy/name_classes.hpp). The text of a name that nobody knows becomes `-`, any other
// value of JSON null, at any depth. Escapes were undone before a value is judged; what is written needs none.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/core/punctuation.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/format/json_number.hpp>
#include <anonlog/keyed_reader.hpp>
#include <anonlog/keyed_shape.hpp>
#include <anonlog/line_within.hpp>
#include <anonlog/output/output_record.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/policy/protection.hpp>
#include <anonlog/report.hpp>
#include <anonlog/transform/release_words.hpp>
#include <anonlog/value_writer.hpp>

namespace anonlog {

// Belongs to one stream.
class keyed_writer {
 public:
  // See keyed_reader, of which this has one. Throws std::bad_alloc.
  keyed_writer(const plan& rules, value_writer& values, report& counts, line_within* within)
      : plan_(rules), values_(values), counts_(counts), within_(within), line_(rules, values.memory(), within) {}

  bool read(line_syntax syntax, raw line) { return line_.read(syntax, line); }
  bool read_row(const table_head& head, raw row) { return line_.read_row(head, row); }
  bool read_record(std::span<const record_field> fields) { return line_.read_record(fields); }

  bool has_time() const noexcept { return line_.has_time(); }

  void find_time(std::optional<record_time>& found) noexcept {
    for (const token& t : line_.tokens()) {
      if (t.stands == slot::line) within_->find_time(found);
      else if (t.stands != slot::name && t.of.cls == field_class::time) values_.read_time(t.text, found, line_.date());
    }
  }

  // The strongest wish of the fields that hold a privacy signal.
  signal_rule read_signals() noexcept {
    using privacy_signal = grammar_field::privacy_signal;
    signal_rule strongest = line_.holds_line() ? within_->read_signals() : signal_rule::ignore;
    for (const token& t : line_.tokens()) {
      if (t.of.signal == privacy_signal::none || !(t.text == "1")) continue;
      counts_.add_signal(t.of.signal == privacy_signal::dnt);
      strongest = std::min(strongest, plan_.rule_of(t.of.signal));
    }
    return strongest;
  }

  // Writes the line that was read. The values were told of it (value_writer::begin_line).
  void write(const protection& rules, scope& around, writer& out) noexcept {
    look_up_all(rules);
    const char* from = line_.line().begin();
    for (const token& t : line_.tokens()) {
      put_punctuation(from, t.source.begin(), out);
      from = t.source.end();
      if (t.stands == slot::name) write_name(t, out);
      else write_value(t, rules, around, out);
    }
    put_punctuation(from, line_.line().end(), out);
  }

  // The same values as a record.
  void fill(const protection& rules, scope& around, output_record& out) noexcept {
    look_up_all(rules);
    std::size_t i = 0;
    for (const token& t : line_.tokens()) {
      if (t.stands == slot::name) continue;
      const raw path = line_.path(i++);
      if (t.stands == slot::line) {
        within_->fill(rules, around, out);
        continue;
      }
      const std::size_t from = out.written().size();
      count(t, write_text(t, rules, around, out.written()));
      const bool is_null = !is_string(t.stands) && out.written().text(from) == "null";
      if (!is_null) out.add(t.of.cls == field_class::ip && t.of.may_be_client ? &columns::client_address : t.of.out, path, from);
    }
  }

  // The same values, one behind the other, for a record of fields that was read: each is told where its own is.
  void write_record(std::span<record_field> fields, const protection& rules, scope& around, writer& out) noexcept {
    look_up_all(rules);
    const token* t = line_.tokens().data();
    for (record_field& field : fields) {
      std::size_t from = out.size();
      if (field.has_name()) {
        put_name(*t++, out);
        field.safe_name = out.text(from);
        from = out.size();
      }
      if (!field.has_value()) continue;
      if (t->stands == slot::line) put_line(t->text, rules, around, out);
      else count(*t, write_text(*t, rules, around, out));
      field.safe_value = out.text(from);
      field.safe_kind = !is_string(t->stands) && field.safe_value == "null" ? value_kind::null : field.kind;
      if (field.safe_kind == value_kind::null) field.safe_value = {};
      ++t;
    }
  }

  // Learns the shape of the line that was asked to be read last. False: it was not read, others with the same bytes between
  // their values could be read in another way, or it is too large.
  bool learn(keyed_shape& made) noexcept {
    shape_lesson lesson(made, line_.line());
    bool is_possible = line_.is_read() && line_.syntax() == line_syntax::json && !line_.holds_line() && shape_lesson::is_plain(line_.line());
    for (std::size_t i = 0; is_possible && i < line_.tokens().size(); ++i) {
      const token& t = line_.tokens()[i];
      const bool is_string = t.stands == slot::json_string;
      put_punctuation(lesson.from, t.source.begin(), lesson.out);
      lesson.from = t.source.end();
      is_possible = t.of.signal == grammar_field::privacy_signal::none && !t.of.is_listed_header && !(is_string && t.of.may_be_line && within_ != nullptr) && !is_client_by_chance(t);
      made.needs_client = made.needs_client || (t.of.may_be_client && t.of.cls != field_class::ip);
      if (t.stands == slot::name) write_name(t, lesson.out);
      else if (is_string || t.stands == slot::json_number) is_possible = is_possible && lesson.add_value(t.source, t.of, is_string);
      else is_possible = is_possible && lesson.add_word(t.of.cls, write_word(t, lesson.out));
    }
    return put_punctuation(lesson.from, line_.line().end(), lesson.out), is_possible && lesson.end(line_.line());
  }

  // Writes one value of a line of that shape, with the quotes of a string. The values were told of the line.
  outcome write_plain(const keyed_slot& at, raw text, const protection& rules, scope& around, writer& out) noexcept {
    bool ok = true;
    text = keyed_reader::decoded(text, at.of, values_.memory(), ok);
    if (!ok) text = raw("?", 1);
    const token t{.source = {}, .text = text, .stands = at.is_string ? slot::json_string : slot::json_number, .of = at.of,
                  .place = values_.look_up(at.of.cls, text, rules)};
    return write_value(t, rules, around, out);
  }

  // Calls `tell(path, class, outcome, text)` with what becomes of each value of the line that was read last. Throws
  // std::bad_alloc.
  void explain(const protection& rules, scope& around, writer& out, const line_within::tell_field& tell) {
    std::vector<std::string> paths;
    line_.read_again([&](std::string_view path) { paths.emplace_back(path); });
    std::size_t i = 0;
    for (const token& t : line_.tokens()) {
      if (t.stands == slot::name) continue;
      const std::string& path = paths[i++];
      if (t.stands == slot::line) {
        within_->explain(rules, around, out, [&](std::string_view name, field_class cls, outcome result, std::string after) {
          tell(path + " / " + std::string(name), cls, result, std::move(after));
        });
        continue;
      }
      out.rewind(0);
      const outcome result = write_value(t, rules, around, out);
      tell(path, t.of.cls, result, std::string(out.text()));
    }
  }

 private:
  using slot = keyed_reader::slot;
  using token = keyed_reader::token;

  // `host` is the client where no other field of this line says one, though there are such fields: in the next line they may.
  bool is_client_by_chance(const token& t) noexcept {
    return t.of.may_be_client && t.of.cls == field_class::ip && std::any_of(line_.tokens().begin(), line_.tokens().end(), [](const token& other) {
      return !other.of.may_be_client && (other.of.cls == field_class::ip || other.of.cls == field_class::ip_list);
    });
  }

  // What stands in the string around the line stays.
  void put_line(raw text, const protection& rules, scope& around, writer& out) noexcept {
    const raw line = keyed_reader::line_in(text);
    punctuation<" ">::put(text.begin(), line.begin(), out);
    within_->write(rules, around, out);
    punctuation<"\r\n">::put(line.end(), text.end(), out);
  }

  // The same in a string of JSON; what the line holds of its marks is escaped.
  void write_line(raw text, const protection& rules, scope& around, writer& out) noexcept {
    out.put('"');
    const std::size_t from = out.size();
    put_line(text, rules, around, out);
    out.replace_since(from, '\\', "\\\\");
    out.replace_since(from, '"', "\\\"");
    out.replace_since(from, '\t', "\\t");
    out.replace_since(from, '\r', "\\r");
    out.replace_since(from, '\n', "\\n");
    out.put('"');
  }

  // What the syntax itself writes between names and values; nothing else can stand there.
  static void put_punctuation(const char* from, const char* to, writer& out) noexcept { punctuation<",;:={}[] \t+-|">::put(from, to, out); }

  void write_name(const token& t, writer& out) noexcept {
    const bool is_quoted = line_.syntax() == line_syntax::json;
    if (is_quoted) out.put('"');
    put_name(t, out);
    if (is_quoted) out.put('"');
  }

  static void put_name(const token& t, writer& out) noexcept {
    if (t.of.is_known || is_writable_name(t.text)) release_words(t.text, out);
    else out.put('_');
  }

  outcome write_value(const token& t, const protection& rules, scope& around, writer& out) noexcept {
    if (t.stands == slot::line) {  // its fields count themselves
      write_line(t.text, rules, around, out);
      return outcome::reduced;
    }
    return count(t, write_in_slot(t, rules, around, out));
  }

  outcome count(const token& t, outcome result) noexcept {
    ++counts_.fields[static_cast<std::size_t>(t.of.cls)][static_cast<std::size_t>(result)];
    return result;
  }

  void look_up_all(const protection& rules) noexcept {
    for (token& t : line_.tokens())
      if (t.stands != slot::name && t.stands != slot::line) t.place = values_.look_up(t.of.cls, t.text, rules);
  }

  static bool is_string(slot stands) noexcept { return stands != slot::json_number && stands != slot::json_boolean && stands != slot::json_null; }

  outcome write_in_slot(const token& t, const protection& rules, scope& around, writer& out) noexcept {
    const std::size_t from = out.size();
    switch (t.stands) {
      case slot::word: {
        const outcome result = write_text(t, rules, around, out);
        out.replace_since(from, ' ', "%20");
        out.replace_since(from, '"', "\\x22");  // of Forwarded; a word holds none
        return result;
      }
      case slot::plus_word:
      case slot::percent_word: {
        const outcome result = write_text(t, rules, around, out);
        out.replace_since(from, ' ', t.stands == slot::plus_word ? "+" : "%20");
        out.replace_since(from, '"', "%22");
        return result;
      }
      case slot::percent_part: {
        const outcome result = write_text(t, rules, around, out);
        out.replace_since(from, '%', "%25");
        out.replace_since(from, ':', "%3a");
        out.replace_since(from, '|', "%7c");
        return result;
      }
      case slot::cell: {
        const outcome result = write_text(t, rules, around, out);
        out.replace_since(from, line_.delimiter(), line_.delimiter() == ',' ? "%2C" : line_.delimiter() == ';' ? "%3B" : "%09");
        out.replace_since(from, '"', "%22");
        return result;
      }
      case slot::quoted_cell: {
        out.put('"');
        const outcome result = write_text(t, rules, around, out);
        out.replace_since(from + 1, '"', "\"\"");
        out.put('"');
        return result;
      }
      case slot::json_string:
      case slot::quoted_word: {
        out.put('"');
        const outcome result = write_text(t, rules, around, out);
        if (t.of.cls == field_class::forwarded) out.replace_since(from + 1, '"', "\\\"");
        out.put('"');
        return result;
      }
      default: return write_text(t, rules, around, out);
    }
  }

  // Without what its slot puts around it.
  outcome write_text(const token& t, const protection& rules, scope& around, writer& out) noexcept {
    const std::size_t from = out.size();
    const auto put = [&] { return values_.put(t.of.cls, t.of.form, t.text, t.place, rules, around, out); };
    switch (t.stands) {
      case slot::json_number: {
        const outcome result = put();
        if (is_json_number(out.text(from))) return result;
        out.rewind(from);
        out.put("null");
        return result == outcome::kept || result == outcome::reduced ? outcome::unreadable : result;
      }
      case slot::json_boolean:
      case slot::json_null: return write_word(t, out);
      default:
        if (const std::string_view unit = t.of.cls == field_class::duration ? unit_of(t.text) : ""; !unit.empty()) {
          const outcome result = values_.put(t.of.cls, t.of.form, t.text.without_last(unit.size()), memo::nowhere, rules, around, out);
          if (result == outcome::kept || result == outcome::reduced) out.put(unit);
          return result;
        }
        return put();
    }
  }

  // What stands behind a number that takes its unit with it: Heroku's `12ms`, Google's `0.012s`.
  static std::string_view unit_of(raw text) noexcept {
    for (const std::string_view unit : {"ns", "us", "ms", "s"})
      if (text.ends_with(unit)) return text.size() > unit.size() && is_digit(text[text.size() - unit.size() - 1]) ? unit : "";
    return "";
  }

  static outcome write_word(const token& t, writer& out) noexcept {
    if (t.stands == slot::json_boolean && t.of.cls == field_class::keep) {
      out.put(t.text == "true" ? "true" : "false");
      return outcome::kept;
    }
    out.put("null");
    return t.stands == slot::json_boolean ? outcome::dropped : outcome::absent;
  }

  const plan& plan_;
  value_writer& values_;
  report& counts_;
  line_within* within_;
  keyed_reader line_;
};

}  // namespace anonlog
