// cli/anonymise.cpp: the main job: inputs through one stream each way to their output, whole lines only.
#include "anonymise.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "input.hpp"
#include "message.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "signals.hpp"

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
        progress_(mode_of(options), options.files.empty() ? progress_source::stream : progress_source::file, STDERR_FILENO) {}

  int all();

 private:
  static constexpr std::size_t skeleton_bytes = std::size_t{1} << 16;
  enum class progressed { yes, ended };

  static progress_mode mode_of(const anonymise_options& options) {
    if (!options.progress) return progress_mode::automatic;
    return *options.progress ? progress_mode::on : progress_mode::off;
  }

  int one_output();
  int into_directory();
  bool open_rejects();
  bool open_output(const std::string& path);
  progressed read_files(const std::vector<std::string>& paths);
  progressed read_file(const std::string& path);
  progressed take(std::size_t bytes);
  progressed end_input();
  progressed flush();
  progressed check_rejects();
  progressed look_at_signals();
  progressed end(int code, std::string_view why);
  progressed end(const write_status& status, output& where);
  int finish();
  int write_report();
  void summarise();
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
  const write_status lines = output_->write({out_.data, out_.pos});
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
                               std::to_string(report::head_lines) +
                               " lines are no log lines of this format: it does not fit; give another with -f (see "
                               "`anonlog formats`, `anonlog explain`)");
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
  return out_.pos >= flush_bytes || options_.line_buffered ? flush() : progressed::yes;
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
bool run::is_about_to_wait(input& from) { return (out_.pos != 0 || rejected_.pos != 0) && from.would_block(); }

