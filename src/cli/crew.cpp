// cli/crew.cpp: see crew.hpp.
#include "crew.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

namespace anonlog::cli {

namespace {

constexpr std::size_t skeleton_bytes = std::size_t{64} << 10;

bool has_time(const plan& rules) {
  const auto may_have_time = [](const plan::layout& format) { return format.has_time; };
  return rules.has_keyed_formats() || std::any_of(rules.layouts().begin(), rules.layouts().end(), may_have_time);
}

}  // namespace

// A thread's stream, its buffers, and the block it is at.
class crew::worker final : public block_before {
 public:
  worker(crew& all, stream* lead, const plan& rules)
      : own(lead != nullptr ? nullptr : std::make_unique<stream>(all.plan_, all.lead_.secrets())),
        lines(lead != nullptr ? *lead : *own),
        block(all.block_bytes_),
        out_memory(all.block_bytes_ + rules.output_bound(rules.longest_line())),
        skeleton_memory(all.wanted_ == skeletons::wanted ? skeleton_bytes : 0),
        out{out_memory.data(), out_memory.size()},
        rejected{skeleton_memory.data(), skeleton_memory.size()},
        table(rules.tables()),
        all_(all) {}

  std::int64_t last_time() noexcept override { return all_.last_time_before(*this); }

  std::unique_ptr<stream> own;
  stream& lines;
  wiped_buffer block;
  wiped_buffer out_memory;
  wiped_buffer skeleton_memory;
  output_buffer out;
  output_buffer rejected;
  std::size_t bytes = 0;  // of the block
  std::uint64_t ticket = 0;
  std::uint64_t consumed_bytes = 0;
  table_head table;               // before the block
  bool has_turn = false;          // to write

 private:
  crew& all_;
};

crew::crew(stream& lead, std::shared_ptr<const plan> rules, skeletons wanted, std::size_t block_bytes)
    : lead_(lead),
      plan_(std::move(rules)),
      wanted_(wanted),
      block_bytes_(block_bytes),
      has_time_(has_time(*plan_)),
      has_tables_(plan_->tables().any()),
      tail_(block_bytes),
      table_(plan_->tables()) {
  workers_.push_back(std::make_unique<worker>(*this, &lead_, *plan_));
}

crew::~crew() = default;

bool crew::work(input& from, std::size_t threads, const sink& to) {
  from_ = &from;
  to_ = &to;
  is_read_ = false;
  is_pausing_.store(false);
  tail_bytes_ = 0;
  next_ticket_ = 0;
  writing_.begin();
  first_time_ = last_time_ = lead_.last_time();
  table_ = lead_.table();
  const stream::line_counts before = lead_.lines();
  so_far_ = {before.rejected, before.in};
  failure_ = nullptr;

  worker& own = *workers_.front();
  if (read_block(own)) {  // before the others: it may begin with the rest of a line that the lead has
    hire(threads);
    const std::vector<std::jthread> others = call(threads);
    work_on(own);
  }

  lead_.begin_block(own, table_);  // an empty one, in which it comes to know of all the others
  lead_.end_block(last_time_);
  for (const std::unique_ptr<worker>& each : workers_)
    if (each->own) lead_.absorb(*each->own);
  if (failure_) std::rethrow_exception(failure_);
  if (writing_.is_over()) return false;
  input_buffer begun{tail_.data(), tail_bytes_};
  (void)lead_.feed(begun, own.out);  // no line ends there: nothing comes out
  return true;
}

// As many as there is memory for.
void crew::hire(std::size_t threads) try {
  while (workers_.size() < threads) workers_.push_back(std::make_unique<worker>(*this, nullptr, *plan_));
} catch (const std::bad_alloc&) {
}

// As many as the system gives.
std::vector<std::jthread> crew::call(std::size_t threads) {
  std::vector<std::jthread> called;
  called.reserve(workers_.size());
  try {
    for (std::size_t i = 1; i < std::min(threads, workers_.size()); ++i)
      called.emplace_back([this, i] { work_on(*workers_[i]); });
  } catch (const std::system_error&) {
  }
  return called;
}

void crew::work_on(worker& own) noexcept try {
  while (own.bytes != 0 || read_block(own))
    if (!process(own)) return;
} catch (...) {
  const std::lock_guard alone(failing_);
  failure_ = std::current_exception();
  writing_.end();
}

bool crew::read_block(worker& own) {
  const std::lock_guard alone(reading_);
  if (is_read_ || writing_.is_over()) return false;
  const std::size_t begun = std::exchange(tail_bytes_, 0);
  char* const data = own.block.data();
  if (begun != 0) std::memcpy(data, tail_.data(), begun);
  std::size_t filled = begun;
  const auto lines_end = [&] {  // behind the last newline; none is in what was begun before
    const void* const newline = ::memrchr(data + begun, '\n', filled - begun);
    return newline == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(newline) - data) + 1;
  };

