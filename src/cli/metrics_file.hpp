// cli/metrics_file.hpp: metrics in a file that is replaced in one step, for node_exporter's textfile collector.
//
// Whoever reads it sees a whole page, never half of one. It is not synced: after a crash of the machine the next page is a few
// seconds away, and a slow disk must not hold up the log.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <anonlog/core/result.hpp>

#include "metrics.hpp"

namespace anonlog::cli {

class metrics_file {
 public:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds pause{5};  // between two pages

  // A path that is there and is no plain file is an error.
  static result<metrics_file> at(const std::string& path);

  bool is_due(clock::time_point now) const noexcept { return now >= due_; }
  bool is_due() const noexcept { return is_due(clock::now()); }

  // What its file is called, without the folder and `.prom`.
  std::string_view log() const noexcept;

  // Unix seconds.
  std::int64_t started() const noexcept { return started_; }

  // The error, if the page could not be written: the old one stays. Told once until a page is written again, since the log is
  // worth more than its metrics.
  std::optional<setup_error> write(const metrics_page& page);

 private:
  explicit metrics_file(std::string path);
  std::optional<setup_error> replace(const std::string& text) const;

  std::string path_;
  std::int64_t started_;
  clock::time_point due_;
  bool is_failing_ = false;
};

// By the machine's clock.
std::int64_t unix_seconds_now() noexcept;

}  // namespace anonlog::cli
