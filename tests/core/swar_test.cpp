// Eight bytes at a time say the same as one at a time.
#include <anonlog/core/swar.hpp>

#include <random>
#include <string>

#include <gtest/gtest.h>

using namespace anonlog;

namespace {

// Few different bytes, so that neighbours are alike: a carry or borrow would show.
std::string random_bytes(std::mt19937_64& random, std::size_t size) {
  constexpr unsigned char edges[] = {0, 1, 0x20, 0x21, 0x22, '/', '0', '9', ':', '@', 'A', 'Z', 'a', 'f', 'z', 0x7E, 0x7F, 0x80, 0x81, 0xFE, 0xFF};
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() % 4 == 0 ? random() : edges[random() % std::size(edges)]);
  return text;
}

template <class Test>
std::uint64_t marks_of(const std::string& text, Test test) {
  std::uint64_t marks = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (test(static_cast<unsigned char>(text[i]))) marks |= std::uint64_t{0x80} << (8 * i);
  return marks;
}

}  // namespace

TEST(swar, marks_exactly_the_bytes_that_are_meant) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; ++i) {
    const std::string text = random_bytes(random, 8);
    const std::uint64_t word = swar::load(text.data());
    const auto byte = static_cast<unsigned char>(text[random() % 8]);
    ASSERT_EQ(swar::equal(word, byte), marks_of(text, [&](unsigned char c) { return c == byte; }));
    ASSERT_EQ(swar::zeros(word), marks_of(text, [](unsigned char c) { return c == 0; }));
    ASSERT_EQ(swar::between(word, '0', '9'), marks_of(text, [](unsigned char c) { return c >= '0' && c <= '9'; }));
    ASSERT_EQ(swar::between(word, 'a', 'f'), marks_of(text, [](unsigned char c) { return c >= 'a' && c <= 'f'; }));
  }
}

TEST(swar, loads_the_first_byte_lowest_and_nothing_behind_the_end) {
  std::mt19937_64 random(2);
  for (std::size_t size = 0; size < 8; ++size)
    for (int i = 0; i < 100; ++i) {
      const std::string text = random_bytes(random, size);
      const std::string exact(text.data(), size);
      std::string padded = text;
      padded.resize(8, '\0');
      ASSERT_EQ(swar::load_first(exact.data(), size), swar::load(padded.data())) << size;
    }
  EXPECT_EQ(swar::load("\x01\0\0\0\0\0\0\x02"), 0x0200'0000'0000'0001u);
  char stored[9] = {};
  swar::store(stored, swar::load("12345678"));
  EXPECT_EQ(std::string_view(stored), "12345678");
}

TEST(swar, finds_and_counts_marks) {
  for (std::size_t at = 0; at < 8; ++at) {
    const std::uint64_t mark = std::uint64_t{0x80} << (8 * at);
    EXPECT_EQ(swar::first(mark | std::uint64_t{0x80} << 56), at);
    EXPECT_EQ(swar::last(mark | 0x80), at);
    EXPECT_EQ(swar::count(swar::tops >> (8 * at)), 8 - at);
  }
  EXPECT_EQ(swar::count(0), 0u);
}
