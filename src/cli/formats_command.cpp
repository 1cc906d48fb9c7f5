// cli/formats_command.cpp: `anonlog formats`: each named format with its pattern and one line before and after.
#include "commands.hpp"

#include <sstream>

#include "message.hpp"

namespace anonlog::cli {

int list_formats() {
  std::ostringstream answer;
  for (const log_format& format : known_formats) {
    plan_options options;
    options.format = format.name;
    const result<std::shared_ptr<const plan>> rules = plan::make(std::move(options));
    if (!rules) return fail(exit_usage, rules.error().message);
    stream lines(rules.value());
    std::string after(rules.value()->output_bound(format.sample.size()), '\0');
    input_buffer in{format.sample.data(), format.sample.size()};
    output_buffer out{after.data(), after.size(), 0};
    lines.feed(in, out);
    lines.finish(out);
    answer << format.name << "\n  pattern  " << format.pattern << "\n  before   " << format.sample << "\n  after    "
              << std::string_view(out.data, out.pos) << "\n\n";
  }
  answer << "auto\n  kind     each line is read as the one of these that fits it\n\n"
            << "Any other pattern is given in the syntax of nginx's log_format or Apache's LogFormat:\n"
            << "  anonlog -f '$remote_addr [$time_local] \"$request\" $status'\n"
            << "  anonlog -f '%h %t \"%r\" %>s'\n";
  return print(answer.str());
}

}  // namespace anonlog::cli
