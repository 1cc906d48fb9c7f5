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

struct memo_answer {
  std::string_view text;
  anonlog::outcome outcome;
};

// Values longer than `longest_value` and answers longer than `longest_text` are not remembered.
template <std::size_t longest_value, std::size_t longest_text>
class memo {
 public:

  // 2 * `pairs` values are remembered; `pairs` is a power of two.
  explicit memo(std::size_t pairs) : tags_(new tag[2 * pairs]()), entries_(new entry[2 * pairs]), pairs_(pairs) {
    std::random_device random;
    seed_ = static_cast<std::uint64_t>(random()) << 32 | random();
  }
  memo(const memo&) = delete;
  memo& operator=(const memo&) = delete;
  ~memo() { forget(); }

  // Where a value of kind `kind` would be; the answers for one value under two salts are kept apart. Asks the processor to fetch it: look before other work, find after it.
  using place = std::uint64_t;
  place look(std::uint8_t kind, std::uint64_t salt, raw value) const noexcept {
    if (value.size() > longest_value) return 0;
    const place at = XXH3_64bits_withSeed(value.begin(), value.size(), seed_ + kind + (salt << 8)) | 1;  // 0 is no tag
    const std::size_t first = pair_of(at);
    for (std::size_t i = first; i < first + 2; ++i) {
      if (tags_[i] != tag_of(at)) continue;
      for (std::size_t byte = 0; byte < 256; byte += 64)
        __builtin_prefetch(reinterpret_cast<const char*>(&entries_[i]) + byte);
    }
    return at;
  }

  // What became of `value`, or nullptr; adds to `counts` what its transform counted. The text itself is compared.
  const memo_answer* find(place at, std::uint8_t kind, std::uint64_t salt, raw value, tally& counts) noexcept {
    const std::size_t first = pair_of(at);
    for (std::size_t i = first; i < first + 2; ++i) {
      if (tags_[i] != tag_of(at)) continue;
      entry& e = entries_[i];
      if (e.kind != kind || e.salt != salt || e.value_bytes != value.size() || std::memcmp(e.value, value.begin(), value.size()) != 0)
        continue;
      for (unsigned j = 0; j < e.counted_kinds; ++j) counts.counts[e.counted_what[j]] += e.counted_times[j];
      e.is_recent = true;
      found_ = {{e.text, e.text_bytes}, e.result};
      return &found_;
    }
    return nullptr;
  }

  // Remembers an outcome together with what was counted from `before` to `after`.
  void store(place at, std::uint8_t kind, std::uint64_t salt, raw value, std::string_view text, outcome result,
             const tally& before, const tally& after) noexcept {
    if (at == 0 || text.size() > longest_text) return;
    std::array<std::uint8_t, most_counted> what{}, times{};
    std::uint8_t kinds = 0;
    for (std::size_t i = 0; i < before.counts.size(); ++i) {
      const std::uint64_t counted = after.counts[i] - before.counts[i];
      if (counted == 0) continue;
      if (kinds == most_counted || counted > 255) return;
      what[kinds] = static_cast<std::uint8_t>(i);
      times[kinds++] = static_cast<std::uint8_t>(counted);
    }
    const std::size_t first = pair_of(at);
    const std::size_t chosen = tags_[first] == 0 || (tags_[first + 1] != 0 && !entries_[first].is_recent) ? first : first + 1;
    entries_[first].is_recent = false;
    entry& e = entries_[chosen];
    tags_[chosen] = tag_of(at);
    e.counted_what = what;
    e.counted_times = times;
    e.value_bytes = static_cast<std::uint16_t>(value.size());
    e.text_bytes = static_cast<std::uint8_t>(text.size());
    e.counted_kinds = kinds;
    e.kind = kind;
    e.salt = salt;
    e.result = result;
    e.is_recent = true;
    std::memcpy(e.value, value.begin(), value.size());
    std::memcpy(e.text, text.data(), text.size());
  }

  // Forgets everything, and overwrites it.
  void forget() noexcept {
    for (std::size_t i = 0; i < 2 * pairs_; ++i)
      if (tags_[i] != 0) wipe(&entries_[i], sizeof(entry));
    wipe(tags_.get(), 2 * pairs_ * sizeof(tag));
  }

 private:
  static constexpr std::size_t most_counted = 8;
  using tag = std::uint32_t;  // a part of the hash; 0: nothing is here

  struct alignas(64) entry {
    std::uint64_t salt;
    std::array<std::uint8_t, most_counted> counted_what;
    std::array<std::uint8_t, most_counted> counted_times;
    std::uint16_t value_bytes;
    std::uint8_t text_bytes;
    std::uint8_t counted_kinds;
    std::uint8_t kind;
    outcome result;
    bool is_recent;
    char text[longest_text];
    char value[longest_value];
  };
  static_assert(sizeof(entry) == 31 + longest_text + longest_value + 1, "an entry fills its cache lines");

  std::size_t pair_of(place at) const noexcept { return 2 * (at >> 32 & (pairs_ - 1)); }
  static tag tag_of(place at) noexcept { return static_cast<tag>(at); }

  std::unique_ptr<tag[]> tags_;
  std::unique_ptr<entry[]> entries_;
  std::size_t pairs_;
  std::uint64_t seed_ = 0;
  memo_answer found_{};
};

}  // namespace anonlog
