// Untrusted bytes can be looked at and cut, and become nothing that can be written.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>

using namespace anonlog;

static_assert(!std::is_convertible_v<raw, std::string_view>);
static_assert(!std::is_convertible_v<raw, std::string>);
static_assert(!std::is_convertible_v<std::string_view, raw>);

template <class Value>
concept puttable = requires(writer& out, Value value) { out.put(value); };
static_assert(puttable<std::string_view> && !puttable<raw>);

TEST(raw, clamps_what_is_cut_from_it) {
  const raw value("abcdef", 6);
  EXPECT_TRUE(value.sub(2, 2) == "cd");
  EXPECT_TRUE(value.sub(4, 9) == "ef");
  EXPECT_TRUE(value.sub(9).empty());
  EXPECT_TRUE(value.without_last(9).empty());
  EXPECT_TRUE(value.first(3) == "abc");
}

TEST(raw, trims_blanks_and_tabs_only) {
  EXPECT_TRUE(raw(" \t a b\t ", 8).trimmed() == "a b");
  EXPECT_TRUE(raw("\n a \r", 5).trimmed() == "\n a \r");
  EXPECT_TRUE(raw("   ", 3).trimmed().empty());
}

TEST(raw, compares_without_case_for_ascii_only) {
  EXPECT_TRUE(raw("ForWarded", 9).equals_lower("forwarded"));
  EXPECT_FALSE(raw("\xC4", 1).equals_lower("\xE4"));
}
