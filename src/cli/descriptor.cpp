// cli/descriptor.cpp: see descriptor.hpp.
#include "descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "signals.hpp"

namespace anonlog::cli {

namespace {

std::optional<file_identity> identity_from(const struct stat& status) noexcept {
  return file_identity{.device = status.st_dev,
                       .inode = status.st_ino,
                       .is_regular = S_ISREG(status.st_mode),
                       .is_pipe = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode),
                       .size_bytes = status.st_size > 0 ? static_cast<std::uint64_t>(status.st_size) : 0};
}

std::optional<file_identity> identity_of_path(std::string_view path, int standard) {
  if (path == "-") return identity_of(standard);
  struct stat status {};
  if (::stat(std::string(path).c_str(), &status) != 0) return std::nullopt;
  return identity_from(status);
}

// Where a file of this name would be made: without `.`, `..` and links, also links to what is not there yet.
std::filesystem::path full_name(const std::string& name) {
  namespace fs = std::filesystem;
  constexpr int most_links = 40;  // as the kernel follows
  std::error_code error;
  fs::path path = fs::absolute(name, error);
  if (error) return name;
  for (int links = 0; links < most_links && fs::is_symlink(fs::symlink_status(path, error)); ++links) {
    const fs::path target = fs::read_symlink(path, error);
    if (error) break;
    path = path.parent_path() / target;
  }
  const fs::path whole = fs::weakly_canonical(path, error);
  return error ? path.lexically_normal() : whole;
}

bool is_standard_output(const std::string& path) noexcept { return path == "-" || path == "/dev/stdout"; }

bool look_at(const std::string& path, struct stat& facts) noexcept {
  return (is_standard_output(path) ? ::fstat(STDOUT_FILENO, &facts) : ::stat(path.c_str(), &facts)) == 0;
}

}  // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  if (this != &other) {
    (void)close();
    number_ = other.release();
  }
  return *this;
}

int descriptor::release() noexcept { return std::exchange(number_, -1); }

int descriptor::close() noexcept {
  if (number_ < 0) return 0;
  if (::close(std::exchange(number_, -1)) == 0 || errno == EINTR) return 0;
  return errno;
}

std::optional<file_identity> identity_of(int fd) noexcept {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return std::nullopt;
  return identity_from(status);
}

std::optional<file_identity> identity_of_input(std::string_view path) { return identity_of_path(path, STDIN_FILENO); }

std::optional<file_identity> identity_of_output(std::string_view path) { return identity_of_path(path, STDOUT_FILENO); }

bool is_same_file(const std::optional<file_identity>& input, const std::optional<file_identity>& output) noexcept {
  return input && output && input->is_regular && output->is_regular && input->size_bytes > 0 &&
         input->device == output->device && input->inode == output->inode;
}

bool is_same_place(const std::string& first, const std::string& second) {
  if (is_standard_output(first) && is_standard_output(second)) return true;
  struct stat a {}, b {};
  if (look_at(first, a) && look_at(second, b)) return a.st_dev == b.st_dev && a.st_ino == b.st_ino && !S_ISCHR(a.st_mode);
  return !is_standard_output(first) && !is_standard_output(second) && full_name(first) == full_name(second);
}

int open_file(const std::string& path, int flags, mode_t mode) noexcept {
  for (;;) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, mode);
    if (fd >= 0 || errno != EINTR || stop_signal() != 0) return fd;
  }
}

void enlarge_pipe(int fd) noexcept {
#ifdef F_SETPIPE_SZ
  constexpr int wanted_bytes = 1 << 20;
  const int present_bytes = ::fcntl(fd, F_GETPIPE_SZ);
  // May be refused beyond the user's share; the pipe then works as it is.
  if (present_bytes > 0 && present_bytes < wanted_bytes) (void)::fcntl(fd, F_SETPIPE_SZ, wanted_bytes);
#else
  (void)fd;
#endif
}

void occupy_standard_descriptors() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest free number is taken, which is this one: those below it are open by now.
    (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

std::string reason(int error_number) { return std::generic_category().message(error_number); }

}  // namespace anonlog::cli
