// cli/signals.cpp: see signals.hpp. Handlers call async-signal-safe functions only.
#include "signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>
#include <ctime>

namespace anonlog::cli {

namespace {

// timeout(1) and terminals send the same request twice within moments; only a later one means "at once".
constexpr std::int64_t second_request_ns = 500'000'000;

constexpr std::size_t temporary_slots = 32;

enum class slot_state : int { free, filling, taken };

struct temporary_slot {
  std::atomic<slot_state> state{slot_state::free};
  std::array<char, PATH_MAX> path{};  // kept here, not on the heap: a handler may read it at any time
};

std::atomic<int> stop_request{0};
std::atomic<std::int64_t> stop_request_ns{0};
std::atomic<int> reopen_request{0};
std::atomic<bool> sigpipe_was_ignored{false};
// Written by handlers, watched by waits. The stop pipe is never drained: a stop stays.
std::array<std::atomic<int>, 2> stop_pipe{-1, -1};
std::array<std::atomic<int>, 2> reopen_pipe{-1, -1};
std::array<temporary_slot, temporary_slots> temporaries;

static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free);

std::int64_t monotonic_ns() noexcept {
  timespec now{};
  (void)::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void remove_temporaries() noexcept {
  for (temporary_slot& slot : temporaries) {
    if (slot.state.load() == slot_state::taken) (void)::unlink(slot.path.data());
  }
}

void end_by_default_action(int signal_number) noexcept {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  (void)::sigaction(signal_number, &action, nullptr);
  sigset_t only_this;
  (void)::sigemptyset(&only_this);
  (void)::sigaddset(&only_this, signal_number);
  (void)::pthread_sigmask(SIG_UNBLOCK, &only_this, nullptr);
  (void)::raise(signal_number);
}

void wake_waiters(const std::array<std::atomic<int>, 2>& pipe) noexcept {
  const char byte = 1;
  // A full pipe has woken everybody already.
  [[maybe_unused]] const ssize_t ignored = ::write(pipe[1].load(), &byte, 1);
}

void handle_stop(int signal_number) {
  const int saved = errno;
  int nothing = 0;
  if (stop_request.compare_exchange_strong(nothing, signal_number)) {
    stop_request_ns.store(monotonic_ns());
    wake_waiters(stop_pipe);
  } else if (const std::int64_t first = stop_request_ns.load();
             first != 0 && monotonic_ns() - first > second_request_ns) {
    remove_temporaries();
    end_by_default_action(signal_number);
  }
  errno = saved;
}

void handle_reopen(int) {
  const int saved = errno;
  reopen_request.store(1);
  wake_waiters(reopen_pipe);
  errno = saved;
}

bool is_ignored(int signal_number) noexcept {
  struct sigaction present {};
  return ::sigaction(signal_number, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
}

void install(int signal_number, void (*handler)(int)) noexcept {
  struct sigaction action {};
  action.sa_handler = handler;
  (void)::sigemptyset(&action.sa_mask);
  action.sa_flags = 0;  // no SA_RESTART: a blocked call returns and looks at the flags
  (void)::sigaction(signal_number, &action, nullptr);
}

void make_pipe(std::array<std::atomic<int>, 2>& pipe) noexcept {
  if (pipe[0].load() >= 0) return;
  int ends[2];
  if (::pipe(ends) != 0) return;  // without it only the shortest race is left open
  for (const int end : ends) {
    (void)::fcntl(end, F_SETFD, FD_CLOEXEC);
    (void)::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  pipe[1].store(ends[1]);
  pipe[0].store(ends[0]);
}

void drain(const std::array<std::atomic<int>, 2>& pipe) noexcept {
  char bytes[64];
  while (::read(pipe[0].load(), bytes, sizeof bytes) > 0) {
  }
}

}  // namespace

void watch_signals(on_hangup hangup) {
  make_pipe(stop_pipe);
  sigpipe_was_ignored.store(is_ignored(SIGPIPE));
  install(SIGPIPE, SIG_IGN);
  install(SIGXFSZ, SIG_IGN);
  for (const int signal_number : {SIGTERM, SIGINT}) {
    if (!is_ignored(signal_number)) install(signal_number, handle_stop);
  }
  if (hangup == on_hangup::reopen) {
    make_pipe(reopen_pipe);
    install(SIGHUP, handle_reopen);
  } else if (!is_ignored(SIGHUP)) {
    install(SIGHUP, handle_stop);
  }
}

int stop_signal() noexcept { return stop_request.load(); }

bool reopen_requested() noexcept { return reopen_request.load() != 0; }

bool take_reopen() noexcept {
  if (reopen_request.load() == 0) return false;
  // Drain first: a request between the two lines is answered now, and its byte costs one needless wake-up later.
  drain(reopen_pipe);
  return reopen_request.exchange(0) != 0;
}

wake wait_readable(int fd, int timeout_ms, watch_stop watch) noexcept {
  const bool is_watching = watch == watch_stop::yes;
  for (;;) {
    if (is_watching && stop_signal() != 0) return wake::stop;
    if (is_watching && reopen_requested()) return wake::reopen;
    pollfd watched[3] = {{fd, POLLIN, 0},
                         {is_watching ? stop_pipe[0].load() : -1, POLLIN, 0},
                         {is_watching ? reopen_pipe[0].load() : -1, POLLIN, 0}};
    const int ready = ::poll(watched, 3, timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    // A signal may come between the moment poll looked at its pipe and now: it comes first all the same.
    if (is_watching && (stop_signal() != 0 || reopen_requested())) continue;
    if (ready == 0) return wake::timeout;
    if (ready < 0) return wake::ready;  // the read itself will say what is wrong
    // A byte without a request is left over from one already answered.
    if (watched[2].revents != 0) drain(reopen_pipe);
    if (watched[0].revents != 0) return wake::ready;
  }
}

wake wait_writable(int fd, int timeout_ms, watch_stop watch) noexcept {
  const std::int64_t start_ns = monotonic_ns();
  for (int left_ms = timeout_ms;;) {
    if (watch == watch_stop::yes && stop_signal() != 0) return wake::stop;
    pollfd watched[2] = {{fd, POLLOUT, 0}, {watch == watch_stop::yes ? stop_pipe[0].load() : -1, POLLIN, 0}};
    const int ready = ::poll(watched, 2, left_ms);
    if (ready == 0) return wake::timeout;
    if (ready < 0 && errno != EINTR) return wake::ready;
    if (ready > 0 && watched[0].revents != 0) return wake::ready;
    if (timeout_ms >= 0) {
      const std::int64_t passed_ms = (monotonic_ns() - start_ns) / 1'000'000;
      left_ms = passed_ms >= timeout_ms ? 0 : timeout_ms - static_cast<int>(passed_ms);
    }
  }
}

void die_by_signal(int signal_number) noexcept {
  remove_temporaries();
  if (signal_number == SIGPIPE && sigpipe_was_ignored.load()) ::_exit(1);
  end_by_default_action(signal_number);
  ::_exit(128 + signal_number);  // reached if the default action is not to end
}

int remember_temporary(const std::string& path) noexcept {
  if (path.size() >= PATH_MAX) return -1;
  for (std::size_t index = 0; index < temporaries.size(); ++index) {
    slot_state expected = slot_state::free;
    if (!temporaries[index].state.compare_exchange_strong(expected, slot_state::filling)) continue;
    std::memcpy(temporaries[index].path.data(), path.c_str(), path.size() + 1);
    temporaries[index].state.store(slot_state::taken);
    return static_cast<int>(index);
  }
  return -1;
}

void forget_temporary(int slot) noexcept {
  if (slot >= 0) temporaries[static_cast<std::size_t>(slot)].state.store(slot_state::free);
}

}  // namespace anonlog::cli
