// keyed_reader.hpp: one line whose fields have names, taken apart: JSON, LTSV, logfmt, mod_log_forensic, and rows of tables.
//
// What becomes of the pieces is in keyed_writer.hpp. Escapes are undone here, before a value is judged.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/core/memo.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/format/forensic_walk.hpp>
#include <anonlog/format/json_walk.hpp>
#include <anonlog/format/keyed_walk.hpp>
#include <anonlog/format/record_walk.hpp>
#include <anonlog/format/table_lines.hpp>
#include <anonlog/line_within.hpp>
#include <anonlog/output/noted_paths.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/policy/listed_headers.hpp>
#include <anonlog/policy/name_classes.hpp>
#include <anonlog/policy/protection.hpp>
#include <anonlog/transform/calendar.hpp>
#include <anonlog/transform/cell_text.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/transform/ip_position.hpp>

namespace anonlog {

// Belongs to one stream.
class keyed_reader {
 public:
  // What a token is, and so how it is written.
  enum class slot : unsigned char {
    name,
    json_string, json_number, json_boolean, json_null,
    line,        // a string of JSON that is a line of a log
    bare,        // of LTSV, to the tab
    word,        // of logfmt, to the blank
    quoted_word,  // of logfmt
    percent_part,  // of mod_log_forensic, to the bar
    plus_word,   // of W3C, to the blank; blanks are written as `+`
    percent_word,  // of W3C, to the tab; blanks are written as `%20`
    cell,        // of CSV and TSV
    quoted_cell  // of these and of W3C
  };

  struct token {
    raw source;  // where it stands
    raw text;    // what it says
    slot stands = slot::name;
    name_class of;
    memo::place place = memo::nowhere;
  };

  // `memory`: where escapes are undone. `within`: for lines in strings of JSON; nullptr: they are values like any other.
  // Throws std::bad_alloc.
  keyed_reader(const plan& rules, scratch& memory, line_within* within)
      : memory_(memory), within_(within), classes_(rules.rules(), rules.normal()), paths_(!rules.output_shape().is_same()) {
    if (rules.keyed_format_of(line_syntax::json) != plan::no_format) walker_.emplace(rules.longest_line());
    tokens_.reserve(plan::most_named);
  }
  ~keyed_reader() {
    if (most_tokens_ != 0) wipe(tokens_.data(), most_tokens_ * sizeof(token));
  }
  keyed_reader(const keyed_reader&) = delete;
  keyed_reader& operator=(const keyed_reader&) = delete;

  // Reads a line, which must stay where it is until it is written, in a frame of the memory that the caller holds as long.
  // False: it is not of this syntax, or has too many parts. Throws std::bad_alloc.
  bool read(line_syntax syntax, raw line) {
    begin(syntax, line);
    if (!walk([this](std::string_view path) { paths_.note(path); })) return false;
    settle_host();
    return is_read_ = true;
  }

  // The same for a row; `head` names its columns and stays until it is written.
  bool read_row(const table_head& head, raw row) {
    begin(head.syntax(), row);
    table_ = &head;
    find_column_classes(head);
    if (!walk([this](std::string_view path) { paths_.note(path); })) return false;
    settle_host();
    settle_date();
    return is_read_ = true;
  }

  // The same for a record that another program has taken apart. It is no line: `is_read` stays false.
  bool read_record(std::span<const record_field> fields) {
    begin(line_syntax::json, raw());
    const bool is_whole = records_.walk(
        fields, [this](const json_token& name, const json_path&) { return add({.source = name.source, .text = name.text, .of = {}}); },
        [this](const json_token& value, const json_path& path) { return add_member(value, path); });
    if (is_whole) settle_host();
    return is_whole;
  }

  // Reads the line that was read last once more; `on_path` is told what each value is called, `_` where that could be
  // somebody's.
  template <class OnPath>
  void read_again(OnPath on_path) {
    tokens_.clear();
    classes_.begin_line(syntax_);
    holds_line_ = false;
    walk([&](std::string_view path) { on_path(classes_.of(syntax_, path).is_known || is_writable_name(raw(path)) ? path : "_"); });
    settle_host();
  }

  bool is_read() const noexcept { return is_read_; }  // the line that was given last
  raw line() const noexcept { return line_; }
  line_syntax syntax() const noexcept { return syntax_; }
  std::vector<token>& tokens() noexcept { return tokens_; }
  raw path(std::size_t value) const noexcept { return paths_.at(value); }  // noted where the shape of the output asks for it
  bool has_time() const noexcept { return has_time_; }
  bool holds_line() const noexcept { return holds_line_; }
  char delimiter() const noexcept { return table_->delimiter(); }              // of a row of CSV or TSV
  const std::optional<std::int64_t>& date() const noexcept { return date_; }  // of a row, in days since 1970
  line_within* within() const noexcept { return within_; }

