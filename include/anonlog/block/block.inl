// block/block.inl: the three passes over a block of whole lines. Once per kernel; see block_state.hpp.

#include <anonlog/block/plain_parts.inl>
#include <anonlog/block/plain_client.inl>
#include <anonlog/block/plain_head.inl>

struct block_reader {
  block_state& state;
  const char* block;
  const std::uint32_t* places;  // of quotes, backslashes and line feeds
  std::size_t place_count;
  std::size_t next_place = 0;
  std::size_t next_line = 0;    // the begin of the next line
  std::size_t format = 0;       // of the line before: the first guess
  std::size_t counted_format = 0;
  plain_counts counted{};       // lines of that format, since the last flush

  // Finds the places; the block ends with a line feed, and 64 bytes more may be looked at.
  static ANONLOG_INLINE std::size_t index(const char* block, std::size_t size, std::uint32_t* places) noexcept {
    std::size_t count = 0;
    for (std::size_t at = 0; at < size; at += 64) {
      const bytes64 text = bytes64::load(block + at);
      std::uint64_t found = text.equal('"') | text.equal('\n') | text.equal('\\');
      if (size - at < 64) found &= first_bits(size - at);
      count += put_places(places + count, found, static_cast<std::uint32_t>(at));
    }
    return count;
  }

  // Where the line feed of the line is among the places that begin at `from`.
  ANONLOG_INLINE std::size_t line_end_from(std::size_t from) const noexcept {
    while (block[places[from]] != '\n') ++from;
    return from;
  }

  // Reads lines from next_line on, at most so many, and less when the remembered head changes. Returns how many.
  std::size_t read_batch(plain_line* lines, std::size_t most) noexcept {
    std::size_t count = 0;
    for (; count < most && next_place < place_count; ++count) {
      plain_line& line = lines[count];
      // A guess: it has as many quotes as the one before. If it is plain then, so it has.
      const std::size_t guess = next_place + state.rules().layouts()[format].plain.quotes;
      const bool is_guess_good = guess < place_count && block[places[guess]] == '\n';
      head_answer answer = is_guess_good ? try_line(line, guess) : try_line(line, line_end_from(next_place));
      if (answer == head_answer::unusual && is_guess_good) answer = try_line(line, line_end_from(next_place));
      if (answer == head_answer::new_stamp) {
        if (count != 0) return count;  // what was read is written first, with the head it was read with
        flush_counts();
        const bool is_known = state.enter_stamp(line.format, line.stamp(block));
        answer = is_known ? read_line(state.head(line.format), line) : head_answer::unusual;
      }
      if (answer != head_answer::plain) {
        set_line(line, line_end_from(next_place));
        line.format = plan::no_format;
      }
      next_place = line.feed + std::size_t{1};
      next_line = places[line.feed] + std::size_t{1};
      if (count >= look_up_lag) look_up(lines[count - look_up_lag]);
    }
    return count;
  }

  ANONLOG_INLINE void set_line(plain_line& line, std::size_t feed) const noexcept {
    line.begin = block + next_line;
    line.end = block + places[feed];
    line.quotes = places + next_place;
    line.feed = static_cast<std::uint32_t>(feed);
    line.has_cr = line.end != line.begin && line.end[-1] == '\r';
    line.end -= line.has_cr ? 1 : 0;
  }

  // The next line, should it end at this place, as one of the format that has so many quotes.
  ANONLOG_INLINE head_answer try_line(plain_line& line, std::size_t feed) noexcept {
    set_line(line, feed);
    line.format = state.rules().plain_format_of(feed - next_place);
    if (line.format == plan::no_format || static_cast<std::size_t>(line.end - line.begin) > state.longest_plain())
      return head_answer::unusual;
    format = line.format;
    line.layout = &state.rules().layouts()[format].plain;
    return read_line(state.head(format), line);
  }

