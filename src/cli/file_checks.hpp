// cli/file_checks.hpp: what can be told of the files on the command line before a byte of a log is read.
//
// A run over many files must not end half way because the last name was mistyped. Rules: CLI contract section 2.
#pragma once

#include <string>

#include "anonymise.hpp"
#include "unpack.hpp"

namespace anonlog::cli {

bool is_directory(const std::string& path);

// The last part of a path.
std::string name_of(const std::string& path);

// Whether a plain file ends in the middle of a line, as after a crash.
bool ends_in_a_line(const std::string& path);

// How a file is packed, by its content; a pipe is not read for it: by its name.
packing packing_of_file(const std::string& path);

// What is wrong with the inputs and the output: says it and gives the exit code, else exit_done.
int check_files(const anonymise_options& options);

}  // namespace anonlog::cli
