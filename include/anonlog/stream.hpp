// stream.hpp: bytes in, anonymised lines out; whole lines only, bounded memory, the same bytes for any chunking.
//
// One line, one direction: split into positions, find the record's own time and with it its keys, then write field
// after field. What stands between fields comes from the grammar, never from the log. A line that does not fit is
// counted and dropped; there is no "pass".
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog/core/memo.hpp>
#include <anonlog/format/record.hpp>
#include <anonlog/format/split.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/report.hpp>
#include <anonlog/transform/calendar.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/transform/skeleton.hpp>

namespace anonlog {

struct input_buffer {
  const char* data;
  std::size_t size;
  std::size_t pos = 0;  // moves: what is before was read
};

struct output_buffer {
  char* data;
  std::size_t size;
  std::size_t pos = 0;  // moves: what is before was written
  std::size_t room() const noexcept { return size - pos; }
};

enum class stream_status : unsigned char {
  done,       // all input was read
  need_room,  // empty the output (and rejects) buffer and call again
  stopped,    // a reject under rejects.action = "fail"
};

// Belongs to one thread. Holds log content while it lives and wipes it when it goes.
class stream {
 public:
  static constexpr std::size_t skeleton_room = skeleton::max_output_bytes + 1;

  // Throws std::bad_alloc when there is no memory, or none that can be protected for keys.
  explicit stream(std::shared_ptr<const plan> rules)
      : plan_(std::move(rules)),
        keys_(source_of(*plan_)),
        line_memory_(plan::scratch_bytes(plan_->longest_line())),
        carry_(new char[plan_->longest_line() + 1]),
        keyed_(memo_pairs),
        plain_(memo_pairs),
        rejects_wanted_(plan_->rules().text("rejects.action")) {
    counts_.format_lines.resize(plan_->formats().size());
    epoch_time_ = plan_->now();
  }
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  ~stream() { wipe(carry_.get(), plan_->longest_line() + 1); }

  // Reads `in` and writes whole lines to `out`; skeletons of rejects to `rejects`, if given and asked for.
  stream_status feed(input_buffer& in, output_buffer& out, output_buffer* rejects = nullptr) noexcept {
    while (!is_stopped_ && in.pos < in.size) {
      const char* const begin = in.data + in.pos;
      const std::size_t available = in.size - in.pos;
      const void* const newline = std::memchr(begin, '\n', available);
      if (newline == nullptr) {
        carry(raw(begin, available));
        count_in(in, available);
        break;
      }
      const raw piece(begin, static_cast<std::size_t>(static_cast<const char*>(newline) - begin));
      if (!has_room(carried_ + piece.size(), out, rejects)) return stream_status::need_room;
      if (carried_ == 0 && !is_overlong_) {
        take_line(piece, line_end::newline, out, rejects);
      } else {
        carry(piece);
        take_carried(line_end::newline, out, rejects);
      }
      count_in(in, piece.size() + 1);
    }
    return is_stopped_ ? stream_status::stopped : stream_status::done;
  }

  // Ends one input: writes the last line if it had no newline. The next feed begins another input.
  stream_status finish(output_buffer& out, output_buffer* rejects = nullptr) noexcept {
    if (!is_stopped_ && (carried_ != 0 || is_overlong_)) {
      if (!has_room(carried_, out, rejects)) return stream_status::need_room;
      take_carried(line_end::missing, out, rejects);
    }
    keys_.begin_input();
    epoch_time_ = plan_->now();
    return is_stopped_ ? stream_status::stopped : stream_status::done;
  }

  // Transforms one value as it stands in a text log; `time` chooses the epoch, none: the plan's now.
  // False if `out` has less room than plan::value_bound(value.size()) and it did not suffice; nothing is written then.
  bool value(field_class cls, raw text, std::optional<std::int64_t> time, output_buffer& out) {
    std::optional<scratch> larger;
    if (plan::scratch_bytes(text.size()) > line_memory_.size()) larger.emplace(plan::scratch_bytes(text.size()));
    scope around = scope_at(time.value_or(plan_->now()), plan_->normal().zone_seconds(), larger ? *larger : line_memory_);
    writer target(out.data + out.pos, out.room());
    const scratch::frame frame(around.memory);
    bool ok = true;
    const raw decoded = unescape_log(text, around.memory, ok);
    const outcome result = plan_->normal().apply(cls, keep_form::any, ok ? decoded : raw("?", 1), around, target);
    if (target.overflowed()) return false;
    count(cls, result);
    out.pos += target.size();
    return true;
  }

