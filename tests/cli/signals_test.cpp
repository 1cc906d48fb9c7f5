// cli/signals_test.cpp: no signal is lost, and the parent sees the one that ended us.
#include "cli/signals.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>

#include "cli/output.hpp"
#include "io_support.hpp"

namespace {

// A signal that comes when poll has looked at everything and not yet returned.
std::atomic<int> signal_in_poll{0};

}  // namespace

// In the place of the system's; under another name here, because fortified headers define `poll` themselves.
extern "C" int poll_with_signal(pollfd* watched, nfds_t count, int timeout_ms) asm("poll");
extern "C" int poll_with_signal(pollfd* watched, nfds_t count, int timeout_ms) {
  const timespec timeout{timeout_ms / 1000, (timeout_ms % 1000) * 1'000'000L};
  const int ready = ::ppoll(watched, count, timeout_ms < 0 ? nullptr : &timeout, nullptr);
  const int error_number = errno;
  if (const int number = signal_in_poll.exchange(0); number != 0) (void)::raise(number);
  errno = error_number;
  return ready;
}

namespace anonlog::cli {
namespace {

using namespace testing;

void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

// On a busy machine a child may take its time.
template <class condition>
bool eventually(condition is_so) {
  for (int waited_ms = 0; waited_ms < 20'000; waited_ms += 20) {
    if (is_so()) return true;
    pause_ms(20);
  }
  return false;
}

bool holds_at_least(int pipe, int bytes) {
  int held = 0;
  return ::ioctl(pipe, FIONREAD, &held) == 0 && held >= bytes;
}

// A child that reads from an empty pipe until interrupted, and then dies by the signal.
pid_t start_reader(int (&ends)[2]) {
  EXPECT_EQ(::pipe(ends), 0);
  return start_child([&] {
    ::dup2(ends[0], 0);
    watch_signals(on_hangup::stop);
    result<input> opened = input::open("-");
    if (!opened) return 1;
    if (read_all(*opened).last.state != read_state::interrupted) return 2;
    die_by_signal(stop_signal());
  });
}

TEST(signals, a_blocked_read_ends_and_the_parent_sees_the_signal) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    int ends[2];
    const pid_t child = start_reader(ends);
    pause_ms(100);
    ::kill(child, number);
    const int status = wait_for_child(child);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), number);
    ::close(ends[0]);
    ::close(ends[1]);
  }
}

TEST(signals, one_that_came_before_the_wait_is_not_lost) {
  EXPECT_EQ(in_child([] {
              watch_signals(on_hangup::stop);
              int ends[2];
              if (::pipe(ends) != 0) return 1;
              ::raise(SIGTERM);
              if (wait_readable(ends[0], no_timeout) != wake::stop) return 2;
              return stop_signal() == SIGTERM ? 0 : 3;
            }),
            0);
}

TEST(signals, one_that_comes_while_poll_returns_is_seen_before_the_data) {
  for (const int timeout_ms : {no_timeout, 0}) {
    EXPECT_EQ(in_child([&] {
                watch_signals(on_hangup::reopen);
                int ends[2];
                if (::pipe(ends) != 0 || ::write(ends[1], "x", 1) != 1) return 1;
                signal_in_poll = SIGHUP;
                if (wait_readable(ends[0], timeout_ms) != wake::reopen || !take_reopen()) return 2;
                signal_in_poll = SIGTERM;
                return wait_readable(ends[0], timeout_ms) == wake::stop ? 0 : 3;
              }),
              0);
  }
}

TEST(signals, a_reader_that_knows_of_the_stop_gets_what_is_there_and_waits_for_nothing) {
  EXPECT_EQ(in_child([] {
              watch_signals(on_hangup::reopen);
              int ends[2];
              if (::pipe(ends) != 0 || ::write(ends[1], "xy", 2) != 2) return 1;
              ::dup2(ends[0], 0);
              result<input> opened = input::open("-");
              ::raise(SIGHUP);
              ::raise(SIGTERM);
              char byte = 0;
              if (!opened || opened->read_some(&byte, 1).state != read_state::interrupted) return 2;
              for (const char expected : {'x', 'y'}) {
                const read_status got = opened->read_some(&byte, 1, waiting::stopping);
                if (got.state != read_state::data || byte != expected) return 3;
              }
              return opened->read_some(&byte, 1, waiting::stopping).state == read_state::nothing_yet ? 0 : 4;
            }),
            0);
}

TEST(signals, one_that_another_thread_gets_ends_the_wait_too) {
  EXPECT_EQ(in_child([] {
              watch_signals(on_hangup::stop);
              int ends[2];
              if (::pipe(ends) != 0) return 1;
              wake woken = wake::timeout;
              // The waiting thread blocks the signal, so that it can only be told of it.
              sigset_t all;
              ::sigfillset(&all);
              ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
              std::thread waiter([&] { woken = wait_readable(ends[0], 5000); });
              ::pthread_sigmask(SIG_UNBLOCK, &all, nullptr);
              pause_ms(50);
              ::kill(::getpid(), SIGTERM);
              waiter.join();
              return woken == wake::stop ? 0 : 2;
            }),
            0);
}

