// cli/main.cpp: the command line. Names and exit codes: the CLI contract, sections 1 and 2.
#include <unistd.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <new>
#include <set>
#include <vector>

#include <anonlog/crypto/sodium_ready.hpp>

#include "commands.hpp"
#include "descriptor.hpp"
#include "message.hpp"
#include "program_start.hpp"

namespace anonlog::cli {

namespace {

// CLI11's own texts quote what they did not expect, which may be a log line: only names of options are quoted here.
int usage_error(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
  const CLI::App* used = &app;
  while (!used->get_subcommands().empty()) used = used->get_subcommands().front();
  const std::string command = used == &app ? "" : used->get_name() + ": ";
  const std::string first = words.empty() ? "" : words.front();
  if (std::find(later_commands.begin(), later_commands.end(), first) != later_commands.end())
    return fail(exit_usage, "`anonlog " + first + "` is not in this version");

  std::set<std::string> names;
  for (const CLI::App* level : {used, &app})
    for (const CLI::Option* option : level->get_options())
      for (const std::string& name : option->get_lnames()) names.insert("--" + name);
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string what = error.what();

  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    if (used->get_subcommands([](const CLI::App*) { return true; }).empty())
      return fail(exit_usage, command + "needs " + what.substr(0, what.find(' ')) + "; see `anonlog " +
                                  used->get_name() + " --help`");
    std::string choices;
    for (const CLI::App* choice : used->get_subcommands([](const CLI::App*) { return true; }))
      choices.append(choices.empty() ? "" : ", ").append(choice->get_name());
    const std::vector<std::string> extras = used->remaining();
    const std::string given = extras.empty() ? "" : quoted_word(extras.front());
    if (used->get_name() == "key" && !extras.empty() && (extras.front() == "rotate" || extras.front() == "shred"))
      return fail(exit_usage, command + extras.front() + " is not in this version; known: " + choices);
    const std::string wrong = given.empty() ? "needs one of: " : "unknown word" + given + "; known: ";
    return fail(exit_usage, command + wrong + choices);
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    for (const std::string& word : words)
      for (const CLI::App* level : {used, &app})
        for (const CLI::Option* option : level->get_options())
          if (const std::size_t equals = word.find('=');
              equals != std::string::npos && option->get_expected_max() == 0 &&
              option->check_name(word.substr(0, equals)))
            return fail(exit_usage, word.substr(0, equals) + ": takes no value");
    const std::string name = what.substr(0, what.find(':'));
    if (!name.starts_with('-')) return fail(exit_usage, command + "takes one " + name + "; put it in quotes");
    return fail(exit_usage, name + ": needs a value; see --help");
  }
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) return fail(exit_usage, what);
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr)
    return fail(exit_usage, command + "an option has a value that it cannot have; see --help");

  for (const std::string& extra : used->remaining(true)) {
    const std::string name = extra.substr(0, extra.find('='));
    if (name == "--seal-key") return fail(exit_usage, name + " is not in this version");
    const std::string letters = name.substr(std::min(name.find_first_not_of('-'), name.size()));
    if (!name.starts_with('-') || !is_plain_word(letters)) continue;
    const std::string help = letters.size() == 1 ? std::string("see --help") : suggest(name, known);
    return fail(exit_usage, command + "unknown option " + name + "; " + help);
  }
  return fail(exit_usage, command + "more words than it takes (is something to be in quotes?); see --help");
}

class help_text : public CLI::Formatter {
 public:
  help_text() {
    column_width(28);
    label("TEXT", "");
  }
  std::string make_usage(const CLI::App* app, std::string name) const override {
    if (app->get_parent() != nullptr) return Formatter::make_usage(app, name);
    return "Usage: anonlog [OPTIONS] [FILE...]\n       anonlog COMMAND ...\n";
  }
};

const CLI::Validator thread_count(
    [](std::string& value) {
      unsigned count = 0;
      const char* const last = value.data() + value.size();
      const auto [end, error] = std::from_chars(value.data(), last, count);
      const bool is_good = error == std::errc{} && end == last && count >= 1 && count <= 1024;
      return std::string(is_good ? "" : "expects a number from 1 to 1024");
    },
    "", "threads");

const CLI::Validator message_form_name(
    [](std::string& value) {
      const bool is_good = value == "msg" || value == "rawmsg" || value == "fulljson";
      return std::string(is_good ? "" : "expects msg, rawmsg or fulljson");
    },
    "", "message form");

}  // namespace

