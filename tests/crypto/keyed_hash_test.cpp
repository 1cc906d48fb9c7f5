// tests/crypto/keyed_hash_test.cpp: what anonlog/crypto/keyed_hash.hpp promises.
#include <anonlog/crypto/keyed_hash.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "crypto/hex.hpp"
#include "support.hpp"

namespace anonlog {
namespace {

using testing::counting_secret;
using testing::hex;
using testing::test_keys;

hash128 hash_of(const epoch_keys& keys, class_id c, std::string_view message) {
  keyed_hash hash(keys, c);
  hash.add(message);
  return hash.finish();
}
std::string hex_of(const hash128& hash) { return hex(hash.bytes.data(), hash.bytes.size()); }

// SPEC 3.3.6: 203.0.113.195; 2001:db8:85a3::8a2e:370:7334 in full and as /64.
TEST(keyed_hash, gives_the_tokens_of_the_specification) {
  EXPECT_EQ(hex_of(hash_of(test_keys(), class_id::ip, std::string_view("\x04\xcb\x00\x71\xc3\x20", 6))),
            "2fb84c9d275bd2aa4a748fa260de6ce7");
  const std::string_view full("\x06\x20\x01\x0d\xb8\x85\xa3\0\0\0\0\x8a\x2e\x03\x70\x73\x34\x80", 18);
  EXPECT_EQ(hex_of(hash_of(test_keys(), class_id::ip, full)), "2c733ed9ffa0e4a005c45a58ad858d12");
  const std::string_view subnet("\x06\x20\x01\x0d\xb8\x85\xa3\0\0\0\0\0\0\0\0\0\0\x40", 18);
  EXPECT_EQ(hex_of(hash_of(test_keys(), class_id::ip, subnet)), "9c54292ddda8923d8aa3f4507c78feaf");
}

// SPEC 3.3.6: example.com, 203.0.113.195, "Mozilla/5.0": v-up3l6ay4j32wodlb, here as the ten bytes behind its symbols.
TEST(keyed_hash, gives_the_visitor_of_the_specification) {
  keyed_hash hash(test_keys(), class_id::visitor);
  hash.add(std::string_view("example.com"));
  hash.add(std::uint8_t{0});
  hash.add(std::string_view("\x04\xcb\x00\x71\xc3\x20", 6));
  hash.add(std::uint8_t{0});
  hash.add(raw(std::string_view("Mozilla/5.0")));
  EXPECT_EQ(hex_of(hash.finish()).substr(0, 20), "a3f6bf031c4ef5670d61");
}

TEST(keyed_hash, does_not_depend_on_how_a_message_was_cut) {
  const std::string message = "site" + std::string(1, '\0') + std::string(700, 'q') + "tail";
  const hash128 whole = hash_of(test_keys(), class_id::visitor, message);
  for (std::size_t cut = 0; cut <= message.size(); cut += 13) {
    keyed_hash hash(test_keys(), class_id::visitor);
    hash.add(std::string_view(message).substr(0, cut));
    hash.add(raw(std::string_view(message).substr(cut)));
    EXPECT_EQ(hash.finish(), whole) << cut;
  }
  keyed_hash bytewise(test_keys(), class_id::visitor);
  for (char c : message) bytewise.add(static_cast<std::uint8_t>(c));
  EXPECT_EQ(bytewise.finish(), whole);
}

TEST(keyed_hash, folds_ascii_letters_only) {
  std::string upper, lower;
  for (int i = 0; i < 1000; ++i) {
    const auto c = static_cast<unsigned char>(i % 256);
    upper += static_cast<char>(c);
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
  }
  keyed_hash hash(test_keys(), class_id::host);
  hash.add_lower(raw(upper));
  EXPECT_EQ(hash.finish(), hash_of(test_keys(), class_id::host, lower));
}

// P7: the same 10^5 messages under two classes, epochs, recipients and eras; the first 80 bits, as tokens show them.
TEST(keyed_hash, never_gives_two_classes_epochs_recipients_or_eras_a_common_token) {
  const auto s = counting_secret(0), other_s = counting_secret(1);
  const epoch_keys base = derive_epoch_keys(s.data(), "", 86400, 20468);
  const epoch_keys next_epoch = derive_epoch_keys(s.data(), "", 86400, 20469);
  const epoch_keys recipient = derive_epoch_keys(s.data(), "acme", 86400, 20468);
  const epoch_keys other_era = derive_epoch_keys(other_s.data(), "", 86400, 20468);
  std::mt19937_64 random(7);
  std::vector<std::array<std::uint8_t, 10>> tokens;
  const auto add = [&](const epoch_keys& keys, class_id c, std::string_view message) {
    const hash128 hash = hash_of(keys, c, message);
    std::memcpy(tokens.emplace_back().data(), hash.bytes.data(), 10);
  };
  for (int i = 0; i < 100000; ++i) {
    const std::uint64_t value[2] = {random(), static_cast<std::uint64_t>(i)};
    const std::string_view message(reinterpret_cast<const char*>(value), sizeof value);
    add(base, class_id::user, message);
    add(base, class_id::session, message);
    add(next_epoch, class_id::user, message);
    add(recipient, class_id::user, message);
    add(other_era, class_id::user, message);
  }
  std::sort(tokens.begin(), tokens.end());
  EXPECT_EQ(std::adjacent_find(tokens.begin(), tokens.end()), tokens.end());
}

}  // namespace
}  // namespace anonlog
