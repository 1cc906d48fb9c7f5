// tests/output/json_lines_test.cpp: every line is JSON, whatever a value holds.
#include <gtest/gtest.h>

#include <simdjson.h>

#include "output_support.hpp"

namespace anonlog {
namespace {

using testing::record_maker;

TEST(json_lines, escapes_what_would_end_a_string) {
  EXPECT_EQ(record_maker().add(columns::forwarded, R"(for="[2001:db8::]";by="a\b")").json(),
            R"({"http.request.header.forwarded":"for=\"[2001:db8::]\";by=\"a\\b\""})"
            "\n");
}

TEST(json_lines, are_valid_for_every_byte) {
  simdjson::dom::parser parser;
  for (int c = 0; c < 256; ++c) {
    const std::string value = std::string("a") + static_cast<char>(c) + "b";
    std::string line = record_maker().add(columns::own_text, value, value).add(columns::cookie, value).json();
    EXPECT_EQ(line.back(), '\n');
    line.pop_back();
    EXPECT_EQ(line.find_first_not_of(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"), std::string::npos) << c;
    simdjson::dom::element read;
    ASSERT_EQ(parser.parse(simdjson::padded_string(line)).get(read), simdjson::SUCCESS) << c;
    if (c < 0x20 || c > 0x7E) continue;
    EXPECT_EQ(std::string_view(read["http.request.header.cookie"]), value);
  }
}

TEST(json_lines, write_numbers_as_numbers) {
  simdjson::dom::parser parser;
  const std::string line = record_maker().add(columns::status, "200").add(columns::request_duration, "0.012").add(columns::process, "999999999999999999").json();
  simdjson::dom::element read;
  ASSERT_EQ(parser.parse(simdjson::padded_string(line)).get(read), simdjson::SUCCESS);
  EXPECT_EQ(std::int64_t(read["http.response.status_code"]), 200);
  EXPECT_EQ(double(read["http.server.request.duration"]), 0.012);
  EXPECT_EQ(std::int64_t(read["process.pid"]), 999999999999999999);
}

TEST(json_lines, write_the_time_in_its_zone) {
  const auto written = [](std::int64_t seconds, std::int32_t zone) {
    const std::string line = record_maker(output_time{seconds, zone}).json();
    return line.substr(14, line.size() - 17);
  };
  EXPECT_EQ(written(1768478400, 0), "2026-01-15T12:00:00Z");
  EXPECT_EQ(written(1768478400, 3600), "2026-01-15T13:00:00+01:00");
  EXPECT_EQ(written(1768478400, -12600), "2026-01-15T08:30:00-03:30");
  EXPECT_EQ(written(-1, 0), "1969-12-31T23:59:59Z");
  EXPECT_EQ(written(951782400, 0), "2000-02-29T00:00:00Z");
  EXPECT_EQ(written(1735689599, 0), "2024-12-31T23:59:59Z");
}

}  // namespace
}  // namespace anonlog
