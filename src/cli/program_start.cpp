// cli/program_start.cpp: see program_start.hpp.
#include "program_start.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace anonlog::cli {

namespace {

// An empty value is nearly always a shell variable that was not set.
const CLI::Validator not_empty(
    [](std::string& value) { return std::string(value.empty() ? "must not be empty" : ""); }, "", "not empty");

}  // namespace

void forbid_core_dumps() {
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void forbid_odd_values(CLI::App& app) {
  for (CLI::Option* option : app.get_options())
    if (option->get_expected_max() == 0)
      option->disable_flag_override();
    else if (option->get_name() != "LINE")
      option->check(not_empty);
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    command->group("Commands");
    forbid_odd_values(*command);
  }
}

}  // namespace anonlog::cli
