#include <anonlog/block/written_lines.hpp>

#include <gtest/gtest.h>

#include <string>

#include "stream_support.hpp"

namespace {

using namespace anonlog;
using namespace anonlog::testing;

constexpr std::string_view plain_lines =
    "203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] \"GET /users/4711?token=s3cret HTTP/1.1\" 200 512 \"-\" \"curl/8.5.0\"\n"
    "2001:db8::7 - - [10/Oct/2025:13:56:36 +0000] \"GET / HTTP/1.1\" 304 - \"https://search.example/?q=ada\" \"-\"\r\n";
constexpr std::string_view other_lines =
    "garbage\n"
    "{\"time\":\"2025-10-10T13:55:36+00:00\",\"remote_addr\":\"203.0.113.77\",\"status\":404}\n";

// One text for each row, in the order in which they come.
class rows final : public record_sink, public line_sink {
 public:
  void take(const output_record& record) noexcept override {
    text += std::to_string(record.time() ? record.time()->unix_seconds : 0);
    for (const output_value& value : record.values()) text.append(" ").append(value.text);
    text += '\n';
  }
  void take_lines(const written_lines& lines) noexcept override {
    const plan::layout& layout = lines.layout();
    output_record record(lines.rules.values_bound(lines.rules.longest_line()), false);
    for (const char *from = lines.text.data(), *end = from + lines.text.size(); from != end;) {
      written_line line;
      ASSERT_TRUE(line.read(layout.plain, from, end));
      record.begin(output_time{lines.bucket_of(line.stamp()), lines.zone_seconds});
      for (std::size_t i = 0; i < layout.steps.size(); ++i) {
        const std::size_t begin = record.written().size();
        record.written().put(line[i]);
        record.add(layout.steps[i].out, raw(layout.steps[i].out_name), begin);
      }
      take(record);
      ++lines_taken;
    }
  }
  std::string text;
  int lines_taken = 0;
};

// Every line many times, so that some end a block and some a piece.
std::string rows_of(const std::string& policy, bool hands_over, std::size_t out_bytes, int& lines_taken, report& counts) {
  std::string log;
  for (int i = 0; i < 400; ++i) log.append(plain_lines).append(i % 7 == 0 ? other_lines : "");
  plan_options options = options_of({.policy = "version = 1\n" + policy});
  options.output_shape = "jsonl";
  options.hands_over_lines = hands_over;
  const auto rules = compiled(std::move(options));
  rows made;
  stream lines(rules);
  lines.give_records_to(made);
  if (hands_over) lines.give_lines_to(made);
  std::string room(out_bytes + rules->output_bound(rules->longest_line()), '\0');
  output_buffer out{room.data(), room.size()};
  for (std::size_t from = 0; from < log.size(); from += 50000) {
    input_buffer in{log.data() + from, std::min<std::size_t>(50000, log.size() - from)};
    EXPECT_EQ(lines.feed(in, out), stream_status::done);
  }
  EXPECT_EQ(lines.finish(out), stream_status::done);
  EXPECT_EQ(out.pos, 0U);
  lines_taken = made.lines_taken;
  counts = lines.counts();
  return made.text;
}

TEST(written_lines, hold_what_records_hold) {
  for (const char* policy : {"", "[time]\ngrid = \"1m\"\n", "[time]\ngrid = \"1s\"\n", "[ip]\nmode = \"token\"\n", "[ip]\nmode = \"drop\"\n", "[bytes]\ndigits = 1\n"}) {
    int by_records = 0, by_lines = 0;
    report records, lines;
    const std::string wanted = rows_of(policy, false, 0, by_records, records);
    EXPECT_EQ(rows_of(policy, true, 0, by_lines, lines), wanted) << policy;
    EXPECT_EQ(by_records, 0);
    EXPECT_GT(by_lines, 700) << policy;
    EXPECT_EQ(lines.lines_in, records.lines_in);
    EXPECT_EQ(lines.bytes_out, records.bytes_out);
    EXPECT_EQ(lines.fields, records.fields);
    EXPECT_EQ(lines.first_time, records.first_time);
    EXPECT_EQ(lines.last_time, records.last_time);
  }
}

TEST(written_lines, are_not_read_where_a_value_has_an_escape_of_its_slot) {
  for (const auto& [format, is_read] : std::initializer_list<std::pair<const char*, bool>>{
           {"combined", true},
           {"$remote_addr|$remote_user|[$time_local]|\"$request\"", false},
           {"$remote_addr - - [$time_local] \"$request\" \"$http_forwarded\"", false}}) {
    plan_options options = options_of({.format = format});
    EXPECT_TRUE(compiled(options)->has_plain_lines() || !is_read) << format;
    options.output_shape = "jsonl";
    EXPECT_FALSE(compiled(options)->hands_over_lines());
    options.hands_over_lines = true;
    EXPECT_EQ(compiled(options)->hands_over_lines(), is_read) << format;
  }
}

TEST(written_lines, are_refused_if_they_are_no_lines_of_the_layout) {
  plan_options options = options_of({.format = "combined"});
  const auto rules = compiled(options);
  const std::string whole(plain_lines.substr(0, plain_lines.find('\n') + 1));
  const plain_layout& layout = rules->layouts()[0].plain;
  const auto is_read = [&layout](const std::string& text) {
    const char* from = text.data();
    written_line line;
    return line.read(layout, from, text.data() + text.size());
  };
  EXPECT_TRUE(is_read(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(is_read(whole.substr(0, size)));
  for (const char* text : {"\n", "\"\n", "a b \"c\" 1 2 \"\" \"\"\n"}) EXPECT_FALSE(is_read(text));
}

}  // namespace
