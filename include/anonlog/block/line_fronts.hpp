// block/line_fronts.hpp: what stands in front of the addresses of plain lines: virtual hosts that were seen, and what is
// written of them.
//
// A log has few, so a line's is compared with one that was split and judged before (block/plain_path.hpp): it is right because
// the same bytes were. One that is not to be kept is remembered as well, so that nobody judges it again. Belongs to one stream.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include <anonlog/core/swar.hpp>
#include <anonlog/core/wipe.hpp>

namespace anonlog {

struct line_front {
  static constexpr std::size_t longest = 64;

  alignas(64) std::array<unsigned char, longest> seen{};  // with the blank at its end
  std::array<char, longest> written{};
  std::size_t quotes = 0;  // of a line that begins so
  std::size_t format = 0;
  std::uint8_t seen_bytes = 0, written_bytes = 0;  // 0: nothing is remembered
  bool is_plain = false;                           // else the line takes the exact path
};

class line_fronts {
 public:
  static constexpr std::size_t count = 128;  // a power of two

  explicit line_fronts(bool is_wanted) : table_(is_wanted ? new line_front[count] : nullptr) {}
  line_fronts(const line_fronts&) = delete;
  line_fronts& operator=(const line_fronts&) = delete;
  ~line_fronts() {
    if (table_) wipe(table_.get(), count * sizeof(line_front));
  }

  bool any() const noexcept { return table_ != nullptr; }

  // Where one of so many bytes is, if it is known. Eight bytes of the text may be looked at.
  line_front& place_of(const char* text, std::size_t size, std::size_t quotes) noexcept {
    const bool is_long = size >= 8;
    const std::uint64_t first = is_long ? swar::load(text) : swar::load_first(text, size);
    const std::uint64_t last = is_long ? swar::load(text + size - 8) : quotes;
    const std::uint64_t mixed = (first ^ quotes) * 0x9E3779B97F4A7C15 + last * 0xD6E8FEB86659FD93;
    return table_[(mixed ^ mixed >> 32) * 0x9E3779B97F4A7C15 >> 57];
  }

 private:
  static_assert(count == std::size_t{1} << (64 - 57));
  std::unique_ptr<line_front[]> table_;
};

}  // namespace anonlog
