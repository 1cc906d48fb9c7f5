// tests/transform/token_properties.hpp: what holds for every transform that writes pseudonyms, whatever it is given.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <anonlog/transform/example.hpp>

#include "support.hpp"

namespace anonlog::testing {

inline bool is_token_text(std::string_view text, std::string_view tag, std::size_t symbols = 16) {
  return text.size() == tag.size() + 1 + symbols && text.starts_with(tag) && text[tag.size()] == '-' &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(tag.size()) + 1, text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

// Values as an attacker would choose them: any bytes, lengths up to 64 KiB, tokens, brackets, at-signs, percent signs.
inline std::vector<std::string> hostile_values(std::size_t count = 2000) {
  std::vector<std::string> values = {" ", "\t \t", ".", "..", " . ", "\"\"", "<>", "<<>>", "@", "a@", "@a", "a@.",
                                     "<@>", "%", "%%%",
                                     "+", "%20", "%2520", std::string(1, '\0'), "\xFF", "\xEF\xBC\xA0", "a\xEF\xBC",
                                     "u-5jj7gc7miyixhgps", "-a", "--", std::string(65536, 'a'), std::string(65536, '@'),
                                     std::string(65536, '%'), std::string(65536, '\xFF'), std::string(65536, ' '),
                                     std::string(65536, '<')};
  std::mt19937_64 random(20260115);
  const std::string_view telling = "@<>.+%%\"\\- aZ09\xEF\xBC\xA0";
  while (values.size() < count) {
    std::string value(1 + random() % 40, '\0');
    for (char& c : value)
      c = random() % 2 != 0 ? telling[random() % telling.size()] : static_cast<char>(random() % 256);
    if (value != "-") values.push_back(value);
  }
  return values;
}

// The output is "-" or one token with one of the tags: nothing of the input comes out.
template <class Transform>
void expect_tokens_or_nothing(const Transform& transform, std::initializer_list<std::string_view> tags) {
  for (const std::string& value : hostile_values()) {
    const transformed t = run(transform, value);
    const bool is_token = std::any_of(tags.begin(), tags.end(), [&](auto tag) { return is_token_text(t.text, tag); });
    EXPECT_TRUE(t.text == "-" || is_token) << t.text;
    EXPECT_EQ(t.outcome == outcome::tokenised, is_token) << t.text;
    EXPECT_EQ(run(transform, value, nullptr).text, "-");  // no era covers the time
    EXPECT_EQ(run(transform, value).text, t.text);
  }
}

template <class Transform>
void expect_examples() {
  for (const example& e : Transform::examples) {
    const transformed t = run(Transform{}, e.in);
    EXPECT_EQ(t.text, e.out) << e.in;
    EXPECT_EQ(t.outcome, e.outcome) << e.in;
  }
}

}  // namespace anonlog::testing
