// tests/crypto/secret_table_test.cpp: what anonlog/crypto/secret_table.hpp promises.
#include <anonlog/crypto/secret_table.hpp>

#include <gtest/gtest.h>

#include <cstring>

namespace anonlog {
namespace {

TEST(secret_table, keeps_every_secret_where_it_was) {
  secret_table table;
  std::vector<const unsigned char*> memory;
  for (std::size_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(table.add().value(), i);
    std::memset(table.at(i), static_cast<int>(i % 251), key_bytes);
    memory.push_back(table.at(i));
  }
  const secret_table moved = std::move(table);
  for (std::size_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(moved.at(i), memory[i]);
    EXPECT_EQ(moved.at(i)[0], i % 251);
    EXPECT_EQ(moved.at(i)[31], i % 251);
  }
}

TEST(secret_table, wipes_what_is_removed_and_uses_its_place_again) {
  secret_table table;
  for (int i = 0; i < 70; ++i) ASSERT_TRUE(table.add());
  std::memset(table.at(5), 0xA5, key_bytes);
  table.remove(5);
  for (std::size_t i = 0; i < key_bytes; ++i) EXPECT_EQ(table.at(5)[i], 0);
  EXPECT_EQ(table.add().value(), 5U);
}

}  // namespace
}  // namespace anonlog
