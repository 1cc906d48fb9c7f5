// cli/signals.hpp: stop, reopen, and die as the parent expects, without losing a signal.
//
// The first SIGTERM, SIGINT (or SIGHUP, where it does not mean "reopen") asks the run to stop at a line's end; a later
// one ends it at once. Every handler also writes into a pipe that all waiting watches, so a signal that arrives just
// before a wait, or on another thread, is seen all the same. Rules: CLI contract section 2 (exit codes).
#pragma once

#include <string>

namespace anonlog::cli {

enum class on_hangup { stop, reopen };

// Installs the handlers, ignores SIGPIPE and SIGXFSZ (their errors are handled where they occur). A signal the parent
// ignores (nohup, a shell's background job) stays ignored, except SIGHUP where it was asked for. Call once.
void watch_signals(on_hangup hangup);

// The signal that asked to stop, or 0.
int stop_signal() noexcept;

// True while a request to reopen waits; take_reopen answers once per request.
bool reopen_requested() noexcept;
bool take_reopen() noexcept;

enum class wake { ready, timeout, stop, reopen };

inline constexpr int no_timeout = -1;

// Left off by who already knows of the stop: a reader that takes what is there, a writer that finishes its line.
enum class watch_stop { yes, no };

// Waits until `fd` can be read without blocking. Stop and reopen come first, even with data at hand.
wake wait_readable(int fd, int timeout_ms, watch_stop watch = watch_stop::yes) noexcept;

// Waits until `fd` can be written.
wake wait_writable(int fd, int timeout_ms, watch_stop watch) noexcept;

// Ends the process by that signal, so that the parent sees it (143 for SIGTERM, 141 for SIGPIPE in a shell). Where the
// parent ignores SIGPIPE, a lost reader ends with exit 1, as for `cat`. Registered temporary files are removed.
[[noreturn]] void die_by_signal(int signal_number) noexcept;

// A file that must not outlive the run: removed by die_by_signal and by a second stop signal. Returns a slot for
// forget_temporary, or -1 if all are taken (the file is then removed by its owner only).
int remember_temporary(const std::string& path) noexcept;
void forget_temporary(int slot) noexcept;

}  // namespace anonlog::cli
