// The fast scans say what the slow ones say, at every length and place, up to the edge of a page.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <random>
#include <string>

#include <anonlog/simd/text_marks.hpp>

using namespace anonlog;

namespace {

void expect_same(std::string_view text) {
  for (std::size_t from = 0; from <= text.size(); from += 1 + from / 8) {
    EXPECT_EQ(find_text_mark(text, from), find_text_mark_scalar(text, from));
    EXPECT_EQ(find_part_mark(text, from), find_part_mark_scalar(text, from));
    EXPECT_EQ(find_key_end(text, from), find_key_end_scalar(text, from));
    EXPECT_EQ(find_four(text, "user", from), text.find("user", from));
  }
}

}  // namespace

TEST(text_marks, are_the_bytes_that_a_rule_may_begin_with) {
  EXPECT_EQ(find_text_mark("no (mark) in this, [text]! {a} , b + c_d/e.f", 0), 44u);
  for (int byte = 0; byte < 256; ++byte) {
    std::string text(40, 'x');
    text[21] = static_cast<char>(byte);
    const bool is_letter_or_point = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte != 0 && std::strchr(" !#$&'()*+,./[]^_`{|}", byte) != nullptr);
    EXPECT_EQ(find_text_mark(text, 0), is_letter_or_point ? 40u : 21u) << byte;
    EXPECT_EQ(find_part_mark(text, 0), byte == '"' || byte == ':' || byte == '[' ? 21u : 40u) << byte;
    expect_same(text);
  }
}

TEST(text_marks, agree_with_the_scalar_ones_for_random_texts) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 100, 'x');
    for (char& c : text)
      if (random() % 16 == 0) c = static_cast<char>(random());
    expect_same(text);
  }
}

TEST(text_marks, find_a_word_of_four_bytes_wherever_it_stands) {
  for (const char* const text : {"user", "xuser", "usersuser", "uuser", "usexuser", "use", "userr", "ruseruseruser"}) {
    for (std::size_t before = 0; before < 40; ++before) {
      for (std::size_t behind = 0; behind < 20; ++behind) expect_same(std::string(before, 'u') + text + std::string(behind, 'r'));
    }
  }
}

TEST(text_marks, read_nothing_behind_the_text) {
  const std::size_t page = 4096;
  char* const memory = static_cast<char*>(::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(::mprotect(memory + page, page, PROT_NONE), 0);
  std::memset(memory, 'x', page);
  for (std::size_t size = 0; size <= 80; ++size) expect_same(std::string_view(memory + page - size, size));
  ::munmap(memory, 2 * page);
}
