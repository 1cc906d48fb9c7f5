// plan.hpp: format x policy x keys, compiled once: for each format the flat list of steps that a line goes through.
//
// A plan never changes and is shared by threads; each stream (stream.hpp) belongs to one.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/core/result.hpp>
#include <anonlog/crypto/keyring.hpp>
#include <anonlog/crypto/key_source.hpp>
#include <anonlog/format/formats.hpp>
#include <anonlog/format/line_head.hpp>
#include <anonlog/format/table_lines.hpp>
#include <anonlog/format/well_known_names.hpp>
#include <anonlog/line_layout.hpp>
#include <anonlog/output/column_table.hpp>
#include <anonlog/output/output_record.hpp>
#include <anonlog/output/output_shape.hpp>
#include <anonlog/policy/policy.hpp>
#include <anonlog/policy/protection.hpp>
#include <anonlog/simd/kernel.hpp>

namespace anonlog {

struct plan_options {
  policy rules;
  std::string format = "auto";                  // a name, an nginx log_format or an Apache LogFormat
  std::shared_ptr<const anonlog::keyring> keys;  // none: ephemeral keys, a fresh set for every stream
  std::string recipient;                        // key branch for one receiver
  std::optional<std::int64_t> now;              // Unix seconds; none: the clock
  std::string kernel;                           // a name of kernel_names; none: the best that this processor can run
  bool has_plain_lines = true;                  // false: every line takes the exact path, which defines what is right
  std::string output_shape = "same";             // same, jsonl, influx, influx:MEASUREMENT[,TAG=VALUE]...
  bool has_tables = true;                       // false: lines are messages, of which none tells what the columns of another are
  bool hands_over_lines = false;                 // true, for streams with a line_sink: plain lines in another shape than their own
  bool must_know_fields = true;                 // a name in [fields] that no field has is an error; false: for values only
};

class plan {
 public:
  using step = line_step;
  using layout = line_layout;

  // Compiles; the error says what to mend in the policy, the keys or the format.
  static result<std::shared_ptr<const plan>> make(plan_options options) {
    if (auto error = options.rules.check()) return *error;
    if (options.rules.text("token.keyring") == "required" && !options.keys)
      return setup_error{"this policy needs a keyring (`anonlog key new FILE` makes one)"};
    result<anonlog::output_shape> shape = parse_output_shape(options.output_shape);
    if (!shape) return shape.error();
    result<std::vector<grammar>> grammars = find_formats(options.format);
    if (!grammars) return grammars.error();
    const auto is_row = [](const grammar& format) { return is_table(format.syntax); };
    if (!options.has_tables && std::all_of(grammars->begin(), grammars->end(), is_row))
      return setup_error{"messages are no rows of a table: \"" + options.format + "\" is for files"};
    if (options.must_know_fields)
      if (auto error = check_field_names(options.rules, *grammars)) return *error;
    const result<anonlog::kernel> kernel = find_kernel(options.kernel.empty() ? kernel_name() : options.kernel);
    if (!kernel) return kernel.error();
    key_options keying{.recipient = options.recipient,
                       .epoch_seconds = static_cast<std::uint64_t>(options.rules.number("epoch.length")),
                       .epoch_offset = options.rules.number("epoch.offset")};
    if (auto error = check(keying)) return *error;

    result<protection> normal = protection::make(options.rules);
    if (!normal) return normal.error();
    result<protection> strict = protection::make(options.rules.strict_overlay());
    if (!strict) return strict.error();
    strict->mark_as_overlay();

    auto made = std::shared_ptr<plan>(new plan(std::move(*normal), std::move(*strict)));
    made->formats_ = std::move(*grammars);
    made->shape_ = std::move(*shape);
    made->keyed_formats_.fill(no_format);
    for (const grammar& format : made->formats_) {
      const bool is_pattern = format.syntax == line_syntax::pattern;
      if (is_pattern) ++made->pattern_count_;
      else made->keyed_formats_[static_cast<std::size_t>(format.syntax)] = made->layouts_.size();
      made->has_keyed_formats_ = made->has_keyed_formats_ || (!is_pattern && format.syntax != line_syntax::headed && format.syntax != line_syntax::error_log);
      made->layouts_.push_back(made->lay_out(format, options.rules));
      made->literal_bytes_ = std::max(made->literal_bytes_, made->layouts_.back().literal_bytes);
    }
    made->plain_formats_.fill(no_format);
    const bool must_have_head = must_have_head_as(options.format);
    if (options.has_plain_lines && !must_have_head && (made->shape_.is_same() || options.hands_over_lines)) made->choose_plain_layouts();
    made->has_plain_json_ = options.has_plain_lines && !must_have_head && made->shape_.is_same() && made->keyed_format_of(line_syntax::json) != no_format;
    made->keying_ = std::move(keying);
    made->kernel_ = kernel.value();
    made->dnt_ = signal_rule_from(options.rules.text("signals.dnt"));
    made->gpc_ = signal_rule_from(options.rules.text("signals.gpc"));
    made->fingerprint_ = options.rules.fingerprint();
    made->line_bytes_ = static_cast<std::size_t>(options.rules.number("limits.line_bytes"));
    made->options_ = std::move(options);
    return std::shared_ptr<const plan>(std::move(made));
  }

