// tests/transform/value_token_test.cpp: what anonlog/transform/value_token.hpp promises.
#include <anonlog/transform/value_token.hpp>

#include <gtest/gtest.h>

#include "transform/token_properties.hpp"

namespace anonlog {
namespace {

using testing::run;

// The value of one query key.
struct keyed_value {
  std::string_view key;
  token_style style;
  outcome apply(raw value, scope& s, writer& out) const noexcept {
    return put_value_token(raw(key), value, s, out, style);
  }
};

TEST(value_token, keeps_its_examples) { testing::expect_examples<value_token>(); }

// A182 and A183 of the acceptance cases.
TEST(value_token, gives_the_tokens_of_the_specification) {
  EXPECT_EQ(run(keyed_value{"id", {}}, "42").text, "x-axqqib6dwyy5w47m");
  EXPECT_EQ(run(keyed_value{"id", {}}, "%34%32").text, "x-axqqib6dwyy5w47m");
}

TEST(value_token, is_one_for_every_encoding_of_a_value) {
  for (std::string_view spelling : {"a+b c", "a%20b+c", "a b%20c", "a%2520b c", "a%252520b%20c"})
    EXPECT_EQ(run(value_token{}, spelling).text, run(value_token{}, "a b c").text) << spelling;
  EXPECT_EQ(run(value_token{}, "a%2Bb%20c").text, "x-ev6ax6yqo7dppq4l");  // an encoded plus is a plus
  EXPECT_EQ(run(keyed_value{"q", {}}, "a+b").text, "x-k5ugxp5oebv2nhuv");
  EXPECT_NE(run(value_token{}, "%25252525").text, run(value_token{}, "%").text);  // three rounds, no more
}

TEST(value_token, differs_by_key) {
  EXPECT_NE(run(keyed_value{"id", {}}, "42").text, run(keyed_value{"page", {}}, "42").text);
  EXPECT_NE(run(keyed_value{"id", {}}, "42").text, run(value_token{}, "42").text);
  EXPECT_NE(run(keyed_value{"i", {}}, "d42").text, run(keyed_value{"id", {}}, "42").text);
}

TEST(value_token, is_a_dash_where_there_are_blanks_only_however_they_are_written) {
  for (std::string_view blank : {" ", "+", "%20", "%2520", "%09+ "})
    EXPECT_EQ(run(value_token{}, blank).text, "-") << blank;
}

TEST(value_token, lets_nothing_else_through) { testing::expect_tokens_or_nothing(value_token{}, {"x"}); }

TEST(value_token, is_a_dash_when_there_is_no_memory_to_decode_it) {
  scratch memory(4);
  tally counts;
  scope s{.keys = &testing::test_keys(), .memory = memory, .counts = counts};
  for (std::string_view value : {"aaaa%20aaaa", "aaaa+aaaa"}) {
    char buffer[64];
    writer out(buffer, sizeof buffer);
    EXPECT_EQ(value_token{}.apply(raw(value), s, out), outcome::unreadable);
    EXPECT_EQ(out.text(), "-");
    EXPECT_EQ(memory.used(), 0U);
  }
}

TEST(value_token, lets_value_tokens_pass_only_when_they_are_accepted) {
  EXPECT_EQ(run(value_token{.style = {.accept_tokens = true}}, "x-axqqib6dwyy5w47m").text, "x-axqqib6dwyy5w47m");
  EXPECT_NE(run(value_token{.style = {.accept_tokens = true}}, "e-axqqib6dwyy5w47m").text, "e-axqqib6dwyy5w47m");
  EXPECT_NE(run(value_token{}, "x-axqqib6dwyy5w47m").text, "x-axqqib6dwyy5w47m");
}

}  // namespace
}  // namespace anonlog
