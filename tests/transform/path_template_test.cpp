#include <anonlog/transform/path_template.hpp>

#include <string>
#include <vector>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

struct path_probe {
  path_template rule;
  outcome apply(raw value, scope& s, writer& out) const noexcept {
    return rule.put(value, s, out) ? outcome::reduced : outcome::unreadable;
  }
};

std::string path(std::string_view in, path_template rule = {}) { return testing::run(path_probe{rule}, in).text; }

path_template level(path_level wanted, std::uint8_t segments = 1) { return {.level = wanted, .kept_segments = segments,
    .routes = nullptr}; }

TEST(path_template, replaces_whole_segments_and_keeps_the_rest) {
  EXPECT_EQ(path("/users/42/orders/7f3a9c21"), "/users/:num/orders/:hex");
  EXPECT_EQ(path("/p/550e8400-e29b-41d4-a716-446655440000.jpg"), "/p/:uuid.jpg");
  EXPECT_EQ(path("/12345/deadbeef01.90123"), "/:num/:hex.:num");
  EXPECT_EQ(path("/a//b/"), "/a//b/");
  EXPECT_EQ(path("/"), "/");
  EXPECT_EQ(path("/1.2.3"), "/1.2.3");
  EXPECT_EQ(path("/7.html/7.longext/7.a_b"), "/:num.html/7.longext/7.a_b");
}

TEST(path_template, removes_users_and_path_parameters) {
  EXPECT_EQ(path("/~alice/cv.html"), "/:user/cv.html");
  EXPECT_EQ(path("/%7Ealice/@Bob.Smith/%EF%BC%A0" "bob/\xEF\xBC\xA0x"), "/:user/:user/:user/:user");
  EXPECT_EQ(path("/~/@"), "/~/@");
  EXPECT_EQ(path("/a;jsessionid=4F/b%3Bsecret/c%253Bsecret;x"), "/a/b/c");
}

TEST(path_template, reads_encoded_segments_and_keeps_the_encoding_if_nothing_was_found) {
  EXPECT_EQ(path("/caf%c3%a9/caf\xC3\xA9"), "/caf%c3%a9/caf%C3%A9");
  EXPECT_EQ(path("/bob%2540example.com"), "/:email");
  EXPECT_EQ(path("/u/bob%25252540example.com/bob%u0040example.com"), "/u/:token/:token");
  EXPECT_EQ(path("/100%/50%25"), "/100%/50%25");
  EXPECT_EQ(path("/urn:isbn:0451450523%3Fx%2Fy%23z%25zz"), "/urn:isbn::num%3Fx%2Fy%23z%25zz");
}

TEST(path_template, cuts_to_the_first_directories) {
  EXPECT_EQ(path("/users/", level(path_level::directories)), "/users/*");
  EXPECT_EQ(path("/users", level(path_level::directories)), "/users");
  EXPECT_EQ(path("/42/bob/x/y", level(path_level::directories, 2)), "/:num/bob/*");
  EXPECT_EQ(path("/users%2Fbob%2Fphotos/x", level(path_level::directories)), "/*/*");
  EXPECT_EQ(path("/a%252fbob", level(path_level::directories)), "/*");
  EXPECT_EQ(path("/", level(path_level::directories)), "/");
}

TEST(path_template, drops_or_keeps) {
  EXPECT_EQ(path("/a/b", level(path_level::drop)), "/");
  EXPECT_EQ(path("/a\"\x01/42", level(path_level::keep)), "/a%22%01/42");
  EXPECT_EQ(path("/a/b", level(path_level::routes)), "/:other");
}

const path_level all_levels[] = {path_level::keep, path_level::template_, path_level::directories, path_level::drop};

TEST(path_template, is_idempotent_and_safe) {
  testing::url_inputs inputs(41);
  for (int i = 0; i < 40000; ++i) {
    std::string in = "/" + inputs.text(10);
    std::erase_if(in, [](char c) { return c == '?' || c == '#'; });  // the target cuts there
    const path_template rule = level(all_levels[inputs.below(4)], static_cast<std::uint8_t>(1 + inputs.below(3)));
    const std::string once = path(in, rule);
    ASSERT_EQ(path(once, rule), once) << in;
    ASSERT_NE(once, "OVERFLOWED") << in;
    testing::expect_safe(once);
  }
}

TEST(path_template, gives_one_output_for_every_encoding_of_an_identifier) {
  testing::url_inputs inputs(42);
  for (int i = 0; i < 5000; ++i) {
    const std::string identifier = inputs.below(2) == 0 ? inputs.email() : inputs.uuid();
    const std::string plain = path("/a/" + identifier + "/b");
    for (unsigned rounds = 1; rounds <= 3; ++rounds)
      ASSERT_EQ(path("/a/" + inputs.percent_encoded(identifier, rounds, inputs.below(2) == 0) + "/b"), plain)
          << identifier;
  }
}

// SPEC P1: what differs only in the identifier gives the same bytes.
TEST(path_template, says_nothing_about_which_identifier_it_was) {
  testing::url_inputs inputs(43);
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(path("/x/" + inputs.email() + "/y"), "/x/:email/y");
    ASSERT_EQ(path("/x/u(" + inputs.uuid() + ")v"), "/x/u(:uuid)v");
    ASSERT_EQ(path("/x/" + inputs.ipv4()), "/x/:ip");
    ASSERT_EQ(path("/x/" + inputs.letters("0123456789", 1 + inputs.below(30))), "/x/:num");
    ASSERT_EQ(path("/x/~" + inputs.letters("abcXYZ._09", 1 + inputs.below(30))), "/x/:user");
    ASSERT_EQ(path("/x/y;" + inputs.letters("abc=019;%", inputs.below(30))), "/x/y");
  }
}

TEST(path_template, never_lets_a_planted_address_through) {
  testing::url_inputs inputs(44);
  const std::string_view canary = "canary.person@mail-example.org";
  std::string wide(canary);
  wide.replace(wide.find('@'), 1, "\xEF\xBC\xA0");
  for (int i = 0; i < 20000; ++i) {
    std::string before = inputs.text(3), after = inputs.text(3);
    for (std::string* const text : {&before, &after}) std::erase_if(*text, [](char c) { return c == ':' || c == '@'; });
    const std::string planted[] = {std::string(canary), wide, inputs.percent_encoded(canary, 1, true),
                                   inputs.percent_encoded(canary, 2, false), inputs.percent_encoded(wide, 3, true)};
    for (const std::string& form : planted) {
      const std::string out = path("/" + before + "/x(" + form + ")y/" + after);
      for (const std::string_view part : {"canary", "person", "mail-example", "%63%61%6E", "%63%61%6e"})
        ASSERT_EQ(out.find(part), std::string::npos) << form << " in " << out;
    }
  }
}

TEST(path_template, is_linear_and_bounded_in_hostile_paths) {
  for (const std::string_view piece : {"/", "/1", "@", "/a@b", "%", "%25", ";", ":num", "/-1", "/\xFF", "/%2F"}) {
    std::string in = "/";
    while (in.size() < (1U << 17)) in += piece;
    for (const path_level each : all_levels) EXPECT_NE(path(in, level(each)), "OVERFLOWED") << piece;
  }
}

TEST(path_template, gives_up_when_there_is_no_memory) {
  scratch memory(4);
  tally counts;
  char buffer[256];
  writer out(buffer, sizeof buffer);
  scope s{.memory = memory, .counts = counts};
  EXPECT_FALSE(path_template{}.put(raw(std::string_view("/user/bob@example.com")), s, out));
}

}  // namespace
}  // namespace anonlog
