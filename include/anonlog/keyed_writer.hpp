// keyed_writer.hpp: one line that names its own fields (JSON, LTSV, logfmt), every value replaced where it stands (CLI.md 5).
//
// Punctuation, blanks and the order of fields stay as they were; a name stays if the policy or a program's documentation
// knows it, or if it could be nobody's (policy/name_classes.hpp). The text of a name that nobody knows becomes `-`, any other
// value of JSON null, at any depth. Escapes are undone before a value is judged; what is written needs none.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/core/punctuation.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/format/json_number.hpp>
#include <anonlog/format/json_walk.hpp>
#include <anonlog/format/keyed_walk.hpp>
#include <anonlog/keyed_shape.hpp>
#include <anonlog/line_within.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/policy/name_classes.hpp>
#include <anonlog/policy/protection.hpp>
#include <anonlog/report.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/value_writer.hpp>

namespace anonlog {

// How a line looks from afar: which of these it is if it is one at all.
inline line_syntax keyed_syntax_of(raw line) noexcept {
  std::size_t i = 0;
  while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
  if (i == line.size()) return line_syntax::pattern;
  if (line[i] == '{') return line_syntax::json;
  for (; i < line.size(); ++i) {
    const unsigned char c = line[i];
    if (c == '=') return line_syntax::logfmt;
    if (c == ' ' || c == '"' || c == '[') return line_syntax::pattern;
    if (c == ':') return line.holds('\t') ? line_syntax::ltsv : line_syntax::pattern;
  }
  return line_syntax::pattern;
}

// Belongs to one stream.
class keyed_writer {
 public:
  // `within`: for lines in strings of JSON; nullptr: they are values like any other. Throws std::bad_alloc.
  keyed_writer(const plan& rules, value_writer& values, report& counts, line_within* within)
      : plan_(rules), values_(values), counts_(counts), within_(within), classes_(rules.rules(), rules.normal()) {
    if (rules.keyed_format_of(line_syntax::json) != plan::no_format) walker_.emplace(rules.longest_line());
    tokens_.reserve(plan::most_named);
  }
  ~keyed_writer() {
    if (most_tokens_ != 0) wipe(tokens_.data(), most_tokens_ * sizeof(token));
  }
  keyed_writer(const keyed_writer&) = delete;
  keyed_writer& operator=(const keyed_writer&) = delete;

  // Reads a line, which must stay where it is until it is written, in a frame of the values' memory that the caller holds as
  // long. False: it is not of this syntax, or has too many parts. Throws std::bad_alloc.
  bool read(line_syntax syntax, raw line) {
    line_ = line;
    syntax_ = syntax;
    tokens_.clear();
    has_time_ = false;
    holds_line_ = false;
    is_read_ = false;
    if (!walk([](std::string_view) {})) return false;
    settle_host();
    return is_read_ = true;
  }

  bool has_time() const noexcept { return has_time_; }

  void find_time(std::optional<record_time>& found) noexcept {
    for (const token& t : tokens_) {
      if (t.stands == slot::line) within_->find_time(found);
      else if (t.stands != slot::name && t.of.cls == field_class::time) values_.read_time(t.text, found);
    }
  }

  // The strongest wish of the fields that hold a privacy signal.
  signal_rule read_signals() noexcept {
    using privacy_signal = grammar_field::privacy_signal;
    signal_rule strongest = holds_line_ ? within_->read_signals() : signal_rule::ignore;
    for (const token& t : tokens_) {
      if (t.of.signal == privacy_signal::none || !(t.text == "1")) continue;
      counts_.add_signal(t.of.signal == privacy_signal::dnt);
      strongest = std::min(strongest, plan_.rule_of(t.of.signal));
    }
    return strongest;
  }

  // Writes the line that was read. The values were told of it (value_writer::begin_line).
  void write(const protection& rules, scope& around, writer& out) noexcept {
    for (token& t : tokens_)
      if (t.stands != slot::name && t.stands != slot::line) t.place = values_.look_up(t.of.cls, t.text, rules);
    const char* from = line_.begin();
    for (const token& t : tokens_) {
      put_punctuation(from, t.source.begin(), out);
      from = t.source.end();
      if (t.stands == slot::name) write_name(t, out);
      else write_value(t, rules, around, out);
    }
    put_punctuation(from, line_.end(), out);
  }

