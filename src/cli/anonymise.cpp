// cli/anonymise.cpp: the main job: inputs through one stream each way to their output, whole lines only.
#include "anonymise.hpp"

#include <unistd.h>

#include <csignal>
#include <memory>

#include "commands.hpp"
#include "file_checks.hpp"
#include "input.hpp"
#include "message.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "summary.hpp"

namespace anonlog::cli {

namespace {

constexpr std::size_t input_block_bytes = std::size_t{1} << 18;
constexpr std::size_t flush_bytes = std::size_t{1} << 18;

// One run: a plan, a stream, and the buffers between the files.
class run {
 public:
  run(const anonymise_options& options, std::shared_ptr<const plan> rules)
      : options_(options),
        plan_(std::move(rules)),
        stream_(plan_),
        block_(new char[input_block_bytes]),
        room_(flush_bytes + plan_->output_bound(plan_->longest_line())),
        lines_(new char[room_]),
        skeletons_(new char[skeleton_bytes]),
        progress_(mode_of(options), source_of(options), STDERR_FILENO) {}

  int all();

 private:
  static constexpr std::size_t skeleton_bytes = std::size_t{1} << 16;
  enum class progressed { yes, ended };

  static progress_mode mode_of(const anonymise_options& options) {
    if (!options.progress) return progress_mode::automatic;
    return *options.progress ? progress_mode::on : progress_mode::off;
  }

  // A bar needs to know the end.
  static progress_source source_of(const anonymise_options& options) {
    for (const std::string& file : options.files)
      if (const auto identity = identity_of_input(file); !identity || !identity->is_regular)
        return progress_source::stream;
    return progress_source::file;
  }

  int one_output();
  int into_directory();
  bool open_side_files();
  bool open_side_file(std::optional<output>& file, result<output> opened);
  bool open_output(const std::string& path, packing kind);
  progressed read_files(const std::vector<std::string>& paths);
  progressed read_file(const std::string& path);
  progressed take(std::size_t bytes);
  progressed end_input();
  progressed flush();     // whole lines to the output
  progressed give_all();  // and out of it
  progressed check_rejects();
  progressed look_at_signals();
  progressed end(int code, std::string_view why);
  progressed end(const write_status& status, output& where);
  int finish();
  int write_report();
  bool is_about_to_wait(input& from);

