// cli/line_sink.cpp: see line_sink.hpp.
#include "line_sink.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <utility>

#include "signals.hpp"

namespace anonlog::cli {

namespace {

constexpr std::size_t pipe_piece_bytes = std::size_t{256} << 10;
constexpr std::size_t file_piece_bytes = std::size_t{1} << 30;
// Up to this much does not block once poll has said yes (POSIX: PIPE_BUF).
constexpr std::size_t slow_piece_bytes = PIPE_BUF;

// A reader that takes nothing at all must not keep us alive for half a line.
constexpr std::chrono::milliseconds patience_after_stop{2000};

// The end of the line that has been begun at `sent`, or `sent` if none has.
std::size_t line_end(std::string_view block, std::size_t sent, cut allowed) noexcept {
  if (sent == 0) return 0;
  if (allowed == cut::before_the_block) return block.size();
  const std::size_t newline = block.find('\n', sent - 1);
  return newline == std::string_view::npos ? block.size() : newline + 1;
}

// How much of what was sent is whole lines.
std::size_t whole_lines(std::string_view block, std::size_t sent, cut allowed) noexcept {
  if (sent == block.size()) return sent;
  const std::size_t newline = block.substr(0, sent).rfind('\n');
  return allowed == cut::before_the_block || newline == std::string_view::npos ? 0 : newline + 1;
}

}  // namespace

line_sink::line_sink(descriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) return;
  if (S_ISREG(status.st_mode)) {
    medium_ = medium::regular;
  } else if (S_ISSOCK(status.st_mode)) {
    medium_ = medium::socket;
  } else if (S_ISFIFO(status.st_mode)) {
    enlarge_pipe(fd_.get());
    unblocked_ = descriptor(open_file("/proc/self/fd/" + std::to_string(fd_.get()), O_WRONLY | O_NONBLOCK, 0));
    medium_ = unblocked_ ? medium::pipe : medium::slow;
  } else if (S_ISCHR(status.st_mode) && ::isatty(fd_.get()) == 1) {
    medium_ = medium::slow;
  }
}

long line_sink::write_once(std::string_view piece) noexcept {
  switch (medium_) {
    case medium::pipe:
      return ::write(unblocked_.get(), piece.data(), std::min(piece.size(), pipe_piece_bytes));
    case medium::socket:
      return ::send(fd_.get(), piece.data(), std::min(piece.size(), pipe_piece_bytes), MSG_DONTWAIT | MSG_NOSIGNAL);
    case medium::slow:
      if (wait_writable(fd_.get(), 0, watch_stop::no) == wake::timeout) {
        errno = EAGAIN;
        return -1;
      }
      return ::write(fd_.get(), piece.data(), std::min(piece.size(), slow_piece_bytes));
    case medium::regular:
    case medium::device: break;
  }
  return ::write(fd_.get(), piece.data(), std::min(piece.size(), file_piece_bytes));
}

write_status line_sink::write(std::string_view block, cut allowed) {
  using clock = std::chrono::steady_clock;
  std::size_t sent = 0;
  std::size_t goal = block.size();
  clock::time_point give_up{};
  bool is_stopping = false;

  while (sent < goal) {
    const long count = write_once(block.substr(sent, goal - sent));
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
      continue;
    }
    const int error_number = count == 0 ? EIO : errno;
    const bool must_wait = error_number == EAGAIN || error_number == EWOULDBLOCK;
    if (error_number == EPIPE || (medium_ == medium::socket && error_number == ECONNRESET)) {
      return {.state = write_state::reader_gone, .message = {}, .written_bytes = whole_lines(block, sent, allowed)};
    }
    if (!must_wait && error_number != EINTR) {
      const std::size_t whole = whole_lines(block, sent, allowed);
      write_status status = failure(error_number, cut_back(sent - whole) ? "" : "; the last line written is incomplete");
      status.written_bytes = whole;
      return status;
    }
    // A disk does not make us wait: the block is finished first, the caller sees the stop afterwards.
    if (medium_ == medium::regular && !must_wait) continue;

    if (!is_stopping && stop_signal() != 0) {
      is_stopping = true;
      goal = line_end(block, sent, allowed);
      give_up = clock::now() + patience_after_stop;
      continue;
    }
    if (!must_wait) continue;
    int timeout_ms = no_timeout;
    if (is_stopping) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(give_up - clock::now());
      if (left.count() <= 0) break;
      timeout_ms = static_cast<int>(left.count());
    }
    (void)wait_writable(fd_.get(), timeout_ms, is_stopping ? watch_stop::no : watch_stop::yes);
  }
  if (!is_stopping) return {};
  return {.state = write_state::stopped, .message = {}, .written_bytes = whole_lines(block, sent, allowed)};
}

// Removes the last bytes of what was just written, if nobody wrote behind us. True if nothing is to remove.
bool line_sink::cut_back(std::size_t excess_bytes) noexcept {
  if (excess_bytes == 0) return true;
  if (medium_ != medium::regular) return false;
  const off_t end = ::lseek(fd_.get(), 0, SEEK_CUR);
  struct stat status {};
  if (end < 0 || ::fstat(fd_.get(), &status) != 0 || status.st_size != end) return false;
  const off_t whole = end - static_cast<off_t>(excess_bytes);
  while (::ftruncate(fd_.get(), whole) != 0) {
    if (errno != EINTR) return false;
  }
  return ::lseek(fd_.get(), whole, SEEK_SET) == whole;
}

write_status line_sink::sync() {
  if (medium_ != medium::regular) return {};
  while (::fsync(fd_.get()) != 0) {
    if (errno == EINTR) continue;
    if (errno == EINVAL || errno == ENOTSUP || errno == ENOSYS) break;  // a file system without it
    return failure(errno);
  }
  return {};
}

write_status line_sink::close() {
  (void)unblocked_.close();
  const int error_number = fd_.close();
  return error_number == 0 ? write_status{} : failure(error_number);
}

write_status line_sink::failure(int error_number, std::string_view remark) const {
  return {.state = write_state::failed, .message = name_ + ": " + reason(error_number) + std::string(remark)};
}

}  // namespace anonlog::cli
