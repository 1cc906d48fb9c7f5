// crypto/ephemeral_secrets.hpp: without a keyring: a fresh random secret per epoch, in memory only, soon forgotten.
//
// A secret goes when the lines have moved two epochs past it; an epoch that was forgotten is never drawn again, or
// one epoch could be told apart into two. Source: SPEC 3.3.4.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <anonlog/crypto/secret_table.hpp>

namespace anonlog {

// How far the lines of an input have come.
class newest_epoch {
 public:
  // True if no line was as new before.
  bool advance(std::int64_t epoch) noexcept {
    if (number_ && *number_ >= epoch) return false;
    number_ = epoch;
    return true;
  }
  bool advance(const newest_epoch& other) noexcept { return other.number_ && advance(*other.number_); }

  // Two epochs behind or more: what was derived from the secret of such an epoch has to go too.
  bool is_past(std::int64_t epoch) const noexcept {
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    return number_ && *number_ >= lowest + 2 && epoch <= *number_ - 2;
  }

 private:
  std::optional<std::int64_t> number_;  // none: no line yet
};

// Used by one thread at a time.
class ephemeral_secrets {
 public:
  static constexpr std::size_t max_epochs = 65536;  // remembered; beyond them whatever has no secret is late

  // A new input file: its lines may be older than those of the one before. What was wiped stays wiped.
  void begin_input() noexcept {
    newest_ = {};
    swept_ = 0;
  }

  // The lines have come to `newest`: what is past is wiped.
  void advance(const newest_epoch& newest) noexcept {
    if (newest_.advance(newest)) forget_past();
  }
  const newest_epoch& newest() const noexcept { return newest_; }

  // The secret of an epoch, or nullptr if it is late: two epochs or more behind the newest of this input.
  const unsigned char* secret_at(std::int64_t epoch) noexcept {
    if (newest_.is_past(epoch)) return nullptr;
    const auto found = find(epoch);
    if (found == drawn_.end() || found->epoch != epoch) return draw(epoch);
    return found->place == wiped ? nullptr : secrets_.at(found->place);
  }

 private:
  static constexpr std::size_t wiped = static_cast<std::size_t>(-1);

  struct drawn_epoch {
    std::int64_t epoch;
    std::size_t place;  // in secrets_, or wiped
  };

  std::vector<drawn_epoch>::iterator find(std::int64_t epoch) noexcept {
    return std::lower_bound(drawn_.begin(), drawn_.end(), epoch,
                            [](const drawn_epoch& d, std::int64_t e) { return d.epoch < e; });
  }

  // Once per epoch; without memory for another secret the epoch is late.
  const unsigned char* draw(std::int64_t epoch) noexcept try {
    if (drawn_.size() == max_epochs) return nullptr;
    if (drawn_.size() == drawn_.capacity()) drawn_.reserve(std::max<std::size_t>(16, 2 * drawn_.size()));
    const result<std::size_t> place = secrets_.add();
    if (!place) return nullptr;
    ::randombytes_buf(secrets_.at(place.value()), key_bytes);
    drawn_.insert(find(epoch), {epoch, place.value()});
    return secrets_.at(place.value());
  } catch (...) {
    return nullptr;
  }

  void forget_past() noexcept {
    for (; swept_ < drawn_.size() && newest_.is_past(drawn_[swept_].epoch); ++swept_) {
      if (drawn_[swept_].place == wiped) continue;
      secrets_.remove(drawn_[swept_].place);
      drawn_[swept_].place = wiped;
    }
  }

  std::vector<drawn_epoch> drawn_;  // by epoch
  std::size_t swept_ = 0;           // of drawn_, for this input: all before are wiped
  newest_epoch newest_;
  secret_table secrets_;
};

}  // namespace anonlog
