// block/keyed_state.hpp: what a kernel and the stream share while a block of lines that name their own fields is read.
//
// As block_state.hpp, for JSON: which of the shapes (keyed_shape.hpp) a line has is found by comparing the bytes between its
// values; a line of no known shape goes to the exact path, and the shape is learned there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <anonlog/block/block_state.hpp>
#include <anonlog/block/plain_client.hpp>
#include <anonlog/core/memo.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/keyed_shape.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/report.hpp>

namespace anonlog {

// The stamp of the lines of a shape while its hour lasts; see head_memory, which here has nothing around the stamp.
struct stamp_head {
  head_memory stamp;
  std::size_t time_at = 0;  // where `13:55:36` begins
};

// A line of the block.
struct keyed_line {
  struct value {
    std::uint32_t begin, end;  // in the block
  };

  const char* begin;
  const char* end;     // behind it are `\n` or `\r\n`
  std::uint32_t feed;  // which of the places of the block is its line feed
  std::uint32_t target_begin, target_bytes;  // of the request; target_begin: from the begin of the line
  std::uint32_t shape;  // keyed_state::no_shape: the exact path
  bool has_cr, has_request, has_client;
  std::array<memo::place, keyed_shape::most_look_ups> places;
  std::array<memo_slot*, keyed_shape::most_look_ups> found;
  plain_address address;
  std::array<value, keyed_shape::most_slots> values;
};

// What lines of one shape have in common, counted once for many.
struct keyed_counts {
  std::uint64_t lines = 0, bytes_out = 0;
  std::int64_t first_second = 3600, last_second = 0;  // behind the beginning of the stamp, where digits are copied
};

// Belongs to one stream, which does for a kernel what only the stream can (block/keyed_path.hpp).
class keyed_state {
 public:
  static constexpr std::size_t batch_lines = 32, most_shapes = 8;
  static constexpr std::uint32_t no_shape = most_shapes;

  keyed_state(const keyed_state&) = delete;
  keyed_state& operator=(const keyed_state&) = delete;
  virtual ~keyed_state() {
    wipe(lines_.data(), sizeof lines_);
    wipe(heads_.data(), sizeof heads_);
    for (keyed_shape& shape : *shapes_) shape.forget();
  }

  const plan& rules() const noexcept { return rules_; }
  const plain_client& client() const noexcept { return client_; }
  keyed_shape& shape(std::size_t i) noexcept { return (*shapes_)[i]; }
  const stamp_head& head(std::size_t i) const noexcept { return heads_[i]; }
  std::array<keyed_line, batch_lines>& lines() noexcept { return lines_; }
  memo& agents() noexcept { return agents_; }
  memo& urls() noexcept { return urls_; }
  memo& memo_for(const keyed_slot& slot) noexcept { return slot.of.cls == field_class::agent ? agents_ : urls_; }
  report& counts() noexcept { return counts_; }
  outcome request_outcome() const noexcept { return request_outcome_; }
  std::size_t longest_plain() const noexcept { return longest_plain_; }

  bool has_room(const keyed_line& line, const char* cursor) const noexcept {
    return static_cast<std::size_t>(room_end_ - cursor) >= fixed_room_ + 16 * static_cast<std::size_t>(line.end - line.begin);
  }

  // `forgot_heads` is said where a shape was learned, too.
  virtual exact_answer take_exact(const keyed_line& line, char*& cursor) noexcept = 0;

  // Reads a stamp that is not the remembered one of this shape; true if now it is.
  virtual bool enter_stamp(std::size_t shape, raw stamp) noexcept = 0;

  // A value by its transform, a request whose target is not remembered yet, and a value that will be remembered for the
  // next line. Counted; the new cursor comes back.
  virtual char* put_value(const keyed_line& line, std::size_t slot, raw value, char* cursor) noexcept = 0;
  virtual char* put_request(const keyed_line& line, std::size_t slot, raw request, raw target, char* cursor) noexcept = 0;
  virtual char* put_repeated(const keyed_line& line, std::size_t slot, raw value, char* cursor) noexcept = 0;

  // These lines have been written, with the stamp that the shape has now.
  virtual void count(std::size_t shape, const keyed_counts& counted) noexcept = 0;

 protected:
  keyed_state(const plan& rules, memo& agents, memo& urls, report& counts)
      : rules_(rules),
        agents_(agents),
        urls_(urls),
        counts_(counts),
        fixed_room_(rules.output_bound(0)),
        client_(rules.normal().address_rule()),
        request_outcome_(rules.normal().request_outcome()),
        shapes_(std::make_unique<std::array<keyed_shape, most_shapes + 1>>()) {
    static_assert(keyed_shape::most_slots <= max_fields);  // as many values have room there
    longest_plain_ = rules.longest_line() > fixed_room_ ? (rules.longest_line() - fixed_room_) / 16 : 0;
  }

  std::array<stamp_head, most_shapes>& heads() noexcept { return heads_; }
  keyed_shape& lesson() noexcept { return (*shapes_)[most_shapes]; }  // where one is put together

  const char* room_end_ = nullptr;

 private:
  const plan& rules_;
  memo& agents_;
  memo& urls_;
  report& counts_;
  std::size_t fixed_room_;  // see block_state
  plain_client client_;
  outcome request_outcome_;
  std::unique_ptr<std::array<keyed_shape, most_shapes + 1>> shapes_;
  std::array<stamp_head, most_shapes> heads_{};
  std::array<keyed_line, batch_lines> lines_;
  std::size_t longest_plain_ = 0;
};

}  // namespace anonlog