  // Learns the shape of the line that was asked to be read last. False: it was not read, others with the same bytes between
  // their values could be read in another way, or it is too large.
  bool learn(keyed_shape& made) noexcept {
    shape_lesson lesson(made, line_);
    bool is_possible = is_read_ && syntax_ == line_syntax::json && !holds_line_ && shape_lesson::is_plain(line_);
    for (std::size_t i = 0; is_possible && i < tokens_.size(); ++i) {
      const token& t = tokens_[i];
      const bool is_string = t.stands == slot::json_string;
      put_punctuation(lesson.from, t.source.begin(), lesson.out);
      lesson.from = t.source.end();
      is_possible = t.of.signal == grammar_field::privacy_signal::none && !(is_string && t.of.may_be_line && within_ != nullptr);
      if (t.stands == slot::name) write_name(t, lesson.out);
      else if (is_string || t.stands == slot::json_number) is_possible = is_possible && lesson.add_value(t.source, t.of, is_string);
      else is_possible = is_possible && lesson.add_word(t.of.cls, write_word(t, lesson.out));
    }
    return put_punctuation(lesson.from, line_.end(), lesson.out), is_possible && lesson.end(line_);
  }

  // Writes one value of a line of that shape, with the quotes of a string. The values were told of the line.
  outcome write_plain(const keyed_slot& at, raw text, const protection& rules, scope& around, writer& out) noexcept {
    const token t{.source = {}, .text = text, .stands = at.is_string ? slot::json_string : slot::json_number, .of = at.of,
                  .place = values_.look_up(at.of.cls, text, rules)};
    return write_value(t, rules, around, out);
  }

  // Calls `tell(path, class, outcome, text)` with what becomes of each value of the line that was read last. The path is `_`
  // where it could be somebody's. Throws std::bad_alloc.
  template <class Tell>
  void explain(const protection& rules, scope& around, writer& out, Tell tell) {
    std::vector<std::string> paths;
    tokens_.clear();
    holds_line_ = false;
    walk([&](std::string_view path) {
      const bool is_tellable = classes_.of(syntax_, path).is_known || is_writable_name(raw(path));
      paths.emplace_back(is_tellable ? path : "_");
    });
    settle_host();
    std::size_t i = 0;
    for (const token& t : tokens_) {
      if (t.stands == slot::name) continue;
      out.rewind(0);
      const outcome result = write_value(t, rules, around, out);
      tell(paths[i++], t.of.cls, result, std::string(out.text()));
    }
  }

 private:
  // What a token is, and so how it is written.
  enum class slot : unsigned char {
    name,
    json_string, json_number, json_boolean, json_null,
    line,        // a string of JSON that is a line of a log
    bare,        // of LTSV, to the tab
    word,        // of logfmt, to the blank
    quoted_word  // of logfmt
  };

  struct token {
    raw source;  // where it stands
    raw text;    // what it says
    slot stands = slot::name;
    name_class of;
    memo::place place = memo::nowhere;
  };

  bool add(token t) {
    if (tokens_.size() == plan::most_named) return false;
    tokens_.push_back(std::move(t));
    most_tokens_ = std::max(most_tokens_, tokens_.size());
    return true;
  }

  bool add_value(raw source, raw text, slot stands, const name_class& of) {
    if (!tokens_.empty() && tokens_.back().stands == slot::name) tokens_.back().of.is_known = of.is_known;
    if (stands == slot::json_string && of.may_be_line && within_ != nullptr && !holds_line_ && within_->read(line_in(text))) {
      holds_line_ = true;
      has_time_ = has_time_ || within_->has_time();
      return add({.source = source, .text = text, .stands = slot::line, .of = {.cls = field_class::text}});
    }
    has_time_ = has_time_ || of.cls == field_class::time;
    return add({.source = source, .text = text, .stands = stands, .of = of});
  }

  // Names and values in the order of the line; `on_value` is told the path of each value.
  template <class OnValue>
  bool walk(OnValue on_value) {
    switch (syntax_) {
      case line_syntax::json: return walk_json(on_value);
      case line_syntax::ltsv: return walk_ltsv(line_, [&](const keyed_value& field) { return add_field(field, slot::bare, on_value); });
      case line_syntax::logfmt:
        return walk_logfmt(line_, [&](const keyed_value& field) { return add_field(field, field.is_quoted ? slot::quoted_word : slot::word, on_value); });
      case line_syntax::pattern:
      case line_syntax::headed:
      case line_syntax::error_log: break;
    }
    return false;
  }

  template <class OnValue>
  bool walk_json(OnValue& on_value) {
    return walker_->walk(
        line_, [this](const json_token& name, const json_path&) { return add({.source = name.source, .text = name.text, .of = {}}); },
        [&](const json_token& value, const json_path& path) {
          on_value(path.text());
          return add_value(value.source, value.text, slot_of(value.what), classes_.of(syntax_, path.text()));
        });
  }

