// crypto/key_source.hpp: gives a stream the keys for the time of a record.
//
// Either from a keyring, the same for every stream and every run, or ephemeral: drawn for this stream alone and
// forgotten while it runs. Derived keys of the last few epochs are kept, in protected memory.
// Source: SPEC 3.3.1, 3.3.4.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog/crypto/ephemeral_secrets.hpp>
#include <anonlog/crypto/keyring.hpp>

namespace anonlog {

struct key_options {
  std::string recipient;               // of one delivery; empty: the operator itself
  std::uint64_t epoch_seconds = 86400;  // 3600, 86400, 604800, or 0: one epoch for ever
  std::int64_t epoch_offset = 0;       // seconds added to a time before it is divided into epochs
};

constexpr bool is_epoch_length(std::uint64_t seconds) noexcept {
  return seconds == 3600 || seconds == 86400 || seconds == 604800 || seconds == 0;
}

inline std::optional<setup_error> check(const key_options& options) {
  if (!is_recipient(options.recipient))
    return setup_error{"a recipient is at most 64 of a-z, 0-9, dot, underscore and dash"};
  if (!is_epoch_length(options.epoch_seconds))
    return setup_error{"an epoch lasts an hour (3600), a day (86400), a week (604800), or for ever (0)"};
  if (options.epoch_offset < -604800 || options.epoch_offset > 604800)
    return setup_error{"an epoch offset is at most a week (604800 seconds) either way"};
  return std::nullopt;
}

// floor((t + offset) / seconds), also before 1970; 0 for epochs that last for ever.
constexpr std::int64_t epoch_number(std::int64_t unix_seconds, const key_options& options) noexcept {
  if (options.epoch_seconds == 0) return 0;
  const auto seconds = static_cast<std::int64_t>(options.epoch_seconds);
  std::int64_t t = 0;
  if (__builtin_add_overflow(unix_seconds, options.epoch_offset, &t))
    t = unix_seconds < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  return t / seconds - (t % seconds < 0 ? 1 : 0);
}

// Belongs to one stream; moves.
class key_source {
 public:
  // The keyring is shared and outlives the source.
  static result<key_source> from_keyring(const keyring& ring, key_options options) {
    return make(&ring, std::move(options));
  }
  // Two sources draw different secrets: their tokens have nothing in common.
  static result<key_source> ephemeral(key_options options) { return make(nullptr, std::move(options)); }

  bool is_ephemeral() const noexcept { return ring_ == nullptr; }
  const key_options& options() const noexcept { return options_; }

  // Before the first line of each input file.
  void begin_input() noexcept { ephemeral_.begin_input(); }

  // The keys for a record of this time, or nullptr when no era of the keyring covers it. Ask once per record: a late
  // line gets keys of its own each time. They are good until the next call.
  const epoch_keys* keys_at(std::int64_t unix_seconds) noexcept {
    const std::int64_t epoch = epoch_number(unix_seconds, options_);
    is_late_ = false;
    return is_ephemeral() ? ephemeral_keys(epoch) : keyring_keys(unix_seconds, epoch);
  }

  // True if both times, and all between, have the same keys, if any.
  bool is_one_epoch(std::int64_t first, std::int64_t last) const noexcept {
    if (epoch_number(first, options_) != epoch_number(last, options_)) return false;
    return is_ephemeral() || ring_->era_at(first) == ring_->era_at(last);
  }

  // Lines whose epoch had been forgotten (EVIDENCE 5.2).
  std::uint64_t late_epochs() const noexcept { return late_epochs_; }

  // True if the keys given last are for one late line only.
  bool is_late() const noexcept { return is_late_; }

  // How often keys were wiped: what was remembered under them has to go, too.
  std::uint64_t forgotten_epochs() const noexcept { return forgotten_epochs_; }

  // What the report says about keys: for each era that was used, its id and F(R).
  struct used_era {
    std::string_view id;
    fingerprint_text fingerprint;
  };
  std::vector<used_era> used_eras() const {
    std::vector<used_era> used;
    for (std::size_t i = 0; i < used_.size(); ++i)
      if (used_[i]) used.push_back({ring_->eras()[i].id, *used_[i]});
    return used;
  }

