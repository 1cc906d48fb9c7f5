// output/point_numbers.hpp: gives each point of a bucket a number of its own, in the order of the output.
//
// The number of a record is known when all records before it are; where several threads share an input, that is when the
// block has its turn to be written. So the numbers are put into whole lines, whose times all have the same width.
//
// A run starts at 0 in each bucket. Memory is bounded: buckets that lie `counters` apart count on together, so none gets a
// number twice.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <anonlog/output/line_protocol.hpp>

namespace anonlog {

// Of one run; used by one thread at a time.
class point_numbers {
 public:
  static constexpr std::size_t counters = 4096;

  explicit point_numbers(std::int64_t grid_seconds) noexcept : grid_seconds_(static_cast<std::uint64_t>(grid_seconds)) {}

  // Counts up the times of whole lines, where they stand.
  void number(char* lines, std::size_t size) noexcept {
    char* const end = lines + size;
    while (lines != end) {
      char* const line_end = static_cast<char*>(std::memchr(lines, '\n', static_cast<std::size_t>(end - lines)));
      if (line_end == nullptr) return;
      if (static_cast<std::size_t>(line_end - lines) > point_time_digits) count_up(line_end - point_time_digits);
      lines = line_end + 1;
    }
  }

 private:
  void count_up(char* digits) noexcept {
    std::uint64_t time = 0;
    for (std::size_t i = 0; i < point_time_digits; ++i) time = time * 10 + static_cast<unsigned char>(digits[i] - '0');
    time += next_[time / nanoseconds / grid_seconds_ % counters]++;
    for (std::size_t i = point_time_digits; i-- > 0; time /= 10) digits[i] = static_cast<char>('0' + time % 10);
  }

  std::uint64_t grid_seconds_;
  std::array<std::uint64_t, counters> next_{};
};

}  // namespace anonlog
