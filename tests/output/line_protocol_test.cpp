// tests/output/line_protocol_test.cpp: points are written as InfluxDB reads them, and no two of a bucket have the same time.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include <anonlog/output/output_shape.hpp>
#include <anonlog/output/point_numbers.hpp>

#include "output_support.hpp"

namespace anonlog {
namespace {

using testing::record_maker;

TEST(line_protocol, writes_tags_fields_and_time) {
  EXPECT_EQ(record_maker(output_time{1768478400, 3600})
                .add(columns::client_address, "203.0.113.0:0")
                .add(columns::request, "GET /a?b=* HTTP/1.1")
                .add(columns::status, "200")
                .add(columns::response_size, "512")
                .add(columns::request_duration, "1")
                .point(),
            R"(access,http.request.method=GET,network.protocol.version=1.1,http.response.status_code=200 records=1i,client.address="203.0.113.0",)"
            R"(client.port=0i,url.path="/a",url.query="b=*",http.response.size=512i,http.server.request.duration=1 1768478400000000000)"
            "\n");
}

TEST(line_protocol, escapes_by_the_place) {
  EXPECT_EQ(record_maker(output_time{1, 0}).add(columns::service_name, "a b,c=d\\e\n\"").add(columns::own_text, "a b,c=d\\e\n\"", "a=b, c").point("m,site=x"),
            "m,site=x,service.name=a\\ b\\,c\\=d%5Ce%0A\" records=1i,anonlog.a_b__c=\"a b,c=d\\\\e%0A\\\"\" 0000000001000000000\n");
}

TEST(line_protocol, writes_one_line_for_every_byte) {
  for (int c = 0; c < 256; ++c) {
    const std::string value = std::string("a") + static_cast<char>(c) + "b";
    const std::string line = record_maker().add(columns::service_name, value).add(columns::own_text, value, value).point();
    EXPECT_EQ(line.find('\n'), line.size() - 1) << c;
  }
}

TEST(line_protocol, has_a_field_and_a_time_in_every_point) {
  EXPECT_EQ(record_maker().add(columns::method, "GET").point("access", 1768478400), "access,http.request.method=GET records=1i 1768478400000000000\n");
}

TEST(line_protocol, writes_times_that_influxdb_can_hold) {
  EXPECT_EQ(record_maker(output_time{-5, 0}).point(), "access records=1i 0000000000000000000\n");
  const std::string latest = record_maker(output_time{std::int64_t{1} << 40, 0}).point();
  EXPECT_LT(latest.substr(latest.size() - 20, 19), "9223372036854775807");
}

TEST(point_numbers, count_up_in_each_bucket) {
  point_numbers numbers(3600);
  std::string lines = "a r=1i 1768478400000000000\nb r=1i 1768482000000000000\na r=1i 1768478400000000000\n";
  numbers.number(lines.data(), lines.size());
  EXPECT_EQ(lines, "a r=1i 1768478400000000000\nb r=1i 1768482000000000000\na r=1i 1768478400000000001\n");
  std::string more = "c r=1i 1768478400000000000\n";
  numbers.number(more.data(), more.size());
  EXPECT_EQ(more, "c r=1i 1768478400000000002\n");
}

TEST(point_numbers, give_no_time_twice_however_many_buckets_come) {
  point_numbers numbers(1);
  std::set<std::string> seen;
  for (int round = 0; round < 3; ++round)
    for (std::size_t bucket = 0; bucket < 3 * point_numbers::counters; bucket += 7) {
      std::string line = record_maker(output_time{static_cast<std::int64_t>(1768478400 + bucket), 0}).point();
      numbers.number(line.data(), line.size());
      EXPECT_TRUE(seen.insert(line).second) << line;
    }
}

TEST(output_shape, is_read_from_its_name) {
  EXPECT_TRUE(parse_output_shape("same")->is_same());
  EXPECT_EQ(parse_output_shape("jsonl")->kind, output_kind::jsonl);
  EXPECT_EQ(parse_output_shape("influx")->point_begin, "access");
  EXPECT_EQ(parse_output_shape("influx:web,site=a-1.example,run=7")->point_begin, "web,site=a-1.example,run=7");
}

TEST(output_shape, is_refused_where_points_could_break) {
  for (const std::string_view text : {"influx:", "influx:a b", "influx:a,", "influx:a,b", "influx:a,b=", "influx:a,=c", "influx:a,b=c d", "influx:a\nb", "influx:_a", "influx:a,_b=c",
                                      "influx:a,time=1", "influx:a,body=1", "influx:a,url.path=1", "jsonl:a", "same:a", "", "influx:a,b=c\\", "influx:a,b=\"c\""})
    EXPECT_FALSE(parse_output_shape(text)) << text;
  EXPECT_NE(parse_output_shape("smae").error().message.find("known: same, jsonl, influx"), std::string::npos);
  EXPECT_EQ(parse_output_shape("203.0.113.77 - -").error().message.find("203"), std::string::npos);
}

}  // namespace
}  // namespace anonlog
