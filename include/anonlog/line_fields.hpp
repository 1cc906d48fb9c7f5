// line_fields.hpp: the fields of one line, found by a pattern, by names that stand in it or above it, or behind a head.
//
// A line may hold another: as the message behind a head of syslog, or as a string of JSON. There is one line within a line,
// not more.
#pragma once

#include <algorithm>
#include <new>
#include <optional>

#include <anonlog/core/punctuation.hpp>
#include <anonlog/format/error_head.hpp>
#include <anonlog/format/head_chain.hpp>
#include <anonlog/format/keyed_syntax.hpp>
#include <anonlog/format/split.hpp>
#include <anonlog/keyed_writer.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/record_writer.hpp>

namespace anonlog {

// Belongs to one stream.
class line_fields final : public line_within {
 public:
  // `within`: for lines in strings of this one; nullptr: they are values like any other. `table`: what rows belong to, if they
  // may come. Throws std::bad_alloc.
  line_fields(const plan& rules, value_writer& values, report& counts, line_within* within, const table_head* table = nullptr)
      : plan_(rules), table_(table), by_place_(rules, values, counts) {
    if (rules.has_keyed_formats()) by_name_.emplace(rules, values, counts, within);
  }

  // In a frame of the values' memory that the caller holds for as long as the line lasts. False: no format fits.
  bool read(raw line) noexcept override {
    format_ = read_names(line);
    is_by_name_ = format_ != plan::no_format;
    if (is_by_name_) return true;
    if (!plan_.patterns().empty() && split(plan_.patterns(), line, record_)) {
      format_ = record_.format_index;
      by_place_.begin(plan_.layouts()[format_], record_);
      return true;
    }
    format_ = read_row(line);
    is_by_name_ = format_ != plan::no_format;
    return is_by_name_;
  }

  std::size_t format() const noexcept { return format_; }  // its place in plan::formats()

  signal_rule read_signals() noexcept override { return is_by_name_ ? by_name_->read_signals() : by_place_.read_signals(); }
  bool has_time() const noexcept override { return is_by_name_ ? by_name_->has_time() : by_place_.has_time(); }
  void find_time(std::optional<record_time>& found) noexcept override {
    if (is_by_name_) by_name_->find_time(found);
    else by_place_.find_time(found);
  }
  void write(const protection& rules, scope& around, writer& out) noexcept override {
    if (is_by_name_) by_name_->write(rules, around, out);
    else by_place_.write(rules, around, out);
  }

  void fill(const protection& rules, scope& around, output_record& out) noexcept override {
    if (is_by_name_) by_name_->fill(rules, around, out);
    else by_place_.fill(rules, around, out);
  }

  void explain(const protection& rules, scope& around, writer& out, const tell_field& tell) override {
    if (is_by_name_) return by_name_->explain(rules, around, out, tell);
    const auto& steps = plan_.layouts()[format_].steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      out.rewind(0);
      const outcome result = by_place_.write_field(i, rules, around, out);
      tell(steps[i].name, steps[i].cls, result, std::string(out.text()));
    }
  }

  record_writer& by_place() noexcept { return by_place_; }
  keyed_writer* by_name() noexcept { return by_name_ ? &*by_name_ : nullptr; }  // where the plan has such formats

 private:
  std::size_t read_names(raw line) noexcept {
    if (!by_name_) return plan::no_format;
    const bool is_only_one = plan_.formats().size() == 1;
    const std::size_t format = is_only_one ? 0 : plan_.keyed_format_of(keyed_syntax_of(line));
    if (format == plan::no_format || is_table(plan_.formats()[format].syntax)) return plan::no_format;
    try {
      return by_name_->read(plan_.formats()[format].syntax, line) ? format : plan::no_format;
    } catch (const std::bad_alloc&) {  // for the class of a new name
      return plan::no_format;
    }
  }

  std::size_t read_row(raw line) noexcept {
    if (table_ == nullptr || !table_->is_there()) return plan::no_format;
    try {
      return by_name_->read_row(*table_, line) ? plan_.keyed_format_of(table_->syntax()) : plan::no_format;
    } catch (const std::bad_alloc&) {
      return plan::no_format;
    }
  }

  const plan& plan_;
  const table_head* table_;
  record record_;
  record_writer by_place_;
  std::optional<keyed_writer> by_name_;  // where the plan has such formats
  std::size_t format_ = plan::no_format;
  bool is_by_name_ = false;
};