  struct explained_field {
    std::string name;
    field_class cls;
    outcome result;
    std::string after;
  };
  struct explanation {
    const grammar* format = nullptr;  // nullptr: no format fits
    bool is_strict = false;           // a DNT or GPC field is 1
    std::string output;
    std::vector<explained_field> fields;
  };

  // What becomes of one line, part by part. Counts it, writes nothing.
  explanation explain(raw line) {
    explanation told;
    std::string room(plan_->output_bound(line.size()), '\0');
    output_buffer out{room.data(), room.size()};
    take_line(line, line_end::missing, out, nullptr);
    told.output.assign(out.data, out.pos);
    if (!split(plan_->formats(), line, record_)) return told;
    told.format = &plan_->formats()[record_.format_index];
    const plan::layout& layout = plan_->layouts()[record_.format_index];
    told.is_strict = layout.has_signal && read_signals(layout) == signal_rule::strict;
    const protection& rules = told.is_strict ? plan_->strict() : plan_->normal();
    const std::optional<record_time> time = find_time(layout);
    scope around = scope_at(time ? time->unix_seconds : epoch_time_,
                            time && time->has_zone ? time->zone_seconds : rules.zone_seconds(), line_memory_);
    for (std::size_t i = 0; i < layout.steps.size(); ++i) {
      const plan::step& step = layout.steps[i];
      writer target(room.data(), room.size());
      const outcome result = write_field(layout, step, record_.fields[i], rules, around, target);
      protect_slot(layout, step, 0, target);
      told.fields.push_back({step.name, step.cls, result, std::string(target.text())});
    }
    return told;
  }

  report counts() const {
    report made = counts_;
    made.late_epoch = keys_.late_epochs();
    return made;
  }

  report_context context() const {
    report_context made;
    made.preset = plan_->rules().preset_name();
    made.policy_name = plan_->rules().text("name");
    made.policy_fingerprint = plan_->policy_fingerprint();
    for (std::size_t i = 0; i < plan_->formats().size(); ++i) {
      made.formats.push_back(plan_->formats()[i].name);
      for (const plan::step& s : plan_->layouts()[i].steps)
        if (s.cls == field_class::drop) made.dropped_fields.emplace_back(i, s.name);
    }
    made.agent_rules = agent_rules_version;
    made.is_ephemeral = plan_->keys() == nullptr;
    made.recipient = plan_->keying().recipient;
    for (const key_source::used_era& era : keys_.used_eras()) {
      made.era_ids.emplace_back(era.id);
      made.key_fingerprints.emplace_back(view(era.fingerprint));
    }
    return made;
  }

 private:
  enum class line_end : unsigned char { newline, missing };
  static constexpr std::size_t memo_pairs = 1024;

  static key_source source_of(const plan& rules) {
    result<key_source> made = rules.keys() ? key_source::from_keyring(*rules.keys(), rules.keying())
                                           : key_source::ephemeral(rules.keying());
    if (!made) throw std::bad_alloc();
    return std::move(*made);
  }

  void count_in(input_buffer& in, std::size_t bytes) noexcept {
    in.pos += bytes;
    counts_.bytes_in += bytes;
  }

  bool has_room(std::size_t line_bytes, const output_buffer& out, const output_buffer* rejects) const noexcept {
    const std::size_t bytes = line_bytes < plan_->longest_line() ? line_bytes : plan_->longest_line();
    return out.room() >= plan_->output_bound(bytes) && (rejects == nullptr || rejects->room() >= skeleton_room);
  }

  // Keeps a piece of an unfinished line; of a line that is too long only the beginning.
  void carry(raw piece) noexcept {
    const std::size_t room = plan_->longest_line() + 1 - carried_;
    const std::size_t taken = piece.size() < room ? piece.size() : room;
    if (taken != 0) std::memcpy(carry_.get() + carried_, piece.begin(), taken);
    carried_ += taken;
    is_overlong_ = is_overlong_ || taken < piece.size();
  }

  void take_carried(line_end end, output_buffer& out, output_buffer* rejects) noexcept {
    const raw line(carry_.get(), carried_);
    take_line(line, end, out, rejects);
    wipe(carry_.get(), carried_);
    carried_ = 0;
    is_overlong_ = false;
  }

