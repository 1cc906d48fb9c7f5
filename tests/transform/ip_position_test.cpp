// tests/transform/ip_position_test.cpp: a value where an address belongs is reduced, replaced or gone (SPEC 3.2).
#include <anonlog/transform/ip_position.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support.hpp"

namespace anonlog {
namespace {

using namespace std::string_view_literals;

using testing::run;

ip_position truncating(unsigned ipv4_bits, unsigned ipv6_bits) {
  ip_position position;
  position.truncate.ipv4_kept_bits = static_cast<std::uint8_t>(ipv4_bits);
  position.truncate.ipv6_kept_bits = static_cast<std::uint8_t>(ipv6_bits);
  return position;
}

ip_position in_mode(ip_mode mode) {
  ip_position position;
  position.mode = mode;
  return position;
}

constexpr ip_mode all_modes[] = {ip_mode::truncate, ip_mode::token, ip_mode::ula, ip_mode::drop};

TEST(ip_position, shows_its_examples_truly) {
  for (const example& shown : ip_position::examples) {
    const testing::transformed done = run(ip_position{}, shown.in);
    EXPECT_EQ(done.text, shown.out);
    EXPECT_EQ(done.outcome, shown.outcome) << shown.in;
  }
}

TEST(ip_position, reduces_every_form_of_address) {
  const ip_position position = truncating(24, 48);
  const struct { std::string_view in, out; } cases[] = {
      {"203.0.113.195", "203.0.113.0"},
      {"203.000.113.007", "203.0.113.0"},
      {"203.0.113.195:51234", "203.0.113.0:0"},
      {"2001:DB8:85A3:0000:0000:8A2E:0370:7334", "2001:db8:85a3::"},
      {"[2001:db8:85a3::1]", "2001:db8:85a3::"},
      {"\"[2001:db8:85a3::1]:99\"", "[2001:db8:85a3::]:0"},
      {"1a00:c820:1180:c84c::ad3f:d991:ec2e:49255", "[1a00:c820:1180::]:0"},
      {"1a00:c820:1180:c84c:ad3f:4024:d991:ec2e:4922", "[1a00:c820:1180::]:0"},
      {"1a00:c820:1180:c84c::ad3f:d991:ec2e:492555", "-"},
      {"fe80::0211:22ff:fe33:4455%eth0", "fe80::"},
      {"::ffff:203.0.113.195", "203.0.113.0"},
      {"[::ffff:203.0.113.195]:80", "203.0.113.0:0"},
      {"::FFFF:CB00:71C3", "203.0.113.0"},
      {"2002:cb00:71c3:1::1", "2002:cb00:7100::"},
      {"::1", "::1"},
      {"[::1]:80", "[::1]:0"},
      {"127.44.7.9", "127.44.7.0"},
      {"10.1.2.3", "10.1.2.0"},
      {"1.2.3.4%eth0:80", "-"},
  };
  for (const auto& entry : cases) EXPECT_EQ(run(position, entry.in).text, entry.out) << entry.in;
}

TEST(ip_position, lets_no_unreadable_value_through) {
  for (const char* value : {"1.2.3", "203.0.113.195.", "host-203-0-113-195.isp.example", "195.113.0.203.in-addr.arpa",
                            " 203.0.113.195", "203.0.113.195 ", "(203.0.113.195)", "client=203.0.113.195",
                            "203.0.113.195,198.51.100.9", "203.0.113.195, 198.51.100.9", "203.0.113.195\t-",
                            "3405803971", "0xcb0071c3", "ip-203-0-113-195", "203-0-113-195.dsl",
                            "[client 203.0.113.195:443]", "host:443 203.0.113.195", "std::string", "2001:db8::1.80",
                            "Unknown", "UNKNOWN", "unknown ", "\"unknown\"", "Localhost", "unix:/tmp/s.sock", "unix",
                            "localhost.", "--", "\xff\xfe", "x"}) {
    const testing::transformed done = run(ip_position{}, value);
    EXPECT_EQ(done.text, "-") << value;
    EXPECT_EQ(done.outcome, outcome::unreadable) << value;
  }
  EXPECT_EQ(run(ip_position{}, std::string_view("203.0.113.195\0", 14)).text, "-");
}

TEST(ip_position, copies_a_few_words_and_nothing_like_them) {
  for (const ip_mode mode : {ip_mode::truncate, ip_mode::token, ip_mode::ula})
    for (const std::string word : {"unknown", "unix:", "localhost", "-"})
      EXPECT_EQ(run(in_mode(mode), word).text, word);
}

TEST(ip_position, follows_the_port_rule) {
  ip_position position = truncating(24, 48);
  position.port = port_rule::drop;
  EXPECT_EQ(run(position, "203.0.113.195:51234").text, "203.0.113.0");
  EXPECT_EQ(run(position, "[2001:db8:85a3::1]:99").text, "2001:db8:85a3::");
  position.port = port_rule::keep;
  EXPECT_EQ(run(position, "203.0.113.195:00080").text, "203.0.113.0:00080");
  EXPECT_EQ(run(position, "2001:db8:85a3:0:0:0:0:1:99").text, "[2001:db8:85a3::]:99");
  position.mode = ip_mode::token;
  EXPECT_EQ(run(position, "203.0.113.195:99").text, "ip-f64ezhjhlpjkustu:99");
}

TEST(ip_position, keeps_what_the_policy_says_but_no_card_number) {
  ip_position position;
  for (const std::string_view name : {"private", "linklocal"}) ASSERT_TRUE(position.keep.add_named(name));
  EXPECT_EQ(run(position, "10.1.2.3").text, "10.1.2.3");
  EXPECT_EQ(run(position, "::ffff:10.1.2.3").text, "10.1.2.3");
  EXPECT_EQ(run(position, "010.001.002.003").text, "10.1.2.3");
  EXPECT_EQ(run(position, "100.64.7.9").text, "100.64.7.0");
  EXPECT_EQ(run(position, "fe80::211:22ff:fe33:4455").text, "fe80::");
  EXPECT_EQ(run(position, "10.1.2.3").outcome, outcome::kept);
  EXPECT_EQ(run(position, "10.1.2.3").counts.of(counted::address_kept), 1U);
}

TEST(ip_position, keeps_in_every_mode_but_drop) {
  for (const ip_mode mode : {ip_mode::truncate, ip_mode::token, ip_mode::ula}) {
    EXPECT_EQ(run(in_mode(mode), "127.0.0.1:80").text, "127.0.0.1:0");
    EXPECT_EQ(run(in_mode(mode), "[::1]:80").text, "[::1]:0");
    EXPECT_EQ(run(in_mode(mode), "::1", nullptr).text, "::1");
  }
}

TEST(ip_position, drops_everything_in_mode_drop) {
  for (const char* value : {"203.0.113.195", "[2001:db8::1]:80", "::1", "127.0.0.1", "unknown", "localhost", "unix:",
                            "x"}) {
    const testing::transformed done = run(in_mode(ip_mode::drop), value);
    EXPECT_EQ(done.text, "-") << value;
    EXPECT_EQ(done.outcome, outcome::dropped) << value;
  }
}

TEST(ip_position, gives_the_published_tokens) {
  ip_position position = in_mode(ip_mode::token);
  EXPECT_EQ(run(position, "203.0.113.195").text, "ip-f64ezhjhlpjkustu");
  EXPECT_EQ(run(position, "::ffff:203.0.113.195").text, "ip-f64ezhjhlpjkustu");
  EXPECT_EQ(run(position, "203.0.113.196").text, "ip-tbijvpjf4wiiayiq");
  EXPECT_EQ(run(position, "2001:db8:85a3::8a2e:370:7334").text, "ip-frzt5wp7udskaboe");
  EXPECT_EQ(run(position, "2001:0DB8:85A3:0:0:8A2E:0370:7334%eth0").text, "ip-frzt5wp7udskaboe");
  EXPECT_EQ(run(position, "[2001:db8:85a3::8a2e:370:7334]:99").text, "ip-frzt5wp7udskaboe:0");
  EXPECT_EQ(run(position, "203.0.113.195").outcome, outcome::tokenised);
  position.token.ipv6_bits = 64;
  EXPECT_EQ(run(position, "2001:db8:85a3::8a2e:370:7334").text, "ip-trkcslo5vcjd3cvd");
  EXPECT_EQ(run(position, "2001:db8:85a3:0:1::1").text, "ip-trkcslo5vcjd3cvd");
  EXPECT_EQ(run(position, "64:ff9b::203.0.113.195").text, "ip-f64ezhjhlpjkustu");
  position.mode = ip_mode::ula;
  EXPECT_EQ(run(position, "203.0.113.195").text, "fd2f:b84c:9d27:5bd2:aa4a:748f:a260:de6c");
  EXPECT_EQ(run(position, "203.0.113.195:80").text, "[fd2f:b84c:9d27:5bd2:aa4a:748f:a260:de6c]:0");
}

TEST(ip_position, writes_nothing_of_a_keyed_value_without_keys) {
  for (const ip_mode mode : {ip_mode::token, ip_mode::ula}) {
    ip_position position = in_mode(mode);
    position.host = host_rule::token;
    position.port = port_rule::keep;
    for (const char* value : {"203.0.113.195", "203.0.113.195:80", "[2001:db8::1]:80", "mail.example.org"}) {
      const testing::transformed done = run(position, value, nullptr);
      EXPECT_EQ(done.text, "-") << value;
      EXPECT_EQ(done.outcome, outcome::unreadable) << value;
    }
  }
}

TEST(ip_position, gives_host_names_a_pseudonym_where_the_policy_wants_it) {
  ip_position position;
  position.host = host_rule::token;
  EXPECT_EQ(run(position, "Host-203-0-113-195.ISP.example.").text, "h-6uzwjqhdv5kjuore");
  EXPECT_EQ(run(position, "host-203-0-113-195.isp.example").text, "h-6uzwjqhdv5kjuore");
  EXPECT_EQ(run(position, "203.0.113.195").text, "203.0.113.0");
  EXPECT_EQ(run(position, "unknown").text, "unknown");
}

TEST(ip_position, passes_tokens_of_its_own_only_where_they_are_accepted_and_made) {
  const std::string token = "ip-f64ezhjhlpjkustu";
  ip_position position = in_mode(ip_mode::token);
  EXPECT_EQ(run(position, token).text, "-");
  position.style.accept_tokens = true;
  EXPECT_EQ(run(position, token).text, token);
  EXPECT_EQ(run(position, "u-f64ezhjhlpjkustu").text, "-");
  EXPECT_EQ(run(position, "h-f64ezhjhlpjkustu").text, "-");
  EXPECT_EQ(run(position, token + "a").text, "-");
  EXPECT_EQ(run(position, "ip-f64ezhjhlpjkust1").text, "-");
  position.host = host_rule::token;
  EXPECT_EQ(run(position, "h-f64ezhjhlpjkustu").text, "h-f64ezhjhlpjkustu");
  position.mode = ip_mode::truncate;
  position.host = host_rule::drop;
  EXPECT_EQ(run(position, token).text, "-");
}

TEST(ip_position, counts_what_it_read) {
  const tally counts = run(ip_position{}, "::ffff:1.2.3.4%eth0").counts;
  EXPECT_EQ(counts.of(counted::address_ipv4), 1U);
  EXPECT_EQ(counts.of(counted::address_mapped), 1U);
  EXPECT_EQ(counts.of(counted::address_zone), 1U);
  const tally other = run(ip_position{}, "2002::1:49255").counts;
  EXPECT_EQ(other.of(counted::address_ipv6), 1U);
  EXPECT_EQ(other.of(counted::address_6to4), 1U);
  EXPECT_EQ(other.of(counted::address_unbracketed_port), 1U);
}

// P1: host bits, port digits, zone and spelling make no difference.
TEST(ip_position, writes_the_same_for_all_addresses_of_a_network) {
  std::mt19937_64 random(7);
  const auto number = [&](unsigned below) { return std::to_string(random() % below); };
  const auto hex = [&] {
    char text[5];
    std::snprintf(text, sizeof text, random() % 2 ? "%04x" : "%X", static_cast<unsigned>(random() % 0x10000));
    return std::string(text);
  };
  for (int i = 0; i < 5000; ++i) {
    EXPECT_EQ(run(ip_position{}, "203.0.113." + number(256)).text, "203.0.113.0");
    EXPECT_EQ(run(ip_position{}, "::ffff:203.0.113." + number(256) + ":" + number(100000)).text, "203.0.113.0:0");
    const std::string tail = hex() + ":" + hex() + ":" + hex() + ":" + hex() + ":" + hex();
    EXPECT_EQ(run(ip_position{}, "2001:0db8:8500:" + tail + "%" + hex()).text, "2001:db8:8500::");
    EXPECT_EQ(run(ip_position{}, "[2001:db8:85ff:" + tail + "]:" + number(100000)).text, "[2001:db8:8500::]:0");
  }
}

// P2 and P4 with whatever a client may write.
TEST(ip_position, is_idempotent_and_writes_only_the_alphabet_of_addresses) {
  std::mt19937_64 random(8);
  constexpr std::string_view alphabet = "0123456789abfF:.:.[]%\"\\\0\xff -,x"sv;
  for (int i = 0; i < 200000; ++i) {
    std::string value(1 + random() % 40, 0);
    for (char& c : value) c = alphabet[random() % alphabet.size()];
    if (random() % 2) value = "203.0." + value;
    if (random() % 4 == 0) value = "::" + value;
    for (const ip_mode mode : all_modes) {
      ip_position position = in_mode(mode);
      if (random() % 2) position.host = host_rule::token;
      const std::string text = run(position, value).text;
      ASSERT_FALSE(text.empty());
      ASSERT_EQ(text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz:.[]-"), std::string::npos) << value;
      if (mode == ip_mode::truncate && position.host == host_rule::drop) {
        ASSERT_EQ(run(position, text).text, text) << value;
      }
    }
  }
}

TEST(ip_position, answers_long_values_like_any_other) {
  for (const char c : {'1', ':', '.', '[', ']', '%', '"', '\0', '\xff', ' '})
    EXPECT_EQ(run(ip_position{}, std::string(1 << 20, c)).text, "-");
}

}  // namespace
}  // namespace anonlog
