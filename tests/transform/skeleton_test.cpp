#include <anonlog/transform/skeleton.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

std::string text(std::string_view in) { return testing::run(skeleton{}, in).text; }

TEST(skeleton, does_what_its_examples_say) { testing::expect_examples(skeleton{}); }

TEST(skeleton, makes_one_letter_of_a_word_and_one_blank_of_control_bytes) {
  EXPECT_EQ(text("caf\xC3\xA9_1\xFF z"), "x x");
  EXPECT_EQ(text(std::string_view("a\0\x7F\r\n\tb", 7)), "x x");
  EXPECT_EQ(text("a  b\t c"), "x  x  x");
  EXPECT_EQ(text("--\\x41"), "--\\x");
}

// SPEC P1
TEST(skeleton, says_nothing_about_words_and_their_lengths) {
  testing::url_inputs inputs(57);
  for (int i = 0; i < 2000; ++i) {
    std::string line, expected;
    for (int words = 0; words < 300; ++words) {
      line += inputs.letters("abcXYZ019_\xC3\xA9", 1 + inputs.below(9)) + ". ";
      expected += "x. ";
    }
    ASSERT_EQ(text(line), expected.substr(0, 512));
  }
}

TEST(skeleton, holds_no_letter_but_x_and_no_digit) {
  testing::url_inputs inputs(58);
  for (int i = 0; i < 5000; ++i)
    for (const char each : text(inputs.text(20))) {
      const auto c = static_cast<unsigned char>(each);
      ASSERT_TRUE(c == 'x' || (c >= 0x20 && c < 0x7F && !is_alphanumeric(c) && c != '_'));
    }
}

}  // namespace
}  // namespace anonlog
