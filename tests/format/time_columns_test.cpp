// tests/format/time_columns_test.cpp: stamps between other columns, in the forms that servers and patterns write.
#include <gtest/gtest.h>

#include "format_support.hpp"
#include "stream_support.hpp"

namespace anonlog {
namespace {

using testing::format_of;

std::string out_of(const std::string& line, std::string_view format = "auto") {
  const auto rules = testing::make_plan({.format = std::string(format)});
  const auto once = testing::run(rules, line + "\n", [](std::size_t left) { return left; }).out;
  EXPECT_EQ(testing::run(rules, once, [](std::size_t left) { return left; }).out, once) << "reduced once, it stays";
  return once.empty() ? once : once.substr(0, once.size() - 1);
}

// Apache's `%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t`, and Undertow.
TEST(time_columns, of_clf_may_have_a_fraction) {
  const std::string rest = R"("GET / HTTP/1.1" 200 1)", agent = R"( "-" "curl/8.5.0")", agent_out = R"x( "-" "curl/8 (tool)")x";
  for (const char* format : {"auto", "combined"}) {
    EXPECT_EQ(out_of("203.0.113.195 - - [26/Nov/2026:10:11:12.195 +0000] " + rest + agent, format),
              "203.0.113.0 - - [26/Nov/2026:10:00:00.000 +0000] " + rest + agent_out);
    EXPECT_EQ(out_of("203.0.113.195 - - [26/Nov/2026:10:11:12.195327 -0730] " + rest + agent, format),
              "203.0.113.0 - - [26/Nov/2026:10:00:00.000000 -0730] " + rest + agent_out);
  }
  EXPECT_EQ(out_of("www.example.com:443 203.0.113.195 - - [26/Nov/2026:10:11:12.195 +0000] " + rest),
            "www.example.com:443 203.0.113.0 - - [26/Nov/2026:10:00:00.000 +0000] " + rest);
  EXPECT_EQ(testing::fields_of("auto", "203.0.113.195 - x [26/Nov/2026:10:11:12.1 +0000] y [26/Nov/2026:10:11:12.195 +0000] " + rest)[2],
            "x [26/Nov/2026:10:11:12.1 +0000] y") << "a user may write what looks like one";
}

// Apache writes the second, its fraction and the zone by three directives: one time.
TEST(time_columns, of_three_directives_are_one) {
  const std::string rest = R"x( "%r" %>s %b)x", rest_in = R"( "GET / HTTP/1.1" 200 1)";
  for (const char* seconds : {"%d/%b/%Y:%H:%M:%S", "%d/%b/%Y:%T", "begin:%d/%b/%Y:%T"})
    for (const char* fraction : {"usec_frac", "msec_frac"}) {
      const std::string digits = fraction[0] == 'u' ? "195327" : "195", zeros(digits.size(), '0');
      const std::string pattern = std::string("%h %l %u [%{") + seconds + "}t.%{" + fraction + "}t %{%z}t]" + rest;
      EXPECT_EQ(out_of("203.0.113.195 - - [26/Nov/2026:10:11:12." + digits + " +0000]" + rest_in, pattern),
                "203.0.113.0 - - [26/Nov/2026:10:00:00." + zeros + " +0000]" + rest_in)
          << pattern;
    }
  EXPECT_EQ(out_of("203.0.113.195 2026-11-26 10:11:12.195 +0000 ada" + rest_in, "%h %{%Y-%m-%d %T}t.%{msec_frac}t %{%z}t %l" + rest),
            "203.0.113.0 2026-11-26 10:00:00.000 +0000 -" + rest_in);
  EXPECT_EQ(out_of("203.0.113.195 2026-11-26T10:11:12.195+0000 ada" + rest_in, "%h %{%Y-%m-%dT%H:%M:%S}t.%{msec_frac}t%{%z}t %l" + rest),
            "203.0.113.0 2026-11-26T10:00:00.000+0000 -" + rest_in);
}

// A blank belongs to the form of a stamp, and stays.
TEST(time_columns, without_quotes_keep_their_blanks) {
  const std::string rest_in = R"( "GET / HTTP/1.1" 200 1)";
  for (const char* form : {"%Y-%m-%d %H:%M:%S", "%F %T"}) {
    const std::string pattern = std::string("%h %{") + form + R"x(}t "%r" %>s %b)x";
    EXPECT_EQ(out_of("203.0.113.195 2026-11-26 10:11:12" + rest_in, pattern), "203.0.113.0 2026-11-26 10:00:00" + rest_in);
    EXPECT_EQ(out_of("203.0.113.195 -" + rest_in, pattern), "203.0.113.0 -" + rest_in);
    const std::string with_user = std::string("%h %{") + form + R"x(}t %l "%r" %>s %b)x";
    EXPECT_EQ(out_of("203.0.113.195 2026-11-26 10:11:12 ada" + rest_in, with_user), "203.0.113.0 2026-11-26 10:00:00 -" + rest_in);
  }
  EXPECT_EQ(out_of("203.0.113.195 2026-11-26 10:11:12 +0100" + rest_in, R"x(%h %{%Y-%m-%d %H:%M:%S %z}t "%r" %>s %b)x"),
            "203.0.113.0 2026-11-26 10:00:00 +0100" + rest_in);
}

TEST(time_columns, of_daphne_have_no_zone) {
  EXPECT_EQ(out_of(R"(203.0.113.195:51234 - - [26/Nov/2026:10:11:12] "GET /u/4711?token=s3cret" 200 1)"),
            R"(203.0.113.0:0 - - [26/Nov/2026:10:00:00] "GET /u/:num?token=*" 200 1)");
  EXPECT_EQ(out_of(R"(2001:db8:85a3::7:51234 - - [26/Nov/2026:10:11:12] "GET /u" 200 1)"),
            R"(2001:db8:8500:::0 - - [26/Nov/2026:10:00:00] "GET /u" 200 1)");
  EXPECT_EQ(out_of(R"(203.0.113.195 - - [26/Nov/2026:10:11:12] "GET /u HTTP/1.1" 200 1)"),
            R"(203.0.113.0 - - [26/Nov/2026:10:00:00] "GET /u HTTP/1.1" 200 1)");
  EXPECT_EQ(format_of(R"([2001:db8::7]:51234 - - [26/Nov/2026:10:11:12] "WSCONNECTING /ws/" - -)"), "daphne");
}

TEST(time_columns, of_werkzeug_may_stand_behind_a_logger_or_in_colour) {
  EXPECT_EQ(out_of(R"(INFO:werkzeug:203.0.113.195 - - [26/Nov/2026 10:11:12] "GET /u/4711 HTTP/1.1" 200 -)"),
            R"(INFO:werkzeug:203.0.113.0 - - [26/Nov/2026 10:00:00] "GET /u/:num HTTP/1.1" 200 -)");
  for (const std::string front : {"203.0.113.195", "INFO:werkzeug:203.0.113.195"})
    for (const std::string colour : {"\x1B[1m", "\x1B[36m", "\x1B[32m", "\x1B[33m", "\x1B[31m\x1B[1m", "\x1B[35m\x1B[1m"}) {
      const auto line = [&](const std::string& client, const char* minute, const char* path) {
        return client + " - - [26/Nov/2026 10:" + minute + "] \"" + colour + "GET " + path + " HTTP/1.1\x1B[0m\" 404 -";
      };
      EXPECT_EQ(out_of(line(front, "11:12", "/u/4711")), line(front.substr(0, front.size() - 3) + "0", "00:00", "/u/:num"));
    }
}

}  // namespace
}  // namespace anonlog