// A line behind a head: of syslog and the like, of an error log, or of both. Belongs to one stream.
class headed_line {
 public:
  headed_line(const plan& rules, value_writer& values, report& counts, line_fields& within)
      : plan_(rules), values_(values), counts_(counts), within_(within) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      kinds_[i] = head_parts[i].what;
      if (const auto wanted = rules.rules().class_of(head_parts[i].name)) kinds_[i] = {.cls = *wanted};
      columns_[i] = column_of(kinds_[i].cls, kinds_[i].form, head_parts[i].name, {});
    }
  }

  // As line_fields::read. A message of no format has a class of its own: free text behind the head of an error log.
  bool read(raw line) noexcept {
    line_ = text_ = line;
    has_line_within_ = false;
    error_from_ = 0;
    if (plan_.headed_format() == plan::no_format || !read_heads(line, head_)) return read_error_alone();
    format_ = plan_.headed_format();
    if (read_message(head_.count, head_.message)) return true;
    if (head_.sure_count == 0) return read_error_alone();
    if (head_.sure_count != head_.count && read_message(head_.sure_count, head_.sure_message)) return true;
    head_.count = error_from_;
    heads_end_ = text_.begin();
    // Nobody knows this message: a reject, unless the policy has a class for it.
    return is_readable_ && (kind_of(head_part::message).cls != field_class::drop || text_.empty() || text_ == "-");
  }

  std::size_t format() const noexcept { return format_; }  // its place in plan::formats()

  // Of the line that was given last: whether a head stands in front of it, and whether its message is of a known format.
  bool has_head() const noexcept { return plan_.headed_format() != plan::no_format && format_ == plan_.headed_format(); }
  bool knows_message() const noexcept { return has_line_within_ || message_part_ == head_part::error_message; }

  signal_rule read_signals() noexcept { return has_line_within_ ? within_.read_signals() : signal_rule::ignore; }
  bool has_time() const noexcept { return true; }
  void find_time(std::optional<record_time>& found) noexcept {
    for (std::size_t i = 0; i < head_.count; ++i)
      if (kind_of(head_.parts[i].what).cls == field_class::time) values_.read_time(head_.parts[i].text, found);
    if (has_line_within_) within_.find_time(found);
  }

  void write(const protection& rules, scope& around, writer& out) noexcept {
    const char* from = write_parts(0, error_from_, line_.begin(), rules, around, out);
    if (error_from_ != 0) put_punctuation(from, message_.begin(), out);
    from = write_parts(error_from_, head_.count, text_.begin(), rules, around, out);
    put_punctuation(from, heads_end_, out);
    if (has_line_within_) within_.write(rules, around, out);
    else if (!rest_.empty()) put(message_part_, rest_, rules, around, out);
  }

  void fill(const protection& rules, scope& around, output_record& out) noexcept {
    const auto fill_part = [&](head_part what, raw text) {
      const std::size_t from = out.written().size();
      put_value(what, text, rules, around, out.written());
      out.add(columns_[static_cast<std::size_t>(what)], raw(head_parts[static_cast<std::size_t>(what)].name), from);
    };
    for (std::size_t i = 0; i < head_.count; ++i) fill_part(head_.parts[i].what, text_of(head_.parts[i]));
    if (has_line_within_) within_.fill(rules, around, out);
    else if (!rest_.empty()) fill_part(message_part_, rest_);
  }

  // As line_fields::explain.
  void explain(const protection& rules, scope& around, writer& out, const line_within::tell_field& tell) {
    const auto tell_part = [&](head_part what, raw text) {
      out.rewind(0);
      const outcome result = put(what, text, rules, around, out);
      tell(head_parts[static_cast<std::size_t>(what)].name, kind_of(what).cls, result, std::string(out.text()));
    };
    for (std::size_t i = 0; i < head_.count; ++i) tell_part(head_.parts[i].what, text_of(head_.parts[i]));
    if (has_line_within_) within_.explain(rules, around, out, tell);
    else if (!rest_.empty()) tell_part(message_part_, rest_);
  }

 private:
  const field_kind& kind_of(head_part what) const noexcept { return kinds_[static_cast<std::size_t>(what)]; }

  static raw without_blanks(raw text) noexcept { return head_chain_detail::without_blanks(text); }

  // The message behind so many parts of the head: a line of a known format.
  bool read_message(std::size_t parts, raw message) noexcept {
    error_from_ = head_.count = parts;
    message_ = without_blanks(message);
    bool ok = true;
    rest_ = text_ = undo_octal(message_, values_.memory(), ok);
    heads_end_ = text_.begin();
    is_readable_ = ok;
    has_line_within_ = ok && !text_.empty() && within_.read(text_);
    message_part_ = head_part::message;
    return has_line_within_ || (ok && read_error());
  }

  bool read_error_alone() noexcept {
    format_ = plan_.error_format();
    text_ = line_;
    error_from_ = head_.count = 0;
    return read_error();
  }

  // The head of an error log at the front of the text.
  bool read_error() noexcept {
    if (plan_.error_format() == plan::no_format || !read_error_head(text_, head_)) return false;
    if (head_.holds_record) {
      heads_end_ = head_.message.begin();
      return has_line_within_ = within_.read(head_.message);
    }
    bool ok = true;
    heads_end_ = without_blanks(head_.message).begin();
    rest_ = unescape_log(without_blanks(head_.message), values_.memory(), ok);
    if (!ok) rest_ = raw("?", 1);
    message_part_ = head_part::error_message;
    return true;
  }

  // The escapes of error logs undone in the message that stands in front of a record.
  raw text_of(const line_head::part& part) noexcept {
    if (part.what != head_part::error_message) return part.text;
    bool ok = true;
    const raw text = unescape_log(part.text, values_.memory(), ok);
    return ok ? text : raw("?", 1);
  }

  // The parts and what stands in front of each; returns where the last one ends.
  const char* write_parts(std::size_t first, std::size_t end, const char* from, const protection& rules, scope& around, writer& out) noexcept {
    for (std::size_t i = first; i < end; ++i) {
      const line_head::part& part = head_.parts[i];
      put_punctuation(from, part.text.begin(), out);
      from = part.text.end();
      put(part.what, text_of(part), rules, around, out);
    }
    return from;
  }

  outcome put(head_part what, raw text, const protection& rules, scope& around, writer& out) noexcept {
    const std::size_t from = out.size();
    const outcome result = put_value(what, text, rules, around, out);
    if (!is_message(what) && what != head_part::time && what != head_part::error_time) out.replace_since(from, ' ', "%20");
    return result;
  }

  static bool is_message(head_part what) noexcept { return what == head_part::message || what == head_part::error_message; }

  outcome put_value(head_part what, raw text, const protection& rules, scope& around, writer& out) noexcept {
    const field_kind& kind = kind_of(what);
    const bool is_last_text = is_message(what) && kind.cls == field_class::text;
    const outcome result = is_last_text ? rules.apply_last_text(text, around, out)
                                        : values_.put(kind.cls, kind.form, text, memo::nowhere, rules, around, out);
    ++counts_.fields[static_cast<std::size_t>(kind.cls)][static_cast<std::size_t>(result)];
    return result;
  }

  // With the letters of Apache's `pid`, `tid` and `client`, and of kubectl's `pod`. Colours of a terminal are left out.
  static void put_punctuation(const char* from, const char* to, writer& out) noexcept {
    constexpr char escape = '\x1B';
    while (from != to) {
      const char* const colour = std::find(from, to, escape);
      punctuation<" <>[]:|#*()/-\tcdeilnopt">::put(from, colour, out);
      const char* const colour_end = std::find_if(colour, to, [](char c) { return c == 'm' || c == 'K'; });
      from = colour_end == to ? to : colour_end + 1;
    }
  }

  const plan& plan_;
  value_writer& values_;
  report& counts_;
  line_fields& within_;
  std::array<field_kind, std::size(head_parts)> kinds_{};
  std::array<const column*, std::size(head_parts)> columns_{};
  raw line_;
  line_head head_;
  raw message_;                 // where it stands in the line
  raw text_;                    // the message, its escapes undone; where there is no head of syslog, the line
  std::size_t error_from_ = 0;  // the parts from here on stand in the text
  const char* heads_end_ = nullptr;  // where the rest of the text begins
  raw rest_;                    // that, the escapes of error logs undone
  head_part message_part_ = head_part::message;
  std::size_t format_ = plan::no_format;
  bool is_readable_ = false;    // the message
  bool has_line_within_ = false;
};

