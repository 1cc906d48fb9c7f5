// cli/formats_command.cpp: `anonlog formats`: each named format with its pattern and one line before and after.
#include "commands.hpp"

#include <optional>
#include <sstream>
#include <string>

#include "message.hpp"

namespace anonlog::cli {

namespace {

// Under balanced, with keys of this run.
result<std::string> after(std::string_view name, std::string_view sample) {
  plan_options options;
  options.format = name;
  const result<std::shared_ptr<const plan>> rules = plan::make(std::move(options));
  if (!rules) return rules.error();
  stream lines(rules.value());
  std::string room(rules.value()->output_bound(sample.size()), '\0');
  input_buffer in{sample.data(), sample.size()};
  output_buffer out{room.data(), room.size(), 0};
  lines.feed(in, out);
  lines.finish(out);
  return room.substr(0, out.pos);
}

// A table's sample has a header and a row.
std::string indented(std::string_view lines) {
  std::string text;
  for (const char c : lines) {
    text += c;
    if (c == '\n') text += "           ";
  }
  return text;
}

}  // namespace

int list_formats() {
  std::ostringstream answer;
  std::optional<setup_error> failed;
  const auto add = [&](const auto& format, std::string_view kind, std::string_view text) {
    const result<std::string> written = after(format.name, format.sample);
    if (!written) failed = written.error();
    else
      answer << format.name << "\n  " << kind << "  " << text << "\n  before   " << indented(format.sample) << "\n  after    " << indented(written.value())
             << "\n  source   " << format.source << "\n\n";
  };
  for (const log_format& format : known_formats)  // the same in the colours of a terminal are left out: they would colour this one
    if (format.pattern.find('\x1B') == std::string_view::npos) add(format, "pattern", format.pattern);
  for (const keyed_format& format : keyed_formats) add(format, "kind   ", format.kind);
  for (const keyed_format& format : {headed_format, error_log_format}) add(format, "kind   ", format.kind);
  if (failed) return fail(exit_usage, failed->message);
  answer << "auto\n  kind     each line is read as the one of these that fits it\n\n"
            << "Any other pattern is given in the syntax of nginx's log_format or Apache's LogFormat:\n"
            << "  anonlog -f '$remote_addr [$time_local] \"$request\" $status'\n"
            << "  anonlog -f '%h %t \"%r\" %>s'\n";
  return print(answer.str());
}

}  // namespace anonlog::cli
