// core/memo.hpp: remembers what became of a value, so that the busiest agents, targets and users are worked out once.
//
// Bounded: two places for every value, the older one goes, so nobody who controls the values gains more than misses.
// The text itself is compared, never only its hash: a hash, seeded at random for each table, chooses the place, and
// nothing of it leaves the process. Belongs to one stream, never shared between tenants, and is wiped when the keys
// change and when it goes (SPEC 3.3.1; a table from value to pseudonym is as good as the key).
//
// A slot fills whole cache lines and holds the answer in front of the value, close together: most are two lines. The
// kernels look at slots themselves (block/*.inl): they know the hash and ask for the memory a block of lines ahead.
#pragma once

#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/seeded_hash.hpp>
#include <anonlog/core/tally.hpp>
#include <anonlog/core/wipe.hpp>

namespace anonlog {

// What is remembered of one value; the bytes of the answer and then of the value follow in memory.
struct memo_slot {
  static constexpr std::size_t most_counted = 4;

  std::uint64_t salt;
  std::uint64_t uses;  // by kernels, not yet added to the counts
  std::uint16_t value_bytes;
  std::uint8_t text_bytes;
  std::uint8_t kind;
  outcome result;
  bool is_recent;
  std::uint8_t counted_kinds;
  std::array<std::uint8_t, most_counted> counted_what;
  std::array<std::uint8_t, most_counted> counted_times;

  const char* text_begin() const noexcept { return reinterpret_cast<const char*>(this + 1); }
  const char* value_begin() const noexcept { return text_begin() + text_bytes; }
  std::string_view text() const noexcept { return {text_begin(), text_bytes}; }

  // What its transform counted, `times` times over.
  void add_to(tally& counts, std::uint64_t times = 1) const noexcept {
    for (unsigned j = 0; j < counted_kinds; ++j) counts.counts[counted_what[j]] += times * counted_times[j];
  }
};
static_assert(sizeof(memo_slot) == 32);

class memo {
 public:
  using place = std::uint64_t;
  using hash_function = std::uint64_t (*)(const hash_key&, const char*, std::size_t) noexcept;

  // How many cache lines a slot has, and how many values are remembered: 2 * `pairs`, a power of two.
  struct size {
    std::size_t pairs;
    std::size_t slot_lines;
  };

  explicit memo(size wanted, hash_function hash = seeded_hash)
      : slot_bytes_(64 * wanted.slot_lines),
        pairs_(wanted.pairs),
        hash_(hash),
        key_(hash_key::random()),
        tags_(new tag[2 * pairs_]()),
        slots_(take_memory(2 * pairs_ * slot_bytes_ + 64)) {}  // kernels may look behind the last slot
  memo(const memo&) = delete;
  memo& operator=(const memo&) = delete;
  ~memo() { forget(); }

  // The answer and the value may have this many bytes together; longer ones are not remembered.
  std::size_t room() const noexcept { return slot_bytes_ - sizeof(memo_slot); }

  // Where a value of kind `kind` would be; the answers for one value under two salts are kept apart.
  place place_of(std::uint8_t kind, std::uint64_t salt, raw value) const noexcept {
    return place_of(kind, salt, hash_(key_, value.begin(), value.size()));
  }
  static place place_of(std::uint8_t kind, std::uint64_t salt, std::uint64_t hash) noexcept {
    return (hash ^ (salt << 8 | kind) * 0x9E3779B97F4A7C15) | 1;  // 0 is no tag
  }

  // Asks the processor to fetch the tags of a place, long before they are looked at.
  void prefetch_tags(place at) const noexcept { __builtin_prefetch(&tags_[pair_of(at)]); }

  // The slot that has the tag of this place, or nullptr. Asks the processor to fetch it: look before other work.
  [[gnu::always_inline]] memo_slot* look(place at, std::size_t value_bytes) const noexcept {
    const std::size_t first = pair_of(at);
    const bool is_first = tags_[first] == tag_of(at), is_second = tags_[first + 1] == tag_of(at);
    if (!is_first && !is_second) return nullptr;
    memo_slot* const found = slot(first + (is_first ? 0 : 1));
    const char* const bytes = reinterpret_cast<const char*>(found);
    __builtin_prefetch(bytes);  // most are three lines or four
    __builtin_prefetch(bytes + 64);
    __builtin_prefetch(bytes + 128);
    __builtin_prefetch(bytes + ((sizeof(memo_slot) + value_bytes) & ~std::size_t{63}));
    return found;
  }

