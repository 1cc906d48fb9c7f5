// record_writer.hpp: the fields of one split line, each through its step of the plan, to the output.
//
// What stands between fields comes from the grammar, never from the log. The busiest values are remembered; the memory
// belongs to one stream, and pseudonyms are forgotten with their keys.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include <anonlog/core/memo.hpp>
#include <anonlog/format/record.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/report.hpp>
#include <anonlog/simd/digest_function.hpp>
#include <anonlog/transform/calendar.hpp>
#include <anonlog/transform/decode.hpp>

namespace anonlog {

// The record's own time: its first time field that parses. The zone: that of its first calendar stamp that has one.
struct record_time {
  std::int64_t unix_seconds = 0;
  std::int32_t zone_seconds = 0;
  bool has_zone = false;
};

// Belongs to one stream.
class record_writer {
 public:
  record_writer(const plan& rules, report& counts)
      : plan_(rules),
        counts_(counts),
        memory_(plan::scratch_bytes(rules.longest_line())),
        pseudonyms_({.buckets = 1024, .slot_lines = 2}, digest_function_of(rules.kernel())),
        agents_({.buckets = 4096, .slot_lines = 2}, digest_function_of(rules.kernel())),
        urls_({.buckets = 16384, .slot_lines = 3}, digest_function_of(rules.kernel())) {}
  ~record_writer() { wipe(&last_stamp_, sizeof last_stamp_); }

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

  // Undoes the escapes of a line's fields, in a frame of memory() that the caller holds for as long as the line lasts.
  void begin(const plan::layout& layout, const record& split) noexcept {
    layout_ = &layout;
    doubtful_ = split.doubtful;
    const bool has_escapes = split.has_backslash;
    for (std::size_t i = 0; i < layout.steps.size(); ++i) {
      bool ok = true;
      const raw value = has_escapes || layout.steps[i].undoes_delimiter ? decode_slot(layout.steps[i], split.fields[i], has_escapes, ok)
                                                                        : split.fields[i];
      fields_[i] = {.value = ok ? value : raw("?", 1), .place = memo::nowhere};
    }
  }

  std::optional<record_time> find_time() noexcept {
    std::optional<record_time> found;
    if (!layout_->has_time) return found;
    for (std::size_t i = 0; i < layout_->steps.size(); ++i) {
      if (layout_->steps[i].cls != field_class::time || is_doubtful(i)) continue;
      const raw text = fields_[i].value;
      if (!found && last_stamp_.is(text)) {
        found = last_stamp_.time;
        continue;
      }
      timestamp stamp;
      if (!read_timestamp(text, stamp)) continue;
      const bool needs_now = !stamp.has_year && stamp.form != time_form::epoch;
      std::int64_t seconds = 0;
      if (!found && unix_seconds(stamp, plan_.normal().zone_seconds(), needs_now ? plan_.now() : 0, seconds)) {
        found = record_time{.unix_seconds = seconds};
        if (stamp.has_zone) last_stamp_.remember(text, {seconds, stamp.zone_seconds, true});
      }
      if (found && !found->has_zone && stamp.has_zone) {
        found->has_zone = true;
        found->zone_seconds = stamp.zone_seconds;
      }
    }
    return found;
  }

  // The strongest wish of the fields that hold a privacy signal.
  signal_rule read_signals() noexcept {
    using privacy_signal = grammar_field::privacy_signal;
    signal_rule strongest = signal_rule::ignore;
    for (std::size_t i = 0; i < layout_->steps.size(); ++i) {
      const privacy_signal signal = layout_->steps[i].signal;
      if (signal == privacy_signal::none || !(fields_[i].value == "1")) continue;
      ++(signal == privacy_signal::dnt ? counts_.dnt_lines : counts_.gpc_lines);
      strongest = std::min(strongest, plan_.rule_of(signal));
    }
    return strongest;
  }

  // `pseudonyms`: whether they may be remembered; those of a late line may not.
  enum class pseudonyms : bool { forget, remember };
  void write(const protection& rules, scope& around, pseudonyms wanted, writer& out) noexcept {
    serial_ = around.keys != nullptr && wanted == pseudonyms::remember ? around.keys->serial() : 0;
    for (std::size_t i = 0; i < layout_->steps.size(); ++i)  // all at once: the memory is on its way meanwhile
      if (const std::uint8_t kind = rules.memo_kind(layout_->steps[i].cls))
        look_up(i, kind, rules);
    for (std::size_t i = 0; i < layout_->steps.size(); ++i) {
      out.put(layout_->steps[i].literal_before);
      write_field(i, rules, around, out);
    }
    out.put(layout_->last_literal);
  }

  // One field of a plain line (block/), which has no escapes.
  outcome write_plain(const plan::layout& layout, std::size_t i, raw value, const protection& rules, scope& around, writer& out) noexcept {
    layout_ = &layout;
    doubtful_ = 0;
    serial_ = around.keys != nullptr ? around.keys->serial() : 0;
    bool ok = true;
    fields_[i] = {.value = layout.steps[i].undoes_delimiter ? decode_slot(layout.steps[i], value, false, ok) : value, .place = memo::nowhere};
    if (!ok) fields_[i].value = raw("?", 1);
    if (const std::uint8_t kind = rules.memo_kind(layout.steps[i].cls)) look_up(i, kind, rules);
    return write_field(i, rules, around, out);
  }

  // The target of a request of a plain line; remembered under a kind of its own.
  void write_target(const memo::place& at, raw target, const protection& rules, scope& around, writer& out) noexcept {
    remembered(urls_, at, around, out, [&] { return rules.apply(field_class::target, keep_form::any, target, around, out); });
  }

