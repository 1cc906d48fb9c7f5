// tests/crypto/secret_test.cpp: what anonlog/crypto/secret.hpp promises.
#include <anonlog/crypto/secret.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <type_traits>

namespace anonlog {
namespace {

template <class T>
concept printable_itself = requires(std::ostream& out, const T& t) { out << t; };

TEST(secret, is_neither_copied_nor_printed) {
  static_assert(!std::is_copy_constructible_v<secret<32>> && !std::is_copy_assignable_v<secret<32>>);
  static_assert(!std::is_copy_constructible_v<secret_block> && !std::is_copy_assignable_v<secret_block>);
  static_assert(!printable_itself<secret<32>> && !printable_itself<secret_block>);
  static_assert(std::is_nothrow_move_constructible_v<secret<32>> && std::is_nothrow_move_assignable_v<secret<32>>);
}

TEST(secret, begins_with_zeros_and_can_be_wiped) {
  secret<48> s = secret<48>::make().value();
  const auto is_zero = [&] { return std::all_of(s.data(), s.data() + s.size(), [](auto b) { return b == 0; }); };
  EXPECT_TRUE(is_zero());
  std::fill(s.data(), s.data() + s.size(), static_cast<unsigned char>(0xA5));
  EXPECT_FALSE(is_zero());
  s.wipe();
  EXPECT_TRUE(is_zero());
}

TEST(secret, moves_its_memory_and_leaves_nothing_behind) {
  secret<32> a = secret<32>::make().value();
  a.data()[0] = 7;
  const unsigned char* const memory = a.data();
  secret<32> b = std::move(a);
  EXPECT_EQ(b.data(), memory);
  EXPECT_EQ(b.data()[0], 7);
  EXPECT_FALSE(a);  // NOLINT: looking at what was moved from is the point
  b = secret<32>();
  EXPECT_FALSE(b);
}

TEST(secret, says_so_when_there_is_no_memory) {
  const result<secret_block> block = secret_block::make(static_cast<std::size_t>(-1) / 2);
  ASSERT_FALSE(block);
  EXPECT_NE(block.error().message.find("no protected memory"), std::string::npos);
}

}  // namespace
}  // namespace anonlog
