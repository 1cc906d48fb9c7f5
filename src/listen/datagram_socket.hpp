// listen/datagram_socket.hpp: where a server of this machine sends its log: a UDP port of loopback, or a Unix socket.
//
// Only these are accepted, also from whoever hands them over open (LISTEN_FDS): a raw log never comes over a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog/core/result.hpp>

#include "cli/descriptor.hpp"

namespace anonlog::listen {

class datagram_socket {
 public:
  // "127.0.0.1:5140" or "[::1]:5140".
  static result<datagram_socket> udp(const std::string& address);

  // Its mode follows the umask. What a run that ended badly left behind is taken over; what is in use, or is no socket, is not.
  static result<datagram_socket> unix_path(const std::string& path);

  // What systemd or another parent opened for us; none: it has not.
  static result<std::vector<datagram_socket>> handed_over();

  datagram_socket(datagram_socket&& other) noexcept = default;
  datagram_socket& operator=(datagram_socket&& other) noexcept = default;
  ~datagram_socket();

  int get() const noexcept { return fd_.get(); }

  // Handed over: whoever did keeps it, and what is in it waits for the next run.
  bool ends_with_us() const noexcept { return !is_handed_over_; }

  // Its reports of a fault, without a datagram between them.
  unsigned faults = 0;

  // Datagrams for which there was no room in its lifetime; nothing if the kernel does not tell.
  std::optional<std::uint64_t> dropped() const noexcept;

 private:
  explicit datagram_socket(cli::descriptor fd);

  cli::descriptor fd_;
  std::string path_;  // to be removed with it
  bool is_handed_over_ = false;
};

}  // namespace anonlog::listen
