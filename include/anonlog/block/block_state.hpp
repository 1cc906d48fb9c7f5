// block/block_state.hpp: what a kernel and the stream share while a block of lines is read.
//
// A block is read in three passes: where are its quotes, backslashes and line feeds; which of its lines are plain, and where
// will their remembered values be found (the processor fetches them meanwhile); then every line is written, in order.
// Whatever is unusual goes back to the stream, line by line, and takes the exact path there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <anonlog/block/line_fronts.hpp>
#include <anonlog/block/plain_client.hpp>
#include <anonlog/core/memo.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/format/own_network.hpp>
#include <anonlog/plan.hpp>

namespace anonlog {

// What stands between the address and the first quote of plain lines, while the hour (or minute) lasts: every byte is
// compared with it, so a stamp is right because one that differs in its last digits alone was read before.
struct head_memory {
  static constexpr std::size_t capacity = 2 * plain_layout::longest_head;  // what is loaded at once may begin anywhere in it

  alignas(64) std::array<unsigned char, capacity> low{};     // a plain line has a byte from low[i] to low[i] + range[i]
  alignas(64) std::array<unsigned char, capacity> range{};
  alignas(64) std::array<char, capacity> text{};             // as it is written
  alignas(64) std::array<unsigned char, capacity> copied{};  // 0xFF: the line's own digit is written instead
  std::size_t size = 0;                                      // 0: nothing is remembered
  bool has_copied = false;
  bool is_hour = false;      // it lasts an hour; else a minute, or a second
  std::int64_t second = 0;  // of its beginning, Unix time
  std::int64_t bucket = 0;  // on the policy's grid; where has_copied, of its beginning
  std::int32_t zone_seconds = 0;
  const epoch_keys* keys = nullptr;
};

// A line of the block. What is not set for a line that takes the exact path means nothing.
struct plain_line {
  const char* begin;
  const char* client;           // the address; behind the front, if the format has one
  const line_front* front;      // means something only then
  const char* end;              // of what the format describes; behind it are `\n` or `\r\n`
  const std::uint32_t* quotes;  // their places in the block
  std::size_t format;           // plan::no_format: the exact path
  const plain_layout* layout;   // of that format
  std::uint32_t feed;           // which of the places of the block is its line feed
  std::uint32_t target_begin, target_bytes;  // target_begin: from the begin of the line
  bool has_name, has_cr;
  std::uint64_t absent;         // a bit for each step whose number is "-"
  std::array<memo::place, plain_layout::most_look_ups> places;
  std::array<memo_slot*, plain_layout::most_look_ups> slots;
  plain_address address;

  raw stamp(const char* block) const noexcept {
    return {block + quotes[0] + 1 - layout->tail.size() - shapes::clf_picture.size, shapes::clf_picture.size};
  }
};

// What plain lines of one format have in common, counted once for many.
struct plain_counts {
  std::uint64_t lines = 0, bytes_out = 0, ipv6 = 0, names = 0;
  std::int64_t first_second = 3600, last_second = 0;  // behind the beginning of the head, where digits are copied
  std::array<std::uint64_t, 64> absent{};        // by step: a number, or a referrer that took the short way, is "-"
  std::array<std::uint64_t, 64> put_by_state{};  // by step: counted already
  std::array<std::array<std::uint64_t, outcome_count>, plain_layout::most_look_ups> remembered{};

  void add(const plain_line& line) noexcept {
    ++lines;
    ipv6 += line.address.is_ipv6;
    for (std::uint64_t rest = line.absent; rest != 0; rest &= rest - 1) ++absent[static_cast<std::size_t>(__builtin_ctzll(rest))];
  }
};

enum class block_status : unsigned char { done, need_room, stopped };

struct block_result {
  std::size_t bytes_read;  // of whole lines
  block_status status;
};

enum class exact_answer : unsigned char {
  written,       // or counted as a reject
  need_room,     // nothing was done
  stopped,       // a reject that ends the run
  forgot_heads,  // done, and keys were wiped: what was read with them is to be read again
};

// Belongs to one stream, which does for a kernel what only the stream can (block/plain_path.hpp).
class block_state {
 public:
  static constexpr std::size_t block_bytes = std::size_t{1} << 15;
  static constexpr std::size_t batch_lines = 64;
  static constexpr std::size_t slack_bytes = 64;     // that may be looked at behind a plain line
  static constexpr std::size_t longest_write = 256;  // that may be written behind the cursor

