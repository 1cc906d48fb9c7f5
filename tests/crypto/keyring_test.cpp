// tests/crypto/keyring_test.cpp: what anonlog/crypto/keyring.hpp promises.
#include <anonlog/crypto/keyring.hpp>

#include <gtest/gtest.h>

#include "crypto/hex.hpp"
#include "support.hpp"

namespace anonlog {
namespace {

using testing::counting_secret;
using testing::hex;

// "SECRET FINGERPRINT", the secret being first, first + 1, ...
std::string key(unsigned first) {
  const auto s = counting_secret(first);
  return hex(s.data(), s.size()) + " " + std::string(view(fingerprint(s.data())));
}

const std::string header = "anonlog-keyring 1\n";
const std::string january = "era 2026-01 2026-01-01T00:00:00Z 2026-02-01T00:00:00Z ";
const std::string february = "era 2026-02 2026-02-01T00:00:00Z 2026-03-01T00:00:00Z ";

constexpr std::int64_t at(std::string_view time) { return *parse_utc_time(time); }

TEST(keyring, reads_eras_holds_comments_and_the_suppression_list) {
  const std::string text = header + "# era <id> <from> <to> <secret> <fingerprint> [hold]\n" + february + key(1) +
                           " hold\n" + january + key(0) + "\n" + "suppress " + key(2) + "\n";
  const result<keyring> ring = parse_keyring(text, "k");
  ASSERT_TRUE(ring) << ring.error().message;
  ASSERT_EQ(ring->eras().size(), 2U);
  const era& first = ring->eras()[0];
  EXPECT_EQ(first.id, "2026-01");
  EXPECT_EQ(first.from, at("2026-01-01T00:00:00Z"));
  EXPECT_EQ(first.to, at("2026-02-01T00:00:00Z"));
  EXPECT_EQ(view(first.fingerprint), "AL1:1a0aa810a91056bb");  // SPEC 3.3.6
  EXPECT_FALSE(first.hold);
  EXPECT_TRUE(ring->eras()[1].hold);
  EXPECT_EQ(hex(ring->secret_of(first), 32), hex(counting_secret(0).data(), 32));
  EXPECT_EQ(hex(ring->secret_of(ring->eras()[1]), 32), hex(counting_secret(1).data(), 32));
  EXPECT_EQ(hex(ring->suppress_secret(), 32), hex(counting_secret(2).data(), 32));
}

TEST(keyring, needs_neither_eras_nor_a_suppression_list_nor_a_last_line_end) {
  const result<keyring> empty = parse_keyring("anonlog-keyring 1", "k");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->suppress_secret(), nullptr);
  EXPECT_EQ(empty->era_at(0), nullptr);
  EXPECT_TRUE(parse_keyring(header + january + key(0), "k"));
}

TEST(keyring, takes_a_time_from_the_start_of_an_era_and_before_its_end) {
  const std::string april = "era 2026-04 2026-04-01T00:00:00Z - ";
  const result<keyring> ring =
      parse_keyring(header + january + key(0) + "\n" + february + key(1) + "\n" + april + key(2) + "\n", "k");
  ASSERT_TRUE(ring) << ring.error().message;
  const auto id_at = [&](std::string_view time) {
    const era* const found = ring->era_at(at(time));
    return found == nullptr ? std::string("none") : found->id;
  };
  EXPECT_EQ(id_at("2025-12-31T23:59:59Z"), "none");
  EXPECT_EQ(id_at("2026-01-01T00:00:00Z"), "2026-01");
  EXPECT_EQ(id_at("2026-01-31T23:59:59Z"), "2026-01");
  EXPECT_EQ(id_at("2026-02-01T00:00:00Z"), "2026-02");
  EXPECT_EQ(id_at("2026-03-01T00:00:00Z"), "none");
  EXPECT_EQ(id_at("2026-04-01T00:00:00Z"), "2026-04");
  EXPECT_EQ(ring->era_at(always_after)->id, "2026-04");
  EXPECT_EQ(ring->era_at(always_before), nullptr);
}

TEST(keyring, lets_both_ends_of_an_era_be_open) {
  const result<keyring> ring = parse_keyring(header + "era all - - " + key(0) + "\n", "k");
  ASSERT_TRUE(ring);
  for (std::int64_t t : {always_before, std::int64_t{-1}, std::int64_t{0}, always_after})
    EXPECT_NE(ring->era_at(t), nullptr);
}

struct refusal {
  const char* about;
  std::string text;
  unsigned line;
  const char* says;
};

std::vector<refusal> refusals() {
  const std::string secret_0 = key(0).substr(0, 64), print_0 = key(0).substr(65);
  std::string upper = secret_0, cut = secret_0.substr(0, 63), mistyped = secret_0, wrong_print = print_0;
  upper[21] = 'A';  // was a
  mistyped[40] = 'f';
  wrong_print.back() = wrong_print.back() == '0' ? '1' : '0';
  const std::string zeros(64, '0');
  return {
      {"nothing", "", 1, "is empty"},
      {"another header", "anonlog-keyring 2\n", 1, "first line must be"},
      {"no header", january + key(0) + "\n", 1, "first line must be"},
      {"a comment before the header", "# x\n" + header, 1, "first line must be"},
      {"a byte order mark", "\xEF\xBB\xBF" + header, 1, "first line must be"},
      {"CR LF", header + january + key(0) + "\r\n", 2, "CR LF"},
      {"a tab", header + "era\t2026-01 - - " + key(0) + "\n", 2, "printable ASCII"},
      {"UTF-8 in a comment", header + "# caf\xC3\xA9\n", 2, "printable ASCII"},
      {"NUL", header + std::string("#\0\n", 3), 2, "printable ASCII"},
      {"two spaces", header + "era  2026-01 - - " + key(0) + "\n", 2, "exactly one space"},
      {"a space at the end", header + january + key(0) + " \n", 2, "exactly one space"},
      {"a space at the start", header + " " + january + key(0) + "\n", 2, "exactly one space"},
      {"another word", header + "erA 2026-01 - - " + key(0) + "\n", 2, "neither an era"},
      {"a secret alone", header + secret_0 + "\n", 2, "neither an era"},
      {"a field too few",
       header + "era 2026-01 - - " + secret_0 + "\n", 2, "expects: era ID FROM TO SECRET FINGERPRINT"},
      {"a field too many", header + january + key(0) + " hold hold\n", 2, "too many fields"},
      {"another flag", header + january + key(0) + " held\n", 2, "\"hold\""},
      {"an id of other letters", header + "era a/b - - " + key(0) + "\n", 2, "an era id is"},
      {"a long id", header + "era " + std::string(65, 'a') + " - - " + key(0) + "\n", 2, "an era id is"},
      {"the id of another era",
       header + "era a - 2026-01-01T00:00:00Z " + key(0) + "\nera a 2026-01-01T00:00:00Z - " + key(1) + "\n", 3,
       "same id"},
      {"a date alone", header + "era a 2026-01-01 - " + key(0) + "\n", 2, "a time is written"},
      {"a time of another zone", header + "era a - 2026-01-01T00:00:00+01:00 " + key(0) + "\n", 2, "a time is written"},
      {"no duration",
       header + "era a 2026-01-01T00:00:00Z 2026-01-01T00:00:00Z " + key(0) + "\n", 2, "ends before it begins"},
      {"time backwards",
       header + "era a 2026-02-01T00:00:00Z 2026-01-01T00:00:00Z " + key(0) + "\n", 2, "ends before it begins"},
      {"upper-case digits", header + january + upper + " " + print_0 + "\n", 2, "64 lower-case hexadecimal"},
      {"a digit too few", header + january + cut + " " + print_0 + "\n", 2, "64 lower-case hexadecimal"},
      {"a digit too many", header + january + secret_0 + "0 " + print_0 + "\n", 2, "64 lower-case hexadecimal"},
      {"all zeros", header + january + zeros + " AL1:0000000000000000\n", 2, "all zeros"},
      {"a digit mistyped", header + january + mistyped + " " + print_0 + "\n", 2, "fingerprint does not belong"},
      {"a fingerprint mistyped",
       header + january + secret_0 + " " + wrong_print + "\n", 2, "fingerprint does not belong"},
      {"a fingerprint cut",
       header + january + secret_0 + " " + print_0.substr(0, 19), 2, "fingerprint does not belong"},
      {"overlap",
       header + "# note\n" + february + key(0) + "\nera b 2026-01-01T00:00:00Z 2026-02-01T00:00:01Z " + key(1) +
       "\n", 4,
       "overlaps the era of line 3"},
      {"an era within another",
       header + "era a - - " + key(0) + "\n" + january + key(1) + "\n", 3, "overlaps the era of line 2"},
      {"one secret for two eras",
       header + january + key(0) + "\n" + february + key(0) + "\n", 3, "stands above already"},
      {"suppress: a field too many",
       header + "suppress " + key(0) + " hold\n", 2, "expects: suppress SECRET FINGERPRINT"},
      {"suppress: all zeros", header + "suppress " + zeros + " " + print_0 + "\n", 2, "all zeros"},
      {"suppress: twice", header + "suppress " + key(0) + "\nsuppress " + key(1) + "\n", 3, "second suppress line"},
      {"suppress: the secret of an era",
       header + january + key(0) + "\nsuppress " + key(0) + "\n", 3, "stands above already"},
  };
}

TEST(keyring, refuses_whatever_is_not_exactly_a_keyring_and_says_where) {
  for (const refusal& r : refusals()) {
    const result<keyring> ring = parse_keyring(r.text, "ring.txt");
    ASSERT_FALSE(ring) << r.about;
    const std::string& message = ring.error().message;
    EXPECT_TRUE(message.starts_with("ring.txt:" + std::to_string(r.line) + ": ")) << r.about << ": " << message;
    EXPECT_NE(message.find(r.says), std::string::npos) << r.about << ": " << message;
  }
}

// No eight characters of what stands in the file where keys stand.
TEST(keyring, quotes_neither_a_key_nor_a_fingerprint_in_a_message) {
  for (const refusal& r : refusals()) {
    const result<keyring> ring = parse_keyring(r.text, "ring.txt");
    ASSERT_FALSE(ring) << r.about;
    const std::string& message = ring.error().message;
    EXPECT_EQ(message.find("AL1"), std::string::npos) << message;
    std::size_t run = 0;
    for (char c : message) {
      run = is_hex(static_cast<unsigned char>(c)) ? run + 1 : 0;
      EXPECT_LT(run, 8U) << message;
    }
  }
}

TEST(keyring, survives_every_cut_of_its_text) {
  const std::string text = header + january + key(0) + "\nsuppress " + key(2) + "\n";
  const std::size_t whole_line[] = {header.size() - 1, header.size(), header.size() + january.size() + 85,
                                    header.size() + january.size() + 86, text.size() - 1, text.size()};
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const bool is_whole = std::find(std::begin(whole_line), std::end(whole_line), size) != std::end(whole_line);
    EXPECT_EQ(static_cast<bool>(parse_keyring(std::string_view(text).substr(0, size), "k")), is_whole) << size;
  }
}

}  // namespace
}  // namespace anonlog
