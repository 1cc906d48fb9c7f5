// cli/reject_watch_test.cpp: a logger that nobody looks at speaks when lines stop fitting, and not all the time.
#include "cli/reject_watch.hpp"

#include <gtest/gtest.h>

namespace anonlog::cli {
namespace {

using namespace std::chrono_literals;

const reject_watch::clock::time_point start{};

TEST(reject_watch, speaks_when_too_many_of_the_last_thousand_lines_were_rejects) {
  reject_watch watch(0.1);
  EXPECT_FALSE(watch.count({.rejects = 100, .lines = 1000}, start));
  EXPECT_FALSE(watch.count({.rejects = 900, .lines = 1999}, start));
  const std::optional<reject_share> told = watch.count({.rejects = 201, .lines = 2000}, start);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->rejects, 101u);
  EXPECT_EQ(told->lines, 1000u);
}

TEST(reject_watch, forgets_what_is_longer_ago) {
  reject_watch watch(0.1);
  EXPECT_TRUE(watch.count({.rejects = 1000, .lines = 1000}, start));
  EXPECT_FALSE(watch.count({.rejects = 1000, .lines = 2000}, start + 1h));
}

TEST(reject_watch, speaks_at_most_once_a_minute) {
  reject_watch watch(0.1);
  EXPECT_TRUE(watch.count({.rejects = 1000, .lines = 1000}, start));
  EXPECT_FALSE(watch.count({.rejects = 2000, .lines = 2000}, start + 59s));
  EXPECT_TRUE(watch.count({.rejects = 3000, .lines = 3000}, start + 60s));
  EXPECT_FALSE(watch.count({.rejects = 4000, .lines = 4000}, start + 119s));
}

TEST(reject_watch, never_speaks_where_all_may_be_rejects) {
  reject_watch watch(1.0);
  EXPECT_FALSE(watch.count({.rejects = 5000, .lines = 5000}, start));
  EXPECT_FALSE(watch.is_early_due());
}

TEST(reject_watch, speaks_early_after_ten_rejects_and_once) {
  reject_watch watch(0.1);
  (void)watch.count({.rejects = 9, .lines = 9}, start);
  EXPECT_FALSE(watch.is_early_due());
  (void)watch.count({.rejects = 10, .lines = 100}, start);
  EXPECT_FALSE(watch.is_early_due());
  (void)watch.count({.rejects = 11, .lines = 101}, start);
  EXPECT_TRUE(watch.is_early_due());
  EXPECT_EQ(watch.early().rejects, 11u);
  EXPECT_FALSE(watch.is_early_due());
}

TEST(reject_watch, leaves_what_comes_after_the_first_thousand_lines_to_the_other_warning) {
  reject_watch watch(0.1);
  (void)watch.count({.rejects = 900, .lines = 1000}, start);
  EXPECT_FALSE(watch.is_early_due());
}

}  // namespace
}  // namespace anonlog::cli
