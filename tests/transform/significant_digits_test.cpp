// tests/transform/significant_digits_test.cpp: the first digits stay where they are, nothing is rounded.
#include <anonlog/transform/significant_digits.hpp>

#include <random>
#include <string>

#include <gtest/gtest.h>

#include <support.hpp>

namespace anonlog {
namespace {

std::string sig(std::string_view text, unsigned digits = 2) {
  return testing::run(significant_digits{.digits = digits}, text, nullptr).text;
}

std::string random_number(std::mt19937_64& random) {
  std::string text;
  const auto add_digits = [&](std::uint64_t count) {
    for (; count > 0; --count) text += static_cast<char>('0' + (random() % 3 ? random() % 10 : 0));
  };
  add_digits(1 + random() % 12);
  if (random() % 2) {
    text += '.';
    add_digits(1 + random() % 8);
  }
  return text;
}

TEST(significant_digits, does_what_its_examples_say) {
  for (const example& e : significant_digits::examples) {
    const testing::transformed got = testing::run(significant_digits{}, e.in);
    EXPECT_EQ(got.text, e.out) << e.in;
    EXPECT_EQ(got.outcome, e.outcome) << e.in;
  }
}

TEST(significant_digits, keeps_the_first_and_zeroes_or_cuts_the_rest) {
  EXPECT_EQ(sig("999"), "990");
  EXPECT_EQ(sig("7"), "7");
  EXPECT_EQ(sig("0"), "0");
  EXPECT_EQ(sig("12.345"), "12");
  EXPECT_EQ(sig("1.234"), "1.2");
  EXPECT_EQ(sig("0.000"), "0.000");
  EXPECT_EQ(sig("8765432", 1), "8000000");
  EXPECT_EQ(sig("1234.5"), "1200");
  EXPECT_EQ(sig("0.0100"), "0.010");
  EXPECT_EQ(sig("10.00"), "10");
  EXPECT_EQ(sig("1.000", 1), "1");
  EXPECT_EQ(sig("007"), "007");
  EXPECT_EQ(sig("00789"), "00780");
  EXPECT_EQ(sig("00.0789", 1), "00.07");
  EXPECT_EQ(sig("12345678901234567890123456789", 20), "12345678901234567890000000000");
}

TEST(significant_digits, keeps_numbers_as_they_are_at_zero_digits) {
  const testing::transformed got = testing::run(significant_digits{.digits = 0}, "123.4560, 7 : -");
  EXPECT_EQ(got.text, "123.4560, 7 : -");
  EXPECT_EQ(got.outcome, outcome::kept);
  EXPECT_EQ(sig("twelve", 0), "-");
  EXPECT_EQ(sig("12 twelve", 0), "12 -");
}

TEST(significant_digits, takes_lists_apart_at_commas_and_blanks) {
  EXPECT_EQ(sig("0.0123, 0.0345 : -"), "0.012, 0.034 : -");
  EXPECT_EQ(sig("999,888"), "990,880");
  EXPECT_EQ(sig("999 : 888"), "990 : 880");
  EXPECT_EQ(sig("999:888"), "-");
  EXPECT_EQ(sig("999,\t888"), "990,-");
  EXPECT_EQ(sig(" , :"), " , :");
}

TEST(significant_digits, writes_a_dash_for_what_is_no_number) {
  for (const char* text :
       {"1.", ".5", ".", "-5", "+5", "1e5", "1.2.3", "0x10", "12ms", "1..2", "5%", "\x80", "\xd9\xa3"})
    for (unsigned digits : {0u, 1u, 2u, 20u}) {
      const testing::transformed got = testing::run(significant_digits{.digits = digits}, text);
      EXPECT_EQ(got.text, "-") << text;
      EXPECT_EQ(got.outcome, outcome::unreadable) << text;
    }
  EXPECT_EQ(testing::run(significant_digits{}, std::string_view("5\0", 2)).text, "-");
}

TEST(significant_digits, hides_the_digits_behind_the_significant_ones) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 50000; ++i) {
    const unsigned digits = 1 + static_cast<unsigned>(random() % 4);
    std::string a = random_number(random), b = a;
    unsigned seen = 0;
    for (char& c : b) {
      if (c == '.') continue;
      if (seen < digits && (seen > 0 || c != '0')) ++seen;
      else if (seen == digits) c = static_cast<char>('0' + random() % 10);
    }
    ASSERT_EQ(sig(a, digits), sig(b, digits)) << a << " " << b;
  }
}

TEST(significant_digits, changes_nothing_the_second_time) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 50000; ++i) {
    std::string text = random_number(random);
    for (std::uint64_t more = random() % 3; more > 0; --more)
      text += (random() % 2 ? ", " : " : ") + random_number(random);
    for (unsigned digits : {0u, 1u, 2u, 3u}) {
      const std::string once = sig(text, digits);
      ASSERT_EQ(sig(once, digits), once) << text;
      ASSERT_EQ(once.find(". "), std::string::npos) << once;
      ASSERT_FALSE(once.ends_with('.')) << once;
    }
  }
}

TEST(significant_digits, lets_only_digits_and_separators_out) {
  std::mt19937_64 random(3);
  constexpr std::string_view bytes = "0123456789.,: -ex\0\t\n\\\"\xff%";
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    for (std::uint64_t size = 1 + random() % 20; size > 0; --size) text += bytes[random() % bytes.size()];
    const std::string out = sig(text, static_cast<unsigned>(random() % 3));
    ASSERT_EQ(out.find_first_not_of("0123456789.,: -"), std::string::npos) << text;
    ASSERT_LE(out.size(), text.size());
  }
  EXPECT_EQ(sig(std::string(1 << 20, '9')), "99" + std::string((1 << 20) - 2, '0'));
  EXPECT_EQ(sig(std::string(1 << 20, ',')), std::string(1 << 20, ','));
}

}  // namespace
}  // namespace anonlog
