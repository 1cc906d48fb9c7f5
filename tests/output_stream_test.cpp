// tests/output_stream_test.cpp: streams write records of every kind of line, whole lines of them, the same for any pieces.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <anonlog.hpp>

#include "stream_support.hpp"

namespace anonlog {
namespace {

using testing::stream_setup;

std::shared_ptr<const plan> plan_of(std::string_view shape, const stream_setup& setup = {}) {
  plan_options options = testing::options_of(setup);
  options.output_shape = shape;
  return testing::compiled(std::move(options));
}

testing::streamed run(std::string_view shape, std::string_view in, const stream_setup& setup = {}) {
  return testing::run(plan_of(shape, setup), in, [](std::size_t left) { return left; });
}

std::string jsonl(std::string_view in, const stream_setup& setup = {}) { return run("jsonl", in, setup).out; }

constexpr std::string_view combined =
    R"(203.0.113.77 - ada [15/Jan/2026:13:55:36 +0100] "GET /u/4711?token=s&page=2 HTTP/1.1" 200 512 "-" "curl/8.5.0")";

TEST(output_stream, writes_a_line_of_a_pattern) {
  EXPECT_EQ(jsonl(combined, {.policy = "version = 1\n[user]\nmode = \"drop\"\n"}),
            R"({"timestamp":"2026-01-15T13:00:00+01:00","client.address":"203.0.113.0","http.request.method":"GET","url.path":"/u/:num",)"
            R"("url.query":"token=*&page=2","network.protocol.version":"1.1","http.response.status_code":200,"http.response.body.size":512,)"
            R"~("user_agent.original":"curl/8 (tool)","user_agent.name":"curl"})~"
            "\n");
}

TEST(output_stream, writes_what_lines_say_that_name_their_fields) {
  EXPECT_EQ(jsonl(R"({"ts":1768478400.5,"request":{"remote_ip":"2001:db8::1","headers":{"X-Real-Ip":["203.0.113.77"],"User-Agent":["curl/8"]},"uri":"/a?b=c"},)"
                  R"("status":200,"size":null,"duration":0.25,"ok":true,"secret":"s","b@d \"name":"x"})"),
            R"({"timestamp":"2026-01-15T12:00:00Z","client.address":"2001:db8::","http.request.header.x-real-ip":"203.0.113.0",)"
            R"~("user_agent.original":"curl/8 (tool)","user_agent.name":"curl","url.path":"/a","url.query":"b=*","http.response.status_code":200,)~"
            R"("anonlog.duration":0.25})"
            "\n");
  EXPECT_EQ(jsonl("time:2026-01-15T12:34:56Z\thost:203.0.113.77\tua:Mozilla/5.0 (Windows NT 10.0) Chrome/120.0\tx:s3cret\n"),
            R"~({"timestamp":"2026-01-15T12:00:00Z","client.address":"203.0.113.0","user_agent.original":"Chrome/120 (Windows)","user_agent.name":"Chrome"})~"
            "\n");
}

TEST(output_stream, writes_a_line_behind_a_head_and_in_a_string_as_one_record) {
  const stream_setup dropped{.policy = "version = 1\n[user]\nmode = \"drop\"\n"};
  EXPECT_EQ(jsonl("<190>2026-01-15T12:00:01Z web1 nginx: " + std::string(combined), dropped).substr(0, 139),
            R"({"timestamp":"2026-01-15T12:00:00Z","syslog.priority":190,"host.name":"web1","service.name":"nginx","client.address":"203.0.113.0",)"
            R"("anonlog)");
  EXPECT_NE(jsonl(R"({"log":"203.0.113.77 - - [15/Jan/2026:13:55:36 +0100] \"GET / HTTP/1.1\" 200 512 \"-\" \"-\"\n","stream":"stdout"})").find(R"("log.iostream":"stdout")"),
            std::string::npos);
}