  const anonymise_options& options_;
  std::shared_ptr<const plan> plan_;
  stream stream_;
  std::unique_ptr<char[]> block_;
  std::size_t room_;
  std::unique_ptr<char[]> lines_;
  std::unique_ptr<char[]> skeletons_;
  output_buffer out_{};
  output_buffer rejected_{};
  std::optional<output> output_;
  std::optional<output> rejects_;
  std::optional<output> report_;
  bool is_line_open_ = false;    // the last line that is out has no newline
  bool is_packed_held_ = false;  // a packed, appended output may still hold lines
  progress progress_;
  std::uint64_t done_before_ = 0;  // bytes of the inputs that are read already
  std::uint64_t total_bytes_ = 0;
  int code_ = exit_done;
  int signal_ = 0;
};

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

run::progressed run::flush() {
  write_status lines;
  // The last line of an input may lack its newline; what another input gives must not join it.
  if (is_line_open_ && out_.pos != 0) lines = output_->write("\n");
  if (out_.pos != 0) {
    is_line_open_ = out_.data[out_.pos - 1] != '\n';
    is_packed_held_ = true;
  }
  if (lines.is_done()) lines = output_->write({out_.data, out_.pos});
  wipe(out_.data, out_.pos);
  out_.pos = 0;
  if (!lines.is_done()) return end(lines, *output_);
  if (!rejects_ || rejected_.pos == 0) return progressed::yes;
  const write_status skeletons = rejects_->write({rejected_.data, rejected_.pos});
  rejected_.pos = 0;
  return skeletons.is_done() ? progressed::yes : end(skeletons, *rejects_);
}

run::progressed run::look_at_signals() {
  if (stop_signal() != 0) {
    signal_ = stop_signal();
    return end(exit_failure, "");
  }
  if (!take_reopen()) return progressed::yes;
  if (flush() == progressed::ended) return progressed::ended;
  for (output* file : {output_ ? &*output_ : nullptr, rejects_ ? &*rejects_ : nullptr}) {
    if (file == nullptr) continue;
    const write_status reopened = file->reopen();
    if (!reopened.is_done()) say(reopened.message + "; going on with the old file");
  }
  return progressed::yes;
}

run::progressed run::check_rejects() {
  const report counts = stream_.counts();
  if (!counts.head_exceeds(plan_->rules().share("rejects.max"))) return progressed::yes;
  return end(exit_rejects, std::to_string(counts.rejects_in_head) + " of the first " +
                               std::to_string(report::head_lines) + too_many_rejects(*plan_));
}

run::progressed run::take(std::size_t bytes) {
  input_buffer in{block_.get(), bytes};
  const bool is_early = stream_.counts().lines_in < report::head_lines;
  for (;;) {
    const stream_status status = stream_.feed(in, out_, rejects_ ? &rejected_ : nullptr);
    if (status == stream_status::stopped)
      return end(exit_rejects, "line " + std::to_string(stream_.counts().lines_in) +
                                   " is no log line of this format, and the policy says to stop there");
    if (status == stream_status::done) break;
    if (flush() == progressed::ended) return progressed::ended;
  }
  wipe(block_.get(), bytes);
  if (is_early && check_rejects() == progressed::ended) return progressed::ended;
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

// Nothing complete is held back while the writer at the other end pauses.
bool run::is_about_to_wait(input& from) {
  return (out_.pos != 0 || rejected_.pos != 0 || is_packed_held_) && from.would_block();
}

run::progressed run::give_all() {
  if (flush() == progressed::ended) return progressed::ended;
  is_packed_held_ = false;
  const write_status flushed = output_->flush();
  return flushed.is_done() ? progressed::yes : end(flushed, *output_);
}

run::progressed run::read_file(const std::string& path) {
  result<input> opened = input::open(path);
  if (!opened) return end(exit_failure, opened.error().message);
  input& from = *opened;
  if (is_same_file(from.identity(), output_->identity()))
    return end(exit_failure, from.name() + ": input file is output file");
  for (;;) {
    if (look_at_signals() == progressed::ended) return progressed::ended;
    if (is_about_to_wait(from) && give_all() == progressed::ended) return progressed::ended;
    const read_status got = from.read_some(block_.get(), input_block_bytes);
    progress_.update(done_before_ + from.consumed_bytes(), total_bytes_);
    switch (got.state) {
      case read_state::data:
        if (take(got.count) == progressed::ended) return progressed::ended;
        break;
      case read_state::end:
        // A Ctrl-C ends the writer too: what it had begun of a line is not a line.
        if (look_at_signals() == progressed::ended) return progressed::ended;
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
  if (!counts.exceeds(plan_->rules().share("rejects.max"))) return progressed::yes;
  return end(exit_rejects, std::to_string(counts.lines_rejected()) + " of " + std::to_string(counts.lines_in) +
                               too_many_rejects(*plan_));
}

bool run::open_output(const std::string& path, packing kind) {
  result<output> opened = path.empty() || path == "-" ? output::standard_output()
                          : options_.append           ? output::append(path, kind)
                                                      : output::replace(path, kind);
  if (!opened) {
    end(exit_failure, opened.error().message);
    return false;
  }
  is_line_open_ = options_.append && kind == packing::none && ends_in_a_line(path);
  output_.emplace(std::move(*opened));
  out_ = {lines_.get(), room_, 0};
  return true;
}

bool run::open_side_file(std::optional<output>& file, result<output> opened) {
  if (!opened) {
    end(exit_failure, opened.error().message);
    return false;
  }
  file.emplace(std::move(*opened));
  return true;
}

// Before the first line is read: a run of hours must not end with a report that cannot be written.
bool run::open_side_files() {
  if (!options_.rejects.empty()) {
    result<output> opened = options_.append ? output::append(options_.rejects) : output::replace(options_.rejects);
    if (!open_side_file(rejects_, std::move(opened))) return false;
    rejected_ = {skeletons_.get(), skeleton_bytes, 0};
  }
  return options_.report.empty() || open_side_file(report_, output::replace(options_.report, packing::none));
}

int run::one_output() {
  if (!open_output(options_.output, packing_of_name(options_.output))) return code_;
  const std::vector<std::string> standard_input = {"-"};
  const std::vector<std::string>& files = options_.files.empty() ? standard_input : options_.files;
  read_files(files);
  return finish();
}

// Several inputs and a directory: one output each, of the same name and packed in the same way.
int run::into_directory() {
  for (const std::string& file : options_.files) {
    if (!open_output(options_.output + "/" + name_of(file), packing_of_file(file))) return code_;
    read_files({file});
    if (const int code = finish(); code != exit_done) return code;
  }
  return exit_done;
}

// Ends the output. A run that did not end well leaves a replaced file as it was before; what is out elsewhere cannot be
// taken back, and ends with a whole line.
int run::finish() {
  const bool is_good = code_ == exit_done && signal_ == 0;
  if (!is_good && output_->is_replacing()) {
    output_->abandon();
  } else if (signal_ != SIGPIPE) {
    if (!is_good) (void)output_->write({out_.data, out_.pos});  // an output that failed before answers the same again
    const write_status status = output_->commit();
    if (!status.is_done() && is_good) end(status, *output_);
  }
  wipe(out_.data, out_.pos);
  out_.pos = 0;
  output_.reset();
  return code_;
}

int run::write_report() {
  if (!report_) return exit_done;
  const std::string text = to_json(stream_.counts(), stream_.context()) + "\n";
  write_status status = report_->write(text);
  if (status.is_done()) status = report_->commit();
  return status.is_done() ? exit_done : fail(exit_failure, status.message);
}

int run::all() {
  if (!open_side_files()) return code_;
  if (plan_->keys() == nullptr && plan_->uses_keys()) say(keys_are_ephemeral);
  for (const std::string& file : options_.files)
    if (const auto identity = identity_of_input(file)) total_bytes_ += identity->size_bytes;
  const int code = is_directory(options_.output) ? into_directory() : one_output();
  progress_.clear();
  if (rejects_ && signal_ != SIGPIPE) {
    const bool is_kept = code == exit_done || options_.append;
    const write_status status = is_kept ? rejects_->commit() : (rejects_->abandon(), write_status{});
    if (!status.is_done()) return fail(exit_failure, status.message);
  }
  if (signal_ == SIGPIPE) die_by_signal(SIGPIPE);
  const int reported = write_report();
  const report counts = stream_.counts();
  if (options_.verbose || counts.lines_rejected() != 0) say(summary_of(counts, *plan_));
  if (signal_ != 0) {
    if (!options_.output.empty() && !options_.append && !is_directory(options_.output))
      say("stopped by a signal; " + options_.output + " is as it was");
    die_by_signal(signal_);
  }
  return code != exit_done ? code : reported;
}

}  // namespace

int anonymise(const anonymise_options& options) {
  anonymise_options wanted = options;
  if (wanted.output_format != "same") {
    constexpr std::string_view later[] = {"jsonl", "influx"};
    for (std::string_view name : later)
      if (name == wanted.output_format)
        return fail(exit_usage, "--output-format " + std::string(name) + " is not in this version");
    return fail(exit_usage, "unknown --output-format" + quoted_word(wanted.output_format) + "; known: same");
  }
  if (!wanted.on_reject.empty() && !is_plain_word(wanted.on_reject))
    return fail(exit_usage, "--on-reject: expects drop, skeleton or fail");
  if (!wanted.on_reject.empty())
    wanted.settings.named_overrides.push_back({"--on-reject", "rejects.action", wanted.on_reject, ""});
  if (!wanted.max_reject.empty())
    wanted.settings.named_overrides.push_back(
        {"--max-reject", "rejects.max", wanted.max_reject, "expects a share of 0 to 100 %, such as 1%"});
  if (wanted.append && wanted.output.empty()) return fail(exit_usage, "--append needs -o FILE");

  if (wanted.files.empty() && ::isatty(STDIN_FILENO) == 1) {
    const std::string help = short_help();
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, help.data(), help.size());
    return exit_usage;
  }

  watch_signals(wanted.append ? on_hangup::reopen : on_hangup::stop);
  const result<std::shared_ptr<const plan>> rules = wanted.settings.make_plan();
  if (!rules) return fail(exit_usage, rules.error().message);
  if (rules.value()->rules().text("rejects.action") == "skeleton" && wanted.rejects.empty())
    return fail(exit_usage, "--on-reject skeleton needs --rejects FILE");
  if (const int code = check_files(wanted); code != exit_done) return code;
  return run(wanted, rules.value()).all();
}

}  // namespace anonlog::cli
