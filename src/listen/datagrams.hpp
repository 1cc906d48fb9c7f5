// listen/datagrams.hpp: what a socket holds, as lines of a log: one line for each datagram.
//
// The envelope of syslog is taken off unless it is asked for: what remains is what the server would have written into a file. A
// datagram with a line feed inside could be two lines, one of them forged; it is refused and counted.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cli/wiped_buffer.hpp"

namespace anonlog::listen {

enum class heads { leave_out, keep };

struct datagram_counts {
  std::uint64_t received = 0;
  std::uint64_t refused = 0;
};

class datagrams {
 public:
  static constexpr std::size_t at_once = 32;

  // A line that is longer than `longest_line` comes out one byte too long.
  datagrams(std::size_t longest_line, heads wanted, datagram_counts& counts);

  // Takes what is there, without waiting, at most `at_once` of them; false: nothing was.
  bool receive(int socket) noexcept;

  // Of the last call, each with its line feed.
  std::string_view lines() const noexcept { return {lines_.data(), filled_}; }

 private:
  void take(std::string_view datagram, bool is_cut) noexcept;

  std::size_t slot_bytes_;
  heads wanted_;
  datagram_counts& counts_;
  cli::wiped_buffer slots_;
  cli::wiped_buffer lines_;
  std::vector<iovec> places_;
  std::vector<mmsghdr> messages_;
  std::size_t filled_ = 0;
};

}  // namespace anonlog::listen
