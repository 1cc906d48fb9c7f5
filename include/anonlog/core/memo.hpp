// core/memo.hpp: remembers what became of a value, so that the busiest agents, targets and users are worked out once.
//
// Bounded: two places for every value, the older one goes, so nobody who controls the values gains more than misses.
// The text itself is compared, never only its hash: XXH3 chooses the place, seeded at random for each table, and
// nothing of it leaves the process. Belongs to one stream, never shared between tenants, and is wiped when the keys
// change and when it goes (SPEC 3.3.1; a table from value to pseudonym is as good as the key).
#pragma once

#include <xxhash.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/tally.hpp>
#include <anonlog/core/wipe.hpp>

namespace anonlog {

class memo {
 public:
  static constexpr std::size_t longest_value = 320;
  static constexpr std::size_t longest_text = 136;

  // 2 * `pairs` values are remembered; `pairs` is a power of two.
  explicit memo(std::size_t pairs) : entries_(new entry[2 * pairs]), pairs_(pairs) {
    std::random_device random;
    seed_ = static_cast<std::uint64_t>(random()) << 32 | random();
    forget();
  }
  memo(const memo&) = delete;
  memo& operator=(const memo&) = delete;
  ~memo() { forget(); }

  struct remembered {
    std::string_view text;
    anonlog::outcome outcome;
  };

  // Finds what became of `value` as a value of kind `kind`; adds to `counts` what its transform counted.
  const remembered* find(std::uint8_t kind, raw value, tally& counts) noexcept {
    if (value.size() > longest_value) return nullptr;
    entry* const pair = pair_of(kind, value);
    for (int i = 0; i < 2; ++i) {
      const entry& e = pair[i];
      if (!e.is_used || e.kind != kind || e.value_bytes != value.size() ||
          std::memcmp(e.value, value.begin(), value.size()) != 0)
        continue;
      for (unsigned j = 0; j < e.counted_kinds; ++j) counts.counts[e.counted_what[j]] += e.counted_times[j];
      if (i == 1) pair[0].is_recent = !(pair[1].is_recent = true);
      else pair[1].is_recent = !(pair[0].is_recent = true);
      found_ = {{e.text, e.text_bytes}, e.result};
      return &found_;
    }
    return nullptr;
  }

  // Remembers an outcome together with what was counted from `before` to `after`.
  void store(std::uint8_t kind, raw value, std::string_view text, outcome result, const tally& before,
             const tally& after) noexcept {
    if (value.size() > longest_value || text.size() > longest_text) return;
    entry fresh{};
    for (std::size_t i = 0; i < before.counts.size(); ++i) {
      const std::uint64_t times = after.counts[i] - before.counts[i];
      if (times == 0) continue;
      if (fresh.counted_kinds == fresh.counted_what.size() || times > 255) return;
      fresh.counted_what[fresh.counted_kinds] = static_cast<std::uint8_t>(i);
      fresh.counted_times[fresh.counted_kinds++] = static_cast<std::uint8_t>(times);
    }
    fresh.is_used = fresh.is_recent = true;
    fresh.kind = kind;
    fresh.result = result;
    fresh.value_bytes = static_cast<std::uint16_t>(value.size());
    fresh.text_bytes = static_cast<std::uint8_t>(text.size());
    std::memcpy(fresh.value, value.begin(), value.size());
    std::memcpy(fresh.text, text.data(), text.size());
    entry* const pair = pair_of(kind, value);
    const int place = !pair[0].is_used || (pair[1].is_used && !pair[0].is_recent) ? 0 : 1;
    pair[1 - place].is_recent = false;
    pair[place] = fresh;
  }

  // Forgets everything, and overwrites it.
  void forget() noexcept { wipe(entries_.get(), 2 * pairs_ * sizeof(entry)); }

 private:
  struct entry {
    char value[longest_value];
    char text[longest_text];
    std::array<std::uint8_t, 8> counted_what;
    std::array<std::uint8_t, 8> counted_times;
    std::uint16_t value_bytes;
    std::uint8_t text_bytes;
    std::uint8_t counted_kinds;
    std::uint8_t kind;
    outcome result;
    bool is_used;
    bool is_recent;
  };

  entry* pair_of(std::uint8_t kind, raw value) noexcept {
    const std::uint64_t hash = XXH3_64bits_withSeed(value.begin(), value.size(), seed_ + kind);
    return entries_.get() + 2 * (hash & (pairs_ - 1));
  }

  std::unique_ptr<entry[]> entries_;
  std::size_t pairs_;
  std::uint64_t seed_ = 0;
  remembered found_{};
};

}  // namespace anonlog
