// cli/descriptor.hpp: an open file that closes itself, and what the kernel can tell about it.
//
// Everything the command reads or writes goes through plain descriptors; errno, fstat and fcntl are dealt with here,
// in one place. Rules: CLI contract section 2 (messages say what was wrong and where, never what a line held).
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anonlog::cli {

// Owns one descriptor. Not copied; closing errors are asked for with close(), the destructor can not report them.
class descriptor {
 public:
  descriptor() noexcept = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(other.release()) {}
  descriptor& operator=(descriptor&& other) noexcept;
  ~descriptor() { (void)close(); }

  int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }
  int release() noexcept;

  // 0 or the errno of close(2). An interrupted close has closed.
  int close() noexcept;

 private:
  int number_ = -1;
};

// Which file it is, whatever name it goes by.
struct file_identity {
  dev_t device = 0;
  ino_t inode = 0;
  bool is_regular = false;
  bool is_pipe = false;  // or a socket: what is in it is lost with its last reader
  std::uint64_t size_bytes = 0;
};

std::optional<file_identity> identity_of(int fd) noexcept;

// "-" is standard input. Nothing if the file does not exist or can not be looked at.
std::optional<file_identity> identity_of_input(std::string_view path);
std::optional<file_identity> identity_of_output(std::string_view path);

// True if writing one would change what the other still has to read: the same regular file, and not an empty one
// (a shell that opens `> x` has emptied x already, as with `cat x > x`).
bool is_same_file(const std::optional<file_identity>& input, const std::optional<file_identity>& output) noexcept;

// Whether two names lead to one place to write, there already or not: what is written to one would be mixed up with the other.
// "-" and /dev/stdout are standard output. Terminals and /dev/null may be shared.
bool is_same_place(const std::string& first, const std::string& second);

// open(2) that goes on after a signal, unless the signal asked the run to stop (then -1 and errno EINTR).
int open_file(const std::string& path, int flags, mode_t mode) noexcept;

// Asks for 1 MiB of pipe: a third of the switches between two programs. Anything but a pipe is left as it is.
void enlarge_pipe(int fd) noexcept;

// If the caller closed 0, 1 or 2, opens them in the wrong direction: no file opened later is mistaken for standard
// output or error, and using them is an error (EBADF) and not silence. Call before anything is opened.
void occupy_standard_descriptors() noexcept;

// The text of an errno, without a name in front.
std::string reason(int error_number);

}  // namespace anonlog::cli