  block_state(const block_state&) = delete;
  block_state& operator=(const block_state&) = delete;
  virtual ~block_state() {
    wipe(lines_.data(), sizeof lines_);
    wipe(heads_.data(), heads_.size() * sizeof(head_memory));
  }

  const plan& rules() const noexcept { return rules_; }
  const plain_client& client() const noexcept { return client_; }
  head_memory& head(std::size_t format) noexcept { return heads_[format]; }
  line_fronts& fronts() noexcept { return fronts_; }
  std::uint32_t* places() noexcept { return places_.get(); }
  std::array<plain_line, batch_lines>& lines() noexcept { return lines_; }
  memo& memo_for(const plain_part& part) noexcept { return part.cls == field_class::agent ? agents_ : urls_; }
  memo& agents() noexcept { return agents_; }
  memo& urls() noexcept { return urls_; }
  std::size_t longest_plain() const noexcept { return longest_plain_; }
  // Room that always suffices for a plain line and what is written behind it.
  std::size_t line_room() const noexcept { return fixed_room_ + 16 * longest_plain_ + longest_write; }

  bool has_room(const plain_line& line, const char* cursor) const noexcept {
    return static_cast<std::size_t>(room_end_ - cursor) >= fixed_room_ + 16 * static_cast<std::size_t>(line.end - line.begin);
  }

  virtual exact_answer take_exact(const plain_line& line, char*& cursor) noexcept = 0;

  // Reads a stamp that is not the remembered one; true if now it is.
  virtual bool enter_stamp(std::size_t format, raw stamp) noexcept = 0;

  // Reads the front of a line with so many quotes, and remembers whether such lines are plain.
  virtual void enter_front(raw line, std::size_t quotes) noexcept = 0;

  // A field by its transform, and a request whose target is not remembered yet. Counted; the new cursor comes back.
  virtual char* put_field(const plain_line& line, std::size_t step, raw value, char* cursor) noexcept = 0;
  virtual char* put_request(const plain_line& line, const plain_part& part, raw request, raw target, char* cursor) noexcept = 0;

  // Sets the tokens of the addresses of the first lines.
  virtual void name_clients(std::size_t count) noexcept = 0;

  // These lines have been written, with the head that the format has now.
  virtual void count(std::size_t format, const plain_counts& counted) noexcept = 0;

 protected:
  block_state(const plan& rules, memo& agents, memo& urls)
      : rules_(rules),
        agents_(agents),
        urls_(urls),
        fixed_room_(rules.line_bound(0)),
        client_(rules.normal().address_rule()),
        heads_(rules.formats().size()),
        fronts_(rules.has_plain_fronts()),
        places_(new std::uint32_t[block_bytes + 2 * slack_bytes]) {
    // What a longer line becomes could be longer than a line may be.
    longest_plain_ = rules.longest_line() > fixed_room_ ? (rules.longest_line() - fixed_room_) / 16 : 0;
  }

  void forget_heads() noexcept {
    for (head_memory& head : heads_) head.size = 0;
  }

  const char* room_end_ = nullptr;

 private:
  const plan& rules_;
  memo& agents_;
  memo& urls_;
  std::size_t fixed_room_;  // for a line without bytes; each byte takes 16 more (plan::line_bound)
  plain_client client_;
  std::vector<head_memory> heads_;
  line_fronts fronts_;
  std::unique_ptr<std::uint32_t[]> places_;
  std::array<plain_line, batch_lines> lines_;
  std::size_t longest_plain_ = 0;
};

}  // namespace anonlog
