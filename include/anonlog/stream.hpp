// stream.hpp: bytes in, anonymised lines out; whole lines only, bounded memory, the same bytes for any chunking.
//
// Blocks of whole lines go to a kernel (block/), which writes the plain ones itself; any other line, and one that comes in
// pieces, takes the exact path. A line that does not fit is counted and dropped; there is no "pass".
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/block/kernels.hpp>
#include <anonlog/block/keyed_path.hpp>
#include <anonlog/block/line_handover.hpp>
#include <anonlog/block/plain_path.hpp>
#include <anonlog/core/stream_buffers.hpp>
#include <anonlog/exact_path.hpp>
#include <anonlog/output/point_numbers.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/record_path.hpp>
#include <anonlog/report.hpp>
#include <anonlog/transform/decode.hpp>

namespace anonlog {

// Belongs to one thread. Holds log content while it lives and wipes it when it goes.
class stream {
 public:
  static constexpr std::size_t skeleton_room = exact_path::skeleton_room;

  // `secrets`: of another stream that takes blocks of the same inputs; none: ephemeral keys of its own.
  // Throws std::bad_alloc when there is no memory, or none that can be protected for keys.
  explicit stream(std::shared_ptr<const plan> rules, std::shared_ptr<shared_secrets> secrets = nullptr)
      : plan_(std::move(rules)),
        exact_(*plan_, std::move(secrets)),
        plain_(*plan_, exact_),
        keyed_(*plan_, exact_),
        records_(*plan_, exact_),
        run_block_(block_function_of(plan_->kernel())),
        run_keyed_block_(keyed_block_function_of(plan_->kernel())),
        carry_(new char[plan_->longest_line() + 1]),
        padded_(new char[padded_bytes]) {
    if (plan_->output_shape().kind == output_kind::influx) numbers_ = std::make_unique<point_numbers>(plan_->normal().grid_seconds());
  }
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  ~stream() {
    wipe(carry_.get(), plan_->longest_line() + 1);
    wipe(padded_.get(), most_padded_);
  }

  // Reads `in` and writes whole lines to `out`; skeletons of rejects to `rejects`, if given and asked for.
  stream_status feed(input_buffer& in, output_buffer& out, output_buffer* rejects = nullptr) noexcept {
    const std::size_t from = out.pos;
    const stream_status status = feed_lines(in, out, rejects);
    // Kernels write in steps of 64 bytes; what was begun of the log behind the last line is no output.
    if (out.pos != from) wipe(out.data + out.pos, std::min(block_state::longest_write, out.room()));
    forget_heads_with_their_keys();
    if (!is_in_block_) number_points(out.data + from, out.pos - from);
    return status;
  }

  // Ends one input: writes the last line if it had no newline. The next feed begins another input.
  stream_status finish(output_buffer& out, output_buffer* rejects = nullptr) noexcept {
    if (!exact_.is_stopped() && (carried_ != 0 || is_overlong_)) {
      if (!exact_.has_room(carried_, out, rejects)) return stream_status::need_room;
      const std::size_t from = out.pos;
      take_carried(line_end::missing, out, rejects);
      number_points(out.data + from, out.pos - from);
      forget_heads_with_their_keys();
    }
    exact_.begin_input();
    plain_.begin_input();
    keyed_.begin_input();
    return exact_.is_stopped() ? stream_status::stopped : stream_status::done;
  }

  // Several streams may share an input: each takes blocks of it, whole lines that stand together. Begun in any order, a
  // block is ended when all before it are; its stream tells the time of the last record, `time_before` if it has none.
  // `table`: what the lines before it say of its columns.
  void begin_block(block_before& before, const table_head& table) {
    is_in_block_ = true;
    exact_.table() = table;
    exact_.begin_block(before);
    plain_.begin_input();
    keyed_.begin_input();
    forget_heads_with_their_keys();
  }
  const table_head& table() const noexcept { return exact_.table(); }
  std::int64_t end_block(std::int64_t time_before) noexcept {
    is_in_block_ = false;
    return exact_.end_block(time_before);
  }
  // What blocks became, in the order of the input, goes through one of the streams before it is written: points of the line
  // protocol get their numbers then (output/point_numbers.hpp). Nothing is done in other shapes.
  void number_points(char* lines, std::size_t size) noexcept {
    if (numbers_) numbers_->number(lines, size);
  }
  // Of the last record, or now if there was none in this input.
  std::int64_t last_time() const noexcept { return exact_.last_time(); }
  // For begin_block's other streams; nullptr with a keyring.
  const std::shared_ptr<shared_secrets>& secrets() const noexcept { return exact_.keys().secrets(); }

