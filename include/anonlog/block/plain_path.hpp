// block/plain_path.hpp: what the stream does for the kernels: stamps, single fields, unusual lines, and the counts.
#pragma once

#include <array>
#include <cstring>
#include <memory>

#include <anonlog/block/block_state.hpp>
#include <anonlog/block/client_tokens.hpp>
#include <anonlog/block/written_lines.hpp>
#include <anonlog/exact_path.hpp>
#include <anonlog/format/split.hpp>
#include <anonlog/transform/release_words.hpp>

namespace anonlog {

// Belongs to one stream.
class plain_path final : public block_state {
 public:
  plain_path(const plan& rules, exact_path& exact)
      : block_state(rules, exact.values().agents(), exact.values().urls()), exact_(exact) {
    if (client().what == plain_client::rule::token && rules.has_plain_lines())
      tokens_ = std::make_unique<client_tokens>(rules.normal().address_rule(), rules.kernel());
  }

  // Before each block: where to write, and where skeletons of rejects go.
  void set_outputs(output_buffer& out, output_buffer* rejects) noexcept {
    out_ = &out;
    rejects_ = rejects;
    room_end_ = out.data + out.size;
    forget_heads_with_their_keys();
  }

  // The same where a sink takes the plain lines, from a buffer of their own.
  void set_outputs(output_buffer& out, output_buffer* rejects, const output_buffer& lines, line_sink& sink) noexcept {
    set_outputs(out, rejects);
    room_end_ = lines.data + lines.size;
    handed_over_ = lines.data;
    sink_ = &sink;
  }

  // The keys are to see each stamp again: what is late depends on the newest of this input.
  void begin_input() noexcept { forget_heads(); }

  // After keys may have been wiped: so is what was read and made with them. True if any was.
  bool forget_heads_with_their_keys() noexcept {
    if (exact_.keys().forgotten_epochs() == forgotten_epochs_) return false;
    forgotten_epochs_ = exact_.keys().forgotten_epochs();
    forget_heads();
    if (tokens_) tokens_->forget();
    return true;
  }

  exact_answer take_exact(const plain_line& line, char*& cursor) noexcept override {
    const std::size_t line_bytes = static_cast<std::size_t>(line.end - line.begin) + (line.has_cr ? 1 : 0);
    if (sink_ == nullptr) out_->pos = static_cast<std::size_t>(cursor - out_->data);
    if (!exact_.has_room(line_bytes, *out_, rejects_)) return exact_answer::need_room;
    exact_.take_line(raw(line.begin, line_bytes), line_end::newline, *out_, rejects_);
    if (sink_ == nullptr) cursor = out_->data + out_->pos;
    if (exact_.is_stopped()) return exact_answer::stopped;
    return forget_heads_with_their_keys() ? exact_answer::forgot_heads : exact_answer::written;
  }

  bool enter_stamp(std::size_t format, raw stamp) noexcept override {
    const protection& how = rules().normal();
    timestamp read;
    std::int64_t second = 0;
    if (!read_timestamp(stamp, read) || read.form != time_form::clf || !unix_seconds(read, 0, 0, second)) return false;
    const std::int64_t span = exact_.span_of(second, read.second_of_day);
    const std::int64_t begin = second - read.second_of_day % span;
    scope around = exact_.scope_of(record_time{second, read.zone_seconds, true}, how);
    forget_heads_with_their_keys();
    if (around.keys == nullptr || exact_.keys().is_late()) {
      exact_.give_back_keys();
      return false;
    }

    const plain_layout& layout = rules().layouts()[format].plain;
    char floored[64];
    writer out(floored, sizeof floored);
    const scratch::frame frame(around.memory);
    if (how.apply(field_class::time, keep_form::any, stamp, around, out) != outcome::reduced || out.size() != stamp.size()) return false;

    head_memory& head = this->head(format);
    head = {};
    const std::size_t at = layout.names.size();
    head.size = at + stamp.size() + layout.tail.size();
    const auto put = [&head](std::size_t to, std::string_view seen, std::string_view written) {
      std::memcpy(head.low.data() + to, seen.data(), seen.size());
      std::memcpy(head.text.data() + to, written.data(), written.size());
    };
    put(0, layout.names, layout.names);
    put(at, {stamp.begin(), stamp.size()}, out.text());
    put(at + stamp.size(), layout.tail, layout.tail);
    // `10/Oct/2025:13:55:36 +0000`: minutes at 15, seconds at 18.
    if (span >= 3600) allow_digits(head, at + 15);
    if (span >= 60) allow_digits(head, at + 18);
    const std::int32_t grid = how.grid_seconds();
    const auto copy_digit = [&](std::size_t place, std::int64_t least_span, std::int32_t finer_than) {
      if (span < least_span || grid >= finer_than) return;
      head.copied[at + place] = 0xFF;
      head.has_copied = true;
    };
    copy_digit(15, 3600, 3600);
    copy_digit(16, 3600, 600);
    copy_digit(18, 60, 60);
    copy_digit(19, 60, 10);
    head.is_hour = span == 3600;
    head.second = begin;
    head.bucket = how.on_grid(begin, around.zone_seconds);
    head.zone_seconds = around.zone_seconds;
    head.keys = around.keys;
    return true;
  }