TEST(output_stream, writes_what_the_strict_overlay_leaves) {
  const stream_setup setup{.format = R"(%h %t "%r" "%{DNT}i")"};
  EXPECT_EQ(jsonl("203.0.113.77 [15/Jan/2026:13:55:36 +0000] \"GET /a/b/c?page=2 HTTP/1.1\" \"1\"", setup),
            R"({"timestamp":"2026-01-15T13:00:00Z","client.address":"203.0.0.0","http.request.method":"GET","url.path":"/a/*","network.protocol.version":"1.1"})"
            "\n");
}

TEST(output_stream, takes_columns_from_the_classes_of_the_policy) {
  const stream_setup setup{.format = "$remote_addr $http_x_account $odd", .policy = "version = 1\n[fields]\nodd = \"keep\"\nremote_addr = \"drop\"\nhttp_x_account = \"user\"\n"};
  const std::string written = jsonl("203.0.113.77 ada value", setup);
  EXPECT_EQ(written.substr(0, 16), R"({"user.name":"u-)");
  EXPECT_NE(written.find(R"("anonlog.odd":"value"})"), std::string::npos);
}

TEST(output_stream, writes_one_line_for_each_record_however_lines_end) {
  const std::string lines = std::string(combined) + "\r\n" + std::string(combined) + "\nno line of a log\n" + std::string(combined);
  for (const std::string_view shape : {"jsonl", "influx"}) {
    const testing::streamed told = run(shape, lines);
    EXPECT_EQ(std::count(told.out.begin(), told.out.end(), '\n'), 3) << shape;
    EXPECT_EQ(told.out.back(), '\n');
    EXPECT_EQ(told.out.find('\r'), std::string::npos);
    EXPECT_EQ(told.counts.lines_out, 3U);
    EXPECT_EQ(told.counts.lines_rejected(), 1U);
    EXPECT_EQ(told.counts.bytes_out, told.out.size());
  }
}

TEST(output_stream, counts_what_the_same_shape_counts) {
  const std::string lines = std::string(combined) + "\n{\"remote_addr\":\"203.0.113.7\",\"status\":\"x\",\"n\":1,\"b\":true,\"z\":null}\n";
  const report same = run("same", lines).counts;
  for (const std::string_view shape : {"jsonl", "influx"}) {
    const report counts = run(shape, lines).counts;
    EXPECT_EQ(counts.fields, same.fields) << shape;
    EXPECT_EQ(counts.transforms.counts, same.transforms.counts) << shape;
    EXPECT_EQ(counts.first_time, same.first_time) << shape;
  }
}

TEST(output_stream, gives_the_same_bytes_for_any_pieces) {
  std::string lines;
  for (int i = 0; i < 50; ++i) lines += std::string(combined) + "\n" + (i % 3 == 0 ? "{\"remote_addr\":\"203.0.113.7\"}\n" : "");
  for (const std::string_view shape : {"jsonl", "influx"}) {
    const std::string whole = run(shape, lines).out;
    for (const std::size_t size : {1U, 7U, 64U, 1000U})
      EXPECT_EQ(testing::run(plan_of(shape), lines, [size](std::size_t) { return size; }).out, whole) << shape << ' ' << size;
  }
}

std::vector<std::string> times_of(std::string_view points) {
  std::vector<std::string> times;
  for (std::size_t end = points.find('\n'); end != std::string_view::npos; end = points.find('\n')) {
    times.emplace_back(points.substr(end - point_time_digits, point_time_digits));
    points.remove_prefix(end + 1);
  }
  return times;
}

TEST(output_stream, numbers_the_points_of_a_bucket) {
  const std::string line(combined), later = "{\"time\":\"2026-01-15T13:10:00Z\"}\n", timeless = "{\"remote_addr\":\"203.0.113.7\"}\n";
  EXPECT_EQ(times_of(run("influx", timeless + line + "\n" + line + "\n" + later + timeless + line).out),
            (std::vector<std::string>{"1768478400000000000", "1768478400000000001", "1768478400000000002", "1768482000000000000", "1768482000000000001",
                                      "1768478400000000003"}));
}

TEST(output_stream, goes_on_counting_in_the_next_input) {
  stream lines(plan_of("influx"));
  std::string room(1 << 22, '\0');
  output_buffer out{room.data(), room.size()};
  for (int i = 0; i < 3; ++i) {
    input_buffer in{combined.data(), combined.size()};
    EXPECT_EQ(lines.feed(in, out), stream_status::done);
    EXPECT_EQ(lines.finish(out), stream_status::done);
  }
  EXPECT_EQ(times_of(std::string_view(room).substr(0, out.pos)), (std::vector<std::string>{"1768478400000000000", "1768478400000000001", "1768478400000000002"}));
}

TEST(output_stream, keeps_its_bounds_for_the_worst_lines) {
  std::string many = "{";
  for (int i = 0; i < 2000; ++i) many += R"("ip":"::1","xff":"a, b")" + std::string(i == 1999 ? "}" : ",");
  const std::string forwarded = R"({"forwarded":")" + [] {
    std::string pairs;
    while (pairs.size() < 60000) pairs += R"(for=\"[2001:db8::1]:1\",)";
    return pairs;
  }() + "\"}";
  for (const std::string& line : {many, forwarded, std::string(65536, '{'), std::string("{\"uri\":\"/") + std::string(65000, '!') + "\"}"})
    for (const std::string_view shape : {"jsonl", "influx"}) {
      const auto rules = plan_of(shape);
      const testing::streamed told = testing::run(rules, line, [](std::size_t left) { return left; }, 0);
      EXPECT_EQ(told.counts.lines_out + told.counts.lines_rejected(), 1U);
      EXPECT_LE(told.out.size(), rules->output_bound(line.size()));
      EXPECT_EQ(told.counts.rejects[static_cast<std::size_t>(reject_cause::too_long)], 0U) << shape << ' ' << line.substr(0, 20);
    }
}

TEST(output_stream, refuses_a_shape_that_nobody_knows) {
  plan_options options = testing::options_of({});
  options.output_shape = "csv";
  const auto made = plan::make(std::move(options));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("same, jsonl, influx"), std::string::npos) << made.error().message;
}

}  // namespace
}  // namespace anonlog
