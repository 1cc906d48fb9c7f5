// keyed_shape.hpp: what the lines of one server have in common: the same names in the same order, line after line.
//
// A shape is learned from a line of JSON that was read in full: the bytes between its values, what was written of them, and
// the class of each value. A line that has the very same bytes between its values, in which nothing is escaped and whose
// numbers are plain, is as valid as that one was, and each value is of the same class (block/keyed_block.inl). Names may be
// a client's, so a shape is wiped when another takes its place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <anonlog/core/memo.hpp>
#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/policy/name_classes.hpp>

namespace anonlog {

// What became of the value that a slot had last: hosts, methods and protocols come again with the next line.
struct repeated_value {
  static constexpr std::size_t longest = 48;
  std::array<char, 64> text{};     // 64 may be read
  std::array<char, 64> written{};
  std::uint8_t text_bytes = 0;     // 0: nothing is remembered
  std::uint8_t written_bytes = 0;
  outcome result = outcome::absent;
};

// A value of such lines, and the bytes in front of it. The last slot of a line has no value.
struct keyed_slot {
  // How kernels take the value.
  enum class way : unsigned char {
    client,      // an address, which is truncated or dropped
    stamp,       // the time of the line
    request,     // method, target, protocol; the target is looked up
    remembered,  // looked up as a whole
    referrer,    // at level origin: the site, if it is a plain one
    digits,      // kept as it is
    status,      // three digits
    repeated,    // as the one before, if it is the same
    other,       // by its transform
  };

  name_class of;
  bool is_string = false;
  way what = way::other;
  std::uint32_t longest = static_cast<std::uint32_t>(-1);  // a longer value may be of another class
  std::uint8_t look_up = 0;      // which of the looked-up values of the line this is
  std::uint8_t memo_kind = 0;
  std::uint16_t seen_from = 0, seen_bytes = 0;        // in keyed_shape::seen; with the quotes of strings
  std::uint16_t written_from = 0, written_bytes = 0;  // in keyed_shape::written
  std::uint16_t quotes = 0;      // among the bytes seen
};

struct keyed_shape {
  static constexpr std::size_t most_slots = 24, most_bytes = 1536, most_look_ups = 4, most_words = 16;

  // A value that is a part of the bytes between: true, false, null.
  struct word {
    field_class cls;
    outcome result;
  };

  std::array<unsigned char, most_bytes + 64> seen{};  // 64 may be read from any place
  std::array<char, most_bytes + 64> written{};
  std::size_t seen_bytes = 0, written_bytes = 0;
  std::array<keyed_slot, most_slots + 1> slots{};
  std::array<word, most_words> words{};
  std::array<repeated_value, most_slots> repeated{};
  std::size_t slot_count = 0;
  std::size_t word_count = 0;
  std::size_t look_ups = 0;
  std::size_t quotes = 0;     // of a line
  std::size_t time_slot = most_slots;
  std::uint64_t uses = 0;     // of late
  bool needs_client = false;  // with no address in the place for it, `host` would be the client
  bool is_learned = false;

  // True if lines of the one are lines of the other.
  bool is_like(const keyed_shape& other) const noexcept {
    if (!is_learned || seen_bytes != other.seen_bytes || slot_count != other.slot_count) return false;
    for (std::size_t i = 0; i < slot_count; ++i)
      if (slots[i].seen_bytes != other.slots[i].seen_bytes || slots[i].is_string != other.slots[i].is_string) return false;
    return std::memcmp(seen.data(), other.seen.data(), seen_bytes) == 0;
  }

  void forget() noexcept {
    wipe(this, sizeof *this);
    *this = {};
  }
};

// Puts a shape together, token after token of a line. What stands between them, and names, the caller writes to `out`.
class shape_lesson {
 public:
  shape_lesson(keyed_shape& made, raw line) noexcept
      : from(line.begin()), out((made.forget(), made.written.data()), keyed_shape::most_bytes), made_(made), seen_from_(line.begin()) {}

  // Such a line says what is written in it.
  static bool is_plain(raw line) noexcept {
    return all_of(line, [](unsigned char c) { return c >= ' ' && c <= '~' && c != '\\'; });
  }

  // False: there is no room, or there is a time already: which is that of the record depends on what they say.
  bool add_value(raw source, const name_class& of, bool is_string) noexcept {
    const bool is_time = of.cls == field_class::time;
    if (made_.slot_count == keyed_shape::most_slots || (is_time && made_.time_slot != keyed_shape::most_slots)) return false;
    if (is_string) out.put('"');
    if (!add_seen(source.begin() + (is_string ? 1 : 0))) return false;
    seen_from_ = source.end() - (is_string ? 1 : 0);
    made_.slots[made_.slot_count].of = of;
    made_.slots[made_.slot_count].is_string = is_string;
    if (is_string && of.may_be_time && !is_time) made_.slots[made_.slot_count].longest = shortest_calendar_stamp - 1;
    if (is_time) made_.time_slot = made_.slot_count;
    ++made_.slot_count;
    if (is_string) out.put('"');
    return true;
  }

  // Which was written already, and the same in every line.
  bool add_word(field_class cls, outcome result) noexcept {
    if (made_.word_count == keyed_shape::most_words || cls == field_class::time) return false;
    made_.words[made_.word_count++] = {cls, result};
    return true;
  }

  // Lines without a time are in the epoch of the one before, whatever their shape.
  bool end(raw line) noexcept { return made_.is_learned = add_seen(line.end()) && made_.time_slot != keyed_shape::most_slots; }

  const char* from;  // what the caller has not looked at
  writer out;

 private:
  // The bytes in front of the next slot; `out` ends in front of the value.
  bool add_seen(const char* to) noexcept {
    const auto size = static_cast<std::size_t>(to - seen_from_);
    if (size > keyed_shape::most_bytes - made_.seen_bytes || out.overflowed()) return false;
    std::memcpy(made_.seen.data() + made_.seen_bytes, seen_from_, size);
    keyed_slot& slot = made_.slots[made_.slot_count];
    slot.seen_from = static_cast<std::uint16_t>(made_.seen_bytes);
    slot.seen_bytes = static_cast<std::uint16_t>(size);
    slot.written_from = static_cast<std::uint16_t>(made_.written_bytes);
    slot.written_bytes = static_cast<std::uint16_t>(out.size() - made_.written_bytes);
    for (const char* c = seen_from_; c != to; ++c) slot.quotes = static_cast<std::uint16_t>(slot.quotes + (*c == '"'));
    made_.quotes += slot.quotes;
    made_.seen_bytes += size;
    made_.written_bytes = out.size();
    return true;
  }

  keyed_shape& made_;
  const char* seen_from_;  // what the shape has not
};

}  // namespace anonlog
