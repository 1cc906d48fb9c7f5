// listen/listener.cpp: see listener.hpp.
#include "listener.hpp"

#include <sys/epoll.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "cli/message.hpp"
#include "cli/signals.hpp"
#include "cli/summary.hpp"

namespace anonlog::listen {

using namespace cli;

namespace {

constexpr std::size_t output_bytes = std::size_t{1} << 18;
constexpr std::size_t skeleton_bytes = std::size_t{1} << 16;
constexpr int metrics_wait_ms = 1000;

// A server that never pauses must not keep a stopped run alive.
constexpr std::chrono::seconds patience_after_stop{2};
constexpr std::chrono::seconds pause_after_failure{1};
constexpr std::chrono::seconds patience_to_count{1};
constexpr unsigned most_faults = 100;  // of a socket that says there is something to read, and has nothing

std::uint64_t lines_in(std::string_view text) noexcept { return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')); }

}  // namespace

std::optional<setup_error> check_rules(const plan& rules, const listen_options& options) {
  if (rules.rules().text("rejects.action") == "skeleton" && options.rejects.empty())
    return setup_error{"rejects.action = \"skeleton\" (--on-reject skeleton) needs --rejects FILE"};
  return std::nullopt;
}

listener::engine::engine(std::shared_ptr<const plan> plan_of_all, heads wanted, datagram_counts& counts)
    : rules(std::move(plan_of_all)),
      lines(rules),
      in(rules->longest_line(), wanted, counts),
      out_memory(output_bytes + rules->output_bound(rules->longest_line())),
      skeleton_memory(skeleton_bytes),
      out{out_memory.data(), out_memory.size()},
      rejected{skeleton_memory.data(), skeleton_memory.size()},
      watch(rules->rules().share("rejects.max")) {}

listener::listener(const listen_options& options, std::shared_ptr<const plan> rules, std::vector<datagram_socket> sockets)
    : options_(options),
      sockets_(std::move(sockets)),
      engine_(std::make_unique<engine>(std::move(rules), options.keep_heads ? heads::keep : heads::leave_out, datagram_counts_)),
      source_stamp_(source_stamp()) {}

bool listener::open_outputs() {
  result<output> opened = options_.output.empty() ? output::standard_output() : output::append(options_.output);
  if (opened && !options_.rejects.empty()) {
    result<output> side = output::append(options_.rejects);
    if (!side) return say(side.error().message), false;
    rejects_.emplace(std::move(*side));
  }
  if (!opened) return say(opened.error().message), false;
  output_.emplace(std::move(*opened));
  return true;
}

bool listener::open_metrics() {
  if (options_.metrics.empty()) return true;
  result<metrics_file> opened = metrics_file::at(options_.metrics);
  if (!opened) return say(opened.error().message), false;
  metrics_.emplace(std::move(*opened));
  return write_metrics();
}

bool listener::watch_sockets() {
  any_ = descriptor(::epoll_create1(EPOLL_CLOEXEC));
  for (const datagram_socket& socket : sockets_) {
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLRDHUP;
    wanted.data.fd = socket.get();
    if (!any_ || ::epoll_ctl(any_.get(), EPOLL_CTL_ADD, socket.get(), &wanted) != 0) return say("sockets: " + reason(errno)), false;
  }
  return true;
}

// Without this a socket that was shut down, or whose fault nobody takes away, would be asked without end.
bool listener::drop_dead_sockets() {
  std::array<epoll_event, 16> events{};
  const int count = ::epoll_wait(any_.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto socket = std::find_if(sockets_.begin(), sockets_.end(), [&](const datagram_socket& each) { return each.get() == event.data.fd; });
    if (socket == sockets_.end()) continue;
    const bool is_shut = (event.events & (EPOLLHUP | EPOLLRDHUP)) != 0;
    if (!is_shut && ((event.events & EPOLLERR) == 0 || ++socket->faults < most_faults)) continue;
    say("socket " + std::to_string(socket->get()) + (is_shut ? " was shut down" : " has a fault that stays") + "; it is not read any more");
    dropped_before_ += socket->dropped().value_or(0);
    (void)::epoll_ctl(any_.get(), EPOLL_CTL_DEL, socket->get(), nullptr);  // a copy elsewhere would keep it there
    sockets_.erase(socket);
  }
  if (!sockets_.empty()) return true;
  say("no socket is left to read from");
  code_ = exit_failure;
  return false;
}

listener::progressed listener::write(output& to, std::string_view lines) {
  if (lines.empty()) return progressed::yes;
  if (to.has_ended()) try_again(to);
  const write_status status = to.write(lines);
  if (!status.is_done()) lost_lines_ += lines_in(lines.substr(status.written_bytes));
  switch (status.state) {
    case write_state::done: return progressed::yes;
    case write_state::stopped:
      say("the reader of " + to.name() + " took no more before the end");
      code_ = exit_failure;
      return progressed::ended;
    case write_state::reader_gone:
      say("the reader of " + to.name() + " is gone");
      code_ = exit_failure;
      return progressed::ended;
    case write_state::failed: break;
  }
  if (to.name() != path_of(to)) {  // standard output can not be opened again
    say(status.message);
    code_ = exit_failure;
    return progressed::ended;
  }
  if (std::chrono::steady_clock::now() >= next_try_) {
    say(status.message + "; going on, what can not be written is lost and counted");
    next_try_ = std::chrono::steady_clock::now() + pause_after_failure;
  }
  return progressed::yes;
}

const std::string& listener::path_of(const output& to) const noexcept { return &to == &*output_ ? options_.output : options_.rejects; }

// A disk that was full may have room again.
void listener::try_again(output& to) {
  if (to.name() != path_of(to) || std::chrono::steady_clock::now() < next_try_) return;
  next_try_ = {};
  if (result<output> opened = output::append(path_of(to))) to = std::move(*opened);
}

listener::progressed listener::flush() {
  engine& now = *engine_;
  const std::string_view skeletons(now.rejected.data, std::exchange(now.rejected.pos, 0));
  if (write(*output_, {now.out.data, std::exchange(now.out.pos, 0)}) == progressed::ended) {
    lost_lines_ += lines_in(skeletons);
    return progressed::ended;
  }
  return rejects_ ? write(*rejects_, skeletons) : progressed::yes;
}

listener::progressed listener::take(std::string_view lines) {
  input_buffer in{lines.data(), lines.size()};
  const auto end = [&] {  // what follows was taken from the socket, and is not read any more
    lost_lines_ += lines_in(lines.substr(in.pos));
    return progressed::ended;
  };
  for (;;) {
    const stream_status status = engine_->lines.feed(in, engine_->out, rejects_ ? &engine_->rejected : nullptr);
    if (flush() == progressed::ended) return end();
    if (status == stream_status::stopped) {
      say("a datagram held no log line of this format, and the policy says to stop there");
      code_ = exit_rejects;
      return end();
    }
    if (status == stream_status::done) return progressed::yes;
  }
}

listener::progressed listener::receive_all() {
  is_idle_ = true;
  for (datagram_socket& socket : sockets_) {
    if (!engine_->in.receive(socket.get())) continue;
    is_idle_ = false;
    socket.faults = 0;
    if (take(engine_->in.lines()) == progressed::ended) return progressed::ended;
  }
  return progressed::yes;
}

void listener::count_what_is_left() {
  const auto give_up = std::chrono::steady_clock::now() + patience_to_count;
  for (const datagram_socket& socket : sockets_)
    while (socket.ends_with_us() && std::chrono::steady_clock::now() < give_up && engine_->in.receive(socket.get()))
      lost_lines_ += lines_in(engine_->in.lines());
}

void listener::watch_rejects() {
  const stream::line_counts lines = engine_->lines.lines();
  if (const auto recent = engine_->watch.count({lines.rejected, lines.in}, reject_watch::clock::now()))
    say(std::to_string(recent->rejects) + " of the last " + std::to_string(recent->lines) + too_many_rejects(*engine_->rules));
}

// What tells that a file was written anew, without reading it.
std::string listener::source_stamp() const {
  std::string stamp;
  for (const std::string& path : {options_.settings.policy, options_.settings.keyring_path()}) {
    struct stat facts {};
    if (path.empty() || ::stat(path.c_str(), &facts) != 0) continue;
    for (const auto number : {static_cast<std::int64_t>(facts.st_dev), static_cast<std::int64_t>(facts.st_ino), static_cast<std::int64_t>(facts.st_size),
                              static_cast<std::int64_t>(facts.st_mtim.tv_sec), static_cast<std::int64_t>(facts.st_mtim.tv_nsec)})
      stamp += std::to_string(number) + " ";
  }
  return stamp;
}

// At its start whoever starts it sees that it ends; later a single datagram of anybody's would take the log away.
std::optional<setup_error> listener::check_fresh(const plan& fresh) const {
  const auto ends_it = [](const plan& rules) { return rules.rules().text("rejects.action") == "fail"; };
  if (ends_it(fresh) && !ends_it(*engine_->rules)) return setup_error{"rejects.action = \"fail\" is taken over by a restart only"};
  return check_rules(fresh, options_);
}

void listener::take_over_settings() {
  const std::string stamp = source_stamp();
  if (stamp == source_stamp_) return;
  result<std::shared_ptr<const plan>> fresh = options_.settings.make_plan();
  const std::optional<setup_error> error = fresh ? check_fresh(**fresh) : fresh.error();
  if (error) {
    ++failed_reloads_;
    return say(error->message + "; going on with the old policy and keys");
  }
  source_stamp_ = stamp;
  before_ = counts();
  engine_ = std::make_unique<engine>(std::move(*fresh), options_.keep_heads ? heads::keep : heads::leave_out, datagram_counts_);
}

void listener::reload() {
  for (output* file : {&*output_, rejects_ ? &*rejects_ : nullptr}) {
    if (file == nullptr) continue;
    const write_status reopened = file->reopen();
    if (!reopened.is_done()) say(reopened.message + "; going on with the old file");
  }
  take_over_settings();
}

report listener::counts() const {
  report own = engine_->lines.counts();
  if (!before_) return own;
  report sum = *before_;
  sum.format_lines.resize(own.format_lines.size());
  sum.absorb(own);
  return sum;
}

std::uint64_t listener::dropped() const noexcept {
  std::uint64_t sum = dropped_before_;
  for (const datagram_socket& socket : sockets_) sum += socket.dropped().value_or(0);
  return sum;
}

bool listener::write_metrics() {
  const report now = counts();
  const report_context context = engine_->lines.context();
  metrics_page page = metrics_of({.counts = now,
                                  .context = context,
                                  .log = metrics_->log(),
                                  .grid_seconds = engine_->rules->normal().grid_seconds(),
                                  .started = metrics_->started(),
                                  .now = unix_seconds_now(),
                                  .refused_line_feeds = datagram_counts_.refused});
  page.begin("anonlog_datagrams_received_total", metric_kind::counter, "Datagrams that were taken from the sockets.");
  page.add(datagram_counts_.received);
  page.begin("anonlog_datagrams_dropped_total", metric_kind::counter, "Datagrams for which the sockets had no room.");
  page.add(dropped());
  page.begin("anonlog_lines_lost_total", metric_kind::counter, "Lines that were taken from the sockets and could not be written, at most.");
  page.add(lost_lines_);
  page.begin("anonlog_failed_reloads_total", metric_kind::counter, "Reloads that kept the old policy, for the new one had an error.");
  page.add(failed_reloads_);
  const auto error = metrics_->write(page);
  if (error) say(error->message);
  return !error;
}

int listener::finish() {
  for (output* file : {&*output_, rejects_ ? &*rejects_ : nullptr}) {
    if (file == nullptr || file->has_ended()) continue;
    if (const write_status status = file->commit(); status.state == write_state::failed) {
      say(status.message);
      code_ = exit_failure;
    }
  }
  if (metrics_) (void)write_metrics();
  const report all = counts();
  const bool is_bad = all.lines_rejected() + datagram_counts_.refused + dropped() + lost_lines_ != 0;
  if (options_.verbose || is_bad)
    say(summary_of(all, *engine_->rules) + "; datagrams: " + std::to_string(datagram_counts_.received) + " received, " +
        std::to_string(datagram_counts_.refused) + " refused for a line feed, " + std::to_string(dropped()) + " dropped by the kernel; " +
        std::to_string(lost_lines_) + " lines lost");
  return code_;
}

int listener::run() {
  if (!open_outputs() || !open_metrics() || !watch_sockets()) return exit_failure;
  if (engine_->rules->keys() == nullptr && engine_->rules->uses_keys()) say(keys_are_ephemeral);
  bool was_woken = false;
  while (stop_signal() == 0) {
    if (take_reopen()) reload();
    if (receive_all() == progressed::ended) {
      count_what_is_left();
      return finish();
    }
    watch_rejects();
    if (metrics_ && metrics_->is_due()) (void)write_metrics();
    if (!is_idle_) continue;
    if (was_woken && !drop_dead_sockets()) return finish();
    for (output* file : {&*output_, rejects_ ? &*rejects_ : nullptr})
      if (file != nullptr && !file->has_ended()) (void)file->flush();  // a failure is kept, and met by the next write
    was_woken = wait_readable(any_.get(), metrics_ ? metrics_wait_ms : no_timeout) == wake::ready;
  }
  // What the servers have sent by now is lost with us: it is taken, without waiting for more.
  const auto give_up = std::chrono::steady_clock::now() + patience_after_stop;
  do {
    if (receive_all() == progressed::ended) break;
  } while (!is_idle_ && std::chrono::steady_clock::now() < give_up);
  if (!is_idle_) count_what_is_left();
  return finish();
}

}  // namespace anonlog::listen
