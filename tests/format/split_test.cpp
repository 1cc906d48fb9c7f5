// tests/format/split_test.cpp: no client decides where a field ends.
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "format_support.hpp"

namespace anonlog {
namespace {

using testing::apache_escaped;
using testing::compiled;
using testing::fields_of;
using testing::formats_of;
using testing::nginx_escaped;
using testing::texts;

constexpr const char* stamp = "10/Oct/2000:13:55:36 -0700";

TEST(split, keeps_user_names_whole_whatever_they_hold) {
  for (const char* user : {"-", "bob", "user with space", "[client 10.9.8.7]", "] [", "a [b] c",
                           "us\\\"er", "us\\x22er",
                           "DOMAIN\\\\svc", "- - [10/Oct/2000:13:55:36 -0700] x", "  ", "", "a@b.example", "\\",
                           "203.0.113.9 - x", "x [10/Oct/2000:13:55:36 -0700] "}) {
    const std::string value = std::string(user) == "\\" ? "\\\\" : user;
    const std::string line = "203.0.113.7 - " + value + " [" + stamp + R"(] "GET / HTTP/1.1" 200 5 "-" "x")";
    for (const char* format : {"auto", "combined"}) {
      const texts found = fields_of(format, line);
      ASSERT_EQ(found.size(), 9u) << line;
      EXPECT_EQ(found[0], "203.0.113.7");
      EXPECT_EQ(found[2], value);
      EXPECT_EQ(found[3], stamp);
    }
  }
}

TEST(split, keeps_lists_with_blanks_whole) {
  const char* pattern = "$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $request_id";
  EXPECT_EQ(fields_of(pattern, "10.0.0.1:80, 10.0.0.2:80 : unix:/x 200, 302 : 5 0.001, 0.002 : - 502, 200 : 200 a9"),
            (texts{"10.0.0.1:80, 10.0.0.2:80 : unix:/x", "200, 302 : 5", "0.001, 0.002 : -", "502, 200 : 200", "a9"}));
  EXPECT_EQ(fields_of(pattern, "- - - - a9"), (texts{"-", "-", "-", "-", "a9"}));
  EXPECT_EQ(fields_of("$upstream_addr $upstream_cache_status", "a:1 : b:2 MISS"), (texts{"a:1 : b:2", "MISS"}));
  EXPECT_EQ(fields_of("$upstream_addr : $status", "a:1, b:2 : 200"), (texts{"a:1, b:2", "200"}));
}

TEST(split, keeps_an_unquoted_forwarded_list_whole) {
  const char* pattern = R"(%{X-Forwarded-For}i %l %u %t "%r")";
  const std::string rest = std::string(" [") + stamp + R"(] "GET / HTTP/1.1")";
  for (const char* list : {"-", "192.0.2.1", "192.0.2.1,192.0.2.2", "192.0.2.1, 2001:db8::7, 192.0.2.3",
                           "192.0.2.1 ,  , 2001:db8::7", "unknown, [2001:db8::1]:99", "\\\"192.0.2.1\\\"",
                           "fe80::1%eth0, 192.0.2.197"}) {
    EXPECT_EQ(fields_of(pattern, std::string(list) + " - bob smith" + rest),
              (texts{list, "-", "bob smith", stamp, "GET / HTTP/1.1"}));
  }
  const char* nginx = R"($http_x_forwarded_for - $remote_user [$time_local] "$request")";
  for (const char* list : {", ,", ", , ", ",", "192.0.2.1,", "a b c, d"})
    EXPECT_NE(fields_of(nginx, std::string(list) + " - -" + rest), texts{"REJECT"}) << list << ": nobody opts out";
  EXPECT_EQ(fields_of(nginx, "192.0.2.1 - evil - bob" + rest),
            (texts{"192.0.2.1", "evil - bob", stamp, "GET / HTTP/1.1"}));
}

TEST(split, finds_the_port_after_an_address_with_colons) {
  for (const char* pattern : {"$remote_addr:$remote_port x", "%a:%{remote}p x"}) {
    EXPECT_EQ(fields_of(pattern, "2001:db8::1:51234 x"), (texts{"2001:db8::1", "51234"}));
    EXPECT_EQ(fields_of(pattern, "192.0.2.1:80 x"), (texts{"192.0.2.1", "80"}));
  }
  EXPECT_EQ(fields_of("%v:%p %h", "[2001:db8::1]:443 192.0.2.1"), (texts{"[2001:db8::1]", "443", "192.0.2.1"}));
  EXPECT_EQ(fields_of("%v:%p %h", "2001:db8::1:82 192.0.2.1"), (texts{"2001:db8::1", "82", "192.0.2.1"}));
}

TEST(split, tells_touching_fields_apart) {
  EXPECT_EQ(fields_of(R"("%m %U%q %H")", R"("GET /a?x=1?y HTTP/1.1")"), (texts{"GET", "/a", "?x=1?y", "HTTP/1.1"}));
  EXPECT_EQ(fields_of(R"("%m %U%q %H")", R"("GET /a HTTP/1.1")"), (texts{"GET", "/a", "", "HTTP/1.1"}));
  EXPECT_EQ(fields_of(R"("%m %U%q %H")", R"("GET /a b?c d HTTP/1.1")"), (texts{"GET", "/a b", "?c d", "HTTP/1.1"}));
  EXPECT_EQ(fields_of(R"("%m %U%q %H")", R"("OPTIONS * HTTP/1.1")"), (texts{"OPTIONS", "*", "", "HTTP/1.1"}));
  EXPECT_EQ(fields_of("%U%q", "/a?b"), (texts{"/a", "?b"}));
  EXPECT_EQ(fields_of("%U%q", "/a"), (texts{"/a", ""}));
  EXPECT_EQ(fields_of("$uri$is_args$args $status", "/a?b=1 2 200"), (texts{"/a", "?b=1 2", "200"}));
  EXPECT_EQ(fields_of("$uri$is_args$args $status", "/a 200"), (texts{"/a", "", "200"}));
  EXPECT_EQ(fields_of(R"("$request_method $scheme://$host$request_uri $server_protocol")",
                      R"("GET https://shop.example:8443/a/b?c=//d HTTP/2.0")"),
            (texts{"GET", "https", "shop.example:8443", "/a/b?c=//d", "HTTP/2.0"}));
  EXPECT_EQ(fields_of("$scheme://$host$request_uri", "http://a.example*"), (texts{"http", "a.example", "*"}));
}

TEST(split, takes_absent_and_empty_values_for_what_they_are) {
  EXPECT_EQ(fields_of("%{Referer}i -> %U", " -> /index.html"), (texts{"", "/index.html"}));
  EXPECT_EQ(fields_of(R"("%{User-agent}i")", R"("")"), (texts{""}));
  EXPECT_EQ(fields_of("%{User-agent}i", ""), (texts{""}));
  EXPECT_EQ(fields_of("$http_host $status", " 200"), (texts{"", "200"}));
  EXPECT_EQ(fields_of("$host $cookie_sid $status", "- - -"), (texts{"-", "-", "-"}));
}

TEST(split, reads_a_line_with_a_bad_value_and_rejects_one_with_a_bad_form) {
  const char* pattern = "$status $remote_addr [$time_local] $bytes_sent";
  EXPECT_EQ(fields_of(pattern, "abc x [32/Foo/2000] 1e9"), (texts{"abc", "x", "32/Foo/2000", "1e9"}));
  EXPECT_EQ(fields_of(pattern, "200 192.0.2.1 [10/Oct/2000:13:55:36 -0700] 5 6"), texts{"REJECT"});
  EXPECT_EQ(fields_of(pattern, "200 192.0.2.1 [10/Oct/2000:13:55:36 -0700] 5 "), texts{"REJECT"});
  EXPECT_EQ(fields_of(pattern, "200 192.0.2.1 [10/Oct/2000:13:55:36 -0700]"), texts{"REJECT"});
  EXPECT_EQ(fields_of(pattern, "200 192.0.2.1 10/Oct/2000:13:55:36 -0700 5"), texts{"REJECT"});
  // A good stamp stays whole where another field is bad.
  EXPECT_EQ(fields_of("$time_local $status", std::string(stamp) + " abc"), (texts{stamp, "abc"}));
}

TEST(split, lets_no_client_opt_out_with_a_blank_in_a_bare_header) {
  EXPECT_EQ(fields_of("$remote_addr $http_x_real_ip $status $bytes_sent", "192.0.2.1 203.0.113.9 x 200 5"),
            (texts{"192.0.2.1", "203.0.113.9 x", "200", "5"}));
  EXPECT_EQ(fields_of("%{Host}i %>s", "a b c 200"), (texts{"a b c", "200"}));
}

TEST(split, takes_any_byte_but_a_quote_as_content) {
  const std::string odd("a\0b\r\x80\xff\x01\x7f", 9);
  EXPECT_EQ(fields_of(R"("%{User-agent}i" %>s)", "\"" + odd + "\" 200"), (texts{odd, "200"}));
  EXPECT_EQ(fields_of("%u %>s", odd + " 200"), (texts{odd, "200"}));
}

TEST(split, says_why_a_line_does_not_fit_without_a_word_of_it) {
  const auto why = [](const char* pattern, const char* line) {
    const grammar g = compiled(pattern);
    record out;
    return split(g, raw(std::string_view(line)), out);
  };
  EXPECT_EQ(why(R"(%h "%r")", "192.0.2.1 \"a").why, mismatch::quotes);
  EXPECT_EQ(why(R"(%h [%l] %s)", "192.0.2.1 x 200").why, mismatch::constant);
  EXPECT_EQ(why(R"(%h [%l] %s)", "192.0.2.1 x 200").field, 0u);
  EXPECT_EQ(why(R"(%h [%l] %s)", "192.0.2.1 [x] 200 300").why, mismatch::shape);
  EXPECT_EQ(why(R"(%h [%l] %s)", "192.0.2.1 [x] 200 300").field, 2u);
  EXPECT_TRUE(why(R"(%h [%l] %s)", "192.0.2.1 [x] 200"));
}

// Forged lines, escaped as each server would, in every field that a client writes.
TEST(split, gives_forged_text_back_as_the_value_it_is) {
  const std::vector<std::string> attacks = {
      "\"", "\\", "\\\"", "\" 200 1 \"-\" \"x",
      "\"\n192.0.2.9 - - [01/Jan/2020:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1",
      "x\" \"203.0.113.9", "\\x22 \\x22", "] \"GET / HTTP/1.1\" 200 5 \"-\" \"x", std::string(3, '\\'), " ", "", "-",
      "\r\n", std::string("\0", 1), "\xff\xfe", "a\\", "\\\\\" 1", "'", "} {", "$request", "%r"};
  const auto combined = formats_of("auto");
  for (const auto& escaped : {nginx_escaped, apache_escaped}) {
    for (const std::string& attack : attacks) {
      const std::string value = escaped(attack);
      for (std::size_t target : {2u, 4u, 7u, 8u, 9u}) {
        texts values = {"203.0.113.7", "-", "bob", stamp, "GET / HTTP/1.1", "200", "5", "-", "curl/8", "198.51.100.1"};
        values[target] = value;
        const std::string line = values[0] + " " + values[1] + " " + values[2] + " [" + values[3] + "] \"" + values[4] +
                                 "\" " + values[5] + " " + values[6] + " \"" + values[7] + "\" \"" + values[8] + "\"";
        if (target < 9) {
          texts expected(values.begin(), values.begin() + 9);
          EXPECT_EQ(fields_of(combined, line), expected) << line;
        }
        texts expected = values;
        expected.erase(expected.begin() + 1);
        EXPECT_EQ(fields_of(combined, line + " \"" + values[9] + "\""), expected) << line;
      }
    }
  }
}

// Random formats of quoted, bracketed and bare fields, random values, escaped as the servers do: back come the values.
TEST(split, gives_back_exactly_the_values_a_server_wrote) {
  std::mt19937_64 random(20261123);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  constexpr std::string_view dense = "\"\\ []ab1x2:/-'{}\n\t\r\x01\x7f\x80\xff,.?";
  for (int round = 0; round < 20000; ++round) {
    const bool is_apache = below(2) == 0;
    std::string pattern = is_apache ? "apache:" : "nginx:", line;
    texts values;
    const std::size_t count = 1 + below(8);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t kind = below(4);  // bare, bracketed, quoted, two in one pair of quotes
      const std::size_t last = kind == 3 ? 2 : 1;
      if (i != 0) pattern += ' ', line += ' ';
      if (kind == 1) pattern += '[', line += '[';
      if (kind >= 2) pattern += '"', line += '"';
      for (std::size_t part = 0; part < last; ++part) {
        if (part == 1) pattern += ' ', line += ' ';
        std::string value;
        for (std::size_t n = below(12); n > 0; --n)
          value += below(3) == 0 ? static_cast<char>(below(256)) : dense[below(dense.size())];
        std::string text = is_apache ? apache_escaped(value) : nginx_escaped(value);
        // What no server escapes, a value that ends at it cannot hold.
        if (kind == 0 || (kind == 3 && part == 0)) std::erase(text, ' ');
        if (kind == 1) std::erase(text, ']');
        line += text;
        values.push_back(std::move(text));
        pattern += is_apache ? "%{n}n" : "${v}";
      }
      if (kind == 1) pattern += ']', line += ']';
      if (kind >= 2) pattern += '"', line += '"';
    }
    // A pattern that is one quoted word is read as quoted in the configuration file: with a name its quotes stay.
    if (is_apache && pattern[7] == '"') pattern.insert(7, "%% "), line.insert(0, "% ");
    ASSERT_EQ(fields_of(pattern, line), values) << pattern << "\n" << line;
  }
}

TEST(split, never_reads_outside_a_line_and_never_says_other_than_the_line) {
  std::mt19937_64 random(7);
  constexpr std::string_view dense = "\"\\ []1a:/-,.?\t*";
  std::vector<std::vector<grammar>> formats;
  for (const char* pattern :
       {"auto", R"("%m %U%q %H" %>s)", "$upstream_addr $upstream_response_time $upstream_status $request_id",
        R"(%{X-Forwarded-For}i %l %u %t "%r")", "$host$request_uri $uri$is_args$args [$time_local] $time_iso8601 $msec",
        "%a:%{remote}p %{Referer}i -> %U"})
    formats.push_back(formats_of(pattern));
  for (int round = 0; round < 200000; ++round) {
    std::string line;
    for (std::size_t n = random() % 40; n > 0; --n) line += dense[random() % dense.size()];
    const std::vector<char> exact(line.begin(), line.end());
    for (const auto& f : formats) (void)fields_of(f, std::string_view(exact.data(), exact.size()));
  }
}

// Most lines are read without a search; the same formats, told nothing of it, must search.
TEST(split, reads_the_same_with_and_without_a_search) {
  std::mt19937_64 random(11);
  const std::string pieces[] = {" ",  "-", "- - ", " [", "] ", "1.2.3.4", "2001:db8::1", "1.2.3.4:80", "localhost", "bob", "a b", "200", "12",
                                "\\", "\\\\", "\t", "x", "1.5", "", "[client 10.9.8.7]", std::string("[") + stamp + "]", stamp, "www.example.com"};
  for (const char* pattern : {"combined", "common", "vhost_combined", R"($remote_addr - $remote_user [$time_local] $status $body_bytes_sent)",
                              R"(%h %l %u %t %>s %b %D)", R"(%h %u %t "%r" %>s %B)", R"("%r" %>s %b %{Referer}i %B)"}) {
    const std::vector<grammar> formats = formats_of(pattern);
    std::vector<grammar> searching = formats;
    for (grammar& format : searching)
      for (grammar_zone& zone : format.zones) {
        zone.absent_names.clear();
        if (zone.doubt_from == 0) zone.doubt_from = zone.field_count();
      }
    int fitting = 0;
    for (int round = 0; round < 30000; ++round) {
      std::string line = formats[0].literals[0];
      for (std::size_t i = 0; i < formats[0].fields.size(); ++i) {
        const field_shape shape = formats[0].fields[i].shape;
        const bool is_good = random() % 4 != 0;
        if (is_good && shape == field_shape::time_clf) line += stamp;
        else if (is_good && shape == field_shape::client) line += pieces[5 + random() % 4];
        else if (is_good && (shape == field_shape::status || shape == field_shape::number)) line += "200";
        else for (std::size_t n = random() % 4; n > 0; --n) line += pieces[random() % std::size(pieces)];
        line += random() % 32 == 0 ? std::string(" ") : formats[0].literals[i + 1];
      }
      record fast, slow;
      const split_outcome fast_end = split(formats, raw(line), fast), slow_end = split(searching, raw(line), slow);
      ASSERT_EQ(fast_end.why, slow_end.why) << pattern << "\n" << line;
      ASSERT_EQ(fast_end.field, slow_end.field) << pattern << "\n" << line;
      if (!fast_end) continue;
      ++fitting;
      ASSERT_EQ(fast.doubtful, slow.doubtful) << line;
      for (std::size_t i = 0; i < fast.field_count; ++i)
        ASSERT_EQ(testing::text_of(fast.fields[i]), testing::text_of(slow.fields[i])) << pattern << "\n" << line;
    }
    EXPECT_GT(fitting, 3000) << pattern;
  }
}

// A client that writes a second place for a kept field has made one of two readings: nothing of the field is kept.
TEST(split, doubts_what_could_stand_elsewhere_and_nothing_else) {
  const std::vector<grammar> formats = formats_of("$http_a [$status] $http_b");
  std::mt19937_64 random(12);
  const std::string pieces[] = {" [", "] ", " [200] ", "200", "4", "x", " ", "[", "]", "-"};
  int doubted = 0, sure = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string line = "a";
    for (std::size_t n = random() % 6; n > 0; --n) line += pieces[random() % std::size(pieces)];
    line += " [200] ";
    for (std::size_t n = random() % 6; n > 0; --n) line += pieces[random() % std::size(pieces)];
    int readings = 0;
    for (std::size_t at = line.find(" ["); at != std::string::npos; at = line.find(" [", at + 1))
      for (const std::size_t size : {std::size_t{1}, std::size_t{3}}) {
        const std::string status = line.substr(at + 2, size);
        const bool fits = size == 1 ? status == "-" : status.find_first_not_of("0123456789") == std::string::npos;
        readings += fits && line.compare(std::min(at + 2 + size, line.size()), 2, "] ") == 0;
      }
    record found;
    ASSERT_TRUE(split(formats, raw(line), found)) << line;
    ASSERT_EQ(found.doubtful != 0, readings != 1) << line;
    ++(readings == 1 ? sure : doubted);
  }
  EXPECT_GT(doubted, 1000);
  EXPECT_GT(sure, 1000);
}

TEST(split, needs_time_linear_in_the_line_whatever_it_holds) {
  const std::vector<const char*> patterns = {
      "auto", "%u %{a}n %{b}n %{c}n %{d}n %s", "%u [%{a}n] [%{b}n] %t \"%r\"", "%{X-Forwarded-For}i %l %u %t \"%r\"",
      "$upstream_addr $upstream_response_time $upstream_status $upstream_addr $upstream_status $request_id",
      R"("%m %U%q %H %m %U%q %H")", "%a:%{remote}p:%a:%{remote}p:%h", "$host$request_uri $host$request_uri x",
      "%b.%b.%b.%b.%b"};
  const std::vector<std::string> units = {" ",  "[",   "]",    "\"",  "\\",  " [",  "] ", ":", ", ", " : ", "a ", "/",
                                          "?",  " -",  "1.",   "1",   "\\\"", "\\ ", ",",  " ,", "GET /? "};
  for (const char* pattern : patterns) {
    const auto formats = formats_of(pattern);
    for (const std::string& unit : units) {
      for (const std::string& head : {std::string(), std::string("203.0.113.7 - ")}) {
        for (const std::string& tail : {std::string(), std::string(" [") + stamp + "] \"GET\" 200 5 \"-\" \"-\""}) {
          std::string line = head;
          while (line.size() < 65536) line += unit;
          line += tail;
          record out;
          const auto before = std::chrono::steady_clock::now();
          (void)split(formats, raw(line), out);
          const auto spent = std::chrono::steady_clock::now() - before;
          EXPECT_LT(spent, std::chrono::seconds(2)) << pattern << " with " << unit;
        }
      }
    }
  }
}

TEST(split, reads_a_long_user_name_and_a_long_agent) {
  const std::string user(30000, ' '), agent(30000, '[');
  const std::string line =
      "203.0.113.7 - x" + user + " [" + stamp + "] \"GET /\" 200 5 \"-\" \"" + agent + "\"";
  const texts found = fields_of("auto", line);
  ASSERT_EQ(found.size(), 9u);
  EXPECT_EQ(found[2], "x" + user);
  EXPECT_EQ(found[8], agent);
}

}  // namespace
}  // namespace anonlog
