#include <anonlog/transform/identifier_rules.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

std::string whole(std::string_view text) { return std::string(to_text(whole_segment_rule(raw(text)))); }

// The inline rules alone.
struct rewriter {
  outcome apply(raw value, scope& s, writer& out) const noexcept {
    const scratch::frame frame(s.memory);
    marked_text text(value, s.memory.take(value.size()));
    text.mark_written_placeholders();
    const bool found = text.mark_identifiers();
    text.write(s.counts, out, [](raw piece, writer& to) noexcept { to.release(piece); });
    return found ? outcome::reduced : outcome::kept;
  }
};

std::string inline_rewritten(std::string_view text) { return testing::run(rewriter{}, text).text; }

TEST(whole_segment_rule, names_what_a_segment_is) {
  EXPECT_EQ(whole("(bob@example.com)"), ":email");
  EXPECT_EQ(whole("550e8400-E29B-41d4-a716-446655440000"), ":uuid");
  EXPECT_EQ(whole("{550e8400-e29b-41d4-a716-446655440000}"), ":uuid");
  EXPECT_EQ(whole("203.0.113.195"), ":ip");
  EXPECT_EQ(whole("[2001:db8::1]:80"), ":ip");
  EXPECT_EQ(whole("7"), ":num");
  EXPECT_EQ(whole("deadbee1"), ":hex");
  EXPECT_EQ(whole("2026-01-31"), ":date");
  EXPECT_EQ(whole("1984.03_02"), ":date");
  EXPECT_EQ(whole("+49-170-1234567"), ":phone");
  EXPECT_EQ(whole("4111 1111 1111 1111"), ":phone");
  EXPECT_EQ(whole("eyJhbGciOiJIUzI1NiJ9.eyJzdWIi"), ":token");
  EXPECT_EQ(whole("aB3aB3aB3aB3aB3~"), ":token");
  EXPECT_EQ(whole("(abcdefghijklmnopqrs1)"), ":token");
  EXPECT_EQ(whole(std::string(65, 'a')), ":long");
}

TEST(whole_segment_rule, leaves_what_is_not_wholly_so) {
  for (const std::string_view plain :
       {"", "users", "v2", "deadbeef", "abcdef1", "2026-1-31", "2026-13x01", "+1234567", "1-2--345678", "(0170)1234567",
        "gB3gB3gB3gB3gB3", "gb3gb3gb3gb3gb3gb3g", "1.2.3", "12345678-"})
    EXPECT_EQ(whole(plain), "") << plain;
  EXPECT_EQ(whole(std::string(64, 'a')), "");
  for (const std::string_view no_date : {"2026-13-01", "2026-00-10", "2026-01-32", "1884-01-01"})
    EXPECT_EQ(whole(no_date), ":phone") << no_date;
  EXPECT_EQ(whole("1-2-3-4-5-6-7-8-9-0-1-2-3-4-5-6-7-8-9"), ":phone");
  EXPECT_EQ(whole("1-2-3-4-5-6-7-8-9-0-1-2-3-4-5-6-7-8-9-0"), "");
}

TEST(inline_rules, replace_inside_a_segment) {
  EXPECT_EQ(inline_rewritten("Users('550e8400-e29b-41d4-a716-446655440000')"), "Users(':uuid')");
  EXPECT_EQ(inline_rewritten("x{550e8400-e29b-41d4-a716-446655440000}y"), "x:uuidy");
  EXPECT_EQ(inline_rewritten("mac=00-1a-2b-3c-4d-5e!"), "mac=:hex!");
  EXPECT_EQ(inline_rewritten("u_2001:db8::1_v"), "u_:ip_v");
  EXPECT_EQ(inline_rewritten("Foo::Bar"), "Foo:ipr");  // over-replacement is accepted; B and a are hex digits
  EXPECT_EQ(inline_rewritten("host-203-0-113-195.isp"), "host-:ip.isp");
  EXPECT_EQ(inline_rewritten("(1.2.3.4.5)"), "(:ip)");
  EXPECT_EQ(inline_rewritten("v203.0.113.1951"), "v:ip");
  EXPECT_EQ(inline_rewritten("v9203.0.113.5"), "v:ip");
  EXPECT_EQ(inline_rewritten("v1.2.3333.4.5"), "v1.2.3333.4.5");
  EXPECT_EQ(inline_rewritten("v1.2.3333.4.5.6"), "v:ip");
  EXPECT_EQ(inline_rewritten("jquery-3.7.1.min.js"), "jquery-3.7.1.min.js");
  EXPECT_EQ(inline_rewritten("(abC_dEf-0123_ghijkLMN-opq)"), "(:token)");
  EXPECT_EQ(inline_rewritten("order-20260115-0007"), "order-:num-0007");
  EXPECT_EQ(inline_rewritten("app.9f86d081884c7d65.js"), "app.:hex.js");
  EXPECT_EQ(inline_rewritten("(gB3gB3gB3gB3gB3g)"), "(:token)");
  EXPECT_EQ(inline_rewritten("(abcdefghijklmnopqrs1)"), "(:token)");
  EXPECT_EQ(inline_rewritten("img_z123456z12345"), "img_z:numz12345");
  EXPECT_EQ(inline_rewritten("1234-1-2-3"), "1234-1-2-3");
  EXPECT_EQ(inline_rewritten("a@b/c@d"), ":email:email");
}

