// tests/output/output_record_test.cpp: values are cut into the columns they belong to; nothing that is absent is there, nothing
// stands twice, and a number is a number.
#include <gtest/gtest.h>

#include "output_support.hpp"

namespace anonlog {
namespace {

using testing::record_maker;

TEST(output_record, takes_a_request_line_apart) {
  EXPECT_EQ(record_maker().add(columns::request, "GET /a/:num?page=2&q=* HTTP/1.1").json(),
            R"({"http.request.method":"GET","url.path":"/a/:num","url.query":"page=2&q=*","network.protocol.version":"1.1"})"
            "\n");
  EXPECT_EQ(record_maker().add(columns::request, "CONNECT - HTTP/1.1").json(), "{\"http.request.method\":\"CONNECT\",\"network.protocol.version\":\"1.1\"}\n");
  EXPECT_EQ(record_maker().add(columns::request, "OPTIONS * HTTP/2.0").json(),
            "{\"http.request.method\":\"OPTIONS\",\"url.path\":\"*\",\"network.protocol.version\":\"2.0\"}\n");
}

TEST(output_record, takes_a_url_apart) {
  EXPECT_EQ(record_maker().add(columns::target, "https://www.example.com:8443/a?b=*").json(),
            R"({"url.scheme":"https","url.domain":"www.example.com","url.port":8443,"url.path":"/a","url.query":"b=*"})"
            "\n");
  EXPECT_EQ(record_maker().add(columns::target, "http://[2001:db8::]/").json(), "{\"url.scheme\":\"http\",\"url.domain\":\"[2001:db8::]\",\"url.path\":\"/\"}\n");
  EXPECT_EQ(record_maker().add(columns::target, "/a://b").json(), "{\"url.path\":\"/a://b\"}\n");
}

TEST(output_record, takes_a_port_from_its_address) {
  EXPECT_EQ(record_maker().add(columns::client_address, "203.0.113.0:0").json(), "{\"client.address\":\"203.0.113.0\",\"client.port\":0}\n");
  EXPECT_EQ(record_maker().add(columns::client_address, "[2001:db8::]:0").json(), "{\"client.address\":\"2001:db8::\",\"client.port\":0}\n");
  EXPECT_EQ(record_maker().add(columns::client_address, "2001:db8::8080").json(), "{\"client.address\":\"2001:db8::8080\"}\n");
  EXPECT_EQ(record_maker().add(columns::client_address, "unix:").json(), "{\"client.address\":\"unix:\"}\n");
  EXPECT_EQ(record_maker().add(columns::server_address, "www.example.com:8080").json(), "{\"server.address\":\"www.example.com\",\"server.port\":8080}\n");
}

TEST(output_record, has_nothing_for_what_is_absent) {
  EXPECT_EQ(record_maker().add(columns::user_name, "-").add(columns::referrer, "").add(columns::request, "-").add(columns::url_query, "?").json(), "{}\n");
}

TEST(output_record, has_no_number_that_is_none) {
  for (const std::string_view text : {"1ms", "1,2", "-1", "1e3", "0x1", "1.5", ".5", "5.", "1234567890123456789", "+1", " 1"})
    EXPECT_EQ(record_maker().add(columns::response_size, text).json(), "{}\n") << text;
  EXPECT_EQ(record_maker().add(columns::response_size, "007").json(), "{\"http.response.size\":7}\n");
  EXPECT_EQ(record_maker().add(columns::response_size, "000").json(), "{\"http.response.size\":0}\n");
  EXPECT_EQ(record_maker().add(columns::request_duration, "00.120").json(), "{\"http.server.request.duration\":0.120}\n");
  for (const std::string_view text : {"1.2.3", ".5", "5.", "1.", "-"}) EXPECT_EQ(record_maker().add(columns::request_duration, text).json(), "{}\n") << text;
}

TEST(output_record, names_the_second_of_two_by_its_field) {
  EXPECT_EQ(record_maker().add(columns::client_address, "203.0.113.0", "remote_addr").add(columns::client_address, "198.51.100.0:0", "X.Peer").json(),
            "{\"client.address\":\"203.0.113.0\",\"anonlog.X.Peer\":\"198.51.100.0:0\"}\n");
  EXPECT_EQ(record_maker().add(columns::status, "200", "a").add(columns::status, "404", "b").add(columns::status, "500", "b").json(),
            "{\"http.response.status_code\":200,\"anonlog.b\":404}\n");
}

TEST(output_record, never_has_a_name_twice) {
  record_maker made;
  for (int i = 0; i < 3; ++i) {
    made.add(columns::own_text, "a", "upstream.address").add(columns::upstream_address, "10.0.0.1", "y").add(columns::header, "b", "X_Real_IP");
    made.add(columns::header, "c", "http_x_forwarded_for").add(columns::forwarded_for, "d", "z");
  }
  EXPECT_EQ(made.json(), R"({"anonlog.upstream.address":"a","anonlog.y":"10.0.0.1","http.request.header.x-real-ip":"b",)"
                         R"("http.request.header.x-forwarded-for":"c","anonlog.z":"d"})"
                         "\n");
}

TEST(output_record, writes_names_of_safe_bytes_only) {
  EXPECT_EQ(record_maker().add(columns::own_text, "v", "a\"b\\c,d=e f\n\xC3\xA9").json(), "{\"anonlog.a_b_c_d_e_f___\":\"v\"}\n");
  EXPECT_EQ(record_maker().add(columns::own_text, "v", std::string(65, 'a')).json(), "{}\n");
  EXPECT_EQ(record_maker().add(columns::own_text, "v", "").json(), "{}\n");
}

TEST(output_record, has_the_first_time_as_its_own) {
  const output_time bucket{1768478400, 3600};
  EXPECT_EQ(record_maker(bucket).add(columns::time, "15/Jan/2026:13:00:00 +0100", "t").add(columns::time, "2026-01-15T13:00:00", "made").json(),
            "{\"timestamp\":\"2026-01-15T13:00:00+01:00\",\"anonlog.made\":\"2026-01-15T13:00:00\"}\n");
  EXPECT_EQ(record_maker().add(columns::time, "13:00:00", "t").json(), "{\"anonlog.t\":\"13:00:00\"}\n");
}

TEST(output_record, has_the_family_of_a_reduced_agent) {
  EXPECT_EQ(record_maker().add(columns::agent, "Chrome/120 (Windows)").json(), "{\"user_agent.original\":\"Chrome/120 (Windows)\",\"user_agent.name\":\"Chrome\"}\n");
  EXPECT_EQ(record_maker().add(columns::agent, "Other (Linux)").json(), "{\"user_agent.original\":\"Other (Linux)\",\"user_agent.name\":\"Other\"}\n");
  EXPECT_EQ(record_maker(std::nullopt, true).add(columns::agent, "Secret/1").json(), "{\"user_agent.original\":\"Secret/1\"}\n");
}

TEST(output_record, stays_within_its_bounds) {
  record_maker made;
  for (std::size_t i = 0; i < 2 * output_record::most_values; ++i) made.add(columns::own_integer, "1", "n" + std::to_string(i));
  EXPECT_EQ(made.record().values().size(), output_record::most_values);
  output_record small(8, false);
  small.begin(std::nullopt);
  EXPECT_FALSE(small.overflowed());
  small.written().put(std::string(output_record::names_bytes + 9, 'a'));
  EXPECT_TRUE(small.overflowed());
  small.begin(std::nullopt);
  EXPECT_FALSE(small.overflowed());
}

}  // namespace
}  // namespace anonlog
