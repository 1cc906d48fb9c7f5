// tests/format/error_head_test.cpp: heads of error logs are told from each other and from lines that have none.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <anonlog/format/error_head.hpp>

namespace anonlog {
namespace {

using parts = std::vector<std::string>;

// The parts and the message, or nothing.
parts head_of(std::string_view line) {
  line_head head;
  if (!read_error_head(raw(line), head)) return {};
  parts told;
  for (std::size_t i = 0; i < head.count; ++i)
    told.push_back(std::string(head_parts[static_cast<std::size_t>(head.parts[i].what)].name) + "=" + std::string(head.parts[i].text.begin(), head.parts[i].text.end()));
  told.push_back((head.holds_record ? "record:" : "text:") + std::string(head.message.begin(), head.message.end()));
  return told;
}

TEST(error_head, reads_nginx_apache_and_lighttpd) {
  EXPECT_EQ(head_of("2026/11/23 12:06:42 [error] 22160#22161: *253 open() failed"),
            (parts{"error.time=2026/11/23 12:06:42", "error.level=error", "error.pid=22160", "error.tid=22161", "error.connection=253", "text: open() failed"}));
  EXPECT_EQ(head_of("[Mon Nov 23 12:06:42.745090 2026] [core:info] [pid 20588:tid 20721] [client [2001:db8::]:0] AH00128: x"),
            (parts{"error.time=Mon Nov 23 12:06:42.745090 2026", "error.module=core", "error.level=info", "error.pid=20588", "error.tid=20721",
                   "error.client=[2001:db8::]:0", "text: AH00128: x"}));
  EXPECT_EQ(head_of("2026-11-23 12:06:43: (mod_auth.c.828) password"), (parts{"error.time=2026-11-23 12:06:43", "error.source=mod_auth.c.828", "text: password"}));
}

TEST(error_head, reads_php) {
  EXPECT_EQ(head_of("[23-Nov-2026 12:06:43] WARNING: [pool www] child 7 said"),
            (parts{"error.time=23-Nov-2026 12:06:43", "error.level=WARNING", "text: [pool www] child 7 said"}));
  EXPECT_EQ(head_of("[23-Nov-2026 12:06:43.123456] DEBUG: pid 1, x(), line 2: y"),
            (parts{"error.time=23-Nov-2026 12:06:43.123456", "error.level=DEBUG", "text: pid 1, x(), line 2: y"}));
  EXPECT_EQ(head_of("[23-Nov-2026 12:06:43 Europe/Berlin] PHP Warning:  x"), (parts{"error.time=23-Nov-2026 12:06:43", "error.zone=Europe/Berlin", "text: PHP Warning:  x"}));
  EXPECT_EQ(head_of("[23-Nov-2026 12:00:00 -] -: x"), (parts{"error.time=23-Nov-2026 12:00:00", "error.zone=-", "error.level=-", "text: x"}));  // as it is written here
  EXPECT_EQ(head_of("[23-Nov-2026 12:06:43]"), (parts{"error.time=23-Nov-2026 12:06:43", "text:"}));
  EXPECT_EQ(head_of("[23-Nov-2026 12:06:43 +05:30] PHP Warning:  x"), (parts{"error.time=23-Nov-2026 12:06:43 +05:30", "text: PHP Warning:  x"}));
  EXPECT_EQ(head_of("[23-Nov-2026 12:06:43 UTC] HUNTER: x"), (parts{"error.time=23-Nov-2026 12:06:43 UTC", "text: HUNTER: x"}));  // a script's own word
}

TEST(error_head, reads_what_caddy_writes_for_people) {
  EXPECT_EQ(head_of("2026/11/23 12:06:45.032\t\x1B[34mINFO\x1B[0m\thttp.log.access.log1\thandled request\t{\"a\": 1}"),
            (parts{"error.time=2026/11/23 12:06:45.032", "error.level=INFO", "error.module=http.log.access.log1", "error.message=handled request", "record:{\"a\": 1}"}));
  EXPECT_EQ(head_of("2026/11/23 12:06:45.032\tWARN\tno logger here\t{}"),
            (parts{"error.time=2026/11/23 12:06:45.032", "error.level=WARN", "error.message=no logger here", "record:{}"}));
  EXPECT_EQ(head_of("2026/11/23 12:06:45\tERROR\ttls\tno record"), (parts{"error.time=2026/11/23 12:06:45", "error.level=ERROR", "error.module=tls", "text:no record"}));
  const parts aborted = {"error.time=2026/11/23 12:06:45.032", "error.level=ERROR", "error.message=aborted", "record:{\"a\":1}"};
  EXPECT_EQ(head_of("2026/11/23 12:06:45.032\tERROR\taborted\t{\"a\":1}"), aborted);  // one word is no logger
  EXPECT_EQ(head_of("2026/11/23 12:06:45.032\tERROR\taborted\t {\"a\":1}"), aborted);
  EXPECT_EQ(head_of("2026/11/23 12:06:45.032\tERROR\t{\"a\":1}"), (parts{"error.time=2026/11/23 12:06:45.032", "error.level=ERROR", "record:{\"a\":1}"}));
  EXPECT_EQ(head_of("2026/11/23 12:06:45.032\tINFO\tserving\t{\"a\"\t{\"b\""),  // from the first brace on nothing is free text
            (parts{"error.time=2026/11/23 12:06:45.032", "error.level=INFO", "error.message=serving", "record:{\"a\"\t{\"b\""}));
}

TEST(error_head, finds_none_where_there_is_none) {
  for (const char* line : {"", "[", "2026/11/23 12:06:42", "2026/11/23 12:06:42 error: x", "2026/11/23 12:06:45.\tINFO\tx", "2026/11/23 12:06:45.032 INFO x",
                           "2026/11/23 12:06:45.032\tIN FO\tx", "[23-Nov-2026 12:06:43 x", "[23-Nov-2026 12:06:43  UTC] x", "[23-Nov-2026 12:06:43.] x",
                           "[23-nov-2026 12:06:43] x", "[23-Nov-2026 12:06:43]x", "192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5", "{\"a\":1}"})
    EXPECT_EQ(head_of(line), parts{}) << line;
}

}  // namespace
}  // namespace anonlog
