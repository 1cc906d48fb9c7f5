// cli/main.cpp: the command line. Names and exit codes: the CLI contract, sections 1 and 2.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <vector>

#include <anonlog/crypto/sodium_ready.hpp>

#include "commands.hpp"
#include "descriptor.hpp"
#include "message.hpp"

namespace anonlog::cli {

namespace {

// A core dump would hold log content and keys.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

// CLI11's own texts quote what they did not expect, which may be a log line: only option names are named here.
int usage_error(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return fail(exit_usage, error.what());
  const CLI::App* used = &app;
  while (!used->get_subcommands().empty()) used = used->get_subcommands().front();
  std::vector<std::string> known_names;
  for (const CLI::App* level : {used, &app})
    for (const CLI::Option* option : level->get_options())
      for (const std::string& name : option->get_lnames()) known_names.push_back("--" + name);
  const std::vector<std::string_view> known(known_names.begin(), known_names.end());
  for (const std::string& extra : used->remaining(true)) {
    if (!extra.starts_with('-') || extra.find_first_of(" \t") != std::string::npos) continue;
    const std::string name = extra.substr(0, extra.find('='));
    return fail(exit_usage, "unknown option " + name + "; " + suggest(name, known));
  }
  (void)words;
  return fail(exit_usage, "too many words on the command line; see --help");
}

}  // namespace

int run_command(int argc, char** argv) {
  CLI::App app{"Takes the people out of access logs: anonlog < access.log"};
  app.name("anonlog");
  app.set_help_flag("-h,--help", "show this help");
  app.require_subcommand(0, 1);
  app.footer(
      "With no option, standard input is anonymised to standard output by the preset `balanced`: addresses truncated,\n"
      "users turned into pseudonyms, times to the hour, agents, referrers and URLs reduced. What is not understood is\n"
      "not copied.\n\n"
      "Exit codes: 0 done, 1 input, output or system error, 2 usage, policy, keyring or format error, 3 too many rejects");

  anonymise_options main_options;
  main_options.settings.add_to(app, settings_options::with_format::yes);
  app.add_option("FILE", main_options.files, "logs, plain, gzip or zstd; - or none: standard input");
  app.add_option("-o,--output", main_options.output, "file, replaced in one step at the end, or a directory");
  app.add_flag("--append", main_options.append, "with -o: write in place, reopen on SIGHUP");
  app.add_option("-j,--threads", main_options.threads, "threads; the output is the same for any number")
      ->check(CLI::Range(1u, 1024u));
  app.add_option("--on-reject", main_options.on_reject, "drop, skeleton or fail: what becomes of lines that do not fit");
  app.add_option("--rejects", main_options.rejects, "file for the skeletons of rejects");
  app.add_option("--seal-key", main_options.seal_key, "not in this version");
  app.add_option("--max-reject", main_options.max_reject, "share of rejects at which the run fails (default: 10%)");
  app.add_option("--report", main_options.report, "file for the counts, as JSON");
  app.add_flag("--progress,!--no-progress", main_options.progress, "a progress bar on standard error, or none");
  app.add_flag("--line-buffered", main_options.line_buffered, "write after every read");
  app.add_option("--output-format", main_options.output_format, "same");
  app.add_flag("-v,--verbose", main_options.verbose, "one line of counts on standard error");
  std::string kernel;
  app.add_option("--kernel", kernel, "force a SIMD kernel (also ANONLOG_KERNEL)");
  bool show_version = false;
  app.add_flag("--version", show_version, "version and kernel in use");

  settings_options explain_options;
  std::vector<std::string> explained;
  CLI::App* const explain_app = app.add_subcommand("explain", "what becomes of each part of one line, and why");
  explain_options.add_to(*explain_app, settings_options::with_format::yes);
  explain_app->add_option("LINE", explained, "the line; none: the first of standard input")->expected(0, 1);

  settings_options value_options;
  std::string class_name;
  CLI::App* const value_app = app.add_subcommand("value", "transforms values of one class, one a line");
  value_app->add_option("CLASS", class_name, "ip, user, request, agent ...")->required();
  value_options.add_to(*value_app, settings_options::with_format::no);

  CLI::App* const formats_app = app.add_subcommand("formats", "the named formats, with a line before and after");

  std::vector<std::string> policy_overrides;
  std::string shown_policy = "balanced", checked_policy, first_policy, second_policy;
  CLI::App* const policy_app = app.add_subcommand("policy", "shows, checks and compares policies");
  policy_app->require_subcommand(1);
  CLI::App* const show_app = policy_app->add_subcommand("show", "a preset or policy file in full");
  show_app->add_option("POLICY,-p,--policy", shown_policy, "preset or file (default: balanced)");
  show_app->add_option("--set", policy_overrides, "one override")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  CLI::App* const check_app = policy_app->add_subcommand("check", "errors with line and column");
  check_app->add_option("POLICY,-p,--policy", checked_policy, "preset or file")->required();
  check_app->add_option("--set", policy_overrides, "one override")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  CLI::App* const diff_app = policy_app->add_subcommand("diff", "what differs between two");
  diff_app->add_option("FIRST", first_policy, "preset or file")->required();
  diff_app->add_option("SECOND", second_policy, "preset or file")->required();

  new_key_options key_options;
  std::string listed_keyring;
  CLI::App* const key_app = app.add_subcommand("key", "makes and lists keyrings");
  key_app->require_subcommand(1);
  CLI::App* const new_app = key_app->add_subcommand("new", "makes a keyring with one era of a fresh random secret");
  new_app->add_option("FILE,-k,--keyring,-o,--output", key_options.path, "the file to make; never overwritten");
  new_app->add_option("--era", key_options.era, "its name (default: this month)");
  new_app->add_option("--from", key_options.from, "first moment, such as 2026-01-01T00:00:00Z; - = open");
  new_app->add_option("--to", key_options.to, "first moment after it; - = open");
  CLI::App* const list_app = key_app->add_subcommand("list", "eras and fingerprints; never keys");
  list_app->add_option("FILE,-k,--keyring", listed_keyring, "the keyring");

  std::vector<std::string> words(argv + 1, argv + argc);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    std::cout << app.help();
    return exit_done;
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error, words);
  }

  if (kernel.empty())
    if (const char* const forced = std::getenv("ANONLOG_KERNEL")) kernel = forced;
  if (!kernel.empty() && std::find(kernel_names.begin(), kernel_names.end(), kernel) == kernel_names.end())
    return fail(exit_usage, "unknown kernel \"" + kernel + "\"; " + suggest(kernel, kernel_names));
  if (show_version) {
    std::cout << "anonlog " << version << " (kernel " << kernel_name() << ")\n";
    return exit_done;
  }
  if (*explain_app) return explain(explain_options, explained.empty() ? std::nullopt : std::optional(explained[0]));
  if (*value_app) return transform_values(value_options, class_name);
  if (*formats_app) return list_formats();
  if (*show_app) return show_policy(shown_policy, policy_overrides);
  if (*check_app) return check_policy(checked_policy, policy_overrides);
  if (*diff_app) return diff_policies(first_policy, second_policy);
  if (*new_app) {
    if (key_options.path.empty())
      if (const char* const path = std::getenv("ANONLOG_KEYRING")) key_options.path = path;
    return new_key(key_options);
  }
  if (*list_app) {
    settings_options with_environment;
    with_environment.keyring = listed_keyring;
    return list_keys(with_environment.keyring_path());
  }
  return anonymise(main_options);
}

}  // namespace anonlog::cli

int main(int argc, char** argv) {
  using namespace anonlog::cli;
  occupy_standard_descriptors();
  forbid_core_dumps();
  try {
    const int code = run_command(argc, argv);
    std::cout.flush();
    if (!std::cout && code == exit_done) return fail(exit_failure, "standard output: cannot be written");
    return code;
  } catch (const std::bad_alloc&) {
    return fail(exit_failure, "out of memory");
  } catch (const std::exception&) {
    return fail(exit_failure, "a fault of this program; nothing more was written");
  }
}
