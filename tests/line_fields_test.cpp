// tests/line_fields_test.cpp: lines within lines: behind a head, and in a string of JSON.
#include <gtest/gtest.h>

#include <string>

#include <anonlog.hpp>

namespace anonlog {
namespace {

struct written {
  std::string out;
  report counts;
};

written anonymised(std::string_view log, std::string_view format = "auto", const policy& rules = {}) {
  plan_options options;
  options.format = format;
  options.rules = rules;
  options.now = 1760104536;  // 10 October 2025
  const auto made = plan::make(std::move(options)).value();
  stream lines(made);
  std::string room(made->output_bound(log.size()) + 16 * log.size(), '\0');
  input_buffer in{log.data(), log.size()};
  output_buffer out{room.data(), room.size()};
  lines.feed(in, out);
  lines.finish(out);
  return {room.substr(0, out.pos), lines.counts()};
}

std::string line_of(std::string_view line, std::string_view format = "auto", const policy& rules = {}) { return anonymised(line, format, rules).out; }

constexpr const char* access = R"(203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET /u/4711 HTTP/1.1" 200 5 "-" "curl/8.5.0")";
constexpr const char* safe = R"~(203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] "GET /u/:num HTTP/1.1" 200 5 "-" "curl/8 (tool)")~";

TEST(line_fields, behind_each_kind_of_head) {
  const std::pair<std::string, std::string> heads[] = {
      {"<190>Oct 10 13:55:36 web1 nginx: ", "<190>Oct 10 13:00:00 web1 nginx: "},
      {"Oct 10 13:55:36 198.51.100.7 nginx[4711]: ", "Oct 10 13:00:00 198.51.100.0 nginx[4711]: "},
      {"2025-10-10T13:55:36.123456+00:00 web1 nginx: ", "2025-10-10T13:00:00.000000+00:00 web1 nginx: "},
      {"<165>1 2025-10-10T13:55:36Z web1 app 4711 ID47 [a b=\"secret\"] ", "<165>1 2025-10-10T13:00:00Z web1 app 4711 ID47 - "},
      {"2025-10-10T13:55:36.123456789Z stdout F ", "2025-10-10T13:00:00.000000000Z stdout F "},
      {"web-1  | ", "web-1  | "},
      {"2025-10-10T13:55:36.123456789Z ", "2025-10-10T13:00:00.000000000Z "},
      {"web-1  | 2025-10-10T13:55:36.123456789Z ", "web-1  | 2025-10-10T13:00:00.000000000Z "},
      {"2025-10-10T13:55:36+0000 web1 nginx[4711]: ", "2025-10-10T13:00:00+0000 web1 nginx[4711]: "},
      {"2025-10-10T13:55:36.123456+00:00 app[web.1]: ", "2025-10-10T13:00:00.000000+00:00 app[web.1]: "},
      {"2025-10-10T13:55:36.123456+00:00 web1 app[web.1]: ", "2025-10-10T13:00:00.000000+00:00 web1 app[web.1]: "},
      {"[pod/web-0/nginx] ", "[pod/web-0/nginx] "},
      {"[pod/web-7d4b9c6f5d-x2x7k/nginx] 2025-10-10T13:55:36.123456789Z ", "[pod/-/nginx] 2025-10-10T13:00:00.000000000Z "},
      {"<190>Oct 10 13:55:36 web1 docker[7]: 2025-10-10T13:55:36.123456789Z stdout F ", "<190>Oct 10 13:00:00 web1 docker[7]: 2025-10-10T13:00:00.000000000Z stdout F "},
      {"<165>1 2025-10-10T13:55:36Z web1 app 4711 ID47 - web-1  | 2025-10-10T13:55:36Z ", "<165>1 2025-10-10T13:00:00Z web1 app 4711 ID47 - web-1  | 2025-10-10T13:00:00Z "},
      {"Oct 10 13:55:36 web1 kubectl: [pod/web-0/nginx] ", "Oct 10 13:00:00 web1 kubectl: [pod/web-0/nginx] "},
      {"Oct 10 13:55:36.123456 web1 nginx[4711]: ", "Oct 10 13:00:00.000000 web1 nginx[4711]: "},
      {"[2025-10-10 13:55:36 +0000] [4711] [INFO] ", "[2025-10-10 13:00:00 +0000] [4711] [INFO] "},
      {"2025-10-10 13:55:36 ", "2025-10-10 13:00:00 "},
      {"2025-10-10 13:55:36.123 +0000 ", "2025-10-10 13:00:00.000 +0000 "},
      {"Oct 10 13:55:36 web1 nginx[-]: ", "Oct 10 13:00:00 web1 nginx[-]: "},
      {"access.log:", "access.log:"},
      {"12:", "12:"},
      {"access.log:12:", "access.log:12:"},
      {"/var/log/nginx/access.log.1:", "/var/log/nginx/access.log.1:"},
      {"203.0.113.77-access_log:", "-:"},
      {"access.log-20251010.gz:4711:", "-:4711:"},
      {"/var/log/syslog:Oct 10 13:55:36 web1 nginx: ", "/var/log/syslog:Oct 10 13:00:00 web1 nginx: "},
      {"access.log:12:[pod/web-0/nginx] ", "access.log:12:[pod/web-0/nginx] "},
      {"\xEF\xBB\xBF", ""},
      {"\xEF\xBB\xBFOct 10 13:55:36 web1 nginx: ", "Oct 10 13:00:00 web1 nginx: "},
  };
  for (const auto& [before, after] : heads) {
    EXPECT_EQ(line_of(before + access), after + safe);
    EXPECT_EQ(line_of(after + safe), after + safe);
    if (!after.empty()) {
      EXPECT_EQ(line_of(before + access, "syslog"), after + safe);
    }
    EXPECT_EQ(line_of(before + R"({"remote_addr":"203.0.113.77","x":"y"})"), after + R"({"remote_addr":"203.0.113.0","x":"-"})");
  }
}

// grep writes the name of a file and the number of a line in front of it, with `:` or, around a match, `-`; an IPv6 address may
// begin like either.
TEST(line_fields, behind_a_name_of_a_file_keep_their_address_whole) {
  const std::string rest = R"( - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "-")", safe_rest = R"( - - [10/Oct/2025:13:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-")";
  const std::pair<std::string, std::string> fronts[] = {
      {"access.log:2001:db8:a:b::7", "access.log:2001:d00::"},  // 2001:db8::/32 is for documentation
      {"access.log:12:2001:db8:a:b::7", "access.log:12:2001:d00::"},
      {"access.log-2001:db8:a:b::7", "access.log-2001:d00::"},
      {"access.log-12-2001:db8:a:b::7", "access.log-12-2001:d00::"},
      {"access.log-2a01:db8:a:b::7", "access.log-2a01:d00::"},
      {"access.log:12345:fe80:a:b::7", "access.log:12345:fe80::"},
      {"access.log:fe80:a:b::7", "access.log:fe80::"},
      {"access.log:12:::ffff:203.0.113.77", "access.log:12:203.0.113.0"},
      {"access.log-203.0.113.77", "access.log-203.0.113.0"},
      {"access.log-12-203.0.113.77", "access.log-12-203.0.113.0"},
      {"10.0.0.7-access.log-203.0.113.77", "--203.0.113.0"},
      {"10.0.0.7-access.log-2001:db8:a:b::7", "--2001:d00::"},
      {"access.log-20251010:203.0.113.77", "-:203.0.113.0"},
      // Which part is the address cannot be told.
      {"access.log:2001:2003:db8:a:b::7", "-"},
      {"access.log-2001:2003:db8:a:b::7", "-"},
      {"access.log-2001:12:2a01:db8:a:b::7", "-"},
      {"access.log:12:fe80:a:b::7", "-"},
      {"2001:db8:a:b::7", "2001:d00::"},
      {"12:2001:db8:a:b::7", "12:2000::"},
      {"::ffff:203.0.113.77", "203.0.113.0"},
      {"access.log:443 203.0.113.77", "access.log:443 203.0.113.0"},
  };
  const policy rules = parse_policy("version = 1\nip.v6 = 24\n", "policy").value();
  for (const auto& [before, after] : fronts) {
    EXPECT_EQ(line_of(before + rest, "auto", rules), after + safe_rest) << before;
    EXPECT_EQ(line_of(after + safe_rest, "auto", rules), after + safe_rest) << before;
  }
  for (const char* front : {"ada.lovelace:203.0.113.77", "www.example.com:203.0.113.77", "ada:203.0.113.77", "log.example.com:12:203.0.113.77", "1234567890:203.0.113.77",
                            "ada@access.log:203.0.113.77", "ada-203.0.113.77", "access.log:ada:203.0.113.77", "access.log:12:ada:203.0.113.77", "access.log: 203.0.113.77"}) {
    const std::string out = line_of(front + rest);
    EXPECT_TRUE(out.find("ada") == out.npos && out.find("113.77") == out.npos && out.find("example") == out.npos) << out;
  }
  EXPECT_EQ(line_of("access.log:secret for ada"), "");
}