  const policy& rules() const noexcept { return options_.rules; }
  const std::string& policy_fingerprint() const noexcept { return fingerprint_; }
  const key_options& keying() const noexcept { return keying_; }
  const std::shared_ptr<const keyring>& keys() const noexcept { return options_.keys; }

  // In the order in which a line is tried; layouts() has the same order. Patterns come first.
  const std::vector<grammar>& formats() const noexcept { return formats_; }
  const std::vector<layout>& layouts() const noexcept { return layouts_; }
  std::span<const grammar> patterns() const noexcept { return {formats_.data(), pattern_count_}; }

  // The format of lines that name their own fields, as its place in formats(), or no_format.
  std::size_t keyed_format_of(line_syntax syntax) const noexcept { return keyed_formats_[static_cast<std::size_t>(syntax)]; }
  bool has_keyed_formats() const noexcept { return has_keyed_formats_; }

  // The tables that an outer line may be a row of.
  table_head::wanted tables() const {
    const auto has = [this](line_syntax syntax) { return options_.has_tables && keyed_format_of(syntax) != no_format && options_.format != anonlog::headed_format.name; };
    table_head::wanted which{.w3c = has(line_syntax::w3c), .zeek = has(line_syntax::zeek), .csv = has(line_syntax::csv), .tsv = has(line_syntax::tsv),
                             .is_only = formats_.size() == 1, .longest_line = line_bytes_};
    for (const auto& [name, cls] : rules().fields()) which.own_names.push_back(name);
    return which;
  }

  // The formats of lines behind a head of syslog or of a container runtime, and of error logs, as places in formats(), or
  // no_format; and whether every line must have a head.
  std::size_t headed_format() const noexcept { return keyed_format_of(line_syntax::headed); }
  std::size_t error_format() const noexcept { return keyed_format_of(line_syntax::error_log); }
  bool is_headed_only() const noexcept { return must_have_head_as(options_.format); }

  anonlog::kernel kernel() const noexcept { return kernel_; }

  // The format whose plain lines have so many quotes, as its place in formats(), or no_format. Of several it is the one
  // that the exact path tries first: a line that is plain in it is of that format.
  static constexpr std::size_t no_format = static_cast<std::size_t>(-1);
  std::size_t plain_format_of(std::size_t quotes) const noexcept {
    return quotes < plain_formats_.size() ? plain_formats_[quotes] : no_format;
  }

  bool has_plain_lines() const noexcept { return has_plain_lines_; }

  // True if some of them have a virtual host in front (block/line_fronts.hpp).
  bool has_plain_fronts() const noexcept { return has_plain_fronts_; }

  // True if plain lines do not go to the output but to a line_sink.
  bool hands_over_lines() const noexcept { return has_plain_lines_ && !shape_.is_same(); }

  // True if lines of JSON may be read by their shape (keyed_shape.hpp).
  bool has_plain_json() const noexcept { return has_plain_json_; }

  const anonlog::output_shape& output_shape() const noexcept { return shape_; }

  // True if a pseudonym can come out: the keys then matter.
  bool uses_keys() const noexcept {
    if (has_keyed_formats_) {
      for (std::size_t i = 0; i < field_class_names.size(); ++i)
        if (normal_.is_keyed(static_cast<field_class>(i))) return true;
    }
    for (const layout& format : layouts_)
      for (const step& s : format.steps)
        if (normal_.is_keyed(s.cls)) return true;
    if (error_format() != no_format)
      for (const named_head_part& part : head_parts)
        if (normal_.is_keyed(rules().class_of(part.name).value_or(part.what.cls))) return true;
    return false;
  }

  signal_rule rule_of(grammar_field::privacy_signal signal) const noexcept {
    return signal == grammar_field::privacy_signal::dnt ? dnt_ : gpc_;
  }
  const protection& normal() const noexcept { return normal_; }
  const protection& strict() const noexcept { return strict_; }

