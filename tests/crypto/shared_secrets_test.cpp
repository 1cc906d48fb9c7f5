// tests/crypto/shared_secrets_test.cpp: what anonlog/crypto/shared_secrets.hpp promises to key sources that share them.
#include <anonlog/crypto/key_source.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "crypto/hex.hpp"

namespace anonlog {
namespace {

constexpr std::int64_t noon = 1768478400;  // 2026-01-15T12:00:00Z
constexpr std::int64_t day = 86400;

std::string user_key(const epoch_keys* keys) { return testing::hex(keys->key_of(class_id::user), key_bytes); }

TEST(shared_secrets, give_two_sources_the_same_keys) {
  key_source a = key_source::ephemeral({}).value(), b = key_source::ephemeral({}, a.secrets()).value();
  EXPECT_EQ(user_key(a.keys_at(noon)), user_key(b.keys_at(noon)));
  EXPECT_EQ(user_key(b.keys_at(noon + day)), user_key(a.keys_at(noon + day)));
  EXPECT_NE(user_key(a.keys_at(noon)), user_key(key_source::ephemeral({}).value().keys_at(noon)));
}

TEST(shared_secrets, are_not_wiped_for_a_block_that_is_ahead) {
  key_source lead = key_source::ephemeral({}).value();
  key_source a = key_source::ephemeral({}, lead.secrets()).value(), b = key_source::ephemeral({}, lead.secrets()).value();
  const std::string first = user_key(lead.keys_at(noon));
  a.begin_block();
  b.begin_block();
  b.keys_at(noon + 5 * day);  // b's block stands behind a's
  EXPECT_EQ(user_key(a.keys_at(noon)), first);
  EXPECT_EQ(a.late_epochs(), 0U);
  a.end_block();
  b.end_block();
  a.begin_block();
  EXPECT_NE(user_key(a.keys_at(noon)), first);
  EXPECT_EQ(a.late_epochs(), 1U);
}

TEST(shared_secrets, are_late_within_a_block_that_has_moved_on) {
  key_source a = key_source::ephemeral({}).value();
  a.begin_block();
  const std::string first = user_key(a.keys_at(noon));
  a.keys_at(noon + 2 * day);
  EXPECT_NE(user_key(a.keys_at(noon)), first);
  EXPECT_EQ(a.late_epochs(), 1U);
}

TEST(shared_secrets, leave_no_derived_key_in_a_source_that_was_absorbed) {
  key_source a = key_source::ephemeral({}).value(), b = key_source::ephemeral({}, a.secrets()).value();
  b.begin_block();
  const unsigned char* const key = b.keys_at(noon)->key_of(class_id::user);
  b.keys_at(noon + 3 * day);
  b.keys_at(noon);
  b.end_block();
  ASSERT_NE(std::count(key, key + key_bytes, 0), 32);  // of the late line, or of the first
  const std::uint64_t forgotten = b.forgotten_epochs();
  a.absorb(b);
  EXPECT_EQ(std::count(key, key + key_bytes, 0), 32);
  EXPECT_GT(b.forgotten_epochs(), forgotten);
  EXPECT_EQ(a.late_epochs(), 1U);
  EXPECT_EQ(b.late_epochs(), 0U);
}

TEST(shared_secrets, may_be_asked_by_many_threads_at_once) {
  constexpr std::ptrdiff_t count = 4;
  key_source lead = key_source::ephemeral({}).value();
  std::vector<std::string> keys(count);
  std::latch all_are_there(count);
  std::vector<std::jthread> threads;
  for (std::string& found : keys)
    threads.emplace_back([&] {
      key_source own = key_source::ephemeral({}, lead.secrets()).value();
      own.begin_block();
      all_are_there.arrive_and_wait();
      for (int i = 0; i < 300; ++i) found += user_key(own.keys_at(noon + i * day));
    });
  threads.clear();
  for (const std::string& found : keys) EXPECT_TRUE(found == keys.front());
}

}  // namespace
}  // namespace anonlog
