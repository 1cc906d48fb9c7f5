// block/block.inl: the three passes over a block of whole lines. Once per kernel; see block_state.hpp.

#include <anonlog/block/plain_parts.inl>
#include <anonlog/block/plain_client.inl>
#include <anonlog/block/plain_front.inl>
#include <anonlog/block/plain_head.inl>
#include <anonlog/block/plain_look_up.inl>

struct block_reader {
  block_state& state;
  const char* block;
  const std::uint32_t* places;  // of quotes, backslashes and line feeds
  std::size_t place_count;
  std::size_t next_place = 0;
  std::size_t next_line = 0;    // the begin of the next line
  // Of the line before, which the next one is guessed to be like.
  std::size_t format = 0;
  const plain_layout* layout = &state.rules().layouts()[0].plain;
  const head_memory* head = &state.head(0);
  const line_front* front = nullptr;  // where the format has one
  bool has_cr = false;
  std::size_t counted_format = 0;
  plain_counts counted{};       // lines of that format, since the last flush

  // Reads lines from next_line on, at most so many, and less when the remembered head changes. Returns how many.
  std::size_t read_batch(plain_line* lines, std::size_t most) noexcept {
    std::size_t count = 0;
    for (; count < most && next_place < place_count; ++count) {
      plain_line& line = lines[count];
      const std::size_t guess = next_place + layout->quotes;
      const bool is_like_before = layout->is_possible && guess < place_count && block[places[guess]] == '\n' && read_line_at(line, guess) == head_answer::plain;
      if (!is_like_before && !read_unlike(line, count == 0)) return count;
      next_place = line.feed + std::size_t{1};
      next_line = places[line.feed] + std::size_t{1};
      if (count >= look_up_lag) look_up(state, lines[count - look_up_lag]);
    }
    return count;
  }

  // A line that is not like the one before. False: it has a new stamp, and what was read is to be written first, with the
  // head it was read with.
  __attribute__((noinline)) bool read_unlike(plain_line& line, bool is_first) noexcept {
    std::size_t feed = next_place;
    while (block[places[feed]] != '\n') ++feed;
    has_cr = places[feed] != next_line && block[places[feed] - 1] == '\r';
    head_answer answer = head_answer::unusual;
    const std::size_t found = state.rules().plain_format_of(feed - next_place);
    if (found != plan::no_format) {
      set_format(found);
      answer = read_line_at(line, feed);
    }
    if (answer == head_answer::unusual && state.fronts().any()) {
      set_line(line, feed);
      const std::size_t quotes = feed - next_place;
      const line_front* known = find_front(state.fronts(), line.begin, quotes);
      if (known == nullptr && may_have_front(state.client(), line.begin, line.end)) {
        if (!is_first) return false;  // lines that were read may have the front whose place it takes
        state.enter_front(raw(line.begin, static_cast<std::size_t>(line.end - line.begin)), quotes);
        known = find_front(state.fronts(), line.begin, quotes);
      }
      if (known != nullptr && known->is_plain) {
        set_format(known->format);
        answer = read_line_at(line, feed);
      }
    }
    if (answer == head_answer::new_stamp) {
      if (!is_first) return false;
      flush_counts();
      const bool is_known = state.enter_stamp(format, line.stamp(block));
      answer = is_known ? read_line_at(line, feed) : head_answer::unusual;
    }
    if (answer != head_answer::plain) {
      set_line(line, feed);
      line.format = plan::no_format;
    }
    return true;
  }

  void set_format(std::size_t found) noexcept {
    format = found;
    layout = &state.rules().layouts()[found].plain;
    head = &state.head(found);
    front = nullptr;
  }

  ANONLOG_INLINE void set_line(plain_line& line, std::size_t feed) const noexcept {
    line.begin = line.client = block + next_line;
    line.end = block + places[feed];
    line.quotes = places + next_place;
    line.feed = static_cast<std::uint32_t>(feed);
    line.has_cr = has_cr;
    line.end -= has_cr ? 1 : 0;
  }

