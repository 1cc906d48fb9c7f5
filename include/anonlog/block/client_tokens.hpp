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
#include <anonlog/core/value_digest.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/crypto/blake2b_batch.hpp>
#include <anonlog/transform/ip_position.hpp>

namespace anonlog {

// Belongs to one stream.
class client_tokens {
 public:
  client_tokens(const ip_position& rule, kernel k)
      : rule_(rule), hash_messages_(hash_messages_of(k)), seed_(value_digest_key::random().whitening[0] | 1), known_(new entry[entries + 1]()) {}
  client_tokens(const client_tokens&) = delete;
  client_tokens& operator=(const client_tokens&) = delete;
  ~client_tokens() { forget(); }

  // Where a pseudonym of a batch is once finish() was called, until begin().
  struct answer {
    const char* text;  // 64 bytes may be read
    std::uint32_t size;
  };

  // A new batch, of up to batch_addresses. What the one before had to make is remembered now, not sooner: its answers may
  // stand where it goes.
  void begin() noexcept {
    for (std::size_t i = 0; i < waiting_count_; ++i) {
      const waiting& w = waiting_[i];
      *w.place = {.first = w.address.first, .second = w.address.second, .tag = w.tag, .text = {}, .size = w.size};
      std::memcpy(w.place->text.data(), w.text.data(), longest_text);
    }
    waiting_count_ = 0;
  }

  // An address as it is compared: its bytes, or those of an IPv4 address as a number. Never put together from single bytes
  // for that: a wide load of bytes that are still on their way to memory waits for them.
  struct key {
    std::uint64_t first, second;
    bool is_ipv4;
  };
  static key key_of(std::uint32_t ipv4) noexcept { return {ipv4, 0, true}; }
  static key key_of(const ip_address& ipv6) noexcept {
    key made{.first = 0, .second = 0, .is_ipv4 = false};
    std::memcpy(&made, ipv6.bytes.data(), 16);
    return made;
  }

  // Asks the processor for the memory of an address, well before find().
  void prefetch(const key& address) const noexcept { __builtin_prefetch(&known_[place_of(address)]); }

  // `found` is set now or by finish(), until when it stays where it is.
  void find(const key& wanted, const epoch_keys& keys, answer& found) noexcept {
    entry& e = known_[place_of(wanted)];
    const std::uint64_t tag = keys.serial() << 1 | (wanted.is_ipv4 ? 1 : 0);
    found = {e.text.data(), e.size};
    if (((e.first ^ wanted.first) | (e.second ^ wanted.second) | (e.tag ^ tag)) == 0) return;
    waiting& w = waiting_[waiting_count_];
    hash_message& message = messages_[waiting_count_++];
    message.begin(keys.state_of(class_id::ip));
    message.add(rule_.token.message(address_of(wanted)).text());
    w.place = &e;
    w.address = wanted;
    w.tag = tag;
    w.found = &found;
  }

  void finish() noexcept {
    if (waiting_count_ == 0) return;
    hash_messages_(messages_.data(), waiting_count_, hashes_.data());
    for (std::size_t i = 0; i < waiting_count_; ++i) {
      waiting& w = waiting_[i];
      writer out(w.text.data(), longest_text);
      if (rule_.mode == ip_mode::ula) put_ip(to_ula(hashes_[i]), out);
      else put_token(out, "ip", hashes_[i], rule_.style);
      w.size = static_cast<std::uint8_t>(out.size());
      *w.found = {w.text.data(), w.size};
    }
  }

  // When keys are wiped, so is what was made with them.
  void forget() noexcept {
    wipe(known_.get(), entries * sizeof(entry));
    for (hash_message& message : messages_) message.wipe();
    wipe(hashes_.data(), sizeof hashes_);
    wipe(waiting_.data(), sizeof waiting_);
    waiting_count_ = 0;
  }

  static constexpr std::size_t batch_addresses = 64;

 private:
  static constexpr std::size_t entries = 8192;   // half a megabyte
  static constexpr std::size_t longest_text = 39;  // of an IPv6 address; a token is shorter

  struct alignas(64) entry {
    std::uint64_t first, second;  // of the key
    std::uint64_t tag;  // the serial of the keys and the family; 0: nothing is here
    std::array<char, longest_text> text;
    std::uint8_t size;
  };
  static_assert(sizeof(entry) == 64);

  struct waiting {
    entry* place;
    key address;
    std::uint64_t tag;
    answer* found;
    std::array<char, 64> text;
    std::uint8_t size;
  };

  static ip_address address_of(const key& of) noexcept {
    ip_address address{.bytes = {}, .is_ipv4 = of.is_ipv4};
    if (!of.is_ipv4) std::memcpy(address.bytes.data(), &of, 16);
    else for (unsigned octet = 0; octet < 4; ++octet) address.bytes[octet] = static_cast<std::uint8_t>(of.first >> (24 - 8 * octet));
    return address;
  }

  std::size_t place_of(const key& address) const noexcept {
    const std::uint64_t mixed = (address.first ^ seed_) * 0x9E3779B97F4A7C15 ^ (address.second + seed_) * 0xC2B2AE3D27D4EB4F;
    return (mixed ^ mixed >> 32) * seed_ >> 51;
  }

  const ip_position& rule_;
  hash_messages_function hash_messages_;
  std::uint64_t seed_;
  std::unique_ptr<entry[]> known_;  // and one more, for whoever reads 64 bytes of the last text
  std::array<hash_message, batch_addresses> messages_;
  std::array<hash128, batch_addresses> hashes_;
  std::array<waiting, batch_addresses> waiting_;
  std::size_t waiting_count_ = 0;
};

}  // namespace anonlog
