// Lines of JSON come out with every value replaced where it stands, and everything else as it was.
#include <gtest/gtest.h>

#include <string>

#include <anonlog/json_writer.hpp>

namespace anonlog {
namespace {

struct written {
  bool is_read = false;
  std::string line;
  report counts;
};

written anonymised(std::string_view line, const policy& rules = {}) {
  const protection how = protection::make(rules).value();
  json_writer values(rules, how, 1 << 16);
  written made;
  made.is_read = values.read(raw(line));
  if (!made.is_read) return made;
  scratch memory(1 << 20);
  scope around{.keys = nullptr, .memory = memory, .counts = made.counts.transforms};
  std::string room(16 * line.size() + 1024, '\0');
  writer out(room.data(), room.size());
  values.write(how, around, made.counts, out);
  made.line = out.text();
  return made;
}

std::string line_of(std::string_view line, const policy& rules = {}) { return anonymised(line, rules).line; }

TEST(json_writer, replaces_values_where_they_stand) {
  EXPECT_EQ(line_of(R"({"remote_addr":"203.0.113.77", "status" : 200,"request":"GET /u/42?q=x HTTP/1.1" ,"bytes_sent":12345})"),
            R"({"remote_addr":"203.0.113.0", "status" : 200,"request":"GET /u/:num?q=* HTTP/1.1" ,"bytes_sent":12345})");
}

TEST(json_writer, writes_the_formats_of_the_programs) {
  EXPECT_EQ(line_of(R"~({"level":"info","ts":1700000123.456,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.77","remote_port":"54321","client_ip":"203.0.113.77","proto":"HTTP/2.0","method":"GET","host":"example.com","uri":"/a/42?page=2&x=y","headers":{"User-Agent":["Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0"],"X-Forwarded-For":["198.51.100.7, 10.0.0.1"],"Authorization":["Bearer secret"],"Accept-Language":["de-DE"]},"tls":{"resumed":false,"version":772,"server_name":"example.com"}},"bytes_read":0,"user_id":"","duration":0.0123,"size":512,"status":200,"resp_headers":{"Set-Cookie":["sid=abc"]}})~"),
            R"~({"level":"info","ts":1699999200.000,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.0","remote_port":"0","client_ip":"203.0.113.0","proto":"HTTP/2.0","method":"GET","host":"example.com","uri":"/a/:num?page=2&x=*","headers":{"User-Agent":["Firefox/115 (Linux)"],"X-Forwarded-For":["198.51.100.0, 10.0.0.0"],"Authorization":["-"],"Accept-Language":["-"]},"tls":{"resumed":false,"version":772,"server_name":"-"}},"bytes_read":0,"user_id":"","duration":0.0123,"size":512,"status":200,"resp_headers":{"Set-Cookie":["-"]}})~");
}

TEST(json_writer, lets_nothing_through_that_nobody_knows) {
  EXPECT_EQ(line_of(R"({"secret":"x","n":4711,"b":true,"z":null,"o":{"a":["u",1,{"deep":"v"}]},"e":"","d":"-"})"),
            R"({"secret":"-","n":null,"b":null,"z":null,"o":{"a":["-",null,{"deep":"-"}]},"e":"","d":"-"})");
}

TEST(json_writer, judges_what_is_decoded_and_every_one_of_duplicates) {
  EXPECT_EQ(line_of(R"({"remote\u005faddr":"\u0032\u0030\u0033.0.113.77","remote_addr":"203.0.113.78"})"),
            R"({"remote_addr":"203.0.113.0","remote_addr":"203.0.113.0"})");
  EXPECT_EQ(line_of(R"({"uri":"/a\u003ftoken=x"})"), R"({"uri":"/a?token=*"})");
}

TEST(json_writer, writes_no_name_that_could_be_somebodys) {
  EXPECT_EQ(line_of(R"({"bob@example.com":1,"203.0.113.77":{"x":1},"550e8400-e29b-41d4-a716-446655440000":"y","John Smith":"z","ok_name":1})"),
            R"({"_":null,"_":{"x":null},"_":"-","_":"-","ok_name":null})");
  EXPECT_EQ(line_of("{\"" + std::string(65, 'a') + "\":1}"), R"({"_":null})");
}

TEST(json_writer, has_a_number_or_null_where_a_number_was) {
  EXPECT_EQ(line_of(R"({"remote_addr":3405803853,"status":200,"status":99999,"time":1700000123,"request":1.5,"remote_port":54321,"user":42})"),
            R"({"remote_addr":null,"status":200,"status":null,"time":1699999200,"request":null,"remote_port":0,"user":null})");
  policy rules;
  ASSERT_FALSE(rules.set("bytes.digits", written_value(std::int64_t{2})));
  EXPECT_EQ(line_of(R"({"bytes_sent":98765,"bytes_sent":"98765","bytes_sent":1e3,"bytes_sent":-5})", rules),
            R"({"bytes_sent":98000,"bytes_sent":"98000","bytes_sent":null,"bytes_sent":null})");
}

TEST(json_writer, takes_classes_from_the_policy_first) {
  policy rules;
  ASSERT_FALSE(rules.set("fields.visitor.addr", written_value(std::string("ip"))));
  EXPECT_EQ(line_of(R"({"visitor":{"addr":"203.0.113.77"},"addr":"203.0.113.77"})", rules), R"({"visitor":{"addr":"203.0.113.0"},"addr":"-"})");
}

TEST(json_writer, reads_the_time_and_the_zone_of_a_line) {
  const policy rules;
  const protection how = protection::make(rules).value();
  json_writer values(rules, how, 1 << 16);
  std::int32_t zone = 0;
  bool has_zone = false;
  ASSERT_TRUE(values.read(raw(std::string_view(R"({"a":"2026-01-15T12:00:00Z","time":"-","time":"2026-01-15T13:55:36+01:00"})"))));
  EXPECT_EQ(values.find_time(0, zone, has_zone), 1768481736);
  EXPECT_TRUE(has_zone);
  EXPECT_EQ(zone, 3600);
  ASSERT_TRUE(values.read(raw(std::string_view(R"({"a":1})"))));
  EXPECT_FALSE(values.find_time(0, zone, has_zone));
}

TEST(json_writer, refuses_what_is_no_object_or_too_much) {
  EXPECT_FALSE(anonymised("[1]").is_read);
  EXPECT_FALSE(anonymised("{\"a\":1").is_read);
  std::string many = "{\"a\":[0";
  for (std::size_t i = 0; i < json_writer::most_tokens; ++i) many += ",0";
  EXPECT_FALSE(anonymised(many + "]}").is_read);
}

// Reduction is idempotent: what came out goes in and comes out again as it is (SPEC 3.1).
TEST(json_writer, gives_lines_that_come_out_again_as_they_are) {
  for (const char* line : {R"({"remote_addr":"2001:db8:1:2::3","time":"2026-01-15T13:55:36+01:00","user_agent":"curl/8.5.0","referer":"https://a.example/x?y"})",
                           R"({"http":{"request":{"method":"BREW","headers":{"Forwarded":"for=\"[2001:db8::1]:80\";by=x"}}},"url":{"original":"http://a.example/b/42"}})"}) {
    const std::string once = line_of(line);
    EXPECT_EQ(line_of(once), once);
  }
}

}  // namespace
}  // namespace anonlog
