// tests/transform/ip_prefix_test.cpp: networks of a policy; a slip is an error that helps, never a wider network.
#include <anonlog/transform/ip_prefix.hpp>

#include <gtest/gtest.h>

#include <string>

namespace anonlog {
namespace {

TEST(ip_prefix, reads_networks_and_single_addresses) {
  struct { std::string_view text, inside, outside; unsigned bits; } const cases[] = {
      {"10.0.0.0/8", "10.9.9.9", "11.0.0.0", 8},
      {"0.0.0.0/0", "255.1.2.3", "::", 0},
      {"::/0", "ffff::1", "0.0.0.0", 0},
      {"203.0.113.7/32", "203.0.113.7", "203.0.113.6", 32},
      {"203.0.113.7", "203.0.113.7", "203.0.113.6", 32},
      {"2001:db8::/32", "2001:db8:1::", "2001:db9::", 32},
      {"2a01:e30::/28", "2a01:e3f::", "2a01:e40::", 28},
      {"2001:db8::1/128", "2001:db8::1", "2001:db8::2", 128},
      {"2001:db8:0:0:8000::/65", "2001:db8::8000:0:0:1", "2001:db8::7000:0:0:1", 65},
      {"::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0", 8},
  };
  for (const auto& entry : cases) {
    const result<ip_prefix> prefix = parse_ip_prefix(entry.text);
    ASSERT_TRUE(static_cast<bool>(prefix)) << entry.text << ": " << prefix.error().message;
    EXPECT_EQ(prefix.value().bits, entry.bits) << entry.text;
    ip_element inside, outside;
    ASSERT_TRUE(parse_ip(raw(entry.inside), inside) && parse_ip(raw(entry.outside), outside));
    EXPECT_TRUE(prefix.value().holds(inside.address)) << entry.text;
    EXPECT_FALSE(prefix.value().holds(outside.address)) << entry.text;
  }
}

TEST(ip_prefix, says_what_is_wrong_and_quotes_it) {
  for (const std::string_view text : {"", "/", "/8", "10/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/256", "10.0.0.0/-1",
                                      "10.0.0.0/ 8", "10.0.0.0/0008", "10.0.0.0/8/8", "10.0.0.1/8", "2001:db8::1/64",
                                      "2001:db8::/129", "privat", "[2001:db8::]/32", "fe80::1%eth0",
                                      "::ffff:10.0.0.0/95",
                                      "::ffff:10.0.0.1/104", "10.0.0.0/4294967304"}) {
    const result<ip_prefix> prefix = parse_ip_prefix(text);
    ASSERT_FALSE(static_cast<bool>(prefix)) << text;
    EXPECT_NE(prefix.error().message.find("\"" + std::string(text) + "\""), std::string::npos);
  }
}

}  // namespace
}  // namespace anonlog
