// cli/progress.cpp: see progress.hpp.
#include "progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "signals.hpp"

namespace anonlog::cli {

namespace {

constexpr std::chrono::milliseconds redraw_every{200};
constexpr std::size_t usual_columns = 80;
constexpr std::size_t widest_bar = 40;
constexpr std::size_t narrowest_bar = 8;
constexpr double longest_eta_seconds = 99 * 3600.0;

bool can_redraw(int fd) noexcept {
  const char* terminal = std::getenv("TERM");
  return ::isatty(fd) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::size_t columns_of(int fd) noexcept {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual_columns;
}

// Decimal units, three digits: 999 B, 1.2 kB, 34 MB.
std::string bytes_text(double bytes) {
  constexpr std::array<const char*, 7> units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < units.size()) {
    bytes /= 1000;
    ++unit;
  }
  std::array<char, 32> text;
  (void)std::snprintf(text.data(), text.size(), unit > 0 && bytes < 9.95 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
  return text.data();
}

std::string time_text(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  std::array<char, 48> text;
  if (whole >= 3600) {
    (void)std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  } else {
    (void)std::snprintf(text.data(), text.size(), "%ld:%02ld", whole / 60, whole % 60);
  }
  return text.data();
}

}  // namespace

std::string progress_line(const progress_sample& sample, std::size_t columns) {
  const auto done = static_cast<double>(sample.done_bytes);
  const double rate = sample.seconds > 0 ? done / sample.seconds : 0;
  std::string numbers = bytes_text(done);
  std::string line;
  if (sample.total_bytes > 0) {
    const auto total = static_cast<double>(sample.total_bytes);
    const double part = std::clamp(done / total, 0.0, 1.0);  // a file may grow while it is read
    numbers += " of " + bytes_text(total);
    if (rate > 0) {
      numbers += ", " + bytes_text(rate) + "/s";
      const double left = (total - std::min(done, total)) / rate;
      if (left < longest_eta_seconds) numbers += ", " + time_text(left) + " left";
    }
    std::array<char, 32> percent;
    (void)std::snprintf(percent.data(), percent.size(), "%3d%% ", static_cast<int>(part * 100));
    line = percent.data();
    const std::size_t taken = line.size() + numbers.size() + 3;  // brackets and a blank
    if (columns >= taken + narrowest_bar) {
      const std::size_t bar = std::min(columns - taken, widest_bar);
      const auto full = static_cast<std::size_t>(part * static_cast<double>(bar));
      std::string drawn(full, '=');
      if (full < bar) drawn += '>';
      drawn.resize(bar, ' ');
      line += "[" + drawn + "] ";
    }
  } else if (rate > 0) {
    numbers += ", " + bytes_text(rate) + "/s";
  }
  line += numbers;
  if (line.size() > columns) line.resize(columns);
  return line;
}

progress::progress(progress_mode mode, progress_source source, int fd) noexcept
    : fd_(fd),
      is_on_(mode == progress_mode::on ||
             (mode == progress_mode::automatic && source == progress_source::file && can_redraw(fd))),
      is_terminal_(::isatty(fd) == 1),
      start_(clock::now()),
      // Asked for: at once. Else a short run shows nothing.
      next_draw_(mode == progress_mode::on ? start_ : start_ + redraw_every) {}

void progress::update(std::uint64_t done_bytes, std::uint64_t total_bytes, clock::time_point now) {
  if (!is_on_ || now < next_draw_) return;
  next_draw_ = now + redraw_every;
  // In the background the terminal belongs to somebody else; and nobody is to wait for a bar.
  if (is_terminal_ && ::tcgetpgrp(fd_) != ::getpgrp()) return;
  if (wait_writable(fd_, 0, watch_stop::no) != wake::ready) return;

  const double seconds = std::chrono::duration<double>(now - start_).count();
  std::string line = progress_line({.done_bytes = done_bytes, .total_bytes = total_bytes, .seconds = seconds},
                                   columns_of(fd_) - 1);
  const std::size_t columns = line.size();
  if (columns < drawn_columns_) line.resize(drawn_columns_, ' ');
  line.insert(0, 1, '\r');
  [[maybe_unused]] const ssize_t ignored = ::write(fd_, line.data(), line.size());
  drawn_columns_ = columns;
}

void progress::clear() noexcept {
  if (drawn_columns_ == 0) return;
  std::array<char, 512> blank;
  const std::size_t columns = std::min(drawn_columns_, blank.size() - 2);
  blank.fill(' ');
  blank[0] = '\r';
  blank[columns + 1] = '\r';
  drawn_columns_ = 0;
  if (wait_writable(fd_, 0, watch_stop::no) != wake::ready) return;
  [[maybe_unused]] const ssize_t ignored = ::write(fd_, blank.data(), columns + 2);
}

}  // namespace anonlog::cli