// A compose or container head behind one of syslog is one only where a line of a known format follows.
TEST(line_fields, behind_two_heads_or_one) {
  const policy rules = parse_policy("version = 1\n[fields]\n\"syslog.message\" = \"text\"\n", "policy").value();
  EXPECT_EQ(line_of("Oct 10 13:55:36 web1 app: ada | logged in from 203.0.113.77", "auto", rules), "Oct 10 13:00:00 web1 app: ada | logged in from :ip");
  EXPECT_EQ(line_of("Oct 10 13:55:36 web1 app: ada | logged in from 203.0.113.77"), "");
  EXPECT_EQ(line_of("access.log:ada | logged in", "auto", rules), "");
}

// Of a host without its port, the line is read as of one with it.
TEST(line_fields, behind_a_host_without_its_port_keep_their_time) {
  EXPECT_EQ(line_of(std::string("www.example.com: ") + access), std::string("www.example.com: ") + safe);
  EXPECT_EQ(line_of(std::string("ada: ") + access), std::string("-:- ") + safe);
  const std::string log = std::string("www.example.com:443 ") + access + "\nwww.example.com: " + access + "\nwww.example.com:443 " + access + "\n";
  EXPECT_EQ(anonymised(log).out, std::string("www.example.com:443 ") + safe + "\nwww.example.com: " + safe + "\nwww.example.com:443 " + safe + "\n");
}

