#include <anonlog/transform/http_words.hpp>

#include <string>

#include <gtest/gtest.h>

namespace anonlog {
namespace {

TEST(http_words, knows_methods_by_their_letters) {
  EXPECT_TRUE(is_known_method(raw(std::string_view("GET"))));
  EXPECT_TRUE(is_known_method(raw(std::string_view("PRI"))));
  for (const std::string_view other : {"get", "", "GETS", "OTHER"}) EXPECT_FALSE(is_known_method(raw(other))) << other;
}

TEST(http_words, knows_the_form_of_a_method) {
  const std::string longest(32, 'a'), too_long(33, 'a');
  for (const std::string_view fit : {std::string_view("M-SEARCH"), std::string_view("_"), std::string_view(longest)})
    EXPECT_TRUE(is_method_form(raw(fit)));
  for (const std::string_view unfit : {std::string_view(""), std::string_view("G3T"), std::string_view("A B"),
      std::string_view(too_long)})
    EXPECT_FALSE(is_method_form(raw(unfit))) << unfit;
}

TEST(http_words, knows_protocols) {
  for (const std::string_view known : {"HTTP/0.9", "HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/2.0", "HTTP/3", "HTTP/3.0"})
    EXPECT_TRUE(is_known_protocol(raw(known))) << known;
  for (const std::string_view other : {"HTTP/1", "http/1.1", "HTTP/4", ""})
    EXPECT_FALSE(is_known_protocol(raw(other))) << other;
}

}  // namespace
}  // namespace anonlog
