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

#include <anonlog/format/record.hpp>
#include <anonlog/format/split.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/record_writer.hpp>
#include <anonlog/report.hpp>
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
        writer_(*plan_, counts_),
        carry_(new char[plan_->longest_line() + 1]),
        rejects_wanted_(action_of(plan_->rules().text("rejects.action"))) {
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
    if (plan::scratch_bytes(text.size()) > writer_.memory().size()) larger.emplace(plan::scratch_bytes(text.size()));
    scope around = scope_at(time.value_or(plan_->now()), plan_->normal().zone_seconds(), larger ? *larger : writer_.memory());
    writer target(out.data + out.pos, out.room());
    const scratch::frame frame(around.memory);
    bool ok = true;
    const raw decoded = unescape_log(text, around.memory, ok);
    const outcome result = plan_->normal().apply(cls, keep_form::any, ok ? decoded : raw("?", 1), around, target);
    if (target.overflowed()) return false;
    ++counts_.fields[static_cast<std::size_t>(cls)][static_cast<std::size_t>(result)];
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
    const scratch::frame frame(writer_.memory());
    writer_.begin(layout, record_);
    told.is_strict = writer_.read_signals() == signal_rule::strict;
    const protection& rules = told.is_strict ? plan_->strict() : plan_->normal();
    scope around = scope_of(writer_.find_time(), rules);
    for (std::size_t i = 0; i < layout.steps.size(); ++i) {
      writer target(room.data(), room.size());
      const outcome result = writer_.write_field(i, rules, around, target);
      told.fields.push_back({layout.steps[i].name, layout.steps[i].cls, result, std::string(target.text())});
    }
    return told;
  }

  // The lines so far; counts() has everything.
  struct line_counts {
    std::uint64_t in, out, rejected;
  };
  line_counts lines() const noexcept { return {counts_.lines_in, counts_.lines_out, counts_.lines_rejected()}; }

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
  enum class reject_action : unsigned char { drop, skeleton, fail };

  static reject_action action_of(std::string_view word) noexcept {
    return word == "fail" ? reject_action::fail : word == "skeleton" ? reject_action::skeleton : reject_action::drop;
  }

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

    const plan::layout& layout = plan_->layouts()[record_.format_index];
    const scratch::frame frame(writer_.memory());
    writer_.begin(layout, record_);
    const signal_rule signal = layout.has_signal ? writer_.read_signals() : signal_rule::ignore;
    if (signal == signal_rule::drop) {
      ++counts_.lines_withheld;
      return;
    }
    const protection& rules = signal == signal_rule::strict ? plan_->strict() : plan_->normal();
    const std::optional<record_time> time = writer_.find_time();
    if (!time && layout.has_time && rules.needs_time()) return reject(reject_cause::unreadable_time, content, rejects);
    if (!time) ++counts_.epoch_guessed;

    scope around = scope_of(time, rules);
    if (around.keys == nullptr) ++counts_.no_era;
    writer target(out.data + out.pos, out.room());
    using pseudonyms = record_writer::pseudonyms;
    writer_.write(rules, around, keys_.is_late() ? pseudonyms::forget : pseudonyms::remember, target);
    if (ends_in_cr) target.put('\r');
    if (end == line_end::newline) target.put('\n');
    const bool is_too_long = target.overflowed() || target.size() > plan_->longest_line();  // or it could not be read again
    if (is_too_long) return reject(reject_cause::too_long, content, rejects);
    out.pos += target.size();
    counts_.bytes_out += target.size();
    ++counts_.lines_out;
    ++counts_.format_lines[record_.format_index];
    if (time) note_time(rules.on_grid(time->unix_seconds, around.zone_seconds));
  }

  // A record without a time of its own is in the epoch of the one before.
  scope scope_of(const std::optional<record_time>& time, const protection& rules) noexcept {
    if (time) epoch_time_ = time->unix_seconds;
    const std::int32_t zone_seconds = time && time->has_zone ? time->zone_seconds : rules.zone_seconds();
    return scope_at(epoch_time_, zone_seconds, writer_.memory());
  }

  scope scope_at(std::int64_t time, std::int32_t zone_seconds, scratch& memory) noexcept {
    const epoch_keys* const keys = keys_.keys_at(time);
    if (keys_.forgotten_epochs() != forgotten_epochs_) writer_.forget_pseudonyms();
    forgotten_epochs_ = keys_.forgotten_epochs();
    return scope{.keys = keys,
                 .zone_seconds = zone_seconds,
                 .keyring_given = plan_->keys() != nullptr,
                 .memory = memory,
                 .counts = counts_.transforms};
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
    skeleton::write(line.first(plan_->longest_line()), target);
    target.put('\n');
    rejects->pos += target.size();
  }

  std::shared_ptr<const plan> plan_;
  key_source keys_;
  report counts_;
  record_writer writer_;
  std::unique_ptr<char[]> carry_;  // an unfinished line
  std::size_t carried_ = 0;
  reject_action rejects_wanted_;
  std::uint64_t forgotten_epochs_ = 0;
  record record_;
  std::int64_t epoch_time_ = 0;  // of the record before
  bool is_overlong_ = false;
  bool is_stopped_ = false;
};

}  // namespace anonlog
