// core/memo.hpp: remembers what became of a value, so that the busiest agents, targets and users are worked out once.
//
// The value itself is not kept: a value_digest of 128 bits, keyed at random for each table, stands for it, and an answer is
// mostly one cache line. Bounded: four places for every value. Where they are taken, a value must come twice to get one, so
// that a flood of values that come once costs the table nothing; nobody who controls the values gains more than misses.
// Belongs to one stream, never shared between tenants, and is wiped when the keys change and when it goes (SPEC 3.3.1; a
// table from value to pseudonym is as good as the key).
//
// The kernels look at slots themselves (block/*.inl): they know the digest, ask for the tags some lines ahead and for
// the slot a block of lines ahead.
#pragma once

#include <sys/mman.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>

#include <anonlog/core/value_digest.hpp>
#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/tally.hpp>
#include <anonlog/core/wipe.hpp>

namespace anonlog {

// What is remembered of one value; the bytes of the answer follow in memory, and at the end of the slot what was counted.
struct memo_slot {
  value_digest of;
  std::uint32_t uses;  // by kernels, not yet added to the counts: memo::settle comes before 2^32 lines
  std::uint8_t text_bytes;
  outcome result;
  bool is_recent;
  std::uint8_t counted_kinds;

  const char* text_begin() const noexcept { return reinterpret_cast<const char*>(this + 1); }
  std::string_view text() const noexcept { return {text_begin(), text_bytes}; }
};
static_assert(sizeof(memo_slot) == 24);

class memo {
 public:
  using place = value_digest;
  using hash_function = value_digest (*)(const value_digest_key&, const char*, std::size_t) noexcept;

  static constexpr std::size_t longest_text = 160;      // kernels copy it in steps of 40, 64 and 64 bytes
  static constexpr std::size_t first_text_bytes = 40;   // that stand in the first cache line of a slot
  static constexpr std::size_t most_counted = 4;        // kinds of things that one value was counted as
  static constexpr place nowhere{0, 1};                 // of a value that cannot be remembered; nothing is ever there
  static constexpr std::uint64_t most_uses = std::uint64_t{1} << 30;  // lines; a line may use one slot three times

  // 4 * `buckets` values are remembered, a power of two; a slot has so many cache lines.
  struct size {
    std::size_t buckets;
    std::size_t slot_lines;
  };

  explicit memo(size wanted, hash_function hash = portable_digest)
      : slot_bytes_(64 * wanted.slot_lines),
        buckets_(wanted.buckets),
        hash_(hash),
        key_(value_digest_key::random()),
        tags_(new std::uint64_t[buckets_]()),
        came_once_(new std::uint64_t[buckets_]()) {
    // Where no tag fits, the next bucket's first slot is looked at, and is another's: so there is one more.
    take_memory((lanes * buckets_ + 1) * slot_bytes_);
  }
  memo(const memo&) = delete;
  memo& operator=(const memo&) = delete;
  ~memo() { forget(); }

  // Longer answers are not remembered.
  std::size_t room() const noexcept {
    const std::size_t rest = slot_bytes_ - sizeof(memo_slot) - 2 * most_counted;
    return rest < longest_text ? rest : longest_text;
  }

  // Where a value of kind `kind` would be; the answers for one value under two salts are kept apart.
  place place_of(std::uint8_t kind, std::uint64_t salt, raw value) const noexcept {
    if (value.size() > value_digest_key::longest_value) return nowhere;
    return place_of(kind, salt, value.size(), hash_(key_, value.begin(), value.size()));
  }
  static place place_of(std::uint8_t kind, std::uint64_t salt, std::size_t value_bytes, value_digest text) noexcept {
    return {text.low ^ value_bytes << 32, text.high ^ (salt << 8 | kind)};
  }

  // Asks the processor to fetch the tags of a place, long before they are looked at.
  void prefetch_tags(const place& at) const noexcept { __builtin_prefetch(&tags_[bucket_of(at)]); }

