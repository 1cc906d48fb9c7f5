// tests/transform/ip_address_test.cpp: addresses are read in every spelling and written in one (SPEC 3.2.1, 3.2.2).
#include <anonlog/transform/ip_address.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

namespace anonlog {
namespace {

using namespace std::string_view_literals;

std::string text_of(const ip_address& address) {
  char room[64];
  writer out(room, sizeof room);
  put_ip(address, out);
  return std::string(out.text());
}

// "address", "address port" or "none".
std::string read(std::string_view value) {
  ip_element element;
  if (!parse_ip(raw(value), element)) return "none";
  std::string text = text_of(element.address);
  if (element.has_port) text.append(" ").append(element.port.begin(), element.port.size());
  return text;
}

ip_address random_ipv6(std::mt19937_64& random) {
  ip_address address;
  for (std::size_t i = 0; i < 16; i += 2) {  // many zero groups and short groups
    const std::uint64_t dice = random();
    if (dice % 3 == 0) continue;
    address.bytes[i] = dice % 3 == 1 ? 0 : static_cast<std::uint8_t>(dice >> 8);
    address.bytes[i + 1] = static_cast<std::uint8_t>(dice >> 16);
  }
  return address;
}

// One of the many spellings of an address: case, leading zeros, any run of zero groups compressed, dotted end.
std::string random_spelling(const ip_address& address, std::mt19937_64& random) {
  const auto group = [&](std::size_t i) { return unsigned{address.bytes[2 * i]} << 8 | address.bytes[2 * i + 1]; };
  const std::size_t group_count = random() % 3 == 0 ? 6 : 8;  // 6: the last two are dotted
  std::size_t gap = 8, gap_end = 8;
  const std::size_t candidate = random() % group_count;
  if (group(candidate) == 0 && random() % 2 == 0) {
    gap = candidate;
    gap_end = gap + 1;
    while (gap_end < group_count && group(gap_end) == 0 && random() % 4 != 0) ++gap_end;
  }
  std::string text;
  for (std::size_t i = 0; i < group_count; ++i) {
    if (i == gap) {
      text += text.empty() || text.back() != ':' ? "::" : ":";
      i = gap_end - 1;
      continue;
    }
    char digits[8];
    const char* const forms[] = {"%x", "%X", "%04x", "%04X"};
    std::snprintf(digits, sizeof digits, forms[random() % 4], group(i));
    text += digits;
    if (i + 1 < group_count || group_count == 6) text += ':';
  }
  if (group_count == 6) {
    char digits[20];
    std::snprintf(digits, sizeof digits, random() % 2 ? "%u.%u.%u.%u" : "%03u.%03u.%03u.%03u", address.bytes[12],
                  address.bytes[13], address.bytes[14], address.bytes[15]);
    if (gap_end == 6 && !text.ends_with("::") && gap != 8) text += ':';
    text += digits;
  }
  return text;
}

TEST(parse_ip, reads_ipv4_as_decimal_even_with_leading_zeros) {
  EXPECT_EQ(read("203.0.113.195"), "203.0.113.195");
  EXPECT_EQ(read("203.000.113.007"), "203.0.113.7");
  EXPECT_EQ(read("010.08.009.0"), "10.8.9.0");
  EXPECT_EQ(read("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(read("255.255.255.255"), "255.255.255.255");
}

TEST(parse_ip, takes_nothing_else_for_ipv4) {
  for (const char* text : {"1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", ".1.2.3", "1..2.3", "256.1.1.1", "1.1.1.256",
                           "999.1.1.1", "0001.2.3.4", "1.2.3.0004", "0x7f.1", "0x7f.0.0.1", "2130706433", "1.2.3.4 ",
                           " 1.2.3.4", "\t1.2.3.4", "(1.2.3.4)", "ip=1.2.3.4", "1.2.3.4/24", "1.2.3.a", "1,2,3,4",
                           "1.2.3.-4", "+1.2.3.4", "1.2.3.4\n"})
    EXPECT_EQ(read(text), "none") << text;
  EXPECT_EQ(read(std::string_view("1.2.3.4\0", 8)), "none");
}

TEST(parse_ip, reads_ports_of_one_to_five_digits_without_checking_their_range) {
  EXPECT_EQ(read("203.0.113.195:51234"), "203.0.113.195 51234");
  EXPECT_EQ(read("203.0.113.195:0"), "203.0.113.195 0");
  EXPECT_EQ(read("203.0.113.195:99999"), "203.0.113.195 99999");
  EXPECT_EQ(read("203.0.113.195:00080"), "203.0.113.195 00080");
  EXPECT_EQ(read("[2001:db8::1]:443"), "2001:db8::1 443");
  for (const char* text : {"203.0.113.195:", "203.0.113.195:123456", "203.0.113.195:8a", "203.0.113.195:80:80",
                           "203.0.113.195: 80", "[2001:db8::1]:", "[2001:db8::1]:123456", "[2001:db8::1]80",
                           "[2001:db8::1]x", "[2001:db8::1", "2001:db8::1]", "[]", "[]:80", "[203.0.113.195]",
                           "[203.0.113.195]:80", "[[2001:db8::1]]", "[2001:db8::1]]", "[", "]", "["})
    EXPECT_EQ(read(text), "none") << text;
}

TEST(parse_ip, removes_one_pair_of_quotes) {
  EXPECT_EQ(read("\"203.0.113.195\""), "203.0.113.195");
  EXPECT_EQ(read("\"[2001:db8:85a3::1]:99\""), "2001:db8:85a3::1 99");
  for (const char* text : {"\"", "\"\"", "\"203.0.113.195", "203.0.113.195\"", "\"\"203.0.113.195\"\"",
                           "\"1.2.3.4\":80"})
    EXPECT_EQ(read(text), "none") << text;
}

TEST(parse_ip, cuts_the_zone_of_ipv6_only) {
  EXPECT_EQ(read("fe80::0211:22ff:fe33:4455%eth0"), "fe80::211:22ff:fe33:4455");
  EXPECT_EQ(read("fe80::1%25eth0"), "fe80::1");
  EXPECT_EQ(read("fe80::1%"), "fe80::1");
  EXPECT_EQ(read("[fe80::1%eth0]:443"), "fe80::1 443");
  EXPECT_EQ(read("[fe80::1%25eth0]"), "fe80::1");
  EXPECT_EQ(read("::ffff:1.2.3.4%eth0"), "1.2.3.4");
  EXPECT_EQ(read("fe80::1%eth0:443"), "fe80::1");  // step 3: everything from the first % is the zone
  for (const char* text : {"1.2.3.4%eth0", "1.2.3.4%eth0:80", "1.2.3.4:80%eth0", "%eth0", "[1.2.3.4%eth0]:80"})
    EXPECT_EQ(read(text), "none") << text;
}

TEST(parse_ip, prefers_an_address_to_an_address_with_unbracketed_port) {
  EXPECT_EQ(read("2001:db8:1:2:3:4:5:8080"), "2001:db8:1:2:3:4:5:8080");
  EXPECT_EQ(read("2001:db8::1:80"), "2001:db8::1:80");
  EXPECT_EQ(read("1a00:c820:1180:c84c::ad3f:d991:ec2e:49255"), "1a00:c820:1180:c84c:0:ad3f:d991:ec2e 49255");
  EXPECT_EQ(read("1a00:c820:1180:c84c:ad3f:4024:d991:ec2e:4922"), "1a00:c820:1180:c84c:ad3f:4024:d991:ec2e 4922");
  EXPECT_EQ(read("::1:49255"), "::1 49255");
  EXPECT_EQ(read("::1:2:3:4:5:6:7:8"), "0:1:2:3:4:5:6:7 8");  // the gap stands for nothing otherwise
  EXPECT_EQ(read("::ffff:203.0.113.195:80"), "203.0.113.195 80");
  for (const char* text : {"1a00:c820:1180:c84c::ad3f:d991:ec2e:492555", "2001:db8:1:2:3:4:5:6:8a", "::1:8080a",
                           "2001:db8:1:2:3:4:5:6:7:80"})
    EXPECT_EQ(read(text), "none") << text;
}

TEST(parse_ip, reads_ipv6_with_at_most_one_gap_that_stands_for_something) {
  EXPECT_EQ(read("::"), "::");
  EXPECT_EQ(read("::1"), "::1");
  EXPECT_EQ(read("1::"), "1::");
  EXPECT_EQ(read("1:2:3:4:5:6:7::"), "1:2:3:4:5:6:7:0");
  EXPECT_EQ(read("::2:3:4:5:6:7:8"), "0:2:3:4:5:6:7:8");
  EXPECT_EQ(read("1::3:4:5:6:7:8"), "1:0:3:4:5:6:7:8");
  EXPECT_EQ(read("64:ff9b::203.0.113.195"), "64:ff9b::cb00:71c3");
  EXPECT_EQ(read("1:2:3:4:5:6:1.2.3.4"), "1:2:3:4:5:6:102:304");
  EXPECT_EQ(read("::001.02.3.4"), "::102:304");
  EXPECT_EQ(read("2001:db8::5"), "2001:db8::5");  // a single digit after the gap
  EXPECT_EQ(read("::a"), "::a");
  for (const char* text : {":", ":::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8a", "1:2:3:4::5:6:7:8a", "1::2::3", "1:2",
                           "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "12345::", "::12345a", "::g", "g::",
                           "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "::1.2.3.4:5:6",
                           "1.2.3.4::", "std::string", "Foo::Bar", "::ffff:1.2.3.4.", "2001:db8::1.80"})
    EXPECT_EQ(read(text), "none") << text;
}

TEST(parse_ip, unwraps_v4_mapped_in_any_spelling_and_nothing_else) {
  for (const char* text : {"::ffff:203.0.113.195", "::FFFF:CB00:71C3", "0:0:0:0:0:ffff:cb00:71c3", "::ffff:cb00:71c3",
                           "0000:0000:0000:0000:0000:FFFF:203.0.113.195", "[::ffff:203.0.113.195]",
                           "0::ffff:203.0.113.195"})
    EXPECT_EQ(read(text), "203.0.113.195") << text;
  EXPECT_EQ(read("::203.0.113.195"), "::cb00:71c3");
  EXPECT_EQ(read("64:ff9b::203.0.113.195"), "64:ff9b::cb00:71c3");
  EXPECT_EQ(read("::ffff:0:203.0.113.195"), "::ffff:0:cb00:71c3");
  EXPECT_EQ(read("1::ffff:203.0.113.195"), "1::ffff:cb00:71c3");
}

TEST(parse_ip, tells_what_it_saw) {
  ip_element element;
  ASSERT_TRUE(parse_ip(raw("::ffff:1.2.3.4%eth0"), element));
  EXPECT_TRUE(element.was_mapped && element.has_zone && !element.has_port && !element.has_unbracketed_port);
  ASSERT_TRUE(parse_ip(raw("::1:49255"), element));
  EXPECT_TRUE(element.has_unbracketed_port && element.has_port && !element.was_mapped && !element.has_zone);
  ASSERT_TRUE(parse_ip(raw("[::1]:80"), element));
  EXPECT_TRUE(!element.has_unbracketed_port && element.has_port);
  ASSERT_TRUE(parse_ip(raw("1.2.3.4:80"), element));
  EXPECT_TRUE(!element.has_unbracketed_port && element.has_port && !element.was_mapped);
}

TEST(parse_ip, reads_every_spelling_of_an_ipv6_address_as_the_same) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 50000; ++i) {
    const ip_address address = random_ipv6(random);
    const std::string spelling = random_spelling(address, random);
    ip_address parsed;
    ASSERT_TRUE(parse_ipv6(raw(spelling), parsed)) << spelling;
    EXPECT_EQ(parsed, unmapped(address)) << spelling;
    ip_element element;
    ASSERT_TRUE(parse_ip(raw("[" + spelling + "%x]:1"), element)) << spelling;
    EXPECT_EQ(element.address, parsed);
  }
}

TEST(parse_ip, agrees_with_inet_pton_wherever_both_have_the_same_rules) {
  std::mt19937_64 random(2);
  constexpr std::string_view alphabet = "0123456789abcdefABCDEF::::::....g%";
  int accepted = 0;
  for (int i = 0; i < 300000; ++i) {
    std::string text = random_spelling(random_ipv6(random), random);
    for (std::uint64_t edits = random() % 4; edits > 0; --edits) {
      const std::size_t at = random() % (text.size() + 1);
      const char c = alphabet[random() % alphabet.size()];
      if (random() % 2 || at == text.size())
        text.insert(at, 1, c);
      else if (random() % 2)
        text.erase(at, 1);
      else
        text[at] = c;
      if (text.empty()) text = ":";
    }
    bool has_padded_octet = false;  // inet_pton refuses leading zeros in dotted parts, SPEC takes them
    for (std::size_t at = text.find('.'); at != std::string::npos && !has_padded_octet; at = text.find('.', at + 1)) {
      has_padded_octet = at + 2 < text.size() && text[at + 1] == '0' && text[at + 2] != '.';
      const std::size_t from = text.find_last_of(":.", at - 1);
      const std::size_t octet = from == std::string::npos || at == 0 ? 0 : from + 1;
      has_padded_octet = has_padded_octet || (text[octet] == '0' && octet + 1 < at);
    }
    if (has_padded_octet) continue;
    in6_addr expected;
    const bool expected_ok = inet_pton(AF_INET6, text.c_str(), &expected) == 1;
    ip_address parsed;
    ASSERT_EQ(parse_ipv6(raw(text), parsed), expected_ok) << text;
    in_addr expected4;
    ip_address parsed4;
    ASSERT_EQ(parse_ipv4(raw(text), parsed4), inet_pton(AF_INET, text.c_str(), &expected4) == 1) << text;
    if (!expected_ok) continue;
    ++accepted;
    ip_address wanted;
    std::memcpy(wanted.bytes.data(), &expected, 16);
    EXPECT_EQ(parsed, unmapped(wanted)) << text;
  }
  EXPECT_GT(accepted, 30000);
}

TEST(put_ip, writes_rfc_5952) {
  const auto canonical = [](const char* text) { return read(text); };
  EXPECT_EQ(canonical("2001:DB8:85A3:0000:0000:8A2E:0370:7334"), "2001:db8:85a3::8a2e:370:7334");
  EXPECT_EQ(canonical("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");   // the longest run
  EXPECT_EQ(canonical("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");  // the first on a tie
  EXPECT_EQ(canonical("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");  // a single group stays
  EXPECT_EQ(canonical("0:0:1::"), "0:0:1::");
  EXPECT_EQ(canonical("0:0:0:0:0:0:0:0"), "::");
  EXPECT_EQ(canonical("::1.2.3.4"), "::102:304");  // never the mixed form
}

TEST(put_ip, agrees_with_inet_ntop_and_reads_back_as_itself) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 50000; ++i) {
    ip_address address = random_ipv6(random);
    if (i % 4 == 0) {
      address = {.bytes = {}, .is_ipv4 = true};
      for (std::size_t j = 0; j < 4; ++j) address.bytes[j] = static_cast<std::uint8_t>(random());
    }
    const std::string text = text_of(address);
    char expected[INET6_ADDRSTRLEN];
    inet_ntop(address.is_ipv4 ? AF_INET : AF_INET6, address.bytes.data(), expected, sizeof expected);
    if (address.is_ipv4 || std::strchr(expected, '.') == nullptr) {
      EXPECT_EQ(text, expected);
    }
    ip_element element;
    ASSERT_TRUE(parse_ip(raw(text), element)) << text;
    EXPECT_EQ(element.address, unmapped(address));
  }
}

TEST(masked, keeps_exactly_the_leading_bits) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 2000; ++i) {
    ip_address address = random_ipv6(random);
    for (unsigned bits = 0; bits <= 128; ++bits) {
      const ip_address kept = masked(address, bits);
      for (unsigned bit = 0; bit < 128; ++bit) {
        const auto at = [bit](const ip_address& a) { return a.bytes[bit / 8] >> (7 - bit % 8) & 1; };
        ASSERT_EQ(at(kept), bit < bits ? at(address) : 0) << bits;
      }
    }
  }
}

TEST(parse_ip, survives_hostile_input) {
  std::mt19937_64 random(5);
  constexpr std::string_view alphabet = "0123456789afAF:.[]%\"\0\xff -,"sv;
  for (int i = 0; i < 200000; ++i) {
    std::string text(random() % 48, 0);
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    ip_element element;
    if (!parse_ip(raw(text), element)) continue;
    const std::string again = text_of(element.address);
    EXPECT_EQ(read(again), again) << text;
    EXPECT_LE(element.port.size(), 5U);
  }
  for (const char c : {'1', ':', '.', '[', ']', '%', '"', 'a', '0', '\0', '\xff'})
    EXPECT_EQ(read(std::string(1 << 20, c)), "none");
  EXPECT_EQ(read("::1%" + std::string(1 << 20, ']')), "::1");
  EXPECT_EQ(read(""), "none");
}

}  // namespace
}  // namespace anonlog
