// tests/crypto/ephemeral_secrets_test.cpp: what anonlog/crypto/ephemeral_secrets.hpp promises.
#include <anonlog/crypto/ephemeral_secrets.hpp>

#include <gtest/gtest.h>

#include <set>

#include "crypto/hex.hpp"

namespace anonlog {
namespace {

const unsigned char* line_at(ephemeral_secrets& secrets, std::int64_t epoch) {
  newest_epoch newest;
  newest.advance(epoch);
  secrets.advance(newest);
  return secrets.secret_at(epoch);
}

std::string at(ephemeral_secrets& secrets, std::int64_t epoch) {
  const unsigned char* const bytes = line_at(secrets, epoch);
  return bytes == nullptr ? "late" : testing::hex(bytes, key_bytes);
}

TEST(ephemeral_secrets, stay_the_same_within_an_epoch_and_for_the_one_before) {
  ephemeral_secrets secrets;
  const std::string first = at(secrets, 10), second = at(secrets, 11);
  EXPECT_NE(first, second);
  EXPECT_EQ(at(secrets, 10), first);
  EXPECT_EQ(at(secrets, 11), second);
}

TEST(ephemeral_secrets, are_wiped_two_epochs_later) {
  ephemeral_secrets secrets;
  const unsigned char* const memory = line_at(secrets, 10);
  ASSERT_NE(memory, nullptr);
  at(secrets, 12);
  EXPECT_EQ(at(secrets, 10), "late");
  // its place was wiped, then drawn again for epoch 12
  EXPECT_EQ(line_at(secrets, 12), memory);
}

TEST(ephemeral_secrets, are_not_drawn_for_an_epoch_that_is_past_already) {
  ephemeral_secrets secrets;
  at(secrets, 100);
  EXPECT_EQ(at(secrets, 98), "late");
  EXPECT_EQ(at(secrets, -5), "late");
  EXPECT_NE(at(secrets, 99), "late");
}

TEST(ephemeral_secrets, begin_anew_with_an_input_but_never_draw_an_epoch_twice) {
  ephemeral_secrets secrets;
  at(secrets, 10);
  const std::string eleven = at(secrets, 11), twelve = at(secrets, 12);  // 10 goes
  secrets.begin_input();
  EXPECT_EQ(at(secrets, 10), "late");
  EXPECT_EQ(at(secrets, 11), eleven);
  EXPECT_EQ(at(secrets, 12), twelve);

  secrets.begin_input();
  const std::string seven = at(secrets, 7);  // an older file: its epochs were never drawn
  EXPECT_NE(seven, "late");
  EXPECT_EQ(at(secrets, 12), twelve);        // now 7 goes
  secrets.begin_input();
  EXPECT_EQ(at(secrets, 7), "late");
}

TEST(ephemeral_secrets, remember_a_bounded_number_of_epochs_and_then_call_what_is_not_live_late) {
  ephemeral_secrets secrets;
  const auto most = static_cast<std::int64_t>(ephemeral_secrets::max_epochs);
  for (std::int64_t epoch = 0; epoch < most; ++epoch) ASSERT_NE(line_at(secrets, epoch), nullptr) << epoch;
  const std::string last = at(secrets, most - 1);
  EXPECT_EQ(at(secrets, most), "late");
  EXPECT_EQ(at(secrets, most - 1), last);
  EXPECT_EQ(at(secrets, most + 1), "late");
  EXPECT_EQ(at(secrets, most - 1), "late");
  secrets.begin_input();
  EXPECT_EQ(at(secrets, -1), "late");
}

TEST(ephemeral_secrets, may_be_of_any_epoch_number) {
  ephemeral_secrets secrets;
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  std::set<std::string> seen;
  for (std::int64_t epoch : {lowest, lowest + 1, lowest + 2, std::int64_t{-1}, std::int64_t{0}, highest - 1, highest}) {
    EXPECT_NE(at(secrets, epoch), "late") << epoch;
    seen.insert(at(secrets, epoch));
  }
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_EQ(at(secrets, lowest), "late");
}

}  // namespace
}  // namespace anonlog
