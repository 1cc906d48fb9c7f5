// cli/message.hpp: what the command says: its answers on standard output, and on standard error what was wrong, where,
// and what would be right.
//
// Never a byte of a log line, a value or a key. Exit codes: CLI contract section 2.
#pragma once

#include <string>
#include <string_view>

namespace anonlog::cli {

enum exit_code : int {
  exit_done = 0,
  exit_failure = 1,  // input, output or system
  exit_usage = 2,    // usage, policy, keyring or format
  exit_rejects = 3,  // too many rejects, or --on-reject fail
};

// Whose messages they are, if not the command's. A literal; before the first of them.
void set_program_name(std::string_view name) noexcept;

// Writes "anonlog: TEXT" and a newline in one write. Control bytes, which a file name may hold, become "?".
void say(std::string_view text);

// The same, and gives back `code` to return.
int fail(exit_code code, std::string_view text);

// Writes an answer to standard output; exit_done, or exit_failure with a message. A reader that went away ends the
// process as it ends `cat`.
int print(std::string_view text);

// The words of the command line may be a log line, a value or a key that was put in the wrong place: they are quoted in
// a message only if they look like what was expected there.
bool is_plain_word(std::string_view word) noexcept;  // a name: letters, `_`, `-`, up to 32
bool is_plain_path(std::string_view path) noexcept;  // no quote or bracket of a log line, no address, no key in hex

// " \"WORD\"" if it may be quoted, else nothing.
std::string quoted_word(std::string_view word);

}  // namespace anonlog::cli
