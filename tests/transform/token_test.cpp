// tests/transform/token_test.cpp: what anonlog/transform/token.hpp promises.
#include <anonlog/transform/token.hpp>

#include <gtest/gtest.h>

#include "transform/token_properties.hpp"

namespace anonlog {
namespace {

std::string text_of(const hash128& hash, std::string_view tag, unsigned symbols) {
  char buffer[64];
  writer out(buffer, sizeof buffer);
  put_token(out, tag, hash, {.symbols = symbols});
  return std::string(out.text());
}

// SPEC 3.3.6: T of 203.0.113.195.
constexpr hash128 t{{0x2f, 0xb8, 0x4c, 0x9d, 0x27, 0x5b, 0xd2, 0xaa, 0x4a, 0x74, 0x8f, 0xa2, 0x60, 0xde, 0x6c, 0xe7}};

TEST(token, writes_the_text_of_the_specification) {
  EXPECT_EQ(text_of(t, "ip", 16), "ip-f64ezhjhlpjkustu");
  EXPECT_EQ(text_of(t, "ip", 26), "ip-f64ezhjhlpjkustur6rgbxtm44");
  EXPECT_EQ(text_of(t, "h", 8), "h-f64ezhjh");
}

TEST(token, is_the_beginning_of_a_longer_one_of_the_same_hash) {
  const std::string whole = text_of(t, "x", 26);
  for (unsigned symbols = 0; symbols <= 26; ++symbols)
    EXPECT_EQ(text_of(t, "x", symbols), whole.substr(0, 2 + symbols));
  EXPECT_EQ(text_of(t, "x", 99), whole);  // there are no more bits
}

TEST(token, uses_the_whole_alphabet_most_significant_bit_first) {
  EXPECT_EQ(text_of(hash128{}, "p", 24), "p-" + std::string(24, 'a'));
  hash128 ones;
  ones.bytes.fill(0xFF);
  EXPECT_EQ(text_of(ones, "p", 24), "p-" + std::string(24, '7'));
  hash128 first;
  first.bytes[0] = 0x08;  // 00001 000
  EXPECT_EQ(text_of(first, "p", 8), "p-baaaaaaa");
}

TEST(token, has_one_of_five_lengths) {
  for (std::uint64_t symbols : {8U, 12U, 16U, 20U, 24U}) EXPECT_TRUE(is_token_length(symbols));
  for (std::uint64_t symbols : {0U, 4U, 9U, 15U, 26U, 28U, 32U}) EXPECT_FALSE(is_token_length(symbols));
}

TEST(token, is_accepted_only_when_asked_and_only_in_exactly_its_form) {
  const token_style accept{.symbols = 16, .accept_tokens = true};
  const auto accepts = [&](std::string_view text) { return is_accepted_token(raw(text), {"u", "e"}, accept); };
  EXPECT_TRUE(accepts("u-5jj7gc7miyixhgps"));
  EXPECT_TRUE(accepts("e-tpp5nih7gpmciccv"));
  EXPECT_FALSE(is_accepted_token(raw("u-5jj7gc7miyixhgps"), {"u", "e"}, {}));
  for (std::string_view other : {"", "u-", "u", "s-5jj7gc7miyixhgps", "ip-5jj7gc7miyixhgps",
                                 "U-5jj7gc7miyixhgps", "u-5jj7gc7miyixhgpS",
                                 "u-5jj7gc7miyixhgp", "u-5jj7gc7miyixhgpsa", "u-5jj7gc7miyixhg1s", "u-5jj7gc7miyixhg8s",
                                 "u_5jj7gc7miyixhgps", " u-5jj7gc7miyixhgps", "u-5jj7gc7miyixhgps ",
                                 "u-5jj7gc7miyix-gps"})
    EXPECT_FALSE(accepts(other)) << other;
  EXPECT_FALSE(accepts(std::string_view("u-5jj7gc7miyixhg\0s", 18)));
}

}  // namespace
}  // namespace anonlog