  template <class OnValue>
  bool add_field(const keyed_value& field, slot stands, OnValue& on_value) {
    if (!field.name.empty() && !add({.source = field.name, .text = field.name, .of = {}})) return false;
    const std::string_view path = field.name.size() <= json_path::longest ? std::string_view(field.name.begin(), field.name.size()) : "";
    on_value(path);
    const name_class of = classes_.of(syntax_, path);
    bool ok = true;
    raw text = unescape_log(field.text, values_.memory(), ok);
    // What would end a word is written in an escape, which is undone here (SPEC 3.1, F4).
    if (stands == slot::word && protection::can_hold_delimiters(of.cls)) text = undo_percent(text, ' ', values_.memory(), ok);
    return add_value(field.source, ok ? text : raw("?", 1), stands, of);
  }

  // Without the blank that syslog leaves in front and the line feed that a container's runtime keeps.
  static raw line_in(raw text) noexcept {
    while (!text.empty() && text.front() == ' ') text = text.sub(1);
    if (!text.empty() && text.back() == '\n') text = text.without_last(1);
    if (!text.empty() && text.back() == '\r') text = text.without_last(1);
    return text;
  }

  // What stands in the string around the line stays; what the line holds of JSON's own marks is escaped.
  void write_line(raw text, const protection& rules, scope& around, writer& out) noexcept {
    out.put('"');
    const raw line = line_in(text);
    punctuation<" ">::put(text.begin(), line.begin(), out);
    const std::size_t from = out.size();
    within_->write(rules, around, out);
    out.replace_since(from, '\\', "\\\\");
    out.replace_since(from, '"', "\\\"");
    out.replace_since(from, '\t', "\\t");
    for (const char* end = line.end(); end != text.end(); ++end) out.put(*end == '\r' ? std::string_view("\\r") : std::string_view("\\n"));
    out.put('"');
  }

  // Programs that know no other client call the client `host`, as fluentd does.
  void settle_host() noexcept {
    for (const token& t : tokens_)
      if (t.of.cls == field_class::ip || t.of.cls == field_class::ip_list) return;
    for (token& t : tokens_)
      if (t.of.may_be_client) t.of.cls = field_class::ip;
  }

  static slot slot_of(json_token::kind what) noexcept {
    switch (what) {
      case json_token::kind::string: return slot::json_string;
      case json_token::kind::number: return slot::json_number;
      case json_token::kind::boolean: return slot::json_boolean;
      case json_token::kind::null: break;
    }
    return slot::json_null;
  }

  // What the syntax itself writes between names and values; nothing else can stand there.
  static void put_punctuation(const char* from, const char* to, writer& out) noexcept { punctuation<",:={}[] \t">::put(from, to, out); }

  void write_name(const token& t, writer& out) noexcept {
    const bool is_quoted = syntax_ == line_syntax::json;
    if (is_quoted) out.put('"');
    if (t.of.is_known || is_writable_name(t.text)) out.release(t.text);
    else out.put('_');
    if (is_quoted) out.put('"');
  }

  outcome write_value(const token& t, const protection& rules, scope& around, writer& out) noexcept {
    if (t.stands == slot::line) {  // its fields count themselves
      write_line(t.text, rules, around, out);
      return outcome::reduced;
    }
    const outcome result = write_in_slot(t, rules, around, out);
    ++counts_.fields[static_cast<std::size_t>(t.of.cls)][static_cast<std::size_t>(result)];
    return result;
  }

  outcome write_in_slot(const token& t, const protection& rules, scope& around, writer& out) noexcept {
    const auto put = [&] { return values_.put(t.of.cls, t.of.form, t.text, t.place, rules, around, out); };
    const std::size_t from = out.size();
    switch (t.stands) {
      case slot::name:
      case slot::line: break;
      case slot::bare: return put();
      case slot::word: {
        const outcome result = put();
        out.replace_since(from, ' ', "%20");
        out.replace_since(from, '"', "\\x22");  // of Forwarded; a word holds none
        return result;
      }
      case slot::json_string:
      case slot::quoted_word: {
        out.put('"');
        const outcome result = put();
        if (t.of.cls == field_class::forwarded) out.replace_since(from + 1, '"', "\\\"");
        out.put('"');
        return result;
      }
      case slot::json_number: {
        const outcome result = put();
        if (is_json_number(out.text(from))) return result;
        out.rewind(from);
        out.put("null");
        return result == outcome::kept || result == outcome::reduced ? outcome::unreadable : result;
      }
      case slot::json_boolean: case slot::json_null: break;
    }
    return write_word(t, out);
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
  std::optional<json_walker> walker_;  // where the plan has JSON
  name_classes classes_;
  raw line_;
  line_syntax syntax_ = line_syntax::json;
  std::vector<token> tokens_;
  std::size_t most_tokens_ = 0;  // in any line so far
  bool has_time_ = false;
  bool holds_line_ = false;
  bool is_read_ = false;
};

}  // namespace anonlog
