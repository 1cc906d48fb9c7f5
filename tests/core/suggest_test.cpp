// An unknown word is answered with the nearest known ones.
#include <gtest/gtest.h>

#include <anonlog/core/suggest.hpp>

using namespace anonlog;

namespace {
constexpr std::string_view words[] = {"truncate", "token", "ula", "drop"};
}

TEST(suggest, names_the_nearest_words) {
  EXPECT_EQ(suggest("trunc", words), "nearest: truncate");
  EXPECT_EQ(suggest("tokne", words), "nearest: token");
  EXPECT_EQ(suggest("DROP", words), "nearest: drop");
}

TEST(suggest, names_all_words_when_none_is_near) {
  EXPECT_EQ(suggest("scramble", words), "known: truncate, token, ula, drop");
}

TEST(suggest, counts_edits_without_case) {
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kitten", "Sitting"), 3u);
  EXPECT_EQ(edit_distance("same", "SAME"), 0u);
}
