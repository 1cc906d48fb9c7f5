// cli/reject_watch.cpp: see reject_watch.hpp.
#include "reject_watch.hpp"

namespace anonlog::cli {

std::optional<reject_share> reject_watch::count(reject_share so_far, clock::time_point now) noexcept {
  so_far_ = so_far;
  const reject_share window{so_far.rejects - window_begin_.rejects, so_far.lines - window_begin_.lines};
  if (window.lines < window_lines) return std::nullopt;
  window_begin_ = so_far;
  if (!is_too_much(window) || (said_ && now - *said_ < pause)) return std::nullopt;
  said_ = now;
  return window;
}

bool reject_watch::is_early_due() const noexcept {
  return !is_early_said_ && so_far_.lines < window_lines && so_far_.rejects >= early_rejects && is_too_much(so_far_);
}

reject_share reject_watch::early() noexcept {
  is_early_said_ = true;
  return so_far_;
}

}  // namespace anonlog::cli
