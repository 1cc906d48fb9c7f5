// fuzz/split_fuzzer.cpp: constants and fields, put together again, are the line: whatever the line, nothing of it is lost,
// doubled or moved when it is split.
//
// The patterns are those of every known format at once, as `auto` reads them, and one of fuzz_case.hpp alone.
#include <memory>
#include <vector>

#include <anonlog/format/formats.hpp>
#include <anonlog/format/split.hpp>

#include "fuzz_case.hpp"
#include "fuzz_checks.hpp"

using namespace anonlog;
using anonlog::fuzz::fail;

namespace {

std::vector<grammar> patterns_of(std::string_view format) {
  result<std::vector<grammar>> found = find_formats(format);
  if (!found) fail("a format of the list does not compile", format);
  std::vector<grammar> patterns;
  for (grammar& one : *found)
    if (one.syntax == line_syntax::pattern) patterns.push_back(std::move(one));
  return patterns;
}

const std::vector<grammar>& patterns_for(std::size_t format) {
  static const std::vector<std::vector<grammar>> all = [] {
    std::vector<std::vector<grammar>> made;
    for (const std::string_view text : fuzz::formats) made.push_back(patterns_of(text));
    return made;
  }();
  return all[format];
}

void check(const std::vector<grammar>& patterns, std::string_view text) {
  const std::unique_ptr<char[]> copy(new char[text.size()]);  // of exactly its size: reading past its end would be seen
  std::copy(text.begin(), text.end(), copy.get());
  const raw line(copy.get(), text.size());
  static record found;
  const split_outcome outcome = split(patterns, line, found);
  if (!outcome) return;
  const grammar& format = *found.format;
  if (found.field_count != format.fields.size()) fail("a field is missing", text);
  std::string joined = format.literals[0];
  for (std::size_t i = 0; i < found.field_count; ++i) {
    const raw field = found.fields[i];
    const bool is_inside = field.begin() >= line.begin() && field.end() <= line.end();
    if (!is_inside && !field.empty() && !(field == std::string_view("-"))) fail("a field outside the line", text);  // absent: a constant
    joined.append(field.begin(), field.size());
    joined += format.literals[i + 1];
  }
  if (joined != text) fail("the fields are not the line", text, joined, format.name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::fuzz_case wanted = fuzz::fuzz_case::from(data, size);
  fuzz::for_each_line(wanted.log, [&](std::string_view line) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (const std::size_t format : {wanted.format, std::size_t{0}})
      if (!patterns_for(format).empty()) check(patterns_for(format), line);
  });
  return 0;
}
