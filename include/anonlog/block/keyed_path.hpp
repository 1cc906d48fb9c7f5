// block/keyed_path.hpp: what the stream does for the kernels with lines of JSON: shapes, stamps, single values, unusual
// lines, and the counts.
#pragma once

#include <cstring>

#include <anonlog/block/block_state.hpp>
#include <anonlog/block/keyed_state.hpp>
#include <anonlog/exact_path.hpp>
#include <anonlog/transform/release_words.hpp>

namespace anonlog {

// Belongs to one stream.
class keyed_path final : public keyed_state {
 public:
  keyed_path(const plan& rules, exact_path& exact)
      : keyed_state(rules, exact.values().agents(), exact.values().urls(), exact.counts()), exact_(exact), names_(exact.line().by_name()) {
    format_ = rules.keyed_format_of(line_syntax::json);
  }

  void set_outputs(output_buffer& out, output_buffer* rejects) noexcept {
    out_ = &out;
    rejects_ = rejects;
    room_end_ = out.data + out.size;
    forget_heads_with_their_keys();
  }

  // As plain_path's.
  void begin_input() noexcept { forget_heads(); }
  bool forget_heads_with_their_keys() noexcept {
    if (exact_.keys().forgotten_epochs() == forgotten_epochs_) return false;
    forgotten_epochs_ = exact_.keys().forgotten_epochs();
    forget_heads();
    return true;
  }

  exact_answer take_exact(const keyed_line& line, char*& cursor) noexcept override {
    const std::size_t line_bytes = static_cast<std::size_t>(line.end - line.begin) + (line.has_cr ? 1 : 0);
    out_->pos = static_cast<std::size_t>(cursor - out_->data);
    if (!exact_.has_room(line_bytes, *out_, rejects_)) return exact_answer::need_room;
    const std::uint64_t lines_before = exact_.counts().lines_out;
    exact_.take_line(raw(line.begin, line_bytes), line_end::newline, *out_, rejects_);
    cursor = out_->data + out_->pos;
    if (exact_.is_stopped()) return exact_answer::stopped;
    const bool is_written = exact_.counts().lines_out != lines_before;
    const bool has_learned = is_written && line_bytes != 0 && *line.begin == '{' && learn();
    return forget_heads_with_their_keys() || has_learned ? exact_answer::forgot_heads : exact_answer::written;
  }

  bool enter_stamp(std::size_t which, raw stamp) noexcept override {
    const protection& how = rules().normal();
    timestamp read;
    std::int64_t second = 0;
    const bool is_read = stamp.size() <= longest_stamp && read_timestamp(stamp, read) && read.form != time_form::epoch && read.has_year &&
                         unix_seconds(read, how.zone_seconds(), 0, second);
    if (!is_read) return false;
    const std::int64_t span = exact_.span_of(second, read.second_of_day);
    const std::int64_t begin = second - read.second_of_day % span;
    scope around = exact_.scope_of(record_time{second, read.zone_seconds, read.has_zone}, how);
    forget_heads_with_their_keys();
    if (around.keys == nullptr || exact_.keys().is_late()) {
      exact_.give_back_keys();
      return false;
    }

    char floored[longest_stamp];
    writer out(floored, sizeof floored);
    const scratch::frame frame(around.memory);
    if (how.apply(field_class::time, keep_form::any, stamp, around, out) != outcome::reduced || out.size() != stamp.size()) return false;

    stamp_head& known = heads()[which];
    known = {};
    head_memory& head = known.stamp;
    head.size = stamp.size();
    std::memcpy(head.low.data(), stamp.begin(), stamp.size());
    std::memcpy(head.text.data(), floored, stamp.size());
    known.time_at = (read.is_bracketed ? 1 : 0) + read.before.size();
    allow_digits(head, known.time_at, span, how.grid_seconds());
    if (read.fraction_mark != 0)
      for (unsigned i = 0; i < read.fraction_digits; ++i) allow_digit(head, known.time_at + 9 + i, 9);
    head.is_hour = span == 3600;
    head.second = begin;
    head.bucket = how.on_grid(begin, around.zone_seconds);
    head.zone_seconds = around.zone_seconds;
    head.keys = around.keys;
    return true;
  }