// A line in a string of JSON, with a head in front of it or without. Belongs to one stream.
class inner_line final : public line_within {
 public:
  inner_line(const plan& rules, value_writer& values, report& counts, line_fields& within) : headed_(rules, values, counts, within), within_(within) {}

  bool read(raw line) noexcept override {
    is_headed_ = headed_.read(line) && headed_.knows_message();
    return is_headed_ || (!headed_.has_head() && within_.read(line));  // a head is no part of another line
  }
  signal_rule read_signals() noexcept override { return is_headed_ ? headed_.read_signals() : within_.read_signals(); }
  bool has_time() const noexcept override { return is_headed_ ? headed_.has_time() : within_.has_time(); }
  void find_time(std::optional<record_time>& found) noexcept override {
    if (is_headed_) headed_.find_time(found);
    else within_.find_time(found);
  }
  void write(const protection& rules, scope& around, writer& out) noexcept override {
    if (is_headed_) headed_.write(rules, around, out);
    else within_.write(rules, around, out);
  }
  void fill(const protection& rules, scope& around, output_record& out) noexcept override {
    if (is_headed_) headed_.fill(rules, around, out);
    else within_.fill(rules, around, out);
  }
  void explain(const protection& rules, scope& around, writer& out, const tell_field& tell) override {
    if (is_headed_) headed_.explain(rules, around, out, tell);
    else within_.explain(rules, around, out, tell);
  }

 private:
  headed_line headed_;
  line_fields& within_;
  bool is_headed_ = false;
};

}  // namespace anonlog
