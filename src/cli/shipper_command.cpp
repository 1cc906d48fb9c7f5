// cli/shipper_command.cpp: `anonlog shipper --rsyslog`: rsyslog's mmexternal hands over one message a line and waits for one
// line of JSON, which says what becomes of the message's properties.
//
// Source: https://www.rsyslog.com/doc/configuration/modules/mmexternal.html and its plugin interface. What decides here:
// - there is one reply for each message, whatever it holds: a missing one, or one too many, gives each message that follows
//   the reply of another. Standard error is the same pipe, so nothing is said after the first message was read;
// - without a reply rsyslog goes on with the message as it came. So what may be written is in a property that nothing but a
//   reply sets, `$!anonlog`; `msg` and `rawmsg` are replaced, too, and never by null, at which rsyslogd crashed.
#include "commands.hpp"

#include <unistd.h>

#include <cerrno>
#include <string_view>

#include <anonlog/core/writer.hpp>

#include "message.hpp"
#include "output.hpp"
#include "wiped_buffer.hpp"

namespace anonlog::cli {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 16;

// From blocks of standard input to replies, one for each line.
class rsyslog_replies {
 public:
  rsyslog_replies(const std::shared_ptr<const plan>& rules, message_form form, output& to)
      : form_(form),
        messages_(rules),
        safe_(rules->output_bound(rules->longest_line()) + 1),
        reply_(4 * safe_.size() + longest_frame),
        to_(to) {}

  write_status take(std::string_view block) {
    for (std::size_t newline; (newline = block.find('\n')) != std::string_view::npos; block.remove_prefix(newline + 1)) {
      feed(block.substr(0, newline + 1));
      if (write_status written = reply(); !written.is_done()) return written;
    }
    feed(block);
    return {};
  }

  // A message that has no end is of a writer that went away; nobody waits for its reply.
  bool is_stopped() const noexcept { return status_ == stream_status::stopped; }

 private:
  static constexpr std::size_t longest_frame = 128;

  void feed(std::string_view piece) noexcept {
    if (is_at_begin_ && piece.starts_with(' ')) {  // behind the tag of syslog, and no part of a line
      safe_.data()[used_++] = ' ';
      piece.remove_prefix(1);
      blanks_ = 1;
    }
    is_at_begin_ = is_at_begin_ && piece.empty() && blanks_ == 0;
    if (piece.empty()) return;
    input_buffer in{piece.data(), piece.size()};
    output_buffer out{safe_.data(), safe_.size(), used_};
    status_ = messages_.feed(in, out);
    used_ = out.pos;
  }

  write_status reply() {
    std::string_view safe(safe_.data(), used_);
    while (safe.ends_with('\n') || safe.ends_with('\r')) safe.remove_suffix(1);
    const bool is_understood = safe.size() > blanks_;
    const bool is_object = safe.starts_with('{') && safe.ends_with('}');
    used_ = blanks_ = 0;
    is_at_begin_ = true;
    writer out(reply_.data(), reply_.size());
    if (is_understood && form_ != message_form::fulljson) put_message(safe, out);
    else if (is_object && form_ == message_form::fulljson) put_record(safe, out);
    else put_rejected(out);
    if (out.overflowed()) {
      out = writer(reply_.data(), reply_.size());
      put_rejected(out);
    }
    return to_.write(out.text());
  }

  static void put_message(std::string_view safe, writer& out) noexcept {
    out.put("{\"msg\":");
    put_string(safe, out);
    out.put(",\"rawmsg\":");
    put_string(safe, out);
    out.put(",\"$!\":{\"anonlog\":{\"status\":\"done\",\"msg\":");
    put_string(safe, out);
    out.put("}}}\n");
  }

  static void put_record(std::string_view safe, writer& out) noexcept {
    out.put("{\"msg\":\"-\",\"rawmsg\":\"-\",\"$!\":{\"anonlog\":{\"status\":\"done\",\"record\":");
    out.put(safe);
    out.put("}}}\n");
  }

  static void put_rejected(writer& out) noexcept { out.put("{\"msg\":\"-\",\"rawmsg\":\"-\",\"$!\":{\"anonlog\":{\"status\":\"rejected\"}}}\n"); }

  // A line that was anonymised holds no other control byte than the tab.
  static void put_string(std::string_view safe, writer& out) noexcept {
    out.put('"');
    const std::size_t from = out.size();
    out.put(safe);
    out.replace_since(from, '\\', "\\\\");
    out.replace_since(from, '"', "\\\"");
    out.replace_since(from, '\t', "\\t");
    out.put('"');
  }

  message_form form_;
  stream messages_;
  stream_status status_ = stream_status::done;
  wiped_buffer safe_;  // what became of a message
  std::size_t used_ = 0;
  std::size_t blanks_ = 0;  // of that in front of the message
  bool is_at_begin_ = true;
  wiped_buffer reply_;
  output& to_;
};

}  // namespace

int ship_rsyslog(const settings_options& options, message_form form) {
  const result<std::shared_ptr<const plan>> rules = options.make_plan();
  if (!rules) return fail(exit_usage, rules.error().message);
  if (::isatty(STDIN_FILENO) == 1) return fail(exit_usage, "shipper: is started by rsyslog, which writes messages to its standard input");
  result<output> to = output::standard_output();
  if (!to) return fail(exit_failure, to.error().message);
  rsyslog_replies replies(rules.value(), form, *to);
  const wiped_buffer block(block_bytes);
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return exit_failure;
    if (count == 0) return exit_done;
    if (!replies.take({block.data(), static_cast<std::size_t>(count)}).is_done()) return exit_failure;
    if (replies.is_stopped()) return exit_rejects;
  }
}

}  // namespace anonlog::cli
