// cli/reject_watch.hpp: notices that lines stopped fitting while a run goes on, for a logger that never ends.
//
// The first 1,000 lines and the whole run are judged by the exit code (CLI contract section 2, SPEC 3.10); this is for
// what lies between. Numbers only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <anonlog/report.hpp>

namespace anonlog::cli {

struct reject_share {
  std::uint64_t rejects = 0;
  std::uint64_t lines = 0;
};

class reject_watch {
 public:
  using clock = std::chrono::steady_clock;

  static constexpr std::uint64_t window_lines = report::head_lines;  // or a little more: a block is counted whole
  static constexpr std::uint64_t early_rejects = 10;                 // fewer are no reason to speak
  static constexpr std::chrono::minutes pause{1};                    // between two warnings

  // `most`: the share of lines, 0..1, that may be rejects.
  explicit reject_watch(double most) noexcept : most_(most) {}

  // How far the run is, both counted from its beginning. Answers with the last lines if too many of them were rejects
  // and that was not said within a minute.
  std::optional<reject_share> count(reject_share so_far, clock::time_point now) noexcept;

  // Whether the few lines there are yet show a wrong format already; true until early() has answered.
  bool is_early_due() const noexcept;
  // All lines so far, to be told once.
  reject_share early() noexcept;

 private:
  bool is_too_much(reject_share share) const noexcept {
    return static_cast<double>(share.rejects) > most_ * static_cast<double>(share.lines);
  }

  double most_;
  reject_share so_far_;
  reject_share window_begin_;
  std::optional<clock::time_point> said_;
  bool is_early_said_ = false;
};

}  // namespace anonlog::cli
