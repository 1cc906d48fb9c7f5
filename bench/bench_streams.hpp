// bench_streams.hpp: a log in memory through one or more streams, in blocks of whole lines; and line by line, exactly.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "bench_plans.hpp"

namespace anonlog::bench {

inline constexpr std::size_t block_bytes = std::size_t{1} << 18;

// The lines that begin in the `number`th block_bytes of a log; empty behind its end.
inline std::string_view lines_of_block(std::string_view log, std::size_t number) {
  const auto line_from = [&](std::size_t at) {
    if (at == 0 || at >= log.size()) return std::min(at, log.size());
    const std::size_t newline = log.find('\n', at - 1);
    return newline == log.npos ? log.size() : newline + 1;
  };
  const std::size_t begin = line_from(number * block_bytes), end = line_from((number + 1) * block_bytes);
  return log.substr(begin, end - begin);
}

inline std::size_t block_count(std::string_view log) { return (log.size() + block_bytes - 1) / block_bytes; }

// Feeds each line in two pieces: put together by the stream, it is taken alone, by the path that defines what is right.
template <class Empty>
void feed_exactly(stream& lines, std::string_view text, output_buffer& out, Empty empty) {
  while (!text.empty()) {
    const std::size_t line_bytes = std::min(text.find('\n'), text.size() - 1) + 1;
    for (const std::size_t piece_bytes : {line_bytes / 2, line_bytes - line_bytes / 2}) {
      input_buffer in{text.data(), piece_bytes};
      while (lines.feed(in, out) == stream_status::need_room) empty();
      text.remove_prefix(piece_bytes);
    }
  }
}

// One digest for each block's output.
using digests = std::vector<std::size_t>;

// Where the output goes: every block's to the same place, which stays in the cache; or one behind the other.
enum class placing { reused, behind };

// Blocks by ticket, each thread with a stream of its own and room_bytes of its own, until there are none.
inline void run_streams(std::string_view log, const std::vector<std::unique_ptr<stream>>& streams, char* room,
                        std::size_t room_bytes, placing where, digests* seen = nullptr) {
  std::atomic<std::size_t> next_block{0};
  const auto work = [&](std::size_t thread) {
    output_buffer out{room + thread * room_bytes, room_bytes};
    for (std::size_t block; (block = next_block.fetch_add(1, std::memory_order_relaxed)) < block_count(log);) {
      const std::string_view lines = lines_of_block(log, block);
      input_buffer in{lines.data(), lines.size()};
      if (where == placing::reused) out.pos = 0;
      while (streams[thread]->feed(in, out) == stream_status::need_room) {
        if (where == placing::reused) std::abort();  // a block has room
        out.pos = 0;
      }
      if (seen != nullptr) (*seen)[block] = std::hash<std::string_view>{}({out.data, out.pos});
    }
  };
  std::vector<std::thread> others;
  for (std::size_t thread = 1; thread < streams.size(); ++thread) others.emplace_back(work, thread);
  work(0);
  for (std::thread& other : others) other.join();
}

inline std::vector<std::unique_ptr<stream>> make_streams(const std::shared_ptr<const plan>& rules, std::size_t count) {
  std::vector<std::unique_ptr<stream>> streams;
  while (streams.size() < count) streams.push_back(std::make_unique<stream>(rules));
  return streams;
}

}  // namespace anonlog::bench
