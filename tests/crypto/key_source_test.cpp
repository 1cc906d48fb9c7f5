// tests/crypto/key_source_test.cpp: what anonlog/crypto/key_source.hpp promises.
#include <anonlog/crypto/key_source.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "crypto/hex.hpp"
#include "support.hpp"

namespace anonlog {
namespace {

using testing::counting_secret;
using testing::hex;

constexpr std::int64_t day = 86400;
constexpr std::int64_t noon = 1768478400;  // 2026-01-15T12:00:00Z, SPEC 3.3.6

std::string user_key(const epoch_keys* keys) {
  return keys == nullptr ? "none" : hex(keys->key_of(class_id::user), key_bytes);
}

std::string era_line(std::string_view id, std::string_view from, std::string_view to, unsigned first) {
  const auto s = counting_secret(first);
  std::string line = "era ";
  line.append(id).append(" ").append(from).append(" ").append(to).append(" ").append(hex(s.data(), 32));
  return line.append(" ").append(view(fingerprint(s.data()))).append("\n");
}

keyring january_and_february() {
  return parse_keyring("anonlog-keyring 1\n" + era_line("jan", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", 0) +
                           era_line("feb", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", 1),
                       "k")
      .value();
}

TEST(key_source, gives_the_keys_of_the_specification_from_a_keyring) {
  const keyring ring = january_and_february();
  key_source source = key_source::from_keyring(ring, {}).value();
  EXPECT_FALSE(source.is_ephemeral());
  EXPECT_EQ(user_key(source.keys_at(noon)), "93d841267011a99198b6422ce98578cda73e364adb084786fd4dcded8809f35c");
}

TEST(key_source, gives_none_where_no_era_covers_the_time) {
  const keyring ring = january_and_february();
  key_source source = key_source::from_keyring(ring, {}).value();
  EXPECT_EQ(source.keys_at(noon - 30 * day), nullptr);
  EXPECT_EQ(source.keys_at(noon + 90 * day), nullptr);
  EXPECT_EQ(source.keys_at(0), nullptr);
  EXPECT_EQ(source.keys_at(always_before), nullptr);
  EXPECT_TRUE(source.used_eras().empty());
}

TEST(key_source, counts_epochs_with_the_floor_also_before_1970_and_with_an_offset) {
  const auto number = [](std::int64_t t, std::uint64_t seconds, std::int64_t offset) {
    return epoch_number(t, {.recipient = "", .epoch_seconds = seconds, .epoch_offset = offset});
  };
  EXPECT_EQ(number(noon, 86400, 0), 20468);
  EXPECT_EQ(number(0, 86400, 0), 0);
  EXPECT_EQ(number(-1, 86400, 0), -1);
  EXPECT_EQ(number(-86400, 86400, 0), -1);
  EXPECT_EQ(number(-86401, 86400, 0), -2);
  EXPECT_EQ(number(86399, 86400, 1), 1);
  EXPECT_EQ(number(0, 86400, -1), -1);
  EXPECT_EQ(number(3600, 3600, 0), 1);
  EXPECT_EQ(number(604799, 604800, 0), 0);
  EXPECT_EQ(number(noon, 0, 12345), 0);
  EXPECT_EQ(number(-1, 0, 0), 0);
  EXPECT_EQ(number(always_after, 3600, 3600), always_after / 3600);
  EXPECT_EQ(number(always_before, 3600, -3600), always_before / 3600 - 1);
}

TEST(key_source, gives_another_key_to_each_epoch_recipient_length_and_offset) {
  const keyring ring = january_and_february();
  std::set<std::string> keys;
  for (const key_options& options :
       {key_options{}, key_options{.recipient = "acme"}, key_options{.recipient = "acme2"},
        key_options{.recipient = "", .epoch_seconds = 3600}, key_options{.recipient = "", .epoch_seconds = 604800},
        key_options{.recipient = "", .epoch_seconds = 0}}) {
    key_source source = key_source::from_keyring(ring, options).value();
    keys.insert(user_key(source.keys_at(noon)));
    EXPECT_EQ(user_key(source.keys_at(noon)), user_key(source.keys_at(noon + 1)));
  }
  EXPECT_EQ(keys.size(), 6U);
  key_source plain = key_source::from_keyring(ring, {}).value();
  const key_options half_a_day{.recipient = "", .epoch_seconds = 86400, .epoch_offset = 43200};
  key_source later = key_source::from_keyring(ring, half_a_day).value();
  EXPECT_EQ(user_key(later.keys_at(noon)), user_key(plain.keys_at(noon + day)));
}

TEST(key_source, remembers_few_epochs_and_still_gives_the_same_keys) {
  const keyring ring = january_and_february();
  key_source source = key_source::from_keyring(ring, {}).value();
  std::vector<std::string> first;
  for (std::int64_t i = 0; i < 12; ++i) first.push_back(user_key(source.keys_at(noon + i * day)));
  for (std::size_t i = 0; i < 12; ++i)
    EXPECT_EQ(user_key(source.keys_at(noon + static_cast<std::int64_t>(i) * day)), first[i]);
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), 12U);
  const epoch_keys* const keys = source.keys_at(noon);
  const std::uint64_t serial = keys->serial();
  source.keys_at(noon + day);
  EXPECT_EQ(source.keys_at(noon)->serial(), serial);  // not derived again
}

TEST(key_source, changes_the_secret_in_the_middle_of_an_epoch_when_the_era_ends_there) {
  const keyring ring = parse_keyring("anonlog-keyring 1\n" + era_line("a", "-", "2026-01-15T12:00:00Z", 0) +
                                         era_line("b", "2026-01-15T12:00:00Z", "-", 1), "k").value();
  key_source source = key_source::from_keyring(ring, {}).value();
  EXPECT_NE(user_key(source.keys_at(noon - 1)), user_key(source.keys_at(noon)));
}

TEST(key_source, names_the_eras_it_used_and_the_fingerprints_of_their_branches) {
  const keyring ring = january_and_february();
  key_source source = key_source::from_keyring(ring, {.recipient = "acme"}).value();
  source.keys_at(noon);
  source.keys_at(noon + day);
  auto used = source.used_eras();
  ASSERT_EQ(used.size(), 1U);
  EXPECT_EQ(used[0].id, "jan");
  EXPECT_EQ(view(used[0].fingerprint), "AL1:1e3f07c1fd1b5792");  // SPEC 3.3.6
  source.keys_at(noon + 20 * day);
  used = source.used_eras();
  ASSERT_EQ(used.size(), 2U);
  EXPECT_EQ(used[1].id, "feb");
}

TEST(key_source, refuses_other_recipients_lengths_and_offsets) {
  const keyring ring = january_and_february();
  EXPECT_TRUE(key_source::from_keyring(ring, {.recipient = "a.b_c-9" + std::string(57, 'z')}));
  for (const std::string& recipient : {std::string("Acme"), std::string("a b"), std::string("a/b"),
                                       std::string(65, 'a'),
                                       std::string(1, '\0'), std::string("\xC3\xA9")})
    EXPECT_FALSE(key_source::from_keyring(ring, {.recipient = recipient}));
  for (std::uint64_t seconds : {1U, 60U, 86399U, 86401U, 1209600U})
    EXPECT_FALSE(key_source::ephemeral({.recipient = "", .epoch_seconds = seconds}));
  EXPECT_FALSE(key_source::ephemeral({.recipient = "", .epoch_seconds = 86400, .epoch_offset = 604801}));
  EXPECT_FALSE(key_source::ephemeral({.recipient = "", .epoch_seconds = 86400, .epoch_offset = always_before}));
}

TEST(key_source_ephemeral, disagrees_with_every_other_source) {
  key_source a = key_source::ephemeral({}).value(), b = key_source::ephemeral({}).value();
  EXPECT_TRUE(a.is_ephemeral());
  EXPECT_NE(user_key(a.keys_at(noon)), user_key(b.keys_at(noon)));
  EXPECT_EQ(user_key(a.keys_at(noon)), user_key(a.keys_at(noon)));
  EXPECT_NE(user_key(a.keys_at(noon)), user_key(a.keys_at(noon + day)));
  EXPECT_TRUE(a.used_eras().empty());
}

TEST(key_source_ephemeral, gives_late_lines_keys_of_their_own_and_counts_them) {
  key_source source = key_source::ephemeral({}).value();
  const std::string original = user_key(source.keys_at(noon));
  const std::string second_day = user_key(source.keys_at(noon + day));
  EXPECT_EQ(user_key(source.keys_at(noon)), original);  // one epoch behind is not late
  EXPECT_EQ(source.late_epochs(), 0U);
  source.keys_at(noon + 2 * day);
  std::set<std::string> seen = {original};
  for (int i = 0; i < 5; ++i) seen.insert(user_key(source.keys_at(noon)));
  EXPECT_EQ(seen.size(), 6U);
  EXPECT_EQ(source.late_epochs(), 5U);
  EXPECT_EQ(user_key(source.keys_at(noon + day)), second_day);
  EXPECT_EQ(source.late_epochs(), 5U);
}

TEST(key_source_ephemeral, wipes_derived_keys_together_with_their_secret) {
  key_source source = key_source::ephemeral({}).value();
  const epoch_keys* const first = source.keys_at(noon);
  const unsigned char* const key = first->key_of(class_id::user);
  const std::string before = hex(key, key_bytes);
  source.keys_at(noon + day);
  EXPECT_EQ(hex(key, key_bytes), before);
  source.keys_at(noon + 5 * day);
  EXPECT_NE(hex(key, key_bytes), before);  // though there was room for more epochs
}

TEST(key_source_ephemeral, wipes_the_keys_of_a_late_line_with_the_next_line) {
  key_source source = key_source::ephemeral({}).value();
  source.keys_at(noon);
  const unsigned char* const key = source.keys_at(noon - 9 * day)->key_of(class_id::user);
  EXPECT_NE(std::count(key, key + key_bytes, 0), 32);
  source.keys_at(noon);
  EXPECT_EQ(std::count(key, key + key_bytes, 0), 32);
}

TEST(key_source_ephemeral, takes_older_files_but_never_draws_a_wiped_epoch_again) {
  key_source source = key_source::ephemeral({}).value();
  source.begin_input();
  const std::string first = user_key(source.keys_at(noon));
  source.keys_at(noon + 2 * day);  // noon's is wiped
  source.begin_input();
  EXPECT_NE(source.keys_at(noon - 10 * day), nullptr);  // an older file
  EXPECT_EQ(source.late_epochs(), 0U);
  source.begin_input();
  const std::string again = user_key(source.keys_at(noon));
  EXPECT_NE(again, first);
  EXPECT_NE(user_key(source.keys_at(noon)), again);
  EXPECT_EQ(source.late_epochs(), 2U);
}

TEST(key_source_ephemeral, with_one_epoch_for_ever_is_never_late) {
  key_source source = key_source::ephemeral({.recipient = "", .epoch_seconds = 0}).value();
  const std::string key = user_key(source.keys_at(noon));
  EXPECT_EQ(user_key(source.keys_at(-noon)), key);
  EXPECT_EQ(user_key(source.keys_at(always_after)), key);
  EXPECT_EQ(source.late_epochs(), 0U);
}

TEST(key_source, may_be_moved_while_its_keys_are_in_use) {
  key_source source = key_source::ephemeral({}).value();
  const epoch_keys* const keys = source.keys_at(noon);
  const std::string before = user_key(keys);
  key_source moved = std::move(source);
  EXPECT_EQ(user_key(keys), before);
  EXPECT_EQ(moved.keys_at(noon), keys);
}

}  // namespace
}  // namespace anonlog