  char* put_value(const keyed_line& line, std::size_t slot, raw value, char* cursor) noexcept override {
    const keyed_slot& at = shape(line.shape).slots[slot];
    return written(line, at, cursor, [&](scope& around, writer& out) { names_->write_plain(at, value, rules().normal(), around, out); });
  }

  char* put_request(const keyed_line& line, std::size_t slot, raw request, raw target, char* cursor) noexcept override {
    if (target.holds(' ')) return put_value(line, slot, request, cursor);
    const keyed_slot& at = shape(line.shape).slots[slot];
    return written(line, {.of = at.of}, cursor, [&](scope& around, writer& out) {
      const auto target_from = static_cast<std::size_t>(target.begin() - request.begin());
      release_words(request.first(target_from), out);
      exact_.values().put_target(line.places[at.look_up], target, rules().normal(), around, out);
      release_words(request.sub(target_from + target.size()), out);
      ++counts().fields[static_cast<std::size_t>(field_class::request)][static_cast<std::size_t>(request_outcome())];
    });
  }

  char* put_repeated(const keyed_line& line, std::size_t slot, raw value, char* cursor) noexcept override {
    const keyed_slot& at = shape(line.shape).slots[slot];
    repeated_value& known = shape(line.shape).repeated[slot];
    known.text_bytes = 0;
    return written(line, at, cursor, [&](scope& around, writer& out) {
      const tally before = counts().transforms;
      const outcome result = names_->write_plain(at, value, rules().normal(), around, out);
      const std::string_view made = at.is_string ? out.text(1).substr(0, out.size() - 2) : out.text();
      if (out.overflowed() || value.size() > repeated_value::longest || made.size() > repeated_value::longest || !(counts().transforms == before)) return;
      std::memcpy(known.text.data(), value.begin(), value.size());
      std::memcpy(known.written.data(), made.data(), made.size());
      known.text_bytes = static_cast<std::uint8_t>(value.size());
      known.written_bytes = static_cast<std::uint8_t>(made.size());
      known.result = result;
    });
  }

  void count(std::size_t which, const keyed_counts& counted) noexcept override {
    keyed_shape& of = shape(which);
    report& counts = this->counts();
    of.uses += counted.lines;
    lines_since_settled_ += counted.lines;
    if (lines_since_settled_ >= memo::most_uses / 2) {
      exact_.values().settle(counts.transforms);
      lines_since_settled_ = 0;
    }
    counts.lines_in += counted.lines;
    counts.lines_out += counted.lines;
    counts.bytes_out += counted.bytes_out;
    counts.format_lines[format_] += counted.lines;
    const auto add = [&](field_class cls, outcome what) {
      counts.fields[static_cast<std::size_t>(cls)][static_cast<std::size_t>(what)] += counted.lines;
    };
    add(field_class::time, outcome::reduced);
    for (std::size_t i = 0; i < of.word_count; ++i) add(of.words[i].cls, of.words[i].result);
    const head_memory& head = this->head(which).stamp;
    if (!head.has_copied) return exact_.note_record(head.second, head.bucket);
    for (const std::int64_t second : {counted.first_second, counted.last_second})
      exact_.note_record(head.second, rules().normal().on_grid(head.second + second, head.zone_seconds));
  }

 private:
  static constexpr std::size_t longest_stamp = 48;
  static constexpr std::uint64_t lines_a_lesson = 8;  // whoever writes lines of ever new shapes pays for few of them

  void forget_heads() noexcept {
    for (stamp_head& head : heads()) head.stamp.size = 0;
  }

  // Learns from the line that the exact path read just now. True if shapes have changed.
  bool learn() noexcept {
    if (unknown_lines_++ % lines_a_lesson != 0) return false;
    keyed_shape& made = lesson();
    if (!names_->learn(made) || !made.slots[made.time_slot].is_string) return false;
    std::size_t least = 0;
    for (std::size_t i = 0; i < most_shapes; ++i) {
      if (shape(i).is_like(made)) return false;  // its stamp is one that the exact path is to read
      if (shape(i).uses < shape(least).uses) least = i;
    }
    for (std::size_t i = 0; i < most_shapes; ++i) shape(i).uses /= 2;
    choose_ways(made);
    shape(least) = made;
    heads()[least] = {};
    return true;
  }