  // The same as the exact path would do with these bytes: it depends neither on keys nor on the time.
  void enter_front(raw line, std::size_t quotes) noexcept override {
    record found;
    if (!split(rules().patterns(), line, found) || found.doubtful != 0 || found.has_backslash) return;
    const line_layout& layout = rules().layouts()[found.format_index];
    const std::size_t steps = layout.plain.front_steps;
    if (!layout.plain.is_possible || steps == 0) return;
    const auto bytes = static_cast<std::size_t>(found.fields[steps].begin() - line.begin());
    if (bytes > line_front::longest) return;

    line_front& made = fronts().place_of(line.begin(), bytes, quotes);
    made = {.quotes = quotes, .format = found.format_index, .seen_bytes = static_cast<std::uint8_t>(bytes)};
    std::memcpy(made.seen.data(), line.begin(), bytes);
    scratch& memory = exact_.values().memory();
    const scratch::frame frame(memory);
    scope around = exact_.scope_with(nullptr, 0, memory);
    const tally before = around.counts;
    writer out(made.written.data(), made.written.size());
    const raw host = found.fields[0];
    const protection& how = rules().normal();
    const outcome judged = how.apply(layout.steps[0].cls, layout.steps[0].form, host, around, out);
    out.put(layout.steps[1].literal_before);
    bool has_fitting_port = true;
    if (steps == 2) {
      const bool goes = port_outcome(layout, judged) != outcome::kept;  // with its host (record_writer.hpp)
      if (goes) out.put('-');
      else has_fitting_port = how.apply(layout.steps[1].cls, layout.steps[1].form, found.fields[1], around, out) == outcome::kept;
      out.put(layout.steps[2].literal_before);
    }
    made.written_bytes = static_cast<std::uint8_t>(out.size());
    // An address is never plain: what is written of it, and of a port behind it, is the policy's.
    const bool is_name = any_of(host, is_letter) && all_of(host, [](unsigned char c) { return is_lower(c) || is_digit(c) || c == '.' || c == '-'; });
    const bool is_judged_alike = judged == outcome::kept || judged == outcome::dropped;  // the policy says which, for all
    made.is_plain = is_name && is_judged_alike && has_fitting_port && before == around.counts && !out.overflowed();
    around.counts = before;
    if (made.is_plain) host_outcome_ = judged;
  }

  char* put_field(const plain_line& line, std::size_t step, raw value, char* cursor) noexcept override {
    return written(line, cursor, [&](scope& around, writer& out) {
      exact_.fields().write_plain(rules().layouts()[line.format], step, value, rules().normal(), around, out);
    });
  }

  char* put_request(const plain_line& line, const plain_part& part, raw request, raw target, char* cursor) noexcept override {
    if (target.holds(' ')) return put_field(line, part.step, request, cursor);
    return written(line, cursor, [&](scope& around, writer& out) {
      const auto target_from = static_cast<std::size_t>(target.begin() - request.begin());
      release_words(request.first(target_from), out);
      exact_.values().put_target(line.places[part.look_up], target, rules().normal(), around, out);
      release_words(request.sub(target_from + target.size()), out);
      ++exact_.counts().fields[static_cast<std::size_t>(field_class::request)][static_cast<std::size_t>(rules().normal().request_outcome())];
    });
  }

  void name_clients(std::size_t count) noexcept override {
    static_assert(batch_lines <= client_tokens::batch_addresses);
    client_tokens& made = *tokens_;
    std::array<client_tokens::key, batch_lines> addresses;
    std::array<client_tokens::answer, batch_lines> found;
    made.begin();
    for (std::size_t i = 0; i < count; ++i) {
      if (lines()[i].format == plan::no_format) continue;
      addresses[i] = key_of(lines()[i]);
      made.prefetch(addresses[i]);
    }
    for (std::size_t i = 0; i < count; ++i)
      if (lines()[i].format != plan::no_format) made.find(addresses[i], *head(lines()[i].format).keys, found[i]);
    made.finish();
    for (std::size_t i = 0; i < count; ++i) {
      if (lines()[i].format == plan::no_format) continue;
      lines()[i].address.kept = found[i].text;
      lines()[i].address.kept_bytes = found[i].size;
    }
    wipe(addresses.data(), sizeof addresses);
  }

