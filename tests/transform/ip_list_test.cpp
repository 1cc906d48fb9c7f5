// tests/transform/ip_list_test.cpp: every hop of X-Forwarded-For is reduced, the shape of the list stays (SPEC 3.2.1).
#include <anonlog/transform/ip_list.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support.hpp"

namespace anonlog {
namespace {

using namespace std::string_view_literals;

using testing::run;

ip_list with(xff_rule rule) {
  ip_list list;
  list.xff = rule;
  return list;
}

TEST(ip_list, shows_its_examples_truly) {
  for (const example& shown : ip_list::examples) {
    const testing::transformed done = run(ip_list{}, shown.in);
    EXPECT_EQ(done.text, shown.out);
    EXPECT_EQ(done.outcome, shown.outcome) << shown.in;
  }
}

TEST(ip_list, reduces_every_hop) {
  ip_list list;
  list.position.truncate.ipv6_kept_bits = 48;
  EXPECT_EQ(run(list, "203.0.113.195, 2001:db8:85a3::8a2e:370:7334, unknown, 198.51.100.23:4711").text,
            "203.0.113.0, 2001:db8:85a3::, unknown, 198.51.100.0:0");
  EXPECT_EQ(run(list, "evil\"\n<script>, 203.0.113.195").text, "-, 203.0.113.0");
  EXPECT_EQ(run(list, "203.0.113.195").text, "203.0.113.0");
  EXPECT_EQ(run(list, "203.0.113.195 198.51.100.23").text, "-");
  EXPECT_EQ(run(list, "\"203.0.113.195\",mail.example.org").text, "203.0.113.0,-");
}

TEST(ip_list, reproduces_commas_and_the_number_of_blanks) {
  EXPECT_EQ(run(ip_list{}, "  1.2.3.4\t ,\t5.6.7.8,,  ,9.9.9.9 ").text, "  1.2.3.0  , 5.6.7.0,,  ,9.9.9.0 ");
  EXPECT_EQ(run(ip_list{}, ",").text, ",");
  EXPECT_EQ(run(ip_list{}, " \t ").text, "   ");
  EXPECT_EQ(run(ip_list{}, " -, -").text, " -, -");
}

TEST(ip_list, writes_one_element_where_the_policy_says_so) {
  EXPECT_EQ(run(with(xff_rule::first), "1.2.3.4, evil,, - ,5.6.7.8:99").text, "1.2.3.0, unknown,, unknown ,unknown");
  EXPECT_EQ(run(with(xff_rule::last), "1.2.3.4, evil,, - ,5.6.7.8:99").text, "unknown, unknown,, unknown ,5.6.7.0:0");
  EXPECT_EQ(run(with(xff_rule::first), " ,1.2.3.4,5.6.7.8").text, " ,1.2.3.0,unknown");
  EXPECT_EQ(run(with(xff_rule::last), "1.2.3.4,5.6.7.8, ,").text, "unknown,5.6.7.0, ,");
  EXPECT_EQ(run(with(xff_rule::first), "1.2.3.4").text, "1.2.3.0");
  EXPECT_EQ(run(with(xff_rule::last), "1.2.3.4").text, "1.2.3.0");
  EXPECT_EQ(run(with(xff_rule::last), ",").text, ",");
}

TEST(ip_list, is_one_dash_in_mode_drop) {
  ip_list list;
  list.position.mode = ip_mode::drop;
  EXPECT_EQ(run(list, "1.2.3.4, ::1, unknown").text, "-");
  EXPECT_EQ(run(list, "::1").outcome, outcome::dropped);
}

TEST(ip_list, gives_each_hop_its_pseudonym) {
  ip_list list;
  list.position.mode = ip_mode::token;
  EXPECT_EQ(run(list, "203.0.113.195, ::ffff:203.0.113.195, ::1").text,
            "ip-f64ezhjhlpjkustu, ip-f64ezhjhlpjkustu, ::1");
  EXPECT_EQ(run(list, "203.0.113.195, 1.2.3.4", nullptr).text, "-, -");
}

TEST(ip_list, keeps_its_number_of_elements_and_its_alphabet_whatever_comes) {
  std::mt19937_64 random(9);
  constexpr std::string_view alphabet = "0123456789abf:.:.,, \t\"\\\0\xff-x"sv;
  const auto commas = [](const std::string& text) { return std::count(text.begin(), text.end(), ','); };
  for (int i = 0; i < 50000; ++i) {
    std::string value(1 + random() % 60, 0);
    for (char& c : value) c = alphabet[random() % alphabet.size()];
    if (random() % 2) value += ",1.2.3.4";
    const ip_list list = with(static_cast<xff_rule>(random() % 3));
    const std::string text = run(list, value).text;
    ASSERT_EQ(commas(text), commas(value));
    ASSERT_EQ(text.find_first_not_of("0123456789abcdefunknow:.[]-, "), std::string::npos) << value;
    ASSERT_EQ(run(list, text).text, text) << value;
  }
}

TEST(ip_list, has_room_for_the_longest_output_of_the_shortest_elements) {
  ip_list list;
  list.position.mode = ip_mode::token;
  list.position.host = host_rule::token;
  list.position.style.symbols = 24;
  std::string value;
  for (int i = 0; i < 2000; ++i) value += "a,";
  EXPECT_NE(run(list, value).text, "OVERFLOWED");
  list.position.mode = ip_mode::ula;
  list.position.keep = keep_set::none();
  value.clear();
  for (int i = 0; i < 2000; ++i) value += i % 2 ? "::," : "::::1,";
  EXPECT_NE(run(list, value).text, "OVERFLOWED");
  EXPECT_EQ(run(with(xff_rule::last), std::string(1 << 18, ',')).text, std::string(1 << 18, ','));
}

}  // namespace
}  // namespace anonlog
