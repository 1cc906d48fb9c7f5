// tests/transform/session_token_test.cpp: what anonlog/transform/session_token.hpp promises.
#include <anonlog/transform/session_token.hpp>

#include <gtest/gtest.h>

#include "transform/token_properties.hpp"

namespace anonlog {
namespace {

using testing::run;

TEST(session_token, keeps_its_examples) { testing::expect_examples<session_token>(); }

TEST(session_token, takes_the_bytes_exactly) {
  EXPECT_EQ(run(session_token{}, "abc").text, "s-a4cd2xww4a4xhbj2");
  EXPECT_EQ(run(session_token{}, " abc ").text, "s-rq6daqcslw6awd6n");
  EXPECT_EQ(run(session_token{}, std::string_view("\xff\0x", 3)).text, "s-p5mw2m272gdwfaff");
  EXPECT_NE(run(session_token{}, "ABC").text, run(session_token{}, "abc").text);
}

TEST(session_token, is_a_dash_where_there_are_blanks_only) {
  EXPECT_EQ(run(session_token{}, " \t").text, "-");
  EXPECT_EQ(run(session_token{}, " \t").outcome, outcome::unreadable);
}

TEST(session_token, lets_nothing_else_through) { testing::expect_tokens_or_nothing(session_token{}, {"s"}); }

TEST(session_token, lets_session_tokens_pass_only_when_they_are_accepted) {
  const session_token accepting{.style = {.accept_tokens = true}};
  EXPECT_EQ(run(accepting, "s-a4cd2xww4a4xhbj2").text, "s-a4cd2xww4a4xhbj2");
  EXPECT_NE(run(accepting, "x-a4cd2xww4a4xhbj2").text, "x-a4cd2xww4a4xhbj2");
  EXPECT_NE(run(session_token{}, "s-a4cd2xww4a4xhbj2").text, "s-a4cd2xww4a4xhbj2");
}

}  // namespace
}  // namespace anonlog
