// cli/progress.hpp: how far the run is, on one line of the terminal, gone at the end.
//
// Counts of bytes and seconds only; no name of a file and nothing of what is in it. Rules: CLI contract section 2.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace anonlog::cli {

struct progress_sample {
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0;  // 0: unknown
  double seconds = 0;
};

// The bar as text, at most `columns` wide: " 42% [====>     ] 1.2 GB of 3.0 GB, 812 MB/s, 0:02 left".
std::string progress_line(const progress_sample& sample, std::size_t columns);

enum class progress_mode { automatic, on, off };
enum class progress_source { file, stream };

class progress {
 public:
  using clock = std::chrono::steady_clock;

  // `automatic`: where `fd` is a terminal that can redraw a line and the input is a file.
  progress(progress_mode mode, progress_source source, int fd) noexcept;
  ~progress() { clear(); }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  // Cheap; call it as often as you like. Draws at most five times a second.
  void update(std::uint64_t done_bytes, std::uint64_t total_bytes) { update(done_bytes, total_bytes, clock::now()); }
  void update(std::uint64_t done_bytes, std::uint64_t total_bytes, clock::time_point now);

  // Wipes the line: at the end, and before any message is written.
  void clear() noexcept;

  bool is_on() const noexcept { return is_on_; }

 private:
  int fd_;
  bool is_on_;
  bool is_terminal_;
  clock::time_point start_;
  clock::time_point next_draw_;
  std::size_t drawn_columns_ = 0;
};

}  // namespace anonlog::cli
