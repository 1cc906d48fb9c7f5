#include <anonlog/transform/target.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

std::string text(std::string_view in, const target& rule = {}) { return testing::run(rule, in).text; }

TEST(target, does_what_its_examples_say) { testing::expect_examples(target{}); }

TEST(target, is_a_path_with_a_query) {
  EXPECT_EQ(text("/a?"), "/a");
  EXPECT_EQ(text("/a?&&"), "/a");
  EXPECT_EQ(text("/a?x?y=1"), "/a?_=*");
  EXPECT_EQ(text("/a#b?c"), "/a");
  EXPECT_EQ(text("/a?b=1#c"), "/a?b=*");
  EXPECT_EQ(text("*"), "*");
  EXPECT_EQ(text("//evil.example/x"), "//evil.example/x");
}

TEST(target, is_a_url_of_the_web) {
  EXPECT_EQ(text("HTTP://Example.com"), "http://example.com/");
  EXPECT_EQ(text("http://example.com?x"), "http://example.com/?*");
  EXPECT_EQ(text("https://a@b@Example.com:8443/u/42"), "https://example.com:8443/u/:num");
  EXPECT_EQ(text("http://203.0.113.195/"), "http://203.0.113.0/");
}

TEST(target, is_unreadable_otherwise) {
  for (const std::string_view bad : {"users", "#x", "**", "ftp://a.example/", "http:/a", "http:///x",
      "http://a.example\\x", "http://",
                                     "http://203-0-113-195.isp.example/", "mail.example.org:443", " /a", "?a=b",
                                         "android-app://a.b/"}) {
    const auto got = testing::run(target{}, bad);
    EXPECT_EQ(got.text, "-") << bad;
    EXPECT_EQ(got.outcome, outcome::unreadable) << bad;
  }
}

TEST(target, combines_path_and_query_levels) {
  target rule;
  rule.path_rule.level = path_level::drop;
  EXPECT_EQ(text("/a/b?x=1", rule), "/?x=*");
  EXPECT_EQ(text("http://a.example/b", rule), "http://a.example/");
  rule.query_rule.level = query_level::drop;
  EXPECT_EQ(text("/a/b?x=1", rule), "/");
}

TEST(target, is_idempotent_and_safe) {
  testing::url_inputs inputs(49);
  for (int i = 0; i < 20000; ++i) {
    target rule;
    rule.path_rule.level = inputs.below(3) == 0 ? path_level::directories : path_level::template_;
    rule.query_rule.level = inputs.below(2) == 0 ? query_level::keys : query_level::allow;
    const std::string in = inputs.one_of({"/", "http://", "https://a.example", "/a?", "/x/"}) + inputs.text(8);
    const std::string once = text(in, rule);
    ASSERT_EQ(once == "-" ? once : text(once, rule), once) << in;
    testing::expect_safe(once);
  }
}

// SPEC P1
TEST(target, says_nothing_about_userinfo_and_fragment) {
  testing::url_inputs inputs(50);
  for (int i = 0; i < 3000; ++i) {
    std::string userinfo = inputs.text(4);
    std::erase_if(userinfo, [](char c) { return std::string_view("/?#\\").find(c) != std::string_view::npos; });
    ASSERT_EQ(text("http://" + userinfo + "@a.example/x?y=1#" + inputs.text(4)), "http://a.example/x?y=*") << userinfo;
  }
}

}  // namespace
}  // namespace anonlog
