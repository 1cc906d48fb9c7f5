// fuzz/auto_fuzzer.cpp: `auto` over any bytes: bounded output, printable, and where no pseudonym is made, reading a line's output
// once more as the same format shows nothing else: values may go, no byte may come.
#include <map>
#include <string>

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

// A line with its escapes undone, for a blank or a quote may be written as one where it belongs to something else.
std::string plain(std::string_view written) {
  std::string made;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const int byte = percent_byte(raw(written), i);
    made += byte >= 0 ? static_cast<char>(byte) : written[i];
    if (byte >= 0) i += 2;
  }
  return made;
}
// The same with a `*` for each placeholder, and for what is written for a method that is on no list.
std::string without_placeholders(std::string_view written) {
  constexpr std::string_view no_method = "OTHER";
  std::string made;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const std::string_view word = written.substr(i).starts_with(no_method) ? no_method : to_text(placeholder_at(raw(written), i));
    made += word.empty() ? written[i] : '*';
    if (!word.empty()) i += word.size() - 1;
  }
  return plain(made);
}

// Whether `second` is `first` with some values gone: each `-`, `*` placeholder or `OTHER` may stand for any bytes.
bool has_only_less(const std::string& first, const std::string& second) {
  std::size_t i = 0, j = 0, gone = second.npos, gone_to = 0;
  while (i < first.size()) {
    if (j < second.size() && (second[j] == '-' || second[j] == '*')) {
      gone = j++;
      gone_to = i;
    } else if (j < second.size() && first[i] == second[j]) {
      ++i;
      ++j;
    } else if (gone != second.npos) {  // then one byte more is gone
      j = gone + 1;
      i = ++gone_to;
    } else {
      return false;
    }
  }
  while (j < second.size() && (second[j] == '-' || second[j] == '*')) ++j;
  return j == second.size();
}

// The same where something may go without a mark: free text is best effort, and what follows a name may end elsewhere. No byte
// comes, and none changes its place.
bool shows_nothing_else(std::string_view first, std::string_view second) {
  std::size_t i = 0;
  for (const char c : second) {
    if (c == '-' || c == '*') continue;
    i = first.find(c, i);
    if (i == first.npos) return false;
    ++i;
  }
  return true;
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
    if (!second.is_accepted || lines.format() != format) return;
    const std::string before = plain(first.out), after = without_placeholders(second.out);
    if (has_only_less(before, after)) return;
    const std::uint64_t texts = lines.texts();
    lines.read(line);
    const bool holds_text = lines.texts() != texts;
    if (!holds_text || !shows_nothing_else(before, after)) fail("reading the output again changes it", line, first.out, second.out);
  });
  return 0;
}
