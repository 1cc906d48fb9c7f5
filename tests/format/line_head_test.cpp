// tests/format/line_head_test.cpp: heads of syslog, container runtimes and docker compose are told from lines that have none.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <anonlog/format/line_head.hpp>

namespace anonlog {
namespace {

// The parts and the message, or nothing.
std::vector<std::string> head_of(std::string_view line) {
  line_head head;
  if (!read_line_head(raw(line), head)) return {};
  std::vector<std::string> told;
  for (std::size_t i = 0; i < head.count; ++i)
    told.push_back(std::string(head_parts[static_cast<std::size_t>(head.parts[i].what)].name) + "=" + std::string(head.parts[i].text.begin(), head.parts[i].text.end()));
  told.emplace_back(head.message.begin(), head.message.end());
  return told;
}

using parts = std::vector<std::string>;

TEST(line_head, reads_syslog_as_in_rfc_3164) {
  const parts whole = {"syslog.priority=190", "syslog.time=Oct  9 13:55:36", "syslog.host=web1", "syslog.tag=nginx", " GET"};
  EXPECT_EQ(head_of("<190>Oct  9 13:55:36 web1 nginx: GET"), whole);
  EXPECT_EQ(head_of("Oct 09 13:55:36 192.0.2.4 haproxy[7]: x y"),
            (parts{"syslog.time=Oct 09 13:55:36", "syslog.host=192.0.2.4", "syslog.tag=haproxy", "syslog.pid=7", " x y"}));
  EXPECT_EQ(head_of("2025-10-10T13:55:36.123456+02:00 web1 sshd(pam)[12]:"),
            (parts{"syslog.time=2025-10-10T13:55:36.123456+02:00", "syslog.host=web1", "syslog.tag=sshd(pam)", "syslog.pid=12", ""}));
  EXPECT_EQ(head_of("<134>Oct 10 13:55:36 haproxy[7]: x"), (parts{"syslog.priority=134", "syslog.time=Oct 10 13:55:36", "syslog.tag=haproxy", "syslog.pid=7", " x"}));
  EXPECT_EQ(head_of("Oct 9 13:55:36 web1 nginx: x"), (parts{"syslog.time=Oct 9 13:55:36", "syslog.host=web1", "syslog.tag=nginx", " x"}));
  EXPECT_EQ(head_of("Oct 10 13:55:36 2001:db8::1  nginx: x"), (parts{"syslog.time=Oct 10 13:55:36", "syslog.host=2001:db8::1", "syslog.tag=nginx", " x"}));
}

TEST(line_head, reads_syslog_as_in_rfc_5424) {
  EXPECT_EQ(head_of(R"(<165>1 2025-10-10T13:55:36Z web1 app 4711 ID47 [a b="c\"] d"][e] m)"),
            (parts{"syslog.priority=165", "syslog.version=1", "syslog.time=2025-10-10T13:55:36Z", "syslog.host=web1", "syslog.tag=app",
                   "syslog.pid=4711", "syslog.msgid=ID47", R"(syslog.data=[a b="c\"] d"][e])", " m"}));
  EXPECT_EQ(head_of("<1>1 - - - - - -"), (parts{"syslog.priority=1", "syslog.version=1", "syslog.time=-", "syslog.host=-", "syslog.tag=-",
                                                 "syslog.pid=-", "syslog.msgid=-", "syslog.data=-", ""}));
}

TEST(line_head, reads_what_container_runtimes_write) {
  EXPECT_EQ(head_of("2025-10-10T13:55:36.123456789Z stdout F {\"a\":1}"),
            (parts{"syslog.time=2025-10-10T13:55:36.123456789Z", "cri.stream=stdout", "cri.tag=F", " {\"a\":1}"}));
  EXPECT_EQ(head_of("web-1  | 192.0.2.1"), (parts{"compose.service=web-1", " 192.0.2.1"}));
  EXPECT_EQ(head_of("\x1B[33mweb_1    |\x1B[0m x"), (parts{"compose.service=web_1", " x"}));
}

TEST(line_head, reads_stamps_that_stand_alone) {
  EXPECT_EQ(head_of("2025-10-10T13:55:36.123456789Z {\"a\":1}"), (parts{"syslog.time=2025-10-10T13:55:36.123456789Z", " {\"a\":1}"}));
  EXPECT_EQ(head_of("2025-10-10T13:55:36+0200 web1 nginx[1]: x"),
            (parts{"syslog.time=2025-10-10T13:55:36+0200", "syslog.host=web1", "syslog.tag=nginx", "syslog.pid=1", " x"}));
  EXPECT_EQ(head_of("web-1  | 2025-10-10T13:55:36Z 192.0.2.1"), (parts{"compose.service=web-1", "syslog.time=2025-10-10T13:55:36Z", " 192.0.2.1"}));
  line_head head;
  for (const auto& [line, is_stamp_only] : {std::pair{"2025-10-10T13:55:36Z x", true}, {"web-1  | 2025-10-10T13:55:36Z x", false}, {"2025-10-10T13:55:36Z stdout F x", false}}) {
    ASSERT_TRUE(read_line_head(raw(std::string_view(line)), head));
    EXPECT_EQ(head.sure_count == 0, is_stamp_only) << line;
  }
}

TEST(line_head, finds_none_where_there_is_none) {
  for (const char* line : {"", "<", "<190>", "<1900>Oct 10 13:55:36 web1 nginx: x", "<190>Oct 10 13:55:36", "<190>Oct 10 13:55:36 web1 nginx x",
                           "Oct 10 13:55 web1 nginx: x", "Oct 109 13:55:36 web1 nginx: x", "Oct 9  13:55:36 web1 nginx: x", "oct 10 13:55:36 web1 nginx: x", "Oct 10 13:55:36 web1 nginx[x]: y", "Oct 10 13:55:36 web1 nginx:x",
                           "<165>1 2025-10-10T13:55:36Z web1 app 4711 ID47 [a b=\"c] m", "<165>1 2025-10-10T13:55:36Z web1 app 4711 ID47 -m",
                           "2025-10-10T13:55:36 stdout F x", "2025-10-10T13:55:36Z", "2025-10-10 13:55:36Z x",
                           "web-1 192.0.2.1 | x", "| x", "web 1 | x",
                           "192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5",
                           "www.example.com:443 192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5", "{\"a\":1}"})
    EXPECT_EQ(head_of(line), parts{}) << line;
}

TEST(line_head, reads_no_byte_behind_a_line) {
  const std::string whole = R"(<165>1 2025-10-10T13:55:36.5+02:00 web1 app 4711 ID47 [a b="c\"]"] m)";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));  // AddressSanitizer looks at its end
    line_head head;
    (void)read_line_head(raw(exact.data(), exact.size()), head);
  }
}

}  // namespace
}  // namespace anonlog
