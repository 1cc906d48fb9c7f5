// block/keyed_block.inl: the passes over a block of lines of JSON. Once per kernel; see keyed_state.hpp.
//
// As block.inl, with one difference: where fields are is not told by the quotes alone, but by the bytes between the values,
// which are compared with those of a line that simdjson found valid. What could make such a line another one is a place,
// too: a backslash, a control byte, a byte that is not ASCII.

#include <anonlog/block/keyed_values.inl>

struct keyed_block_reader {
  keyed_state& state;
  const char* block;
  const std::uint32_t* places;  // of quotes, line feeds, and all that a plain line does not have
  std::size_t place_count;
  std::size_t next_place = 0;
  std::size_t next_line = 0;    // the begin of the next line
  std::uint32_t shape = 0;      // of the line before, which the next one is guessed to have
  bool has_cr = false;
  std::uint32_t counted_shape = 0;
  keyed_counts counted{};       // lines of that shape, since the last flush

  std::size_t read_batch(keyed_line* lines, std::size_t most) noexcept {
    std::size_t count = 0;
    for (; count < most && next_place < place_count; ++count) {
      keyed_line& line = lines[count];
      if (read_as(shape, line) != head_answer::plain && !read_unlike(line, count == 0)) return count;
      next_place = line.feed + std::size_t{1};
      next_line = places[line.feed] + std::size_t{1};
      if (count >= look_up_lag) look_up(lines[count - look_up_lag]);
    }
    return count;
  }

  // A line that is not like the one before. False: it has a new stamp, and what was read is to be written first.
  __attribute__((noinline)) bool read_unlike(keyed_line& line, bool is_first) noexcept {
    std::size_t feed = next_place;
    while (block[places[feed]] != '\n') ++feed;
    has_cr = places[feed] != next_line && block[places[feed] - 1] == '\r';
    for (std::uint32_t i = 0; i < keyed_state::most_shapes; ++i) {
      head_answer answer = read_as(i, line);
      if (answer == head_answer::new_stamp) {
        if (!is_first) return false;
        flush_counts();
        const keyed_line::value stamp = line.values[state.shape(i).time_slot];
        const bool is_known = state.enter_stamp(i, raw(block + stamp.begin, stamp.end - stamp.begin));
        answer = is_known ? read_as(i, line) : head_answer::unusual;
      }
      if (answer != head_answer::plain) continue;
      shape = i;
      return true;
    }
    set_line(line, feed);
    line.shape = keyed_state::no_shape;
    return true;
  }

  ANONLOG_INLINE void set_line(keyed_line& line, std::size_t feed) const noexcept {
    line.begin = block + next_line;
    line.end = block + places[feed] - (has_cr ? 1 : 0);
    line.feed = static_cast<std::uint32_t>(feed);
    line.has_cr = has_cr;
  }

  // The next line as one of this shape.
  ANONLOG_INLINE head_answer read_as(std::uint32_t which, keyed_line& line) noexcept {
    const keyed_shape& wanted = state.shape(which);
    const std::size_t feed = next_place + wanted.quotes + (has_cr ? 1 : 0);
    if (!wanted.is_learned || feed >= place_count || block[places[feed]] != '\n') return head_answer::unusual;
    set_line(line, feed);
    if (static_cast<std::size_t>(line.end - line.begin) > state.longest_plain() || (has_cr && *line.end != '\r')) [[unlikely]] return head_answer::unusual;
    line.shape = which;
    return read_line(wanted, state.head(which).stamp, line);
  }

  ANONLOG_INLINE head_answer read_line(const keyed_shape& wanted, const head_memory& head, keyed_line& line) noexcept {
    const char* at = line.begin;
    const std::uint32_t* quote = places + next_place;
    for (std::size_t i = 0;; ++i) {
      const keyed_slot& slot = wanted.slots[i];
      if (!is_same(at, wanted.seen.data() + slot.seen_from, slot.seen_bytes)) return head_answer::unusual;
      at += slot.seen_bytes;
      quote += slot.quotes;
      if (i == wanted.slot_count) break;
      keyed_line::value& value = line.values[i];
      value.begin = static_cast<std::uint32_t>(at - block);
      if (slot.is_string) {
        value.end = *quote;
        if (value.end - value.begin > slot.longest) [[unlikely]] return head_answer::unusual;
      } else {
        const std::size_t size = number_size(at);
        if (size == 0) return head_answer::unusual;
        value.end = value.begin + static_cast<std::uint32_t>(size);
      }
      at = block + value.end;
    }
    if (at != line.end) return head_answer::unusual;
    line.has_request = line.has_client = false;
    for (std::size_t i = 0; i < wanted.slot_count; ++i) prepare(wanted.slots[i], line, line.values[i]);
    if (wanted.needs_client && !line.has_client) [[unlikely]] return head_answer::unusual;
    const keyed_line::value stamp = line.values[wanted.time_slot];
    const bool is_remembered = head.size == stamp.end - stamp.begin && head.size != 0 && has_remembered(head, block + stamp.begin, 0, head.size);
    return is_remembered ? head_answer::plain : head_answer::new_stamp;
  }

