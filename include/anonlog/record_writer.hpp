// record_writer.hpp: the fields of one split line, each through its step of the plan, to the output.
//
// What stands between fields comes from the grammar, never from the log.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <anonlog/format/record.hpp>
#include <anonlog/output/output_record.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/report.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/value_writer.hpp>

namespace anonlog {

// Belongs to one stream.
class record_writer {
 public:
  record_writer(const plan& rules, value_writer& values, report& counts) : plan_(rules), values_(values), counts_(counts) {}

  // Undoes the escapes of a line's fields, in a frame of the values' memory that the caller holds for as long as the line lasts.
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

  bool has_time() const noexcept { return layout_->has_time; }

  void find_time(std::optional<record_time>& found) noexcept {
    if (!layout_->has_time) return;
    for (std::size_t i = 0; i < layout_->steps.size(); ++i)
      if (layout_->steps[i].cls == field_class::time && !is_doubtful(i)) values_.read_time(fields_[i].value, found);
  }

  // The strongest wish of the fields that hold a privacy signal.
  signal_rule read_signals() noexcept {
    using privacy_signal = grammar_field::privacy_signal;
    signal_rule strongest = signal_rule::ignore;
    if (!layout_->has_signal) return strongest;
    for (std::size_t i = 0; i < layout_->steps.size(); ++i) {
      const privacy_signal signal = layout_->steps[i].signal;
      if (signal == privacy_signal::none || !(fields_[i].value == "1")) continue;
      counts_.add_signal(signal == privacy_signal::dnt);
      strongest = std::min(strongest, plan_.rule_of(signal));
    }
    return strongest;
  }

  // The values were told of the line (value_writer::begin_line).
  void write(const protection& rules, scope& around, writer& out) noexcept {
    look_up_all(rules);
    for (std::size_t i = 0; i < layout_->steps.size(); ++i) {
      out.put(layout_->steps[i].literal_before);
      write_field(i, rules, around, out);
    }
    out.put(layout_->last_literal);
  }

  // The same fields as a record.
  void fill(const protection& rules, scope& around, output_record& out) noexcept {
    look_up_all(rules);
    for (std::size_t i = 0; i < layout_->steps.size(); ++i) {
      const plan::step& step = layout_->steps[i];
      const std::size_t from = out.written().size();
      write_value(i, rules, around, out.written());
      out.add(step.out, raw(step.out_name), from);
    }
  }

  // One field of a plain line (block/), which has no escapes.
  outcome write_plain(const plan::layout& layout, std::size_t i, raw value, const protection& rules, scope& around, writer& out) noexcept {
    layout_ = &layout;
    doubtful_ = 0;
    values_.begin_line(around, value_writer::pseudonyms::remember);
    bool ok = true;
    fields_[i] = {.value = layout.steps[i].undoes_delimiter ? decode_slot(layout.steps[i], value, false, ok) : value, .place = memo::nowhere};
    if (!ok) fields_[i].value = raw("?", 1);
    fields_[i].place = values_.look_up(layout.steps[i].cls, fields_[i].value, rules);
    return write_field(i, rules, around, out);
  }

  // One field, without what stands around it.
  outcome write_field(std::size_t i, const protection& rules, scope& around, writer& out) noexcept {
    const plan::step& step = layout_->steps[i];
    const std::size_t from = out.size();
    const outcome result = write_value(i, rules, around, out);
    protect_slot(step, from, out);
    return result;
  }

 private:
  struct field {
    raw value;
    memo::place place;
  };

  void look_up_all(const protection& rules) noexcept {
    for (std::size_t i = 0; i < layout_->steps.size(); ++i)
      if (rules.memo_kind(layout_->steps[i].cls) != 0) fields_[i].place = values_.look_up(layout_->steps[i].cls, fields_[i].value, rules);
  }

  outcome write_value(std::size_t i, const protection& rules, scope& around, writer& out) noexcept {
    const plan::step& step = layout_->steps[i];
    const outcome result = goes_with_host(step) ? put_nothing(out)
                           : is_doubtful(i)     ? put_doubtful(step, rules, around, i, out)
                                                : put_value(i, step, rules, around, out);
    ++counts_.fields[static_cast<std::size_t>(step.cls)][static_cast<std::size_t>(result)];
    if (i == 0) first_outcome_ = result;
    return result;
  }

  // Where nothing came out of a virtual host, whoever reads the output cannot tell whose port stands behind it.
  bool goes_with_host(const plan::step& step) const noexcept {
    return step.is_port_of_vhost && (first_outcome_ == outcome::dropped || first_outcome_ == outcome::unreadable);
  }

  outcome put_nothing(writer& out) const noexcept {
    out.put('-');
    return first_outcome_;
  }

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
    return host.starts_with("[") || host.holds(':') || !any_of(host, is_letter);
  }

  outcome put_value(std::size_t i, const plan::step& step, const protection& rules, scope& around, writer& out) noexcept {
    const field_class cls = is_port_of_address(step) ? field_class::port : step.cls;
    return values_.put(cls, step.form, fields_[i].value, fields_[i].place, rules, around, out);
  }

  // Undoes the escapes of the server, and of the slot where an output can hold the slot's delimiter (SPEC 3.1, F4).
  raw decode_slot(const plan::step& step, raw text, bool has_escapes, bool& ok) noexcept {
    raw value = text;
    scratch& memory = values_.memory();
    if (has_escapes)
      value = layout_->escapes == dialect::json      ? unescape_json(text, memory, ok)
              : layout_->escapes == dialect::haproxy ? unescape_log(unescape_hash(text, memory, ok), memory, ok)
                                                     : unescape_log(text, memory, ok);
    return step.undoes_delimiter ? undo_percent(value, step.delimiter, memory, ok) : value;
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
  value_writer& values_;
  report& counts_;
  const plan::layout* layout_ = nullptr;
  std::uint64_t doubtful_ = 0;
  outcome first_outcome_ = outcome::absent;  // of the first field of this line
  std::array<field, max_fields> fields_;
};

}  // namespace anonlog
