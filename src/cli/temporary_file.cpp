// cli/temporary_file.cpp: see temporary_file.hpp.
#include "temporary_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <utility>

#include "signals.hpp"

namespace anonlog::cli {

namespace {

constexpr int most_links = 40;      // as many as the kernel follows
constexpr int most_attempts = 100;  // a taken name is chance, a hundred of them are not
constexpr std::size_t random_bytes = 12;

setup_error failure(const std::string& name, int error_number) {
  return setup_error{name + ": " + reason(error_number)};
}

// With the slash at its end; empty for the current directory.
std::string directory_part(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

// Not by the target's name: that may be as long as a name can be, and must not match `*.log`.
bool random_name(std::string& name) {
  std::array<unsigned char, random_bytes> random;
  if (::getentropy(random.data(), random.size()) != 0) return false;
  name = ".anonlog-";
  for (const unsigned char byte : random) name += "abcdefghijklmnopqrstuvwxyz234567"[byte & 31];
  name += ".tmp";
  return true;
}

}  // namespace

result<std::string> follow_links(const std::string& path) {
  std::string present = path;
  for (int followed = 0; followed < most_links; ++followed) {
    std::array<char, PATH_MAX> link;
    const ssize_t length = ::readlink(present.c_str(), link.data(), link.size());
    if (length < 0) {
      // EINVAL: not a link. ENOENT: not there yet. Anything else is met again by whoever opens it.
      return present;
    }
    const std::string leads_to(link.data(), static_cast<std::size_t>(length));
    present = leads_to.starts_with('/') ? leads_to : directory_part(present) + leads_to;
  }
  return failure(path, ELOOP);
}

result<temporary_file> temporary_file::create(const std::string& target) {
  result<std::string> followed = follow_links(target);
  if (!followed) return followed.error();
  const std::string& place = *followed;
  struct stat present {};
  const bool exists = ::stat(place.c_str(), &present) == 0;
  if (!exists && errno != ENOENT) return failure(target, errno);
  if (place.empty()) return failure(target, ENOENT);
  if (place.ends_with('/') || (exists && S_ISDIR(present.st_mode))) return failure(target, EISDIR);
  if (exists && ::faccessat(AT_FDCWD, place.c_str(), W_OK, AT_EACCESS) != 0) return failure(target, errno);

  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    std::string name;
    if (!random_name(name)) return failure(target, errno);
    std::string path = directory_part(place) + name;
    // Known before it exists, so that no moment is left in which a signal could leave it behind.
    temporary_file made(place, path, descriptor());
    made.fd_ = descriptor(open_file(path, O_WRONLY | O_CREAT | O_EXCL, exists ? S_IRUSR | S_IWUSR : 0666));
    if (!made.fd_) {
      const int error_number = errno;
      made.path_.clear();  // not ours
      forget_temporary(std::exchange(made.slot_, -1));
      if (error_number == EEXIST) continue;
      return failure(target, error_number);
    }
    if (exists) {
      struct stat own {};
      if (::fstat(made.fd_.get(), &own) == 0 && (own.st_uid != present.st_uid || own.st_gid != present.st_gid)) {
        // Only root may give a file away; the group alone may still be possible.
        if (::fchown(made.fd_.get(), present.st_uid, present.st_gid) != 0) {
          [[maybe_unused]] const int ignored = ::fchown(made.fd_.get(), static_cast<uid_t>(-1), present.st_gid);
        }
      }
      if (::fchmod(made.fd_.get(), present.st_mode & 0777) != 0) return failure(target, errno);
    }
    return made;
  }
  return failure(target, EEXIST);
}

temporary_file::temporary_file(std::string target, std::string path, descriptor fd)
    : target_(std::move(target)), path_(std::move(path)), fd_(std::move(fd)), slot_(remember_temporary(path_)) {}

temporary_file::temporary_file(temporary_file&& other) noexcept
    : target_(std::move(other.target_)),
      path_(std::exchange(other.path_, {})),
      fd_(std::move(other.fd_)),
      slot_(std::exchange(other.slot_, -1)) {}

temporary_file& temporary_file::operator=(temporary_file&& other) noexcept {
  if (this != &other) {
    remove();
    target_ = std::move(other.target_);
    path_ = std::exchange(other.path_, {});
    fd_ = std::move(other.fd_);
    slot_ = std::exchange(other.slot_, -1);
  }
  return *this;
}

std::optional<setup_error> temporary_file::replace_target(durable wanted) {
  if (::rename(path_.c_str(), target_.c_str()) != 0) return failure(target_, errno);
  path_.clear();
  forget_temporary(std::exchange(slot_, -1));

  if (wanted == durable::no) return std::nullopt;
  const std::string directory = directory_part(target_);
  const descriptor opened(open_file(directory.empty() ? "." : directory, O_RDONLY | O_DIRECTORY, 0));
  // A directory that may be written but not read can not be synced, and some file systems need none.
  if (opened && ::fsync(opened.get()) != 0 && errno == EIO) return failure(target_, errno);
  return std::nullopt;
}

void temporary_file::remove() noexcept {
  (void)fd_.close();
  if (!path_.empty()) (void)::unlink(path_.c_str());
  path_.clear();
  forget_temporary(std::exchange(slot_, -1));
}

}  // namespace anonlog::cli