  // The next line, should it end at this place, as one of the present format.
  ANONLOG_INLINE head_answer read_line_at(plain_line& line, std::size_t feed) noexcept {
    set_line(line, feed);
    line.format = format;
    line.layout = layout;
    // A CR where none was before is part of what stands at the end, and none is; a missing one is seen here.
    const auto size = static_cast<std::size_t>(line.end - line.begin);
    if (size > state.longest_plain() || (has_cr && *line.end != '\r')) [[unlikely]] return head_answer::unusual;
    if (layout->front_steps != 0 && !read_front(line, feed - next_place)) [[unlikely]] return head_answer::unusual;
    if (!layout->begins_as_usual) return read_line<plain_part::field::other>(line);
    return layout->parts[0].what == plain_part::field::path ? read_line<plain_part::field::path>(line)
                                                            : read_line<plain_part::field::request>(line);
  }

  // Whose line this is, or that it is not of the present format.
  ANONLOG_INLINE bool read_front(plain_line& line, std::size_t quotes) noexcept {
    if (front == nullptr || !begins_with(line.begin, *front)) [[unlikely]] {
      const line_front* const found = find_front(state.fronts(), line.begin, quotes);
      if (found == nullptr || !found->is_plain || found->format != format) return false;
      front = found;
    }
    line.front = front;
    line.client += front->seen_bytes;
    return true;
  }

  // Where everything is, or that the line is not plain. A stamp is new only of a line that is plain but for it: the time of
  // a line that turns out to be a reject would count for those behind it.
  template <plain_part::field first>
  ANONLOG_INLINE head_answer read_line(plain_line& line) const noexcept {
    using field = plain_part::field;
    using rest = plain_part::rest;
    if (!read_client(state.client(), line.client, line.address)) return head_answer::unusual;
    if (layout->is_front_guessed && shapes::is_own_network(raw(line.client, line.address.bytes))) [[unlikely]] return head_answer::unusual;
    const head_answer answer = read_head(*layout, *head, line, block + line.quotes[0]);
    if (answer == head_answer::unusual) return answer;
    line.absent = 0;
    const plain_part* part = layout->parts.data();
    const plain_part* const end = part + layout->parts.size();
    const std::uint32_t* quote = line.quotes;
    if constexpr (first != field::other) {
      if (!read_part(line, part[0], first, rest::numbers, quote) || !read_part(line, part[1], field::referrer, rest::constant, quote + 2) ||
          !read_part(line, part[2], field::remembered, rest::constant, quote + 4))
        return head_answer::unusual;
      part += 3;
      quote += 6;
    }
    for (; part != end; ++part, quote += 2)
      if (!read_part(line, *part, part->what, part->behind, quote)) return head_answer::unusual;
    return answer;
  }

  // `what` and `behind` are those of the part, where they are known beforehand as constants.
  ANONLOG_INLINE bool read_part(plain_line& line, const plain_part& part, plain_part::field what, plain_part::rest behind,
                                const std::uint32_t* quote) const noexcept {
    const char* const field = block + quote[0] + 1;
    const char* const close = block + quote[1];
    const char* const end = part.is_last ? line.end : block + quote[2] + 1;
    if (behind == plain_part::rest::constant) {
      if (!has_constant(part, close, end)) return false;
    } else {
      const char* const next = end - (part.is_last ? 0 : 1);
      if (close[0] != '"' || (!part.is_last && *next != '"') || !read_numbers(part, close + 1, next, line.absent)) return false;
    }
    if (what == plain_part::field::request) {
      if (!read_request(line, field, close)) return false;
      prepare_look_up(state.urls(), line, part, line.begin + line.target_begin, line.target_bytes);
    } else if (what == plain_part::field::path) {
      if (!read_request(line, field, close)) return false;
    } else if (what == plain_part::field::remembered) {
      prepare_look_up(state.memo_for(part), line, part, field, static_cast<std::size_t>(close - field));
    }
    return true;
  }