  // The slot that has the tag of this place, or any other slot. Asks the processor to fetch it: look before other work, and
  // compare the digest.
  [[gnu::always_inline]] memo_slot* look(const place& at) const noexcept {
    const std::size_t bucket = bucket_of(at);
    const std::uint64_t tags = tags_[bucket];
    const unsigned lane = lane_of(tags, tag_of(at));
    memo_slot* const found = slot(lanes * bucket + lane);
    const std::uint64_t is_long = tags >> (16 * lane & 63) & long_bit;
    __builtin_prefetch(found);
    __builtin_prefetch(reinterpret_cast<const char*>(found) + 64 * is_long);
    return found;
  }

  // What became of the value of this place, or nullptr.
  memo_slot* find(const place& at) noexcept {
    memo_slot* const found = look(at);
    if (!(found->of == at)) return nullptr;
    found->is_recent = true;
    return found;
  }

  // Whether a value that was not found is to be remembered now.
  bool admits(const place& at) noexcept {
    if (at == nowhere) return false;
    const std::size_t bucket = bucket_of(at);
    if (lane_of(tags_[bucket], 0) < lanes) return true;  // there is room
    const std::uint64_t tag = tag_of(at);
    if (lane_of(came_once_[bucket], tag) < lanes) return true;
    came_once_[bucket] = came_once_[bucket] << 16 | tag;
    return false;
  }

  // Remembers an outcome together with what was counted from `before` to `after`. `settled` gets the uses of the value
  // that has to go.
  void store(const place& at, std::string_view text, outcome result, const tally& before, const tally& after, tally& settled) noexcept {
    if (text.size() > room() || at == nowhere) return;
    memo_slot made{.of = at,
                   .uses = 0,
                   .text_bytes = static_cast<std::uint8_t>(text.size()),
                   .result = result,
                   .is_recent = true,
                   .counted_kinds = 0};
    std::array<counted_times, most_counted> counted{};
    for (std::size_t i = 0; i < before.counts.size(); ++i) {
      const std::uint64_t times = after.counts[i] - before.counts[i];
      if (times == 0) continue;
      if (made.counted_kinds == most_counted || times > 255) return;
      counted[made.counted_kinds++] = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(times)};
    }
    const std::size_t bucket = bucket_of(at);
    const unsigned lane = lane_for(bucket, tag_of(at));
    memo_slot* const s = slot(lanes * bucket + lane);
    add_counted(*s, settled, s->uses);
    const std::uint64_t tag = tag_of(at) | (text.size() > first_text_bytes ? long_bit : 0);
    tags_[bucket] = (tags_[bucket] & ~(lane_mask << 16 * lane)) | tag << 16 * lane;
    std::memcpy(static_cast<void*>(s), &made, sizeof made);
    std::memcpy(reinterpret_cast<char*>(s + 1), text.data(), text.size());
    std::memcpy(counted_of(s), counted.data(), sizeof counted);
  }

  // What the transform of a remembered value counted, `times` times over.
  void add_counted(const memo_slot& found, tally& counts, std::uint64_t times = 1) const noexcept {
    for (unsigned j = 0; j < found.counted_kinds; ++j) {
      counted_times one;
      std::memcpy(&one, counted_of(&found) + j * sizeof one, sizeof one);
      counts.counts[one.what] += times * one.times;
    }
  }

  // Adds what the values counted that kernels used. Looks at every slot: for a report, not for every block.
  void add_uses_to(tally& counts) const noexcept {
    for_each_slot([this, &counts](const memo_slot* s) { add_counted(*s, counts, s->uses); });
  }

  // The same, and begins anew.
  void settle(tally& counts) noexcept {
    add_uses_to(counts);
    for_each_slot([](memo_slot* s) { s->uses = 0; });
  }

  // Forgets everything, and overwrites it; uses too.
  void forget() noexcept {
    for_each_slot([this](memo_slot* s) { wipe(s, slot_bytes_); });
    wipe(tags_.get(), buckets_ * sizeof(std::uint64_t));
    wipe(came_once_.get(), buckets_ * sizeof(std::uint64_t));
  }

