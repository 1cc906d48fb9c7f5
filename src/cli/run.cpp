// cli/run.cpp: from the inputs through the stream to the lines that are written; see run.hpp.
#include "run.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "file_checks.hpp"
#include "message.hpp"
#include "signals.hpp"
#include "summary.hpp"

namespace anonlog::cli {

namespace {

constexpr std::size_t input_block_bytes = std::size_t{1} << 18;
constexpr std::size_t flush_bytes = std::size_t{1} << 18;
constexpr std::size_t skeleton_bytes = std::size_t{1} << 16;

// A read that brings less comes from a writer who is slower than one thread.
constexpr std::size_t flowing_bytes = std::size_t{1} << 15;
// What is left of an input, below which more threads do not pay.
constexpr std::uint64_t worthy_bytes = std::uint64_t{4} << 20;
constexpr std::uint64_t worthy_packed_bytes = std::uint64_t{1} << 20;
constexpr std::size_t usual_most_threads = 4;
constexpr std::size_t most_threads = 64;

// A writer that never pauses must not keep a stopped run alive.
constexpr std::chrono::seconds patience_after_stop{2};

progress_mode mode_of(const anonymise_options& options) {
  if (!options.progress) return progress_mode::automatic;
  return *options.progress ? progress_mode::on : progress_mode::off;
}

// Those that this process may run on.
std::size_t usable_processors() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) return static_cast<std::size_t>(CPU_COUNT(&allowed));
  return std::max(1U, std::thread::hardware_concurrency());  // more than the set has room for
}

// A bar needs to know the end.
progress_source source_of(const anonymise_options& options) {
  for (const std::string& file : options.files)
    if (const auto identity = identity_of_input(file); !identity || !identity->is_regular)
      return progress_source::stream;
  return progress_source::file;
}

}  // namespace

run::run(const anonymise_options& options, std::shared_ptr<const plan> rules)
    : options_(options),
      plan_(std::move(rules)),
      stream_(plan_),
      block_(input_block_bytes),
      lines_(flush_bytes + plan_->output_bound(plan_->longest_line())),
      skeletons_(skeleton_bytes),
      most_rejects_(plan_->rules().share("rejects.max")),
      watch_(most_rejects_),
      progress_(mode_of(options), source_of(options), STDERR_FILENO) {}

run::progressed run::end(int code, std::string_view why) {
  code_ = code;
  progress_.clear();
  if (!why.empty()) say(why);
  return progressed::ended;
}

run::progressed run::end(const write_status& status, output& where) {
  switch (status.state) {
    case write_state::done: return progressed::yes;
    case write_state::stopped: signal_ = stop_signal(); return end(exit_failure, "");
    case write_state::reader_gone: signal_ = SIGPIPE; return end(exit_failure, "");
    case write_state::failed: break;
  }
  where.abandon();
  return end(exit_failure, status.message);
}

write_status run::write_lines(std::string_view lines) {
  if (lines.empty()) return {};
  // The last line of an input may lack its newline; what comes next must not join it.
  if (is_line_open_) {
    if (write_status status = output_->write("\n"); !status.is_done()) return status;
  }
  is_line_open_ = lines.back() != '\n';
  is_packed_held_ = true;
  return output_->write(lines);
}

write_status run::write_skeletons(std::string_view skeletons) {
  if (!rejects_ || skeletons.empty()) return {};
  is_packed_held_ = true;
  return rejects_->write(skeletons);
}

run::progressed run::write(std::string_view lines, std::string_view skeletons) {
  if (const write_status status = write_lines(lines); !status.is_done()) return end(status, *output_);
  if (const write_status status = write_skeletons(skeletons); !status.is_done()) return end(status, *rejects_);
  return progressed::yes;
}

run::progressed run::give_all() {
  if (flush() == progressed::ended) return progressed::ended;
  is_packed_held_ = false;
  const write_status flushed = output_->flush();
  if (!flushed.is_done()) return end(flushed, *output_);
  const write_status skeletons = rejects_ ? rejects_->flush() : write_status{};
  return skeletons.is_done() ? progressed::yes : end(skeletons, *rejects_);
}