  // What became of `value`, or nullptr. The text itself is compared.
  const memo_slot* find(place at, std::uint8_t kind, std::uint64_t salt, raw value) noexcept {
    const std::size_t first = pair_of(at);
    for (std::size_t i = first; i < first + 2; ++i) {
      if (tags_[i] != tag_of(at)) continue;
      memo_slot* const s = slot(i);
      if (s->kind != kind || s->salt != salt || s->value_bytes != value.size() ||
          std::memcmp(s->value_begin(), value.begin(), value.size()) != 0)
        continue;
      s->is_recent = true;
      return s;
    }
    return nullptr;
  }

  // Remembers an outcome together with what was counted from `before` to `after`. `settled` gets the uses of the value
  // that has to go.
  void store(place at, std::uint8_t kind, std::uint64_t salt, raw value, std::string_view text, outcome result,
             const tally& before, const tally& after, tally& settled) noexcept {
    if (text.size() + value.size() > room() || text.size() > longest_text) return;
    memo_slot made{.salt = salt,
                   .uses = 0,
                   .value_bytes = static_cast<std::uint16_t>(value.size()),
                   .text_bytes = static_cast<std::uint8_t>(text.size()),
                   .kind = kind,
                   .result = result,
                   .is_recent = true,
                   .counted_kinds = 0,
                   .counted_what = {},
                   .counted_times = {}};
    for (std::size_t i = 0; i < before.counts.size(); ++i) {
      const std::uint64_t times = after.counts[i] - before.counts[i];
      if (times == 0) continue;
      if (made.counted_kinds == memo_slot::most_counted || times > 255) return;
      made.counted_what[made.counted_kinds] = static_cast<std::uint8_t>(i);
      made.counted_times[made.counted_kinds++] = static_cast<std::uint8_t>(times);
    }
    const std::size_t first = pair_of(at);
    const bool takes_first = tags_[first] == 0 || (tags_[first + 1] != 0 && !slot(first)->is_recent);
    const std::size_t chosen = takes_first ? first : first + 1;
    memo_slot* const s = slot(chosen);
    if (tags_[chosen] != 0) s->add_to(settled, s->uses);
    if (tags_[first] != 0) slot(first)->is_recent = false;
    tags_[chosen] = tag_of(at);
    std::memcpy(static_cast<void*>(s), &made, sizeof made);
    char* const bytes = reinterpret_cast<char*>(s + 1);
    std::memcpy(bytes, text.data(), text.size());
    std::memcpy(bytes + text.size(), value.begin(), value.size());
  }

  // Adds what the values counted that kernels used. Looks at every slot: for a report, not for every block.
  void add_uses_to(tally& counts) const noexcept {
    for (std::size_t i = 0; i < 2 * pairs_; ++i)
      if (tags_[i] != 0) slot(i)->add_to(counts, slot(i)->uses);
  }

  // The same, and begins anew.
  void settle(tally& counts) noexcept {
    add_uses_to(counts);
    for (std::size_t i = 0; i < 2 * pairs_; ++i)
      if (tags_[i] != 0) slot(i)->uses = 0;
  }

  // Forgets everything, and overwrites it; uses too.
  void forget() noexcept {
    for (std::size_t i = 0; i < 2 * pairs_; ++i)
      if (tags_[i] != 0) wipe(slot(i), slot_bytes_);
    wipe(tags_.get(), 2 * pairs_ * sizeof(tag));
  }

  const hash_key& key() const noexcept { return key_; }

  static constexpr std::size_t longest_text = 192;  // kernels copy it in three steps of 64 bytes

 private:
  using tag = std::uint32_t;  // a part of the hash; 0: nothing is here
  struct give_back {
    void operator()(char* memory) const noexcept { std::free(memory); }
  };

  // Places are chosen at random: with pages of the usual size nearly every look would miss the processor's table of them.
  static char* take_memory(std::size_t bytes) {
    constexpr std::size_t huge_page = std::size_t{1} << 21, page = 4096;
    const std::size_t unit = bytes < huge_page ? page : huge_page;
    const std::size_t whole = (bytes + unit - 1) / unit * unit;
    void* const memory = std::aligned_alloc(unit, whole);
    if (memory == nullptr) throw std::bad_alloc();
    if (unit == huge_page) (void)::madvise(memory, whole, MADV_HUGEPAGE);  // a wish
    return static_cast<char*>(memory);
  }

  memo_slot* slot(std::size_t i) const noexcept { return reinterpret_cast<memo_slot*>(slots_.get() + i * slot_bytes_); }
  std::size_t pair_of(place at) const noexcept { return 2 * (at >> 32 & (pairs_ - 1)); }
  static tag tag_of(place at) noexcept { return static_cast<tag>(at); }

  std::size_t slot_bytes_;
  std::size_t pairs_;
  hash_function hash_;
  hash_key key_;
  std::unique_ptr<tag[]> tags_;
  std::unique_ptr<char[], give_back> slots_;
};

}  // namespace anonlog
