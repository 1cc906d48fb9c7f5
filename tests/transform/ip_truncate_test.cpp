// tests/transform/ip_truncate_test.cpp: the network stays, the rest goes, in every form of address (SPEC 3.2.3).
#include <anonlog/transform/ip_truncate.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace anonlog {
namespace {

ip_address address_of(std::string_view text) {
  ip_element element;
  EXPECT_TRUE(parse_ip(raw(text), element)) << text;
  return element.address;
}

std::string truncated(const ip_truncate& widths, std::string_view text) {
  tally counts;
  char room[64];
  writer out(room, sizeof room);
  put_ip(widths.truncated(address_of(text), counts), out);
  return std::string(out.text());
}

ip_truncate widths(std::uint64_t ipv4_bits, std::uint64_t ipv6_bits) {
  return {.ipv4_kept_bits = static_cast<std::uint8_t>(ipv4_bits),
          .ipv6_kept_bits = static_cast<std::uint8_t>(ipv6_bits),
          .sixrd = {}};
}

TEST(ip_truncate, keeps_the_leading_bits) {
  EXPECT_EQ(truncated({}, "203.0.113.195"), "203.0.113.0");
  EXPECT_EQ(truncated({}, "2001:db8:85a3:8d3:1319:8a2e:370:7348"), "2001:db8:8500::");
  EXPECT_EQ(truncated(widths(16, 32), "203.0.113.195"), "203.0.0.0");
  EXPECT_EQ(truncated(widths(16, 32), "2001:db8:85a3:8d3:1319:8a2e:370:7348"), "2001:db8::");
  EXPECT_EQ(truncated(widths(24, 48), "2001:db8:85a3:8d3:1319:8a2e:370:7348"), "2001:db8:85a3::");
  EXPECT_EQ(truncated(widths(20, 44), "203.0.127.195"), "203.0.112.0");
  EXPECT_EQ(truncated(widths(20, 44), "2001:db8:85af::"), "2001:db8:85a0::");
}

TEST(ip_truncate, keeps_nothing_at_width_zero) {
  EXPECT_EQ(truncated(widths(0, 0), "203.0.113.195"), "0.0.0.0");
  EXPECT_EQ(truncated(widths(0, 0), "2001:db8:85a3:8d3::1"), "::");
  EXPECT_EQ(truncated(widths(0, 0), "2002:cb00:71c3::1"), "::");
}

TEST(ip_truncate, never_keeps_more_than_any_policy_may_ask_for) {
  for (const unsigned bits : {64U, 65U, 96U, 127U, 128U, 129U, 200U, 255U})
    EXPECT_EQ(truncated(widths(24, bits), "2001:db8:1:2:0:5efe:c000:221"), "2001:db8:1:2::") << bits;
  for (const unsigned bits : {28U, 32U, 33U, 64U, 255U})
    EXPECT_EQ(truncated(widths(bits, 40), "203.0.113.255"), "203.0.113.240") << bits;
}

TEST(ip_truncate, keeps_no_more_of_an_ipv4_address_inside_6to4_than_of_it_alone) {
  EXPECT_EQ(truncated(widths(24, 48), "2002:cb00:71c3:1::1"), "2002:cb00:7100::");
  EXPECT_EQ(truncated(widths(24, 64), "2002:cb00:71c3:1::1"), "2002:cb00:7100::");
  EXPECT_EQ(truncated(widths(16, 64), "2002:cb00:71c3:1::1"), "2002:cb00::");
  EXPECT_EQ(truncated(widths(0, 64), "2002:cb00:71c3:1::1"), "2002::");
  EXPECT_EQ(truncated(widths(24, 32), "2002:cb00:71c3:1::1"), "2002:cb00::");
}

TEST(ip_truncate, cuts_embedded_addresses_of_every_other_kind) {
  EXPECT_EQ(truncated(widths(24, 64), "2001:0:4136:e378:8000:63bf:34ff:8e3c"), "2001::");  // Teredo
  EXPECT_EQ(truncated(widths(24, 64), "2001:1:4136:e378::"), "2001:1:4136:e378::");        // is none
  EXPECT_EQ(truncated(widths(24, 64), "64:ff9b::203.0.113.195"), "64:ff9b::");             // NAT64
  EXPECT_EQ(truncated(widths(24, 64), "64:ff9b:1:cb00:71:c300::"), "64:ff9b:1::");         // local NAT64
  EXPECT_EQ(truncated(widths(24, 64), "64:ff9b:2:cb00::"), "64:ff9b:2:cb00::");            // is none
  EXPECT_EQ(truncated(widths(24, 64), "::203.0.113.195"), "::");                           // v4-compatible
  EXPECT_EQ(truncated(widths(24, 64), "fe80::211:22ff:fe33:4455"), "fe80::");              // EUI-64
}

TEST(ip_truncate, cuts_ipv4_bits_behind_a_known_6rd_prefix) {
  ip_truncate known = widths(24, 64);
  known.sixrd.push_back(parse_ip_prefix("2a01:e30::/28").value());
  EXPECT_EQ(truncated(known, "2a01:e3c:b007:1c30::1"), "2a01:e3c:b007:1000::");
  EXPECT_EQ(truncated(known, "2a01:e4c:b007:1c30::1"), "2a01:e4c:b007:1c30::");
  known.ipv4_kept_bits = 16;
  EXPECT_EQ(truncated(known, "2a01:e3c:b007:1c30::1"), "2a01:e3c:b000::");
  known.sixrd.push_back(parse_ip_prefix("2a01::/16").value());  // the narrower rule wins
  EXPECT_EQ(truncated(known, "2a01:e3c:b007:1c30::1"), "2a01:e3c::");
  EXPECT_EQ(truncated(widths(24, 48), "2a01:e3c:b007:1c30::1"), "2a01:e3c:b007::");
}

TEST(ip_truncate, counts_the_special_forms) {
  tally counts;
  ip_truncate known;
  known.sixrd.push_back(parse_ip_prefix("2a01:e30::/28").value());
  for (const char* text : {"2002:cb00:71c3::", "2001:0:1::", "64:ff9b::1.2.3.4", "64:ff9b:1::", "2a01:e30::1", "::5",
                           "1.2.3.4"})
    known.truncated(address_of(text), counts);
  EXPECT_EQ(counts.of(counted::address_6to4), 1U);
  EXPECT_EQ(counts.of(counted::address_teredo), 1U);
  EXPECT_EQ(counts.of(counted::address_nat64), 2U);
  EXPECT_EQ(counts.of(counted::address_6rd), 1U);
}

// Any address, with a special beginning now and then.
ip_address random_address(std::mt19937_64& random) {
  static constexpr std::string_view beginnings[] = {"2002::", "2001::", "64:ff9b::", "64:ff9b:1::", "2a01:e30::", "::"};
  ip_address address{.bytes = {}, .is_ipv4 = random() % 3 == 0};
  for (std::size_t i = 0; i < (address.is_ipv4 ? 4U : 16U); ++i) address.bytes[i] = static_cast<std::uint8_t>(random());
  if (address.is_ipv4 || random() % 2 == 0) return address;
  ip_address beginning;
  EXPECT_TRUE(parse_ipv6(raw(beginnings[random() % 6]), beginning));
  for (std::size_t i = 0; i < 6; ++i)
    if (beginning.bytes[i] != 0 || random() % 2 == 0) address.bytes[i] = beginning.bytes[i];
  return address;
}

TEST(ip_truncate, is_idempotent_and_does_not_depend_on_what_it_cuts) {
  std::mt19937_64 random(6);
  tally counts;
  for (int i = 0; i < 200000; ++i) {
    ip_truncate some = widths(random() % 33, random() % 129);
    if (random() % 2 == 0) some.sixrd.push_back(parse_ip_prefix("2a01:e30::/28").value());
    const ip_address address = random_address(random);
    const ip_address once = some.truncated(address, counts);
    ASSERT_EQ(some.truncated(once, counts), once);

    // What may never matter: the host part of IPv4, the interface identifier and the IPv4 host part of 6to4.
    ip_address other = address;
    for (std::size_t bit = address.is_ipv4 ? 28 : 64; bit < (address.is_ipv4 ? 32U : 128U); ++bit)
      if (random() % 2 == 0)
        other.bytes[bit / 8] = static_cast<std::uint8_t>(other.bytes[bit / 8] ^ (1U << (7 - bit % 8)));
    if (!address.is_ipv4 && address.bytes[0] == 0x20 && address.bytes[1] == 2 && some.ipv4_kept_bits <= 24)
      other.bytes[5] = static_cast<std::uint8_t>(random());
    ASSERT_EQ(some.truncated(other, counts), once);
  }
}

}  // namespace
}  // namespace anonlog
