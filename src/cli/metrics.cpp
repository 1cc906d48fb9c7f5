// cli/metrics.cpp: see metrics.hpp.
#include "metrics.hpp"

#include <algorithm>
#include <limits>

namespace anonlog::cli {

namespace {

constexpr metric_kind counter = metric_kind::counter;
constexpr metric_kind gauge = metric_kind::gauge;

void add_lines(metrics_page& page, const metrics_facts& facts) {
  const report& counts = facts.counts;
  page.begin("anonlog_lines_read_total", counter, "Lines of the log that were read.");
  page.add(counts.lines_in + facts.refused_line_feeds);
  page.begin("anonlog_lines_written_total", counter, "Anonymised lines or records that came out.");
  page.add(counts.lines_out);
  page.begin("anonlog_lines_rejected_total", counter, "Lines that were not understood and not let through, by cause.");
  for (std::size_t i = 0; i < counts.rejects.size(); ++i) page.add({{"cause", reject_cause_names[i]}}, counts.rejects[i]);
  page.add({{"cause", "line_feed"}}, facts.refused_line_feeds);
  page.begin("anonlog_lines_withheld_total", counter, "Lines of people who asked by DNT or GPC not to be counted.");
  page.add(counts.lines_withheld);
  page.begin("anonlog_bytes_read_total", counter, "Bytes of the log that were read.");
  page.add(counts.bytes_in);
  page.begin("anonlog_bytes_written_total", counter, "Bytes that came out.");
  page.add(counts.bytes_out);
}

void add_values(metrics_page& page, const report& counts) {
  page.begin("anonlog_values_total", counter, "Values by class and by what became of them.");
  for (std::size_t i = 0; i < counts.fields.size(); ++i) {
    const auto& outcomes = counts.fields[i];
    if (std::all_of(outcomes.begin(), outcomes.end(), [](std::uint64_t count) { return count == 0; })) continue;
    for (std::size_t j = 0; j < outcome_count; ++j)
      page.add({{"class", field_class_names[i]}, {"outcome", to_text(static_cast<outcome>(j))}}, outcomes[j]);
  }
}

void add_times(metrics_page& page, const metrics_facts& facts) {
  const report& counts = facts.counts;
  page.begin("anonlog_records_without_time_total", counter, "Records without a readable time.");
  page.add(counts.epoch_guessed);
  page.begin("anonlog_records_late_total", counter, "Records of an epoch whose ephemeral key was wiped already.");
  page.add(counts.late_epoch);
  page.begin("anonlog_records_without_era_total", counter, "Records whose time no era of the keyring covers.");
  page.add(counts.no_era);
  if (counts.first_time > counts.last_time) return;
  // The last record may be as young as the end of its step of the grid. A time in the future is somebody's broken clock.
  constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();
  const std::int64_t last = counts.last_time > latest - facts.grid_seconds ? latest : counts.last_time + facts.grid_seconds - 1;
  page.begin("anonlog_seconds_behind", gauge, "The clock minus the time of the last record, at least; as coarse as time.grid.");
  page.add(last >= facts.now ? 0 : static_cast<std::uint64_t>(facts.now) - static_cast<std::uint64_t>(last));
}

}  // namespace

void metrics_page::begin(std::string_view name, metric_kind kind, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
  text_.append(kind == counter ? " counter\n" : " gauge\n");
}

void metrics_page::add(std::initializer_list<label> labels, std::uint64_t value) {
  text_.append(name_).append("{");
  put_label({"log", log_});
  for (const label& one : labels) {
    text_ += ',';
    put_label(one);
  }
  text_.append("} ").append(std::to_string(value)).append("\n");
}

void metrics_page::put_label(const label& what) {
  text_.append(what.first).append("=\"");
  for (const char c : what.second) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E ? '?' : c;
  }
  text_ += '"';
}

metrics_page metrics_of(const metrics_facts& facts) {
  metrics_page page(facts.log);
  page.begin("anonlog_build_info", gauge, "Always 1: which program runs under which policy.");
  page.add({{"version", version}, {"preset", facts.context.preset}, {"policy_fingerprint", facts.context.policy_fingerprint}}, 1);
  page.begin("anonlog_start_time_seconds", gauge, "When the run began, in Unix seconds.");
  page.add(static_cast<std::uint64_t>(std::max<std::int64_t>(facts.started, 0)));
  add_lines(page, facts);
  add_values(page, facts.counts);
  add_times(page, facts);
  return page;
}

}  // namespace anonlog::cli
