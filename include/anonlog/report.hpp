// report.hpp: what a stream counted: lines, fields, outcomes, epochs. Never a value, never a key.
//
// Source: EVIDENCE 5.2. Names of formats and of the policy come from the operator, not from the log.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/core/field_class.hpp>
#include <anonlog/core/outcome.hpp>
#include <anonlog/core/tally.hpp>
#include <anonlog/core/version.hpp>

namespace anonlog {

enum class reject_cause : unsigned char { no_format, too_long, unreadable_time };
inline constexpr std::array<std::string_view, 3> reject_cause_names = {"no_format", "too_long", "unreadable_time"};

// Counts of one stream, cumulative, or of several that shared an input. Plain numbers.
struct report {
  static constexpr std::uint64_t head_lines = 1000;  // the lines by which a wrong format is noticed early

  std::uint64_t lines_in = 0;
  std::uint64_t lines_out = 0;
  std::uint64_t lines_withheld = 0;  // DNT or GPC, where the policy drops such lines
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::array<std::uint64_t, reject_cause_names.size()> rejects{};
  std::uint64_t rejects_in_head = 0;  // among the first head_lines
  std::uint64_t dnt_lines = 0;
  std::uint64_t gpc_lines = 0;
  std::uint64_t epoch_guessed = 0;  // records without a usable time: the epoch before was taken
  std::uint64_t late_epoch = 0;     // records of an ephemeral epoch whose key was wiped already
  std::uint64_t no_era = 0;         // records whose time no era of the keyring covers
  std::int64_t first_time = std::numeric_limits<std::int64_t>::max();  // Unix seconds, on the grid
  std::int64_t last_time = std::numeric_limits<std::int64_t>::min();
  std::array<std::array<std::uint64_t, outcome_count>, field_class_names.size()> fields{};
  tally transforms;
  std::vector<std::uint64_t> format_lines;  // by the plan's order of formats

  bool operator==(const report&) const = default;

  // Takes over what another stream counted behind the first lines of an input; that begins anew.
  void absorb(report& other) noexcept {
    constexpr std::uint64_t report::*sums[] = {
        &report::lines_in,  &report::lines_out, &report::lines_withheld, &report::bytes_in,   &report::bytes_out,
        &report::dnt_lines, &report::gpc_lines, &report::epoch_guessed,  &report::late_epoch, &report::no_era};
    for (auto sum : sums) this->*sum += std::exchange(other.*sum, 0);
    first_time = std::min(first_time, std::exchange(other.first_time, report{}.first_time));
    last_time = std::max(last_time, std::exchange(other.last_time, report{}.last_time));
    other.rejects_in_head = 0;
    absorb_each(rejects, other.rejects);
    for (std::size_t i = 0; i < fields.size(); ++i) absorb_each(fields[i], other.fields[i]);
    absorb_each(transforms.counts, other.transforms.counts);
    absorb_each(format_lines, other.format_lines);
  }

  void add_signal(bool is_dnt) noexcept { ++(is_dnt ? dnt_lines : gpc_lines); }

  std::uint64_t lines_rejected() const noexcept {
    std::uint64_t sum = 0;
    for (std::uint64_t count : rejects) sum += count;
    return sum;
  }

  // True when more than `share` (0..1) of all lines were rejects.
  bool exceeds(double share) const noexcept {
    return static_cast<double>(lines_rejected()) > share * static_cast<double>(lines_in);
  }

 private:
  template <class List>
  static void absorb_each(List& own, List& other) noexcept {
    for (std::size_t i = 0; i < own.size(); ++i) own[i] += std::exchange(other[i], 0);
  }
};

// What a report says about how the output was made.
struct report_context {
  std::string preset;
  std::string policy_name;
  std::string policy_fingerprint;
  std::vector<std::string> formats;
  std::vector<std::pair<std::size_t, std::string>> dropped_fields;  // index of the format, name of the field
  unsigned agent_rules = 0;
  std::string public_suffix_date;  // empty: the list was not used
  bool is_ephemeral = true;
  std::string recipient;
  std::vector<std::string> era_ids;
  std::vector<std::string> key_fingerprints;
};

namespace report_detail {

// Writes JSON with the members in the order they are added.
class json_object {
 public:
  void add(std::string_view name, std::uint64_t number) { member(name).append(std::to_string(number)); }
  void add_signed(std::string_view name, std::int64_t number) { member(name).append(std::to_string(number)); }
  void add(std::string_view name, std::string_view text) { member(name).append(quoted(text)); }
  void add(std::string_view name, const json_object& object) { member(name).append(object.text()); }
  void add(std::string_view name, const std::vector<std::string>& texts) {
    std::string list = "[";
    for (const std::string& text : texts) list.append(list.size() > 1 ? "," : "").append(quoted(text));
    member(name).append(list).append("]");
  }
  void add_null(std::string_view name) { member(name).append("null"); }
  bool empty() const { return body_.empty(); }
  std::string text() const { return "{" + body_ + "}"; }

