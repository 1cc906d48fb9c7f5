// A word of the list is found, and nothing else is.
#include <anonlog/transform/word_table.hpp>

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <anonlog/transform/http_words.hpp>
#include <anonlog/transform/query_key.hpp>

namespace anonlog {
namespace {

template <std::size_t N>
void expect_like_a_search(const word_table<N>& table, const std::array<std::string_view, N>& words) {
  const auto place_of = [&](std::string_view text) {
    return static_cast<std::size_t>(std::find(words.begin(), words.end(), text) - words.begin());
  };
  std::mt19937_64 random(1);
  ASSERT_EQ(table.find(raw()), N);
  for (int i = 0; i < 20000; ++i) {
    std::string text(words[random() % N]);
    if (random() % 2 == 0) text[random() % text.size()] = static_cast<char>(random());
    if (random() % 4 == 0) text.resize(random() % text.size());
    ASSERT_EQ(table.find(raw(text)), place_of(text)) << text;
    std::string lower;
    for (const char c : text) lower += to_lower(static_cast<unsigned char>(c));
    ASSERT_EQ(table.find_lower(raw(text)), place_of(lower)) << text;
  }
}

TEST(word_table, finds_what_a_search_through_the_list_finds) {
  expect_like_a_search(query_key_detail::credentials, credential_keys);
  expect_like_a_search(query_key_detail::personals, personal_keys);
  constexpr std::array<std::string_view, 4> some = {"a", "ab", "bb", "a"};
  static constexpr word_table<4> table(some);
  expect_like_a_search(table, some);
}

TEST(word_table, tells_upper_from_lower_case_where_it_matters) {
  EXPECT_TRUE(is_known_method(raw("GET", 3)));
  EXPECT_FALSE(is_known_method(raw("get", 3)));
}

}  // namespace
}  // namespace anonlog
