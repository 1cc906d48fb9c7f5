// cli/progress_test.cpp: one line, never wider than the terminal, gone at the end.
#include "cli/progress.hpp"

#include <gtest/gtest.h>

#include <random>

#include "io_support.hpp"

namespace anonlog::cli {
namespace {

using namespace testing;
using std::chrono::milliseconds;

TEST(progress, tells_bytes_rate_and_time_left) {
  EXPECT_EQ(progress_line({.done_bytes = 1'500'000'000, .total_bytes = 3'000'000'000, .seconds = 2}, 65),
            " 50% [==========>         ] 1.5 GB of 3.0 GB, 750 MB/s, 0:02 left");
  EXPECT_EQ(progress_line({.done_bytes = 0, .total_bytes = 10, .seconds = 0}, 27), "  0% [>       ] 0 B of 10 B");
  EXPECT_EQ(progress_line({.done_bytes = 2'000'000, .total_bytes = 0, .seconds = 1}, 80), "2.0 MB, 2.0 MB/s");
  EXPECT_EQ(progress_line({.done_bytes = 10, .total_bytes = 36'010, .seconds = 1}, 50),
            "  0% 10 B of 36 kB, 10 B/s, 1:00:00 left");
}

TEST(progress, is_never_wider_than_the_terminal) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 20'000; ++round) {
    const progress_sample sample{.done_bytes = random() >> (random() % 64),
                                 .total_bytes = random() >> (random() % 64),
                                 .seconds = static_cast<double>(random() % 100'000) / 100};
    const std::size_t columns = random() % 120;
    EXPECT_LE(progress_line(sample, columns).size(), columns);
  }
}

TEST(progress, draws_at_most_five_times_a_second_and_wipes_itself) {
  const folder here;
  put(here / "tty", "");
  const int fd = ::open((here / "tty").c_str(), O_WRONLY | O_APPEND);
  {
    progress bar(progress_mode::on, progress_source::stream, fd);
    const auto now = progress::clock::now();
    for (int ms = 0; ms <= 1000; ++ms) bar.update(static_cast<std::uint64_t>(ms), 1000, now + milliseconds(ms));
  }
  ::close(fd);
  const std::string drawn = content(here / "tty");
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), '\r'), 6 + 2);
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), '\n'), 0);
  const std::size_t last = drawn.rfind('\r', drawn.size() - 2);
  EXPECT_EQ(drawn.find_first_not_of(' ', last + 1), drawn.size() - 1);
}

TEST(progress, is_silent_unless_it_is_a_terminal_or_asked_for) {
  const folder here;
  put(here / "a", "");
  const int fd = ::open((here / "a").c_str(), O_WRONLY);
  EXPECT_FALSE(progress(progress_mode::automatic, progress_source::file, fd).is_on());
  EXPECT_FALSE(progress(progress_mode::off, progress_source::file, fd).is_on());
  ::close(fd);

  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) GTEST_SKIP();
  const int end = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  if (end < 0) GTEST_SKIP();
  const char* known = std::getenv("TERM");
  const std::string before = known == nullptr ? "" : known;
  ::setenv("TERM", "xterm", 1);
  EXPECT_TRUE(progress(progress_mode::automatic, progress_source::file, end).is_on());
  EXPECT_FALSE(progress(progress_mode::automatic, progress_source::stream, end).is_on());
  ::setenv("TERM", "dumb", 1);
  EXPECT_FALSE(progress(progress_mode::automatic, progress_source::file, end).is_on());
  EXPECT_TRUE(progress(progress_mode::on, progress_source::file, end).is_on());
  ::setenv("TERM", before.c_str(), 1);
  ::close(end);
  ::close(terminal);
}

}  // namespace
}  // namespace anonlog::cli
