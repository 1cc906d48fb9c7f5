// block/line_handover.hpp: where the plain lines of a stream stand until a sink takes them (block/written_lines.hpp).
#pragma once

#include <cstddef>
#include <memory>

#include <anonlog/block/kernels.hpp>
#include <anonlog/block/plain_path.hpp>

namespace anonlog {

class line_handover {
 public:
  line_handover() = default;
  line_handover(const line_handover&) = delete;
  line_handover& operator=(const line_handover&) = delete;
  ~line_handover() {
    if (lines_) wipe(lines_.get(), room_);
  }

  bool is_wanted() const noexcept { return sink_ != nullptr; }

  // Throws std::bad_alloc.
  void begin(const plain_path& plain, line_sink& sink) {
    room_ = plain.line_room() + 2 * block_state::block_bytes;
    lines_.reset(new char[room_]);
    sink_ = &sink;
  }

  // A block, or what of it there is room for.
  block_result run(plain_path& plain, block_function run_block, const char* block, std::size_t bytes, output_buffer& out, output_buffer* rejects) noexcept {
    plain.set_outputs(out, rejects, {lines_.get(), room_}, *sink_);
    char* cursor = lines_.get();
    block_result read = run_block(plain, block, bytes, cursor);
    // Lines that were handed over made room; where none was read, the output has too little for a record.
    if (read.status == block_status::need_room && read.bytes_read != 0) read.status = block_status::done;
    return read;
  }

 private:
  std::unique_ptr<char[]> lines_;
  std::size_t room_ = 0;
  line_sink* sink_ = nullptr;
};

}  // namespace anonlog
