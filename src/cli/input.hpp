// cli/input.hpp: the bytes of one FILE or of standard input, unpacked if they are packed.
//
// Plain read(2) into the caller's buffer, no mmap: a file cut short while it is read must not kill the run, and read is
// faster here. gzip and zstd are recognised by content, also on a pipe that gives one byte at a time.
// Rules: CLI contract sections 1 and 2. Messages name the path and the reason, never what was read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <anonlog/core/result.hpp>

#include "descriptor.hpp"
#include "unpack.hpp"
#include "wiped_buffer.hpp"

namespace anonlog::cli {

enum class read_state {
  data,         // `count` bytes, at least one
  end,          // nothing more will come
  nothing_yet,  // a pipe, socket or terminal has nothing at the moment, or another reader was faster; ask again
  interrupted,  // stop_signal() or reopen_requested(); nothing is lost, reading may go on
  failed,       // `message` says why; final
};

struct [[nodiscard]] read_status {
  read_state state = read_state::end;
  std::size_t count = 0;
  std::string message;
};

enum class waiting {
  yes,
  a_while,  // a second; then there is nothing yet
  no,
  stopping,  // no, and in spite of the signal that asked to stop: for what is there already
};

// Used by one thread at a time.
class input {
 public:
  // "-" is standard input. A directory, a missing or an unreadable file is an error.
  static result<input> open(const std::string& path);

  // Any size from 1 byte on; 256 KiB and more is fast. End and failure stay what they are when asked again.
  read_status read_some(char* into, std::size_t size, waiting wait = waiting::yes);

  // True if read_some would have to wait for the writer at the other end: the moment to give out what is held.
  bool would_block();

  // The path, or "standard input".
  const std::string& name() const noexcept { return name_; }
  const file_identity& identity() const noexcept { return identity_; }
  bool is_regular_file() const noexcept { return identity_.is_regular; }
  bool is_pipe() const noexcept { return identity_.is_pipe; }

  // For the progress bar, in bytes as stored: what a regular file holds from where reading began (0: unknown), and how
  // much of it has been consumed.
  std::uint64_t size_bytes() const noexcept { return size_bytes_; }
  std::uint64_t consumed_bytes() const noexcept { return read_bytes_ - (filled_ - given_); }

  // How the input was packed; known for certain after the first data.
  packing packed_as() const noexcept { return packed_as_; }

 private:
  input(descriptor fd, std::string name, file_identity identity);

  read_status next(char* into, std::size_t size, waiting wait);
  read_status read_descriptor(char* into, std::size_t size, waiting wait);
  read_status fill(waiting wait);
  read_status unpack(char* into, std::size_t size, waiting wait);
  read_status begin();
  read_status finish(read_state state, std::string_view reason);
  std::size_t give(char* into, std::size_t size) noexcept;
  std::string_view held() const noexcept { return {buffer_.data() + given_, filled_ - given_}; }

  descriptor fd_;
  std::string name_;
  file_identity identity_;
  bool may_wait_ = false;       // a pipe, socket or terminal
  std::uint64_t size_bytes_ = 0;
  std::uint64_t read_bytes_ = 0;
  wiped_buffer buffer_;         // as stored: the first bytes, or packed data
  std::size_t given_ = 0;
  std::size_t filled_ = 0;
  bool is_at_end_ = false;      // of the descriptor
  bool is_recognised_ = false;
  packing packed_as_ = packing::none;
  std::unique_ptr<unpacker> unpacker_;
  wiped_buffer ahead_;          // unpacked by would_block, not yet given
  std::size_t ahead_given_ = 0;
  std::size_t ahead_filled_ = 0;
  bool is_finished_ = false;
  read_status final_;
};

}  // namespace anonlog::cli
