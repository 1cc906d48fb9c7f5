// A memo remembers, is bounded, keeps kinds apart, lets no flood of values push the busy ones out, and forgets when told to.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <anonlog/core/memo.hpp>

using namespace anonlog;

namespace {

constexpr memo::size small{.buckets = 8, .slot_lines = 3};

struct told {
  std::string text;
  outcome result;
};

memo::place place_of(const memo& known, std::uint8_t kind, const std::string& value, std::uint64_t salt = 0) {
  return known.place_of(kind, salt, raw(value));
}

void put(memo& known, std::uint8_t kind, const std::string& value, const std::string& text, const tally& before = {},
         const tally& after = {}, std::uint64_t salt = 0) {
  tally settled;
  known.store(place_of(known, kind, value, salt), text, outcome::reduced, before, after, settled);
}

std::optional<told> ask(memo& known, std::uint8_t kind, const std::string& value, tally& counts, std::uint64_t salt = 0) {
  const memo_slot* const found = known.find(place_of(known, kind, value, salt));
  if (found == nullptr) return std::nullopt;
  known.add_counted(*found, counts);
  return told{std::string(found->text()), found->result};
}

}  // namespace

TEST(memo, gives_back_what_was_stored_and_counts_it_again) {
  memo known(small);
  tally before, after;
  after.add(counted::placeholder_num);
  after.add(counted::placeholder_num);
  for (const std::size_t size : {std::size_t{0}, std::size_t{4}, memo::first_text_bytes, memo::first_text_bytes + 1, known.room()}) {
    const std::string value = "value" + std::to_string(size), text(size, 't');
    put(known, 1, value, text, before, after);
    tally counts;
    const auto found = ask(known, 1, value, counts);
    ASSERT_TRUE(found) << size;
    EXPECT_EQ(found->text, text);
    EXPECT_EQ(found->result, outcome::reduced);
    EXPECT_EQ(counts.of(counted::placeholder_num), 2u);
  }
}

TEST(memo, keeps_kinds_and_values_apart) {
  memo known(small);
  put(known, 1, "value", "one");
  tally counts;
  EXPECT_FALSE(ask(known, 2, "value", counts));
  EXPECT_FALSE(ask(known, 1, "valuE", counts));
  EXPECT_FALSE(ask(known, 1, "value2", counts));
  EXPECT_FALSE(ask(known, 1, std::string("value\0", 6), counts)) << "the size counts, not only the bytes";
  EXPECT_FALSE(memo::place_of(1, 0, 5, {}) == memo::place_of(1, 0, 6, {})) << "also where a digest does not know the size";
  EXPECT_FALSE(ask(known, 1, "value", counts, /*salt=*/7));
  EXPECT_TRUE(ask(known, 1, "value", counts));
}

TEST(memo, stays_bounded_and_right_under_a_flood) {
  memo known(small);
  tally counts;
  std::size_t hits = 0;
  for (int i = 0; i < 5000; ++i) put(known, 1, "v" + std::to_string(i), "t" + std::to_string(i));
  for (int i = 0; i < 5000; ++i) {
    const auto found = ask(known, 1, "v" + std::to_string(i), counts);
    if (!found) continue;
    ++hits;
    EXPECT_EQ(found->text, "t" + std::to_string(i));
  }
  EXPECT_GT(hits, 16u);
  EXPECT_LE(hits, 32u);
}

TEST(memo, admits_a_value_where_there_is_room_or_when_it_comes_again) {
  memo known({.buckets = 1, .slot_lines = 3});
  std::vector<std::string> busy;
  // Four, or more where two of them have one tag: the later one takes the place of the other.
  while (busy.size() < 100 && known.admits(place_of(known, 1, "busy" + std::to_string(busy.size())))) {
    busy.push_back("busy" + std::to_string(busy.size()));
    put(known, 1, busy.back(), "x");
  }
  ASSERT_GE(busy.size(), 4u);
  ASSERT_LT(busy.size(), 100u);
  tally counts;
  const auto kept = [&] {
    return std::count_if(busy.begin(), busy.end(), [&](const std::string& value) { return ask(known, 1, value, counts).has_value(); });
  };
  ASSERT_EQ(kept(), 4);
  std::size_t admitted = 0;
  for (int i = 0; i < 1000; ++i) admitted += known.admits(place_of(known, 1, "once" + std::to_string(i)));
  EXPECT_LE(admitted, 8u) << "but for equal tags of 14 bits";
  EXPECT_FALSE(known.admits(place_of(known, 1, "again")));
  EXPECT_TRUE(known.admits(place_of(known, 1, "again")));
  EXPECT_EQ(kept(), 4);
}

// Tags are a part of a digest that is keyed at random: no key may give numbered values a few tags only.
TEST(memo, spreads_numbered_values_over_the_tags_with_every_key) {
  for (int key = 0; key < 2000; ++key) {
    memo known({.buckets = 1, .slot_lines = 3});
    for (int i = 0; known.admits(place_of(known, 1, "busy" + std::to_string(i))); ++i) {
      ASSERT_LT(i, 100);
      put(known, 1, "busy" + std::to_string(i), "x");
    }
    std::size_t admitted = 0;
    for (int i = 0; i < 1000; ++i) admitted += known.admits(place_of(known, 1, "once" + std::to_string(i)));
    ASSERT_LE(admitted, 8u);
  }
}

TEST(memo, lets_a_value_go_that_was_not_asked_for_of_late) {
  memo known({.buckets = 1, .slot_lines = 3});
  tally counts;
  for (int i = 0; i < 4; ++i) put(known, 1, "old" + std::to_string(i), "x");
  put(known, 1, "first new one", "x");  // all were new: one of them went, and none counts as asked for any more
  std::size_t left = 0;
  std::string kept;
  for (int i = 0; i < 4 && kept.empty(); ++i)
    if (ask(known, 1, "old" + std::to_string(i), counts)) kept = "old" + std::to_string(i);
  ASSERT_FALSE(kept.empty());
  put(known, 1, "second new one", "x");
  EXPECT_TRUE(ask(known, 1, kept, counts));
  for (int i = 0; i < 4; ++i) left += ask(known, 1, "old" + std::to_string(i), counts).has_value();
  EXPECT_EQ(left, 2u);
}

TEST(memo, does_not_take_what_is_too_long) {
  memo known(small);
  tally counts;
  const std::string longest(value_digest_key::longest_value, 'a'), longer(value_digest_key::longest_value + 1, 'a');
  put(known, 1, longest, "x");
  EXPECT_TRUE(ask(known, 1, longest, counts));
  EXPECT_EQ(place_of(known, 1, longer), memo::nowhere);
  EXPECT_FALSE(known.admits(memo::nowhere));
  put(known, 1, longer, "x");
  EXPECT_FALSE(ask(known, 1, longer, counts));
  put(known, 1, "b", std::string(known.room() + 1, 'x'));
  EXPECT_FALSE(ask(known, 1, "b", counts));
}

TEST(memo, counts_what_kernels_used_also_when_the_value_has_to_go) {
  memo known({.buckets = 1, .slot_lines = 3});
  tally before, after, settled;
  after.add(counted::placeholder_num);
  put(known, 1, "value", "text", before, after);
  known.look(place_of(known, 1, "value"))->uses = 3;
  tally counts;
  known.add_uses_to(counts);
  EXPECT_EQ(counts.of(counted::placeholder_num), 3u);
  for (int i = 0; i < 40; ++i)
    known.store(place_of(known, 1, "other" + std::to_string(i)), "x", outcome::reduced, {}, {}, settled);
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
