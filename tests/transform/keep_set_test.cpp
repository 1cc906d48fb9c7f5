// tests/transform/keep_set_test.cpp: which addresses may stay as they are (SPEC 3.2.4).
#include <anonlog/transform/keep_set.hpp>

#include <gtest/gtest.h>

#include <string>

namespace anonlog {
namespace {

bool holds(const keep_set& set, std::string_view text) {
  ip_element element;
  EXPECT_TRUE(parse_ip(raw(text), element)) << text;
  return set.holds(element.address);
}

keep_set named(std::string_view name) {
  keep_set set = keep_set::none();
  EXPECT_TRUE(set.add_named(name));
  return set;
}

struct border {
  std::string_view set, first_inside, last_inside, before, after;
};

TEST(keep_set, holds_each_named_network_to_its_borders) {
  constexpr border borders[] = {
      {"loopback", "127.0.0.1", "127.0.0.1", "127.0.0.0", "127.0.0.2"},
      {"loopback", "::1", "::1", "::", "::2"},
      {"unspecified", "0.0.0.0", "0.0.0.0", "255.255.255.255", "0.0.0.1"},
      {"unspecified", "::", "::", "ffff::", "::1"},
      {"private", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"},
      {"private", "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"},
      {"private", "192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"},
      {"private", "fc00::", "fdff::ffff", "fbff::ffff", "fe00::"},
      {"linklocal", "169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"},
      {"linklocal", "fe80::", "febf::ffff", "fe7f::ffff", "fec0::"},
      {"documentation", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"},
      {"documentation", "198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"},
      {"documentation", "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"},
      {"documentation", "2001:db8::", "2001:db8:ffff::1", "2001:db7:ffff::", "2001:db9::"},
      {"documentation", "3fff::", "3fff:fff:ffff::", "3ffe:ffff::", "3fff:1000::"},
  };
  for (const border& entry : borders) {
    const keep_set set = named(entry.set);
    EXPECT_TRUE(holds(set, entry.first_inside)) << entry.first_inside;
    EXPECT_TRUE(holds(set, entry.last_inside)) << entry.last_inside;
    EXPECT_FALSE(holds(set, entry.before)) << entry.before;
    EXPECT_FALSE(holds(set, entry.after)) << entry.after;
  }
}

TEST(keep_set, begins_with_loopback_and_unspecified_only) {
  const keep_set set;
  for (const char* text : {"127.0.0.1", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"})
    EXPECT_TRUE(holds(set, text)) << text;
  for (const char* text : {"10.1.2.3", "127.44.7.9", "192.0.2.1", "fe80::1", "fc00::1", "2001:db8::1", "100.64.7.9"})
    EXPECT_FALSE(holds(set, text)) << text;
}

TEST(keep_set, never_holds_carrier_nat_space_under_any_name) {
  keep_set set;
  for (const std::string_view name : keep_set_names) EXPECT_TRUE(set.add_named(name)) << name;
  EXPECT_FALSE(holds(set, "100.64.0.0"));
  EXPECT_FALSE(holds(set, "100.127.255.255"));
}

TEST(keep_set, never_holds_an_address_with_a_card_number_in_it) {
  keep_set set = named("linklocal");
  set.add(parse_ip_prefix("fe80::211:22ff:fe33:4455").value());
  EXPECT_FALSE(holds(set, "fe80::211:22ff:fe33:4455"));
  EXPECT_TRUE(holds(set, "fe80::211:22ff:fd33:4455"));
  EXPECT_TRUE(holds(set, "fe80::211:22fe:fe33:4455"));
}

TEST(keep_set, does_not_take_teredo_for_private) {
  keep_set set;
  for (const std::string_view name : keep_set_names) set.add_named(name);
  EXPECT_FALSE(holds(set, "2001:0:4136:e378:8000:63bf:34ff:8e3c"));
  EXPECT_FALSE(holds(set, "2002:a00:1::1"));
  EXPECT_FALSE(holds(set, "::10.0.0.1"));
}

TEST(keep_set, knows_no_other_names) {
  keep_set set = keep_set::none();
  for (const char* name : {"", "Private", "loop", "privat", "all"}) EXPECT_FALSE(set.add_named(name)) << name;
  EXPECT_FALSE(holds(set, "127.0.0.1"));
}

}  // namespace
}  // namespace anonlog