  // Where everything is, or that the line is not plain. A stamp is new only of a line that is plain but for it: the time of
  // a line that turns out to be a reject would count for those behind it.
  ANONLOG_INLINE head_answer read_line(const head_memory& head, plain_line& line) noexcept {
    const plain_layout& layout = *line.layout;
    if (!read_client(state.client(), line.begin, line.address)) return head_answer::unusual;
    const head_answer answer = read_head(layout, head, line, block + line.quotes[0]);
    if (answer == head_answer::unusual) return answer;
    line.absent = 0;
    const std::uint32_t* quote = line.quotes;
    for (const plain_part& part : layout.parts) {
      const char* const field = block + quote[0] + 1;
      const char* const close = block + quote[1];
      const char* const end = part.is_last ? line.end : block + quote[2] + 1;
      quote += 2;
      const bool is_framed = part.behind == plain_part::rest::numbers
                                 ? close[0] == '"' && (part.is_last || end[-1] == '"') && read_numbers(part, close + 1, part.is_last ? end : end - 1, line.absent)
                                 : has_constant(part, close, end);
      if (!is_framed) return head_answer::unusual;
      if (part.what == plain_part::field::request) {
        if (!read_request(line, field, close)) return head_answer::unusual;
        prepare_look_up(line, part, line.begin + line.target_begin, line.target_bytes);
      } else if (part.what == plain_part::field::remembered) {
        prepare_look_up(line, part, field, static_cast<std::size_t>(close - field));
      }
    }
    return answer;
  }

  ANONLOG_INLINE void prepare_look_up(plain_line& line, const plain_part& part, const char* text, std::size_t size) noexcept {
    const memo& known = state.memo_for(part);
    const memo::place at = memo::place_of(part.memo_kind, 0, hash_bytes(known.key(), text, size));
    known.prefetch_tags(at);
    line.places[part.look_up] = at;
    line.look_up_bytes[part.look_up] = static_cast<std::uint32_t>(size);
  }

  // Where the remembered values are, if they are. The tags were asked for some lines ago and are there by now; the values
  // are fetched while other lines are read and written: all at once would be more than the processor takes.
  static constexpr std::size_t look_up_lag = 8;
  ANONLOG_INLINE void look_up(plain_line& line) noexcept {
    if (line.format == plan::no_format) return;
    for (const plain_part& part : line.layout->parts)
      if (part.is_looked_up())
        line.slots[part.look_up] = state.memo_for(part).look(line.places[part.look_up], line.look_up_bytes[part.look_up]);
  }

  // The remembered answer for a looked-up part, or nullptr.
  ANONLOG_INLINE memo_slot* recall(const plain_line& line, const plain_part& part, const char* text, std::size_t size) noexcept {
    memo_slot* const found = line.slots[part.look_up];
    // What has no key has no salt; and only such classes are looked up here.
    if (found == nullptr || found->value_bytes != size || found->kind != part.memo_kind || !is_equal(found->value_begin(), text, size))
      return nullptr;
    ++found->uses;
    found->is_recent = true;
    return found;
  }

  // Writes a plain line and returns the new cursor.
  ANONLOG_INLINE char* put_line(const plain_line& line, char* cursor) noexcept {
    const plain_layout& layout = *line.layout;
    const head_memory& head = state.head(line.format);
    cursor = put_client(state.client(), line.address, line.begin, cursor);
    if (line.has_name) [[unlikely]] {
      ++counted.names;
      cursor = put_head_with_name(state, layout, head, line, block + line.quotes[0], cursor);
    } else {
      cursor = put_head(head, line.begin + line.address.bytes, 0, cursor);
    }
    const std::uint32_t* quote = line.quotes;
    for (const plain_part& part : layout.parts) {
      const char* const field = block + quote[0] + 1;
      const char* const close = block + quote[1];
      const char* const end = part.is_last ? line.end : block + quote[2] + 1;
      quote += 2;
      const char* judged = close;  // from here on the line's own bytes may be written
      switch (part.what) {
        case plain_part::field::request: cursor = put_request(line, part, field, close, judged, cursor); break;
        case plain_part::field::remembered: cursor = put_remembered(line, part, field, close, cursor); break;
        case plain_part::field::referrer: cursor = put_referrer(line, part, field, close, cursor); break;
        case plain_part::field::other:
          cursor = state.put_field(line, part.step, raw(field, static_cast<std::size_t>(close - field)), cursor);
          break;
      }
      release_bytes(bytes64::load(judged), cursor);  // a constant was compared, numbers were read
      if (part.cuts_digits) [[unlikely]] cut_digits(part, cursor + (close - judged), cursor + (end - judged));
      cursor += end - judged;
    }
    if (head.has_copied) [[unlikely]] note_second(head, line.stamp(block));
    if (line.has_cr) [[unlikely]] *cursor++ = '\r';
    *cursor++ = '\n';
    return cursor;
  }