  // Writes a plain line and returns the new cursor.
  template <plain_part::field first>
  ANONLOG_INLINE char* put_line(const plain_line& line, const head_memory& known, char* cursor) noexcept {
    using field = plain_part::field;
    if (line.layout->front_steps != 0) cursor = put_front(*line.front, cursor);
    cursor = put_client(state.client(), line.address, cursor);
    if (line.has_name) [[unlikely]] {
      ++counted.names;
      cursor = put_head_with_name(state, *line.layout, known, line, block + line.quotes[0], cursor);
    } else {
      cursor = put_head(known, line.client + line.address.bytes, 0, cursor);
    }
    const plain_part* part = line.layout->parts.data();
    const plain_part* const end = part + line.layout->parts.size();
    const std::uint32_t* quote = line.quotes;
    if constexpr (first != field::other) {
      cursor = put_part(line, part[0], first, quote, cursor);
      cursor = put_part(line, part[1], field::referrer, quote + 2, cursor);
      cursor = put_part(line, part[2], field::remembered, quote + 4, cursor);
      part += 3;
      quote += 6;
    }
    for (; part != end; ++part, quote += 2) cursor = put_part(line, *part, part->what, quote, cursor);
    if (known.has_copied) [[unlikely]] note_second(known, line.stamp(block));
    if (line.has_cr) [[unlikely]] *cursor++ = '\r';
    *cursor++ = '\n';
    return cursor;
  }

  ANONLOG_INLINE char* put_part(const plain_line& line, const plain_part& part, plain_part::field what, const std::uint32_t* quote,
                                char* cursor) noexcept {
    const char* const field = block + quote[0] + 1;
    const char* const close = block + quote[1];
    const char* const end = part.is_last ? line.end : block + quote[2] + 1;
    const char* judged = close;  // from here on the line's own bytes may be written
    switch (what) {
      case plain_part::field::request: cursor = put_request(line, part, field, close, judged, cursor); break;
      case plain_part::field::path: cursor = put_path(line, part, field, close, judged, cursor); break;
      case plain_part::field::remembered: cursor = put_remembered(line, part, field, close, cursor); break;
      case plain_part::field::referrer: cursor = put_referrer(line, part, field, close, cursor); break;
      case plain_part::field::other:
        cursor = state.put_field(line, part.step, raw(field, static_cast<std::size_t>(close - field)), cursor);
        break;
    }
    if (part.behind == plain_part::rest::constant) release_bytes(bytes32::load(judged), cursor);  // it was compared; a protocol too
    else release_bytes(bytes64::load(judged), cursor);                                            // numbers, which were read
    if (part.cuts_digits) [[unlikely]] cut_digits(part, cursor + (close - judged), cursor + (end - judged));
    return cursor + (end - judged);
  }

  // By its transform, which counts it too.
  char* put_by_state(const plain_line& line, const plain_part& part, const char* field, const char* close, char* cursor) noexcept {
    ++counted.put_by_state[part.step];
    return state.put_field(line, part.step, raw(field, static_cast<std::size_t>(close - field)), cursor);
  }

  ANONLOG_INLINE char* put_request(const plain_line& line, const plain_part& part, const char* field, const char* close,
                                   const char*& judged, char* cursor) noexcept {
    const char* const target = line.begin + line.target_begin;
    const memo_slot* const found = recall(line, part);
    if (found == nullptr) [[unlikely]] {
      ++counted.put_by_state[part.step];
      return state.put_request(line, part, raw(field, static_cast<std::size_t>(close - field)), raw(target, line.target_bytes), cursor);
    }
    put_method(field, cursor);
    judged = target + line.target_bytes;  // the protocol, and what follows
    return put_text(*found, cursor + (target - field));
  }

  ANONLOG_INLINE char* put_path(const plain_line& line, const plain_part& part, const char* field, const char* close,
                                const char*& judged, char* cursor) noexcept {
    const char* const target = line.begin + line.target_begin;
    char* to = cursor + (target - field);
    if (!put_plain_path(target, line.target_bytes, to)) [[unlikely]] return put_by_state(line, part, field, close, cursor);
    put_method(field, cursor);
    judged = target + line.target_bytes;
    return to;
  }

  ANONLOG_INLINE char* put_remembered(const plain_line& line, const plain_part& part, const char* field, const char* close,
                                      char* cursor) noexcept {
    const memo_slot* const found = recall(line, part);
    if (found == nullptr) [[unlikely]] return put_by_state(line, part, field, close, cursor);
    ++counted.remembered[part.look_up][static_cast<std::size_t>(found->result)];
    return put_text(*found, cursor);
  }

