// Every kernel's map says what the definitions of marks, events and word ends say byte by byte, up to the edge of a page.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <random>
#include <string>
#include <string_view>

#include <anonlog/simd/text_map.hpp>

using namespace anonlog;

namespace {

template <class Test>
std::size_t first_of(std::size_t from, std::size_t to, Test test) {
  while (from < to && !test(from)) ++from;
  return from;
}

void expect_right(std::string_view text, bool marks_slashes = false) {
  for (const kernel k : {kernel::scalar, kernel::avx2, kernel::avx512, kernel::neon}) {
    if (!is_supported(k)) continue;
    SCOPED_TRACE(to_text(k));
    scratch memory(64 + text.size());
    const text_map map(text.data(), text.size(), marks_slashes, text_map_function_of(k), memory);
    ASSERT_TRUE(map);
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t from = 0; from <= text.size(); from += 1 + from / 8) {
      for (const std::size_t to : {text.size(), from + (text.size() - from) / 2}) {
        ASSERT_EQ(map.next_mark(from, to), first_of(from, to, [&](std::size_t i) { return is_text_mark(byte(i)) || (marks_slashes && text[i] == '/'); }));
        // A word or a time may be cut off by the end of 64 bytes, and letters of several words, or bytes above ASCII, may count as one.
        std::size_t event = from, seen = from;
        const auto is_time = [&](std::size_t i) { return text[i] == ':' && i > 0 && i + 1 < text.size() && (text[i - 1] == ':' || is_digit(byte(i - 1))) && !is_word_end(byte(i + 1)) && text[i + 1] != '\''; };
        const auto is_event = [&](std::size_t i) { return (is_label_mark(byte(i)) && !is_time(i)) || text.substr(i, 4) == "user" || text.substr(i, 4) == "User" || text.substr(i, 4) == "for "; };
        const auto may_be = [&](std::size_t i, std::size_t letter, const char* letters) { return i % 64 + letter >= 64 || i + letter >= text.size() || byte(i + letter) >= 0x80 || std::strchr(letters, text[i + letter]) != nullptr; };
        const auto may_be_event = [&](std::size_t i) {
          return is_event(i) || (is_time(i) && (i % 64 == 0 || i % 64 == 63)) || (std::strchr("uUf", text[i]) != nullptr && may_be(i, 1, "so") && may_be(i, 2, "er") && may_be(i, 3, "r "));
        };
        while ((event = map.next_event(event, to)) < to) {
          ASSERT_TRUE(may_be_event(event)) << event;
          ASSERT_EQ(first_of(seen, event, is_event), event);
          seen = ++event;
        }
        ASSERT_EQ(first_of(seen, to, is_event), to);
        if (from >= to) continue;
        const std::optional<text_map::marks> marks = map.marks_between(from, to);
        ASSERT_EQ(marks.has_value(), from % 64 + (to - from) < 64);
        for (std::size_t i = from; marks && i < to; ++i) {
          const bool is_mark = is_text_mark(byte(i)) || (marks_slashes && text[i] == '/');
          ASSERT_EQ(marks->all >> (i - from) & 1, is_mark);
          ASSERT_EQ(marks->others >> (i - from) & 1, is_mark && !is_digit(byte(i)));
        }
        ASSERT_EQ(marks ? (marks->all | marks->others) >> (to - from) : 0, 0U);
        ASSERT_EQ(map.word_end(from, to), first_of(from, to, [&](std::size_t i) { return is_word_end(byte(i)); }));
        std::size_t begin = to - 1;
        while (begin > from && !is_word_end(byte(begin - 1))) --begin;
        ASSERT_EQ(map.word_begin(to - 1, from), begin);
      }
    }
  }
}

}  // namespace

TEST(text_map, marks_the_bytes_that_a_rule_may_begin_with) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool is_letter_or_point = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte != 0 && std::strchr(" !#$&'()*+,./[]^_`{|}", byte) != nullptr);
    EXPECT_EQ(is_text_mark(static_cast<unsigned char>(byte)), !is_letter_or_point) << byte;
    for (const std::size_t place : {0u, 21u, 63u, 64u, 99u}) {
      std::string text(100, 'x');
      text[place] = static_cast<char>(byte);
      expect_right(text);
      expect_right(text, true);
    }
  }
}

TEST(text_map, is_right_for_random_texts) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string text(random() % 300, 'x');
    const unsigned one_in = round % 3 == 0 ? 2 : 16;
    for (char& c : text)
      if (random() % one_in == 0) c = random() % 2 != 0 ? static_cast<char>(random()) : "usefor:/U 1-2'"[random() % 14];
    expect_right(text, round % 2 != 0);
  }
}

TEST(text_map, goes_over_thousands_of_bytes_in_which_nobody_is_named) {
  for (const std::size_t size : {4095u, 4096u, 4097u, 8192u, 12500u}) {
    for (const std::size_t place : {std::size_t{0}, size / 2, size - 1}) {
      std::string text(size, 'x');
      text[place] = ':';
      expect_right(text);
    }
    expect_right(std::string(size, 'x'));
  }
}

TEST(text_map, finds_its_words_wherever_they_stand) {
  for (std::size_t before = 0; before < 140; ++before) {
    expect_right(std::string(before, 'u') + "user" + "r");
    expect_right(std::string(before, ' ') + "User for ");
  }
}

TEST(text_map, takes_no_colon_of_a_time_for_a_label) {
  for (std::size_t before = 0; before < 140; ++before) {
    expect_right(std::string(before, ' ') + "04:47:44 2001::8");
    expect_right(std::string(before, '-') + "1:-x:1:");
  }
}

TEST(text_map, reads_nothing_behind_the_text) {
  const std::size_t page = 4096;
  char* const memory = static_cast<char*>(::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(::mprotect(memory + page, page, PROT_NONE), 0);
  std::memset(memory, 'x', page);
  for (std::size_t size = 0; size <= 140; ++size) expect_right(std::string_view(memory + page - size, size));
  ::munmap(memory, 2 * page);
}

TEST(text_map, says_that_it_has_no_memory) {
  scratch memory(16);
  EXPECT_FALSE(text_map("text", 4, false, text_map_function_of(kernel::scalar), memory));
}
