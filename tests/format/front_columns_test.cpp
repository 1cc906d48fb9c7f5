// tests/format/front_columns_test.cpp: what may stand in front of the client: a virtual host, or the client and then its proxy.
#include <gtest/gtest.h>

#include "format_support.hpp"
#include "stream_support.hpp"

namespace anonlog {
namespace {

using testing::format_of;

const std::string tail = R"( [26/Nov/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/8.5.0")";

std::string out_of(const std::string& lines, std::string_view format = "auto", std::string_view preset = "balanced") {
  const auto rules = testing::make_plan({.format = std::string(format), .policy = "preset = \"" + std::string(preset) + "\"\n"});
  return testing::run(rules, lines + "\n", [](std::size_t left) { return left; }).out;
}

// What stands before the time.
std::string front_of(const std::string& front, std::string_view format = "auto") {
  const std::string out = out_of(front + tail, format);
  return out.substr(0, out.find(" ["));
}

TEST(front_columns, keep_a_virtual_host_before_a_client) {
  EXPECT_EQ(front_of("www.example.com 203.0.113.195 - -"), "www.example.com 203.0.113.0 - -");
  EXPECT_EQ(front_of("www.example.com:443 203.0.113.195 - -"), "www.example.com:443 203.0.113.0 - -");
  EXPECT_EQ(front_of("www.example.com:443 10.0.0.1 - -"), "www.example.com:443 10.0.0.0 - -");
  EXPECT_EQ(front_of("www.example.com 2001:db8:85a3::1 - -"), "www.example.com 2001:db8:8500:: - -");
  EXPECT_EQ(front_of("www.example.com 10.0.0.1 - -", "vhost_combined"), "www.example.com 10.0.0.0 - -") << "the user says what it is";
}

// The word is X-Forwarded-For, or the client's reverse name before the server's address: a client chooses it.
TEST(front_columns, keep_no_word_before_a_proxy) {
  for (const char* own : {"10.0.0.1", "127.0.0.1", "192.168.1.9", "172.16.0.1", "172.31.9.9", "100.64.0.1", "169.254.1.1", "::1", "fd00::1", "fe80::1", "FC12::1",
                          "::ffff:10.0.0.1"}) {
    const std::string line = std::string(" ") + own + " - -" + tail;
    EXPECT_EQ(format_of("alice.example.com" + line), "vhost_combined") << own;
    EXPECT_TRUE(out_of("alice.example.com" + line).starts_with("- ")) << own;
    EXPECT_TRUE(out_of("198.51.100.7" + line).starts_with("198.51.100.0 ")) << own;
  }
  for (const char* other : {"172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.169.0.1", "11.0.0.1", "2600::1", "2001:db8::1"})
    EXPECT_TRUE(out_of(std::string("www.example.com ") + other + " - -" + tail).starts_with("www.example.com ")) << other;
}

// A kernel knows the host by then: it makes no difference.
TEST(front_columns, are_judged_line_by_line) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "alice.example.com 203.0.113.195 - -" + tail + "\n" + (i % 3 == 2 ? "alice.example.com 10.0.0.1 - -" + tail + "\n" : "");
  const std::string out = out_of(lines);
  EXPECT_EQ(out.find("alice.example.com 10."), std::string::npos) << out.substr(0, 500);
  EXPECT_NE(out.find("\n- 10.0.0.0 - - "), std::string::npos) << out.substr(0, 500);
  EXPECT_NE(out.find("\nalice.example.com 203.0.113.0 "), std::string::npos) << out.substr(0, 500);
}

TEST(front_columns, may_be_a_list_and_then_the_proxy) {
  EXPECT_EQ(front_of("198.51.100.7, 10.0.0.2 10.0.0.1 - -"), "198.51.100.0, 10.0.0.0 10.0.0.0 - -");
  EXPECT_EQ(front_of("198.51.100.7,10.0.0.2 10.0.0.1 - -"), "198.51.100.0,10.0.0.0 10.0.0.0 - -");
  EXPECT_EQ(front_of("198.51.100.7,10.0.0.2 - -"), "198.51.100.0,10.0.0.0 - -");
  EXPECT_EQ(front_of("198.51.100.7,10.0.0.2, 10.0.0.3 - -"), "198.51.100.0,10.0.0.0,%2010.0.0.0 - -");
  EXPECT_EQ(front_of("198.51.100.7, alice.example.com 10.0.0.1 - -"), "198.51.100.0, - 10.0.0.0 - -");
  EXPECT_EQ(format_of("198.51.100.7, 10.0.0.2 10.0.0.1 - ada" + tail), "xff_proxy_combined");
  EXPECT_EQ(format_of("198.51.100.7, 10.0.0.2 - ada" + tail), "xff_combined");
}

TEST(front_columns, may_be_an_address_and_its_port_without_brackets) {
  for (const char* format : {"auto", "vhost_combined"}) {
    EXPECT_EQ(out_of("2001:db8:85a3::7334:443 203.0.113.195 - -" + tail, format),
              "-:- 203.0.113.0 - - [26/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"curl/8 (tool)\"\n")
        << format;
  }
  EXPECT_EQ(front_of("[2001:db8:85a3::7334]:443 203.0.113.195 - -"), "[2001:db8:8500::]:0 203.0.113.0 - -");
}

}  // namespace
}  // namespace anonlog
