// listen/datagram_socket.cpp: see datagram_socket.hpp.
#include "datagram_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace anonlog::listen {

using cli::descriptor;
using cli::reason;

namespace {

constexpr int first_handed_over = 3;           // by sd_listen_fds(3)
constexpr int receive_buffer_bytes = 8 << 20;  // for bursts; the kernel gives up to net.core.rmem_max

constexpr const char* udp_is_loopback = "--udp: expects a loopback address and a port, such as 127.0.0.1:5140 or [::1]:5140";

bool is_loopback(const sockaddr_storage& address) noexcept {
  if (address.ss_family == AF_UNIX) return true;
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return address.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
}

std::optional<std::pair<sockaddr_storage, socklen_t>> parse_udp(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  if (const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port); error != std::errc{} || stop != end || port == 0)
    return std::nullopt;
  std::string host = text.substr(0, colon);
  sockaddr_storage address{};
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6.sin6_addr) != 1) return std::nullopt;
    std::memcpy(&address, &v6, sizeof v6);
    return std::pair(address, static_cast<socklen_t>(sizeof v6));
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) != 1) return std::nullopt;
  std::memcpy(&address, &v4, sizeof v4);
  return std::pair(address, static_cast<socklen_t>(sizeof v4));
}

// Whether somebody reads from the socket of this name.
bool is_in_use(const sockaddr_un& address) noexcept {
  const descriptor probe(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno != ECONNREFUSED;
}

}  // namespace

datagram_socket::datagram_socket(descriptor fd) : fd_(std::move(fd)) {
  // The first goes beyond net.core.rmem_max and needs a capability; a smaller buffer works, too.
  if (::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer_bytes, sizeof receive_buffer_bytes) != 0)
    (void)::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
}

datagram_socket::~datagram_socket() {
  if (fd_ && !path_.empty()) (void)::unlink(path_.c_str());
}

result<datagram_socket> datagram_socket::udp(const std::string& text) {
  const auto parsed = parse_udp(text);
  if (!parsed || !is_loopback(parsed->first)) return setup_error{udp_is_loopback};
  descriptor fd(::socket(parsed->first.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return setup_error{"--udp: " + reason(errno)};
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&parsed->first), parsed->second) != 0)
    return setup_error{"--udp: " + text + ": " + reason(errno)};
  return datagram_socket(std::move(fd));
}

result<datagram_socket> datagram_socket::unix_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return setup_error{path + ": " + reason(ENAMETOOLONG)};
  std::memcpy(address.sun_path, path.data(), path.size());
  struct stat present {};
  if (::lstat(path.c_str(), &present) == 0) {
    if (!S_ISSOCK(present.st_mode) || is_in_use(address)) return setup_error{path + ": " + reason(EADDRINUSE)};
    (void)::unlink(path.c_str());
  }
  descriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return setup_error{path + ": " + reason(errno)};
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return setup_error{path + ": " + reason(errno)};
  datagram_socket made(std::move(fd));
  made.path_ = path;
  return made;
}

result<std::vector<datagram_socket>> datagram_socket::handed_over() {
  std::vector<datagram_socket> sockets;
  const auto number_in = [](const char* name) {
    const char* const text = std::getenv(name);
    long number = 0;
    if (text != nullptr) (void)std::from_chars(text, text + std::strlen(text), number);
    return number;
  };
  if (number_in("LISTEN_PID") != ::getpid()) return sockets;
  const long count = number_in("LISTEN_FDS");
  for (int fd = first_handed_over; fd < first_handed_over + count; ++fd) {
    int type = 0;
    socklen_t size = sizeof type;
    sockaddr_storage address{};
    socklen_t address_size = sizeof address;
    if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_DGRAM ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &address_size) != 0 || !is_loopback(address))
      return setup_error{"LISTEN_FDS: expects datagram sockets of loopback or of the Unix kind (ListenDatagram=)"};
    (void)::fcntl(fd, F_SETFD, FD_CLOEXEC);
    (void)::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    sockets.push_back(datagram_socket(descriptor(fd)));
    sockets.back().is_handed_over_ = true;
  }
  return sockets;
}

std::optional<std::uint64_t> datagram_socket::dropped() const noexcept {
  std::array<std::uint32_t, SK_MEMINFO_VARS> facts{};
  socklen_t size = sizeof facts;
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_MEMINFO, facts.data(), &size) != 0 || size <= SK_MEMINFO_DROPS * sizeof facts[0])
    return std::nullopt;
  return facts[SK_MEMINFO_DROPS];
}

}  // namespace anonlog::listen
