// exact_path.hpp: one line through everything: its fields found, by place or by name, its time and keys, field after field
// written.
//
// This defines what comes out of a line. Plain lines have a shorter way (block/) to the same bytes and counts.
#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include <anonlog/core/stream_buffers.hpp>
#include <anonlog/crypto/key_source.hpp>
#include <anonlog/line_fields.hpp>
#include <anonlog/output/json_lines.hpp>
#include <anonlog/output/line_protocol.hpp>
#include <anonlog/output/output_record.hpp>
#include <anonlog/output/record_sink.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/report.hpp>
#include <anonlog/table_writer.hpp>
#include <anonlog/transform/skeleton.hpp>
#include <anonlog/value_writer.hpp>

namespace anonlog {

// What a stream asks about the lines before a block (stream::begin_block), which another stream may still have in hand.
class block_before {
 public:
  // When they are done: the time of the last record. May wait for that; asked at most once a block.
  virtual std::int64_t last_time() noexcept = 0;

 protected:
  ~block_before() = default;
};

enum class line_end : unsigned char { newline, missing };

// Belongs to one stream.
class exact_path {
 public:
  // Throws std::bad_alloc when there is no memory, or none that can be protected for keys.
  exact_path(const plan& rules, std::shared_ptr<shared_secrets> secrets)
      : plan_(rules), keys_(source_of(rules, std::move(secrets))), values_(rules), table_(rules.tables()), within_(rules, values_, counts_, nullptr), headed_(rules, values_, counts_, within_), inner_(rules, values_, counts_, within_),
        line_(rules, values_, counts_, &inner_, &table_), rejects_wanted_(action_of(rules.rules().text("rejects.action"))) {
    counts_.format_lines.resize(rules.formats().size());
    epoch_time_ = rules.now();
    if (!rules.output_shape().is_same())
      record_.emplace(rules.values_bound(rules.longest_line()), rules.rules().text("agent.level") == "full");
  }

  report& counts() noexcept { return counts_; }
  const report& counts() const noexcept { return counts_; }
  const key_source& keys() const noexcept { return keys_; }
  value_writer& values() noexcept { return values_; }
  const value_writer& values() const noexcept { return values_; }
  record_writer& fields() noexcept { return line_.by_place(); }
  line_fields& line() noexcept { return line_; }
  headed_line& headed() noexcept { return headed_; }
  line_within& inner() noexcept { return inner_; }
  bool is_stopped() const noexcept { return is_stopped_; }

  // What the lines of this input say of the columns of those behind them.
  table_head& table() noexcept { return table_; }
  const table_head& table() const noexcept { return table_; }

  // In a shape that is not the line's own: records go there, and no line is written.
  void give_records_to(record_sink& sink) noexcept { sink_ = &sink; }

  void begin_input() noexcept {
    keys_.begin_input();
    table_.begin_input();
    epoch_time_ = plan_.now();
  }

  // Room for what a line of so many bytes may become, and for its skeleton.
  bool has_room(std::size_t line_bytes, const output_buffer& out, const output_buffer* rejects) const noexcept {
    const std::size_t bytes = line_bytes < plan_.longest_line() ? line_bytes : plan_.longest_line();
    return out.room() >= plan_.output_bound(bytes) && (rejects == nullptr || rejects->room() >= skeleton_room);
  }
  static constexpr std::size_t skeleton_room = skeleton::max_output_bytes + 1;

  // See stream::begin_block.
  void begin_block(block_before& before) noexcept {
    before_ = &before;
    keys_.begin_block();
    forget_with_keys();
  }
  std::int64_t end_block(std::int64_t time_before) noexcept {
    if (std::exchange(before_, nullptr) != nullptr) epoch_time_ = time_before;
    keys_.end_block();
    return epoch_time_;
  }
  std::int64_t last_time() const noexcept { return epoch_time_; }

  // Takes over the counts of another, which forgets its ephemeral keys.
  void absorb(exact_path& other) noexcept {
    other.values_.settle(other.counts_.transforms);
    counts_.absorb(other.counts_);
    keys_.absorb(other.keys_);
    if (other.keys_.is_ephemeral()) other.values_.forget_pseudonyms();
  }

  // `line` without its line feed, but with a CR in front of that. There must be room: plan::output_bound().
  void take_line(raw line, line_end end, output_buffer& out, output_buffer* rejects) noexcept {
    ++counts_.lines_in;
    const bool ends_in_cr = !line.empty() && line.back() == '\r';
    const raw content = line.without_last(ends_in_cr ? 1 : 0);
    if (line.size() > plan_.longest_line()) {
      table_.refuse_line();
      return reject(reject_cause::too_long, content, rejects);
    }
    const scratch::frame frame(values_.memory());
    if (has_tables_ && take_table_line(content, ends_in_cr, end, out)) return;
    const found_fields found = find(content);
    if (found == found_fields::headed) return take_record(headed_.format(), headed_, content, ends_in_cr, end, out, rejects);
    if (found == found_fields::plain) return take_record(line_.format(), line_, content, ends_in_cr, end, out, rejects);
    reject(reject_cause::no_format, content, rejects);
  }