  read_state state = fill(data, filled);
  // A pipe pauses. Until all that was read is written, more may have come.
  if (state == read_state::nothing_yet && lines_end() == 0 && writing_.wait_for(next_ticket_))
    state = fill(data, filled);
  own.bytes = lines_end();
  own.consumed_bytes = from_->consumed_bytes();
  tail_bytes_ = filled - own.bytes;
  if (tail_bytes_ != 0) std::memcpy(tail_.data(), data + own.bytes, tail_bytes_);
  const bool may_go_on = state == read_state::data || state == read_state::nothing_yet;
  is_read_ = own.bytes == 0 || !may_go_on;
  if (own.bytes == 0) return false;
  if (has_tables_) {
    own.table = table_;
    table_.skip(raw(data, own.bytes));
  }
  own.ticket = next_ticket_++;
  own.has_turn = false;
  return true;
}

read_state crew::fill(char* block, std::size_t& filled) {
  while (filled < block_bytes_) {
    if (is_pausing_.load(std::memory_order_relaxed)) return read_state::nothing_yet;
    const read_status got = from_->read_some(block + filled, block_bytes_ - filled, waiting::no);
    if (got.state != read_state::data) return got.state;
    filled += got.count;
  }
  return read_state::data;
}

bool crew::process(worker& own) {
  const stream::line_counts before = own.lines.lines();
  output_buffer* const rejected = wanted_ == skeletons::wanted ? &own.rejected : nullptr;
  input_buffer in{own.block.data(), std::exchange(own.bytes, 0)};
  own.lines.begin_block(own, own.table);
  while (own.lines.feed(in, own.out, rejected) == stream_status::need_room)
    if (!take_turn(own) || !hand_over(own)) return false;
  if (!take_turn(own)) return false;
  last_time_ = own.lines.end_block(last_time_);
  const stream::line_counts after = own.lines.lines();
  so_far_.lines += after.in - before.in;
  so_far_.rejects += after.rejected - before.rejected;
  if (!hand_over(own)) return false;
  writing_.pass();
  return true;
}

bool crew::take_turn(worker& own) {
  own.has_turn = own.has_turn || writing_.wait_for(own.ticket);
  return own.has_turn;
}

bool crew::hand_over(worker& own) {
  lead_.number_points(own.out.data, own.out.pos);
  const bool goes_on = (*to_)({.lines = {own.out.data, std::exchange(own.out.pos, 0)},
                               .skeletons = {own.rejected.data, std::exchange(own.rejected.pos, 0)},
                               .so_far = so_far_,
                               .consumed_bytes = own.consumed_bytes});
  if (!goes_on) writing_.end();
  return goes_on;
}

std::int64_t crew::last_time_before(worker& own) noexcept {
  return has_time_ && take_turn(own) ? last_time_ : first_time_;
}

}  // namespace anonlog::cli
