// cli/temporary_file.hpp: a new file beside its target that takes the target's place in one step, or vanishes.
//
// Whoever looks at the target sees the old file or the whole new one, after a crash of the machine too. Rules: CLI
// contract section 2 (`-o`: temporary file beside it, synced, renamed; removed when the run fails or is stopped).
#pragma once

#include <optional>
#include <string>

#include <anonlog/core/result.hpp>

#include "descriptor.hpp"

namespace anonlog::cli {

// Where a path leads when its last part is a symbolic link, also to a file that is not there yet.
result<std::string> follow_links(const std::string& path);

enum class durable { yes, no };

class temporary_file {
 public:
  // Mode (and, where allowed, owner) of the target if it exists, else as for any new file. A target that may not be
  // written is refused, as it would be if it were written in place.
  static result<temporary_file> create(const std::string& target);

  temporary_file(temporary_file&& other) noexcept;
  temporary_file& operator=(temporary_file&& other) noexcept;
  ~temporary_file() { remove(); }

  const std::string& path() const noexcept { return path_; }
  // Handed out once: the writer owns and closes it.
  descriptor take_descriptor() noexcept { return std::move(fd_); }

  // Renames over the target and makes the name durable, unless a crash of the machine may undo it. The data must be closed
  // before, and synced where they are to last.
  std::optional<setup_error> replace_target(durable wanted = durable::yes);
  void remove() noexcept;

 private:
  temporary_file(std::string target, std::string path, descriptor fd);

  std::string target_;
  std::string path_;  // empty once renamed or removed
  descriptor fd_;
  int slot_ = -1;
};

}  // namespace anonlog::cli
