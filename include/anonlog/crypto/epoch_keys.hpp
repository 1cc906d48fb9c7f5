// crypto/epoch_keys.hpp: from the secret of an era to the class keys of one epoch.
//
//   S era secret -> R branch of a recipient and an epoch length -> E epoch -> C one key per class in use
//
// Each arrow is one way: who holds a C learns nothing of its neighbours, and two recipients cannot join what they
// got. Source: SPEC 3.3.1; test vectors 3.3.6.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/crypto/blake2b_key_state.hpp>
#include <anonlog/crypto/class_id.hpp>
#include <anonlog/crypto/secret.hpp>

namespace anonlog {

namespace epoch_keys_detail {

// R: keyed BLAKE2b-256 with S over "anonlog/v1" 00 recipient 00 epoch_seconds in decimal.
inline void derive_recipient_key(unsigned char* r, const unsigned char* s, std::string_view recipient,
                                 std::uint64_t epoch_seconds) noexcept {
  char digits[20];
  char* first = digits + sizeof digits;
  do *--first = static_cast<char>('0' + epoch_seconds % 10);
  while ((epoch_seconds /= 10) != 0);

  crypto_generichash_state state;
  const auto add = [&](std::string_view text) noexcept {
    ::crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  };
  ::crypto_generichash_init(&state, s, key_bytes, key_bytes);
  add(std::string_view("anonlog/v1\0", 11));
  add(recipient);
  add(std::string_view("\0", 1));
  add(std::string_view(first, static_cast<std::size_t>(digits + sizeof digits - first)));
  ::crypto_generichash_final(&state, r, key_bytes);
  ::sodium_memzero(&state, sizeof state);
}

}  // namespace epoch_keys_detail

// "AL1:" and 16 hex digits that name a key without revealing it.
inline constexpr std::size_t fingerprint_size = 20;
using fingerprint_text = std::array<char, fingerprint_size>;

inline std::string_view view(const fingerprint_text& text) noexcept { return {text.data(), text.size()}; }

// Of an era secret S or a recipient key R.
inline fingerprint_text fingerprint(const unsigned char* key32) noexcept {
  unsigned char derived[16];
  ::crypto_kdf_derive_from_key(derived, sizeof derived, 0, "ALfprnt1", key32);
  fingerprint_text text = {'A', 'L', '1', ':'};
  for (std::size_t i = 0; i < 8; ++i) {
    text[4 + 2 * i] = lower_hex_digits[derived[i] >> 4];
    text[5 + 2 * i] = lower_hex_digits[derived[i] & 15];
  }
  ::sodium_memzero(derived, sizeof derived);
  return text;
}

// F(R), which the report names for every era that was used.
inline fingerprint_text recipient_fingerprint(const unsigned char* era_secret32, std::string_view recipient,
                                              std::uint64_t epoch_seconds) noexcept {
  unsigned char r[key_bytes];
  epoch_keys_detail::derive_recipient_key(r, era_secret32, recipient, epoch_seconds);
  const fingerprint_text text = fingerprint(r);
  ::sodium_memzero(r, sizeof r);
  return text;
}

// The class keys of one epoch and BLAKE2b's state behind each, in one block of protected memory. Moves; default-made it
// holds no keys.
class epoch_keys {
 public:
  epoch_keys() noexcept = default;

  static result<epoch_keys> make() {
    result<block> memory = block::make();
    if (!memory) return memory.error();
    epoch_keys made;
    made.block_ = std::move(*memory);
    return made;
  }

  // Replaces what it holds. Allocates nothing; the keys on the way there are wiped.
  void derive(const unsigned char* era_secret32, std::string_view recipient, std::uint64_t epoch_seconds,
              std::uint64_t epoch_number) noexcept {
    if (!block_) std::abort();
    unsigned char* const r = block_.data();
    unsigned char* const e = r + key_bytes;
    epoch_keys_detail::derive_recipient_key(r, era_secret32, recipient, epoch_seconds);
    ::crypto_kdf_derive_from_key(e, key_bytes, epoch_number, "ALepoch1", r);
    for (std::size_t i = 0; i < classes_in_use.size(); ++i) {
      unsigned char* const c = block_.data() + keys_at + i * key_bytes;
      ::crypto_kdf_derive_from_key(c, key_bytes, static_cast<std::uint64_t>(classes_in_use[i]), "ALclass1", e);
      new (block_.data() + states_at + i * sizeof(blake2b_key_state)) blake2b_key_state(c);  // wipes the stack, too
    }
    ::sodium_memzero(r, 2 * key_bytes);
    static std::atomic<std::uint64_t> last_serial{0};
    serial_ = last_serial.fetch_add(1, std::memory_order_relaxed) + 1;
  }

  // The 32 bytes of C. Asking for a class that is not in use is a mistake in the program and ends it.
  const unsigned char* key_of(class_id c) const noexcept { return block_.data() + keys_at + held_place(c) * key_bytes; }

  // BLAKE2b-128 that has read this key. Stays where it is when the keys are moved, until they are derived anew.
  const blake2b_key_state& state_of(class_id c) const noexcept {
    const unsigned char* const state = block_.data() + states_at + held_place(c) * sizeof(blake2b_key_state);
    return *std::launder(reinterpret_cast<const blake2b_key_state*>(state));
  }

  // Another number for every derivation in this process: two values remembered under one serial had the same keys.
  std::uint64_t serial() const noexcept { return serial_; }

  void wipe() noexcept {
    block_.wipe();
    serial_ = 0;
  }

 private:
  // R and E while deriving, then C by class, then the state behind each C.
  static constexpr std::size_t keys_at = 2 * key_bytes;
  static constexpr std::size_t states_at = keys_at + classes_in_use.size() * key_bytes;
  using block = secret<states_at + classes_in_use.size() * sizeof(blake2b_key_state)>;

  std::size_t held_place(class_id c) const noexcept {
    const std::size_t place = place_of(c);
    if (place == classes_in_use.size() || serial_ == 0) std::abort();
    return place;
  }

  block block_;
  std::uint64_t serial_ = 0;
};

// For one epoch at a time. Throws std::bad_alloc when there is no protected memory.
inline epoch_keys derive_epoch_keys(const unsigned char* era_secret32, std::string_view recipient,
                                    std::uint64_t epoch_seconds, std::uint64_t epoch_number) {
  result<epoch_keys> keys = epoch_keys::make();
  if (!keys) throw std::bad_alloc();
  keys->derive(era_secret32, recipient, epoch_seconds, epoch_number);
  return std::move(keys).value();
}

}  // namespace anonlog
