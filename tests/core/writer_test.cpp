// The output cursor: what is kept leaves safe, and nothing is written past the end.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include <anonlog/core/writer.hpp>

using namespace anonlog;

namespace {

std::string released(std::string_view kept) {
  std::string room(3 * kept.size(), '\0');
  writer out(room.data(), room.size());
  out.release(raw(kept));
  EXPECT_FALSE(out.overflowed());
  return std::string(out.text());
}

}  // namespace

TEST(writer, releases_every_byte_safe) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const std::string out = released(std::string_view(&c, 1));
    if (byte >= 0x21 && byte <= 0x7E && c != '"' && c != '\\') {
      EXPECT_EQ(out, std::string(1, c));
    } else {
      char expected[4];
      std::snprintf(expected, sizeof expected, "%%%02X", static_cast<unsigned>(byte));
      EXPECT_EQ(out, expected);
    }
  }
}

TEST(writer, releases_the_same_whatever_the_length_the_neighbours_and_the_room) {
  std::mt19937_64 random(7);
  constexpr unsigned char edges[] = {0, ' ', '!', '"', '#', '[', '\\', ']', 'a', 'z', '0', '~', 0x7F, 0x80, 0xA2, 0xDC, 0xFF};
  for (int i = 0; i < 50000; ++i) {
    std::string kept(random() % 40, '\0'), expected;
    const bool is_odd = random() % 2 == 0;
    for (char& c : kept) c = is_odd || random() % 16 == 0 ? static_cast<char>(edges[random() % std::size(edges)]) : 'x';
    for (const char c : kept) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x21 && byte <= 0x7E && c != '"' && c != '\\') expected += c;
      else expected += {'%', upper_hex_digits[byte >> 4], upper_hex_digits[byte & 15]};
    }
    ASSERT_EQ(released(kept), expected);
    std::string roomy(3 * kept.size() + 8, '-');
    writer out(roomy.data(), roomy.size());
    out.release(raw(kept));
    ASSERT_EQ(out.text(), expected);
    std::string tight(random() % (expected.size() + 1) + 1, '-');
    writer little(tight.data(), tight.size() - 1);
    little.release(raw(kept));
    ASSERT_EQ(little.overflowed(), tight.size() - 1 < expected.size());
    ASSERT_EQ(tight.back(), '-');
  }
}

TEST(writer, never_writes_past_its_end) {
  char room[8] = {'-', '-', '-', '-', '-', '-', '-', '-'};
  writer out(room, 4);
  out.put("abc");
  EXPECT_FALSE(out.overflowed());
  out.put("de");
  EXPECT_TRUE(out.overflowed());
  out.put('f');
  out.release(raw("ghi"));
  EXPECT_EQ(std::string_view(room + 4, 4), "----");
}

TEST(writer, writes_numbers) {
  char room[64];
  writer out(room, sizeof room);
  out.put_number(0);
  out.put(' ');
  out.put_number(18446744073709551615u);
  EXPECT_EQ(out.text(), "0 18446744073709551615");
}

TEST(writer, replaces_a_delimiter_since_a_place_only) {
  char room[64];
  writer out(room, sizeof room);
  out.put("a b ");
  const std::size_t from = out.size();
  out.put(" c d ");
  out.replace_since(from, ' ', "%20");
  EXPECT_EQ(out.text(), "a b %20c%20d%20");
}

TEST(writer, refuses_a_replacement_that_does_not_fit) {
  char room[4];
  writer out(room, sizeof room);
  out.put("a b");
  out.replace_since(0, ' ', "%20");
  EXPECT_TRUE(out.overflowed());
}