  // Takes over the counts of a stream whose blocks are all ended, and which forgets its ephemeral keys.
  void absorb(stream& other) noexcept {
    exact_.absorb(other.exact_);
    other.forget_heads_with_their_keys();
  }

  // In a shape that is not the line's own: records go there, and nothing is written to `out`. It outlives the stream.
  void give_records_to(record_sink& sink) noexcept { exact_.give_records_to(sink); }

  // Where the plan hands over lines: plain ones go there, and no records are made of them. As with give_records_to, which is to
  // be called too. Throws std::bad_alloc.
  void give_lines_to(line_sink& sink) { handover_.begin(plain_, sink); }

  // Transforms one value as it stands in a text log; `time` chooses the epoch, none: the plan's now.
  // False if `out` has less room than plan::value_bound(value.size()) and it did not suffice; nothing is written then.
  bool value(field_class cls, raw text, std::optional<std::int64_t> time, output_buffer& out) {
    std::optional<scratch> larger;
    if (plan::scratch_bytes(text.size()) > exact_.values().memory().size()) larger.emplace(plan::scratch_bytes(text.size()));
    scope around = exact_.scope_at(time ? *time : plan_->now(), plan_->normal().zone_seconds(), larger ? *larger : exact_.values().memory());
    forget_heads_with_their_keys();
    writer target(out.data + out.pos, out.room());
    const scratch::frame frame(around.memory);
    bool ok = true;
    const raw decoded = unescape_log(text, around.memory, ok);
    const outcome result = plan_->normal().apply(cls, keep_form::any, ok ? decoded : raw("?", 1), around, target);
    if (target.overflowed()) return false;
    ++exact_.counts().fields[static_cast<std::size_t>(cls)][static_cast<std::size_t>(result)];
    out.pos += target.size();
    return true;
  }

  // Transforms a record that another program has taken apart; see record_path::take.
  record_status record(std::span<record_field> fields, std::optional<std::int64_t>& time, output_buffer& out) noexcept {
    const record_status status = records_.take(fields, time, out);
    forget_heads_with_their_keys();
    return status;
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
    bool is_table_line = false;       // no record: a line above the rows of a table
    std::string output;
    std::vector<explained_field> fields;
  };

  // What becomes of one line, part by part. Counts it, writes nothing.
  explanation explain(raw line) {
    explanation told;
    std::string room(plan_->output_bound(line.size()), '\0');
    output_buffer out{room.data(), room.size()};
    told.is_table_line = table_head(exact_.table()).take(line) != table_head::what::none;
    exact_.take_line(line, line_end::missing, out, nullptr);
    told.output.assign(out.data, out.pos);
    forget_heads_with_their_keys();
    if (told.is_table_line) return told;
    const scratch::frame frame(exact_.values().memory());
    writer target(room.data(), room.size());
    const line_within::tell_field tell = [&told](std::string_view name, field_class cls, outcome result, std::string after) {
      told.fields.push_back({std::string(name), cls, result, std::move(after)});
    };
    const auto explain_fields = [&](std::size_t format, auto& fields) {
      told.format = &plan_->formats()[format];
      told.is_strict = fields.read_signals() == signal_rule::strict;
      const protection& how = told.is_strict ? plan_->strict() : plan_->normal();
      std::optional<record_time> found;
      fields.find_time(found);
      scope around = exact_.scope_of(found, how);
      exact_.values().begin_line(around, value_writer::pseudonyms::forget);
      fields.explain(how, around, target, tell);
    };
    const exact_path::found_fields found = exact_.find(line);
    if (found == exact_path::found_fields::headed) explain_fields(exact_.headed().format(), exact_.headed());
    if (found == exact_path::found_fields::plain) explain_fields(exact_.line().format(), exact_.line());
    return told;
  }

  // The lines so far, at no cost; counts() has everything.
  struct line_counts {
    std::uint64_t in, out, rejected, rejected_in_head;

    // True when more than `share` (0..1) of the first lines were rejects.
    bool head_exceeds(double share) const noexcept {
      return in >= report::head_lines && static_cast<double>(rejected_in_head) > share * static_cast<double>(report::head_lines);
    }
  };
  line_counts lines() const noexcept {
    const report& counts = exact_.counts();
    return {counts.lines_in, counts.lines_out, counts.lines_rejected(), counts.rejects_in_head};
  }

  // Takes some ten thousand steps: for the end, or now and then.
  report counts() const {
    report made = exact_.counts();
    exact_.values().add_uses_to(made.transforms);
    made.late_epoch = exact_.keys().late_epochs();
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
    made.public_suffix_date = plan_->normal().public_suffix_date();
    made.is_ephemeral = plan_->keys() == nullptr;
    made.recipient = plan_->keying().recipient;
    for (const key_source::used_era& era : exact_.keys().used_eras()) {
      made.era_ids.emplace_back(era.id);
      made.key_fingerprints.emplace_back(view(era.fingerprint));
    }
    return made;
  }

