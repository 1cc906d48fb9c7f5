#include <anonlog/transform/registrable_domain.hpp>

#include <string>

#include <anonlog/transform/referrer.hpp>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

referrer domain_rule() {
  referrer rule;
  rule.level = referrer_level::domain;
  EXPECT_FALSE(rule.find_suffixes());
  return rule;
}

const referrer& rule() {
  static const referrer made = domain_rule();
  return made;
}

std::string text(std::string_view in) { return testing::run(rule(), in).text; }

TEST(registrable_domain, of_a_referrer_does_what_the_examples_say) {
  for (const example& e : referrer::domain_examples) {
    const auto got = testing::run(rule(), e.in);
    EXPECT_EQ(got.text, e.out) << e.in;
    EXPECT_EQ(got.outcome, e.outcome) << e.in;
  }
}

TEST(registrable_domain, comes_without_port_userinfo_path_and_case) {
  EXPECT_EQ(text("HTTPS://ada:pw@x@WWW.Example.COM.:8443\\p?q#f"), "https://example.com/");
  EXPECT_EQ(text("http://example.com"), "http://example.com/");
  EXPECT_EQ(text("https://a.xn--mnchen-3ya.example/"), "https://xn--mnchen-3ya.example/");
  EXPECT_EQ(text("android-app://com.google.android.gm/"), "android-app://android.gm/");
}

TEST(registrable_domain, of_an_address_is_its_network) {
  EXPECT_EQ(text("http://203.0.113.195/"), "http://203.0.113.0/");
  EXPECT_EQ(text("http://[2001:db8:1:2::3]:8080/"), "http://[2001:db8::]/");
  EXPECT_EQ(text("http://[fe80::1%25eth0]/"), "http://[fe80::]/");
}

TEST(registrable_domain, is_nothing_where_there_is_none) {
  for (const std::string_view none : {"http://localhost/", "http://co.uk/", "https://com:443/x", "http://bobs-laptop:8080/",
                                      "http://c.kobe.jp/", "http://com./", "http://.com/", "http://com../", "http:///"})
    EXPECT_EQ(text(none), "-") << none;
}

TEST(registrable_domain, is_nothing_for_a_host_that_gives_an_address_away) {
  for (const std::string_view bad : {"http://host-203-0-113-195.isp.example/", "http://cb0071c3.isp.example/",
                                     "http://2001-db8-0-1-0-0-0-7.isp.example/", "https://203_0_113_195.isp.example/",
                                     "http://0xcb.0x00.0x71.0xc3/", "http://3405803971/", "http://b\xC3\xBC""cher.example/",
                                     "http://a b.example/", "http://a..example/"}) {
    const auto got = testing::run(rule(), bad);
    EXPECT_EQ(got.text, "-") << bad;
    EXPECT_EQ(got.outcome, outcome::unreadable) << bad;
  }
  EXPECT_EQ(text("http://" + std::string(300, 'a') + ".example/"), "-");
}

TEST(registrable_domain, does_not_come_out_without_a_list) {
  referrer without;
  without.level = referrer_level::domain;
  EXPECT_EQ(testing::run(without, "https://www.example.com/").text, "-");
}

TEST(registrable_domain, fits_into_the_longest_name) {
  std::string name = "example.co.uk";
  while (name.size() + 2 <= longest_host_name) name = "a." + name;
  EXPECT_EQ(text("https://" + name + ".:65535/"), "https://example.co.uk/");
  std::string label(longest_host_name - 4, 'z');
  EXPECT_EQ(text("https://" + label + ".com:65535/"), "https://" + label + ".com/");
}

// Whatever came in, an origin comes out that says no more than level origin does: an end of its host, no port.
TEST(registrable_domain, says_no_more_than_the_origin) {
  testing::url_inputs inputs(63);
  std::size_t shown = 0;
  for (int i = 0; i < 30000; ++i) {
    std::string in = inputs.one_of({"http://", "https://u:p@", "HTTP://", "android-app://"}) + inputs.text(4) +
                     inputs.one_of({"", ".", ".x.example", ".Bob.GitHub.io", ".a.b.co.uk", ".c.kobe.jp:80", ".com:8080"}) + inputs.text(3);
    if (inputs.below(3) == 0) in = "https://" + inputs.letters("abcz-19", 1 + inputs.below(12)) + "." + inputs.letters("ab.", 9) + ".co.uk/" + inputs.text(2);
    const std::string out = text(in);
    ASSERT_EQ(out == "-" ? out : text(out), out) << in;
    testing::expect_safe(out);
    const std::string origin = testing::run(referrer{}, in).text;
    if (out == "-") continue;
    ++shown;
    const std::string host = out.substr(out.find("://") + 3, out.size() - out.find("://") - 4);
    std::string whole = origin.substr(origin.find("://") + 3);
    whole.pop_back();
    if (const std::size_t port = whole.find(':'); whole.front() != '[') whole = whole.substr(0, port);
    else whole = whole.substr(0, whole.find(']') + 1);
    ASSERT_TRUE(whole.ends_with(host) && (whole.size() == host.size() || whole[whole.size() - host.size() - 1] == '.')) << in;
  }
  EXPECT_GT(shown, 3000u);
}

}  // namespace
}  // namespace anonlog
