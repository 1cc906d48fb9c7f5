#include <anonlog/transform/routes.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

std::string routed(const std::vector<std::string>& patterns, std::string_view path) {
  const auto table = route_table::compile(patterns);
  if (!table) return table.error().message;
  scratch memory(4 * path.size() + 256);
  std::string buffer(16 * path.size() + 256, ' ');
  writer out(buffer.data(), buffer.size());
  return table->put(raw(path), memory, out) ? std::string(out.text()) : "no memory";
}

const std::vector<std::string> patterns = {"/users/*/photos", "/users/*", "/static/**", "/caf%C3%A9", "/"};

TEST(routes, write_the_first_pattern_that_matches) {
  EXPECT_EQ(routed(patterns, "/users/bob/photos"), "/users/:id/photos");
  EXPECT_EQ(routed(patterns, "/users/bob"), "/users/:id");
  EXPECT_EQ(routed(patterns, "/static/a/b/c"), "/static/:id");
  EXPECT_EQ(routed(patterns, "/"), "/");
}

TEST(routes, write_other_for_all_else) {
  for (const std::string_view path : {"/users", "/users/bob/", "/users/bob/x", "/Users/bob", "/static", "//", "/x"})
    EXPECT_EQ(routed(patterns, path), "/:other") << path;
}

TEST(routes, compare_after_the_path_parameters_and_decoding) {
  EXPECT_EQ(routed(patterns, "/%75sers/x;y/photos;z"), "/users/:id/photos");
  EXPECT_EQ(routed(patterns, "/users%3Bq/x"), "/users/:id");
  EXPECT_EQ(routed(patterns, "/caf%25c3%25a9"), "/caf%C3%A9");
  EXPECT_EQ(routed(patterns, "/users%2Fbob"), "/:other");
}

TEST(routes, change_nothing_in_a_second_pass) {
  const std::vector<std::string> awkward = {"/*/*", "/a/**", "/*"};
  testing::url_inputs inputs(45);
  for (int i = 0; i < 5000; ++i) {
    const std::string once = routed(awkward, "/" + inputs.letters("ab/;%", inputs.below(9)));
    ASSERT_EQ(routed(awkward, once), once);
  }
  EXPECT_EQ(routed(awkward, routed(awkward, "/a/b/c")), "/a/:id");
}

TEST(routes, say_what_is_wrong_with_a_pattern) {
  for (const std::string bad : {"", "users", "/a/**/b", "/a*", "/a?b", "/a b", "/a;b"})
    EXPECT_NE(routed({bad}, "/x").find("path.routes: \"" + bad + "\""), std::string::npos) << bad;
}

TEST(routes, handle_long_paths) {
  EXPECT_EQ(routed({"/**"}, "/" + std::string(100000, '/')), "/:id");
  EXPECT_EQ(routed({"/*"}, "/" + std::string(100000, '/')), "/:other");
}

}  // namespace
}  // namespace anonlog