  // Without the blank that syslog leaves in front and the line feed that a container's runtime keeps.
  static raw line_in(raw text) noexcept {
    while (!text.empty() && text.front() == ' ') text = text.sub(1);
    if (!text.empty() && text.back() == '\n') text = text.without_last(1);
    if (!text.empty() && text.back() == '\r') text = text.without_last(1);
    return text;
  }

  // What a value says that its program encodes beyond what its syntax asks for. What holds a blank is not encoded: we wrote it.
  static raw decoded(raw text, const name_class& of, scratch& memory, bool& ok) noexcept {
    if (!of.is_form_encoded || text.holds(' ')) return text;
    return percent_decode(undo_plus(text, memory, ok), 1, memory, ok);
  }

 private:
  bool add(token t) {
    if (tokens_.size() == plan::most_named) return false;
    tokens_.push_back(std::move(t));
    most_tokens_ = std::max(most_tokens_, tokens_.size());
    return true;
  }

  // The name in front may belong to another: behind an empty map or array it is that one's, and not of the value's path.
  bool add_member(const json_token& value, const json_path& path) {
    const bool is_own_name = !tokens_.empty() && tokens_.back().text.begin() == path.last().data() && tokens_.back().text.size() == path.last().size();
    const name_class of = headers_.settle(classes_, syntax_, value, path);
    bool ok = true;
    const raw text = decoded(value.text, of, memory_, ok);
    return add_value(value.source, ok ? text : raw("?", 1), slot_of(value.what), of, is_own_name);
  }

  bool add_value(raw source, raw text, slot stands, const name_class& of, bool is_own_name = true) {
    if (is_own_name && !tokens_.empty() && tokens_.back().stands == slot::name) tokens_.back().of.is_known = of.is_known;
    if (stands == slot::json_string && of.may_be_line && within_ != nullptr && !holds_line_ && within_->read(line_in(text))) {
      holds_line_ = true;
      has_time_ = has_time_ || within_->has_time();
      return add({.source = source, .text = text, .stands = slot::line, .of = {.cls = field_class::text}});
    }
    token t{.source = source, .text = text, .stands = stands, .of = of};
    if (of.may_be_time && is_calendar_stamp(text)) {
      t.of.cls = field_class::time;
      t.of.out = &columns::time;
    }
    has_time_ = has_time_ || t.of.cls == field_class::time;
    return add(std::move(t));
  }

  void begin(line_syntax syntax, raw line) noexcept {
    line_ = line;
    syntax_ = syntax;
    classes_.begin_line(syntax);
    tokens_.clear();
    has_time_ = false;
    holds_line_ = false;
    is_read_ = false;
    date_.reset();
    paths_.forget();
  }

  // Names and values in the order of the line; `on_value` is told the path of each value.
  template <class OnValue>
  bool walk(OnValue on_value) {
    switch (syntax_) {
      case line_syntax::json: return walk_json(on_value);
      case line_syntax::ltsv: return walk_ltsv(line_, [&](const keyed_value& field) { return add_field(field, slot::bare, on_value); });
      case line_syntax::logfmt:
        return walk_logfmt(line_, [&](const keyed_value& field) { return add_field(field, field.is_quoted ? slot::quoted_word : slot::word, on_value); });
      case line_syntax::forensic: return walk_forensic(line_, [&](const forensic_value& field) { return add_part(field, on_value); });
      case line_syntax::w3c:
      case line_syntax::zeek:
      case line_syntax::csv:
      case line_syntax::tsv: {
        std::size_t column = 0;
        return walk_row(*table_, line_, [&](const keyed_value& cell) {
          on_value(column_name(cell.name));
          return add_cell(cell, column_classes_[column++]);
        });
      }
      case line_syntax::pattern:
      case line_syntax::headed:
      case line_syntax::error_log: break;
    }
    return false;
  }

  static std::string_view column_name(raw name) noexcept { return name.size() <= json_path::longest ? std::string_view(name.begin(), name.size()) : ""; }

  void find_column_classes(const table_head& head) {
    if (columns_version_ == head.version()) return;
    columns_version_ = 0;
    column_classes_.clear();
    for (std::size_t i = 0; i < head.size(); ++i) column_classes_.push_back(classes_.of(head.syntax(), column_name(head.name(i))));
    columns_version_ = head.version();
  }

  bool add_cell(const keyed_value& cell, const name_class& of) {
    bool ok = true;
    raw text = cell.is_quoted ? undo_doubled(cell.text, memory_, ok) : cell.text;
    text = unescape_log(text, memory_, ok);
    const blank_mark blanks = cell.is_quoted || syntax_ != line_syntax::w3c ? blank_mark::none : is_between_tabs(cell.source) ? blank_mark::percent : blank_mark::plus;
    if (blanks != blank_mark::none) text = undo_blank_marks(text, blanks, of.cls, memory_, ok);
    // What would end a cell is written in an escape, which is undone here (SPEC 3.1, F4).
    if (!cell.is_quoted && syntax_ != line_syntax::zeek && protection::can_hold_delimiters(of.cls)) {
      text = undo_percent(text, '"', memory_, ok);
      if (blanks == blank_mark::percent) text = undo_percent(text, ' ', memory_, ok);
      if (blanks == blank_mark::none) text = undo_percent(text, table_->delimiter(), memory_, ok);
    }
    return add_value(cell.source, ok ? text : raw("?", 1), slot_of(cell, blanks), of);
  }