// A line of a trace that a program wrote below its message has no head, and nobody knows whose it is.
TEST(line_fields, of_a_trace_are_rejects_without_a_head) {
  EXPECT_EQ(line_of(R"(2025/10/10 13:55:36 [error] 22#22: *253 FastCGI sent in stderr: "PHP message: PHP Warning:  no ada@example.org in /srv/x.php" while reading, client: 203.0.113.77, server: x)"),
            R"(2025/10/10 13:00:00 [error] 22#22: *- FastCGI sent in stderr: "PHP message: PHP Warning:  no :email in /srv/x.php" while reading, client: 203.0.113.0, server: x)");
  EXPECT_EQ(line_of("[10-Oct-2025 13:55:36 UTC] PHP   1. {main}() /srv/x.php:0"), "[10-Oct-2025 13:00:00 UTC] PHP   1. {main}() /srv/x.php:0");
  for (const char* line : {"PHP message: PHP Stack trace:", "Stack trace:", "#0 /srv/x.php(20): login('ada', '203.0.113.77')", "#1 {main}", "  thrown in /srv/x.php on line 12",
                           R"(  thrown in /srv/x.php on line 12" while reading response header from upstream, client: 203.0.113.77, server: x)"})
    EXPECT_EQ(line_of(line), "") << line;
}

TEST(line_fields, in_a_string_of_json) {
  EXPECT_EQ(line_of(R"({"log":"203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET \/u\/4711 HTTP\/1.1\" 200 5 \"-\" \"curl\/8.5.0\"\n","stream":"stdout","time":"2025-10-10T13:55:36.5Z"})"),
            R"~({"log":"203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] \"GET /u/:num HTTP/1.1\" 200 5 \"-\" \"curl/8 (tool)\"\n","stream":"stdout","time":"2025-10-10T13:00:00.0Z"})~");
  EXPECT_EQ(line_of(R"({"log":"{\"remote_addr\":\"203.0.113.77\",\"x\":\"y\"}\n"})"), R"({"log":"{\"remote_addr\":\"203.0.113.0\",\"x\":\"-\"}\n"})");
  EXPECT_EQ(line_of(R"({"message":" host:203.0.113.77\tstatus:200"})"), R"({"message":" host:203.0.113.0\tstatus:200"})");
}

