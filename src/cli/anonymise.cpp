// cli/anonymise.cpp: the main job: what its options mean together, before a byte is read.
#include "anonymise.hpp"

#include <unistd.h>

#include <string>

#include "commands.hpp"
#include "file_checks.hpp"
#include "message.hpp"
#include "run.hpp"
#include "signals.hpp"
#include "summary.hpp"

namespace anonlog::cli {

int anonymise(const anonymise_options& options) {
  anonymise_options wanted = options;
  if (!wanted.on_reject.empty() && !is_plain_word(wanted.on_reject))
    return fail(exit_usage, "--on-reject: expects drop, skeleton or fail");
  if (!wanted.on_reject.empty())
    wanted.settings.named_overrides.push_back({"--on-reject", "rejects.action", wanted.on_reject, ""});
  if (!wanted.max_reject.empty())
    wanted.settings.named_overrides.push_back(
        {"--max-reject", "rejects.max", wanted.max_reject, "expects a share of 0 to 100 %, such as 1%"});
  if (wanted.append && wanted.output.empty()) return fail(exit_usage, "--append needs -o FILE");

  if (wanted.files.empty() && ::isatty(STDIN_FILENO) == 1) {
    const std::string help = short_help();
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, help.data(), help.size());
    return exit_usage;
  }

  watch_signals(wanted.append ? on_hangup::reopen : on_hangup::stop);
  if (auto shape = parse_output_shape(wanted.settings.output_shape); !shape) return fail(exit_usage, "--output-format: " + shape.error().message);
  const result<std::shared_ptr<const plan>> rules = wanted.settings.make_plan();
  if (!rules) return fail(exit_usage, rules.error().message);
  if (rules.value()->rules().text("rejects.action") == "skeleton" && wanted.rejects.empty())
    return fail(exit_usage, "--on-reject skeleton needs --rejects FILE");
  if (const int code = check_files(wanted); code != exit_done) return code;
  int code = exit_done;
  int ended_by = 0;
  {
    run job(wanted, rules.value());  // what it holds of the log is wiped before a signal ends the process
    code = job.all();
    ended_by = job.ended_by();
  }
  if (ended_by != 0) die_by_signal(ended_by);
  return code;
}

}  // namespace anonlog::cli