  void take_line(raw line, line_end end, output_buffer& out, output_buffer* rejects) noexcept {
    ++counts_.lines_in;
    const bool ends_in_cr = !line.empty() && line.back() == '\r';
    const raw content = line.without_last(ends_in_cr ? 1 : 0);
    if (line.size() > plan_->longest_line()) return reject(reject_cause::too_long, content, rejects);
    if (!split(plan_->formats(), content, record_)) return reject(reject_cause::no_format, content, rejects);

    const scratch::frame frame(line_memory_);
    const plan::layout& layout = plan_->layouts()[record_.format_index];
    const protection* rules = &plan_->normal();
    if (layout.has_signal) {
      const signal_rule wanted = read_signals(layout);
      if (wanted == signal_rule::drop) {
        ++counts_.lines_withheld;
        return;
      }
      if (wanted == signal_rule::strict) rules = &plan_->strict();
    }
    const std::optional<record_time> time = find_time(layout);
    if (time) {
      epoch_time_ = time->unix_seconds;
    } else if (layout.has_time && rules->needs_time()) {
      return reject(reject_cause::unreadable_time, content, rejects);
    } else {
      ++counts_.epoch_guessed;
    }

    scope around = scope_at(epoch_time_, time && time->has_zone ? time->zone_seconds : rules->zone_seconds(), line_memory_);
    if (around.keys == nullptr) ++counts_.no_era;
    writer target(out.data + out.pos, out.room());
    write_fields(layout, *rules, around, target);
    if (ends_in_cr) target.put('\r');
    if (end == line_end::newline) target.put('\n');
    if (target.overflowed()) return reject(reject_cause::too_long, content, rejects);
    out.pos += target.size();
    counts_.bytes_out += target.size();
    ++counts_.lines_out;
    ++counts_.format_lines[record_.format_index];
    if (time) note_time(rules->on_grid(time->unix_seconds));
  }

  void write_fields(const plan::layout& layout, const protection& rules, scope& around, writer& target) noexcept {
    for (std::size_t i = 0; i < layout.steps.size(); ++i) {
      const plan::step& step = layout.steps[i];
      target.put(step.literal_before);
      const std::size_t from = target.size();
      count(step.cls, write_field(layout, step, record_.fields[i], rules, around, target));
      protect_slot(layout, step, from, target);
    }
    target.put(layout.last_literal);
  }

  outcome write_field(const plan::layout& layout, const plan::step& step, raw text, const protection& rules, scope& around,
                      writer& target) noexcept {
    const scratch::frame frame(around.memory);
    bool ok = true;
    const raw value = decode_slot(layout, step, text, around.memory, ok);
    if (!ok) {
      target.put('-');
      return outcome::unreadable;
    }
    const std::optional<std::uint8_t> kind = rules.memo_kind(step.cls);
    if (!kind) return rules.apply(step.cls, step.form, value, around, target);
    memo& known = rules.is_keyed(step.cls) ? keyed_ : plain_;
    if (&known == &keyed_) forget_other_epochs(around.keys);
    if (const memo::remembered* const found = known.find(*kind, value, counts_.transforms)) {
      target.put(found->text);
      return found->outcome;
    }
    const tally before = counts_.transforms;
    const std::size_t from = target.size();
    const outcome result = rules.apply(step.cls, step.form, value, around, target);
    if (!target.overflowed()) known.store(*kind, value, target.text(from), result, before, counts_.transforms);
    return result;
  }

  // Undoes the escapes of the server, and of the slot where an output can hold the slot's delimiter (SPEC 3.1, F4).
  static raw decode_slot(const plan::layout& layout, const plan::step& step, raw text, scratch& memory, bool& ok) noexcept {
    raw value = layout.escapes == dialect::json ? unescape_json(text, memory, ok) : unescape_log(text, memory, ok);
    if (step.delimiter != 0 && protection::can_hold_delimiters(step.cls))
      value = undo_percent(value, step.delimiter, memory, ok);
    return value;
  }