run::progressed run::reopen_if_asked() {
  if (!take_reopen()) return progressed::yes;
  if (flush() == progressed::ended) return progressed::ended;
  for (output* file : {output_ ? &*output_ : nullptr, rejects_ ? &*rejects_ : nullptr}) {
    if (file == nullptr) continue;
    const write_status reopened = file->reopen();
    if (!reopened.is_done()) say(reopened.message + "; going on with the old file");
  }
  // A new file has no line to be joined.
  if (output_ && options_.append)
    is_line_open_ = packing_of_name(output_->name()) == packing::none && ends_in_a_line(output_->name());
  return progressed::yes;
}

// What a writer has put into a pipe by now is lost with us: it is taken, without waiting for more. What was begun of a
// line and is not there is not a line. A file can be read again.
run::progressed run::stop(input& from) {
  using clock = std::chrono::steady_clock;
  const clock::time_point give_up = clock::now() + patience_after_stop;
  read_status got;
  while (from.is_pipe() && !output_->is_replacing() && clock::now() < give_up) {
    got = from.read_some(block_.data(), block_.size(), waiting::stopping);
    if (got.state != read_state::data) break;
    if (take(got.count) == progressed::ended) return progressed::ended;
  }
  signal_ = stop_signal();
  return end(exit_failure, got.message);
}

run::progressed run::check_rejects(const stream::line_counts& lines) {
  const bool is_early = lines_seen_ < report::head_lines;
  lines_seen_ = lines.in;
  if (is_early && lines.head_exceeds(most_rejects_))
    return end(exit_rejects, std::to_string(lines.rejected_in_head) + " of the first " +
                                 std::to_string(report::head_lines) + too_many_rejects(*plan_));
  watch_rejects({lines.rejected, lines.in});
  return progressed::yes;
}

void run::watch_rejects(reject_share so_far) {
  if (const auto recent = watch_.count(so_far, reject_watch::clock::now())) {
    progress_.clear();
    say(std::to_string(recent->rejects) + " of the last " + std::to_string(recent->lines) + too_many_rejects(*plan_));
  }
}

run::progressed run::take(std::size_t bytes) {
  input_buffer in{block_.data(), bytes};
  for (;;) {
    const stream_status status = stream_.feed(in, out_, rejects_ ? &rejected_ : nullptr);
    if (status == stream_status::stopped)
      return end(exit_rejects, "line " + std::to_string(stream_.lines().in) +
                                   " is no log line of this format, and the policy says to stop there");
    if (status == stream_status::done) break;
    if (flush() == progressed::ended) return progressed::ended;
  }
  if (check_rejects(stream_.lines()) == progressed::ended) return progressed::ended;
  if (options_.line_buffered) return give_all();
  return out_.pos >= flush_bytes ? flush() : progressed::yes;
}

run::progressed run::end_input() {
  for (;;) {
    const stream_status status = stream_.finish(out_, rejects_ ? &rejected_ : nullptr);
    if (flush() == progressed::ended) return progressed::ended;
    if (status == stream_status::stopped)
      return end(exit_rejects, "the last line is no log line of this format, and the policy says to stop there");
    if (status == stream_status::done) return progressed::yes;
  }
}

// One thread for the first lines, by which a wrong format is noticed early, for a stop at the first reject, and where a
// line is to be out before the next is read. Others only for what pays, unless they were asked for.
std::size_t run::threads_for(const input& from) const {
  if (options_.threads == 1U || options_.line_buffered || stream_.lines().in < report::head_lines) return 1;
  if (plan_->rules().text("rejects.action") == "fail") return 1;
  const bool is_packed = from.packed_as() != packing::none;
  const std::uint64_t left = from.size_bytes() - std::min(from.size_bytes(), from.consumed_bytes());
  const bool pays = from.is_regular_file() && left >= (is_packed ? worthy_packed_bytes : worthy_bytes);
  const std::size_t wanted = options_.threads ? *options_.threads
                             : pays           ? std::min(usable_processors(), usual_most_threads)
                                              : 1;
  const bool is_known = from.is_regular_file() && !is_packed;  // how many blocks there are: more threads would do nothing
  const std::uint64_t most = is_known ? std::min<std::uint64_t>(left / crew::usual_block_bytes + 1, most_threads) : most_threads;
  return std::min(wanted, static_cast<std::size_t>(most));
}