  std::int64_t now() const noexcept {
    if (options_.now) return *options_.now;
    const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since_1970).count();
  }

  // The longest line, without its newline, that is not a reject.
  std::size_t longest_line() const noexcept { return line_bytes_; }

  // A line that names its own fields and has more names and values is not understood.
  static constexpr std::size_t most_named = 4096;

  // Room that always suffices for the output of one line; a longer line than the longest has no output.
  std::size_t output_bound(std::size_t line_bytes) const noexcept {
    const std::size_t bytes = line_bound(line_bytes);
    if (shape_.is_same()) return bytes;
    constexpr std::size_t longest_column = 48, marks = 8, time = 64;
    return 2 * bytes + output_record::names_bytes + output_record::most_values * (longest_column + marks) + shape_.point_begin.size() + time;
  }

  // The same for a line in its own shape.
  std::size_t line_bound(std::size_t line_bytes) const noexcept { return values_bound(line_bytes) + literal_bytes_ + 2; }

  // Of that, for what becomes of the values.
  std::size_t values_bound(std::size_t line_bytes) const noexcept {
    const std::size_t bytes = std::min(line_bytes, line_bytes_);
    const std::size_t most_values = line_head::most_parts + (has_keyed_formats() ? std::max(max_fields, std::min(bytes / 2, most_named)) : max_fields);
    return value_bound(bytes) + most_values * value_bound(0);
  }

  // Room that always suffices for the values of a record of so many fields, and one of them may be a line.
  std::size_t record_bound(std::size_t bytes, std::size_t fields) const noexcept {
    return values_bound(bytes) + literal_bytes_ + std::min(fields, most_named) * value_bound(0);
  }

  // Room that always suffices for one transformed value: the longest placeholder of one byte is a token.
  static constexpr std::size_t value_bound(std::size_t value_bytes) noexcept { return 16 * value_bytes + 128; }

  // Working memory for one line: its decoded copies.
  static constexpr std::size_t scratch_bytes(std::size_t line_bytes) noexcept { return 16 * line_bytes + 4096; }

 private:
  plan(protection normal, protection strict) : normal_(std::move(normal)), strict_(std::move(strict)) {}

  static bool must_have_head_as(std::string_view format) noexcept { return format == anonlog::headed_format.name || format == error_log_format.name; }

  // A mistyped name must not leave a field less protected than was meant.
  // Where every line names its own fields, any name may come.
  static std::optional<setup_error> check_field_names(const policy& rules, const std::vector<grammar>& formats) {
    const bool has_keyed = formats.back().syntax != line_syntax::pattern;
    if (has_keyed && formats.front().syntax != line_syntax::pattern && formats.back().syntax != line_syntax::error_log) return std::nullopt;
    std::vector<std::string> known;
    for (const grammar& format : formats)
      for (const grammar_field& field : format.fields)
        for (const std::string& name : {field.name, field.alias})
          if (!name.empty()) known.push_back(policy::plain_name(name));
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    if (formats.back().syntax == line_syntax::error_log)
      for (const named_head_part& part : head_parts) known.push_back(policy::plain_name(part.name));
    for (const auto& [name, cls] : rules.fields()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      if (has_keyed && is_well_known_name(name)) continue;
      const std::vector<std::string_view> names(known.begin(), known.end());
      return setup_error{"fields: no field \"" + name + "\" in this format; " + suggest(name, names) +
                         (has_keyed ? "; any name will do with -f json, ltsv, logfmt, w3c, zeek, csv or tsv" : "")};
    }
    return std::nullopt;
  }

  // The byte that ends a slot, if a transform's output could hold it. Quotes are looked after for every slot.
  static char delimiter_of(const grammar& format, std::size_t field) noexcept {
    const std::string& next = format.literals[field + 1];
    if (next.empty()) return 0;
    constexpr std::string_view in_many_outputs = ":.-/%*_\"";  // and not a reason to rewrite them
    const bool is_kept = is_alphanumeric(static_cast<unsigned char>(next[0])) || in_many_outputs.find(next[0]) != std::string_view::npos;
    return is_kept ? '\0' : next[0];
  }