  const value_digest_key& key() const noexcept { return key_; }

 private:
  // The four tags of a bucket are one word. A tag has 14 bits of the digest, one that says that something is there, and
  // one for an answer that goes on in the second cache line. No bucket holds one tag twice.
  static constexpr unsigned lanes = 4;
  static constexpr std::uint64_t lane_mask = 0xFFFF, taken_bit = 2, long_bit = 1, all_lanes = 0x0001000100010001;

  struct counted_times {
    std::uint8_t what, times;
  };
  const char* counted_of(const memo_slot* s) const noexcept { return reinterpret_cast<const char*>(s) + slot_bytes_ - 2 * most_counted; }
  char* counted_of(memo_slot* s) const noexcept { return reinterpret_cast<char*>(s) + slot_bytes_ - 2 * most_counted; }

  struct give_back {
    void operator()(char* memory) const noexcept { std::free(memory); }
  };

  static std::uint64_t tag_of(const place& at) noexcept { return (at.high >> 48 & ~(taken_bit | long_bit)) | taken_bit; }
  std::size_t bucket_of(const place& at) const noexcept { return at.low & (buckets_ - 1); }
  memo_slot* slot(std::size_t i) const noexcept { return reinterpret_cast<memo_slot*>(first_slot_ + i * slot_bytes_); }

  // The first lane with this tag, or `lanes`; the tag 0 is that of an empty one.
  static unsigned lane_of(std::uint64_t tags, std::uint64_t tag) noexcept {
    const std::uint64_t other = (tags ^ tag * all_lanes) & ~(long_bit * all_lanes);
    const std::uint64_t same = (other - all_lanes) & ~other & (all_lanes << 15);
    return static_cast<unsigned>(std::countr_zero(same)) >> 4;
  }

  // Where a value of this tag goes: an empty lane, or that of a value that was not used of late.
  unsigned lane_for(std::size_t bucket, std::uint64_t tag) noexcept {
    const unsigned own = lane_of(tags_[bucket], tag);
    if (own < lanes) return own;
    const unsigned empty = lane_of(tags_[bucket], 0);
    if (empty < lanes) return empty;
    const unsigned first = tag >> 2 & (lanes - 1);
    for (unsigned i = 0; i < lanes; ++i) {
      memo_slot* const s = slot(lanes * bucket + (first + i) % lanes);
      if (!s->is_recent) return (first + i) % lanes;
      s->is_recent = false;
    }
    return first;
  }

  template <class Work>
  void for_each_slot(Work work) const noexcept {
    for (std::size_t bucket = 0; bucket < buckets_; ++bucket)
      for (unsigned lane = 0; lane < lanes && tags_[bucket] != 0; ++lane)
        if ((tags_[bucket] >> 16 * lane & taken_bit) != 0) work(slot(lanes * bucket + lane));
  }

  // All zero. Places are chosen at random: with pages of the usual size nearly every look would miss the processor's table
  // of them.
  void take_memory(std::size_t bytes) {
    constexpr std::size_t huge_page = std::size_t{1} << 21, page = 4096;
    const std::size_t unit = bytes < huge_page ? page : huge_page;
    const std::size_t whole = (bytes + unit - 1) / unit * unit;
    memory_.reset(static_cast<char*>(std::calloc(whole + unit, 1)));  // of this size it is the system's, and untouched
    if (memory_ == nullptr) throw std::bad_alloc();
    first_slot_ = memory_.get() + (unit - reinterpret_cast<std::uintptr_t>(memory_.get()) % unit) % unit;
    if (unit == huge_page) (void)::madvise(first_slot_, whole, MADV_HUGEPAGE);  // a wish
  }

  std::size_t slot_bytes_;
  std::size_t buckets_;
  hash_function hash_;
  value_digest_key key_;
  std::unique_ptr<std::uint64_t[]> tags_;
  std::unique_ptr<std::uint64_t[]> came_once_;  // tags of values that had to wait
  std::unique_ptr<char[], give_back> memory_;
  char* first_slot_ = nullptr;
};

}  // namespace anonlog
