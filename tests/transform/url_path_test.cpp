#include <anonlog/transform/url_path.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

TEST(url_path, does_what_its_examples_say) { testing::expect_examples(url_path{}); }

TEST(url_path, treats_what_follows_a_question_mark_as_a_query) {
  EXPECT_EQ(testing::run(url_path{}, "/a?token=s3&page=2").text, "/a?token=*&page=2");
  EXPECT_EQ(testing::run(url_path{}, "/a#b").text, "/a");
  EXPECT_EQ(testing::run(url_path{}, "*").text, "*");
}

TEST(url_path, is_no_url_and_no_name) {
  for (const std::string_view bad : {"http://a.example/", "bob", "?a", "#", "bob@example.com"})
    EXPECT_EQ(testing::run(url_path{}, bad).text, "-") << bad;
}

}  // namespace
}  // namespace anonlog
