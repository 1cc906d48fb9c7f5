// cli/output.hpp: where whole lines go: standard output, a file replaced in one step, or a file appended to.
//
// The caller hands over whole lines; nothing plain is held back here. Rules: CLI contract section 2 (`-o`, `--append`,
// exit codes). After anything but `done` the same answer is given to every further call; abandon or destroy then.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <anonlog/core/result.hpp>

#include "descriptor.hpp"
#include "line_sink.hpp"
#include "pack.hpp"
#include "temporary_file.hpp"

namespace anonlog::cli {

// Used by one thread at a time.
class output {
 public:
  static result<output> standard_output();

  // A temporary file beside the target, renamed by commit() and removed otherwise. What exists and is not a regular
  // file (a FIFO, /dev/null) is written to directly. "-" and /dev/stdout are standard output, never packed.
  static result<output> replace(const std::string& path, packing kind);
  static result<output> replace(const std::string& path) { return replace(path, packing_of_name(path)); }

  // Written at its end, created if need be. Packed: each flush() and each 1 MiB end a member or frame, so that the file
  // is whole at any time and after a crash.
  static result<output> append(const std::string& path, packing kind);
  static result<output> append(const std::string& path) { return append(path, packing_of_name(path)); }

  output(output&&) noexcept = default;
  output& operator=(output&& other) noexcept;
  ~output();

  write_status write(std::string_view whole_lines);

  // Gives out what a packed, appended file still holds; nothing to do for the others. Call when the input pauses.
  write_status flush();

  // Append only (else nothing): opens the path anew, for a log that was renamed. If that fails the old file stays in
  // use and the failure is not kept: report it and go on, or end. Call at a line boundary, after take_reopen().
  write_status reopen();

  // The end of a good run: packs the rest, syncs, closes, renames. Also of a stopped one that is to keep its lines, as
  // standard output and append do (where write() had said `stopped`, it says so again and the lines are out).
  write_status commit();

  // The end of a bad run: a replaced file is as it was before, the temporary one is gone.
  void abandon() noexcept;

  // The path, or "standard output".
  const std::string& name() const noexcept { return name_; }
  // The file that will be written or replaced, for is_same_file(); nothing if it is not there yet.
  const std::optional<file_identity>& identity() const noexcept { return identity_; }
  bool is_replacing() const noexcept { return temporary_.has_value(); }
  // Whether anything but `done` was answered already.
  bool has_ended() const noexcept { return !ended_.is_done(); }

 private:
  enum class kind { stream, replace, append };

  output(kind how, std::string name, line_sink sink, std::unique_ptr<packer> packer);
  static result<output> direct(kind how, const std::string& path, int flags, packing packing_kind);

  write_status end_member();
  write_status keep(write_status status);
  write_status out_of_memory() const;

  kind kind_;
  std::string name_;
  line_sink sink_;
  std::unique_ptr<packer> packer_;
  std::string packed_;               // packed, not yet written
  std::size_t member_bytes_ = 0;     // lines in the member or frame that is open
  bool has_member_ = false;          // whether any was ended: an empty run still makes a valid file
  std::optional<temporary_file> temporary_;
  std::optional<file_identity> identity_;
  write_status ended_;               // the first answer that was not `done`
};

}  // namespace anonlog::cli