run::progressed run::share(input& from, std::size_t threads) {
  if (flush() == progressed::ended) return progressed::ended;
  if (!crew_) crew_.emplace(stream_, plan_, rejects_ ? crew::skeletons::wanted : crew::skeletons::not_wanted);
  const bool goes_on = crew_->work(from, threads, [&](const finished_lines& done) {
    if (write(done.lines, done.skeletons) == progressed::ended) return false;
    watch_rejects(done.so_far);
    progress_.update(done_before_ + done.consumed_bytes, total_bytes_);
    if (metrics_ && metrics_->is_due()) crew_->pause();  // the counts of all are known when all have ended their blocks
    return true;
  });
  update_metrics();
  return goes_on ? progressed::yes : progressed::ended;
}

void run::update_metrics() {
  if (metrics_ && metrics_->is_due()) (void)write_metrics();
}

// Nothing complete is held back, and nothing left unsaid, while the writer at the other end pauses.
bool run::is_about_to_wait(input& from) {
  const bool holds = out_.pos != 0 || rejected_.pos != 0 || is_packed_held_ || watch_.is_early_due();
  return holds && from.would_block();
}

run::progressed run::read_file(const std::string& path) {
  result<input> opened = input::open(path);
  if (!opened) return end(exit_failure, opened.error().message);
  input& from = *opened;
  if (is_same_file(from.identity(), output_->identity()))
    return end(exit_failure, from.name() + ": input file is output file");
  bool is_flowing = false;
  for (;;) {
    if (reopen_if_asked() == progressed::ended) return progressed::ended;
    if (stop_signal() != 0) return stop(from);
    if (is_about_to_wait(from)) {
      if (give_all() == progressed::ended) return progressed::ended;
      if (watch_.is_early_due()) {
        const reject_share early = watch_.early();
        say(std::to_string(early.rejects) + " of the first " + std::to_string(early.lines) + too_many_rejects(*plan_));
      }
    }
    if (std::exchange(is_flowing, false)) {
      if (const std::size_t threads = threads_for(from); threads > 1) {
        if (share(from, threads) == progressed::ended) return progressed::ended;
        continue;  // why it went no further is seen here
      }
    }
    // Metrics of a log that rests are told on: how far behind it is.
    const read_status got = from.read_some(block_.data(), block_.size(), metrics_ ? waiting::a_while : waiting::yes);
    update_metrics();
    progress_.update(done_before_ + from.consumed_bytes(), total_bytes_);
    switch (got.state) {
      case read_state::data:
        if (take(got.count) == progressed::ended) return progressed::ended;
        is_flowing = got.count >= flowing_bytes;
        break;
      case read_state::end:
        // A Ctrl-C ends the writer too: what it had begun of a line is not a line.
        if (stop_signal() != 0) return stop(from);
        done_before_ += from.consumed_bytes();
        return end_input();
      case read_state::interrupted:
      case read_state::nothing_yet: break;
      case read_state::failed:
        // What was begun of a line is not a line.
        if (flush() == progressed::ended) return progressed::ended;
        return end(exit_failure, got.message);
    }
  }
}

run::progressed run::read_files(const std::vector<std::string>& paths) {
  for (const std::string& path : paths)
    if (read_file(path) == progressed::ended) return progressed::ended;
  const report counts = stream_.counts();
  if (!counts.exceeds(most_rejects_)) return progressed::yes;
  return end(exit_rejects, std::to_string(counts.lines_rejected()) + " of " + std::to_string(counts.lines_in) +
                               too_many_rejects(*plan_));
}

}  // namespace anonlog::cli
