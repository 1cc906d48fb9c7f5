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

TEST(unescape_hash, undoes_what_haproxy_writes) {
  const auto undone = [](std::string_view text) {
    scratch memory(text.size() + 16);
    bool ok = true;
    const raw out = unescape_hash(raw(text), memory, ok);
    EXPECT_TRUE(ok);
    return std::string(out.begin(), out.size());
  };
  EXPECT_EQ(undone("#22198.51.100.56#22"), "\"198.51.100.56\"");
  EXPECT_EQ(undone("a#7C#7b#7D#23b#C3#a4"), "a|{}#b\xC3\xA4");
  EXPECT_EQ(undone("#2322"), "#22") << "once, from the left";
  EXPECT_EQ(undone("# #2 #g2 #2g #"), "# #2 #g2 #2g #");
  EXPECT_EQ(undone(""), "");
}

TEST(unescape_hash, says_when_memory_is_used_up_and_gives_nothing) {
  scratch memory(4);
  bool ok = true;
  EXPECT_EQ(unescape_hash(raw(std::string_view("#22#22#22")), memory, ok).size(), 0u);
  EXPECT_FALSE(ok);
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

namespace {

// One byte after the other, as the specification says it.
std::string plainly_unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    constexpr std::string_view marks = "\"\\nrtbvf", plain = "\"\\\n\r\t\b\v\f";
    const std::size_t mark = text[i] == '\\' && i + 1 < text.size() ? marks.find(text[i + 1]) : marks.npos;
    const bool is_hex_escape = text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x' &&
                               is_hex(static_cast<unsigned char>(text[i + 2])) && is_hex(static_cast<unsigned char>(text[i + 3]));
    if (mark != marks.npos) out += plain[mark];
    else out += is_hex_escape ? static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16)) : text[i];
    i += mark != marks.npos ? 2 : is_hex_escape ? 4 : 1;
  }
  return out;
}

std::string plainly_decoded(std::string text, int rounds) {
  for (; rounds > 0; --rounds) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
      const int byte = percent_byte(raw(text), i);
      out += byte >= 0 ? static_cast<char>(byte) : text[i];
      i += byte >= 0 ? 3 : 1;
    }
    text = out;
  }
  return text;
}

}  // namespace

TEST(decode, copies_whole_runs_and_gives_what_one_byte_after_the_other_gives) {
  std::mt19937_64 random(5);
  const std::string pieces[] = {"\\", "x", "\\x4", "\\x41", "\\\\", "\\\"", "\\n", "%", "%2", "%25", "%41", "5", "3", "25", "%%", "%3", "a", "words and more", "\xC3\xA9"};
  for (int i = 0; i < 100000; ++i) {
    std::string text;
    for (std::size_t n = random() % 9; n > 0; --n) text += pieces[random() % std::size(pieces)];
    ASSERT_EQ(unescaped(text), plainly_unescaped(text)) << text;
    for (const int rounds : {1, 2, 3}) ASSERT_EQ(decoded(text, rounds), plainly_decoded(text, rounds)) << text;
  }
}
