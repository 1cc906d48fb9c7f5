// tests/transform/ip_binary_test.cpp: raw bytes of an address come out as the text of its network (SPEC 3.2.1).
#include <anonlog/transform/ip_binary.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support.hpp"

namespace anonlog {
namespace {

using testing::run;
using namespace std::string_view_literals;

TEST(ip_binary, shows_its_examples_truly) {
  for (const example& shown : ip_binary::examples) {
    const testing::transformed done = run(ip_binary{}, shown.in);
    EXPECT_EQ(done.text, shown.out);
    EXPECT_EQ(done.outcome, shown.outcome) << shown.in;
  }
}

TEST(ip_binary, reads_four_and_sixteen_bytes) {
  ip_binary binary;
  binary.position.truncate.ipv6_kept_bits = 48;
  EXPECT_EQ(run(binary, "\xCB\x00q\xC3"sv).text, "203.0.113.0");
  EXPECT_EQ(run(binary, " \x01\x0D\xB8\x85\xA3\x00\x00\x00\x00\x8A.\x03ps4"sv).text, "2001:db8:85a3::");
  EXPECT_EQ(run(binary, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xCB\x00q\xC3"sv).text, "203.0.113.0");
  EXPECT_EQ(run(binary, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"sv).text, "::1");
  EXPECT_EQ(run(binary, "\x7f\0\0\x01"sv).text, "127.0.0.1");
  binary.position.mode = ip_mode::token;
  EXPECT_EQ(run(binary, "\xCB\x00q\xC3"sv).text, "ip-f64ezhjhlpjkustu");
  EXPECT_EQ(run(binary, "\xCB\x00q\xC3"sv, nullptr).text, "-");
  binary.position.mode = ip_mode::drop;
  EXPECT_EQ(run(binary, "\xCB\x00q\xC3"sv).text, "-");
}

TEST(ip_binary, never_lets_an_unreadable_value_through) {
  std::mt19937_64 random(10);
  ip_binary binary;
  binary.position.host = host_rule::token;
  for (std::size_t size = 1; size < 64; ++size) {
    if (size == 4 || size == 16) continue;
    std::string value(size, 0);
    for (char& c : value) c = static_cast<char>(random());
    EXPECT_EQ(run(binary, value).text, "-") << size;
  }
  EXPECT_EQ(run(binary, "203.0.113.195").text, "-");
  EXPECT_EQ(run(binary, "unknown").text, "-");
}

// SPEC P2
TEST(ip_binary, leaves_what_it_wrote_as_it_is) {
  EXPECT_EQ(run(ip_binary{}, "203.0.113.0").text, "203.0.113.0");
  EXPECT_EQ(run(ip_binary{}, "203.0.113.0").outcome, outcome::reduced);
  EXPECT_EQ(run(ip_binary{}, "2a01:1db8:8500::").text, "2a01:1db8:8500::");  // 16 bytes
  EXPECT_EQ(run(ip_binary{}, "::1").text, "::1");
  EXPECT_EQ(run(ip_binary{}, "::1").outcome, outcome::kept);
  std::mt19937_64 random(11);
  for (const unsigned bits : {0U, 16U, 32U, 40U, 48U, 64U}) {
    ip_binary binary;
    binary.position.truncate.ipv6_kept_bits = static_cast<std::uint8_t>(bits);
    binary.position.keep.add_named("private");
    for (int i = 0; i < 20000; ++i) {
      std::string value(random() % 2 == 0 ? 4 : 16, 0);
      for (char& c : value) c = random() % 3 == 0 ? static_cast<char>(random()) : "0:a9\x0a\0\xfd"[random() % 7];
      const std::string once = run(binary, value).text;
      if (once == "-") continue;
      ASSERT_EQ(run(binary, once).text, once);
    }
  }
}

TEST(ip_binary, accepts_no_other_text) {
  for (const std::string_view text : {"203.0.113.195", "203.0.113.0:0", "203.000.113.0", "[2a01:1db8:8500::]",
                                      "fe80::%eth0", "2A01:1db8:8500::1", "2a01:1db8:8501::1", "2001:DB8::",
                                      "::ffff:203.0.113.0", "\"203.0.113.0\"", "203.0.113.0 "})
    EXPECT_EQ(run(ip_binary{}, text).text, "-") << text;
  ip_binary binary;
  binary.position.mode = ip_mode::token;
  EXPECT_EQ(run(binary, "203.0.113.0").text, "-");
}

// 97.98.58.58 spells the network ab::, which is nobody's: the client's address must not come out by that.
TEST(ip_binary, reads_four_bytes_as_an_address_always) {
  EXPECT_EQ(run(ip_binary{}, "ab::").text, "97.98.58.0");
  EXPECT_EQ(run(ip_binary{}, "\0\xab\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"sv).text, "-");
}

}  // namespace
}  // namespace anonlog