TEST(line_fields, in_a_string_of_json_have_a_head_of_their_own) {
  const auto in_json = [](std::string text) {
    for (std::size_t at = text.find('"'); at != text.npos; at = text.find('"', at + 2)) text.insert(at, "\\");
    return "{\"message\":\"" + text + "\"}";
  };
  const std::string head = "Oct 10 13:55:36 web1 nginx: ", safe_head = "Oct 10 13:00:00 web1 nginx: ";
  EXPECT_EQ(line_of(in_json(head + access)), in_json(safe_head + safe));
  EXPECT_EQ(line_of(in_json(safe_head + safe)), in_json(safe_head + safe));
  const std::string error = "2025/10/10 13:55:36 [error] 22160#22161: *253 open() \"/srv/a\" failed, client: 203.0.113.77, server: example.com";
  const std::string safe_error = line_of(error);
  EXPECT_NE(safe_error, "");
  EXPECT_EQ(line_of(in_json(error)), in_json(safe_error));
  EXPECT_EQ(line_of(in_json(head + error)), in_json(safe_head + safe_error));
  for (const char* text : {"Oct 10 13:55:36 ada secret: -", "Oct 10 13:55:36 ada secret:", "Oct 10 13:55:36 web1 sshd[1]: failed for ada", "ada  | lovelace"})
    EXPECT_EQ(line_of(in_json(text)), in_json("-")) << text;
}

TEST(line_fields, of_no_format_are_rejects_behind_a_head) {
  for (const char* line : {"Oct 10 13:55:36 web1 sshd[7]: Failed password for root from 203.0.113.77", "web-1  | 203.0.113.77 said something",
                           "2025-10-10T13:55:36Z stdout F x", "ada | 203.0.113.77 | GET /"})
    EXPECT_EQ(anonymised(line).counts.lines_rejected(), 1U) << line;
  EXPECT_EQ(line_of("Oct 10 13:55:36 web1 sshd[7]: -"), "Oct 10 13:00:00 web1 sshd[7]: -");
  policy rules;
  ASSERT_FALSE(rules.set("fields.syslog.message", written_value(std::string("text"))));
  EXPECT_EQ(line_of("Oct 10 13:55:36 web1 sshd[7]: from 203.0.113.77 port", "syslog", rules), "Oct 10 13:00:00 web1 sshd[7]: from :ip port");
  EXPECT_EQ(line_of(R"({"log":"203.0.113.77 said something","stream":"stdout"})"), R"({"log":"-","stream":"stdout"})");
}

TEST(line_fields, in_json_leave_it_json_however_they_end) {
  for (const std::string end : {"", "\\n", "\\r\\n", "\\r"})
    EXPECT_EQ(line_of("{\"log\":\"{\\\"status\\\":200}" + end + "\"}"), "{\"log\":\"{\\\"status\\\":200}" + end + "\"}");
  EXPECT_EQ(line_of("{\"status\":200,\r\"level\":\"info\"}"), "{\"status\":200,\"level\":\"info\"}");
}

TEST(line_fields, can_be_read_again_where_the_words_of_the_server_are_dropped) {
  policy rules;
  ASSERT_FALSE(rules.set("server.mode", written_value(std::string("drop"))));
  for (const char* line : {"2025/10/10 13:55:36 [error] 1#2: *3 x", "[Fri Oct 10 13:55:36 2025] [core:info] [pid 1:tid 2] x", "2025-10-10 13:55:36: (mod_a.c.8) x",
                           "2025-10-10T13:55:36Z stdout F {\"status\":200}", "Oct 10 13:55:36 web1 nginx: {\"status\":200}", "web-1  | {\"status\":200}"}) {
    const std::string once = line_of(line, "auto", rules);
    EXPECT_NE(once, "") << line;
    EXPECT_EQ(line_of(once, "auto", rules), once);
  }
}

TEST(line_fields, come_without_the_colours_of_a_terminal) {
  EXPECT_EQ(line_of("\x1B[36mweb-1  |\x1B[0m {\"status\":200}"), "web-1  | {\"status\":200}");
}

