#include <anonlog/transform/email_address.hpp>

#include <string>

#include <gtest/gtest.h>

namespace anonlog {
namespace {

std::string leftmost(std::string_view text) {
  const email_span found = find_email(raw(text), 0);
  return std::string(text.substr(found.from, found.size));
}

TEST(email_address, is_found_wherever_it_stands) {
  EXPECT_EQ(leftmost("bob@example.com"), "bob@example.com");
  EXPECT_EQ(leftmost("to:bob.smith+x@mail.example.com,"), "bob.smith+x@mail.example.com");
  EXPECT_EQ(leftmost("xmpp:bob@jabber"), "bob@jabber");
  EXPECT_EQ(leftmost("logo@2x.png"), "logo@2x.png");
  EXPECT_EQ(leftmost("a@b c@d"), "a@b");
}

TEST(email_address, has_a_domain_that_begins_and_ends_with_an_alphanumeric) {
  EXPECT_EQ(leftmost("bob@example.com."), "bob@example.com");
  EXPECT_EQ(leftmost("bob@example-.-"), "bob@example");
  EXPECT_EQ(leftmost("bob@-example"), "");
  EXPECT_EQ(leftmost("bob@.example"), "");
  EXPECT_EQ(leftmost("bob@"), "");
  EXPECT_EQ(leftmost("@bob"), "");
  EXPECT_EQ(leftmost("x@@bob"), "");
}

TEST(email_address, may_be_written_with_a_full_width_at_sign_and_with_bytes_above_ascii) {
  EXPECT_EQ(leftmost("bob\xEF\xBC\xA0" "example.com"), "bob\xEF\xBC\xA0" "example.com");
  EXPECT_EQ(leftmost("(j\xC3\xBCrgen@m\xC3\xBCnchen.example)"), "j\xC3\xBCrgen@m\xC3\xBCnchen.example");
}

TEST(email_address, takes_at_most_64_bytes_before_the_at_sign) {
  EXPECT_EQ(leftmost(std::string(64, 'a') + "@b"), std::string(64, 'a') + "@b");
  EXPECT_EQ(leftmost(std::string(65, 'a') + "@b"), std::string(64, 'a') + "@b");
  EXPECT_TRUE(is_email(raw(std::string_view("a@b"))));
  const std::string too_long = std::string(65, 'a') + "@b";
  EXPECT_FALSE(is_email(raw(std::string_view(too_long))));
}

TEST(email_address, is_the_whole_value_or_not) {
  for (const std::string_view whole : {"a@b", "a.b+c@d-e.f", "a\xEF\xBC\xA0" "b\xEF\xBC\xA0" "c"})
    EXPECT_TRUE(is_email(raw(whole))) << whole;
  for (const std::string_view part : {"", "a", "a@", "@b", "a@b.", "<a@b>", " a@b", "a@b@c", "a@b "})
    EXPECT_FALSE(is_email(raw(part))) << part;
}

// A quadratic search would run for minutes here.
TEST(email_address, is_searched_in_linear_time) {
  for (const std::string_view piece : {"@", "a", ".", "a@", "@.", "\xEF\xBC\xA0", "a\xEF\xBC\xA0", "a@-", "a@b---"}) {
    std::string text;
    while (text.size() < (1U << 20)) text += piece;
    std::size_t found = 0;
    for (email_span e = find_email(raw(std::string_view(text)), 0); e.size != 0; ++found)
      e = find_email(raw(std::string_view(text)), e.from + e.size);
    EXPECT_LE(found, text.size()) << piece;
  }
}

}  // namespace
}  // namespace anonlog
