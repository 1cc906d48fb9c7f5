// cli/message.hpp: what the command says on standard error: what was wrong, where, and what would be right.
//
// Never a byte of a log line, a value or a key. Exit codes: CLI contract section 2.
#pragma once

#include <string_view>

namespace anonlog::cli {

enum exit_code : int {
  exit_done = 0,
  exit_failure = 1,  // input, output or system
  exit_usage = 2,    // usage, policy, keyring or format
  exit_rejects = 3,  // too many rejects, or --on-reject fail
};

// Writes "anonlog: TEXT" and a newline in one write.
void say(std::string_view text);

// The same, and gives back `code` to return.
int fail(exit_code code, std::string_view text);

}  // namespace anonlog::cli
