// cli/line_sink.hpp: whole lines onto one descriptor, whatever goes wrong.
//
// A write may be partial, interrupted, refused or waited for. What is left behind in a regular file is cut back to the
// last whole line; a pipe that took half a line gets the other half before a stop. Rules: CLI contract section 2.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "descriptor.hpp"

namespace anonlog::cli {

enum class write_state {
  done,
  stopped,      // a stop signal came while the reader made us wait; what is out ends with a whole line
  reader_gone,  // EPIPE: a command ends quietly, die_by_signal(SIGPIPE)
  failed,       // `message` names the path and the reason
};

struct [[nodiscard]] write_status {
  write_state state = write_state::done;
  std::string message;
  std::size_t written_bytes = 0;  // whole lines of the block, where it was not done and that is known; they stay written

  bool is_done() const noexcept { return state == write_state::done; }
};

// Where a block that could not be written whole may be cut.
enum class cut { after_a_line, before_the_block };

class line_sink {
 public:
  line_sink() = default;
  line_sink(descriptor fd, std::string name);

  write_status write(std::string_view block, cut allowed);

  // To the disk, where there is one.
  write_status sync();
  // Errors that the system kept until now come out here.
  write_status close();

  explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
  int get() const noexcept { return fd_.get(); }
  const std::string& name() const noexcept { return name_; }
  write_status failure(int error_number, std::string_view remark = {}) const;

 private:
  // How a write to it can be kept from blocking where no signal is seen.
  enum class medium { regular, pipe, socket, slow, device };

  long write_once(std::string_view piece) noexcept;
  bool cut_back(std::size_t excess_bytes) noexcept;

  descriptor fd_;
  descriptor unblocked_;  // the same pipe, opened once more: O_NONBLOCK on ours would be set for other processes too
  medium medium_ = medium::device;
  std::string name_;
};

}  // namespace anonlog::cli
