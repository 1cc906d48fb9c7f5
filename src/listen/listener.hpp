// listen/listener.hpp: from the sockets through a stream to the lines that are written, until a signal ends it.
//
// A service: rejects do not end it, a full disk does not (what could not be written is counted), and a hangup makes it open its
// files anew and take over a policy or keyring that was changed; one with an error is reported and the old one stays. What does end
// it (a reader that is gone, a stop by the policy) is said, with the number of lines that were lost by it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <anonlog.hpp>

#include "cli/metrics_file.hpp"
#include "cli/output.hpp"
#include "cli/reject_watch.hpp"
#include "cli/settings_options.hpp"
#include "datagram_socket.hpp"
#include "datagrams.hpp"

namespace anonlog::listen {

struct listen_options {
  cli::settings_options settings;
  std::vector<std::string> udp;
  std::vector<std::string> unix_paths;
  std::string output;
  std::string rejects;
  std::string metrics;
  bool keep_heads = false;
  bool verbose = false;
};

// What is missing beside a policy: the exit of a start, and the reason to keep the old policy at a reload.
std::optional<setup_error> check_rules(const plan& rules, const listen_options& options);

class listener {
 public:
  // `options` must outlive it.
  listener(const listen_options& options, std::shared_ptr<const plan> rules, std::vector<datagram_socket> sockets);

  // Everything; the exit code.
  int run();

 private:
  enum class progressed { yes, ended };

  // What belongs to one policy and one keyring.
  struct engine {
    engine(std::shared_ptr<const plan> rules, heads wanted, datagram_counts& counts);

    std::shared_ptr<const plan> rules;
    stream lines;
    datagrams in;
    cli::wiped_buffer out_memory;
    cli::wiped_buffer skeleton_memory;
    output_buffer out;
    output_buffer rejected;
    cli::reject_watch watch;
  };

  bool open_outputs();
  bool open_metrics();
  bool watch_sockets();
  bool drop_dead_sockets();      // false: none is left
  void count_what_is_left();     // in sockets that end with us, when no more can be written
  progressed receive_all();      // once from each socket; `is_idle_` tells whether there was nothing
  progressed take(std::string_view lines);
  progressed flush();
  progressed write(cli::output& to, std::string_view lines);
  const std::string& path_of(const cli::output& to) const noexcept;
  void try_again(cli::output& to);
  std::optional<setup_error> check_fresh(const plan& fresh) const;
  void reload();
  void take_over_settings();
  std::string source_stamp() const;
  void watch_rejects();
  report counts() const;
  std::uint64_t dropped() const noexcept;
  bool write_metrics();
  int finish();

  const listen_options& options_;
  std::vector<datagram_socket> sockets_;
  cli::descriptor any_;  // ready when one of the sockets is
  datagram_counts datagram_counts_;
  std::unique_ptr<engine> engine_;
  std::optional<report> before_;  // counts under earlier policies
  std::string source_stamp_;      // of the policy and the keyring in use
  std::uint64_t failed_reloads_ = 0;
  std::uint64_t lost_lines_ = 0;
  std::uint64_t dropped_before_ = 0;  // by sockets that are not read any more
  std::optional<cli::output> output_;
  std::optional<cli::output> rejects_;
  std::chrono::steady_clock::time_point next_try_{};
  std::optional<cli::metrics_file> metrics_;
  bool is_idle_ = false;
  int code_ = 0;
};

}  // namespace anonlog::listen
