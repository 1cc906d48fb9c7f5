// block/client_tokens.hpp: the pseudonyms of the addresses of many plain lines, hashed together.
//
// The busiest addresses are remembered in a small table; whoever floods it with addresses gains nothing but misses, and
// a miss costs an eighth or a quarter of a hash alone. The table is wiped with the keys and when the stream goes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include <anonlog/block/plain_client.hpp>
#include <anonlog/core/seeded_hash.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/crypto/blake2b_batch.hpp>
#include <anonlog/transform/ip_position.hpp>

namespace anonlog {

// Belongs to one stream.
class client_tokens {
 public:
  client_tokens(const ip_position& rule, kernel k)
      : rule_(rule), hash_messages_(hash_messages_of(k)), seed_(hash_key::random().words[0] | 1), known_(new entry[entries]()) {}
  client_tokens(const client_tokens&) = delete;
  client_tokens& operator=(const client_tokens&) = delete;
  ~client_tokens() { forget(); }

  // Writes the pseudonym of an address to 64 bytes at `text` and its size to `size`: now or when finish() is called, until
  // when both must stay where they are.
  void write(const ip_address& address, const epoch_keys& keys, char* text, std::uint8_t& size) noexcept {
    entry& e = known_[place_of(address)];
    const std::uint64_t tag = keys.serial() << 1 | (address.is_ipv4 ? 1 : 0);
    if (e.tag == tag && e.address == address.bytes) {
      std::memcpy(text, e.text.data(), e.text.size());
      size = e.size;
      return;
    }
    if (waiting_count_ == waiting_.size()) finish();
    hash_message& message = messages_[waiting_count_];
    message.begin(keys.state_of(class_id::ip));
    message.add(rule_.token.message(address).text());
    waiting_[waiting_count_++] = {&e, address, tag, text, &size};
  }

  void finish() noexcept {
    if (waiting_count_ == 0) return;
    hash_messages_(messages_.data(), waiting_count_, hashes_.data());
    for (std::size_t i = 0; i < waiting_count_; ++i) {
      const waiting& w = waiting_[i];
      writer out(w.text, longest_text);
      if (rule_.mode == ip_mode::ula) put_ip(to_ula(hashes_[i]), out);
      else put_token(out, "ip", hashes_[i], rule_.style);
      *w.size = static_cast<std::uint8_t>(out.size());
      *w.place = {.address = w.address.bytes, .tag = w.tag, .text = {}, .size = *w.size};
      std::memcpy(w.place->text.data(), w.text, out.size());
    }
    waiting_count_ = 0;
  }

  // When keys are wiped, so is what was made with them.
  void forget() noexcept {
    wipe(known_.get(), entries * sizeof(entry));
    for (hash_message& message : messages_) message.wipe();
    wipe(hashes_.data(), sizeof hashes_);
    wipe(waiting_.data(), sizeof waiting_);
  }

 private:
  static constexpr std::size_t entries = 8192;   // half a megabyte
  static constexpr std::size_t longest_text = 39;  // of an IPv6 address; a token is shorter

  struct alignas(64) entry {
    std::array<std::uint8_t, 16> address;
    std::uint64_t tag;  // the serial of the keys and the family; 0: nothing is here
    std::array<char, longest_text> text;
    std::uint8_t size;
  };
  static_assert(sizeof(entry) == 64);

  struct waiting {
    entry* place;
    ip_address address;
    std::uint64_t tag;
    char* text;
    std::uint8_t* size;
  };

  std::size_t place_of(const ip_address& address) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, address.bytes.data(), sizeof halves);
    const std::uint64_t mixed = (halves[0] ^ seed_) * 0x9E3779B97F4A7C15 ^ (halves[1] + seed_) * 0xC2B2AE3D27D4EB4F;
    return (mixed ^ mixed >> 32) * seed_ >> 51;
  }

  const ip_position& rule_;
  hash_messages_function hash_messages_;
  std::uint64_t seed_;
  std::unique_ptr<entry[]> known_;
  std::array<hash_message, 128> messages_;
  std::array<hash128, 128> hashes_;
  std::array<waiting, 128> waiting_;
  std::size_t waiting_count_ = 0;
};

}  // namespace anonlog
