// cli/program_start.hpp: what every program of ours does before it reads its words.
#pragma once

#include <CLI/CLI.hpp>

namespace anonlog::cli {

// A core dump would hold log content and keys.
void forbid_core_dumps();

// No option takes an empty value, no flag a value: `-k "$KEYRING"` must not mean "without a keyring".
void forbid_odd_values(CLI::App& app);

}  // namespace anonlog::cli
