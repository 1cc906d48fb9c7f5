// tests/format/head_chain_test.cpp: what grep and kubectl write in front of a line, and heads behind heads.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <anonlog/format/head_chain.hpp>

namespace anonlog {
namespace {

using parts = std::vector<std::string>;

parts heads_of(std::string_view line) {
  line_head head;
  if (!read_heads(raw(line), head)) return {};
  parts told;
  for (std::size_t i = 0; i < head.count; ++i)
    told.push_back(std::string(head_parts[static_cast<std::size_t>(head.parts[i].what)].name) + "=" + std::string(head.parts[i].text.begin(), head.parts[i].text.end()));
  told.emplace_back(head.message.begin(), head.message.end());
  return told;
}

TEST(head_chain, reads_what_grep_writes) {
  EXPECT_EQ(heads_of("access.log:x"), (parts{"grep.file=access.log", "x"}));
  EXPECT_EQ(heads_of("access.log:12:x"), (parts{"grep.file=access.log", "grep.line=12", "x"}));
  EXPECT_EQ(heads_of("12:x"), (parts{"grep.line=12", "x"}));
  EXPECT_EQ(heads_of("./logs/ssl_access_log-20261126.gz:{}"), (parts{"grep.file=./logs/ssl_access_log-20261126.gz", "{}"}));
  EXPECT_EQ(heads_of("access.json-{}"), (parts{"grep.file=access.json", "{}"}));
  EXPECT_EQ(heads_of("access.log-203.0.113.7 x"), (parts{"grep.file=access.log", "203.0.113.7 x"}));
  EXPECT_EQ(heads_of("messages:Nov 26 10:11:12 web1 nginx: x"), (parts{"grep.file=messages", "syslog.time=Nov 26 10:11:12", "syslog.host=web1", "syslog.tag=nginx", " x"}));
}

TEST(head_chain, leaves_addresses_whole) {
  EXPECT_EQ(heads_of("access.log:2001:db8::7 x"), (parts{"grep.file=access.log", "2001:db8::7 x"}));
  EXPECT_EQ(heads_of("access.log:2001::7 x"), (parts{"grep.file=access.log", "2001::7 x"}));
  EXPECT_EQ(heads_of("access.log:::1 x"), (parts{"grep.file=access.log", "::1 x"}));
  EXPECT_EQ(heads_of("access.log:1:2001:db8::7 x"), (parts{"grep.file=access.log", "grep.line=1", "2001:db8::7 x"}));
  EXPECT_EQ(heads_of("access.log-2001:db8::7 x"), (parts{"grep.file=access.log", "2001:db8::7 x"}));
  for (const char* line : {"2001:db8::7 x", "2001::7 x", "1:2001:db8::7 x", "1::7 x", "::1 x", "access.log:2001:2003::7 x", "access.log:1:fe80::7 x", "access.log-2001:2003::7 x",
                           "access.log-2001:1:2003::7 x", "access.log-2:1:2003::7 x"})
    EXPECT_EQ(heads_of(line), parts{}) << line;
}

TEST(head_chain, reads_heads_behind_heads) {
  EXPECT_EQ(heads_of("[pod/web-0/nginx] 2026-11-26T10:11:12Z x"), (parts{"kubectl.pod=web-0", "kubectl.container=nginx", "syslog.time=2026-11-26T10:11:12Z", " x"}));
  EXPECT_EQ(heads_of("<13>Nov 26 10:11:12 web1 crio[1]: 2026-11-26T10:11:12Z stdout F x"),
            (parts{"syslog.priority=13", "syslog.time=Nov 26 10:11:12", "syslog.host=web1", "syslog.tag=crio", "syslog.pid=1", "syslog.time=2026-11-26T10:11:12Z", "cri.stream=stdout",
                   "cri.tag=F", " x"}));
  EXPECT_EQ(heads_of("2026-11-26T10:11:12.123456+00:00 heroku[router]: at=info"),
            (parts{"syslog.time=2026-11-26T10:11:12.123456+00:00", "syslog.tag=heroku", "heroku.dyno=router", " at=info"}));
  EXPECT_EQ(heads_of("2026-11-26T10:11:12+00:00 web1 app[web.1]: x"), (parts{"syslog.time=2026-11-26T10:11:12+00:00", "syslog.host=web1", "syslog.tag=app", "heroku.dyno=web.1", " x"}));
  for (const char* somebodys : {"2026-11-26T10:11:12Z login[ada]: x", "2026-11-26T10:11:12Z web1 sshd[ada.lovelace]: x", "2026-11-26T10:11:12Z app[ada-lovelace.4711]: x", "2026-11-26T10:11:12Z app[web.4915123456]: x"})
    for (const std::string& part : heads_of(somebodys)) EXPECT_EQ(part.find("dyno"), part.npos) << somebodys;
  line_head head;
  ASSERT_TRUE(read_heads(raw(std::string_view("<13>Nov 26 10:11:12 web1 app: web | x")), head));
  EXPECT_EQ(head.count, 5U);
  EXPECT_EQ(head.sure_count, 4U);
  ASSERT_TRUE(read_heads(raw(std::string_view("access.log:Nov 26 10:11:12 web1 app: web | x")), head));
  EXPECT_EQ(head.sure_count, 0U);
}

TEST(head_chain, reads_what_servers_in_python_write) {
  EXPECT_EQ(heads_of("[2026-11-26 10:11:12 +0000] [4711] [INFO] x"), (parts{"syslog.time=2026-11-26 10:11:12 +0000", "syslog.pid=4711", "error.level=INFO", " x"}));
  for (const char* line : {"[2026-11-26 10:11:12 +0000] [4711] [INFO]x", "[2026-11-26 10:11:12] [4711] [INFO] x", "[2026-11-26 10:11:12 +0000] [ada] [INFO] x", "[2026-11-26 10:11:12 +0000] x"})
    EXPECT_EQ(heads_of(line), parts{}) << line;
}

TEST(head_chain, finds_none_where_there_is_none) {
  for (const char* line : {"", ":", "-", "-:", "access.log", "access.log:", "access.log: x", "access.log:443 203.0.113.7", "www.example.com:x", "log.example.com:x", ".log:x", "log:x",
                           "ada@access.log:x", "access log:x", "1234567890:x", "www.example.com:443 x", "access.log-x", "www-203.0.113.7 x", "[pod/web] x", "[pod/web/] x", "[pod/web/nginx]x",
                           "[pod/ada lovelace/nginx] x", "192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5"})
    EXPECT_EQ(heads_of(line), parts{}) << line;
}

TEST(head_chain, reads_no_byte_behind_a_line) {
  for (const std::string whole : {"access.log-12:2001:db8::7 x", "[pod/web-0/nginx] 2026-11-26T10:11:12Z x", "access.log-203.0.113.7 x", "12:<13>1 - - - - - x"})
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));  // AddressSanitizer looks at its end
      line_head head;
      (void)read_heads(raw(exact.data(), exact.size()), head);
    }
}

}  // namespace
}  // namespace anonlog
