// What is answered at once is what all the rules answer, counts included.
#include <anonlog/transform/scrub_words.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support.hpp"

namespace anonlog {
namespace {

struct by_all_rules {
  outcome apply(raw word, scope& s, writer& out) const {
    const text_map places(word.begin(), word.size(), false, s.map_text, s.memory);
    const target rule;
    scrub_words(word, places, rule, "%22").put_word(word, s, out);
    return outcome::reduced;
  }
};

struct quickly {
  mutable bool is_answered = false;
  outcome apply(raw word, scope& s, writer& out) const {
    is_answered = put_quick_word(word, character_profile::of(word), s, out);
    return outcome::reduced;
  }
};

// True if it is answered at once.
bool is_quick(const std::string& word) {
  const quickly quick;
  const testing::transformed answer = testing::run(quick, word);
  if (!quick.is_answered) {
    EXPECT_EQ(answer.text, "") << word;
    return false;
  }
  const testing::transformed wanted = testing::run(by_all_rules{}, word);
  EXPECT_EQ(answer.text, wanted.text) << word;
  EXPECT_EQ(answer.counts.counts, wanted.counts.counts) << word;
  return true;
}

TEST(quick_word, answers_the_frequent_shapes) {
  for (const char* const word : {"203.0.113.195", "203.0.113.195,", "(203.0.113.195),", "203.0.113.195:4711", "2001:db8::1", "10:11:12", "2001:db8::203.0.113.195", "bob@example.com", "(bob.b+x@mail.example.com)",
                                 "1234567", "deadbeef1", "[203.0.113.195]", "[203.0.113.195],", "0.2577181", "(1234567.1234567),", "1234567.", "1.5", "id=1234567", "peer=203.0.113.195", "peer=2001:db8::7,"})
    EXPECT_TRUE(is_quick(word)) << word;
}

TEST(quick_word, leaves_the_rest_to_the_rules) {
  for (const char* const word : {"word", "12345", "bob@example.com/x", "%62ob@example.com", "to=bob@example.com", "eyJ.a@b.c", "password=1234567", "a-203.0.113.195", "203.0.113.195.", "xxxxxxxxxxxxxxxxxxxx=1234567",
                                 "Ab=1234567", "[203.0.113.195]:80", "[::1]", "[2001:db8::1]", "x=", "=1", ",", "()", "DeadBeef12"})
    EXPECT_FALSE(is_quick(word)) << word;
}

TEST(quick_word, agrees_with_the_rules_for_random_words) {
  constexpr const char* pieces[] = {"203", ".", "0", "113", ":", "::", "2001", "db8", "a", "f", "B", "J", "@", "example.com", "bob", "=", "id", "key", "(", ")", "[", "]", ",", "-", "_", "+", "1234567", "dead", "beef", "eyJ", "203.0.113.7", "x"};
  std::mt19937_64 random(3);
  unsigned answered = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string word;
    for (std::size_t count = 1 + random() % 7; count-- > 0;) word += pieces[random() % std::size(pieces)];
    answered += is_quick(word);
  }
  EXPECT_GT(answered, 5000u);
}

}  // namespace
}  // namespace anonlog
