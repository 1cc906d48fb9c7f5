// tests/format/known_formats_test.cpp: each named format splits its sample, and `auto` gives each line the right one.
#include <gtest/gtest.h>

#include <algorithm>

#include "format_support.hpp"

namespace anonlog {
namespace {

using testing::apache_escaped;
using testing::fields_of;
using testing::format_of;
using testing::formats_of;
using testing::haproxy_escaped;
using testing::nginx_escaped;
using testing::text_of;
using testing::texts;

grammar grammar_for(const log_format& known) {
  result<grammar> made = grammar_of(known);
  if (!made) ADD_FAILURE() << known.name << ": " << made.error().message;
  return made ? std::move(*made) : grammar{};
}

TEST(known_formats, split_their_own_sample_by_name_and_by_auto) {
  for (const log_format& known : known_formats) {
    const texts by_pattern = fields_of({grammar_for(known)}, known.sample);
    EXPECT_NE(by_pattern, texts{"REJECT"}) << known.name;
    EXPECT_EQ(fields_of(known.name, known.sample), by_pattern) << known.name << ": another pattern of the name takes the line";
    EXPECT_FALSE(known.source.empty());
    if (known.in_auto == auto_part::none) continue;
    EXPECT_EQ(fields_of("auto", known.sample), by_pattern) << known.name;
    EXPECT_EQ(format_of(known.sample), known.name);
  }
}

TEST(known_formats, of_one_name_stand_together) {
  std::vector<std::string_view> names = format_names();
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
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
      {"www.example.com:80 203.0.113.7 - -" + head + rest + R"( "-")", "vhost_combined"},
      {"www.example.com 203.0.113.7 - bob smith" + head + rest + R"( "198.51.100.9, unknown")", "vhost_combined"},
      {"-:- 203.0.113.7 - bob smith" + head + rest, "vhost_combined"},
      {"www.example.com: 203.0.113.7 - bob smith" + head + rest, "vhost_combined"},
      {"-:443 - - bob smith" + head + rest, "vhost_combined"},
      {"-:51234 - bob" + head + rest, "combined"},
      {"printer7 - bob smith" + head + rest + R"( "-")", "nginx_main"},
      {"dialup-7.isp.example - 198.51.100.9 - smith" + head + rest + R"( "-")", "nginx_main"},
      {R"("203.0.113.7, 198.51.100.9" - bob smith)" + head + rest, "xff_combined"},
      {R"("" - -)" + head + rest, "xff_combined"},
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
      {"203.0.113.7 ident bob" + head + rest, "combined"},
      {"203.0.113.7 - bob smith - x" + head + rest, "combined"},
      // Heads that nobody knows: the client stands somewhere in what would be the user.
      {"Nov 14 22:13:20.123 web-1 nginx: 203.0.113.7 - bob" + head + rest, "REJECT"},
      {"web-1 nginx 203.0.113.7 - -" + head + rest, "REJECT"},
      {"web-1.example.com nginx: 203.0.113.7 - -" + head + rest, "REJECT"},
      {"83 <190>1 2023-11-14T22:13:20Z web nginx - - - 203.0.113.7 - -" + head + rest, "REJECT"},
      {"2023-11-14T22:13:20.123456+00:00 app[web.1]: 203.0.113.7 - -" + head, "REJECT"},
      {"2023-11-14 22:13:20,123 INFO 203.0.113.7 - -" + head, "REJECT"},
  };
  for (const expectation& e : all) EXPECT_EQ(format_of(e.line), e.format) << e.line;
}

TEST(known_formats, find_a_virtual_host_without_its_port) {
  const std::string rest = R"( 203.0.113.7 - bob smith [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 512 "-" "-")";
  for (const char* host : {"www.example.com", "[2001:db8::1]", "-"}) {
    const texts found = fields_of("auto", std::string(host) + ":" + rest);
    ASSERT_EQ(found.size(), 11u) << host;
    EXPECT_EQ(found[0], host);
    EXPECT_EQ(found[1], "");
    EXPECT_EQ(found[2], "203.0.113.7");
    EXPECT_EQ(found[4], "bob smith");
    EXPECT_EQ(found[5], "10/Oct/2025:13:55:36 +0000");
  }
  EXPECT_EQ(fields_of("auto", "2001:db8::1: - bob [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 512 \"-\" \"-\"").size(), 9u);
}

TEST(known_formats, find_an_address_and_its_port_in_one_word) {
  struct place { const log_format& format; std::size_t field; };
  for (const place& p : {place{known::haproxy_tcp, 0}, place{known::aws_elb, 2}}) {
    const auto found = [&p](std::string_view client) {
      std::string line(p.format.sample);
      line.replace(line.find("203.0.113.77:51234"), 18, client);
      return format_of(line) == p.format.name ? fields_of("auto", line)[p.field] : "REJECT";
    };
    for (const char* client : {"203.0.113.77:51234", "203.0.113.77", "[2001:db8::7]:443", "2001:db8:1:2:3:4:5:6:51234",
                               "::ffff:203.0.113.77:51234", "::1:80", "-"})
      EXPECT_EQ(found(client), client) << p.format.name;
    for (const char* client : {"client.example:51234", "51234", "ada", "10:45", "a b"})
      EXPECT_EQ(found(client), "REJECT") << p.format.name << ": " << client;
  }
}

TEST(known_formats, of_proxies_take_client_text_whatever_it_holds) {
  const std::string head = "203.0.113.77:51234 [10/Oct/2025:13:55:36.123] web app/app1 0/0/1/12/13 200 512 ";
  const std::string tail = " ---- 2/1/0/0/0 0/0 ";
  const texts both = fields_of("auto", head + "sid=a b c -" + tail + "{www.example.com|a b} {x} \"GET / HTTP/1.1\"");
  ASSERT_EQ(both.size(), 25u);
  EXPECT_EQ(both[22], "www.example.com|a b");
  EXPECT_EQ(both[23], "x");
  EXPECT_EQ(fields_of("auto", head + "- -" + tail + "{a\\} \"GET / HTTP/1.1\"")[22], "a\\");
  EXPECT_EQ(fields_of("auto", head + "- -" + tail + "\"<BADREQ>\"").back(), "<BADREQ>");
  // A row that was cut has an open quote, or none of what should follow.
  EXPECT_EQ(format_of(head + "- -" + tail + "{a} \"GET /aaaaaaaa"), "REJECT");
  EXPECT_EQ(format_of(head + "- -" + tail + "{a|bbbbbbbbbbbb"), "REJECT");
}

// A line is of a format only if all of it is: a bad value makes it one of nobody.
TEST(known_formats, that_are_for_sure_are_never_guessed) {
  for (const char* line : {
           "203.0.113.77:51234 [] db app/db1 0/1/250 4096 -- 2/1/0/0/0 0/0",
           "203.0.113.77:51234 [10/Oct/2025:13:55:36.123] db app/db1 0/1/x 4096 -- 2/1/0/0/0 0/0",
           "2025-10-10T13:55:36.123456Z front ada 10.0.0.1:80 0.001 0.012 0.000 200 200 34 512 \"GET / HTTP/1.1\"",
           "203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 512 203.0.113.9:51234",
           "203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 512 \"-\" \"curl/8\" ada:4711",
           "203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 512 \"-\" \"curl/8\" 51234 4711",
           "1760104536.123     12 203.0.113.77 ada/200 512 GET http://www.example.com/ - HIER_DIRECT/198.51.100.9 text/html",
       })
    EXPECT_EQ(format_of(line), "REJECT") << line;
  EXPECT_EQ(fields_of("haproxy_tcp", "203.0.113.77:51234 [] db app/db1 0/1/250 4096 -- 2/1/0/0/0 0/0")[1], "") << "by its name it is read";
}

// Behind combined and main only times of nginx are read, which have a point and three digits.
TEST(known_formats, tell_bare_times_from_ports_and_users_and_instants) {
  const std::string combined = R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8")";
  for (const std::string& line : {combined, combined + R"( "-")"}) {
    for (const char* times : {" 0.123", " 0.1", " 86399.999", " -", " 0.123 0.120", " 0.123 -", " - 0.123", " 0.123 0.002, 0.120", " 0.123 0.002 : 0.120",
                              " 0.12 0.002,%200.12%20:%200.1", " 0.123 0.120 .", " 0.123 0.002, 0.120 p", " 0.123 - -"})
      EXPECT_EQ(format_of(line + times), "nginx_timed") << line << times;
    for (const char* others : {" ada", " 0.1234", " 1760104536.123", " .123", " 0.", " 0.1.2", " -0.123", " 51234 0.123", " 0.123 4711",
                               " 0.123 ada", " 0.123 0.002, 4711", " 0.123 0.120 x", " 0.123 0.120 4711", " 0.123 0.120 . 4711", " 0.123 0.120 . ada", " ",
                               " 0.123 ", " 52.5200 13.4050", " 52.52 13.405", " 1.2", " 4711.7", " 0.123 1.2 .", " 0.123  0.120", " 0.123, 198.51.100.7", " 0.123,%20198.51.100.7"})
      EXPECT_EQ(format_of(line + others), "REJECT") << line << others;
  }
  for (const char* status : {"MISS", "HIT", "REVALIDATED", "-"}) EXPECT_EQ(format_of(combined + " \"-\" 0.123 0.120 . " + status), "nginx_timed") << status;
  for (const char* other : {"DE", "ADA", "HITS", "hit"}) EXPECT_EQ(format_of(combined + " \"-\" 0.123 0.120 . " + other), "REJECT") << other;
  EXPECT_EQ(fields_of("nginx_timed", combined + " 12 51234").back(), "51234") << "by its name it is read";
  for (const char* others : {" 0.123 0.120 4711", " 0.123 0.120, 0.120 4711", " 0.123 ada", " 0.123 0.120 . 4711", " 0.123, 0.120 4711 0.123"})
    EXPECT_EQ(fields_of("nginx_timed", combined + others), texts{"REJECT"}) << others;
}

// A column that nobody can name is dropped, and one that could be another's makes its line nobody's.
TEST(known_formats, with_columns_that_nobody_can_name_keep_none_of_them) {
  const std::string combined = R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8")";
  for (const std::string& line : {combined + " 51234", combined + R"( "-" 51234)", combined + R"( "-" "51234")", combined + " 51234.example 0.123",
                                  combined.substr(0, combined.find(" \"-\"")) + " 51234", "www.example.com:443 " + combined + " 51234",
                                  "www.example.com " + combined + " 51234"})
    for (const std::string& name : {std::string("auto"), std::string(format_of(line))}) {
      ASSERT_NE(name, "REJECT") << line;
      const texts fields = fields_of(name, line);
      const std::size_t at = static_cast<std::size_t>(std::find_if(fields.begin(), fields.end(), [](const std::string& text) { return text.starts_with("51234"); }) - fields.begin());
      ASSERT_LT(at, fields.size()) << line;
      record out;
      const std::vector<grammar> formats = formats_of(name);
      ASSERT_TRUE(split(formats, raw(line), out)) << line;
      const bool is_time_by_name = name == "nginx_timed";  // who names it says what it is
      EXPECT_TRUE(out.format->fields[at].cls == field_class::drop || is_time_by_name) << name << ": " << line;
    }
  const std::string time = "[10/Oct/2025:13:55:36 +0000]";
  for (const std::string& line : {time + R"( 203.0.113.7 ada lovelace "GET / HTTP/1.1" 5)", time + R"( 203.0.113.7 - ada "GET / HTTP/1.1" 5)",
                                  "203.0.113.7 " + time + " ADA 200 1 2 0.195", combined + " ada", combined + " hits", combined + " TLS ada",
                                  combined + " 52.52 13.405", combined + " ada 13.405", combined + R"( "a" "b" "c" "d")"})
    EXPECT_EQ(format_of(line), "REJECT") << line;
}

// Python writes no zone; where the stamp is good, the line is not common with a bad one.
TEST(known_formats, of_python_are_told_by_their_stamp) {
  const std::string rest = R"( "GET / HTTP/1.1" 200 -)";
  EXPECT_EQ(format_of("203.0.113.7 - - [10/Oct/2025 13:55:36]" + rest), "python_http");
  EXPECT_EQ(format_of("2001:db8::7 - - [-]" + rest), "common");
  EXPECT_EQ(format_of("203.0.113.7 - ada [10/Oct/2025 13:55:36]" + rest), "common");
  EXPECT_EQ(format_of("INFO:      - \"GET / HTTP/1.1\" 200"), "REJECT") << "Uvicorn names a reason";
  EXPECT_EQ(format_of("INFO:     ada:1 - \"GET / HTTP/1.1\" 200 OK"), "REJECT");
  EXPECT_EQ(format_of("203.0.113.7:80 - \"GET / HTTP/1.1\" 200"), "uvicorn");
}

// What a client sends can look like any line there is, escaped as its server escapes.
TEST(known_formats, do_not_change_by_what_a_client_sends) {
  const std::vector<grammar> all = formats_of("auto");
  std::size_t tried = 0;
  for (const log_format& known : known_formats) {
    if (known.in_auto == auto_part::none) continue;
    const grammar format = grammar_for(known);
    const texts sample = fields_of({format}, known.sample);
    for (std::size_t i = 0; i < format.fields.size(); ++i) {
      const grammar_field& field = format.fields[i];
      const bool may_hold_blanks = field.is_quoted || field.shape == field_shape::any;
      if (field.cls == field_class::keep || field.cls == field_class::time || !may_hold_blanks) continue;
      for (const log_format& other : known_formats) {
        texts expected = sample;
        expected[i] = format.escapes == dialect::haproxy ? haproxy_escaped(other.sample)
                      : format.escapes == dialect::apache ? apache_escaped(other.sample)
                                                          : nginx_escaped(other.sample);
        // Without quotes around it, it may hold what looks like the constants behind it: then the fields behind are doubtful.
        std::string line = format.literals[0];
        for (std::size_t f = 0; f < expected.size(); ++f) line += expected[f] + format.literals[f + 1];
        record out;
        if (!split(all, raw(line), out)) continue;
        ++tried;
        EXPECT_EQ(out.format->name, known.name) << "field " << field.name << ": " << line;
        for (std::size_t f = 0; f < out.field_count && out.format->name == known.name && out.field_count == expected.size(); ++f)
          EXPECT_TRUE(text_of(out.fields[f]) == expected[f] || !is_let_through(out.format->fields[f].cls) || (out.doubtful >> f & 1) != 0)
              << known.name << "." << out.format->fields[f].name << ": " << line;
      }
    }
  }
  EXPECT_GT(tried, 5000u);
}

TEST(known_formats, reject_what_is_none_of_them) {
  for (const char* line :
       {"", "-", "# a comment", "not a common log line",
        "Unmatched! The rat the cat the dog chased killed ate the malt!",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "x)",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 )",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 7 7)",
        R"(203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 ada)",
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
