// fuzz/fuzz_checks.hpp: what every fuzzer of lines asks of what comes out, and how it fails.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../stream_support.hpp"

namespace anonlog::fuzz {

inline void show(const char* name, std::string_view text) {
  std::fprintf(stderr, "--- %s, %zu bytes\n", name, text.size());
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

[[noreturn]] inline void fail(const char* what, std::string_view in = {}, std::string_view out = {}, std::string_view more = {}) {
  std::fprintf(stderr, "\nfuzzer: %s\n", what);
  show("in", in);
  show("out", out);
  show("more", more);
  std::abort();
}

template <class Visit>
void for_each_line(std::string_view log, Visit visit) {
  while (!log.empty()) {
    const std::size_t end = std::min(log.find('\n'), log.size() - 1) + 1;
    visit(log.substr(0, end));
    log.remove_prefix(end);
  }
}

// A stream that is fed line by line, so that each line's output and format are known.
class line_reader {
 public:
  // `constants`: a pattern, whose bytes are the operator's own and come out as they are.
  explicit line_reader(const std::shared_ptr<const plan>& rules, std::string_view constants = {})
      : rules_(rules), constants_(constants), lines_(rules), room_(rules->output_bound(rules->longest_line()) + 1, '#'), skeletons_(stream::skeleton_room, '#') {}

  struct answer {
    std::string out;
    bool is_accepted = false;
  };
  static constexpr std::size_t no_format = static_cast<std::size_t>(-1);

  // The format of the line read last, as its place in the report's list, if the one before was asked for too. Takes its time.
  std::size_t format() {
    const std::vector<std::uint64_t> after = lines_.counts().format_lines;
    std::size_t found = no_format;
    for (std::size_t i = 0; i < after.size(); ++i)
      if (i >= format_lines_.size() || after[i] != format_lines_[i]) found = i;
    format_lines_ = after;
    return found;
  }

  // How many fields of free text were read so far. Takes its time.
  std::uint64_t texts() {
    const report counts = lines_.counts();
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts.fields[static_cast<std::size_t>(field_class::text)]) sum += count;
    return sum;
  }

  // `line` may lack its line feed; one is added.
  answer read(std::string_view line) {
    std::string text(line);
    if (text.empty() || text.back() != '\n') text += '\n';
    const stream::line_counts before = lines_.lines();
    input_buffer in{text.data(), text.size()};
    output_buffer out{room_.data(), room_.size()}, skeletons{skeletons_.data(), skeletons_.size()};
    const stream_status status = lines_.feed(in, out, &skeletons);
    if (status == stream_status::need_room) fail("there is room, and it asks for more", line);
    if (status != stream_status::stopped && in.pos != in.size) fail("input was left", line);
    const stream::line_counts after = lines_.lines();
    answer told;
    told.out.assign(out.data, out.pos);
    told.is_accepted = after.out != before.out;
    if (after.in != before.in + 1) fail("a line is not one line", line);
    if (told.is_accepted == told.out.empty()) fail("accepted without output, or refused with output", line, told.out);
    if (out.pos > rules_->output_bound(text.size())) fail("longer than output_bound", line, told.out);
    for (const char c : told.out)
      if ((c < 0x20 || c > 0x7E) && c != '\n' && c != '\r' && c != '\t' && constants_.find(c) == std::string::npos) fail("an unprintable byte", line, told.out);
    return told;
  }

 private:
  std::shared_ptr<const plan> rules_;
  std::string constants_;
  stream lines_;
  std::string room_, skeletons_;
  std::vector<std::uint64_t> format_lines_;
};

}  // namespace anonlog::fuzz
