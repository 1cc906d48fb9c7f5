// cli/crew.hpp: several threads on one input: they read in turns, work privately, and write in the order of the input.
//
// Who has the turn to read takes a block of whole lines (and unpacks it, if the input is packed) while the others work;
// each has a stream of its own on the one plan. The bytes that come out, and the counts, are those of one thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include <anonlog.hpp>

#include "input.hpp"
#include "reject_watch.hpp"
#include "turns.hpp"
#include "wiped_buffer.hpp"

namespace anonlog::cli {

// What has become of a block, or of a part of one that was too much for the room.
struct finished_lines {
  std::string_view lines;
  std::string_view skeletons;    // of rejects
  reject_share so_far;           // of all inputs; without this block's while it is not whole
  std::uint64_t consumed_bytes;  // of the input, as stored
};

class crew {
 public:
  static constexpr std::size_t usual_block_bytes = std::size_t{512} << 10;

  enum class skeletons { not_wanted, wanted };

  // `lead` works too, and has all counts when the work is done. It outlives the crew.
  crew(stream& lead, std::shared_ptr<const plan> rules, skeletons wanted, std::size_t block_bytes = usual_block_bytes);
  ~crew();

  // Called by one thread at a time, in the order of the input. False: nothing more is wanted.
  using sink = std::function<bool(const finished_lines&)>;

  // Goes on where `lead` is, with at most so many threads, until the input ends, fails, is interrupted or pauses, or a
  // line is longer than a block: what was read is then written, and what was begun of a line is in `lead`. Ask the
  // input what it was. False: the sink wanted no more. Throws what a thread has thrown, std::bad_alloc for one.
  bool work(input& from, std::size_t threads, const sink& to);

  // By the sink: the work ends as if the input paused, so that its counts are known.
  void pause() noexcept { is_pausing_.store(true, std::memory_order_relaxed); }

 private:
  class worker;

  void hire(std::size_t threads);
  std::vector<std::jthread> call(std::size_t threads);
  void work_on(worker& own) noexcept;
  bool read_block(worker& own);
  read_state fill(char* block, std::size_t& filled);
  bool process(worker& own);
  bool hand_over(worker& own);
  bool take_turn(worker& own);
  std::int64_t last_time_before(worker& own) noexcept;

  stream& lead_;
  std::shared_ptr<const plan> plan_;
  skeletons wanted_;
  std::size_t block_bytes_;
  bool has_time_;    // whether a record can have a time of its own
  bool has_tables_;  // whether a line can be a row
  std::vector<std::unique_ptr<worker>> workers_;

  // By who has the turn to read.
  std::mutex reading_;
  input* from_ = nullptr;
  bool is_read_ = false;
  std::atomic<bool> is_pausing_{false};
  wiped_buffer tail_;  // of the block before: what was begun of a line
  std::size_t tail_bytes_ = 0;
  std::uint64_t next_ticket_ = 0;
  table_head table_;   // before the next block

  // By who has the turn to write.
  turns writing_;
  const sink* to_ = nullptr;
  std::int64_t last_time_ = 0;   // of the records that are out
  std::int64_t first_time_ = 0;  // of those before the work began; everybody may read it
  reject_share so_far_;

  std::mutex failing_;
  std::exception_ptr failure_;
};

}  // namespace anonlog::cli
