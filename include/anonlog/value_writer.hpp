// value_writer.hpp: one value through its transform to the output, and what is remembered of it.
//
// The busiest values are remembered; the memory belongs to one stream, and pseudonyms are forgotten with their keys. Lines of
// text and lines of JSON (record_writer.hpp, keyed_writer.hpp) share it, and what a record's time is.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include <anonlog/core/memo.hpp>
#include <anonlog/core/recent_words.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/simd/digest_function.hpp>
#include <anonlog/transform/calendar.hpp>

namespace anonlog {

// The record's own time: its first time field that parses. The zone: that of its first calendar stamp that has one.
struct record_time {
  std::int64_t unix_seconds = 0;
  std::int32_t zone_seconds = 0;
  bool has_zone = false;
};

// Belongs to one stream.
class value_writer {
 public:
  explicit value_writer(const plan& rules)
      : plan_(rules),
        memory_(plan::scratch_bytes(rules.longest_line())),
        pseudonyms_({.buckets = 1024, .slot_lines = 2}, digest_function_of(rules.kernel())),
        agents_({.buckets = 4096, .slot_lines = 2}, digest_function_of(rules.kernel())),
        urls_({.buckets = 16384, .slot_lines = 3}, digest_function_of(rules.kernel())) {}
  value_writer(const value_writer&) = delete;
  value_writer& operator=(const value_writer&) = delete;
  ~value_writer() { wipe(&last_stamp_, sizeof last_stamp_); }

  scratch& memory() noexcept { return memory_; }
  memo& agents() noexcept { return agents_; }
  memo& urls() noexcept { return urls_; }

  // What kernels took from the memory without counting it.
  void add_uses_to(tally& counts) const noexcept {
    agents_.add_uses_to(counts);
    urls_.add_uses_to(counts);
  }
  // Due before 2^32 lines.
  void settle(tally& counts) noexcept {
    agents_.settle(counts);
    urls_.settle(counts);
  }

  // When keys are wiped, so is what was made with them.
  void forget_pseudonyms() noexcept { pseudonyms_.forget(); }

  // Takes one time field of a record into account; they come in the order of the line. `date`: of a time of day.
  void read_time(raw text, std::optional<record_time>& found, std::optional<std::int64_t> date = {}) noexcept {
    if (!found && last_stamp_.is(text)) {
      found = last_stamp_.time;
      return;
    }
    timestamp stamp;
    if (!read_timestamp(text, stamp)) return;
    if (date && stamp.form == time_form::w3c_time) join_date(stamp, *date);
    const bool needs_now = !stamp.has_year && stamp.form != time_form::epoch;
    std::int64_t seconds = 0;
    if (!found && unix_seconds(stamp, plan_.normal().zone_seconds(), needs_now ? plan_.now() : 0, seconds)) {
      found = record_time{.unix_seconds = seconds};
      const bool says_all = stamp.form != time_form::w3c_time && !needs_now;  // neither a date beside it nor the clock
      if (says_all) last_stamp_.remember(text, {seconds, stamp.zone_seconds, stamp.has_zone});
    }
    if (found && !found->has_zone && stamp.has_zone) {
      found->has_zone = true;
      found->zone_seconds = stamp.zone_seconds;
    }
  }

  // Before the values of a line. `pseudonyms`: whether they may be remembered; those of a late line may not.
  enum class pseudonyms : bool { forget, remember };
  void begin_line(const scope& around, pseudonyms wanted) noexcept {
    serial_ = around.keys != nullptr && wanted == pseudonyms::remember ? around.keys->serial() : 0;
  }

  // Where what became of a value may be. Asked for all values of a line before the first is written, the memory is on its
  // way meanwhile.
  memo::place look_up(field_class cls, raw value, const protection& rules) noexcept {
    const std::uint8_t kind = rules.memo_kind(cls);
    if (kind == 0) return memo::nowhere;
    const memo& known = memo_for(rules, cls);
    const memo::place at = known.place_of(kind, rules.is_keyed(cls) ? serial_ : 0, value);  // the answer may depend on keys
    known.look(at);
    return at;
  }

  // Writes what becomes of a value that was looked up.
  outcome put(field_class cls, keep_form form, raw value, const memo::place& at, const protection& rules, scope& around, writer& out) noexcept {
    if (cls == field_class::time && last_stamp_.is(value)) return put_last_stamp(form, value, rules, around, out);
    if (cls == field_class::keep || cls == field_class::vhost) return put_word(cls, form, value, rules, around, out);
    const bool may_remember = rules.memo_kind(cls) != 0 && (serial_ != 0 || !rules.is_keyed(cls));
    if (!may_remember) return rules.apply(cls, form, value, around, out);
    return remembered(memo_for(rules, cls), at, around, out, [&] { return rules.apply(cls, form, value, around, out); });
  }