  // Where the fields of a line are: in headed() or in line(). In a frame of the values' memory that the caller holds for as
  // long as the line lasts. A byte order mark in front of it is no part of any field, and is left out.
  enum class found_fields : unsigned char { none, headed, plain };
  found_fields find(raw line) noexcept {
    line = table_head::without_mark(line);
    if (plan_.error_format() != plan::no_format) {
      if (headed_.read(line)) return found_fields::headed;
      if (plan_.is_headed_only()) return found_fields::none;
    }
    return line_.read(line) ? found_fields::plain : found_fields::none;
  }

  // A record without a time of its own is in the epoch of the one before.
  scope scope_of(const std::optional<record_time>& time, const protection& rules) noexcept {
    block_before* const before = std::exchange(before_, nullptr);
    if (time) epoch_time_ = time->unix_seconds;
    else if (before != nullptr) epoch_time_ = before->last_time();
    const std::int32_t zone_seconds = time && time->has_zone ? time->zone_seconds : rules.zone_seconds();
    return scope_at(epoch_time_, zone_seconds, values_.memory());
  }

  scope scope_at(std::int64_t time, std::int32_t zone_seconds, scratch& memory) noexcept {
    const epoch_keys* const keys = keys_.keys_at(time);
    forget_with_keys();
    return scope_with(keys, zone_seconds, memory);
  }

  scope scope_with(const epoch_keys* keys, std::int32_t zone_seconds, scratch& memory) noexcept {
    return scope{.keys = keys,
                 .zone_seconds = zone_seconds,
                 .keyring_given = plan_.keys() != nullptr,
                 .memory = memory,
                 .counts = counts_.transforms,
                 .map_text = map_text_,
                 .copy_words = copy_words_};
  }

  // For how long, from the beginning of its hour or minute on, every stamp has the same keys and is written alike but for
  // digits that are copied.
  std::int64_t span_of(std::int64_t second, std::int64_t second_of_day) const noexcept {
    const std::int64_t grid = plan_.normal().grid_seconds();
    const bool is_by_digits = grid >= 3600 || grid == 600 || grid == 60 || grid == 10 || grid == 1;
    for (const std::int64_t span : {std::int64_t{3600}, std::int64_t{60}}) {
      const std::int64_t begin = second - second_of_day % span;
      if ((span == 60 || is_by_digits) && keys_.is_one_epoch(begin, begin + span - 1)) return span;
    }
    return 1;
  }

  // After scope_of: the line takes the exact path yet.
  void give_back_keys() noexcept { keys_.give_back(); }

  // A record that is no line (record_path.hpp) is not passed on.
  void refuse_record(reject_cause cause) noexcept { reject(cause, {}, nullptr); }

  // A line of this time has gone another way.
  void note_record(std::int64_t unix_seconds, std::int64_t bucket) noexcept {
    before_ = nullptr;
    epoch_time_ = unix_seconds;
    note_time(bucket);
  }

 private:
  enum class reject_action : unsigned char { drop, skeleton, fail };

  static reject_action action_of(std::string_view word) noexcept {
    return word == "fail" ? reject_action::fail : word == "skeleton" ? reject_action::skeleton : reject_action::drop;
  }

  static key_source source_of(const plan& rules, std::shared_ptr<shared_secrets> secrets) {
    result<key_source> made = rules.keys() ? key_source::from_keyring(*rules.keys(), rules.keying())
                                           : key_source::ephemeral(rules.keying(), std::move(secrets));
    if (!made) throw std::bad_alloc();
    return std::move(*made);
  }

  // What was made with keys goes when they are wiped.
  void forget_with_keys() noexcept {
    if (keys_.forgotten_epochs() != forgotten_epochs_) values_.forget_pseudonyms();
    forgotten_epochs_ = keys_.forgotten_epochs();
  }