int run_command(int argc, char** argv) {
  CLI::App app{"Takes the people out of access logs.\n\n"
               "  anonlog < access.log > clean.log\n"
               "  anonlog -o clean/ access.log*          one output for each, same names, same compression\n"
               "  tail -F access.log | anonlog --append -o clean.log\n"};
  app.name("anonlog");
  app.formatter(std::make_shared<help_text>());
  app.set_help_flag("-h,--help", "show this help");
  app.require_subcommand(0, 1);

  anonymise_options main_options;
  main_options.settings.add_to(app, settings_options::with_format::yes);
  app.add_option("FILE", main_options.files, "logs, plain, gzip or zstd; - or none: standard input")->type_name("");
  app.add_option("-o,--output", main_options.output,
                 "a file, replaced in one step at the end (for a piped log use --append), or a directory")
      ->type_name("FILE");
  app.add_flag("--append", main_options.append, "with -o: write in place, reopen on SIGHUP");
  app.add_option("-j,--threads", main_options.threads, "same bytes for any number (default: what pays)")
      ->check(thread_count)
      ->type_name("N");
  app.add_option("--on-reject", main_options.on_reject, "drop, skeleton or fail: what becomes of lines that do not fit")
      ->type_name("ACTION");
  app.add_option("--rejects", main_options.rejects, "where the skeletons of rejects go")->type_name("FILE");
  app.add_option("--max-reject", main_options.max_reject, "share of rejects at which the run fails (default: 10%)")
      ->type_name("P%");
  app.add_option("--report", main_options.report, "counts as JSON")->type_name("FILE");
  app.add_option("--metrics", main_options.metrics, "counts for Prometheus, replaced every few seconds")->type_name("FILE");
  bool wants_progress = false, wants_no_progress = false;
  app.add_flag("--progress", wants_progress, "a bar on standard error (default: at a terminal, for files)");
  app.add_flag("--no-progress", wants_no_progress, "no bar");
  app.add_flag("--line-buffered", main_options.line_buffered,
               "write after every read (default: when the input pauses)");
  app.add_option("--output-format", main_options.settings.output_shape,
                 "same (default), jsonl (JSON lines), influx[:MEASUREMENT[,TAG=VALUE]...] (line protocol)")
      ->type_name("NAME");
  app.add_flag("-v,--verbose", main_options.verbose, "one line of counts at the end");
  std::string kernel;
  app.add_option("--kernel", kernel, "force a SIMD kernel (also ANONLOG_KERNEL)")->type_name("NAME");
  bool show_version = false;
  app.add_flag("--version", show_version, "version and kernel in use");

  settings_options explain_options;
  std::vector<std::string> explained;
  CLI::App* const explain_app = app.add_subcommand("explain", "what becomes of each part of one line, and why");
  explain_options.add_to(*explain_app, settings_options::with_format::yes);
  explain_app->add_option("LINE", explained, "the line; none: the first of standard input")
      ->expected(0, 1)
      ->type_name("");

  settings_options value_options;
  std::string class_name;
  CLI::App* const value_app = app.add_subcommand("value", "transforms values of one class, one a line");
  value_app->add_option("CLASS", class_name, "ip, user, request, agent ...")->required()->type_name("");
  value_options.for_values_only = true;
  value_options.add_to(*value_app, settings_options::with_format::no);

  CLI::App* const formats_app = app.add_subcommand("formats", "the named formats, with a line before and after");

  std::vector<std::string> policy_overrides;
  std::string shown_policy = "balanced", checked_policy, first_policy, second_policy;
  CLI::App* const policy_app = app.add_subcommand("policy", "shows, checks and compares policies");
  policy_app->require_subcommand(1);
  CLI::App* const show_app = policy_app->add_subcommand("show", "a preset or policy file in full");
  show_app->add_option("POLICY,-p,--policy", shown_policy, "preset or file (default: balanced)")->type_name("");
  add_overrides_to(*show_app, policy_overrides);
  CLI::App* const check_app = policy_app->add_subcommand("check", "errors with line and column");
  check_app->add_option("POLICY,-p,--policy", checked_policy, "preset or file")->required()->type_name("");
  add_overrides_to(*check_app, policy_overrides);
  CLI::App* const diff_app = policy_app->add_subcommand("diff", "what differs between two");
  diff_app->add_option("FIRST", first_policy, "preset or file")->required()->type_name("");
  diff_app->add_option("SECOND", second_policy, "preset or file")->required()->type_name("");

  new_key_options key_options;
  std::string listed_keyring;
  CLI::App* const key_app = app.add_subcommand("key", "makes and lists keyrings");
  key_app->require_subcommand(1);
  CLI::App* const new_app = key_app->add_subcommand("new", "makes a keyring with one era of a fresh random secret");
  new_app->add_option("FILE,-k,--keyring,-o,--output", key_options.path, "the file to make; never overwritten")
      ->type_name("");
  new_app->add_option("--era", key_options.era, "its name (default: this month)")->type_name("NAME");
  new_app->add_option("--from", key_options.from, "first moment, such as 2026-01-01T00:00:00Z; - = open")
      ->type_name("TIME");
  new_app->add_option("--to", key_options.to, "first moment after it; - = open")->type_name("TIME");
  CLI::App* const list_app = key_app->add_subcommand("list", "eras and fingerprints; never keys");
  list_app->add_option("FILE,-k,--keyring", listed_keyring, "the keyring")->type_name("");

  settings_options shipper_options;
  bool is_for_rsyslog = false;
  std::string handed_over = "msg";
  CLI::App* const shipper_app = app.add_subcommand("shipper", "answers a log shipper that started it, message by message");
  shipper_app->add_flag("--rsyslog", is_for_rsyslog, "rsyslog's mmexternal: a message or JSON a line in, JSON a line out");
  shipper_app->add_option("--input", handed_over, "msg (default), rawmsg or fulljson, as interface.input says")
      ->check(message_form_name)
      ->type_name("WHAT");
  shipper_options.for_values_only = shipper_options.for_messages = true;
  shipper_options.add_to(*shipper_app, settings_options::with_format::yes);

  std::string classes = "Classes:";
  for (const std::string_view name : field_class_names)
    if (name != to_text(field_class::visitor)) classes.append(" ").append(name);
  value_app->footer(classes);
  app.footer(
      "With no option the preset `balanced` holds: addresses truncated, users turned into pseudonyms, times to the\n"
      "hour, agents, referrers and URLs reduced. What is not understood is not copied.\n\n"
      "Exit codes: 0 done, 1 input, output or system error, 2 usage, policy, keyring or format error,\n"
      "3 too many rejects");
  forbid_odd_values(app);
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return print(app.help());
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error, words);
  }

  if (kernel.empty())
    if (const char* const forced = std::getenv("ANONLOG_KERNEL")) kernel = forced;
  if (kernel.empty()) kernel = kernel_name();
  if (std::find(kernel_names.begin(), kernel_names.end(), kernel) == kernel_names.end())
    return fail(exit_usage, "unknown kernel" + quoted_word(kernel) + "; " + suggest(kernel, kernel_names));
  if (const auto found = find_kernel(kernel); !found) return fail(exit_usage, found.error().message);
  if (show_version) return print("anonlog " + std::string(version) + " (kernel " + kernel + ")\n");
  for (settings_options* const settings : {&main_options.settings, &explain_options, &value_options, &shipper_options}) settings->kernel = kernel;
  if (*explain_app) return explain(explain_options, explained.empty() ? std::nullopt : std::optional(explained[0]));
  if (*value_app) return transform_values(value_options, class_name);
  if (*shipper_app) {
    if (!is_for_rsyslog) return fail(exit_usage, "shipper: needs --rsyslog; other shippers have a way of their own (docs/shippers)");
    return ship_rsyslog(shipper_options, handed_over == "fulljson" ? message_form::fulljson : handed_over == "rawmsg" ? message_form::rawmsg : message_form::msg);
  }
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
  if (wants_progress && wants_no_progress) return fail(exit_usage, "--progress and --no-progress: one of them");
  if (wants_progress || wants_no_progress) main_options.progress = wants_progress;
  for (const std::string& file : main_options.files)
    if (std::find(later_commands.begin(), later_commands.end(), file) != later_commands.end() &&
        file == words.front() && ::access(file.c_str(), F_OK) != 0)
      return fail(exit_usage, "`anonlog " + file + "` is not in this version");
  return anonymise(main_options);
}

}  // namespace anonlog::cli

int main(int argc, char** argv) {
  using namespace anonlog::cli;
  occupy_standard_descriptors();
  forbid_core_dumps();
  // execve may be given no words at all, not even our name.
  static char name[] = "anonlog";
  static char* only_name[] = {name, nullptr};
  try {
    return argc > 0 ? run_command(argc, argv) : run_command(1, only_name);
  } catch (const std::bad_alloc&) {
    return fail(exit_failure, "out of memory");
  } catch (...) {
    return fail(exit_failure, "a fault of this program; nothing more was written");
  }
}
