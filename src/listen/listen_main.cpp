// listen/listen_main.cpp: anonlog-listen: the log that nginx and others send as datagrams, anonymised before it is on a disk.
//
// A program of its own, so that the library and the command stay without a socket. Exit codes and messages are the command's.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <new>
#include <utility>

#include "cli/message.hpp"
#include "cli/program_start.hpp"
#include "cli/signals.hpp"
#include "listener.hpp"

namespace anonlog::listen {

namespace {

using namespace cli;

// The library's own texts quote what they did not expect, which may be a log line: only names of options are quoted here.
int usage_error(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) return fail(exit_usage, error.what());
  for (const std::string& word : app.remaining()) {
    const std::string name = word.substr(0, word.find('='));
    if (name.starts_with("--") && is_plain_word(name.substr(2))) return fail(exit_usage, "unknown option " + name + "; see --help");
  }
  return fail(exit_usage, app.remaining().empty() ? "an option has no value, or one that it cannot have; see --help"
                                                  : "takes options only; see --help");
}

// Places that would be mixed up with each other, or with what is read.
int check_places(const listen_options& options) {
  std::vector<std::string> places;
  for (const std::string& path : {options.output.empty() ? "-" : options.output, options.rejects, options.metrics}) {
    if (path.empty()) continue;
    const std::optional<file_identity> place = identity_of_output(path);
    for (const std::string& other : places)
      if (is_same_place(path, other))
        return fail(exit_usage, path + ": the output, --rejects and --metrics each need a place of their own");
    for (const std::string& read : {options.settings.policy, options.settings.keyring_path()})
      if (!read.empty() && is_same_file(identity_of_input(read), place))
        return fail(exit_failure, path + ": is read by this run and would be written over");
    places.push_back(path);
  }
  return exit_done;
}

result<std::vector<datagram_socket>> open_sockets(const listen_options& options) {
  result<std::vector<datagram_socket>> sockets = datagram_socket::handed_over();
  if (!sockets) return sockets;
  const auto add = [&](result<datagram_socket> opened) -> std::optional<setup_error> {
    if (!opened) return opened.error();
    sockets->push_back(std::move(*opened));
    return std::nullopt;
  };
  for (const std::string& address : options.udp)
    if (auto error = add(datagram_socket::udp(address))) return *error;
  for (const std::string& path : options.unix_paths)
    if (auto error = add(datagram_socket::unix_path(path))) return *error;
  if (sockets->empty()) return setup_error{"needs --udp 127.0.0.1:PORT or --unix PATH, or a parent that hands sockets over (LISTEN_FDS)"};
  return sockets;
}

int listen(listen_options& options, const std::string& on_reject) {
  if (!on_reject.empty() && !is_plain_word(on_reject)) return fail(exit_usage, "--on-reject: expects drop, skeleton or fail");
  if (!on_reject.empty()) options.settings.named_overrides.push_back({"--on-reject", "rejects.action", on_reject, ""});
  watch_signals(on_hangup::reopen);
  if (auto shape = parse_output_shape(options.settings.output_shape); !shape) return fail(exit_usage, "--output-format: " + shape.error().message);
  result<std::shared_ptr<const plan>> rules = options.settings.make_plan();
  if (!rules) return fail(exit_usage, rules.error().message);
  if (const auto missing = check_rules(**rules, options)) return fail(exit_usage, missing->message);
  if (const int code = check_places(options); code != exit_done) return code;
  result<std::vector<datagram_socket>> sockets = open_sockets(options);
  if (!sockets) return fail(exit_usage, sockets.error().message);
  return listener(options, std::move(*rules), std::move(*sockets)).run();
}

}  // namespace

int run_program(int argc, char** argv) {
  CLI::App app{"Takes the people out of the log that a server of this machine sends as datagrams of syslog.\n\n"
               "  anonlog-listen --udp 127.0.0.1:540 -o /var/log/nginx/safe.log\n"
               "  access_log syslog:server=127.0.0.1:540 combined;      (nginx)\n"};
  app.name("anonlog-listen");
  app.set_help_flag("-h,--help", "show this help");
  listen_options options;
  app.add_option("--udp", options.udp, "a port of 127.0.0.1 or [::1], below 1024 so that no other user can take it; may be repeated")
      ->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->type_name("ADDRESS:PORT");
  app.add_option("--unix", options.unix_paths, "a datagram socket to make; may be repeated")
      ->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->type_name("PATH");
  options.settings.for_messages = true;
  options.settings.add_to(app, settings_options::with_format::yes);
  app.add_option("-o,--output", options.output, "appended to; opened anew on SIGHUP (default: standard output)")->type_name("FILE");
  app.add_flag("--keep-head", options.keep_heads, "with the head of syslog in front of each line; then the format is auto or syslog");
  std::string on_reject;
  app.add_option("--on-reject", on_reject, "drop, skeleton or fail: what becomes of lines that do not fit")->type_name("ACTION");
  app.add_option("--rejects", options.rejects, "where the skeletons of rejects go")->type_name("FILE");
  app.add_option("--metrics", options.metrics, "counts for Prometheus, replaced every few seconds")->type_name("FILE");
  app.add_option("--output-format", options.settings.output_shape, "same (default), jsonl, influx[:MEASUREMENT[,TAG=VALUE]...]")->type_name("NAME");
  app.add_flag("-v,--verbose", options.verbose, "one line of counts at the end");
  bool show_version = false;
  app.add_flag("--version", show_version, "version");
  app.footer("SIGHUP: opens the files anew and takes over a changed policy or keyring. SIGTERM: takes what the sockets hold, then ends.");
  forbid_odd_values(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print(app.help());
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  }
  if (show_version) return print("anonlog-listen " + std::string(version) + "\n");
  return listen(options, on_reject);
}

}  // namespace anonlog::listen

int main(int argc, char** argv) {
  using namespace anonlog::cli;
  set_program_name("anonlog-listen");
  occupy_standard_descriptors();
  forbid_core_dumps();
  static char name[] = "anonlog-listen";
  static char* only_name[] = {name, nullptr};
  try {
    return argc > 0 ? anonlog::listen::run_program(argc, argv) : anonlog::listen::run_program(1, only_name);
  } catch (const std::bad_alloc&) {
    return fail(exit_failure, "out of memory");
  } catch (...) {
    return fail(exit_failure, "a fault of this program; nothing more was written");
  }
}