TEST(signals, a_request_to_reopen_is_answered_once) {
  EXPECT_EQ(in_child([] {
              watch_signals(on_hangup::reopen);
              int ends[2];
              if (::pipe(ends) != 0) return 1;
              ::raise(SIGHUP);
              ::raise(SIGHUP);
              if (wait_readable(ends[0], no_timeout) != wake::reopen) return 2;
              if (!take_reopen() || take_reopen()) return 3;
              if (wait_readable(ends[0], 0) != wake::timeout) return 4;
              ::raise(SIGHUP);
              return wait_readable(ends[0], no_timeout) == wake::reopen && stop_signal() == 0 ? 0 : 5;
            }),
            0);
}

TEST(signals, a_stalled_reader_gets_the_rest_of_its_line_and_no_more) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = start_child([&] {
    ::close(ends[0]);
    ::dup2(ends[1], 1);
    ::close(ends[1]);
    watch_signals(on_hangup::stop);
    result<output> made = output::standard_output();
    if (!made) return 1;
    const std::string one = std::string(4999, 'x') + "\n";
    // Seven pages: the pipe is full in the middle of a block, and of a line.
    const std::string five = one + one + one + one + one;
    for (;;) {
      const write_status status = made->write(five);
      if (status.state == write_state::stopped) break;
      if (!status.is_done()) return 2;
    }
    die_by_signal(stop_signal());
  });
  ::close(ends[1]);
  EXPECT_TRUE(eventually([&] { return holds_at_least(ends[0], 60'000); }));
  pause_ms(100);
  ::kill(child, SIGTERM);
  pause_ms(100);
  std::size_t got = 0;
  char last = 0;
  char buffer[65536];
  for (ssize_t count; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    got += static_cast<std::size_t>(count);
    last = buffer[count - 1];
  }
  ::close(ends[0]);
  const int status = wait_for_child(child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_EQ(last, '\n');
  EXPECT_EQ(got % 5000, 0u);
  EXPECT_GT(got, 0u);
}

TEST(signals, a_reader_that_takes_nothing_does_not_hold_us) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = start_child([&]() -> int {
    ::dup2(ends[1], 1);
    watch_signals(on_hangup::stop);
    result<output> made = output::standard_output();
    while (made->write(std::string(4999, 'x') + "\n").is_done()) {
    }
    die_by_signal(stop_signal());
  });
  EXPECT_TRUE(eventually([&] { return holds_at_least(ends[0], 60'000); }));
  pause_ms(100);
  ::kill(child, SIGTERM);
  const int status = wait_for_child(child);
  EXPECT_TRUE(WIFSIGNALED(status));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(signals, a_second_request_ends_at_once_and_leaves_no_temporary_file) {
  const folder here;
  const pid_t child = start_child([&] {
    watch_signals(on_hangup::stop);
    result<output> made = output::replace(here / "a");
    if (!made || !made->write("x\n").is_done()) return 1;
    for (;;) pause_ms(1000);  // deaf
  });
  EXPECT_TRUE(eventually([&] { return here.count() == 1; }));
  ::kill(child, SIGTERM);
  pause_ms(50);
  ::kill(child, SIGTERM);  // as timeout(1) does: still the first request
  pause_ms(300);
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), 0);
  pause_ms(400);
  ::kill(child, SIGINT);
  const int status = wait_for_child(child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
  EXPECT_EQ(here.count(), 0u);
}

TEST(signals, dying_by_a_signal_leaves_no_temporary_file) {
  const folder here;
  const int status = in_child([&] {
    watch_signals(on_hangup::stop);
    result<output> made = output::replace(here / "a");
    if (!made) return 1;
    die_by_signal(SIGTERM);
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_EQ(here.count(), 0u);
}

TEST(signals, a_lost_reader_ends_as_it_ends_cat) {
  const int usual = in_child([] {
    ::signal(SIGPIPE, SIG_DFL);
    watch_signals(on_hangup::stop);
    die_by_signal(SIGPIPE);
    return 0;
  });
  EXPECT_TRUE(WIFSIGNALED(usual) && WTERMSIG(usual) == SIGPIPE);
  const int ignored = in_child([] {
    ::signal(SIGPIPE, SIG_IGN);
    watch_signals(on_hangup::stop);
    die_by_signal(SIGPIPE);
    return 0;
  });
  EXPECT_TRUE(WIFEXITED(ignored) && WEXITSTATUS(ignored) == 1);
}

TEST(signals, what_the_parent_ignores_stays_ignored) {
  EXPECT_EQ(in_child([] {
              ::signal(SIGHUP, SIG_IGN);
              ::signal(SIGINT, SIG_IGN);
              watch_signals(on_hangup::stop);
              ::raise(SIGHUP);
              ::raise(SIGINT);
              return stop_signal() == 0 ? 0 : 1;
            }),
            0);
}

TEST(signals, a_fifo_without_a_writer_does_not_hold_us) {
  const folder here;
  ASSERT_EQ(::mkfifo((here / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(in_child([&] {
              watch_signals(on_hangup::stop);
              result<input> opened = input::open(here / "fifo");
              if (!opened) return 1;
              char byte;
              if (opened->read_some(&byte, 1, waiting::no).state != read_state::nothing_yet) return 2;
              ::alarm(5);
              std::thread signaller([] {
                pause_ms(100);
                ::kill(::getpid(), SIGTERM);
              });
              const read_state state = opened->read_some(&byte, 1).state;
              signaller.join();
              return state == read_state::interrupted ? 0 : 3;
            }),
            0);
}

}  // namespace
}  // namespace anonlog::cli
