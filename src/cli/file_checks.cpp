// cli/file_checks.cpp: see file_checks.hpp.
#include "file_checks.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <anonlog/core/suggest.hpp>

#include "commands.hpp"
#include "descriptor.hpp"
#include "message.hpp"
#include "pack.hpp"

namespace anonlog::cli {

bool is_directory(const std::string& path) {
  struct stat facts {};
  return !path.empty() && ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool ends_in_a_line(const std::string& path) {
  const descriptor file(open_file(path, O_RDONLY | O_NONBLOCK, 0));
  struct stat facts {};
  char last = '\n';
  return file && ::fstat(file.get(), &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0 &&
         ::pread(file.get(), &last, 1, facts.st_size - 1) == 1 && last != '\n';
}

packing packing_of_file(const std::string& path) {
  const descriptor file(open_file(path, O_RDONLY | O_NONBLOCK, 0));
  struct stat facts {};
  if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return packing_of_name(path);
  char first[8];
  const ssize_t count = ::pread(file.get(), first, sizeof first, 0);
  switch (recognise({first, count > 0 ? static_cast<std::size_t>(count) : 0})) {
    case recognised::gzip: return packing::gzip;
    case recognised::zstd: return packing::zstd;
    case recognised::plain:
    case recognised::undecided: break;
  }
  return packing::none;
}

namespace {

// Rejects and the report are never mixed with the lines, and nothing that is read is written over.
int check_outputs(const anonymise_options& options, std::vector<std::string> outputs) {
  for (const std::string& path : {options.rejects, options.report, options.metrics}) {
    if (path.empty()) continue;
    for (const std::string& other : outputs)
      if (is_same_place(path, other))
        return fail(exit_usage, path + ": the output, --rejects, --report and --metrics each need a place of their own");
    for (const std::string& file : options.files)
      if (is_same_file(identity_of_input(file), identity_of_output(path)))
        return fail(exit_failure, path + ": input file is output file");
    outputs.push_back(path);
  }
  const std::string keyring = options.settings.keyring_path();
  for (const std::string& path : outputs)
    for (const std::string& read : {keyring, options.settings.policy})
      if (path != "-" && !read.empty() && is_same_file(identity_of_input(read), identity_of_output(path)))
        return fail(exit_failure, path + ": is read by this run and would be written over");
  return exit_done;
}

}  // namespace

int check_files(const anonymise_options& options) {
  for (const std::string& file : options.files) {
    struct stat facts {};
    if (file == "-") continue;
    if (::stat(file.c_str(), &facts) == 0) {
      if (S_ISDIR(facts.st_mode)) return fail(exit_failure, file + ": " + reason(EISDIR));
      if (::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) == 0) continue;
    }
    const std::string why = reason(errno);
    if (!is_plain_path(file))
      return fail(exit_failure,
                  "one of the FILEs is no file but looks like a line of a log; `anonlog explain LINE` takes a line");
    std::string hint;
    if (file == options.files.front() && is_plain_word(file)) {
      const std::string near = suggest(file, command_names);
      if (near.starts_with("nearest")) hint = "; among the commands, " + near;
    }
    return fail(exit_failure, file + ": " + why + hint);
  }
  if (!is_directory(options.output)) {
    if (options.output.ends_with('/')) return fail(exit_failure, options.output + ": no such directory; make it first");
    return check_outputs(options, {options.output.empty() ? "-" : options.output});
  }
  if (options.append) return fail(exit_usage, options.output + ": is a directory; --append needs a file");
  if (options.files.empty()) return fail(exit_usage, options.output + ": is a directory; that needs FILEs as input");
  std::set<std::string> names;
  std::vector<std::string> outputs;
  for (const std::string& file : options.files) {
    if (file == "-" || name_of(file).empty())
      return fail(exit_usage, options.output + ": is a directory; that needs FILEs as input, not standard input");
    if (!names.insert(name_of(file)).second)
      return fail(exit_usage, file + ": two inputs of this name would be written to one file in " + options.output);
    outputs.push_back(options.output + "/" + name_of(file));
  }
  return check_outputs(options, std::move(outputs));
}

}  // namespace anonlog::cli