  // What is to be known of a value before lines are written.
  ANONLOG_INLINE void prepare(const keyed_slot& slot, keyed_line& line, const keyed_line::value& value) noexcept {
    using way = keyed_slot::way;
    const char* const text = block + value.begin;
    const std::size_t size = value.end - value.begin;
    if (slot.what == way::client) {
      line.has_client = read_client(state.client(), text, line.address) && line.address.bytes == size;
    } else if (slot.what == way::request) {
      line.has_request = size >= shortest_request && read_request(line, text, text + size);
      if (line.has_request) prepare_look_up(state.urls(), slot, line, line.begin + line.target_begin, line.target_bytes);
      else prepare_look_up(state.urls(), slot, line, text, 0);
    } else if (slot.what == way::remembered) {
      prepare_look_up(state.memo_for(slot), slot, line, text, size);
    }
  }
  static constexpr std::size_t shortest_request = 12;  // `GET / HTTP/2`

  ANONLOG_INLINE void prepare_look_up(const memo& known, const keyed_slot& slot, keyed_line& line, const char* text, std::size_t size) const noexcept {
    memo::place at = memo::nowhere;
    if (size <= value_digest_key::longest_value && size != 0) [[likely]] at = memo::place_of(slot.memo_kind, 0, size, digest_of(known.key(), text, size));
    known.prefetch_tags(at);
    line.places[slot.look_up] = at;
  }

  // See block_reader::look_up.
  static constexpr std::size_t look_up_lag = 4;
  ANONLOG_INLINE void look_up(keyed_line& line) const noexcept {
    if (line.shape == keyed_state::no_shape) [[unlikely]] return;
    const keyed_shape& of = state.shape(line.shape);
    for (std::size_t i = 0; i < of.slot_count; ++i) {
      const keyed_slot& slot = of.slots[i];
      if (slot.what == keyed_slot::way::request) line.found[slot.look_up] = state.urls().look(line.places[slot.look_up]);
      else if (slot.what == keyed_slot::way::remembered) line.found[slot.look_up] = state.memo_for(slot).look(line.places[slot.look_up]);
    }
  }

  ANONLOG_INLINE memo_slot* recall(const keyed_line& line, const keyed_slot& slot) const noexcept {
    memo_slot* const found = line.found[slot.look_up];
    if (!(found->of == line.places[slot.look_up])) return nullptr;
    ++found->uses;
    found->is_recent = true;
    return found;
  }

  ANONLOG_INLINE void count(const keyed_slot& slot, outcome what) noexcept {
    ++state.counts().fields[static_cast<std::size_t>(slot.of.cls)][static_cast<std::size_t>(what)];
  }

  // Writes a line of a known shape and returns the new cursor.
  ANONLOG_INLINE char* put_line(const keyed_shape& of, const keyed_line& line, char* cursor) noexcept {
    for (std::size_t i = 0;; ++i) {
      const keyed_slot& slot = of.slots[i];
      cursor = put_own(of.written.data() + slot.written_from, slot.written_bytes, cursor);
      if (i == of.slot_count) break;
      const char* const text = block + line.values[i].begin;
      const std::size_t size = line.values[i].end - line.values[i].begin;
      cursor = size == 0 ? (count(slot, outcome::absent), cursor) : put_value(of, line, i, text, size, cursor);
    }
    if (line.has_cr) [[unlikely]] *cursor++ = '\r';
    *cursor++ = '\n';
    return cursor;
  }