  void count(std::size_t format, const plain_counts& counted) noexcept override {
    report& counts = exact_.counts();
    const plain_layout& layout = rules().layouts()[format].plain;
    const auto add = [&counts](field_class cls, outcome what, std::uint64_t times) {
      counts.fields[static_cast<std::size_t>(cls)][static_cast<std::size_t>(what)] += times;
    };
    lines_since_settled_ += counted.lines;
    if (lines_since_settled_ >= memo::most_uses) {
      exact_.values().settle(counts.transforms);
      lines_since_settled_ = 0;
    }
    counts.lines_in += counted.lines;
    counts.lines_out += counted.lines;
    if (sink_ == nullptr) counts.bytes_out += counted.bytes_out;
    else hand_over(format, counted.bytes_out);
    counts.format_lines[format] += counted.lines;
    const bool is_dropped = client().what == plain_client::rule::drop;
    add(field_class::ip, is_dropped ? outcome::dropped : client().what == plain_client::rule::token ? outcome::tokenised : outcome::reduced,
        counted.lines);
    if (!is_dropped) {
      counts.transforms.counts[static_cast<std::size_t>(counted::address_ipv4)] += counted.lines - counted.ipv6;
      counts.transforms.counts[static_cast<std::size_t>(counted::address_ipv6)] += counted.ipv6;
    }
    const auto& steps = rules().layouts()[format].steps;
    if (layout.front_steps != 0) add(steps[0].cls, host_outcome_, counted.lines);
    if (layout.front_steps == 2) add(steps[1].cls, port_outcome(rules().layouts()[format], host_outcome_), counted.lines);
    for (std::size_t i = 1; i <= layout.absent_steps; ++i)
      add(steps[layout.front_steps + i].cls, outcome::absent, counted.lines - (i == layout.absent_steps ? counted.names : 0));
    add(field_class::time, outcome::reduced, counted.lines);
    for (const plain_part& part : layout.parts) count_part(part, counted, add);
    const head_memory& head = this->head(format);
    if (!head.has_copied) return exact_.note_record(head.second, head.bucket);
    for (const std::int64_t second : {counted.first_second, counted.last_second})
      exact_.note_record(head.second, rules().normal().on_grid(head.second + second, head.zone_seconds));
  }

 private:
  static outcome port_outcome(const line_layout& layout, outcome of_host) noexcept {
    return layout.steps[1].is_port_of_vhost && of_host == outcome::dropped ? outcome::dropped : outcome::kept;
  }

  void hand_over(std::size_t format, std::size_t bytes) noexcept {
    const head_memory& head = this->head(format);
    sink_->take_lines({.rules = rules(), .format = format, .text = {handed_over_, bytes}, .second = head.second, .bucket = head.bucket,
                       .zone_seconds = head.zone_seconds, .has_copied = head.has_copied, .is_hour = head.is_hour});
    handed_over_ += bytes;
  }

  template <class Add>
  void count_part(const plain_part& part, const plain_counts& counted, const Add& add) noexcept {
    const std::uint64_t here = counted.lines - counted.put_by_state[part.step];
    switch (part.what) {
      case plain_part::field::request:
      case plain_part::field::path: add(part.cls, rules().normal().request_outcome(), here); break;
      case plain_part::field::referrer:
        add(part.cls, outcome::absent, counted.absent[part.step]);
        add(part.cls, outcome::reduced, here - counted.absent[part.step]);
        break;
      case plain_part::field::remembered:
        for (std::size_t i = 0; i < outcome_count; ++i) add(part.cls, static_cast<outcome>(i), counted.remembered[part.look_up][i]);
        break;
      case plain_part::field::other: break;
    }
    for (std::size_t i = 0; i < part.number_count; ++i) {
      const bool is_whole = part.numbers[i].cls == field_class::keep || part.numbers[i].kept_digits == 0;
      const std::uint64_t absent = counted.absent[part.first_number + i];
      add(part.numbers[i].cls, outcome::absent, absent);
      add(part.numbers[i].cls, is_whole ? outcome::kept : outcome::reduced, counted.lines - absent);
    }
  }

  // Calls `write` with a writer at the cursor; there is room, for has_room() was asked for the whole line.
  template <class Write>
  char* written(const plain_line& line, char* cursor, Write write) noexcept {
    const head_memory& head = this->head(line.format);
    scratch& memory = exact_.values().memory();
    const scratch::frame frame(memory);
    scope around = exact_.scope_with(head.keys, head.zone_seconds, memory);
    writer out(cursor, static_cast<std::size_t>(room_end_ - cursor));
    write(around, out);
    return cursor + out.size();
  }

  static void allow_digits(head_memory& head, std::size_t at) noexcept {
    for (std::size_t i = 0; i < 2; ++i) {
      head.low[at + i] = '0';
      head.range[at + i] = i == 0 ? 5 : 9;
    }
  }

  static client_tokens::key key_of(const plain_line& line) noexcept {
    if (!line.address.is_ipv6) return client_tokens::key_of(line.address.ipv4);
    ip_address address{.bytes = {}, .is_ipv4 = false};
    (void)parse_ipv6(raw(line.client, line.address.bytes), address);
    return client_tokens::key_of(address);
  }

  exact_path& exact_;
  std::unique_ptr<client_tokens> tokens_;   // where addresses become pseudonyms
  output_buffer* out_ = nullptr;
  output_buffer* rejects_ = nullptr;
  line_sink* sink_ = nullptr;
  const char* handed_over_ = nullptr;  // up to here, of the lines' buffer
  outcome host_outcome_ = outcome::kept;  // of virtual hosts in front
  std::uint64_t forgotten_epochs_ = 0;
  std::uint64_t lines_since_settled_ = 0;
};

}  // namespace anonlog
