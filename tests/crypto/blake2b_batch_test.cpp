// tests/crypto/blake2b_batch_test.cpp: what anonlog/crypto/blake2b_batch.hpp promises, of every kernel of this machine.
#include <anonlog/crypto/blake2b_batch.hpp>

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

#include <anonlog/crypto/keyed_hash.hpp>

#include "crypto/hex.hpp"
#include "crypto/stack_residue.hpp"
#include "support.hpp"

namespace anonlog {
namespace {

using testing::counting_secret;
using testing::hex;
using testing::test_keys;
using testing::words_left_on_the_stack;

hash128 sodium_hash(const unsigned char* key32, std::string_view message) {
  hash128 hash;
  crypto_generichash(hash.bytes.data(), hash.bytes.size(), reinterpret_cast<const unsigned char*>(message.data()),
                     message.size(), key32, key_bytes);
  return hash;
}

std::string hex_of(const hash128& hash) { return hex(hash.bytes.data(), hash.bytes.size()); }

// Keys with their states, and as many random bytes as one asks for.
struct key_box {
  explicit key_box(std::uint64_t seed) : random(seed) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string bytes = text(key_bytes);
      std::memcpy(keys[i], bytes.data(), key_bytes);
      states.push_back(std::make_unique<blake2b_key_state>(keys[i]));
    }
  }

  std::string text(std::size_t bytes) {
    std::string made(bytes, '\0');
    for (char& c : made) c = static_cast<char>(random());
    return made;
  }

  static constexpr std::size_t count = 8;
  std::mt19937_64 random;
  unsigned char keys[count][key_bytes];
  std::vector<std::unique_ptr<blake2b_key_state>> states;
};

class every_kernel : public ::testing::TestWithParam<kernel> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(is_sodium_ready());
    if (!is_supported(GetParam())) GTEST_SKIP() << "this machine cannot run the kernel " << to_text(GetParam());
  }

  void hash(const std::vector<hash_message>& messages, hash128* hashes) const {
    hash_messages_of(GetParam())(messages.data(), messages.size(), hashes);
  }
  hash128 hash(const blake2b_key_state& key, std::string_view text) const {
    std::vector<hash_message> messages(1);
    messages[0].begin(key);
    messages[0].add(text);
    hash128 result;
    hash(messages, &result);
    return result;
  }

  // A batch of texts, text i under key i of the box, against libsodium.
  void expect_hashes_of(key_box& box, const std::vector<std::string>& texts) const {
    std::vector<hash_message> messages(texts.size());
    std::vector<hash128> hashes(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      messages[i].begin(*box.states[i % key_box::count]);
      messages[i].add(std::string_view(texts[i]));
    }
    hash(messages, hashes.data());
    for (std::size_t i = 0; i < texts.size(); ++i)
      ASSERT_EQ(hex_of(hashes[i]), hex_of(sodium_hash(box.keys[i % key_box::count], texts[i])))
          << "message " << i << " of " << texts.size() << ", " << texts[i].size() << " bytes";
  }
};

// All that this program has; those that the machine has not are skipped, and say so.
#if ANONLOG_X86_64
constexpr kernel kernels[] = {kernel::scalar, kernel::avx2, kernel::avx512};
#elif ANONLOG_AARCH64
constexpr kernel kernels[] = {kernel::scalar, kernel::neon};
#else
constexpr kernel kernels[] = {kernel::scalar};
#endif
INSTANTIATE_TEST_SUITE_P(blake2b_batch, every_kernel, ::testing::ValuesIn(kernels),
                         [](const auto& tested) { return std::string(to_text(tested.param)); });

