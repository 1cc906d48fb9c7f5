// cli/unpack.hpp: compressed input as a stream: gzip (RFC 1952) and zstd (RFC 8878), recognised by content.
//
// Memory is bounded whatever the data claim. The reasons given are fixed texts: no byte of the data is in them.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace anonlog::cli {

enum class packing { none, gzip, zstd };

// What the first bytes say. `undecided` only while they are a beginning of both possibilities.
enum class recognised { undecided, plain, gzip, zstd };
recognised recognise(std::string_view first_bytes) noexcept;

struct unpacked {
  std::size_t used = 0;              // bytes taken from the input
  std::size_t made = 0;              // bytes written to the output
  const char* fault = nullptr;       // why it can not go on, or null
};

class unpacker {
 public:
  virtual ~unpacker() = default;

  // Takes what it can, until the room is full or the input used up.
  virtual unpacked step(std::string_view in, char* out, std::size_t room) noexcept = 0;

  // True if step() may give bytes without being given any.
  bool has_more() const noexcept { return has_more_; }
  // True if the data may end here.
  virtual bool is_complete() const noexcept = 0;
  // True if what follows is no part of the data (padding or garbage behind the last gzip member) and need not be read.
  virtual bool is_over() const noexcept = 0;
  virtual const char* truncated() const noexcept = 0;

 protected:
  bool has_more_ = false;
};

// Null if there is no memory for it, or for packing::none.
std::unique_ptr<unpacker> make_unpacker(packing kind);

}  // namespace anonlog::cli
