// tests/crypto/utc_time_test.cpp: what anonlog/crypto/utc_time.hpp promises.
#include <anonlog/crypto/utc_time.hpp>

#include <gtest/gtest.h>

namespace anonlog {
namespace {

TEST(utc_time, reads_the_form_of_a_keyring) {
  EXPECT_EQ(parse_utc_time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_utc_time("2026-01-15T12:00:00Z"), 1768478400);
  EXPECT_EQ(parse_utc_time("1969-12-31T23:59:59Z"), -1);
  EXPECT_EQ(parse_utc_time("2024-02-29T00:00:00Z"), 1709164800);
}

TEST(utc_time, refuses_any_other_form_and_dates_that_do_not_exist) {
  for (std::string_view text : {"", "-", "2026-01-15", "2026-01-15T12:00:00", "2026-01-15 12:00:00Z",
                                "2026-01-15t12:00:00z",
                                "2026-01-15T12:00:00+00:00", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
                                "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
                                "2026-12-31T23:59:60Z", "+026-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ"})
    EXPECT_FALSE(parse_utc_time(text)) << text;
}

TEST(utc_time, writes_what_it_reads) {
  for (std::string_view text : {"1970-01-01T00:00:00Z", "2026-01-15T12:34:56Z", "1969-12-31T23:59:59Z",
                                "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"})
    EXPECT_EQ(utc_time_text(*parse_utc_time(text)), text);
}

}  // namespace
}  // namespace anonlog
