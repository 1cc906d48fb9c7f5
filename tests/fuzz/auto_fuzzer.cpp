// fuzz/auto_fuzzer.cpp: `auto` over any bytes: bounded output, printable, and where no pseudonym is made, reading a line's output
// once more as the same format changes nothing.
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
    const fuzz::line_reader::answer second = lines.read(first.out);
    if (second.is_accepted && second.format == first.format && second.out != first.out)
      fail("reading the output again changes it", line, first.out, second.out);
  });
  return 0;
}
