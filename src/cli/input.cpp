// cli/input.cpp: see input.hpp.
#include "input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "signals.hpp"

namespace anonlog::cli {

namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} << 10;
constexpr std::size_t ahead_bytes = std::size_t{64} << 10;
constexpr std::size_t largest_read = std::size_t{1} << 30;

int patience_ms(waiting wait) noexcept {
  return wait == waiting::yes ? no_timeout : wait == waiting::a_while ? 1000 : 0;
}

}  // namespace

result<input> input::open(const std::string& path) {
  const bool is_standard = path == "-";
  std::string name = is_standard ? "standard input" : path;
  // A FIFO opened without O_NONBLOCK would wait for its writer where no signal is watched. A regular file ignores it.
  descriptor fd(is_standard ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
                            : open_file(path, O_RDONLY | O_NONBLOCK, 0));
  if (!fd) return setup_error{name + ": " + reason(errno)};
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return setup_error{name + ": " + reason(errno)};
  if (S_ISDIR(status.st_mode)) return setup_error{name + ": " + reason(EISDIR)};
  const file_identity identity = identity_of(fd.get()).value_or(file_identity{});
  return input(std::move(fd), std::move(name), identity);
}

input::input(descriptor fd, std::string name, file_identity identity)
    : fd_(std::move(fd)), name_(std::move(name)), identity_(identity), may_wait_(!identity.is_regular) {
  if (may_wait_) {
    enlarge_pipe(fd_.get());
    return;
  }
  const off_t start = ::lseek(fd_.get(), 0, SEEK_CUR);
  const auto start_bytes = start > 0 ? static_cast<std::uint64_t>(start) : 0;
  size_bytes_ = identity_.size_bytes > start_bytes ? identity_.size_bytes - start_bytes : 0;
#ifdef POSIX_FADV_SEQUENTIAL
  (void)::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
}

read_status input::read_some(char* into, std::size_t size, waiting wait) {
  if (size == 0) return {.state = read_state::data, .count = 0, .message = {}};
  if (wait != waiting::stopping && (stop_signal() != 0 || reopen_requested())) {
    return {.state = read_state::interrupted, .count = 0, .message = {}};
  }
  if (ahead_given_ < ahead_filled_) {
    const std::size_t count = std::min(size, ahead_filled_ - ahead_given_);
    std::memcpy(into, ahead_.data() + ahead_given_, count);
    ahead_given_ += count;
    return {.state = read_state::data, .count = count, .message = {}};
  }
  return next(into, size, wait);
}

bool input::would_block() {
  if (!may_wait_ || ahead_given_ < ahead_filled_ || is_finished_) return false;
  if (is_recognised_ && !unpacker_) {
    return given_ == filled_ && !is_at_end_ && wait_readable(fd_.get(), 0) == wake::timeout;
  }
  // Whether packed bytes make a plain one is known only by unpacking them.
  if (ahead_.empty()) ahead_ = wiped_buffer(ahead_bytes);
  const read_status status = next(ahead_.data(), ahead_.size(), waiting::no);
  ahead_given_ = 0;
  ahead_filled_ = status.count;
  return status.state == read_state::nothing_yet;
}

read_status input::next(char* into, std::size_t size, waiting wait) {
  if (is_finished_) return final_;
  while (!is_recognised_) {
    const recognised kind = recognise(held());
    if (kind != recognised::undecided || is_at_end_) {
      is_recognised_ = true;
      packed_as_ = kind == recognised::gzip   ? packing::gzip
                   : kind == recognised::zstd ? packing::zstd
                                              : packing::none;
      if (read_status status = begin(); status.state == read_state::failed) return status;
    } else if (read_status status = fill(wait); status.state != read_state::data && status.state != read_state::end) {
      return status;
    }
  }
  if (unpacker_) return unpack(into, size, wait);
  if (given_ < filled_) return {.state = read_state::data, .count = give(into, size), .message = {}};
  if (is_at_end_) return finish(read_state::end, {});
  read_status status = read_descriptor(into, size, wait);
  return status.state == read_state::end ? finish(read_state::end, {}) : status;
}

read_status input::begin() {
  if (packed_as_ == packing::none) return {};
  unpacker_ = make_unpacker(packed_as_);
  return unpacker_ ? read_status{} : finish(read_state::failed, reason(ENOMEM));
}

read_status input::unpack(char* into, std::size_t size, waiting wait) {
  for (;;) {
    if (given_ < filled_ || unpacker_->has_more()) {
      const unpacked done = unpacker_->step(held(), into, size);
      given_ += done.used;
      // What was good before the fault is given first; the fault is met again, or kept for the next call.
      if (done.fault != nullptr) {
        read_status failure = finish(read_state::failed, done.fault);
        if (done.made == 0) return failure;
      }
      if (done.made > 0) return {.state = read_state::data, .count = done.made, .message = {}};
      if (unpacker_->is_over()) return finish(read_state::end, {});
      continue;
    }
    if (is_at_end_) {
      return unpacker_->is_complete() ? finish(read_state::end, {})
                                      : finish(read_state::failed, unpacker_->truncated());
    }
    read_status status = fill(wait);
    if (status.state != read_state::data && status.state != read_state::end) return status;
  }
}

read_status input::fill(waiting wait) {
  if (buffer_.empty()) buffer_ = wiped_buffer(buffer_bytes);
  if (given_ == filled_) given_ = filled_ = 0;
  read_status status = read_descriptor(buffer_.data() + filled_, buffer_.size() - filled_, wait);
  filled_ += status.count;
  return status;
}

std::size_t input::give(char* into, std::size_t size) noexcept {
  const std::size_t count = std::min(size, filled_ - given_);
  std::memcpy(into, buffer_.data() + given_, count);
  given_ += count;
  if (given_ == filled_) {  // plain from here on straight into the caller's buffer
    given_ = filled_ = 0;
    buffer_ = {};
  }
  return count;
}

read_status input::read_descriptor(char* into, std::size_t size, waiting wait) {
  for (;;) {
    if (may_wait_) {
      const watch_stop watch = wait == waiting::stopping ? watch_stop::no : watch_stop::yes;
      switch (wait_readable(fd_.get(), patience_ms(wait), watch)) {
        case wake::ready: break;
        case wake::timeout: return {.state = read_state::nothing_yet, .count = 0, .message = {}};
        case wake::stop:
        case wake::reopen: return {.state = read_state::interrupted, .count = 0, .message = {}};
      }
    } else if (stop_signal() != 0 || reopen_requested()) {
      return {.state = read_state::interrupted, .count = 0, .message = {}};
    }
    const ssize_t count = ::read(fd_.get(), into, std::min(size, largest_read));
    if (count > 0) {
      read_bytes_ += static_cast<std::uint64_t>(count);
      return {.state = read_state::data, .count = static_cast<std::size_t>(count), .message = {}};
    }
    if (count == 0) {
      is_at_end_ = true;
      return {};
    }
    if (errno == EINTR) continue;
    // Ready and yet nothing: another reader of the same pipe was faster. Who asks may hold lines and must not wait.
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {.state = read_state::nothing_yet, .count = 0, .message = {}};
    return finish(read_state::failed, reason(errno));
  }
}

read_status input::finish(read_state state, std::string_view reason) {
  is_finished_ = true;
  final_.state = state;
  if (!reason.empty()) final_.message = name_ + ": " + std::string(reason);
  return final_;
}

}  // namespace anonlog::cli