  // Writes the bytes that would end the slot in the slot's own escape.
  static void protect_slot(const plan::layout& layout, const plan::step& step, std::size_t from, writer& target) noexcept {
    if (step.cls == field_class::forwarded)
      target.replace_since(from, '"', layout.escapes == dialect::nginx ? "\\x22" : "\\\"");
    if (step.delimiter == 0) return;
    const unsigned char byte = static_cast<unsigned char>(step.delimiter);
    const char escaped[3] = {'%', upper_hex_digits[byte >> 4], upper_hex_digits[byte & 15]};
    target.replace_since(from, step.delimiter, std::string_view(escaped, sizeof escaped));
  }

  signal_rule read_signals(const plan::layout& layout) noexcept {
    using privacy_signal = grammar_field::privacy_signal;
    signal_rule strongest = signal_rule::ignore;
    for (std::size_t i = 0; i < layout.steps.size(); ++i) {
      const privacy_signal signal = layout.steps[i].signal;
      if (signal == privacy_signal::none || !(record_.fields[i] == "1")) continue;
      ++(signal == privacy_signal::dnt ? counts_.dnt_lines : counts_.gpc_lines);
      strongest = std::min(strongest, plan_->rule_of(signal));
    }
    return strongest;
  }

  struct record_time {
    std::int64_t unix_seconds;
    std::int32_t zone_seconds;
    bool has_zone;
  };

  // The record's own time: its first time field that parses. The zone: that of its first calendar stamp that has one.
  std::optional<record_time> find_time(const plan::layout& layout) noexcept {
    std::optional<record_time> found;
    if (!layout.has_time) return found;
    for (std::size_t i = 0; i < layout.steps.size(); ++i) {
      const plan::step& step = layout.steps[i];
      if (step.cls != field_class::time) continue;
      const scratch::frame frame(line_memory_);
      bool ok = true;
      timestamp stamp;
      const raw text = decode_slot(layout, step, record_.fields[i], line_memory_, ok);
      if (!ok || !read_timestamp(text, stamp)) continue;
      std::int64_t seconds = 0;
      if (!found && unix_seconds(stamp, plan_->normal().zone_seconds(), plan_->now(), seconds))
        found = record_time{seconds, 0, false};
      if (found && !found->has_zone && stamp.has_zone) {
        found->has_zone = true;
        found->zone_seconds = stamp.zone_seconds;
      }
    }
    return found;
  }

  scope scope_at(std::int64_t time, std::int32_t zone_seconds, scratch& memory) noexcept {
    return scope{.keys = keys_.keys_at(time),
                 .zone_seconds = zone_seconds,
                 .keyring_given = plan_->keys() != nullptr,
                 .memory = memory,
                 .counts = counts_.transforms};
  }

  void forget_other_epochs(const epoch_keys* keys) noexcept {
    const std::uint64_t serial = keys == nullptr ? 0 : keys->serial();
    if (serial == keyed_serial_) return;
    keyed_.forget();
    keyed_serial_ = serial;
  }

  void count(field_class cls, outcome result) noexcept {
    ++counts_.fields[static_cast<std::size_t>(cls)][static_cast<std::size_t>(result)];
  }

  void note_time(std::int64_t bucket) noexcept {
    if (bucket < counts_.first_time) counts_.first_time = bucket;
    if (bucket > counts_.last_time) counts_.last_time = bucket;
  }

  void reject(reject_cause cause, raw line, output_buffer* rejects) noexcept {
    ++counts_.rejects[static_cast<std::size_t>(cause)];
    if (counts_.lines_in <= report::head_lines) ++counts_.rejects_in_head;
    is_stopped_ = rejects_wanted_ == "fail";
    if (rejects == nullptr || rejects_wanted_ != "skeleton") return;
    writer target(rejects->data + rejects->pos, rejects->room());
    skeleton::write(line.first(plan_->longest_line()), target);
    target.put('\n');
    rejects->pos += target.size();
  }

  std::shared_ptr<const plan> plan_;
  key_source keys_;
  scratch line_memory_;
  std::unique_ptr<char[]> carry_;  // an unfinished line
  std::size_t carried_ = 0;
  memo keyed_;  // pseudonyms of one epoch
  memo plain_;
  std::uint64_t keyed_serial_ = 0;
  std::string rejects_wanted_;
  record record_;
  report counts_;
  std::int64_t epoch_time_ = 0;  // of the record before: the epoch of a record without a usable time
  bool is_overlong_ = false;
  bool is_stopped_ = false;
};

}  // namespace anonlog
