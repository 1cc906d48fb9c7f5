// fuzz/pattern_fuzzer.cpp: any text is a pattern or an error that says why; any pattern reads any line, and reads its own
// output again.
//
// The first line of the log is the pattern, the others are read with it.
#include "fuzz_case.hpp"
#include "fuzz_checks.hpp"

using namespace anonlog;
using namespace anonlog::testing;
using anonlog::fuzz::fail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::fuzz_case wanted = fuzz::fuzz_case::from(data, size);
  const std::size_t end = std::min(wanted.log.find('\n'), wanted.log.size());
  const std::string_view pattern = wanted.log.substr(0, end);
  const result<grammar> made = compile_pattern(pattern);
  if (!made) {
    if (made.error().message.empty()) fail("an error without a word", pattern);
    return 0;
  }
  if (made->literals.size() != made->fields.size() + 1 || made->fields.size() > max_fields) fail("not a grammar", pattern);
  const std::string_view policy = fuzz::policies[wanted.policy == fuzz::stopping_policy ? 0 : wanted.policy];
  plan_options options = options_of({.format = std::string(pattern), .policy = "version = 1\n" + std::string(policy)});
  result<std::shared_ptr<const plan>> rules = plan::make(std::move(options));
  if (!rules) return 0;
  fuzz::line_reader lines(*rules, pattern);
  if (end < wanted.log.size()) {
    fuzz::for_each_line(wanted.log.substr(end + 1), [&](std::string_view line) {
      const fuzz::line_reader::answer first = lines.read(line);
      if (first.is_accepted && !lines.read(first.out).is_accepted) fail("its own output cannot be read again", line, first.out, pattern);
    });
  }
  return 0;
}
