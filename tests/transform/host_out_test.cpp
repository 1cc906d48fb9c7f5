#include <anonlog/transform/host_out.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

// put_host as a transform, "-" where the host is refused.
struct host_probe {
  std::string_view default_port = "443";
  outcome apply(raw value, scope& s, writer& out) const noexcept {
    if (put_host(value, default_port, ip_truncate{}, s, out)) return outcome::kept;
    if (out.size() != 0) out.put("WROTE BEFORE REFUSING");
    out.put('-');
    return outcome::unreadable;
  }
};

std::string host(std::string_view in, std::string_view default_port = "443") {
  return testing::run(host_probe{default_port}, in).text;
}

TEST(host_out, writes_names_in_lower_case_without_the_final_dot) {
  EXPECT_EQ(host("WWW.Example.COM."), "www.example.com");
  EXPECT_EQ(host("localhost"), "localhost");
  EXPECT_EQ(host("xn--mnchen-3ya.example"), "xn--mnchen-3ya.example");
  EXPECT_EQ(host("my-best-web-site.example"), "my-best-web-site.example");
  EXPECT_EQ(host("_dmarc.example"), "_dmarc.example");
}

TEST(host_out, keeps_a_port_unless_it_is_empty_or_the_default) {
  EXPECT_EQ(host("a.example:8443"), "a.example:8443");
  EXPECT_EQ(host("a.example:443"), "a.example");
  EXPECT_EQ(host("a.example:"), "a.example");
  EXPECT_EQ(host("a.example:443", ""), "a.example:443");
  EXPECT_EQ(host("a.example.:80"), "a.example:80");
  EXPECT_EQ(host("a.example:123456"), "-");
  EXPECT_EQ(host("a.example:8x"), "-");
  EXPECT_EQ(host("a.example:80:80"), "-");
}

TEST(host_out, truncates_addresses) {
  EXPECT_EQ(host("203.0.113.195"), "203.0.113.0");
  EXPECT_EQ(host("203.0.113.195:8080"), "203.0.113.0:8080");
  EXPECT_EQ(host("127.0.0.1"), "127.0.0.0");  // keep sets do not apply
  EXPECT_EQ(host("[2001:DB8:1234:5678::1]:443"), "[2001:db8:1200::]");
  EXPECT_EQ(host("[fe80::1%25eth0]"), "[fe80::]");
  EXPECT_EQ(host("[::ffff:203.0.113.195]"), "203.0.113.0");
  for (const std::string_view bad : {"[203.0.113.195]", "[2001:db8::1", "2001:db8::1", "[]", "\"203.0.113.195\"",
      "[::1]x"})
    EXPECT_EQ(host(bad), "-") << bad;
}

TEST(host_out, refuses_what_is_no_host_name) {
  for (const std::string_view bad : {"", ".", "..", "a..b", ".a", "a b", "a%2e", "a@b", "m\xC3\xBCnchen.example",
      "a/b", ":80"})
    EXPECT_EQ(host(bad), "-") << bad;
  const std::string label(63, 'g');
  const std::string labels = label + "." + label + "." + label + ".";
  EXPECT_EQ(host(labels + label.substr(2)), labels + label.substr(2));  // 253 bytes
  EXPECT_EQ(host(labels + label.substr(1)), "-");
}

TEST(host_out, refuses_names_that_spell_an_address) {
  for (const std::string_view bad :
       {"1.2.3.4.", "3405803971", "0xcb0071c3", "0xcb.0x00.0x71.0xc3", "a.0x", "a.123", "host-203-0-113-195.isp.example",
        "203_0_113_195.isp.example", "x9203.0.113.195y.example", "a1-2-3-4b.example", "cb0071c3.isp.example",
        "hostcb0071c3.isp.example", "2001-db8-0-0-1.isp.example", "2001-db8-a0-b-c.isp.example", "x.deadbeef1.example",
        "CB0071C3.isp.example"})
    EXPECT_EQ(host(bad), "-") << bad;
  for (const std::string_view good :
       {"deadbeef.example", "1-2-3.example", "1-2.3-4.example", "a1.example", "1.2.3.example", "1-2_3-4.example",
        "cb007.1c3.example", "a-b-c-d-e.example", "1-2222-3-4.example", "2001-db8-a-b.example"})
    EXPECT_EQ(host(good), good) << good;
}

TEST(host_out, does_not_look_for_hex_in_punycode) {
  EXPECT_EQ(host("xn--deadbeef1.example"), "xn--deadbeef1.example");
  EXPECT_EQ(host("xn--a-1-2-3-4.example"), "-");
}

TEST(host_out, asks_every_rule_that_could_find_an_address) {
  testing::url_inputs inputs(51);
  using namespace host_detail;
  for (int i = 0; i < 100000; ++i) {
    std::string in = inputs.letters(i % 2 == 0 ? "0123456789abf.-_x" : "019ab--..__g", 1 + inputs.below(24));
    if (i % 5 == 0) in = "xn--" + in;
    if (i % 7 == 0) in = inputs.ipv4() + "-" + in;
    const raw name{std::string_view(in)};
    const bool by_groups = holds_quad(name, '.') || holds_quad(name, '-') || holds_quad(name, '_') || any_label(name, holds_dashed_hex);
    ASSERT_EQ(spells_address_groups(name), by_groups) << in;
    ASSERT_EQ(spells_address(name), by_groups || any_label(name, holds_hex_word)) << in;
  }
}

TEST(host_out, is_idempotent_and_safe) {
  testing::url_inputs inputs(37);
  for (int i = 0; i < 20000; ++i) {
    const std::string in = inputs.below(2) == 0 ? inputs.text(6) : inputs.letters("abcf0123.-_:", 1 + inputs.below(24));
    const std::string once = host(in);
    ASSERT_EQ(host(once), once) << in;
    testing::expect_safe(once);
  }
}

}  // namespace
}  // namespace anonlog
