// tests/format/known_formats_test.cpp: each named format splits its sample, and `auto` gives each line the right one.
#include <gtest/gtest.h>

#include "format_support.hpp"

namespace anonlog {
namespace {

using testing::fields_of;
using testing::format_of;
using testing::texts;

TEST(known_formats, split_their_own_sample_by_name_and_by_auto) {
  for (const log_format& known : known_formats) {
    const texts by_name = fields_of(known.name, known.sample);
    EXPECT_NE(by_name, texts{"REJECT"}) << known.name;
    EXPECT_EQ(by_name, fields_of("auto", known.sample)) << known.name;
    EXPECT_EQ(format_of(known.sample), known.name);
    EXPECT_FALSE(known.source.empty());
  }
}

TEST(known_formats, find_the_right_fields_in_their_samples) {
  EXPECT_EQ(fields_of("common", known::common.sample),
            (texts{"203.0.113.77", "-", "ada", "10/Oct/2025:13:55:36 +0000", "GET /a?b=c HTTP/1.1", "200", "512"}));
  EXPECT_EQ(fields_of("combined", known::combined.sample),
            (texts{"203.0.113.77", "-", "ada", "10/Oct/2025:13:55:36 +0000", "GET /a?b=c HTTP/1.1", "200", "512", "-",
                   "curl/8.5.0"}));
  EXPECT_EQ(fields_of("vhost_common", known::vhost_common.sample),
            (texts{"www.example.com", "443", "203.0.113.77", "-", "ada", "10/Oct/2025:13:55:36 +0000",
                   "GET /a?b=c HTTP/1.1", "200", "512"}));
  EXPECT_EQ(fields_of("vhost_combined", known::vhost_combined.sample),
            (texts{"www.example.com", "443", "203.0.113.77", "-", "-", "10/Oct/2025:13:55:36 +0000", "GET / HTTP/1.1",
                   "200", "512", "-", "curl/8.5.0"}));
  EXPECT_EQ(fields_of("vhost_combined", known::vhost_combined_without_port.sample)[0], "www.example.com");
  EXPECT_EQ(fields_of("nginx_main", known::nginx_main.sample),
            (texts{"203.0.113.77", "ada", "10/Oct/2025:13:55:36 +0000", "GET /a HTTP/1.1", "200", "512", "-",
                   "curl/8.5.0", "198.51.100.9"}));
}

TEST(known_formats, are_told_apart_line_by_line) {
  const std::string head = R"( [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 512)";
  const std::string rest = R"( "-" "curl/8")";
  struct expectation { std::string line; const char* format; };
  const expectation all[] = {
      {"203.0.113.7 - -" + head, "common"},
      {"203.0.113.7 - -" + head + rest, "combined"},
      {"203.0.113.7 - -" + head + rest + R"( "-")", "nginx_main"},
      {"www.example.com:80 203.0.113.7 - -" + head, "vhost_common"},
      {"www.example.com 203.0.113.7 - -" + head, "vhost_common"},
      {"www.example.com:80 203.0.113.7 - -" + head + rest, "vhost_combined"},
      {"www.example.com 203.0.113.7 - bob smith" + head + rest, "vhost_combined"},
      {"[2001:db8::1]:80 2001:db8::2 - bob" + head + rest, "vhost_combined"},
      // Its host is not to be told from an address with a group more: neither it nor the port is kept.
      {"2001:db8:1ce::1:82 2001:db8::2 - bob" + head + rest, "vhost_combined"},
      // An address with colons in front is no virtual host with a port.
      {"2001:db8::1 - bob smith" + head + rest, "combined"},
      {"2001:db8::80 - -" + head, "common"},
      {"203.0.113.7:51234 - bob smith" + head + rest, "combined"},
      // A client's host name in front is no virtual host, with a dot or without.
      {"dialup-7.isp.example - bob smith" + head + rest, "combined"},
      {"printer7 - bob smith" + head + rest, "combined"},
      {"printer7 - bob smith" + head, "common"},
      {"localhost - -" + head, "common"},
      {"unix: - -" + head + rest, "combined"},
      {"- - -" + head + rest, "combined"},
      // A bad value does not make a line unreadable.
      {R"(203.0.113.7 - - [32/Foo/2000] "GET /" abc xyz "-" "-")", "combined"},
      {R"(203.0.113.7 - - [] "" - - "" "" "")", "nginx_main"},
      {R"(- - - [-] "-" - -)", "common"},
  };
  for (const expectation& e : all) EXPECT_EQ(format_of(e.line), e.format) << e.line;
}

TEST(known_formats, reject_what_is_none_of_them) {
  for (const char* line :
       {"", "-", "# a comment", "not a common log line",
        "Unmatched! The rat the cat the dog chased killed ate the malt!",
        R"(203.0.113.7 [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "x")",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "x)",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 )",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 7)",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "x" 7)",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "x" )",
        R"( 203.0.113.7 - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "x")",
        R"([Mon Aug 31 16:27:04 2015] [error] [client 192.0.2.3] Premature end of script headers: example.com)",
        R"(2025/01/03 16:41:26 [error] 31#31: *3 open() "/x" failed, client: 192.0.2.2, request: "GET /", host: "a")",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1"  5)",
        R"({"remote_addr":"192.0.2.1"})"})
    EXPECT_EQ(format_of(line), "REJECT") << line;
}

}  // namespace
}  // namespace anonlog