  ANONLOG_INLINE char* put_value(const keyed_shape& of, const keyed_line& line, std::size_t i, const char* text, std::size_t size, char* cursor) noexcept {
    using way = keyed_slot::way;
    const keyed_slot& slot = of.slots[i];
    switch (slot.what) {
      case way::client: {
        if (!line.has_client) [[unlikely]] break;
        const bool is_dropped = state.client().what == plain_client::rule::drop;
        count(slot, is_dropped ? outcome::dropped : outcome::reduced);
        auto& counts = state.counts().transforms.counts;
        const auto family = static_cast<std::size_t>(line.address.is_ipv6 ? counted::address_ipv6 : counted::address_ipv4);
        counts[family] += is_dropped ? 0 : 1;
        return put_client(state.client(), line.address, cursor);
      }
      case way::stamp: {
        const stamp_head& known = state.head(line.shape);
        if (known.stamp.has_copied) [[unlikely]] note_second(known, text);
        return put_head(known.stamp, text, 0, cursor);
      }
      case way::request: {
        if (!line.has_request) [[unlikely]] break;
        const char* const target = line.begin + line.target_begin;
        const memo_slot* const found = recall(line, slot);
        if (found == nullptr) [[unlikely]] return state.put_request(line, i, raw(text, size), raw(target, line.target_bytes), cursor);
        count(slot, state.request_outcome());
        put_method(text, cursor);
        cursor = put_text(*found, cursor + (target - text));
        const char* const protocol = target + line.target_bytes;
        release_bytes(bytes16::load(protocol), cursor);  // a blank and up to eight bytes that were compared
        return cursor + (text + size - protocol);
      }
      case way::remembered: {
        const memo_slot* const found = recall(line, slot);
        if (found == nullptr) [[unlikely]] break;
        count(slot, found->result);
        return put_text(*found, cursor);
      }
      case way::referrer: {
        const bool is_absent = (size == 1) & (text[0] == '-');
        if (!put_site(text, size, is_absent, cursor)) [[unlikely]] break;
        count(slot, is_absent ? outcome::absent : outcome::reduced);
        return cursor;
      }
      case way::digits:
        if (!is_kept_number(text, size, slot.of.cls != field_class::keep)) [[unlikely]] break;
        count(slot, outcome::kept);
        release_bytes(bytes32::load(text), cursor);  // digits, and at most one point
        return cursor + size;
      case way::status:
        if (size != 3 || !is_kept_number(text, size, false)) [[unlikely]] break;
        count(slot, outcome::kept);
        release_bytes(bytes16::load(text), cursor);
        return cursor + size;
      case way::repeated: {
        const repeated_value& known = of.repeated[i];
        if (size == 1 && text[0] == '-') break;
        if (size != known.text_bytes || !is_same(text, reinterpret_cast<const unsigned char*>(known.text.data()), size)) [[unlikely]]
          return state.put_repeated(line, i, raw(text, size), cursor);
        count(slot, known.result);
        return put_own(known.written.data(), known.written_bytes, cursor);
      }
      case way::other: break;
    }
    if (slot.is_string && size == 1 && text[0] == '-') {
      count(slot, outcome::absent);
      *cursor = '-';
      return cursor + 1;
    }
    return state.put_value(line, i, raw(text, size), cursor);
  }

  void note_second(const stamp_head& known, const char* stamp) noexcept {
    const auto two_digits = [&](std::size_t at) { return std::int64_t{stamp[known.time_at + at] - '0'} * 10 + (stamp[known.time_at + at + 1] - '0'); };
    const std::int64_t second = (known.stamp.is_hour ? two_digits(3) * 60 : 0) + two_digits(6);
    if (second < counted.first_second) counted.first_second = second;
    if (second > counted.last_second) counted.last_second = second;
  }

  void flush_counts() noexcept {
    if (counted.lines != 0) state.count(counted_shape, counted);
    counted = {};
  }

  // Reads and writes the whole block, or what there is room for.
  block_result run(char*& cursor) noexcept {
    auto& lines = state.lines();
    while (next_place < place_count) {
      const std::size_t count = read_batch(lines.data(), lines.size());
      for (std::size_t i = count < look_up_lag ? 0 : count - look_up_lag; i < count; ++i) look_up(lines[i]);
      for (std::size_t i = 0; i < count; ++i) {
        const keyed_line& line = lines[i];
        if (line.shape != keyed_state::no_shape) [[likely]] {
          if (line.shape != counted_shape) [[unlikely]] {
            flush_counts();
            counted_shape = line.shape;
          }
          if (!state.has_room(line, cursor)) [[unlikely]] {
            flush_counts();
            return {static_cast<std::size_t>(line.begin - block), block_status::need_room};
          }
          char* const from = cursor;
          cursor = put_line(state.shape(line.shape), line, cursor);
          ++counted.lines;
          counted.bytes_out += static_cast<std::size_t>(cursor - from);
          continue;
        }
        flush_counts();
        const exact_answer answer = state.take_exact(line, cursor);
        if (answer == exact_answer::need_room) return {static_cast<std::size_t>(line.begin - block), block_status::need_room};
        if (answer == exact_answer::stopped) return {places[line.feed] + std::size_t{1}, block_status::stopped};
        if (answer == exact_answer::forgot_heads) {  // what was read behind it was read with what is gone
          next_place = line.feed + std::size_t{1};
          next_line = places[line.feed] + std::size_t{1};
          break;
        }
      }
    }
    flush_counts();
    return {next_line, block_status::done};
  }
};

inline block_result run_keyed_block(keyed_state& state, std::uint32_t* places, const char* block, std::size_t size, char*& cursor) noexcept {
  keyed_block_reader reader{.state = state, .block = block, .places = places, .place_count = 0};
  reader.place_count = find_unplain(block, size, places);
  return reader.run(cursor);
}
