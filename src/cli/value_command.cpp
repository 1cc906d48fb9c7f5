// cli/value_command.cpp: `anonlog value CLASS`: each line of standard input is one value, written back transformed.
#include "commands.hpp"

#include <unistd.h>

#include <csignal>
#include <cstring>

#include "input.hpp"
#include "message.hpp"
#include "output.hpp"
#include "signals.hpp"

namespace anonlog::cli {

namespace {

// Appends the transformed value and a newline.
void add_value(stream& values, field_class cls, std::string_view value, std::string& lines) {
  const std::size_t from = lines.size();
  lines.resize(from + plan::value_bound(value.size()));
  output_buffer out{lines.data() + from, lines.size() - from, 0};
  if (!values.value(cls, raw(value), std::nullopt, out)) {
    out.data[0] = '-';
    out.pos = 1;
  }
  lines.resize(from + out.pos);
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
  result<input> from = input::open("-");
  if (!from) return fail(exit_failure, from.error().message);
  result<output> to = output::standard_output();
  if (!to) return fail(exit_failure, to.error().message);

  stream values(rules.value());
  std::string pending, lines;
  const auto ended = [](const write_status& status) {
    if (status.state == write_state::reader_gone) die_by_signal(SIGPIPE);
    if (status.state == write_state::stopped) die_by_signal(stop_signal());
    return fail(exit_failure, status.message);
  };
  std::string block(std::size_t{1} << 16, '\0');
  for (bool is_open = true; is_open;) {
    const read_status got = from->read_some(block.data(), block.size());
    if (got.state == read_state::failed) return fail(exit_failure, got.message);
    if (got.state == read_state::interrupted && stop_signal() != 0) die_by_signal(stop_signal());
    if (got.state == read_state::end) {
      if (!pending.empty()) add_value(values, *cls, pending, lines);
      is_open = false;
    } else if (got.state == read_state::data) {
      std::string_view rest(block.data(), got.count);
      for (std::size_t newline; (newline = rest.find('\n')) != std::string_view::npos;
           rest.remove_prefix(newline + 1)) {
        pending.append(rest.substr(0, newline));
        add_value(values, *cls, pending, lines);
        lines += '\n';
        pending.clear();
      }
      pending.append(rest);
    }
    if (const write_status written = to->write(lines); !written.is_done()) return ended(written);
    lines.clear();
  }
  if (const write_status closed = to->commit(); !closed.is_done()) return ended(closed);
  return exit_done;
}

}  // namespace anonlog::cli