 private:
  static constexpr std::size_t cached_epochs = 8;
  static constexpr std::size_t no_era = static_cast<std::size_t>(-1);

  struct cache_entry {
    epoch_keys keys;
    std::size_t era = no_era;  // in the keyring; 0 for ephemeral keys
    std::int64_t epoch = 0;
    std::uint64_t last_use = 0;
  };

  key_source() = default;

  // All memory that running needs is had here.
  static result<key_source> make(const keyring* ring, key_options options) {
    if (std::optional<setup_error> mistake = check(options)) return *mistake;
    key_source source;
    source.ring_ = ring;
    source.options_ = std::move(options);
    if (ring != nullptr) source.used_.resize(ring->eras().size());
    source.cache_.resize(cached_epochs);
    for (cache_entry& entry : source.cache_) {
      result<epoch_keys> keys = epoch_keys::make();
      if (!keys) return keys.error();
      entry.keys = std::move(*keys);
    }
    result<epoch_keys> late_keys = epoch_keys::make();
    result<secret<key_bytes>> late_secret = secret<key_bytes>::make();
    if (!late_keys) return late_keys.error();
    if (!late_secret) return late_secret.error();
    source.late_keys_ = std::move(*late_keys);
    source.late_secret_ = std::move(*late_secret);
    return source;
  }

  const epoch_keys* keyring_keys(std::int64_t unix_seconds, std::int64_t epoch) noexcept {
    const era* const found = ring_->era_at(unix_seconds);
    if (found == nullptr) return nullptr;
    const auto place = static_cast<std::size_t>(found - ring_->eras().data());
    const unsigned char* const secret_bytes = ring_->secret_of(*found);
    if (!used_[place]) used_[place] = recipient_fingerprint(secret_bytes, options_.recipient, options_.epoch_seconds);
    return cached(place, epoch, secret_bytes);
  }

  const epoch_keys* ephemeral_keys(std::int64_t epoch) noexcept {
    if (late_keys_.serial() != 0) late_keys_.wipe();
    const unsigned char* const secret_bytes = ephemeral_.secret_at(epoch);
    if (epoch != last_epoch_) {
      last_epoch_ = epoch;
      for (cache_entry& entry : cache_)
        if (entry.era != no_era && ephemeral_.is_past(entry.epoch)) forget(entry);
    }
    if (secret_bytes != nullptr) return cached(0, epoch, secret_bytes);
    ++late_epochs_;
    is_late_ = true;
    ::randombytes_buf(late_secret_.data(), key_bytes);
    late_keys_.derive(late_secret_.data(), options_.recipient, options_.epoch_seconds,
                      static_cast<std::uint64_t>(epoch));
    late_secret_.wipe();
    return &late_keys_;
  }

  const epoch_keys* cached(std::size_t era_place, std::int64_t epoch, const unsigned char* era_secret) noexcept {
    cache_entry* oldest = &cache_.front();
    ++clock_;
    for (cache_entry& entry : cache_) {
      if (entry.era == era_place && entry.epoch == epoch) {
        entry.last_use = clock_;
        return &entry.keys;
      }
      if (entry.last_use < oldest->last_use) oldest = &entry;
    }
    if (oldest->era != no_era) ++forgotten_epochs_;
    oldest->era = era_place;
    oldest->epoch = epoch;
    oldest->last_use = clock_;
    oldest->keys.derive(era_secret, options_.recipient, options_.epoch_seconds, static_cast<std::uint64_t>(epoch));
    return &oldest->keys;
  }

  void forget(cache_entry& entry) noexcept {
    ++forgotten_epochs_;
    entry.keys.wipe();
    entry.era = no_era;
    entry.last_use = 0;
  }

  const keyring* ring_ = nullptr;  // nullptr: ephemeral
  key_options options_;
  std::vector<cache_entry> cache_;
  std::uint64_t clock_ = 0;
  std::vector<std::optional<fingerprint_text>> used_;  // F(R) by era
  ephemeral_secrets ephemeral_;
  std::int64_t last_epoch_ = std::numeric_limits<std::int64_t>::min();
  epoch_keys late_keys_;
  secret<key_bytes> late_secret_;
  std::uint64_t late_epochs_ = 0;
  std::uint64_t forgotten_epochs_ = 0;
  bool is_late_ = false;
};

}  // namespace anonlog
