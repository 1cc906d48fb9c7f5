// core/stream_buffers.hpp: what a stream reads from and writes to, and how a call of it ends.
#pragma once

#include <cstddef>

namespace anonlog {

struct input_buffer {
  const char* data;
  std::size_t size;
  std::size_t pos = 0;  // moves: what is before was read
};

struct output_buffer {
  char* data;
  std::size_t size;
  std::size_t pos = 0;  // moves: what is before was written
  std::size_t room() const noexcept { return size - pos; }
};

enum class stream_status : unsigned char {
  done,       // all input was read
  need_room,  // empty the output (and rejects) buffer and call again
  stopped,    // a reject under rejects.action = "fail"
};

}  // namespace anonlog
