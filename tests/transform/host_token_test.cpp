// tests/transform/host_token_test.cpp: what anonlog/transform/host_token.hpp promises.
#include <anonlog/transform/host_token.hpp>

#include <gtest/gtest.h>

#include "transform/token_properties.hpp"

namespace anonlog {
namespace {

using testing::run;

constexpr host_token tokens{.rule = host_rule::token, .style = {}};

TEST(host_token, keeps_its_examples) { testing::expect_examples<host_token>(); }

// A050 and A059 of the acceptance cases.
TEST(host_token, gives_the_tokens_of_the_specification) {
  EXPECT_EQ(run(tokens, "Host-203-0-113-195.ISP.example.").text, "h-6uzwjqhdv5kjuore");
  EXPECT_EQ(run(tokens, "_SEVKISEK").text, "h-stoiz66zhccia6z5");
}

TEST(host_token, is_one_for_every_spelling_of_a_host) {
  for (std::string_view spelling : {"abc.example", "ABC.Example", "abc.example.", " abc.example", "\tABC.EXAMPLE. "})
    EXPECT_EQ(run(tokens, spelling).text, "h-bcuoy3hvei4fnokx") << spelling;
  for (std::string_view other : {"abc.example..", ".abc.example", "abc.exampl", "abc. example"})
    EXPECT_NE(run(tokens, other).text, "h-bcuoy3hvei4fnokx") << other;
}

TEST(host_token, drops_host_names_unless_told_otherwise) {
  for (const std::string& value : testing::hostile_values()) {
    EXPECT_EQ(run(host_token{}, value).text, "-");
    EXPECT_EQ(run(host_token{}, value).outcome, outcome::dropped);
  }
}

TEST(host_token, is_a_dash_where_no_name_is_left) {
  for (std::string_view nothing : {" ", ".", " . ", "\t", " \t."}) {
    EXPECT_EQ(run(tokens, nothing).text, "-") << nothing;
    EXPECT_EQ(run(tokens, nothing).outcome, outcome::unreadable);
  }
}

TEST(host_token, lets_nothing_else_through) { testing::expect_tokens_or_nothing(tokens, {"h"}); }

TEST(host_token, lets_host_tokens_pass_only_when_they_are_accepted) {
  const host_token accepting{.rule = host_rule::token, .style = {.accept_tokens = true}};
  EXPECT_EQ(run(accepting, "h-6uzwjqhdv5kjuore").text, "h-6uzwjqhdv5kjuore");
  EXPECT_EQ(run(accepting, "h-6uzwjqhdv5kjuore").outcome, outcome::kept);
  EXPECT_NE(run(accepting, "u-6uzwjqhdv5kjuore").text, "u-6uzwjqhdv5kjuore");
  EXPECT_NE(run(tokens, "h-6uzwjqhdv5kjuore").text, "h-6uzwjqhdv5kjuore");
  EXPECT_EQ(run(host_token{.rule = host_rule::drop, .style = {.accept_tokens = true}}, "h-6uzwjqhdv5kjuore").text, "-");
}

}  // namespace
}  // namespace anonlog
