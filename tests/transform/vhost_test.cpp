#include <anonlog/transform/vhost.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

TEST(vhost, does_what_its_examples_say) { testing::expect_examples(vhost{}); }

TEST(vhost, keeps_any_port_of_1_to_5_digits) {
  EXPECT_EQ(testing::run(vhost{}, "a.example:443").text, "a.example:443");
  EXPECT_EQ(testing::run(vhost{}, "a.example:80").text, "a.example:80");
  EXPECT_EQ(testing::run(vhost{}, "a.example:").text, "a.example");
  EXPECT_EQ(testing::run(vhost{}, "a.example:123456").text, "-");
  EXPECT_EQ(testing::run(vhost{}, "[2001:db8:1:2::3]:80").text, "[2001:db8::]:80");
}

TEST(vhost, keeps_nothing_a_client_made_up) {
  for (const std::string_view bad : {"bob@example.com", "a b", "a/b", "cb0071c3.isp.example", "_:x", "\"a\"", "a\r\nb"})
    EXPECT_EQ(testing::run(vhost{}, bad).text, "-") << bad;
}

TEST(vhost, drops_on_request) {
  vhost rule;
  rule.rule = vhost_rule::drop;
  const auto got = testing::run(rule, "a.example");
  EXPECT_EQ(got.text, "-");
  EXPECT_EQ(got.outcome, outcome::dropped);
}

TEST(vhost, is_idempotent_and_safe) {
  testing::url_inputs inputs(54);
  for (int i = 0; i < 10000; ++i) {
    const std::string in = inputs.letters("abcXYZ019.-_:[]", 1 + inputs.below(16));
    const std::string once = testing::run(vhost{}, in).text;
    ASSERT_EQ(once == "-" ? once : testing::run(vhost{}, once).text, once) << in;
    testing::expect_safe(once);
  }
}

}  // namespace
}  // namespace anonlog