  // The target of a request of a plain line; remembered under a kind of its own.
  void put_target(const memo::place& at, raw target, const protection& rules, scope& around, writer& out) noexcept {
    remembered(urls_, at, around, out, [&] { return rules.apply(field_class::target, keep_form::any, target, around, out); });
  }

 private:
  // Lines come many to a second: the stamp of the line before, and what was read from it and became of it.
  struct stamp_memory {
    std::array<char, 40> text;
    std::array<char, 40> floored;
    std::size_t text_bytes = 0;
    std::size_t floored_bytes = 0;
    const protection* rules = nullptr;  // by which it was floored
    std::int32_t grid_zone_seconds = 0;  // and on whose grid
    record_time time;

    bool is(raw other) const noexcept {
      return other.size() == text_bytes && text_bytes != 0 && std::memcmp(text.data(), other.begin(), text_bytes) == 0;
    }
    void remember(raw other, record_time read) noexcept {
      text_bytes = other.size() <= text.size() ? other.size() : 0;
      if (text_bytes != 0) std::memcpy(text.data(), other.begin(), text_bytes);
      time = read;
      rules = nullptr;
    }
    void remember_floored(const protection& by, std::int32_t zone_seconds, std::string_view out) noexcept {
      grid_zone_seconds = zone_seconds;
      rules = out.size() <= floored.size() ? &by : nullptr;
      floored_bytes = out.size();
      if (rules != nullptr) std::memcpy(floored.data(), out.data(), out.size());
    }
  };

  // What is remembered of a value, or what `apply` makes of it.
  template <class Apply>
  outcome remembered(memo& known, const memo::place& at, scope& around, writer& out, Apply apply) noexcept {
    if (const memo_slot* const found = known.find(at)) {
      known.add_counted(*found, around.counts);
      out.put(found->text());
      return found->result;
    }
    if (!known.admits(at)) return apply();
    const tally before = around.counts;
    const std::size_t from = out.size();
    const outcome result = apply();
    if (!out.overflowed()) known.store(at, out.text(from), result, before, around.counts, around.counts);
    return result;
  }

  memo& memo_for(const protection& rules, field_class cls) noexcept {
    if (rules.is_keyed(cls)) return pseudonyms_;
    return cls == field_class::agent ? agents_ : urls_;
  }

  // A word of the server that was kept before, and counted as nothing else, is not judged again.
  outcome put_word(field_class cls, keep_form form, raw value, const protection& rules, scope& around, writer& out) noexcept {
    const auto kind = static_cast<std::uint8_t>(cls == field_class::vhost ? vhost_kind : static_cast<std::uint8_t>(form));
    if (const std::string_view known = words_.find(&rules, kind, value); !known.empty()) {
      out.put(known);
      return outcome::kept;
    }
    const tally before = around.counts;
    const std::size_t from = out.size();
    const outcome result = rules.apply(cls, form, value, around, out);
    if (result == outcome::kept && before == around.counts && !out.overflowed()) words_.remember(&rules, kind, value, out.text(from));
    return result;
  }

  outcome put_last_stamp(keep_form form, raw value, const protection& rules, scope& around, writer& out) noexcept {
    if (last_stamp_.rules == &rules && last_stamp_.grid_zone_seconds == around.zone_seconds) {
      out.put(std::string_view(last_stamp_.floored.data(), last_stamp_.floored_bytes));
      return outcome::reduced;
    }
    const std::size_t from = out.size();
    const outcome result = rules.apply(field_class::time, form, value, around, out);
    if (result == outcome::reduced && !out.overflowed()) last_stamp_.remember_floored(rules, around.zone_seconds, out.text(from));
    return result;
  }

  static constexpr std::uint8_t vhost_kind = 0xFF;  // beside those of keep_form

  const plan& plan_;
  scratch memory_;
  memo pseudonyms_;  // with agents_ and urls_ 15 MiB when they are full
  memo agents_;
  memo urls_;
  std::uint64_t serial_ = 0;  // of the keys of this line; 0: none, or none that may be remembered
  stamp_memory last_stamp_;
  recent_words words_;
};

}  // namespace anonlog