// SPEC 3.3.6
TEST_P(every_kernel, gives_the_hashes_of_the_specification) {
  const blake2b_key_state& ip = test_keys().state_of(class_id::ip);
  EXPECT_EQ(hex_of(hash(ip, std::string_view("\x04\xcb\x00\x71\xc3\x20", 6))), "2fb84c9d275bd2aa4a748fa260de6ce7");
  const std::string_view full("\x06\x20\x01\x0d\xb8\x85\xa3\0\0\0\0\x8a\x2e\x03\x70\x73\x34\x80", 18);
  EXPECT_EQ(hex_of(hash(ip, full)), "2c733ed9ffa0e4a005c45a58ad858d12");
  const std::string_view subnet("\x06\x20\x01\x0d\xb8\x85\xa3\0\0\0\0\0\0\0\0\0\0\x40", 18);
  EXPECT_EQ(hex_of(hash(ip, subnet)), "9c54292ddda8923d8aa3f4507c78feaf");
  EXPECT_EQ(hex_of(hash(blake2b_key_state(counting_secret().data()), "")), "3daf97bce7888fd59773c66bf647459c");
}

// Computed with Python's hashlib.blake2b: key 00 01 .. 1f, message 00 01 .., the shape of the vectors of RFC 7693.
TEST_P(every_kernel, gives_the_hashes_that_another_implementation_computed) {
  const blake2b_key_state key(counting_secret().data());
  std::string counting;
  for (int i = 0; i < 128; ++i) counting += static_cast<char>(i);
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 0))), "3daf97bce7888fd59773c66bf647459c");
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 1))), "cb0f7736a53974236661585b8842dd8c");
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 8))), "d99cc9670c25fac25e71e7209b2adecc");
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 31))), "d5c08d529365826e496a8f4db4c26d57");
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 32))), "dcb190a8afef0bf95104a26e7c4891c2");
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 33))), "aa45ac35c9f913ed4537e85274281b40");
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 64))), "d70096919189ec3b386b4de2e4cf86d4");
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 65))), "ca0872c3ad09e78d1588faee593f17b4");
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 127))), "1bd91774d74d27c31ebf3b9089a29219");
  EXPECT_EQ(hex_of(hash(key, counting.substr(0, 128))), "45d43af02414a146c8803c3f7da3554d");
}

TEST_P(every_kernel, agrees_with_libsodium_at_every_length) {
  key_box box(1);
  for (std::size_t bytes = 0; bytes <= hash_message::max_bytes; ++bytes)
    expect_hashes_of(box, {box.text(bytes), std::string(bytes, '\0'), std::string(bytes, '\xFF')});
}

// Whatever the longest of a group is, the others are read as far as it.
TEST_P(every_kernel, agrees_with_libsodium_when_short_and_long_share_a_batch) {
  key_box box(2);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> texts(8);
    const std::size_t longest = 1 + box.random() % hash_message::max_bytes;
    for (std::string& text : texts) text = box.text(box.random() % (longest + 1));
    expect_hashes_of(box, texts);
  }
}

TEST_P(every_kernel, agrees_with_libsodium_at_every_size_of_a_batch) {
  key_box box(3);
  for (std::size_t count = 0; count <= 40; ++count) {
    std::vector<std::string> texts(count);
    for (std::string& text : texts) text = box.text(box.random() % 24);
    expect_hashes_of(box, texts);
  }
}

TEST_P(every_kernel, agrees_with_libsodium_for_a_hundred_thousand_keys_and_messages) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    key_box box(1000 + seed);
    std::vector<std::string> texts(1000);
    for (std::string& text : texts) text = box.text(box.random() % (hash_message::max_bytes + 1));
    expect_hashes_of(box, texts);
  }
}

TEST_P(every_kernel, writes_no_more_hashes_than_there_are_messages) {
  key_box box(4);
  for (std::size_t count = 0; count <= 17; ++count) {
    std::vector<hash_message> messages(count);
    for (hash_message& message : messages) message.begin(*box.states[0]), message.add(std::uint8_t{7});
    std::vector<hash128> hashes(count + 8);
    for (hash128& hash : hashes) hash.bytes.fill(0xEE);
    const std::vector<hash128> before = hashes;
    hash(messages, hashes.data());
    for (std::size_t i = count; i < hashes.size(); ++i) EXPECT_EQ(hashes[i], before[i]) << i << " of " << count;
  }
}