  slot slot_of(const keyed_value& cell, blank_mark blanks) const noexcept {
    if (cell.is_quoted) return slot::quoted_cell;
    if (blanks != blank_mark::none) return blanks == blank_mark::plus ? slot::plus_word : slot::percent_word;
    return syntax_ == line_syntax::zeek ? slot::bare : slot::cell;
  }

  bool is_between_tabs(raw source) const noexcept {
    return (source.end() != line_.end() && *source.end() == '\t') || (source.begin() != line_.begin() && source.begin()[-1] == '\t');
  }

  // A time of day has its date in a column of its own; without one it is no time of the record.
  void settle_date() noexcept {
    bool has_instant = false;
    for (const token& t : tokens_) {
      if (t.of.cls != field_class::time || t.text.empty()) continue;
      std::int64_t days = 0;
      const bool is_date = read_date(t.text, days);
      if (is_date && !date_) date_ = days;
      const bool is_time_of_day = t.text.size() > 2 && t.text[2] == ':';
      has_instant = has_instant || (!is_date && !is_time_of_day);
    }
    has_time_ = has_time_ && (has_instant || date_);
  }

  template <class OnValue>
  bool walk_json(OnValue& on_value) {
    return walker_->walk(
        line_, [this](const json_token& name, const json_path&) { return add({.source = name.source, .text = name.text, .of = {}}); },
        [&](const json_token& value, const json_path& path) {
          on_value(path.text());
          return add_member(value, path);
        });
  }

  template <class OnValue>
  bool add_field(const keyed_value& field, slot stands, OnValue& on_value) {
    if (!field.name.empty() && !add({.source = field.name, .text = field.name, .of = {}})) return false;
    const std::string_view path = field.name.size() <= json_path::longest ? std::string_view(field.name.begin(), field.name.size()) : "";
    on_value(path);
    const name_class of = classes_.of(syntax_, path);
    bool ok = true;
    raw text = unescape_log(field.text, memory_, ok);
    // What would end a word is written in an escape, which is undone here (SPEC 3.1, F4).
    if (stands == slot::word && protection::can_hold_delimiters(of.cls)) text = undo_percent(text, ' ', memory_, ok);
    return add_value(field.source, ok ? text : raw("?", 1), stands, of);
  }

  // Headers are named as where a member `headers` holds them.
  template <class OnValue>
  bool add_part(const forensic_value& field, OnValue& on_value) {
    std::string path;
    if (field.what == forensic_value::kind::request) path = "request";
    if (field.what == forensic_value::kind::header) {
      if (!add({.source = field.name, .text = field.name, .of = {}})) return false;
      if (field.name.size() <= json_path::longest / 2) path.assign("headers.").append(field.name.begin(), field.name.end());
    }
    on_value(path);
    bool ok = true;
    const raw text = percent_decode(field.text, 1, memory_, ok);
    return add_value(field.text, ok ? text : raw("?", 1), slot::percent_part, classes_.of(syntax_, path));
  }

  // Programs that know no other client call the client `host`, as fluentd does. A field that may name one and says `-` does not.
  void settle_host() noexcept {
    if (std::none_of(tokens_.begin(), tokens_.end(), [](const token& t) { return t.of.may_be_client; })) return;
    if (std::any_of(tokens_.begin(), tokens_.end(), names_client)) return;
    for (token& t : tokens_)
      if (t.of.may_be_client) t.of.cls = field_class::ip;
  }

  static bool names_client(const token& t) noexcept {
    if (t.of.cls != field_class::ip && t.of.cls != field_class::ip_list) return false;
    for (std::size_t from = 0; from < t.text.size();) {
      const std::size_t comma = std::min(t.text.find(',', from), t.text.size());
      ip_element element;
      if (parse_ip(t.text.sub(from, comma - from).trimmed(), element)) return true;
      from = comma + 1;
    }
    return false;
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

  scratch& memory_;
  line_within* within_;
  std::optional<json_walker> walker_;  // where the plan has JSON
  record_walker records_;
  name_classes classes_;
  listed_headers headers_;
  raw line_;
  line_syntax syntax_ = line_syntax::json;
  std::vector<token> tokens_;
  std::size_t most_tokens_ = 0;  // in any line so far
  const table_head* table_ = nullptr;  // of a row
  std::vector<name_class> column_classes_;  // of the table with this header
  std::size_t columns_version_ = 0;
  std::optional<std::int64_t> date_;
  noted_paths paths_;
  bool has_time_ = false;
  bool holds_line_ = false;
  bool is_read_ = false;
};

}  // namespace anonlog
