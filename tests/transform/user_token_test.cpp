// tests/transform/user_token_test.cpp: what anonlog/transform/user_token.hpp promises.
#include <anonlog/transform/user_token.hpp>

#include <gtest/gtest.h>

#include "transform/token_properties.hpp"

namespace anonlog {
namespace {

using testing::run;

constexpr std::string_view alice = "u-5jj7gc7miyixhgps";      // SPEC 3.3.6
constexpr std::string_view alice_doe = "e-tpp5nih7gpmciccv";  // alice.doe@example.com

TEST(user_token, keeps_its_examples) { testing::expect_examples<user_token>(); }

// A090 to A092 and A209 of the acceptance cases.
TEST(user_token, gives_the_tokens_of_the_specification) {
  EXPECT_EQ(run(user_token{}, "alice").text, alice);
  EXPECT_EQ(run(user_token{}, "Alice").text, "u-cii6hnq73ced7ax4");
  EXPECT_EQ(run(user_token{}, "Alice.Doe@Example.COM").text, alice_doe);
  EXPECT_EQ(run(user_token{}, "<Alice.Doe@example.com>").text, alice_doe);
}

TEST(user_token, does_not_count_blanks_around_a_name) {
  EXPECT_EQ(run(user_token{}, " alice\t").text, alice);
  EXPECT_EQ(run(user_token{}, "a b").text, "u-zsl3d6ekacsaixhz");
}

TEST(user_token, gives_an_address_the_token_it_has_in_an_email_field) {
  for (std::string_view address : {"alice.doe@example.com", " ALICE.doe@example.com ", "<alice.doe@Example.com>",
                                   "alice.doe\xEF\xBC\xA0" "example.com", "bob@localhost",
                                   "jos\xC3\xA9@b\xC3\xBC" "cher.example"}) {
    EXPECT_EQ(run(user_token{}, address).text, run(email_token{}, address).text) << address;
    EXPECT_TRUE(run(user_token{}, address).text.starts_with("e-")) << address;
  }
}

TEST(user_token, takes_what_is_no_whole_address_as_a_name) {
  EXPECT_EQ(run(user_token{}, "alice@example.com.").text, "u-nax27phbeuecle6i");
  EXPECT_EQ(run(user_token{}, "alice.doe@").text, "u-2bxlweetpkhcjexa");
  EXPECT_EQ(run(user_token{}, "<alice>").text, "u-v5igsnh2acfxc4v5");  // brackets go from addresses only
}

TEST(user_token, folds_case_when_told) {
  const user_token fold{.match = user_token::letter_case::fold};
  for (std::string_view spelling : {"alice", "Alice", "ALICE"}) EXPECT_EQ(run(fold, spelling).text, alice);
}

TEST(user_token, passes_the_options_of_class_email_on) {
  const user_token strip{.email = {.fold_local = true, .strip_plus = true}};
  EXPECT_EQ(run(strip, "alice.doe+x@example.com").text, alice_doe);
  const user_token exact{.email = {.fold_local = false, .strip_plus = false}};
  EXPECT_EQ(run(exact, "Alice.Doe@example.com").text, "e-5pi5rcy5g2za4pza");
}

TEST(user_token, is_a_dash_for_the_empty_name_of_apache_and_for_blanks) {
  for (name_rule rule : {name_rule::token, name_rule::keep, name_rule::drop})
    for (std::string_view nothing : {"\"\"", " \"\" ", " ", "\t"})
      EXPECT_EQ(run(user_token{.rule = rule}, nothing).text, "-");
  EXPECT_NE(run(user_token{}, "\"").text, "-");
}

TEST(user_token, lets_nothing_else_through) { testing::expect_tokens_or_nothing(user_token{}, {"u", "e"}); }

TEST(user_token, drops_or_keeps_when_the_policy_says_so) {
  const user_token drop{.rule = name_rule::drop}, keep{.rule = name_rule::keep, .email_rule = name_rule::keep};
  for (const std::string& value : testing::hostile_values(500)) EXPECT_EQ(run(drop, value).text, "-");
  EXPECT_EQ(run(keep, "alice").text, "alice");
  EXPECT_EQ(run(keep, "alice").outcome, outcome::kept);
  EXPECT_EQ(run(keep, "a b\"\\\x01\xFF").text, "a%20b%22%5C%01%FF");
  EXPECT_EQ(run(keep, "alice.doe@example.com").text, "alice.doe@example.com");
}

TEST(user_token, gives_an_address_the_stricter_of_the_rules_of_both_classes) {
  using enum name_rule;
  const auto of = [](name_rule user, name_rule email) {
    return run(user_token{.rule = user, .email_rule = email}, "alice.doe@example.com").text;
  };
  EXPECT_EQ(of(keep, token), alice_doe);
  EXPECT_EQ(of(token, keep), alice_doe);
  EXPECT_EQ(of(token, drop), "-");
  EXPECT_EQ(of(drop, keep), "-");
  EXPECT_EQ(of(keep, drop), "-");
  EXPECT_EQ(run(user_token{.rule = token, .email_rule = drop}, "alice").text, alice);
}

TEST(user_token, lets_tokens_pass_only_when_they_are_accepted_and_its_class_can_make_them) {
  const token_style accept{.accept_tokens = true};
  EXPECT_EQ(run(user_token{.style = accept}, alice).text, alice);
  EXPECT_EQ(run(user_token{.style = accept}, alice_doe).text, alice_doe);
  EXPECT_EQ(run(user_token{.style = accept}, alice_doe).outcome, outcome::kept);
  EXPECT_NE(run(user_token{.style = accept}, "s-5jj7gc7miyixhgps").text, "s-5jj7gc7miyixhgps");
  EXPECT_NE(run(user_token{.email_rule = name_rule::drop, .style = accept}, alice_doe).text, alice_doe);
  EXPECT_NE(run(user_token{}, alice).text, alice);
  EXPECT_EQ(run(user_token{.rule = name_rule::drop, .style = accept}, alice).text, "-");
}

TEST(user_token, follows_the_token_length_of_the_policy) {
  EXPECT_EQ(run(user_token{.style = {.symbols = 8}}, "alice").text, "u-5jj7gc7m");
  EXPECT_EQ(run(user_token{.style = {.symbols = 24}}, "alice").text, "u-5jj7gc7miyixhgps3smurcbw");
}

}  // namespace
}  // namespace anonlog