TEST_P(every_kernel, writes_hashes_at_any_address) {
  key_box box(5);
  std::vector<hash_message> messages(9);
  for (hash_message& message : messages) message.begin(*box.states[0]), message.add("anybody");
  std::vector<unsigned char> memory((messages.size() + 4) * sizeof(hash128));
  for (std::size_t offset = 0; offset <= 32; ++offset) {
    auto* const hashes = reinterpret_cast<hash128*>(memory.data() + offset);
    hash(messages, hashes);
    for (std::size_t i = 0; i < messages.size(); ++i) EXPECT_EQ(hashes[i], sodium_hash(box.keys[0], "anybody"));
  }
}

// Messages that end where a page ends, and a key state that does.
TEST_P(every_kernel, reads_nothing_behind_messages_and_keys) {
  const std::size_t page = 4096;
  void* const mapped = ::mmap(nullptr, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(mapped, MAP_FAILED);
  auto* const memory = static_cast<unsigned char*>(mapped);
  ASSERT_EQ(::mprotect(memory + page, page, PROT_NONE), 0);
  ASSERT_EQ(::mprotect(memory + 3 * page, page, PROT_NONE), 0);
  const auto secret = counting_secret();
  const auto* const key = new (memory + page - sizeof(blake2b_key_state)) blake2b_key_state(secret.data());
  for (std::size_t count = 1; count <= 9; ++count) {
    auto* const messages = reinterpret_cast<hash_message*>(memory + 3 * page) - count;
    const std::string text(hash_message::max_bytes - count, 'm');
    for (std::size_t i = 0; i < count; ++i) {
      new (messages + i) hash_message;
      messages[i].begin(*key);
      messages[i].add(std::string_view(text));
    }
    std::vector<hash128> hashes(count);
    hash_messages_of(GetParam())(messages, count, hashes.data());
    for (const hash128& hash : hashes) EXPECT_EQ(hash, sodium_hash(secret.data(), text));
  }
  ::munmap(mapped, 4 * page);
}

TEST_P(every_kernel, ends_the_program_rather_than_hash_a_part_of_a_message_or_without_a_key) {
  const blake2b_key_state key(counting_secret().data());
  std::vector<hash_message> messages(3);
  hash128 hashes[3];
  EXPECT_DEATH(hash(messages, hashes), "");
  for (hash_message& message : messages) message.begin(key);
  hash(messages, hashes);
  messages[2].add(std::string_view(std::string(hash_message::max_bytes + 1, 'x')));
  EXPECT_DEATH(hash(messages, hashes), "");
}

#if defined(__OPTIMIZE__)
TEST_P(every_kernel, leaves_nothing_of_a_key_on_the_stack) {
  const blake2b_key_state& key = test_keys().state_of(class_id::ip);
  std::vector<hash_message> messages(17);
  for (hash_message& message : messages) message.begin(key), message.add(std::string_view(std::string(100, 'x')));
  std::vector<hash128> hashes(messages.size());
  hash_messages_of(GetParam())(messages.data(), messages.size(), hashes.data());
  EXPECT_EQ(words_left_on_the_stack(key.chain(), 64), 0U);
}

TEST(blake2b_key_state, leaves_nothing_of_a_key_on_the_stack) {
  static constexpr unsigned char key[key_bytes] = {1, 9, 2, 8, 3, 7, 4, 6, 3, 1, 4, 1, 5, 9, 2, 6,
                                                   2, 7, 1, 8, 2, 8, 1, 8, 1, 4, 1, 4, 2, 1, 3, 5};
  const blake2b_key_state state(key);
  EXPECT_EQ(words_left_on_the_stack(key, key_bytes), 0U);
  EXPECT_EQ(words_left_on_the_stack(state.chain(), 64), 0U);
}
#endif

TEST(blake2b_key_state, leaves_nothing_when_wiped) {
  blake2b_key_state state(counting_secret().data());
  state.wipe();
  for (std::size_t i = 0; i < 64; ++i) EXPECT_EQ(state.chain()[i], 0);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(state.hash_of_nothing()[i], 0);
}

TEST(hash_messages, uses_the_best_kernel_unless_told) {
  EXPECT_EQ(hash_messages_of(), hash_messages_of(best_kernel()));
  EXPECT_NE(hash_messages_of(kernel::scalar), nullptr);
}

}  // namespace
}  // namespace anonlog
