// cli/run_outputs.cpp: where the lines, the skeletons and the report go, and how each file ends; see run.hpp.
#include <csignal>

#include "file_checks.hpp"
#include "message.hpp"
#include "run.hpp"
#include "signals.hpp"
#include "summary.hpp"

namespace anonlog::cli {

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
  out_ = {lines_.data(), lines_.size(), 0};
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
    rejected_ = {skeletons_.data(), skeletons_.size(), 0};
  }
  if (!options_.report.empty() && !open_side_file(report_, output::replace(options_.report, packing::none))) return false;
  return options_.metrics.empty() || open_metrics();
}

bool run::open_metrics() {
  result<metrics_file> opened = metrics_file::at(options_.metrics);
  if (!opened) {
    end(exit_failure, opened.error().message);
    return false;
  }
  metrics_.emplace(std::move(*opened));
  if (write_metrics()) return true;
  code_ = exit_failure;
  return false;
}

bool run::write_metrics() {
  if (!metrics_) return true;
  const report counts = stream_.counts();
  const report_context context = stream_.context();
  const auto error = metrics_->write(metrics_of({.counts = counts,
                                                 .context = context,
                                                 .log = metrics_->log(),
                                                 .grid_seconds = plan_->normal().grid_seconds(),
                                                 .started = metrics_->started(),
                                                 .now = unix_seconds_now()}));
  if (error) {
    progress_.clear();
    say(error->message);
  }
  return !error;
}

int run::one_output() {
  if (!open_output(options_.output, packing_of_name(options_.output))) return code_;
  const std::vector<std::string> standard_input = {"-"};
  read_files(options_.files.empty() ? standard_input : options_.files);
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
    if (!is_good) (void)write_lines(held_lines());  // an output that failed before answers the same again
    const write_status status = output_->commit();
    if (!status.is_done() && is_good) end(status, *output_);
  }
  out_.pos = 0;
  output_.reset();
  return code_;
}

// What did not fit is looked at just when a run has failed for it: too many rejects keep their skeletons. Any other
// failure leaves a replaced file as it was before.
int run::finish_rejects(int code) {
  if (!rejects_ || rejects_->has_ended()) return code;
  const bool is_kept = options_.append || (signal_ == 0 && (code == exit_done || code == exit_rejects));
  if (!is_kept) {
    rejects_->abandon();
    return code;
  }
  write_status status = write_skeletons(held_skeletons());
  if (status.is_done()) status = rejects_->commit();
  return status.state == write_state::failed ? fail(exit_failure, status.message) : code;
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
  int code = is_directory(options_.output) ? into_directory() : one_output();
  progress_.clear();
  code = finish_rejects(code);
  (void)write_metrics();
  if (signal_ == SIGPIPE) return code;  // quietly
  const int reported = write_report();
  const report counts = stream_.counts();
  if (options_.verbose || counts.lines_rejected() != 0) say(summary_of(counts, *plan_));
  if (signal_ != 0 && !options_.output.empty() && !options_.append && !is_directory(options_.output))
    say("stopped by a signal; " + options_.output + " is as it was");
  return code != exit_done ? code : reported;
}

}  // namespace anonlog::cli
