// fuzz/auto_fuzzer.cpp: `auto` over any bytes: bounded output, printable, and where no pseudonym is made, reading a line's output
// once more as the same format changes nothing, but that more may go.
#include <map>

#include "fuzz_case.hpp"
#include "fuzz_checks.hpp"

using namespace anonlog;
using namespace anonlog::testing;
using anonlog::fuzz::fail;

namespace {

// Presets whose transforms are all reductions.
constexpr std::string_view policies[] = {
    "limits.line_bytes = 2048\npreset = \"strict\"\n",
    "limits.line_bytes = 2048\npreset = \"tor\"\n",
    "limits.line_bytes = 2048\nuser.mode = \"drop\"\nemail.mode = \"drop\"\nsession.mode = \"drop\"\n",
};

// Whether `second` is `first` with some values gone.
bool has_only_less(std::string_view first, std::string_view second) {
  std::size_t i = 0, j = 0;
  while (i < first.size() && j < second.size()) {
    if (first[i] == second[j]) {
      ++i;
      ++j;
    } else if (second[j] == '-' || second[j] == '*') {  // the latter for the value of what may be a key
      ++j;
      while (i < first.size() && j < second.size() && first[i] != second[j]) ++i;
    } else {
      return false;
    }
  }
  return i == first.size() && j == second.size();
}

fuzz::line_reader& reader_for(std::size_t policy) {
  static std::map<std::size_t, fuzz::line_reader> made;
  const auto found = made.find(policy);
  if (found != made.end()) return found->second;
  return made.emplace(policy, make_plan({.policy = "version = 1\n" + std::string(policies[policy])})).first->second;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::fuzz_case wanted = fuzz::fuzz_case::from(data, size);
  fuzz::line_reader& lines = reader_for(wanted.policy % std::size(policies));
  fuzz::for_each_line(wanted.log, [&](std::string_view line) {
    const fuzz::line_reader::answer first = lines.read(line);
    if (!first.is_accepted) return;
    const std::size_t format = lines.format();
    const fuzz::line_reader::answer second = lines.read(first.out);
    if (second.is_accepted && lines.format() == format && !has_only_less(first.out, second.out))
      fail("reading the output again changes it", line, first.out, second.out);
  });
  return 0;
}