TEST(line_fields, have_the_escapes_of_syslog_undone) {
  EXPECT_EQ(line_of(R"(Oct 10 13:55:36 web1 nginx: 203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET /a#012198.51.100.7/x HTTP/1.1" 200 5)").find("198.51.100.7"), std::string::npos);
}

TEST(line_fields, of_error_logs_are_a_head_and_free_text) {
  const std::pair<const char*, const char*> lines[] = {
      {R"(2025/10/10 13:55:36 [error] 22160#22161: *253 open() "/srv/a" failed (2: No such file or directory), client: 203.0.113.77, server: example.com, request: "GET /u/4711?x=y HTTP/1.1", host: "example.com")",
       R"(2025/10/10 13:00:00 [error] 22160#22161: *- open() "/srv/a" failed (2: No such file or directory), client: 203.0.113.0, server: example.com, request: "GET /u/:num?x=* HTTP/1.1", host: "example.com")"},
      {"[Fri Oct 10 13:55:36.745090 2025] [core:info] [pid 20588:tid 20721] [client 203.0.113.77:7192] AH00128: File does not exist: /srv/www/search, referer: https://a.example/b",
       "[Fri Oct 10 13:00:00.000000 2025] [core:info] [pid 20588:tid 20721] [client 203.0.113.0:0] AH00128: File does not exist: /srv/www/search, referer: https://a.example/"},
      {"[Fri Oct 10 13:55:36 2025] [error] [client 2001:db8:e01:2:3:4:5:6:51234] x", "[Fri Oct 10 13:00:00 2025] [error] [client [2001:db8:e00::]:0] x"},
      {"[Fri Oct 10 13:55:36 2025] [error] [client 203.0.113.77] no such user", "[Fri Oct 10 13:00:00 2025] [error] [client 203.0.113.0] no such user"},
      {R"([Fri Oct 10 13:55:36 2025] [error] x\n203.0.113.77\x20y)", "[Fri Oct 10 13:00:00 2025] [error] x%0A:ip y"},
      {"[Fri Oct 10 13:55:36 2025] [notice] caught SIGTERM", "[Fri Oct 10 13:00:00 2025] [notice] caught SIGTERM"},
      {"2025-10-10 13:55:36: (mod_auth.c.828) digest from 203.0.113.77", "2025-10-10 13:00:00: (mod_auth.c.828) digest from :ip"},
      {"Oct 10 13:55:36 web1 nginx_error: 2025/10/10 13:55:36 [warn] 17712#22160: *3 x 203.0.113.77#012198.51.100.7", "Oct 10 13:00:00 web1 nginx_error: 2025/10/10 13:00:00 [warn] 17712#22160: *- x :ip%0A:ip"},
  };
  for (const auto& [before, after] : lines) {
    EXPECT_EQ(line_of(before), after);
    EXPECT_EQ(line_of(after), after);
    if (before[0] != 'O') {
      EXPECT_EQ(line_of(before, "error_log"), after);
    }
  }
  for (const char* line : {"2025/10/10 13:55:36 [error] 22160: x", "2025/10/10 13:55:36 [error 22160#1: x", "[Fri Oct 10 13:55:36 2025] x", "2025-10-10 13:55:36: x"})
    EXPECT_EQ(anonymised(line).counts.lines_rejected(), 1U) << line;
}

TEST(line_fields, behind_heads_are_checked_like_others_before_a_run) {
  plan_options options;
  options.format = "error_log";
  ASSERT_FALSE(options.rules.set("ip.mode", written_value(std::string("token"))));
  EXPECT_TRUE(plan::make(options).value()->uses_keys());
  ASSERT_FALSE(options.rules.set("fields.error.mesage", written_value(std::string("drop"))));
  EXPECT_FALSE(plan::make(options));
}

TEST(line_fields, must_have_a_head_where_one_is_asked_for) {
  EXPECT_EQ(anonymised(std::string(access) + "\n" + access + "\n", "syslog").counts.lines_rejected(), 2U);
  EXPECT_EQ(anonymised(std::string("Oct 10 13:55:36 web1 nginx: ") + access, "syslog").counts.lines_rejected(), 0U);
}

TEST(line_fields, heed_the_signals_of_the_line_within) {
  const written both = anonymised("Oct 10 13:55:36 web1 app: {\"remote_addr\":\"203.0.113.77\",\"http_dnt\":\"1\"}\n{\"log\":\"{\\\"remote_addr\\\":\\\"203.0.113.77\\\",\\\"http_dnt\\\":\\\"1\\\"}\"}\n");
  EXPECT_EQ(both.counts.dnt_lines, 2U);
  EXPECT_EQ(both.out.find("203.0.113"), std::string::npos);
}

TEST(line_fields, are_explained_with_their_head) {
  plan_options options;
  stream lines(plan::make(std::move(options)).value());
  const stream::explanation told = lines.explain(raw(std::string("<190>Oct 10 13:55:36 web1 nginx: ") + access));
  ASSERT_EQ(told.fields.size(), 13U);
  EXPECT_EQ(told.format->name, "syslog");
  EXPECT_EQ(told.fields[2].name, "syslog.host");
  EXPECT_EQ(told.fields[4].after, "203.0.113.0");
}

}  // namespace
}  // namespace anonlog
