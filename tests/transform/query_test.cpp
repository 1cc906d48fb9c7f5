#include <anonlog/transform/query.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

std::string text(std::string_view in, query_level level = query_level::allow) {
  query rule;
  rule.level = level;
  return testing::run(rule, in).text;
}

TEST(query, does_what_its_examples_say) { testing::expect_examples(query{}); }

TEST(query, keeps_the_mark_it_came_with) {
  EXPECT_EQ(text("?a=1"), "?a=*");
  EXPECT_EQ(text("a=1"), "a=*");
  EXPECT_EQ(text("?"), "");
  EXPECT_EQ(text("&&"), "-");
  EXPECT_EQ(text("a=1#b=2"), "a=*");
  EXPECT_EQ(text("a=1", query_level::drop), "-");
  EXPECT_EQ(text("?a=1", query_level::drop), "");
}

TEST(query, writes_a_star_for_every_value_at_level_keys) {
  EXPECT_EQ(text("utm_source=news&page=&x&a=b=c&%75tm_medium=1", query_level::keys),
      "utm_source=*&page=*&*&a=*&utm_medium=*");
}

TEST(query, allows_harmless_values_of_listed_keys) {
  EXPECT_EQ(text("utm_source=news&page=12&lang=pt-BR&utm_medium=2026"),
      "utm_source=news&page=12&lang=pt-BR&utm_medium=2026");
  EXPECT_EQ(text("utm_source=%6Eews&%75tm_source=%256eews"), "utm_source=news&utm_source=news");
  EXPECT_EQ(text("UTM_SOURCE=news&utm_source=a+b&utm_source="), "UTM_SOURCE=*&utm_source=*&utm_source=*");
  EXPECT_EQ(text("page=12345&page=a&page=1.2"), "page=*&page=*&page=*");
  EXPECT_EQ(text("lang=d&lang=deut&lang=de_1996&lang=de-x&lang=de-123456&lang=de-a-b&lang=d3"),
            "lang=*&lang=*&lang=de_1996&lang=*&lang=*&lang=*&lang=*");
  for (const std::string_view value : {"bob%40example.com", "12345", "2026-01-31", "deadbeef01", "203.0.113.195",
      "a_123456",
                                       "abcdefghijklmnopqrstuvwxyzabcdefg", "aB3aB3aB3aB3aB3g", "%25252541"})
    EXPECT_EQ(text("utm_campaign=" + std::string(value)), "utm_campaign=*") << value;
  query own;
  own.allow = {"email", "sort"};
  EXPECT_EQ(testing::run(own, "email=x&sort=up&page=1").text, "email=*&sort=up&page=*");
  own.allow_sensitive = {"email"};
  EXPECT_EQ(testing::run(own, "email=x&sort=up&page=1").text, "email=x&sort=up&page=*");
}

TEST(query, hashes_values_but_no_credentials) {
  EXPECT_EQ(text("id=42&token=abc&id=%34%32&id=&x", query_level::hash),
      "id=x-axqqib6dwyy5w47m&token=*&id=x-axqqib6dwyy5w47m&id=*&*");
  query rule;
  rule.level = query_level::hash;
  EXPECT_EQ(testing::run(rule, "id=42", nullptr).text, "id=-");
}

TEST(query, writes_all_but_sensitive_values_at_level_full) {
  EXPECT_EQ(text("id=4 2&user[password]=x&PIN=1&bare&a@b=c&e=", query_level::full),
      "id=4%202&user[password]=*&PIN=*&*&_=*&e=*");
}

TEST(query, hides_the_value_of_a_key_that_cannot_be_written) {
  for (const std::string_view key : {"+password", "password%20", "%252525252570assword", "pass%00word", "", "1", "a@b",
                                     "a;token", "pass%C2%ADword", "abcdefghijklmnopqrstuvwxyzabcdefg"})
    for (const query_level level : {query_level::keys, query_level::allow, query_level::hash, query_level::full})
      EXPECT_EQ(text("b=&" + std::string(key) + "=hunter2", level), "b=*&_=*") << key;
}

TEST(query, hides_a_value_that_carries_a_sensitive_item) {
  for (const std::string_view value :
       {"1;token=s3cret", "1%3Btoken=s3cret", "1%25253B%74oken%253Ds3cret", "1;b=2;user[PASSWORD]=x", ";pin=1",
        "1;+token=s3cret", "1;%20token=s3cret", "1;tok%00en=s3cret", "1;=s3cret"})
    EXPECT_EQ(text("a=" + std::string(value), query_level::full), "a=*") << value;
  EXPECT_EQ(text("a=text/html;charset=utf-8;q&b=token=1;c", query_level::full),
            "a=text/html;charset=utf-8;q&b=token=1;c");
  query own;
  own.level = query_level::full;
  own.allow_sensitive = {"email"};
  EXPECT_EQ(testing::run(own, "a=1;email=x&b=1;mail=x").text, "a=1;email=x&b=*");
}

TEST(query, is_idempotent_and_safe) {
  testing::url_inputs inputs(46);
  const query_level levels[] = {query_level::drop, query_level::keys, query_level::allow, query_level::full};
  for (int i = 0; i < 40000; ++i) {
    std::string in = inputs.below(2) == 0 ? "?" : "x";
    for (std::size_t items = inputs.below(4); items > 0; --items)
      in += inputs.one_of({"utm_source=", "%75tm_medium=", "page=", "lang=", "q=", "", "a[", "=", "x=1;", "x=;pin="}) +
          inputs.text(3) + "&";
    const query_level level = levels[inputs.below(4)];
    const std::string once = text(in, level);
    ASSERT_EQ(once == "-" || once.empty() ? once : text(once, level), once) << in;
    testing::expect_safe(once);
    ASSERT_NE(once, "OVERFLOWED") << in;
  }
}

// SPEC P1
TEST(query, says_nothing_about_values) {
  testing::url_inputs inputs(47);
  for (int i = 0; i < 5000; ++i) {
    std::string a = inputs.text(4), b = inputs.text(4);
    for (std::string* const value : {&a, &b}) std::erase_if(*value, [](char c) { return c == '&' || c == '#'; });
    ASSERT_EQ(text("?id=" + a + "&x=1"), text("?id=" + b + "&x=1"));
    ASSERT_EQ(text("utm_source=" + a + "%40", query_level::keys), text("utm_source=" + b, query_level::keys));
    ASSERT_EQ(text("password=" + a, query_level::full), text("password=" + b, query_level::full));
  }
}

TEST(query, never_lets_a_planted_address_through) {
  testing::url_inputs inputs(48);
  const std::string_view canary = "canary@example.org";
  for (int i = 0; i < 5000; ++i)
    for (unsigned rounds = 0; rounds <= 4; ++rounds) {
      const std::string planted = inputs.percent_encoded(canary, rounds, true);
      for (const std::string& in : {"utm_source=" + planted, planted, planted + "=1", "page=" + inputs.text(1) + "&x[" +
          planted + "]="})
        ASSERT_EQ(text(in).find("canary"), std::string::npos) << in;
    }
}

TEST(query, is_bounded_in_hostile_text) {
  for (const std::string_view piece : {"&", "=", "=&", "=1&", "a&", "%", "%25", "[", "+", "a=1&", "a=1;", ";", ";a="}) {
    std::string in;
    while (in.size() < (1U << 16)) in += piece;
    for (const query_level level : {query_level::keys, query_level::allow, query_level::hash, query_level::full})
      EXPECT_NE(text(in, level), "OVERFLOWED") << piece;
  }
}

}  // namespace
}  // namespace anonlog
