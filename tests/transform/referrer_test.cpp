#include <anonlog/transform/referrer.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

referrer at(referrer_level level) {
  referrer rule;
  rule.level = level;
  rule.own_hosts = {"WWW.Example.com", "own.example:8443"};
  return rule;
}

std::string text(std::string_view in, referrer_level level = referrer_level::origin) { return testing::run(at(level),
    in).text; }

TEST(referrer, does_what_its_examples_say) { testing::expect_examples(referrer{}); }

TEST(referrer, keeps_the_origin) {
  EXPECT_EQ(text("http://example.com:80"), "http://example.com/");
  EXPECT_EQ(text("HTTPS://Example.com:8443\\x"), "https://example.com:8443/");
  EXPECT_EQ(text("https://a@b@evil.example/.."), "https://evil.example/");
  EXPECT_EQ(text("android-app://com.google.android.gm/x"), "android-app://com.google.android.gm/");
  EXPECT_EQ(text("ios-app://1234.example?x"), "ios-app://1234.example/");
  EXPECT_EQ(text("https://xn--mnchen-3ya.example/"), "https://xn--mnchen-3ya.example/");
  EXPECT_EQ(text("http://[2001:db8:1:2::3]/"), "http://[2001:db8::]/");
}

TEST(referrer, is_unreadable_otherwise) {
  for (const std::string_view bad : {"data:text/html;base64,PGI+", "bob@example.com", "http://0xcb.0x00.0x71.0xc3/",
      "http://\"203.0.113.195\"/",
                                     "http://cb0071c3.isp.example/", "https://203_0_113_195.isp.example/",
                                         " http://a.example/", "//a.example/",
                                     "http:/a.example", "http://", "ftp://a.example/", "http://a b/"}) {
    EXPECT_EQ(text(bad), "-") << bad;
    EXPECT_EQ(text(bad, referrer_level::full), "-") << bad;
  }
  EXPECT_EQ(testing::run(at(referrer_level::drop), "http://a.example/").outcome, outcome::dropped);
}

TEST(referrer, shows_the_kind_of_page_on_own_hosts_only) {
  constexpr auto own = referrer_level::own_path;
  EXPECT_EQ(text("https://www.example.com/u/4711/edit?x=1", own), "https://www.example.com/u/:num/edit");
  EXPECT_EQ(text("https://www.example.com:443/a#b", own), "https://www.example.com/a");
  EXPECT_EQ(text("https://www.example.com?x=/1", own), "https://www.example.com/");
  EXPECT_EQ(text("https://www.example.com\\a/b", own), "https://www.example.com/");
  EXPECT_EQ(text("https://own.example:8443/a", own), "https://own.example:8443/a");
  EXPECT_EQ(text("https://own.example/a", own), "https://own.example/");
  EXPECT_EQ(text("https://example.com/a", own), "https://example.com/");
  referrer cut = at(own);
  cut.path_rule.level = path_level::directories;
  EXPECT_EQ(testing::run(cut, "https://www.example.com/a/b").text, "https://www.example.com/a/*");
  cut.path_rule.level = path_level::keep;
  EXPECT_EQ(testing::run(cut, "https://www.example.com/42").text, "https://www.example.com/:num");
}

TEST(referrer, keeps_path_and_query_at_level_full_but_no_fragment_and_no_credentials) {
  constexpr auto full = referrer_level::full;
  EXPECT_EQ(text("https://u:p@A.example/x/42?id=7&token=s#f", full), "https://a.example/x/42?id=7&token=*");
  EXPECT_EQ(text("https://a.example?id=7", full), "https://a.example/?id=7");
  EXPECT_EQ(text("https://a.example/#?id=7", full), "https://a.example/");
}

TEST(referrer, is_idempotent_and_safe) {
  testing::url_inputs inputs(52);
  const referrer_level levels[] = {referrer_level::origin, referrer_level::own_path, referrer_level::full};
  for (int i = 0; i < 20000; ++i) {
    const referrer_level level = levels[inputs.below(3)];
    const std::string in = inputs.one_of({"http://", "https://www.example.com/", "https://x.example",
        "HTTP://u@203.0.113.9/"}) + inputs.text(6);
    const std::string once = text(in, level);
    ASSERT_EQ(once == "-" ? once : text(once, level), once) << in;
    testing::expect_safe(once);
  }
}

// SPEC P1
TEST(referrer, says_nothing_about_path_query_fragment_and_userinfo_at_level_origin) {
  testing::url_inputs inputs(53);
  for (int i = 0; i < 5000; ++i) {
    std::string userinfo = inputs.text(3);
    std::erase_if(userinfo, [](char c) { return std::string_view("/?#\\").find(c) != std::string_view::npos; });
    ASSERT_EQ(text("https://" + userinfo + "@a.example/" + inputs.text(5)), "https://a.example/");
  }
}

}  // namespace
}  // namespace anonlog