 private:
  static constexpr std::size_t padded_bytes = block_state::block_bytes + block_state::slack_bytes;

  stream_status feed_lines(input_buffer& in, output_buffer& out, output_buffer* rejects) noexcept {
    while (!exact_.is_stopped() && in.pos < in.size) {
      const bool has_place = handover_.is_wanted() || !plan_->hands_over_lines();
      const bool may_be_plain = (plan_->has_plain_lines() || plan_->has_plain_json()) && has_place && !exact_.table().is_at_front();
      if (may_be_plain && carried_ == 0 && !is_overlong_) {
        const block_result read = take_block(in, out, rejects);
        count_in(in, read.bytes_read);
        if (read.status == block_status::need_room) return stream_status::need_room;
        if (read.bytes_read != 0) continue;
      }
      const char* const begin = in.data + in.pos;
      const std::size_t available = in.size - in.pos;
      const void* const newline = std::memchr(begin, '\n', available);
      if (newline == nullptr) {
        carry(raw(begin, available));
        count_in(in, available);
        break;
      }
      const raw piece(begin, static_cast<std::size_t>(static_cast<const char*>(newline) - begin));
      if (!exact_.has_room(carried_ + piece.size(), out, rejects)) return stream_status::need_room;
      if (carried_ == 0 && !is_overlong_) {
        exact_.take_line(piece, line_end::newline, out, rejects);
      } else {
        carry(piece);
        take_carried(line_end::newline, out, rejects);
      }
      count_in(in, piece.size() + 1);
    }
    return exact_.is_stopped() ? stream_status::stopped : stream_status::done;
  }

  // The whole lines of the next block. Kernels look a little behind a line: what stands at the very end of the input is
  // copied to where that is allowed.
  block_result take_block(const input_buffer& in, output_buffer& out, output_buffer* rejects) noexcept {
    const char* begin = in.data + in.pos;
    const std::size_t available = in.size - in.pos;
    const std::size_t ahead = available > block_state::slack_bytes ? available - block_state::slack_bytes : 0;
    std::size_t bytes = whole_lines(begin, std::min(ahead, block_state::block_bytes));
    if (bytes == 0) {
      bytes = whole_lines(begin, std::min(available, block_state::block_bytes));
      if (bytes == 0) return {0, block_status::done};
      std::memcpy(padded_.get(), begin, bytes);
      most_padded_ = std::max(most_padded_, bytes);
      begin = padded_.get();
    }
    if (handover_.is_wanted()) return handover_.run(plain_, run_block_, begin, bytes, out, rejects);
    char* cursor = out.data + out.pos;
    block_result read;
    if (plan_->has_plain_json() && (*begin == '{' || !plan_->has_plain_lines())) {  // the first line stands for the others
      keyed_.set_outputs(out, rejects);
      read = run_keyed_block_(keyed_, plain_.places(), begin, bytes, cursor);
    } else {
      plain_.set_outputs(out, rejects);
      read = run_block_(plain_, begin, bytes, cursor);
    }
    out.pos = static_cast<std::size_t>(cursor - out.data);
    return read;
  }

  // How many bytes of `begin[0..size)` are whole lines.
  static std::size_t whole_lines(const char* begin, std::size_t size) noexcept {
    const void* const last = size == 0 ? nullptr : ::memrchr(begin, '\n', size);
    return last == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(last) - begin) + 1;
  }

  void forget_heads_with_their_keys() noexcept {
    plain_.forget_heads_with_their_keys();
    keyed_.forget_heads_with_their_keys();
  }

  void count_in(input_buffer& in, std::size_t bytes) noexcept {
    in.pos += bytes;
    exact_.counts().bytes_in += bytes;
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
    exact_.take_line(line, end, out, rejects);
    wipe(carry_.get(), carried_);
    carried_ = 0;
    is_overlong_ = false;
  }

  std::shared_ptr<const plan> plan_;
  exact_path exact_;
  plain_path plain_;
  keyed_path keyed_;
  record_path records_;
  block_function run_block_;
  keyed_block_function run_keyed_block_;
  std::unique_ptr<char[]> carry_;   // an unfinished line
  std::unique_ptr<char[]> padded_;  // lines from the end of an input
  line_handover handover_;
  std::size_t carried_ = 0;
  std::size_t most_padded_ = 0;
  bool is_overlong_ = false;
  bool is_in_block_ = false;
  std::unique_ptr<point_numbers> numbers_;  // where the shape of the output has them
};

}  // namespace anonlog