 private:
  static std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E ? '?' : c;
    }
    return out += '"';
  }
  std::string& member(std::string_view name) {
    return body_.append(body_.empty() ? "" : ",").append(quoted(name)).append(":");
  }
  std::string body_;
};

}  // namespace report_detail

// One JSON object on one line, without a newline.
inline std::string to_json(const report& counts, const report_context& context) {
  using report_detail::json_object;
  json_object policy;
  policy.add("preset", context.preset);
  policy.add("name", context.policy_name);
  policy.add("fingerprint", context.policy_fingerprint);

  json_object lines;
  lines.add("in", counts.lines_in);
  lines.add("out", counts.lines_out);
  lines.add("rejected", counts.lines_rejected());
  lines.add("withheld", counts.lines_withheld);

  json_object rejects;
  for (std::size_t i = 0; i < counts.rejects.size(); ++i) rejects.add(reject_cause_names[i], counts.rejects[i]);

  json_object bytes;
  bytes.add("in", counts.bytes_in);
  bytes.add("out", counts.bytes_out);

  // A format may have several patterns, which stand together: one count for its name.
  json_object formats;
  std::uint64_t lines_of_name = 0;
  for (std::size_t i = 0; i < context.formats.size() && i < counts.format_lines.size(); ++i) {
    lines_of_name += counts.format_lines[i];
    if (i + 1 < context.formats.size() && context.formats[i + 1] == context.formats[i]) continue;
    formats.add(context.formats[i], lines_of_name);
    lines_of_name = 0;
  }

  json_object fields;
  for (std::size_t i = 0; i < counts.fields.size(); ++i) {
    json_object outcomes;
    std::uint64_t seen = 0;
    for (std::uint64_t count : counts.fields[i]) seen += count;
    if (seen == 0) continue;
    outcomes.add("seen", seen);
    for (std::size_t j = 0; j < outcome_count; ++j)
      outcomes.add(to_text(static_cast<outcome>(j)), counts.fields[i][j]);
    fields.add(field_class_names[i], outcomes);
  }

  json_object addresses, placeholders;
  for (std::size_t i = 0; i < counted_names.size(); ++i) {
    const std::string_view name = counted_names[i];
    const std::size_t underscore = name.find('_');
    (name.starts_with("address_") ? addresses : placeholders).add(name.substr(underscore + 1), counts.transforms.counts[i]);
  }

  std::map<std::string, std::uint64_t> dropped_by_name;
  for (const auto& [format, name] : context.dropped_fields)
    if (format < counts.format_lines.size()) dropped_by_name[name] += counts.format_lines[format];
  json_object dropped;
  for (const auto& [name, count] : dropped_by_name) dropped.add(name, count);

  json_object signals;
  signals.add("dnt", counts.dnt_lines);
  signals.add("gpc", counts.gpc_lines);

  json_object epochs;
  epochs.add("guessed", counts.epoch_guessed);
  epochs.add("late", counts.late_epoch);
  epochs.add("no_era", counts.no_era);

  json_object time;
  if (counts.first_time <= counts.last_time) {
    time.add_signed("first", counts.first_time);
    time.add_signed("last", counts.last_time);
  } else {
    time.add_null("first");
    time.add_null("last");
  }

  json_object keys;
  keys.add("source", std::string_view(context.is_ephemeral ? "ephemeral" : "keyring"));
  keys.add("suite", std::string_view("blake2b-128"));
  keys.add("recipient", context.recipient);
  keys.add("eras", context.era_ids);
  keys.add("fingerprints", context.key_fingerprints);

  json_object all;
  all.add("anonlog", version);
  all.add("policy_fp", context.policy_fingerprint);
  all.add("preset", context.preset);
  all.add("policy", policy);
  all.add("ua_rules", static_cast<std::uint64_t>(context.agent_rules));
  if (context.public_suffix_date.empty()) all.add_null("psl_date");
  else all.add("psl_date", context.public_suffix_date);
  all.add("keys", keys);
  all.add("lines", lines);
  all.add("rejects", rejects);
  all.add("bytes", bytes);
  all.add("formats", formats);
  all.add("fields", fields);
  all.add("best_effort", std::string_view("text"));  // the class in which identifiers are only looked for (CLI 6)
  all.add("dropped_fields", dropped);
  all.add("addresses", addresses);
  all.add("placeholders", placeholders);
  all.add("signals", signals);
  all.add("epochs", epochs);
  all.add("time", time);
  return all.text();
}

}  // namespace anonlog
