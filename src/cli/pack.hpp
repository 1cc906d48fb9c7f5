// cli/pack.hpp: lines into gzip members (RFC 1952) or zstd frames (RFC 8878).
//
// A member or frame that was ended can be read on its own; several behind one another are one valid file. Neither holds
// a name or a time: the same lines give the same bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "unpack.hpp"

namespace anonlog::cli {

// By the end of the name: .gz, .zst, or neither.
packing packing_of_name(std::string_view path) noexcept;

class packer {
 public:
  virtual ~packer() = default;

  // Appends to `packed` what is ready. False: out of memory.
  [[nodiscard]] virtual bool add(std::string_view lines, std::string& packed) = 0;
  // Ends the member or frame (an empty one if nothing was added) and begins the next.
  [[nodiscard]] virtual bool end(std::string& packed) = 0;
};

// Null if there is no memory for it, or for packing::none.
std::unique_ptr<packer> make_packer(packing kind);

}  // namespace anonlog::cli