run::progressed run::read_file(const std::string& path) {
  result<input> opened = input::open(path);
  if (!opened) return end(exit_failure, opened.error().message);
  input& from = *opened;
  if (is_same_file(from.identity(), output_->identity()))
    return end(exit_failure, from.name() + ": input file is output file");
  for (;;) {
    if (look_at_signals() == progressed::ended) return progressed::ended;
    if (is_about_to_wait(from)) {
      if (flush() == progressed::ended) return progressed::ended;
      if (const write_status flushed = output_->flush(); !flushed.is_done()) return end(flushed, *output_);
    }
    const read_status got = from.read_some(block_.get(), input_block_bytes);
    progress_.update(done_before_ + from.consumed_bytes(), total_bytes_);
    switch (got.state) {
      case read_state::data:
        if (take(got.count) == progressed::ended) return progressed::ended;
        break;
      case read_state::end: done_before_ += from.consumed_bytes(); return end_input();
      case read_state::interrupted:
      case read_state::nothing_yet: break;
      case read_state::failed:
        if (end_input() == progressed::ended) return progressed::ended;
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
                               " lines are no log lines of this format: it does not fit; give another with -f (see "
                               "`anonlog formats`, `anonlog explain`)");
}

bool run::open_output(const std::string& path) {
  result<output> opened = path.empty() || path == "-" ? output::standard_output()
                          : options_.append           ? output::append(path)
                                                      : output::replace(path);
  if (!opened) {
    end(exit_failure, opened.error().message);
    return false;
  }
  output_.emplace(std::move(*opened));
  out_ = {lines_.get(), room_, 0};
  return true;
}

bool run::open_rejects() {
  if (options_.rejects.empty()) return true;
  result<output> opened = options_.append ? output::append(options_.rejects) : output::replace(options_.rejects);
  if (!opened) {
    end(exit_failure, opened.error().message);
    return false;
  }
  rejects_.emplace(std::move(*opened));
  rejected_ = {skeletons_.get(), skeleton_bytes, 0};
  return true;
}

int run::one_output() {
  if (!open_output(options_.output)) return code_;
  const std::vector<std::string> standard_input = {"-"};
  const std::vector<std::string>& files = options_.files.empty() ? standard_input : options_.files;
  read_files(files);
  return finish();
}

// Several inputs and a directory: one output each, of the same name and packed as the input is named.
int run::into_directory() {
  for (const std::string& file : options_.files) {
    const std::string name = file.substr(file.rfind('/') + 1);
    if (file == "-" || name.empty()) return fail(exit_usage, "a directory as output needs named files as inputs");
    if (!open_output(options_.output + "/" + name)) return code_;
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

void run::summarise() {
  const report counts = stream_.counts();
  if (!options_.verbose && counts.lines_rejected() == 0) return;
  std::string text = std::to_string(counts.lines_in) + " lines in, " + std::to_string(counts.lines_out) + " out, " +
                     std::to_string(counts.lines_rejected()) + " rejected";
  const char* separator = " (";
  for (std::size_t i = 0; i < counts.rejects.size(); ++i) {
    if (counts.rejects[i] == 0) continue;
    text.append(separator).append(std::to_string(counts.rejects[i])).append(" ").append(reject_cause_names[i]);
    separator = ", ";
  }
  if (counts.lines_rejected() != 0) text += ")";
  if (counts.lines_withheld != 0) text += ", " + std::to_string(counts.lines_withheld) + " withheld for DNT or GPC";
  if (counts.epoch_guessed != 0) text += ", " + std::to_string(counts.epoch_guessed) + " without a readable time";
  if (counts.no_era != 0) text += ", " + std::to_string(counts.no_era) + " in no era of the keyring";
  if (counts.late_epoch != 0) text += ", " + std::to_string(counts.late_epoch) + " late";
  say(text + "; policy " + plan_->rules().preset_name() + " " + plan_->policy_fingerprint());
}

int run::write_report() {
  if (options_.report.empty()) return exit_done;
  result<output> file = output::replace(options_.report, packing::none);
  if (!file) return fail(exit_failure, file.error().message);
  const std::string text = to_json(stream_.counts(), stream_.context()) + "\n";
  write_status status = file->write(text);
  if (status.is_done()) status = file->commit();
  return status.is_done() ? exit_done : fail(exit_failure, status.message);
}

int run::all() {
  if (!open_rejects()) return code_;
  struct stat target {};
  const bool is_directory = !options_.output.empty() && ::stat(options_.output.c_str(), &target) == 0 && S_ISDIR(target.st_mode);
  if (is_directory && options_.append) return fail(exit_usage, "--append needs a file, not a directory");
  for (const std::string& file : options_.files)
    if (const auto identity = identity_of_input(file)) total_bytes_ += identity->size_bytes;
  const int code = is_directory ? into_directory() : one_output();
  progress_.clear();
  if (rejects_ && signal_ != SIGPIPE) {
    const write_status status = code == exit_done || options_.append ? rejects_->commit() : (rejects_->abandon(), write_status{});
    if (!status.is_done()) return fail(exit_failure, status.message);
  }
  if (signal_ == SIGPIPE) die_by_signal(SIGPIPE);
  const int reported = write_report();
  summarise();
  if (signal_ != 0) {
    say("stopped by a signal; what is out ends with a whole line");
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
      if (name == wanted.output_format) return fail(exit_usage, "--output-format " + std::string(name) + " is not in this version");
    return fail(exit_usage, "unknown --output-format; known: same");
  }
  if (!wanted.seal_key.empty()) return fail(exit_usage, "--seal-key is not in this version");
  if (!wanted.on_reject.empty()) wanted.settings.overrides.push_back("rejects.action=" + wanted.on_reject);
  if (!wanted.max_reject.empty()) wanted.settings.overrides.push_back("rejects.max=" + wanted.max_reject);
  if (wanted.append && wanted.output.empty()) return fail(exit_usage, "--append needs -o FILE");

  watch_signals(wanted.append ? on_hangup::reopen : on_hangup::stop);
  const result<std::shared_ptr<const plan>> rules = wanted.settings.make_plan();
  if (!rules) return fail(exit_usage, rules.error().message);
  if (rules.value()->rules().text("rejects.action") == "skeleton" && wanted.rejects.empty())
    return fail(exit_usage, "--on-reject skeleton needs --rejects FILE");
  if (wanted.files.empty() && ::isatty(STDIN_FILENO) == 1)
    return fail(exit_usage, "nothing to read: give files, or pipe a log in, as in `anonlog < access.log`; see --help");
  if (rules.value()->keys() == nullptr && rules.value()->uses_keys())
    say("no keyring: pseudonyms are made with keys that are forgotten at the end (-k FILE keeps them)");
  return run(wanted, rules.value()).all();
}

}  // namespace anonlog::cli