TEST(inline_rules, leave_what_they_wrote_alone) {
  EXPECT_EQ(inline_rewritten("urn:isbn::num?x"), "urn:isbn::num?x");
  EXPECT_EQ(inline_rewritten("a:numb:ip"), "a:numb:ip");
  // The hex digits behind the number are only a word of their own once the number is gone.
  EXPECT_EQ(inline_rewritten("zz123456deadbee1"), "zz:num:hex");
  testing::url_inputs inputs(38);
  for (int i = 0; i < 30000; ++i) {
    std::string in = inputs.text(8);
    std::erase_if(in, [](char c) { return c <= ' ' || c > '~' || c == '"' || c == '\\'; });
    const std::string once = inline_rewritten(in);
    ASSERT_EQ(inline_rewritten(once), once) << in;
  }
}

TEST(inline_rules, count_each_placeholder_they_write) {
  const auto got = testing::run(rewriter{}, "a@b,:email,c@d,20260115x");
  EXPECT_EQ(got.counts.of(counted::placeholder_email), 2U);
  EXPECT_EQ(got.counts.of(counted::placeholder_num), 1U);
}

TEST(holds_identifier, agrees_with_the_rules) {
  testing::url_inputs inputs(39);
  for (int i = 0; i < 30000; ++i) {
    const std::string in = inputs.text(5);
    const raw text{std::string_view(in)};
    std::string marks(in.size() + 1, ' ');
    marked_text fresh(text, marks.data());
    const bool expected = whole_segment_rule(text) != placeholder::none || fresh.mark_identifiers();
    ASSERT_EQ(holds_identifier(text), expected) << in;
  }
  EXPECT_FALSE(holds_identifier(raw(std::string_view("123.js"))));  // stem.ext is no such rule
  EXPECT_TRUE(holds_identifier(raw(std::string_view("123"))));
}

TEST(character_profile, counts_every_kind_of_byte_in_a_text_of_any_length) {
  testing::url_inputs inputs(41);
  for (int i = 0; i < 20000; ++i) {
    std::string in = inputs.text(5);
    if (i % 10 == 0) in += std::string(inputs.below(300), in[inputs.below(in.size())]);
    const auto count = [&](auto test) {
      std::size_t found = 0;
      for (const char c : in) found += test(static_cast<unsigned char>(c)) ? 1 : 0;
      return found;
    };
    const auto of = [&](std::string_view bytes) {
      return count([&](unsigned char c) { return bytes.find(static_cast<char>(c)) != std::string_view::npos; });
    };
    const raw text{std::string_view(in)};
    const character_profile p = character_profile::of(text);
    ASSERT_EQ(p.size, in.size());
    ASSERT_EQ(p.digits, count(is_digit));
    ASSERT_EQ(p.lowers, count(is_lower));
    ASSERT_EQ(p.uppers, count(is_upper));
    ASSERT_EQ(p.hexes, count(is_hex));
    ASSERT_EQ(p.dashes, of("-"));
    ASSERT_EQ(p.colons, of(":"));
    ASSERT_EQ(p.dots, of("."));
    ASSERT_EQ(p.token_marks, of("_=+~"));
    ASSERT_EQ(p.at_signs, of("@\xEF"));
    ASSERT_EQ(p.specials, of(";%?") + count([](unsigned char c) { return c >= 0x80 && c != 0xEF; }));

    const std::size_t cut = inputs.below(in.size() + 1);
    const character_profile rest = p.without(character_profile::of(text.sub(cut)));
    ASSERT_EQ(whole_segment_rule(text.first(cut), rest), whole_segment_rule(text.first(cut))) << in;
    if (in.size() <= byte_kinds::most_bytes && !in.starts_with("~")) {
      ASSERT_EQ(byte_kinds::of(text).is_beyond_every_rule(), is_beyond_every_rule(text)) << in;
    }
  }
}

TEST(character_profile, shortcut_never_hides_a_rule) {
  testing::url_inputs inputs(40);
  int short_cuts = 0;
  for (int i = 0; i < 50000; ++i) {
    const std::string in = inputs.letters("abcdefghijklmnopqrstuvwxyz-_.=+(~{}ABCDEF", inputs.below(70));
    const raw text{std::string_view(in)};
    if (!is_beyond_every_rule(text)) continue;
    ++short_cuts;
    std::string marks(in.size() + 1, ' ');
    marked_text marked(text, marks.data());
    ASSERT_FALSE(whole_segment_rule(text) != placeholder::none || marked.mark_identifiers()) << in;
  }
  EXPECT_GT(short_cuts, 10000);
}

TEST(identifier_rules, are_linear_in_hostile_text) {
  for (const std::string_view piece : {"@", "a@b", "-", "1-", "1.", ":", "a", "1", "00-", "aB1", "%", ":num", "{",
      "12345678-", "z123456"}) {
    std::string text;
    while (text.size() < (1U << 18)) text += piece;
    inline_rewritten(text);
    holds_identifier(raw(std::string_view(text)));
  }
}

}  // namespace
}  // namespace anonlog
