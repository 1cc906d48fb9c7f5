// tests/crypto/epoch_keys_test.cpp: what anonlog/crypto/epoch_keys.hpp promises.
#include <anonlog/crypto/epoch_keys.hpp>

#include <gtest/gtest.h>

#include <set>

#include "crypto/hex.hpp"
#include "crypto/stack_residue.hpp"
#include "support.hpp"

namespace anonlog {
namespace {

using testing::counting_secret;
using testing::hex;

std::string class_key(const epoch_keys& keys, class_id c) { return hex(keys.key_of(c), key_bytes); }

std::string recipient_key(std::string_view recipient) {
  unsigned char r[key_bytes];
  epoch_keys_detail::derive_recipient_key(r, counting_secret().data(), recipient, 86400);
  return hex(r, sizeof r);
}

// SPEC 3.3.6
TEST(epoch_keys, derives_the_keys_of_the_specification) {
  EXPECT_EQ(recipient_key(""), "e0fe47f431a1cd8b05c6a4c554d5475e17a2c76077736a536d067b322f4f4f29");
  EXPECT_EQ(recipient_key("acme"), "f49058e267587f529f03b00160f2e3230d874409d6b047c58409ea46dc3d00fe");
  const epoch_keys& keys = testing::test_keys();
  EXPECT_EQ(class_key(keys, class_id::ip), "225b0f005225ebcbbf8a772107f6d01a0616e8e43510c77a4d68769520775936");
  EXPECT_EQ(class_key(keys, class_id::user), "93d841267011a99198b6422ce98578cda73e364adb084786fd4dcded8809f35c");
  EXPECT_EQ(class_key(keys, class_id::email), "5bc51b159cf8bdf05d03bf0cacf038027905b84ad190c9b310c96f5ded083002");
}

TEST(epoch_keys, names_keys_by_the_fingerprints_of_the_specification) {
  EXPECT_EQ(view(fingerprint(counting_secret().data())), "AL1:1a0aa810a91056bb");
  EXPECT_EQ(view(recipient_fingerprint(counting_secret().data(), "", 86400)), "AL1:91973b06c43acebc");
  EXPECT_EQ(view(recipient_fingerprint(counting_secret().data(), "acme", 86400)), "AL1:1e3f07c1fd1b5792");
}

TEST(epoch_keys, rest_on_the_library_functions_of_the_specification) {
  ASSERT_TRUE(is_sodium_ready());
  unsigned char e[key_bytes], t[16];
  crypto_kdf_derive_from_key(e, sizeof e, 0, "ALepoch1", counting_secret().data());
  EXPECT_EQ(hex(e, sizeof e), "36ca07b3c520ad433c8e6663a1e683aff2d2cba73c7c4abd4823b3c0fc65ccc8");
  crypto_generichash(t, sizeof t, nullptr, 0, counting_secret().data(), key_bytes);
  EXPECT_EQ(hex(t, sizeof t), "3daf97bce7888fd59773c66bf647459c");

  epoch_keys_detail::derive_recipient_key(e, counting_secret().data(), "", 86400);
  unsigned char epoch[key_bytes];
  crypto_kdf_derive_from_key(epoch, sizeof epoch, 20468, "ALepoch1", e);
  EXPECT_EQ(hex(epoch, sizeof epoch), "13f05542d4b1b09a5ab33f8aed540d9677a5e0bbc446801d39fad8d267b441d0");
}

TEST(epoch_keys, differ_in_every_class_epoch_recipient_length_and_era) {
  std::set<std::string> seen;
  std::size_t made = 0;
  for (unsigned s : {0U, 1U})
    for (std::string_view recipient : {"", "acme", "acm"})
      for (std::uint64_t seconds : {0U, 3600U, 86400U})
        for (std::uint64_t epoch : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
          const epoch_keys keys = derive_epoch_keys(counting_secret(s).data(), recipient, seconds, epoch);
          for (class_id c : classes_in_use) seen.insert(class_key(keys, c)), ++made;
        }
  EXPECT_EQ(seen.size(), made);
}

TEST(epoch_keys, leave_nothing_of_the_keys_on_the_way) {
  const epoch_keys& keys = testing::test_keys();
  const unsigned char* const block = keys.key_of(classes_in_use[0]) - 2 * key_bytes;
  for (std::size_t i = 0; i < 2 * key_bytes; ++i) EXPECT_EQ(block[i], 0) << i;
}

#if defined(__OPTIMIZE__)
TEST(epoch_keys, leave_nothing_on_the_stack_when_they_are_derived) {
  epoch_keys keys = derive_epoch_keys(counting_secret().data(), "", 86400, 1);
  keys.derive(counting_secret().data(), "", 86400, 77);
  std::size_t left = 0;  // counted before anything else runs there
  for (const class_id c : classes_in_use)
    left += testing::words_left_on_the_stack(keys.key_of(c), key_bytes) +
            testing::words_left_on_the_stack(keys.state_of(c).chain(), 64);
  EXPECT_EQ(left, 0U);
}
#endif

TEST(epoch_keys, are_gone_when_wiped) {
  epoch_keys keys = derive_epoch_keys(counting_secret().data(), "", 86400, 1);
  const unsigned char* const ip = keys.key_of(class_id::ip);
  keys.wipe();
  for (std::size_t i = 0; i < key_bytes; ++i) EXPECT_EQ(ip[i], 0);
  EXPECT_EQ(keys.serial(), 0U);
}

std::string bytes_of(const blake2b_key_state& state) {
  return hex(state.chain(), 64) + hex(state.hash_of_nothing(), 16);
}

TEST(epoch_keys, hold_the_state_of_blake2b_behind_each_key) {
  epoch_keys keys = derive_epoch_keys(counting_secret().data(), "", 86400, 1);
  for (const std::uint64_t epoch : {1U, 2U}) {
    keys.derive(counting_secret().data(), "", 86400, epoch);
    for (const class_id c : classes_in_use)
      EXPECT_EQ(bytes_of(keys.state_of(c)), bytes_of(blake2b_key_state(keys.key_of(c))));
  }
}

TEST(epoch_keys, keep_states_where_they_are_when_moved_and_wipe_them_with_the_keys) {
  epoch_keys keys = derive_epoch_keys(counting_secret().data(), "", 86400, 1);
  const blake2b_key_state& state = keys.state_of(class_id::suppress);
  epoch_keys moved = std::move(keys);
  EXPECT_EQ(&moved.state_of(class_id::suppress), &state);
  moved.wipe();
  EXPECT_EQ(bytes_of(state), std::string(160, '0'));
}

TEST(epoch_keys, carry_another_serial_for_every_derivation) {
  epoch_keys keys = derive_epoch_keys(counting_secret().data(), "", 86400, 1);
  const std::uint64_t before = keys.serial();
  keys.derive(counting_secret().data(), "", 86400, 1);
  EXPECT_NE(keys.serial(), before);
}

TEST(epoch_keys_death, end_the_program_rather_than_hash_without_a_key) {
  const epoch_keys none;
  EXPECT_DEATH(none.key_of(class_id::ip), "");
  EXPECT_DEATH(testing::test_keys().key_of(class_id::ipcrypt_det), "");
  EXPECT_DEATH(none.state_of(class_id::ip), "");
  EXPECT_DEATH(testing::test_keys().state_of(class_id::ipcrypt_det), "");
}

}  // namespace
}  // namespace anonlog
