// A memo remembers, is bounded, keeps kinds apart, and forgets when told to.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include <anonlog/core/memo.hpp>

using namespace anonlog;

namespace {

constexpr memo::size small{.pairs = 16, .slot_lines = 6};

struct told {
  std::string text;
  outcome result;
};

void put(memo& known, std::uint8_t kind, const std::string& value, const std::string& text, const tally& before = {},
         const tally& after = {}, std::uint64_t salt = 0) {
  tally settled;
  known.store(known.place_of(kind, salt, raw(value)), kind, salt, raw(value), text, outcome::reduced, before, after, settled);
}

std::optional<told> ask(memo& known, std::uint8_t kind, const std::string& value, tally& counts, std::uint64_t salt = 0) {
  const memo_slot* const found = known.find(known.place_of(kind, salt, raw(value)), kind, salt, raw(value));
  if (found == nullptr) return std::nullopt;
  found->add_to(counts);
  return told{std::string(found->text()), found->result};
}

}  // namespace

TEST(memo, gives_back_what_was_stored_and_counts_it_again) {
  memo known(small);
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
  memo known(small);
  put(known, 1, "value", "one");
  tally counts;
  EXPECT_FALSE(ask(known, 2, "value", counts));
  EXPECT_FALSE(ask(known, 1, "valuE", counts));
  EXPECT_FALSE(ask(known, 1, "value2", counts));
  EXPECT_FALSE(ask(known, 1, "value", counts, /*salt=*/7));
}

TEST(memo, stays_bounded_and_right_under_a_flood) {
  memo known(small);
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
  memo known(small);
  tally counts;
  const std::string longest(known.room() - 1, 'a'), longer(known.room(), 'a');
  put(known, 1, longest, "x");
  put(known, 1, longer, "x");
  put(known, 1, "b", std::string(memo::longest_text + 1, 'x'));
  EXPECT_TRUE(ask(known, 1, longest, counts));
  EXPECT_FALSE(ask(known, 1, longer, counts));
  EXPECT_FALSE(ask(known, 1, "b", counts));
}

TEST(memo, counts_what_kernels_used_also_when_the_value_has_to_go) {
  memo known({.pairs = 1, .slot_lines = 6});
  tally before, after, settled;
  after.add(counted::placeholder_num);
  put(known, 1, "value", "text", before, after);
  known.look(known.place_of(1, 0, raw(std::string_view("value"))), 5)->uses = 3;
  tally counts;
  known.add_uses_to(counts);
  EXPECT_EQ(counts.of(counted::placeholder_num), 3u);
  for (int i = 0; i < 10; ++i) {
    const std::string other = "other" + std::to_string(i);
    known.store(known.place_of(1, 0, raw(other)), 1, 0, raw(other), "x", outcome::reduced, {}, {}, settled);
  }
  EXPECT_EQ(settled.of(counted::placeholder_num), 3u);
  tally rest;
  known.settle(rest);
  EXPECT_EQ(rest.of(counted::placeholder_num), 0u);
}

TEST(memo, forgets) {
  memo known(small);
  tally counts;
  put(known, 1, "value", "text");
  known.forget();
  EXPECT_FALSE(ask(known, 1, "value", counts));
}