  ANONLOG_INLINE char* put_referrer(const plain_line& line, const plain_part& part, const char* field, const char* close,
                                    char* cursor) noexcept {
    const auto size = static_cast<std::size_t>(close - field);
    const bool is_absent = (size == 1) & (field[0] == '-');
    if (!put_site(field, size, is_absent, cursor)) [[unlikely]] return put_by_state(line, part, field, close, cursor);
    counted.absent[part.step] += unforeseen(is_absent);
    return cursor;
  }

  void note_second(const head_memory& known, raw stamp) noexcept {
    const std::int64_t minute = (stamp[15] - '0') * 10 + (stamp[16] - '0');
    const std::int64_t second = (known.is_hour ? minute * 60 : 0) + (stamp[18] - '0') * 10 + (stamp[19] - '0');
    if (second < counted.first_second) counted.first_second = second;
    if (second > counted.last_second) counted.last_second = second;
  }

  // What plain lines have in common is counted once for many.
  void flush_counts() noexcept {
    if (counted.lines != 0) state.count(counted_format, counted);
    counted = {};
  }

  // Asks for the block behind this one while this one is written.
  ANONLOG_INLINE void prefetch_behind(const plain_line& line) const noexcept {
    const char* const ahead = line.begin + block_state::block_bytes;
    for (std::size_t at = 0; at < 320; at += 64) __builtin_prefetch(ahead + at, 0, 2);
  }

  // Writes plain lines, all of one format, until there is no room. Returns how many.
  template <plain_part::field first>
  std::size_t put_lines(const plain_line* lines, std::size_t count, const head_memory& known, char*& cursor) noexcept {
    char* to = cursor;
    std::size_t done = 0;
    for (; done < count && state.has_room(lines[done], to); ++done) {
      prefetch_behind(lines[done]);
      to = put_line<first>(lines[done], known, to);
      counted.add(lines[done]);
    }
    counted.bytes_out += static_cast<std::size_t>(to - cursor);
    cursor = to;
    return done;
  }

  std::size_t put_lines_of(const plain_layout& of, const plain_line* lines, std::size_t count, const head_memory& known, char*& cursor) noexcept {
    if (!of.begins_as_usual) return put_lines<plain_part::field::other>(lines, count, known, cursor);
    return of.parts[0].what == plain_part::field::path ? put_lines<plain_part::field::path>(lines, count, known, cursor)
                                                       : put_lines<plain_part::field::request>(lines, count, known, cursor);
  }

  // Reads and writes the whole block, or what there is room for.
  block_result run(char*& cursor) noexcept {
    auto& lines = state.lines();
    while (next_place < place_count) {
      const std::size_t count = read_batch(lines.data(), lines.size());
      for (std::size_t i = count < look_up_lag ? 0 : count - look_up_lag; i < count; ++i) look_up(state, lines[i]);
      if (state.client().what == plain_client::rule::token) state.name_clients(count);
      for (std::size_t i = 0; i < count;) {
        const plain_line& line = lines[i];
        if (line.format != plan::no_format) [[likely]] {
          std::size_t alike = i + 1;
          while (alike < count && lines[alike].format == line.format) ++alike;
          if (line.format != counted_format) [[unlikely]] {
            flush_counts();
            counted_format = line.format;
          }
          const head_memory& known = state.head(line.format);
          i += put_lines_of(*line.layout, &line, alike - i, known, cursor);
          if (i == alike) continue;
          flush_counts();
          return {static_cast<std::size_t>(lines[i].begin - block), block_status::need_room};
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
        ++i;
      }
    }
    flush_counts();
    return {next_line, block_status::done};
  }
};

inline block_result run_block(block_state& state, const char* block, std::size_t size, char*& cursor) noexcept {
  block_reader reader{.state = state, .block = block, .places = state.places(), .place_count = 0};
  reader.place_count = find_borders(block, size, state.places());
  return reader.run(cursor);
}
