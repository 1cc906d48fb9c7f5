// tests/transform/time_floor_test.cpp: what is finer than the grid is gone, and what cannot be read is not written.
#include <anonlog/transform/time_floor.hpp>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <support.hpp>

namespace anonlog {
namespace {

std::string floored(std::string_view text, std::int32_t grid = 3600, std::int32_t zone = 0) {
  return testing::run(time_floor{.grid_seconds = grid}, text, nullptr, zone).text;
}

TEST(time_floor, does_what_its_examples_say) {
  for (const example& e : time_floor::examples) {
    const testing::transformed got = testing::run(time_floor{}, e.in);
    EXPECT_EQ(got.text, e.out) << e.in;
    EXPECT_EQ(got.outcome, e.outcome) << e.in;
  }
}

TEST(time_floor, floors_each_form_on_the_written_clock) {
  EXPECT_EQ(floored("10/Oct/2000:13:55:36 +0530", 86400), "10/Oct/2000:00:00:00 +0530");
  EXPECT_EQ(floored("2026-01-15T13:55:36.123456+01:00", 900), "2026-01-15T13:45:00.000000+01:00");
  EXPECT_EQ(floored("2026-01-15t13:55:36,1z", 900), "2026-01-15t13:45:00,0z");
  EXPECT_EQ(floored("2026-01-15 13:55:36 -0330", 21600), "2026-01-15 12:00:00 -0330");
  EXPECT_EQ(floored("2026-01-15 13:55:36", 43200), "2026-01-15 12:00:00");
  EXPECT_EQ(floored("Jan  5 02:14:15"), "Jan  5 02:00:00");
  EXPECT_EQ(floored("Jan 5 02:14:15"), "Jan 5 02:00:00");
  EXPECT_EQ(floored("[10/Oct/2000:13:55:36.195 +0530]", 1800), "[10/Oct/2000:13:30:00.000 +0530]");
  EXPECT_EQ(floored("10/Oct/2000:13:55:36.123456789 -0700", 1), "10/Oct/2000:13:55:36.000000000 -0700");
  EXPECT_EQ(floored("10/Oct/2000:13:55:36.12345"), "10/Oct/2000:13:00:00.00000");
  EXPECT_EQ(floored("[10/Oct/2000:13:55:36]"), "[10/Oct/2000:13:00:00]");
  EXPECT_EQ(floored("[10/Oct/2000 13:55:36]"), "[10/Oct/2000 13:00:00]");
  EXPECT_EQ(floored("[Fri Sep 09 10:42:29 2011]", 10), "[Fri Sep 09 10:42:20 2011]");
  EXPECT_EQ(floored("2026/01/15 10:42:29", 60), "2026/01/15 10:42:00");
  EXPECT_EQ(floored("10:42:29.123456789", 300), "10:40:00.000000000");
  EXPECT_EQ(floored("10/Oct/2000:23:59:60 +0000", 1), "10/Oct/2000:23:59:59 +0000");
  EXPECT_EQ(floored("10/Oct/2000:23:59:60 +0000", 60), "10/Oct/2000:23:59:00 +0000");
  EXPECT_EQ(floored("2026-01-15T13:55:36.9Z", 1), "2026-01-15T13:55:36.0Z");
  EXPECT_EQ(floored("0000-02-29T13:55:36Z"), "0000-02-29T13:00:00Z");
}

TEST(time_floor, floors_numbers_on_the_grid_of_the_records_zone) {
  EXPECT_EQ(floored("1768481736"), "1768478400");
  EXPECT_EQ(floored("1768481736123"), "1768478400000");
  EXPECT_EQ(floored("1768481736123456"), "1768478400000000");
  EXPECT_EQ(floored("1768481736123456789"), "1768478400000000000");
  EXPECT_EQ(floored("9999999999999999999"), "9999997200000000000");
  EXPECT_EQ(floored("[1768481736.5]"), "[1768478400.0]");
  EXPECT_EQ(floored("1768481736", 3600, 19800), "1768480200");
  EXPECT_EQ(floored("1768481736", 86400, -3600), "1768438800");
  EXPECT_EQ(floored("1768481736.987", 1), "1768481736.000");
}

TEST(time_floor, keeps_the_width_of_a_number_and_writes_none_below_zero) {
  EXPECT_EQ(floored("0000003700"), "0000003600");
  EXPECT_EQ(floored("000000059", 60), "000000000");
  EXPECT_EQ(floored("1000000000000", 86400), "0999993600000");
  EXPECT_EQ(floored("000000000", 3600, 19800), "-");
  EXPECT_EQ(floored("0000000000.5", 86400, 3600), "-");
  EXPECT_EQ(floored("000000000", 3600, 3600), "000000000");
  EXPECT_EQ(floored("000000100", 3600, -7200), "000000000");  // floored towards the past, not towards zero
  EXPECT_EQ(floored("000000100", 86400, -7200), "-");
}

TEST(time_floor, writes_a_dash_for_what_it_cannot_read) {
  for (const char* text : {"yesterday", "32/Oct/2000:13:55:36 +0000", "10/Oct/2000:24:00:00 +0000", "2026-02-29",
                           "[2026-01-15]", "31/Feb/2026:13:55:36 +0000", "203.0.113.77", "17684817361", "[", "[]"}) {
    const testing::transformed got = testing::run(time_floor{}, text);
    EXPECT_EQ(got.text, "-") << text;
    EXPECT_EQ(got.outcome, outcome::unreadable) << text;
  }
}

TEST(time_floor, knows_the_grids_and_no_others) {
  int known = 0;
  for (std::int64_t seconds = -86400; seconds <= 2 * 86400; ++seconds) {
    if (!is_grid(seconds)) continue;
    ++known;
    EXPECT_EQ(86400 % seconds, 0) << seconds;
  }
  EXPECT_EQ(known, 11);
  for (std::int64_t seconds : {1, 10, 60, 300, 600, 900, 1800, 3600, 21600, 43200, 86400})
    EXPECT_TRUE(is_grid(seconds));
  EXPECT_FALSE(is_grid(7200));
}

// One stamp of each form from the same clock; `fraction` has as many digits as the form shows.
std::vector<std::string> stamps_of(int second_of_day, unsigned fraction) {
  const int h = second_of_day / 3600, m = second_of_day / 60 % 60, s = second_of_day % 60;
  const long long epoch = 1768435200LL + second_of_day;
  const auto put = [](const char* form, auto... values) {
    char text[80];
    return std::string(text, static_cast<std::size_t>(std::snprintf(text, sizeof text, form, values...)));
  };
  return {
      put("[15/Jan/2026:%02d:%02d:%02d +0000]", h, m, s),
      put("2026-01-15T%02d:%02d:%02d.%06uZ", h, m, s, fraction),
      put("2026-01-15 %02d:%02d:%02d,%06u -0800", h, m, s, fraction),
      put("Jan 15 %02d:%02d:%02d", h, m, s),
      put("Thu Jan 15 %02d:%02d:%02d.%06u 2026", h, m, s, fraction),
      put("2026/01/15 %02d:%02d:%02d", h, m, s),
      put("%02d:%02d:%02d.%06u", h, m, s, fraction),
      put("%lld", epoch),
      put("%lld.%06u", epoch, fraction),
      put("%lld%06u", epoch, fraction),
  };
}

std::vector<std::string> random_stamps(std::mt19937_64& random) {
  return stamps_of(static_cast<int>(random() % 86400), static_cast<unsigned>(random() % 1000000));
}

TEST(time_floor, hides_everything_below_the_grid) {
  std::mt19937_64 random(3);
  std::uniform_int_distribution<int> any_second(0, 86399);
  std::uniform_int_distribution<unsigned> any_fraction(0, 999999);
  for (std::int32_t grid : time_grids)
    for (int i = 0; i < 200; ++i) {
      const int second = any_second(random), start = second - second % grid;
      const int other = start + static_cast<int>(random() % static_cast<unsigned>(grid));
      const auto a = stamps_of(second, any_fraction(random)), b = stamps_of(other, any_fraction(random));
      const auto want = stamps_of(start, 0);
      for (std::size_t form = 0; form < a.size(); ++form) {
        ASSERT_EQ(floored(a[form], grid), want[form]) << grid;
        ASSERT_EQ(floored(b[form], grid), want[form]) << grid;
      }
    }
}

TEST(time_floor, changes_nothing_the_second_time) {
  std::mt19937_64 random(4);
  for (std::int32_t grid : time_grids)
    for (std::int32_t zone : {0, 19800, -12600, 50400, -50400})
      for (int i = 0; i < 40; ++i)
        for (const std::string& stamp : random_stamps(random)) {
          const std::string once = floored(stamp, grid, zone);
          ASSERT_NE(once, "-") << stamp;
          ASSERT_EQ(floored(once, grid, zone), once);
        }
}

TEST(time_floor, gives_a_number_the_bucket_of_its_calendar_twin) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 5000; ++i) {
    const std::int64_t epoch = static_cast<std::int64_t>(1000000000 + random() % 8000000000);
    const std::int32_t quarters = static_cast<std::int32_t>(random() % 113) - 56, zone = quarters * 900;
    const std::int32_t grid = time_grids[random() % time_grids.size()];
    const std::time_t local = epoch + zone;
    std::tm tm{};
    gmtime_r(&local, &tm);
    char text[64], offset[16];
    const std::int32_t minutes = std::abs(zone) / 60;
    std::snprintf(offset, sizeof offset, "%c%02d%02d", zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
    const std::string calendar(text, std::strftime(text, sizeof text, "%d/%b/%Y:%H:%M:%S ", &tm));
    timestamp stamp;
    std::int64_t bucket = 0;
    const std::string written = floored(calendar + offset, grid, zone);
    ASSERT_TRUE(read_timestamp(raw(written), stamp)) << written;
    ASSERT_TRUE(unix_seconds(stamp, 0, 0, bucket));
    ASSERT_EQ(floored(std::to_string(epoch), grid, zone), std::to_string(bucket)) << written;
  }
}

TEST(time_floor, writes_a_floored_stamp_or_a_dash_for_any_bytes) {
  std::mt19937_64 random(6);
  constexpr std::string_view bytes = "0123456789019:/-+.,TZtz [] JanFebOctFriSep\0\t\n\\\"\x80\xff"
                                     "00001122";
  int read = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    if (i % 2 == 0) {
      const auto stamps = random_stamps(random);
      text = stamps[random() % stamps.size()];
      for (std::uint64_t changes = 1 + random() % 3; changes > 0; --changes)
        text[random() % text.size()] = bytes[random() % bytes.size()];
    } else {
      for (std::uint64_t size = 1 + random() % 40; size > 0; --size) text += bytes[random() % bytes.size()];
    }
    const std::string out = floored(text);
    for (char c : out) ASSERT_TRUE(c >= 0x20 && c <= 0x7E && c != '"' && c != '\\' && c != '%') << text;
    if (out == "-") continue;
    ++read;
    ASSERT_EQ(out.size(), text.size()) << text;
    ASSERT_EQ(floored(out), out) << text;
  }
  EXPECT_GT(read, 1000);
  EXPECT_EQ(floored(std::string(1 << 20, '1')), "-");
}

}  // namespace
}  // namespace anonlog
