// tests/transform/email_token_test.cpp: what anonlog/transform/email_token.hpp promises.
#include <anonlog/transform/email_token.hpp>

#include <gtest/gtest.h>

#include "transform/token_properties.hpp"

namespace anonlog {
namespace {

using testing::run;

constexpr std::string_view alice = "e-tpp5nih7gpmciccv";  // alice.doe@example.com, SPEC 3.3.6

TEST(email_token, keeps_its_examples) { testing::expect_examples<email_token>(); }

TEST(email_token, is_one_for_every_spelling_of_an_address) {
  for (std::string_view spelling :
       {"alice.doe@example.com", "Alice.Doe@Example.COM", "alice.doe@example.com.", " <alice.doe@example.com.> ",
        "\talice.doe@example.com\t", "<ALICE.DOE@EXAMPLE.COM>", "alice.doe\xEF\xBC\xA0" "example.com"})
    EXPECT_EQ(run(email_token{}, spelling).text, alice) << spelling;
  for (std::string_view other : {"alice.doe+news@example.com", "alicedoe@example.com", "alice.doe@example.com..",
                                 "<<alice.doe@example.com>>", "alice.doe@example.co"})
    EXPECT_NE(run(email_token{}, other).text, alice) << other;
}

// A094 of the acceptance cases.
TEST(email_token, keeps_or_strips_the_plus_part_as_told) {
  EXPECT_EQ(run(email_token{}, "alice.doe+news@example.com").text, "e-4gkye3tgk7xai3jd");
  const email_token strip{.options = {.strip_plus = true}};
  EXPECT_EQ(run(strip, "alice.doe+news@example.com").text, alice);
  EXPECT_EQ(run(strip, "alice.doe+a+b@example.com").text, alice);
  EXPECT_EQ(run(strip, "alice.doe@example.com").text, alice);
  EXPECT_EQ(run(strip, "+news@example.com").text, "-");
}

TEST(email_token, folds_the_case_of_the_local_part_unless_told_otherwise) {
  const email_token exact{.options = {.fold_local = false}};
  EXPECT_EQ(run(exact, "Alice.Doe@EXAMPLE.com").text, "e-5pi5rcy5g2za4pza");
  EXPECT_EQ(run(exact, "alice.doe@Example.com").text, alice);
}

TEST(email_token, divides_at_the_last_at_sign) {
  EXPECT_EQ(run(email_token{}, "a@b@Example.com").text, "e-urubjchgdvuaxer2");
  EXPECT_EQ(run(email_token{}, "a@b\xEF\xBC\xA0" "example.com").text, "e-urubjchgdvuaxer2");
}

TEST(email_token, leaves_bytes_beyond_ascii_as_they_are) {
  EXPECT_EQ(run(email_token{}, "jos\xC3\xA9@b\xC3\xBC" "cher.example").text, "e-xdt32vbeidw7brpd");
  EXPECT_NE(run(email_token{}, "JOS\xC3\x89@b\xC3\xBC" "cher.example").text, "e-xdt32vbeidw7brpd");
}

TEST(email_token, is_a_dash_for_what_is_no_address) {
  for (std::string_view other : {"alice", "@example.com", "alice@", "@", "<>", "<alice>", "alice@.", " ", "<@>"}) {
    EXPECT_EQ(run(email_token{}, other).text, "-") << other;
    EXPECT_EQ(run(email_token{}, other).outcome, outcome::unreadable) << other;
  }
}

TEST(email_token, lets_nothing_else_through) { testing::expect_tokens_or_nothing(email_token{}, {"e"}); }

TEST(email_token, drops_or_keeps_when_the_policy_says_so) {
  const email_token drop{.rule = name_rule::drop}, keep{.rule = name_rule::keep};
  EXPECT_EQ(run(drop, "alice@example.com").text, "-");
  EXPECT_EQ(run(drop, "alice@example.com").outcome, outcome::dropped);
  EXPECT_EQ(run(keep, "alice@example.com").text, "alice@example.com");
  EXPECT_EQ(run(keep, "alice@example.com").outcome, outcome::kept);
  EXPECT_EQ(run(keep, "a\"b\\ c\xFF\n@d").text, "a%22b%5C%20c%FF%0A@d");
  EXPECT_EQ(run(keep, "  ").text, "-");
}

TEST(email_token, lets_email_tokens_pass_only_when_they_are_accepted) {
  EXPECT_EQ(run(email_token{.style = {.accept_tokens = true}}, alice).text, alice);
  EXPECT_EQ(run(email_token{.style = {.accept_tokens = true}}, "u-tpp5nih7gpmciccv").text, "-");
  EXPECT_EQ(run(email_token{}, alice).text, "-");
  EXPECT_EQ(run(email_token{.rule = name_rule::drop, .style = {.accept_tokens = true}}, alice).text, "-");
}

}  // namespace
}  // namespace anonlog
