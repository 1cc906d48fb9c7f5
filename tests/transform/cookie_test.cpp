#include <anonlog/transform/cookie.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

cookie at(cookie_level level) {
  cookie rule;
  rule.level = level;
  rule.session_names = {"sid", "SESSION"};
  return rule;
}
std::string names(std::string_view in) { return testing::run(at(cookie_level::names), in).text; }
std::string sessions(std::string_view in) { return testing::run(at(cookie_level::session), in).text; }

TEST(cookie, does_what_its_examples_say) { testing::expect_examples(cookie{}); }

TEST(cookie, keeps_names_that_are_words) {
  EXPECT_EQ(names("sid=abc; theme=dark; bob@example.com"), "sid=*; theme=*; _");
  EXPECT_EQ(names("sid=abc;; b@x=1"), "sid=*; _");
  EXPECT_EQ(names("  a = 1 ;\tb=2\t;=3;c=;x123456=1"), "_; b=*; _; c=*; _");
  EXPECT_EQ(names("%73id=1;%62ob%40x=2"), "sid=*; _");
  EXPECT_EQ(names(" ; ;"), "-");
}

TEST(cookie, turns_listed_sessions_into_tokens) {
  EXPECT_EQ(sessions("theme=dark; sid=abc;SESSION=abc"), "sid=s-a4cd2xww4a4xhbj2; SESSION=s-a4cd2xww4a4xhbj2");
  EXPECT_EQ(sessions("Sid=abc; sid; xsid=abc"), "-");
  EXPECT_EQ(sessions("sid="), "sid=-");
  EXPECT_EQ(testing::run(at(cookie_level::session), "sid=abc", nullptr).text, "sid=-");
}

TEST(cookie, says_nothing_about_values) {
  testing::url_inputs inputs(55);
  for (int i = 0; i < 3000; ++i) {
    std::string value = inputs.text(5);
    std::erase(value, ';');
    ASSERT_EQ(names("a=" + value + "; b=1"), "a=*; b=*");
    ASSERT_EQ(sessions("a=" + value + "; sid=abc"), "sid=s-a4cd2xww4a4xhbj2");
  }
}

TEST(cookie, names_are_idempotent_and_safe) {
  testing::url_inputs inputs(56);
  for (int i = 0; i < 20000; ++i) {
    const std::string in = inputs.text(4) + "=" + inputs.text(3) + ";" + inputs.text(3);
    const std::string once = names(in);
    ASSERT_EQ(once == "-" ? once : names(once), once) << in;
    testing::expect_safe(once, " ");
    ASSERT_NE(once, "OVERFLOWED") << in;
  }
  std::string hostile;
  while (hostile.size() < 100000) hostile += "a;";
  EXPECT_NE(names(hostile), "OVERFLOWED");
}

}  // namespace
}  // namespace anonlog