  ANONLOG_INLINE char* put_request(const plain_line& line, const plain_part& part, const char* field, const char* close,
                                   const char*& judged, char* cursor) noexcept {
    const char* const target = line.begin + line.target_begin;
    const memo_slot* const found = recall(line, part, target, line.target_bytes);
    if (found == nullptr) [[unlikely]]
      return state.put_request(line, part, raw(field, static_cast<std::size_t>(close - field)), raw(target, line.target_bytes), cursor);
    ++counted.requests[part.look_up];
    release_bytes(bytes16::load(field), cursor);  // the method
    judged = target + line.target_bytes;          // the protocol, and what follows
    return put_text(*found, cursor + (target - field));
  }

  ANONLOG_INLINE char* put_remembered(const plain_line& line, const plain_part& part, const char* field, const char* close,
                                      char* cursor) noexcept {
    const auto size = static_cast<std::size_t>(close - field);
    const memo_slot* const found = recall(line, part, field, size);
    if (found == nullptr) [[unlikely]] return state.put_field(line, part.step, raw(field, size), cursor);
    ++counted.remembered[part.look_up][static_cast<std::size_t>(found->result)];
    return put_text(*found, cursor);
  }

  ANONLOG_INLINE char* put_referrer(const plain_line& line, const plain_part& part, const char* field, const char* close,
                                    char* cursor) noexcept {
    const auto size = static_cast<std::size_t>(close - field);
    const bool is_absent = size == 1 && field[0] == '-';
    if (!put_site(field, size, is_absent, cursor)) [[unlikely]] return state.put_field(line, part.step, raw(field, size), cursor);
    counted.absent_referrers += is_absent ? 1 : 0;
    counted.sites += is_absent ? 0 : 1;
    return cursor;
  }

  void note_second(const head_memory& head, raw stamp) noexcept {
    const std::int64_t minute = (stamp[15] - '0') * 10 + (stamp[16] - '0');
    const std::int64_t second = (head.is_hour ? minute * 60 : 0) + (stamp[18] - '0') * 10 + (stamp[19] - '0');
    if (second < counted.first_second) counted.first_second = second;
    if (second > counted.last_second) counted.last_second = second;
  }

  // What plain lines have in common is counted once for many.
  void flush_counts() noexcept {
    if (counted.lines != 0) state.count(counted_format, counted);
    counted = {};
  }

  // Reads and writes the whole block, or what there is room for.
  block_result run(char*& cursor) noexcept {
    auto& lines = state.lines();
    while (next_place < place_count) {
      const std::size_t count = read_batch(lines.data(), lines.size());
      for (std::size_t i = count < look_up_lag ? 0 : count - look_up_lag; i < count; ++i) look_up(lines[i]);
      if (state.client().what == plain_client::rule::token) state.name_clients(count);
      for (std::size_t i = 0; i < count; ++i) {
        const plain_line& line = lines[i];
        if (line.format != plan::no_format) [[likely]] {
          if (!state.has_room(line, cursor)) [[unlikely]] {
            flush_counts();
            return {static_cast<std::size_t>(line.begin - block), block_status::need_room};
          }
          if (line.format != counted_format) [[unlikely]] {
            flush_counts();
            counted_format = line.format;
          }
          char* const from = cursor;
          cursor = put_line(line, cursor);
          counted.add(line, static_cast<std::size_t>(cursor - from));
          continue;
        }
        flush_counts();
        const exact_answer answer = state.take_exact(line, cursor);
        if (answer == exact_answer::need_room) return {static_cast<std::size_t>(line.begin - block), block_status::need_room};
        if (answer == exact_answer::stopped) return {places[line.feed] + std::size_t{1}, block_status::stopped};
        if (answer == exact_answer::forgot_heads) {  // what was read behind it was read with keys that are gone
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

inline block_result run_block(block_state& state, const char* block, std::size_t size, char*& cursor) noexcept {
  block_reader reader{.state = state, .block = block, .places = state.places(), .place_count = 0};
  reader.place_count = block_reader::index(block, size, state.places());
  return reader.run(cursor);
}
