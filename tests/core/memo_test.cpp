// A memo remembers, is bounded, keeps kinds apart, and forgets when told to.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include <anonlog/core/memo.hpp>

using namespace anonlog;

namespace {

constexpr std::size_t longest_value = 320, longest_text = 96;
using small_memo = memo<longest_value, longest_text>;

struct told {
  std::string text;
  outcome result;
};

void put(small_memo& known, std::uint8_t kind, const std::string& value, const std::string& text, const tally& before = {},
         const tally& after = {}, std::uint64_t salt = 0) {
  known.store(known.look(kind, salt, raw(value)), kind, salt, raw(value), text, outcome::reduced, before, after);
}

std::optional<told> ask(small_memo& known, std::uint8_t kind, const std::string& value, tally& counts, std::uint64_t salt = 0) {
  const memo_answer* const found = known.find(known.look(kind, salt, raw(value)), kind, salt, raw(value), counts);
  if (found == nullptr) return std::nullopt;
  return told{std::string(found->text), found->outcome};
}

}  // namespace

TEST(memo, gives_back_what_was_stored_and_counts_it_again) {
  small_memo known(16);
  tally before, after;
  after.add(counted::placeholder_num);
  after.add(counted::placeholder_num);
  put(known, 1, "value", "text", before, after);
  tally counts;
  const auto found = ask(known, 1, "value", counts);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->text, "text");
  EXPECT_EQ(found->result, outcome::reduced);
  EXPECT_EQ(counts.of(counted::placeholder_num), 2u);
}

TEST(memo, keeps_kinds_and_values_apart) {
  small_memo known(16);
  put(known, 1, "value", "one");
  tally counts;
  EXPECT_FALSE(ask(known, 2, "value", counts));
  EXPECT_FALSE(ask(known, 1, "valuE", counts));
  EXPECT_FALSE(ask(known, 1, "value2", counts));
  EXPECT_FALSE(ask(known, 1, "value", counts, /*salt=*/7));
}

TEST(memo, stays_bounded_and_right_under_a_flood) {
  small_memo known(16);
  tally counts;
  std::size_t hits = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::string value = "v" + std::to_string(i);
    put(known, 1, value, "t" + std::to_string(i));
  }
  for (int i = 0; i < 5000; ++i) {
    const auto found = ask(known, 1, "v" + std::to_string(i), counts);
    if (!found) continue;
    ++hits;
    EXPECT_EQ(found->text, "t" + std::to_string(i));
  }
  EXPECT_GT(hits, 0u);
  EXPECT_LE(hits, 32u);
}

TEST(memo, does_not_take_what_is_too_long) {
  small_memo known(16);
  tally counts;
  const std::string longest(longest_value, 'a'), longer(longest_value + 1, 'a');
  put(known, 1, longest, "x");
  put(known, 1, longer, "x");
  put(known, 1, "b", std::string(longest_text + 1, 'x'));
  EXPECT_TRUE(ask(known, 1, longest, counts));
  EXPECT_FALSE(ask(known, 1, longer, counts));
  EXPECT_FALSE(ask(known, 1, "b", counts));
}

TEST(memo, forgets) {
  small_memo known(16);
  tally counts;
  put(known, 1, "value", "text");
  known.forget();
  EXPECT_FALSE(ask(known, 1, "value", counts));
}
