// Words are found again under the rule and the form by which they were kept, and only what was written as it stood is remembered.
#include <gtest/gtest.h>

#include <string>

#include <anonlog/core/recent_words.hpp>

using namespace anonlog;

namespace {

const int one_rule = 0, another_rule = 0;
constexpr std::uint8_t form = 1, another_form = 2;

TEST(recent_words, finds_a_word_again) {
  recent_words words;
  EXPECT_EQ(words.find(&one_rule, form, raw("TLSv1.3")), "");
  words.remember(&one_rule, form, raw("TLSv1.3"), "TLSv1.3");
  EXPECT_EQ(words.find(&one_rule, form, raw("TLSv1.3")), "TLSv1.3");
}

TEST(recent_words, keeps_rules_and_forms_apart) {
  recent_words words;
  words.remember(&one_rule, form, raw("web"), "web");
  EXPECT_EQ(words.find(&another_rule, form, raw("web")), "");
  EXPECT_EQ(words.find(&one_rule, another_form, raw("web")), "");
}

// The two share a place, which its size, its first, middle and last byte choose.
TEST(recent_words, takes_no_word_for_another) {
  recent_words words;
  words.remember(&one_rule, form, raw("abcd-efgh"), "abcd-efgh");
  EXPECT_EQ(words.find(&one_rule, form, raw("axcd-efgh")), "");
  EXPECT_EQ(words.find(&one_rule, form, raw("abcd-efg")), "");
  words.remember(&one_rule, form, raw("axcd-efgh"), "axcd-efgh");
  EXPECT_EQ(words.find(&one_rule, form, raw("axcd-efgh")), "axcd-efgh");
  EXPECT_EQ(words.find(&one_rule, form, raw("abcd-efgh")), "");
}

TEST(recent_words, remembers_nothing_that_was_written_otherwise) {
  recent_words words;
  words.remember(&one_rule, form, raw("a,b"), "a, -");
  words.remember(&one_rule, form, raw(""), "");
  const std::string longer(64, 'a');
  words.remember(&one_rule, form, raw(longer), longer);
  EXPECT_EQ(words.find(&one_rule, form, raw("a,b")), "");
  EXPECT_EQ(words.find(&one_rule, form, raw("")), "");
  EXPECT_EQ(words.find(&one_rule, form, raw(longer)), "");
}

}  // namespace