  void choose_ways(keyed_shape& made) const noexcept {
    using way = keyed_slot::way;
    const protection& how = rules().normal();
    bool has_client = false, has_request = false;
    for (std::size_t i = 0; i < made.slot_count; ++i) {
      keyed_slot& slot = made.slots[i];
      const field_class cls = slot.of.cls;
      slot.what = way_of(slot, i == made.time_slot);
      if (slot.what == way::client && std::exchange(has_client, true)) slot.what = way::other;  // there is room for one
      if (slot.what == way::request && std::exchange(has_request, true)) slot.what = way::other;
      if (slot.what != way::request && slot.what != way::remembered) continue;
      if (made.look_ups == keyed_shape::most_look_ups) {
        slot.what = way::other;
        continue;
      }
      slot.memo_kind = slot.what == way::request ? request_target_kind : how.memo_kind(cls);
      slot.look_up = static_cast<std::uint8_t>(made.look_ups++);
    }
  }

  keyed_slot::way way_of(const keyed_slot& slot, bool is_stamp) const noexcept {
    using way = keyed_slot::way;
    const protection& how = rules().normal();
    const field_class cls = slot.of.cls;
    if (is_stamp) return way::stamp;
    if (cls == field_class::keep && slot.of.form == keep_form::status) return way::status;
    if (cls == field_class::keep && slot.of.form == keep_form::number) return way::digits;
    if ((cls == field_class::bytes || cls == field_class::duration) && how.significant_digits_of(cls) == 0) return way::digits;
    if (!slot.is_string || slot.of.is_form_encoded) return way::other;  // what is remembered of its class is not encoded
    const bool edits_address = client().what == plain_client::rule::truncate || client().what == plain_client::rule::drop;
    if (cls == field_class::ip && edits_address) return way::client;
    if (cls == field_class::forwarded || how.is_keyed(cls)) return way::other;
    if (cls == field_class::request) return way::request;
    if (cls == field_class::referrer && how.gives_origins()) return way::referrer;
    return how.memo_kind(cls) != 0 ? way::remembered : way::repeated;
  }

  // Calls `write` with a writer at the cursor, for which there is room. Quotes are a part of what stands around a value: the
  // one in front of it is written again, and the one behind it will be.
  template <class Write>
  char* written(const keyed_line& line, const keyed_slot& at, char* cursor, Write write) noexcept {
    const head_memory& head = this->head(line.shape).stamp;
    scratch& memory = exact_.values().memory();
    const scratch::frame frame(memory);
    scope around = exact_.scope_with(head.keys, head.zone_seconds, memory);
    exact_.values().begin_line(around, value_writer::pseudonyms::remember);
    cursor -= at.is_string ? 1 : 0;
    writer out(cursor, static_cast<std::size_t>(room_end_ - cursor));
    write(around, out);
    return cursor + out.size() - (at.is_string ? 1 : 0);
  }

  static void allow_digit(head_memory& head, std::size_t at, unsigned char most) noexcept {
    head.low[at] = '0';
    head.range[at] = most;
  }

  // Of minutes and seconds, while nothing else of the stamp changes; those that the policy's grid keeps are copied.
  static void allow_digits(head_memory& head, std::size_t time_at, std::int64_t span, std::int32_t grid) noexcept {
    const auto allow = [&](std::size_t place, std::int64_t least_span, unsigned char most, std::int32_t finer_than) {
      if (span < least_span) return;
      allow_digit(head, time_at + place, most);
      if (grid >= finer_than) return;
      head.copied[time_at + place] = 0xFF;
      head.has_copied = true;
    };
    allow(3, 3600, 5, 3600);
    allow(4, 3600, 9, 600);
    allow(6, 60, 5, 60);
    allow(7, 60, 9, 10);
  }

  exact_path& exact_;
  keyed_writer* names_;
  std::size_t format_ = plan::no_format;
  output_buffer* out_ = nullptr;
  output_buffer* rejects_ = nullptr;
  std::uint64_t forgotten_epochs_ = 0;
  std::uint64_t lines_since_settled_ = 0;
  std::uint64_t unknown_lines_ = 0;
};

}  // namespace anonlog
