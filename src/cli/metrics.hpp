// cli/metrics.hpp: the counts of a run in the text form of Prometheus, for whoever is on call.
//
// Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (text, version 0.0.4). Labels are names of causes, classes
// and outcomes, and what the operator calls a policy and a file; never a value. Times are those of the policy's grid.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <anonlog.hpp>

namespace anonlog::cli {

enum class metric_kind { counter, gauge };

// Families one after the other, each begun before its samples.
class metrics_page {
 public:
  using label = std::pair<std::string_view, std::string_view>;

  // `log` stands in every sample: node_exporter joins the pages of all programs of a machine, and takes no sample twice.
  explicit metrics_page(std::string_view log) : log_(log) {}

  void begin(std::string_view name, metric_kind kind, std::string_view help);
  void add(std::initializer_list<label> labels, std::uint64_t value);
  void add(std::uint64_t value) { add({}, value); }

  const std::string& text() const noexcept { return text_; }

 private:
  void put_label(const label& what);

  std::string text_;
  std::string name_;
  std::string log_;
};

struct metrics_facts {
  const report& counts;
  const report_context& context;
  std::string_view log;  // which of the machine's logs this is
  std::int64_t grid_seconds = 1;  // of the policy: no moment is told more finely
  std::int64_t started = 0;       // Unix seconds
  std::int64_t now = 0;
  std::uint64_t refused_line_feeds = 0;  // lines that were refused before a stream saw them
};

// What every run has.
metrics_page metrics_of(const metrics_facts& facts);

}  // namespace anonlog::cli