  void choose_plain_layouts() {
    for (std::size_t i = pattern_count_; i-- > 0;) {
      if (!shape_.is_same() && !is_read_again(layouts_[i])) layouts_[i].plain.is_possible = false;
      if (layouts_[i].plain.front_steps != 0) {  // told apart by what stands in front
        layouts_[i].plain.is_front_guessed = layouts_[i].plain.front_steps == 1 && patterns().front().name != patterns().back().name;
        has_plain_fronts_ = has_plain_fronts_ || layouts_[i].plain.is_possible;
        continue;
      }
      if (const std::size_t quotes = formats_[i].zones.size() - 1; quotes < plain_formats_.size()) plain_formats_[quotes] = layouts_[i].plain.is_possible ? i : no_format;
    }
    has_plain_lines_ = has_plain_fronts_;
    for (const std::size_t format : plain_formats_) has_plain_lines_ = has_plain_lines_ || format != no_format;
  }

  // True if what a record would hold stands in a plain line as it is (block/written_lines.hpp).
  static bool is_read_again(const layout& format) {
    constexpr std::string_view in_addresses = ".:[]%-_/";
    const std::string& names = format.plain.names;
    if (format.plain.front_steps != 0 || names.empty() || is_alphanumeric(static_cast<unsigned char>(names.front())) || in_addresses.find(names.front()) != std::string_view::npos) return false;
    const auto is_number = [&format](std::size_t i) {
      return std::any_of(format.plain.parts.begin(), format.plain.parts.end(),
                         [i](const plain_part& part) { return i >= part.first_number && i < std::size_t{part.first_number} + part.number_count; });
    };
    for (std::size_t i = 0; i < format.steps.size(); ++i) {
      const step& s = format.steps[i];
      if (s.cls != field_class::time && !is_number(i) && (s.delimiter != 0 || s.cls == field_class::forwarded)) return false;
    }
    return true;
  }

  static void choose_column(const grammar_field& field, step& s) {
    s.out = column_of(s.cls, s.form, field.name, field.alias);
    const bool is_header = s.out != nullptr && s.out->called == column_name::of_header;
    s.out_name = is_header ? field.alias : unmarked_field_name(field.name);
  }

  layout lay_out(const grammar& format, const policy& rules) const {
    layout made;
    made.escapes = format.escapes;
    if (format.syntax != line_syntax::pattern) return made;
    for (std::size_t i = 0; i < format.fields.size(); ++i) {
      const grammar_field& field = format.fields[i];
      std::optional<field_class> wanted = rules.class_of(field.name);
      if (!wanted && !field.alias.empty()) wanted = rules.class_of(field.alias);
      step s{.literal_before = format.literals[i],
             .cls = wanted.value_or(field.cls),
             .form = wanted ? keep_form::any : field.form,
             .signal = field.signal,
             .delimiter = delimiter_of(format, i),
             .name = field.name,
             .out = nullptr,
             .out_name = {}};
      if (!wanted && normal_.is_session_cookie(field.cookie)) s.cls = field_class::session;
      s.is_port_of_vhost = i == 1 && s.cls == field_class::keep && s.literal_before == ":" && format.name.starts_with("vhost_");
      const bool holds_blanks = protection::can_hold_delimiters(s.cls);  // of the others every blank leaves as %20
      const bool is_stamp = s.cls == field_class::time && field.cls == field_class::time;  // it is written in its own form, blanks and all
      if (s.delimiter == ' ' && (!holds_blanks || is_stamp)) s.delimiter = 0;
      s.undoes_delimiter = s.delimiter != 0 && holds_blanks;
      if (!shape_.is_same()) choose_column(field, s);
      made.has_time = made.has_time || s.cls == field_class::time;
      made.has_signal = made.has_signal || s.signal != grammar_field::privacy_signal::none;
      made.literal_bytes += s.literal_before.size();
      made.steps.push_back(std::move(s));
    }
    made.last_literal = format.literals.back();
    made.literal_bytes += made.last_literal.size();
    made.plain = compile_plain(format, made, normal_);
    return made;
  }

  plan_options options_;
  protection normal_;
  protection strict_;
  std::vector<grammar> formats_;
  std::vector<layout> layouts_;
  std::size_t pattern_count_ = 0;
  std::array<std::size_t, line_syntax_count> keyed_formats_{};  // by line_syntax
  bool has_keyed_formats_ = false;
  std::array<std::size_t, plain_layout::most_quotes + 1> plain_formats_{};
  bool has_plain_lines_ = false;
  bool has_plain_fronts_ = false;
  bool has_plain_json_ = false;
  anonlog::kernel kernel_ = anonlog::kernel::scalar;
  key_options keying_;
  anonlog::output_shape shape_;
  signal_rule dnt_ = signal_rule::strict;
  signal_rule gpc_ = signal_rule::strict;
  std::string fingerprint_;
  std::size_t line_bytes_ = 0;
  std::size_t literal_bytes_ = 0;
};

}  // namespace anonlog
