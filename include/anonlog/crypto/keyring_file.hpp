// crypto/keyring_file.hpp: a keyring on disk: read only if nobody else could read it, written whole or not at all.
//
// Source: SPEC 3.3.4. The checks look at the opened file, not at its name, so nothing can be exchanged in between;
// the text of the file is only ever in protected memory.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include <anonlog/crypto/keyring.hpp>

namespace anonlog {

inline constexpr std::size_t max_keyring_bytes = 1 << 20;  // some 6,000 eras

namespace keyring_file_detail {

class file_descriptor {
 public:
  explicit file_descriptor(int number) noexcept : number_(number) {}
  file_descriptor(const file_descriptor&) = delete;
  file_descriptor& operator=(const file_descriptor&) = delete;
  ~file_descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const noexcept { return number_; }
  bool is_open() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

inline setup_error system_error(const std::string& path, std::string_view what) {
  const int code = errno;
  return {path + ": " + std::string(what) + ": " + std::strerror(code)};
}

// The directory of a path, for a temporary file beside it.
inline std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

inline bool write_all(int file, const char* data, std::size_t size) noexcept {
  while (size != 0) {
    const ssize_t written = ::write(file, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

// Text put together in protected memory; it never grows.
class protected_text {
 public:
  static result<protected_text> make(std::size_t room) {
    result<secret_block> block = secret_block::make(room);
    if (!block) return block.error();
    protected_text text;
    text.block_ = std::move(*block);
    return text;
  }
  void add(std::string_view text) noexcept {
    if (text.size() > block_.size() - size_) std::abort();
    std::memcpy(begin() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void add_hex(const unsigned char* bytes, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
      const char digits[2] = {lower_hex_digits[bytes[i] >> 4], lower_hex_digits[bytes[i] & 15]};
      add(std::string_view(digits, 2));
    }
  }
  const char* data() const noexcept { return reinterpret_cast<const char*>(block_.data()); }
  std::size_t size() const noexcept { return size_; }

 private:
  char* begin() noexcept { return reinterpret_cast<char*>(block_.data()); }

  secret_block block_;
  std::size_t size_ = 0;
};

// Writes `text` to a new file beside `path`, of mode 0600 and synced; then gives it the name, unless that is taken.
inline std::optional<setup_error> write_new_file(const std::string& path, const protected_text& text) {
  const std::string directory = directory_of(path);
  std::string temporary = directory + "/.anonlog-keyring-XXXXXX";
  const file_descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return system_error(path, "cannot make a temporary file in its directory");

  std::optional<setup_error> failure;
  if (::fchmod(file.number(), S_IRUSR | S_IWUSR) != 0 || !write_all(file.number(), text.data(), text.size()) ||
      ::fsync(file.number()) != 0)
    failure = system_error(path, "cannot write the keyring");
  else if (::link(temporary.c_str(), path.c_str()) != 0)  // unlike rename, it replaces nothing
    failure = errno == EEXIST ? setup_error{path + ": exists already; a keyring is never overwritten"}
                              : system_error(path, "cannot give the keyring its name");
  ::unlink(temporary.c_str());
  if (failure) return failure;

  const file_descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.number()) != 0) return system_error(path, "cannot sync its directory");
  return std::nullopt;
}

}  // namespace keyring_file_detail

inline result<keyring> read_keyring_file(const std::string& path) {
  using namespace keyring_file_detail;
  // Not blocking: opening a pipe must not wait for its writer.
  const file_descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) return system_error(path, "cannot open the keyring");
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0) return system_error(path, "cannot look at the keyring");
  if (!S_ISREG(facts.st_mode)) return setup_error{path + ": a keyring is a regular file"};
  if (facts.st_uid != ::geteuid())
    return setup_error{path + ": belongs to another user; a keyring is read only by its owner (chown)"};
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return setup_error{path + ": others may use this keyring; take their permissions away: chmod 600"};
  const auto too_large = [&] {
    return setup_error{path + ": larger than a keyring may be, " + std::to_string(max_keyring_bytes) + " bytes"};
  };
  if (facts.st_size < 0 || static_cast<std::uintmax_t>(facts.st_size) > max_keyring_bytes) return too_large();

  const std::size_t room = static_cast<std::size_t>(facts.st_size) + 1;  // one more shows that it grew
  result<secret_block> text = secret_block::make(room);
  if (!text) return text.error();
  std::size_t size = 0;
  while (size < room) {
    const ssize_t got = ::read(file.number(), text->data() + size, room - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path, "cannot read the keyring");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size == room) return setup_error{path + ": changed while it was read; try again"};
  return parse_keyring({reinterpret_cast<const char*>(text->data()), size}, path);
}

// Makes a keyring with one era and a fresh secret, and returns it as read back. An existing file stays as it is.
inline result<keyring> create_keyring_file(const std::string& path, std::string_view era_id, std::int64_t from,
                                           std::int64_t to) {
  using namespace keyring_file_detail;
  if (!is_era_id(era_id)) return setup_error{"an era id is 1-64 letters, digits, dots, dashes and underscores"};
  if (from >= to) return setup_error{"the era ends before it begins"};
  result<secret<key_bytes>> fresh = secret<key_bytes>::make();
  if (!fresh) return fresh.error();
  ::randombytes_buf(fresh->data(), key_bytes);

  result<protected_text> text = protected_text::make(512);
  if (!text) return text.error();
  text->add(keyring_parser::header);
  text->add("\n# era <id> <from> <to> <secret> <fingerprint> [hold]\nera ");
  text->add(era_id);
  text->add(" ");
  text->add(from == always_before ? "-" : utc_time_text(from));
  text->add(" ");
  text->add(to == always_after ? "-" : utc_time_text(to));
  text->add(" ");
  text->add_hex(fresh->data(), key_bytes);
  text->add(" ");
  text->add(view(fingerprint(fresh->data())));
  text->add("\n");
  if (const std::optional<setup_error> failure = write_new_file(path, *text)) return *failure;
  return read_keyring_file(path);
}

}  // namespace anonlog
