// tests/crypto/hash_message_test.cpp: what anonlog/crypto/hash_message.hpp promises.
#include <anonlog/crypto/hash_message.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support.hpp"

namespace anonlog {
namespace {

const blake2b_key_state& key() { return testing::test_keys().state_of(class_id::host); }

std::string_view text_of(const hash_message& message) {
  return {reinterpret_cast<const char*>(message.block()), message.size()};
}
bool is_padded(const hash_message& message) {
  return std::all_of(message.block() + message.size(), message.block() + hash_message::max_bytes,
                     [](unsigned char byte) { return byte == 0; });
}

TEST(hash_message, takes_pieces_as_keyed_hash_does) {
  hash_message message;
  message.begin(key());
  message.add(raw("Site"));
  message.add(std::uint8_t{0});
  message.add(std::string_view());
  message.add("tail ");
  message.add_lower(raw("\xC4" "Z[@Az"));
  EXPECT_EQ(text_of(message), std::string_view("Site\0tail \xC4z[@az", 16));
  EXPECT_TRUE(is_padded(message));
  EXPECT_EQ(message.key(), &key());
}

TEST(hash_message, keeps_nothing_of_the_message_before) {
  hash_message message;
  for (std::size_t bytes = 0; bytes <= hash_message::max_bytes + 3; ++bytes) {
    message.begin(key());
    for (std::size_t i = 0; i < bytes; ++i) message.add(std::uint8_t{0xAA});
    message.begin(key());
    EXPECT_EQ(message.size(), 0U);
    message.add(std::uint8_t{1});
    EXPECT_TRUE(is_padded(message)) << bytes;
  }
}

TEST(hash_message, says_when_it_became_too_long_and_stays_so) {
  hash_message message;
  message.begin(key());
  message.add(std::string_view(std::string(hash_message::max_bytes, 'x')));
  EXPECT_TRUE(message.fits());
  message.add(raw());
  EXPECT_TRUE(message.fits());
  message.add(std::uint8_t{'y'});
  EXPECT_FALSE(message.fits());
  message.add(raw("z"));
  message.add_lower(raw());
  EXPECT_FALSE(message.fits());
  message.begin(key());
  EXPECT_TRUE(message.fits());
  EXPECT_TRUE(is_padded(message));
  message.add(std::string_view(std::string(1 << 20, 'x')));
  EXPECT_FALSE(message.fits());
}

TEST(hash_message, leaves_nothing_when_wiped) {
  hash_message message;
  message.begin(key());
  message.add("somebody");
  message.wipe();
  EXPECT_EQ(message.size(), 0U);
  EXPECT_EQ(message.key(), nullptr);
  EXPECT_TRUE(is_padded(message));
}

}  // namespace
}  // namespace anonlog
