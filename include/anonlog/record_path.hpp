// record_path.hpp: one record that another program has taken apart through everything: its time and keys, value after value.
//
// What becomes of it is what would become of a line of JSON with these names and values (CLI.md 5), except that a record
// without a time of its own may be given one, as log shippers do.
#pragma once

#include <algorithm>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <utility>

#include <anonlog/core/wipe.hpp>
#include <anonlog/core/byte_sum.hpp>
#include <anonlog/exact_path.hpp>
#include <anonlog/format/record_walk.hpp>
#include <anonlog/keyed_writer.hpp>
#include <anonlog/plan.hpp>

namespace anonlog {

enum class record_status : unsigned char {
  done,
  need_room,  // nothing was taken: plan::record_bound() is the room that suffices
  withheld,   // it must not be passed on: nobody understands it, or the policy says so
  stopped,    // as stream_status::stopped
};

// Belongs to one stream.
class record_path {
 public:
  record_path(const plan& rules, exact_path& exact) : plan_(rules), exact_(exact) {}

  // The fields' `safe_` members may be passed on, whatever is returned. `time`, in Unix seconds, is of a record in which none
  // stands; it becomes the same on the policy's grid, and nothing where nothing may be passed on.
  record_status take(std::span<record_field> fields, std::optional<std::int64_t>& time, output_buffer& out) noexcept {
    for (record_field& field : fields) field.put_placeholders();
    const std::optional<std::int64_t> given = std::exchange(time, std::nullopt);
    if (exact_.is_stopped()) return record_status::stopped;
    const std::size_t bytes = bytes_of(fields);
    if (out.room() < plan_.record_bound(bytes, fields.size())) return record_status::need_room;
    report& counts = exact_.counts();
    ++counts.lines_in;
    counts.bytes_in += bytes;
    if (bytes > plan_.longest_line()) return refuse(reject_cause::too_long);
    const scratch::frame frame(exact_.values().memory());
    keyed_writer* const record = read(fields);
    if (record == nullptr) return refuse(reject_cause::no_format);
    const signal_rule signal = record->read_signals();
    if (signal == signal_rule::drop) {
      ++counts.lines_withheld;
      return record_status::withheld;
    }

    const protection& rules = signal == signal_rule::strict ? plan_.strict() : plan_.normal();
    std::optional<record_time> found;
    record->find_time(found);
    if (!found && given) found = record_time{.unix_seconds = *given};
    if (!found && record->has_time() && rules.needs_time()) return refuse(reject_cause::unreadable_time);
    if (!found) ++counts.epoch_guessed;
    scope around = exact_.scope_of(found ? found : record_time{.unix_seconds = plan_.now()}, rules);
    if (around.keys == nullptr) ++counts.no_era;
    using pseudonyms = value_writer::pseudonyms;
    exact_.values().begin_line(around, exact_.keys().is_late() ? pseudonyms::forget : pseudonyms::remember);

    writer target(out.data + out.pos, out.room());
    record->write_record(fields, rules, around, target);
    if (target.overflowed()) {
      for (record_field& field : fields) field.put_placeholders();
      return refuse(reject_cause::too_long);
    }
    out.pos += target.size();
    wipe(out.data + out.pos, std::min(out.room(), sizeof(std::uint64_t)));  // a writer stores words
    counts.bytes_out += target.size();
    ++counts.lines_out;
    if (const std::size_t format = plan_.keyed_format_of(line_syntax::json); format != plan::no_format) ++counts.format_lines[format];
    if (found) exact_.note_record(found->unix_seconds, rules.on_grid(found->unix_seconds, around.zone_seconds));
    if (given) time = rules.on_grid(*given, around.zone_seconds);
    return record_status::done;
  }

 private:
  static std::size_t bytes_of(std::span<const record_field> fields) noexcept {
    std::size_t bytes = 0;
    for (const record_field& field : fields) bytes = add_bytes(add_bytes(bytes, field.name.size()), field.value.size());
    return bytes;
  }

  // nullptr: it is not understood.
  keyed_writer* read(std::span<const record_field> fields) noexcept {
    try {
      keyed_writer* names = exact_.line().by_name();
      if (names == nullptr && !own_names_) own_names_.emplace(plan_, exact_.values(), exact_.counts(), &exact_.inner());
      if (names == nullptr) names = &*own_names_;
      return names->read_record(fields) ? names : nullptr;
    } catch (const std::bad_alloc&) {  // for the class of a new name
      return nullptr;
    }
  }

  record_status refuse(reject_cause cause) noexcept {
    exact_.refuse_record(cause);
    return exact_.is_stopped() ? record_status::stopped : record_status::withheld;
  }

  const plan& plan_;
  exact_path& exact_;
  std::optional<keyed_writer> own_names_;  // where no format of the plan has names
};

}  // namespace anonlog
