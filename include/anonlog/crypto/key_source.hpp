// crypto/key_source.hpp: gives a stream the keys for the time of a record.
//
// Either from a keyring, the same for every stream and every run, or ephemeral: drawn for this stream (and those that
// share its input) and forgotten while it runs. Derived keys of the last few epochs are kept, in protected memory.
// Source: SPEC 3.3.1, 3.3.4.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/crypto/keyring.hpp>
#include <anonlog/crypto/shared_secrets.hpp>

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
  // Two sources draw different secrets, and their tokens have nothing in common, unless they are given the same.
  static result<key_source> ephemeral(key_options options, std::shared_ptr<shared_secrets> secrets = nullptr) {
    result<key_source> made = make(nullptr, std::move(options));
    if (made) made->ephemeral_ = secrets ? std::move(secrets) : std::make_shared<shared_secrets>();
    return made;
  }

  bool is_ephemeral() const noexcept { return ring_ == nullptr; }
  const key_options& options() const noexcept { return options_; }
  const std::shared_ptr<shared_secrets>& secrets() const noexcept { return ephemeral_; }  // nullptr with a keyring

  // Before the first line of each input file.
  void begin_input() noexcept {
    newest_ = {};
    if (is_ephemeral()) ephemeral_->begin_input();
  }

  // The lines that follow are a block; other sources of these secrets have what stands before it and may not be done.
  // Until it ends, nothing is wiped for what stands in it: the epochs before it are not late.
  void begin_block() noexcept {
    is_block_ = true;
    if (!is_ephemeral()) return;
    newest_ = ephemeral_->newest();
    forget_past();
  }
  // When everything before the block is done.
  void end_block() noexcept {
    is_block_ = false;
    if (is_ephemeral()) ephemeral_->advance(newest_);
  }

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

  // Takes over what another source counted and used, which then begins anew and holds no ephemeral key.
  void absorb(key_source& other) noexcept {
    late_epochs_ += std::exchange(other.late_epochs_, 0);
    for (std::size_t i = 0; i < used_.size() && i < other.used_.size(); ++i)
      if (!used_[i]) used_[i] = other.used_[i];
    if (!other.is_ephemeral()) return;
    for (cache_entry& entry : other.cache_)
      if (entry.era != no_era) other.forget(entry);
    other.late_keys_.wipe();
  }

  // Lines whose epoch had been forgotten (EVIDENCE 5.2).
  std::uint64_t late_epochs() const noexcept { return late_epochs_; }

  // True if the keys given last are for one late line only.
  bool is_late() const noexcept { return is_late_; }

  // The keys given last were of no use: the record will ask again, and be counted then.
  void give_back() noexcept {
    if (is_late_) --late_epochs_;
  }

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
    const epoch_keys* const known = find(place, epoch);
    return known != nullptr ? known : derive(place, epoch, secret_bytes);
  }

  const epoch_keys* ephemeral_keys(std::int64_t epoch) noexcept {
    if (late_keys_.serial() != 0) late_keys_.wipe();
    if (newest_.advance(epoch)) {
      if (!is_block_) ephemeral_->advance(newest_);
      forget_past();
    }
    if (newest_.is_past(epoch)) return late_keys(epoch);
    if (const epoch_keys* const known = find(0, epoch)) return known;
    const epoch_keys* keys = nullptr;
    ephemeral_->with_secret(epoch, [&](const unsigned char* secret_bytes) { keys = derive(0, epoch, secret_bytes); });
    return keys != nullptr ? keys : late_keys(epoch);
  }

  const epoch_keys* late_keys(std::int64_t epoch) noexcept {
    ++late_epochs_;
    is_late_ = true;
    ::randombytes_buf(late_secret_.data(), key_bytes);
    late_keys_.derive(late_secret_.data(), options_.recipient, options_.epoch_seconds,
                      static_cast<std::uint64_t>(epoch));
    late_secret_.wipe();
    return &late_keys_;
  }

  const epoch_keys* find(std::size_t era_place, std::int64_t epoch) noexcept {
    ++clock_;
    for (cache_entry& entry : cache_) {
      if (entry.era != era_place || entry.epoch != epoch) continue;
      entry.last_use = clock_;
      return &entry.keys;
    }
    return nullptr;
  }

  // In the place of the keys that were not used for the longest time.
  const epoch_keys* derive(std::size_t era_place, std::int64_t epoch, const unsigned char* era_secret) noexcept {
    cache_entry& oldest = *std::min_element(
        cache_.begin(), cache_.end(), [](const auto& a, const auto& b) { return a.last_use < b.last_use; });
    if (oldest.era != no_era) ++forgotten_epochs_;
    oldest.era = era_place;
    oldest.epoch = epoch;
    oldest.last_use = clock_;
    oldest.keys.derive(era_secret, options_.recipient, options_.epoch_seconds, static_cast<std::uint64_t>(epoch));
    return &oldest.keys;
  }

  void forget_past() noexcept {
    for (cache_entry& entry : cache_)
      if (entry.era != no_era && newest_.is_past(entry.epoch)) forget(entry);
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
  std::shared_ptr<shared_secrets> ephemeral_;
  newest_epoch newest_;  // of the lines this source was asked for, and of those known to stand before
  bool is_block_ = false;
  epoch_keys late_keys_;
  secret<key_bytes> late_secret_;
  std::uint64_t late_epochs_ = 0;
  std::uint64_t forgotten_epochs_ = 0;
  bool is_late_ = false;
};

}  // namespace anonlog
