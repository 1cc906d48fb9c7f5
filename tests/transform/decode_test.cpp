// Undoing escapes: one pass for logs, up to three rounds for URLs, and nothing is guessed.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include <anonlog/transform/decode.hpp>

using namespace anonlog;

namespace {

std::string unescaped(std::string_view text) {
  scratch memory(text.size() + 16);
  bool ok = true;
  const raw out = unescape_log(raw(text), memory, ok);
  EXPECT_TRUE(ok);
  return {out.begin(), out.size()};
}

std::string decoded(std::string_view text, int rounds) {
  scratch memory(text.size() + 16);
  bool ok = true;
  const raw out = percent_decode(raw(text), rounds, memory, ok);
  EXPECT_TRUE(ok);
  return {out.begin(), out.size()};
}

}  // namespace

TEST(unescape_log, undoes_what_servers_write) {
  EXPECT_EQ(unescaped(R"(a\"b\\c\x0a\xE9\xe9\n\r\t\b\v\f)"), "a\"b\\c\n\xE9\xE9\n\r\t\b\v\f");
}

TEST(unescape_log, leaves_any_other_backslash) {
  EXPECT_EQ(unescaped(R"(\q \x \x4 \xg1 \)"), R"(\q \x \x4 \xg1 \)");
}

TEST(unescape_log, goes_once_from_the_left) {
  EXPECT_EQ(unescaped(R"(\\x41)"), R"(\x41)");
  EXPECT_EQ(unescaped(R"(\\\x41)"), R"(\A)");
  EXPECT_EQ(unescaped(R"(\x5cx41)"), R"(\x41)");
}

TEST(percent_decode, stops_after_the_rounds_it_was_given) {
  EXPECT_EQ(decoded("%41", 1), "A");
  EXPECT_EQ(decoded("%2541", 1), "%41");
  EXPECT_EQ(decoded("%2541", 3), "A");
  EXPECT_EQ(decoded("%25252540", 3), "%40");
  EXPECT_EQ(decoded("%25252540", 4), "@");
}

TEST(percent_decode, leaves_what_is_no_escape) {
  EXPECT_EQ(decoded("%", 3), "%");
  EXPECT_EQ(decoded("%4", 3), "%4");
  EXPECT_EQ(decoded("100%zz%4g%", 3), "100%zz%4g%");
  EXPECT_EQ(decoded("%%34%31", 3), "A");  // %%34%31 -> %41 -> A
}

TEST(percent_decode, says_when_memory_is_used_up_and_gives_nothing) {
  scratch memory(2);
  bool ok = true;
  EXPECT_TRUE(percent_decode(raw("%41%41", 6), 3, memory, ok).empty());
  EXPECT_FALSE(ok);
}
