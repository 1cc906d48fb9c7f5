// cli/value_command.cpp: `anonlog value CLASS`: each line of standard input is one value, written back transformed.
#include "commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>

#include "input.hpp"
#include "message.hpp"
#include "output.hpp"
#include "signals.hpp"
#include "wiped_buffer.hpp"

namespace anonlog::cli {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 16;
constexpr std::size_t flush_bytes = std::size_t{1} << 18;

// From blocks of standard input to transformed lines, in bounded memory: of a value that is longer than a line may be
// nothing is kept, and it becomes "-".
class value_lines {
 public:
  value_lines(const std::shared_ptr<const plan>& rules, field_class cls, output& to)
      : cls_(cls),
        values_(rules),
        value_room_(plan::value_bound(rules->longest_line()) + 1),
        pending_(rules->longest_line() + 1),
        lines_(flush_bytes + value_room_),
        to_(to) {}

  write_status take(std::string_view block) {
    for (std::size_t newline; (newline = block.find('\n')) != std::string_view::npos;
         block.remove_prefix(newline + 1)) {
      keep(block.substr(0, newline));
      if (write_status written = add_value(); !written.is_done()) return written;
      lines_.data()[used_++] = '\n';
    }
    keep(block);
    return flush();
  }

  // The last value, which has no newline.
  write_status end() {
    if (pending_size_ == 0) return {};
    write_status written = add_value();
    return written.is_done() ? flush() : written;
  }

 private:
  bool is_overlong() const noexcept { return pending_size_ == pending_.size(); }

  void keep(std::string_view piece) noexcept {
    const std::size_t taken = std::min(piece.size(), pending_.size() - pending_size_);
    if (taken != 0) std::memcpy(pending_.data() + pending_size_, piece.data(), taken);
    pending_size_ += taken;
  }

  write_status add_value() {
    if (lines_.size() - used_ < value_room_) {
      if (write_status written = flush(); !written.is_done()) return written;
    }
    output_buffer out{lines_.data(), lines_.size() - 1, used_};
    if (is_overlong() || !values_.value(cls_, raw(pending_.data(), pending_size_), std::nullopt, out)) {
      out.data[out.pos++] = '-';
    }
    used_ = out.pos;
    pending_size_ = 0;
    return {};
  }

  write_status flush() {
    const std::string_view lines(lines_.data(), std::exchange(used_, 0));
    return lines.empty() ? write_status{} : to_.write(lines);
  }

  field_class cls_;
  stream values_;
  std::size_t value_room_;  // for one value and its newline
  wiped_buffer pending_;    // a value that is not complete; full: too long
  std::size_t pending_size_ = 0;
  wiped_buffer lines_;
  std::size_t used_ = 0;
  output& to_;
};

struct ending {
  int code = exit_done;
  int signal = 0;  // the one to die by
};

ending end_with(const write_status& status) {
  switch (status.state) {
    case write_state::done: break;
    case write_state::stopped: return {.code = exit_failure, .signal = stop_signal()};
    case write_state::reader_gone: return {.code = exit_failure, .signal = SIGPIPE};
    case write_state::failed: return {.code = fail(exit_failure, status.message)};
  }
  return {};
}

ending transform_all(const std::shared_ptr<const plan>& rules, field_class cls) {
  result<input> from = input::open("-");
  if (!from) return {.code = fail(exit_failure, from.error().message)};
  result<output> to = output::standard_output();
  if (!to) return {.code = fail(exit_failure, to.error().message)};
  value_lines values(rules, cls, *to);
  const wiped_buffer block(block_bytes);
  for (;;) {
    const read_status got = from->read_some(block.data(), block.size());
    write_status written;
    switch (got.state) {
      case read_state::data: written = values.take({block.data(), got.count}); break;
      case read_state::end:
        written = values.end();
        return end_with(written.is_done() ? to->commit() : written);
      case read_state::failed: return {.code = fail(exit_failure, got.message)};
      case read_state::interrupted:
        if (stop_signal() != 0) return {.code = exit_failure, .signal = stop_signal()};
        break;
      case read_state::nothing_yet: break;
    }
    if (!written.is_done()) return end_with(written);
  }
}

}  // namespace

int transform_values(const settings_options& options, const std::string& class_name) {
  std::optional<field_class> cls = field_class_from(class_name);
  if (!cls)
    return fail(exit_usage, "unknown class" + quoted_word(class_name) + "; " + suggest(class_name, field_class_names));
  if (*cls == field_class::visitor) return fail(exit_usage, "class \"visitor\" is not in this version");
  watch_signals(on_hangup::stop);
  const result<std::shared_ptr<const plan>> rules = options.make_plan();
  if (!rules) return fail(exit_usage, rules.error().message);
  if (::isatty(STDIN_FILENO) == 1)
    return fail(exit_usage, "value: pipe values in, one a line, as in `anonlog value ip < addresses.txt`");
  if (rules.value()->keys() == nullptr && rules.value()->normal().is_keyed(*cls)) say(keys_are_ephemeral);
  const ending ended = transform_all(rules.value(), *cls);
  if (ended.signal != 0) die_by_signal(ended.signal);
  return ended.code;
}

}  // namespace anonlog::cli
