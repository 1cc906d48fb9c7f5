// cli/run.hpp: one run of the main job: inputs through one stream or several, each way to their output, whole lines only.
//
// However it ends, what is out ends with a whole line, and no line is joined to another. Rules: CLI contract section 2.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog.hpp>

#include "anonymise.hpp"
#include "crew.hpp"
#include "input.hpp"
#include "metrics_file.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "reject_watch.hpp"
#include "wiped_buffer.hpp"

namespace anonlog::cli {

// A plan, a stream, and the buffers between the files. `options` must outlive it.
class run {
 public:
  run(const anonymise_options& options, std::shared_ptr<const plan> rules);

  // Everything; the exit code.
  int all();

  // The signal to die by when all is said and wiped, or 0.
  int ended_by() const noexcept { return signal_; }

 private:
  enum class progressed { yes, ended };

  // The way of the lines (run.cpp).
  progressed read_files(const std::vector<std::string>& paths);
  progressed read_file(const std::string& path);
  progressed take(std::size_t bytes);
  progressed end_input();
  std::size_t threads_for(const input& from) const;
  progressed share(input& from, std::size_t threads);
  write_status write_lines(std::string_view lines);
  write_status write_skeletons(std::string_view skeletons);
  progressed write(std::string_view lines, std::string_view skeletons);
  std::string_view held_lines() noexcept { return {out_.data, std::exchange(out_.pos, 0)}; }
  std::string_view held_skeletons() noexcept { return {rejected_.data, std::exchange(rejected_.pos, 0)}; }
  progressed flush() { return write(held_lines(), held_skeletons()); }
  progressed give_all();           // and out of a packed file
  progressed stop(input& from);
  progressed reopen_if_asked();
  progressed check_rejects(const stream::line_counts& lines);
  void watch_rejects(reject_share so_far);
  progressed end(int code, std::string_view why);
  progressed end(const write_status& status, output& where);
  bool is_about_to_wait(input& from);
  void update_metrics();

  // Where they go (run_outputs.cpp).
  int one_output();
  int into_directory();
  bool open_side_files();
  bool open_side_file(std::optional<output>& file, result<output> opened);
  bool open_output(const std::string& path, packing kind);
  int finish();
  int finish_rejects(int code);
  int write_report();
  bool open_metrics();
  bool write_metrics();

  const anonymise_options& options_;
  std::shared_ptr<const plan> plan_;
  stream stream_;
  std::optional<crew> crew_;  // made when more than one thread is worth it
  wiped_buffer block_;
  wiped_buffer lines_;
  wiped_buffer skeletons_;
  output_buffer out_{};
  output_buffer rejected_{};
  std::optional<output> output_;
  std::optional<output> rejects_;
  std::optional<output> report_;
  std::optional<metrics_file> metrics_;
  bool is_line_open_ = false;    // the last line that is out has no newline
  bool is_packed_held_ = false;  // a packed, appended file may still hold lines
  double most_rejects_;          // share of the lines, 0..1
  reject_watch watch_;
  progress progress_;
  std::uint64_t lines_seen_ = 0;
  std::uint64_t done_before_ = 0;  // bytes of the inputs that are read already
  std::uint64_t total_bytes_ = 0;
  int code_ = 0;
  int signal_ = 0;
};

}  // namespace anonlog::cli