  // What is the same for every kind of line: signals, time and keys first, then the fields to the output.
  template <class Fields>
  void take_record(std::size_t format, Fields& fields, raw content, bool ends_in_cr, line_end end, output_buffer& out, output_buffer* rejects) noexcept {
    const signal_rule signal = fields.read_signals();
    if (signal == signal_rule::drop) {
      ++counts_.lines_withheld;
      return;
    }
    const protection& rules = signal == signal_rule::strict ? plan_.strict() : plan_.normal();
    std::optional<record_time> time;
    fields.find_time(time);
    if (!time && fields.has_time() && rules.needs_time()) return reject(reject_cause::unreadable_time, content, rejects);
    if (!time) ++counts_.epoch_guessed;

    scope around = scope_of(time, rules);
    if (around.keys == nullptr) ++counts_.no_era;
    writer target(out.data + out.pos, out.room());
    using pseudonyms = value_writer::pseudonyms;
    values_.begin_line(around, keys_.is_late() ? pseudonyms::forget : pseudonyms::remember);
    if (record_) return take_shaped(format, fields, rules, around, time, content, out, rejects);
    fields.write(rules, around, target);
    put_line_end(ends_in_cr, end, target);
    const bool is_too_long = target.overflowed() || target.size() > plan_.longest_line();  // or it could not be read again
    if (is_too_long) return reject(reject_cause::too_long, content, rejects);
    count_out(format, target.size(), out);
    if (time) note_time(rules.on_grid(time->unix_seconds, around.zone_seconds));
  }

  // The same record in a shape that is not the line's own.
  template <class Fields>
  void take_shaped(std::size_t format, Fields& fields, const protection& rules, scope& around, const std::optional<record_time>& time, raw content,
                   output_buffer& out, output_buffer* rejects) noexcept {
    std::optional<output_time> bucket;
    if (time) bucket = {rules.on_grid(time->unix_seconds, around.zone_seconds), around.zone_seconds};
    record_->begin(bucket);
    fields.fill(rules, around, *record_);
    writer target(out.data + out.pos, out.room());
    const output_shape& shape = plan_.output_shape();
    if (sink_ != nullptr) {
      if (!record_->overflowed()) sink_->take(*record_);
    } else if (shape.kind == output_kind::jsonl) {
      put_json_line(*record_, target);
    } else {
      put_point(shape.point_begin, *record_, rules.on_grid(epoch_time_, around.zone_seconds), target);
    }
    if (record_->overflowed() || target.overflowed()) return reject(reject_cause::too_long, content, rejects);
    count_out(format, target.size(), out);
    if (bucket) note_time(bucket->unix_seconds);
  }

  void count_out(std::size_t format, std::size_t bytes, output_buffer& out) noexcept {
    out.pos += bytes;
    counts_.bytes_out += bytes;
    ++counts_.lines_out;
    ++counts_.format_lines[format];
  }

  // A header, or another line of a table that is no row. Without memory for it, it is a line like any other.
  bool take_table_line(raw line, bool ends_in_cr, line_end end, output_buffer& out) noexcept {
    table_head::what what = table_head::what::none;
    try {
      what = table_.take(line);
    } catch (const std::bad_alloc&) {
    }
    if (what == table_head::what::none) return false;
    if (record_) {  // it is no record, and records have names of their own
      --counts_.lines_in;
      return true;
    }
    writer target(out.data + out.pos, out.room());
    scope around = scope_with(nullptr, plan_.normal().zone_seconds(), values_.memory());
    write_table_line(what, line, table_, plan_.normal(), around, target);
    put_line_end(ends_in_cr, end, target);
    count_out(plan_.keyed_format_of(table_.syntax()), target.size(), out);
    return true;
  }

  static void put_line_end(bool ends_in_cr, line_end end, writer& out) noexcept {
    if (ends_in_cr) out.put('\r');
    if (end == line_end::newline) out.put('\n');
  }

  void note_time(std::int64_t bucket) noexcept {
    if (bucket < counts_.first_time) counts_.first_time = bucket;
    if (bucket > counts_.last_time) counts_.last_time = bucket;
  }

  void reject(reject_cause cause, raw line, output_buffer* rejects) noexcept {
    ++counts_.rejects[static_cast<std::size_t>(cause)];
    if (counts_.lines_in <= report::head_lines) ++counts_.rejects_in_head;
    is_stopped_ = rejects_wanted_ == reject_action::fail;
    if (rejects == nullptr || rejects_wanted_ != reject_action::skeleton) return;
    writer target(rejects->data + rejects->pos, rejects->room());
    skeleton::write(line.first(plan_.longest_line()), target);
    target.put('\n');
    rejects->pos += target.size();
  }

  const plan& plan_;
  text_map_function map_text_ = text_map_function_of(plan_.kernel());
  copy_words_function copy_words_ = copy_words_function_of(plan_.kernel());
  key_source keys_;
  report counts_;
  value_writer values_;
  table_head table_;
  bool has_tables_ = plan_.tables().any();
  line_fields within_;  // a line in another
  headed_line headed_;
  inner_line inner_;
  line_fields line_;
  std::optional<output_record> record_;  // where the shape of the output is not the line's own
  record_sink* sink_ = nullptr;
  reject_action rejects_wanted_;
  std::uint64_t forgotten_epochs_ = 0;
  std::int64_t epoch_time_ = 0;  // of the record before
  block_before* before_ = nullptr;  // knows that time, while no record of this block was seen
  bool is_stopped_ = false;
};

}  // namespace anonlog
