// Every kernel copies what the writer would let through unchanged, up to the first byte that it would escape.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog/core/writer.hpp>
#include <anonlog/simd/copy_words.hpp>
#include <anonlog/transform/release_words.hpp>

using namespace anonlog;

namespace {

std::vector<copy_words_function> functions() {
  std::vector<copy_words_function> found;
  for (const kernel k : {kernel::scalar, kernel::avx2, kernel::avx512, kernel::neon})
    if (is_supported(k) && copy_words_function_of(k) != nullptr) found.push_back(copy_words_function_of(k));
  return found;
}

std::string released(std::string_view text, copy_words_function copy_words, std::size_t room) {
  std::string written(room, '#');
  scratch memory(16);
  tally counts;
  writer out(written.data(), room);
  release_words(raw(text), scope{.memory = memory, .counts = counts, .copy_words = copy_words}, out);
  return out.overflowed() ? "overflow" : std::string(out.text());
}

void expect_right(std::string_view text) {
  std::size_t safe = 0;
  for (; safe < text.size() && text[safe] >= ' ' && text[safe] <= '~' && text[safe] != '"' && text[safe] != '\\'; ++safe) {}
  for (const copy_words_function copy_words : functions()) {
    std::string to(text.size() + 1, '#');
    ASSERT_EQ(copy_words(to.data(), text.data(), text.size()), text.size() < 16 ? 0 : safe);
    ASSERT_EQ(to.substr(0, text.size() < 16 ? 0 : safe), text.substr(0, text.size() < 16 ? 0 : safe));
    ASSERT_EQ(to.back(), '#') << "written behind the text";
    for (const std::size_t room : {text.size() * 3 + 8, text.size(), text.size() / 2})
      ASSERT_EQ(released(text, copy_words, room), released(text, nullptr, room)) << text.size() << " " << room;
  }
}

}  // namespace

TEST(copy_words, stops_at_each_byte_that_is_not_safe) {
  for (const std::size_t size : {15u, 16u, 17u, 31u, 32u, 40u, 63u, 64u, 65u, 100u, 128u, 200u}) {
    expect_right(std::string(size, 'x'));
    for (std::size_t place = 0; place < size; place += 1 + size / 40) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, 'x');
        text[place] = static_cast<char>(byte);
        expect_right(text);
      }
    }
  }
}

TEST(copy_words, is_right_for_random_texts) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 300, ' ');
    for (char& c : text) c = static_cast<char>(random() % 64 == 0 ? random() % 256 : '!' + random() % 90);
    expect_right(text);
  }
}

TEST(copy_words, reads_and_writes_nothing_behind_the_text) {
  const std::size_t page = 4096;
  char* const memory = static_cast<char*>(::mmap(nullptr, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(::mprotect(memory + page, page, PROT_NONE), 0);
  ASSERT_EQ(::mprotect(memory + 3 * page, page, PROT_NONE), 0);
  std::memset(memory, 'x', page);
  for (const copy_words_function copy_words : functions())
    for (std::size_t size = 16; size <= 200; ++size) EXPECT_EQ(copy_words(memory + 3 * page - size, memory + page - size, size), size);
  ::munmap(memory, 4 * page);
}
