// The fast scan says what the slow one says, at every length and place, up to the edge of a page.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <cstring>
#include <random>
#include <string>

#include <anonlog/simd/quotes.hpp>

using namespace anonlog;

namespace {

void expect_same(std::string_view line) {
  std::array<std::uint32_t, 8> fast{}, slow{};
  const quote_scan a = scan_quotes(line, fast.data(), fast.size());
  const quote_scan b = scan_quotes_scalar(line, slow.data(), slow.size());
  EXPECT_EQ(a.count, b.count);
  EXPECT_EQ(a.has_backslash, b.has_backslash);
  EXPECT_EQ(fast, slow);
}

}  // namespace

TEST(scan_quotes, finds_every_quote_and_any_backslash) {
  std::array<std::uint32_t, 4> places{};
  const quote_scan found = scan_quotes("a\"b\\c\"", places.data(), places.size());
  EXPECT_EQ(found.count, 2u);
  EXPECT_TRUE(found.has_backslash);
  EXPECT_EQ(places[0], 1u);
  EXPECT_EQ(places[1], 5u);
}

TEST(scan_quotes, agrees_with_the_scalar_one_for_random_lines) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string line(random() % 100, 'x');
    for (char& c : line) c = "\"\\x y"[random() % 5];
    expect_same(line);
  }
}

TEST(scan_quotes, reads_nothing_behind_the_line) {
  const std::size_t page = 4096;
  char* const memory = static_cast<char*>(::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(::mprotect(memory + page, page, PROT_NONE), 0);
  std::memset(memory, '"', page);
  for (std::size_t size = 0; size <= 80; ++size) expect_same(std::string_view(memory + page - size, size));
  ::munmap(memory, 2 * page);
}
