// tests/transform/ip_token_test.cpp: one address, one pseudonym, however it is spelled (SPEC 3.3.3, 3.3.5, 3.3.6).
#include <anonlog/transform/ip_token.hpp>

#include <gtest/gtest.h>

#include <string>

#include "support.hpp"

namespace anonlog {
namespace {

ip_address address_of(std::string_view text) {
  ip_element element;
  EXPECT_TRUE(parse_ip(raw(text), element)) << text;
  return element.address;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += lower_hex_digits[static_cast<unsigned char>(byte) >> 4];
    text += lower_hex_digits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::string message(const ip_token& token, std::string_view text) {
  return hex(token.message(address_of(text)).text());
}

std::string pseudonym(const ip_token& token, std::string_view text) {
  const hash128 hash = token.pseudonym(address_of(text), testing::test_keys());
  return hex({reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()});
}

constexpr ip_token per_network{.ipv4_bits = 32, .ipv6_bits = 64};

TEST(ip_token, hashes_the_messages_of_the_published_vectors) {
  EXPECT_EQ(message({}, "203.0.113.195"), "04cb0071c320");
  EXPECT_EQ(message({}, "2001:db8:85a3::8a2e:370:7334"), "0620010db885a3000000008a2e0370733480");
  EXPECT_EQ(message(per_network, "2001:db8:85a3::8a2e:370:7334"), "0620010db885a30000000000000000000040");
  EXPECT_EQ(message({.ipv4_bits = 24, .ipv6_bits = 0}, "203.0.113.195"), "04cb00710018");
  EXPECT_EQ(message({.ipv4_bits = 0, .ipv6_bits = 0}, "203.0.113.195"), "040000000000");
  EXPECT_EQ(message({.ipv4_bits = 0, .ipv6_bits = 0}, "2001:db8::"), "06" + std::string(34, '0'));
}

TEST(ip_token, gives_the_published_pseudonyms) {
  EXPECT_EQ(pseudonym({}, "203.0.113.195"), "2fb84c9d275bd2aa4a748fa260de6ce7");
  EXPECT_EQ(pseudonym({}, "2001:db8:85a3::8a2e:370:7334"), "2c733ed9ffa0e4a005c45a58ad858d12");
  EXPECT_EQ(pseudonym(per_network, "2001:db8:85a3::8a2e:370:7334"), "9c54292ddda8923d8aa3f4507c78feaf");
}

TEST(ip_token, unwraps_nat64_only_where_its_clients_would_become_one) {
  EXPECT_EQ(message(per_network, "64:ff9b::203.0.113.195"), "04cb0071c320");
  EXPECT_EQ(message({.ipv4_bits = 24, .ipv6_bits = 95}, "64:ff9b::203.0.113.195"), "04cb00710018");
  EXPECT_EQ(message({.ipv4_bits = 32, .ipv6_bits = 96}, "64:ff9b::203.0.113.195"),
            "060064ff9b" + std::string(24, '0') + "60");
  EXPECT_EQ(message(per_network, "64:ff9b:0:0:1::203.0.113.195"), "060064ff9b" + std::string(24, '0') + "40");
}

TEST(ip_token, makes_addresses_that_belong_to_nobody) {
  char room[64];
  writer out(room, sizeof room);
  put_ip(to_ula(ip_token{}.pseudonym(address_of("203.0.113.195"), testing::test_keys())), out);
  EXPECT_EQ(out.text(), "fd2f:b84c:9d27:5bd2:aa4a:748f:a260:de6c");
}

TEST(ip_token, tells_families_apart) {
  EXPECT_NE(message({}, "1.2.3.4"), message({}, "::1.2.3.4"));
  EXPECT_EQ(message({}, "1.2.3.4"), message({}, "::ffff:1.2.3.4"));
}

}  // namespace
}  // namespace anonlog
