#include <anonlog/output/record_sink.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "stream_support.hpp"

namespace {

using namespace anonlog;
using namespace anonlog::testing;

class lines_of_records final : public record_sink {
 public:
  void take(const output_record& record) noexcept override {
    char room[4096];
    writer out(room, sizeof room);
    put_json_line(record, out);
    text.append(out.text());
  }
  std::string text;
};

TEST(record_sink, gets_every_record_of_which_a_line_would_have_been_written) {
  const std::string log =
      "203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] \"GET /users/4711?token=s3cret HTTP/1.1\" 200 512 \"-\" \"curl/8.5.0\"\n"
      "garbage\n"
      "{\"time\":\"2025-10-10T13:55:36+00:00\",\"remote_addr\":\"203.0.113.77\",\"status\":404}\n"
      "198.51.100.7 - - [10/Oct/2025:14:55:36 +0000] \"GET / HTTP/1.1\" 304 0 \"-\" \"-\"";
  plan_options options = options_of({});
  options.output_shape = "jsonl";
  const auto rules = compiled(std::move(options));
  const auto run_stream = [&](record_sink* sink) {
    stream lines(rules);
    if (sink != nullptr) lines.give_records_to(*sink);
    std::string room(rules->output_bound(rules->longest_line()) + 4096, '\0');
    output_buffer out{room.data(), room.size()};
    input_buffer in{log.data(), log.size()};
    EXPECT_EQ(lines.feed(in, out), stream_status::done);
    EXPECT_EQ(lines.finish(out), stream_status::done);
    const report counts = lines.counts();
    EXPECT_EQ(counts.lines_in, 4U);
    EXPECT_EQ(counts.lines_out, 3U);
    EXPECT_EQ(counts.bytes_out, out.pos);
    return room.substr(0, out.pos);
  };
  lines_of_records sink;
  EXPECT_EQ(run_stream(&sink), "");
  EXPECT_EQ(sink.text, run_stream(nullptr));
  EXPECT_NE(sink.text, "");
}

}  // namespace