  // One field, without what stands around it.
  outcome write_field(std::size_t i, const protection& rules, scope& around, writer& out) noexcept {
    const plan::step& step = layout_->steps[i];
    const std::size_t from = out.size();
    const outcome result = is_doubtful(i) ? put_doubtful(step, rules, around, i, out) : put_value(i, step, rules, around, out);
    ++counts_.fields[static_cast<std::size_t>(step.cls)][static_cast<std::size_t>(result)];
    protect_slot(step, from, out);
    return result;
  }

 private:
  struct field {
    raw value;
    memo::place place;
  };

  // Lines come many to a second: the stamp of the line before, and what was read from it and became of it.
  struct stamp_memory {
    std::array<char, 40> text;
    std::array<char, 40> floored;
    std::size_t text_bytes = 0;
    std::size_t floored_bytes = 0;
    const protection* rules = nullptr;  // by which it was floored
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
    void remember_floored(const protection& by, std::string_view out) noexcept {
      rules = out.size() <= floored.size() ? &by : nullptr;
      floored_bytes = out.size();
      if (rules != nullptr) std::memcpy(floored.data(), out.data(), out.size());
    }
  };

  // Where a client could have written what looks like this field: nothing that it chose is kept (format/split.hpp).
  bool is_doubtful(std::size_t i) const noexcept { return (doubtful_ >> i & 1) != 0; }

  outcome put_doubtful(const plan::step& step, const protection& rules, scope& around, std::size_t i, writer& out) noexcept {
    if (!is_let_through(step.cls) && step.cls != field_class::time) return put_value(i, step, rules, around, out);
    out.put('-');
    return outcome::unreadable;
  }

  // A virtual host that is an address may be a client's, and the port behind it the client's port.
  bool is_port_of_address(const plan::step& step) const noexcept {
    if (!step.is_port_of_vhost) return false;
    const raw host = fields_[0].value;
    return host.starts_with("[") || !any_of(host, is_letter);
  }

  // What else an answer depends on: the keys.
  std::uint64_t salt_of(const protection& rules, field_class cls) const noexcept { return rules.is_keyed(cls) ? serial_ : 0; }

  outcome put_value(std::size_t i, const plan::step& step, const protection& rules, scope& around, writer& out) noexcept {
    const raw value = fields_[i].value;
    if (step.cls == field_class::time && last_stamp_.is(value)) return put_last_stamp(step, value, rules, around, out);
    if (is_port_of_address(step)) return rules.apply(field_class::port, step.form, value, around, out);
    const std::uint8_t kind = rules.memo_kind(step.cls);
    const bool may_remember = kind != 0 && (serial_ != 0 || !rules.is_keyed(step.cls));
    if (!may_remember) return rules.apply(step.cls, step.form, value, around, out);
    return remembered(memo_for(rules, step.cls), fields_[i].place, around, out,
                      [&] { return rules.apply(step.cls, step.form, value, around, out); });
  }

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

  void look_up(std::size_t i, std::uint8_t kind, const protection& rules) noexcept {
    const field_class cls = layout_->steps[i].cls;
    const memo& known = memo_for(rules, cls);
    fields_[i].place = known.place_of(kind, salt_of(rules, cls), fields_[i].value);
    known.look(fields_[i].place);
  }

  outcome put_last_stamp(const plan::step& step, raw value, const protection& rules, scope& around, writer& out) noexcept {
    if (last_stamp_.rules == &rules) {
      out.put(std::string_view(last_stamp_.floored.data(), last_stamp_.floored_bytes));
      return outcome::reduced;
    }
    const std::size_t from = out.size();
    const outcome result = rules.apply(step.cls, step.form, value, around, out);
    if (result == outcome::reduced && !out.overflowed()) last_stamp_.remember_floored(rules, out.text(from));
    return result;
  }

  // Undoes the escapes of the server, and of the slot where an output can hold the slot's delimiter (SPEC 3.1, F4).
  raw decode_slot(const plan::step& step, raw text, bool has_escapes, bool& ok) noexcept {
    raw value = text;
    if (has_escapes)
      value = layout_->escapes == dialect::json ? unescape_json(text, memory_, ok) : unescape_log(text, memory_, ok);
    return step.undoes_delimiter ? undo_percent(value, step.delimiter, memory_, ok) : value;
  }

  // Writes the bytes that would end the slot in the slot's own escape.
  void protect_slot(const plan::step& step, std::size_t from, writer& out) const noexcept {
    if (step.cls == field_class::forwarded)
      out.replace_since(from, '"', layout_->escapes == dialect::nginx ? "\\x22" : "\\\"");
    if (step.delimiter == 0) return;
    const unsigned char byte = static_cast<unsigned char>(step.delimiter);
    const char escaped[3] = {'%', upper_hex_digits[byte >> 4], upper_hex_digits[byte & 15]};
    out.replace_since(from, step.delimiter, std::string_view(escaped, sizeof escaped));
  }

  const plan& plan_;
  report& counts_;
  scratch memory_;
  memo pseudonyms_;  // with agents_ and urls_ 15 MiB when they are full
  memo agents_;
  memo urls_;
  std::uint64_t serial_ = 0;  // of the keys of this line; 0: none, or none that may be remembered
  const plan::layout* layout_ = nullptr;
  std::uint64_t doubtful_ = 0;
  std::array<field, max_fields> fields_;
  stamp_memory last_stamp_;
};

}  // namespace anonlog
