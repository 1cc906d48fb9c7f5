// block/plain_head.inl: from the address to the first quote: names that are mostly absent, and the stamp.

ANONLOG_INLINE bool has_remembered(const head_memory& head, const char* text, std::size_t from, std::size_t size) noexcept {
  const std::uint64_t faults = bytes64::load(text).outside(head.low.data() + from, head.range.data() + from);
  return (faults & first_bits(size)) == 0;
}

enum class head_answer : unsigned char { plain, unusual, new_stamp };

// A name, or a stamp that is not the remembered one.
inline __attribute__((noinline)) head_answer read_unusual_head(const plain_layout& layout, const head_memory& head, plain_line& line,
                                                               const char* from, const char* quote) noexcept {
  const std::string& names = layout.names;
  const auto between = static_cast<std::size_t>(quote + 1 - from);
  const std::size_t stamp_and_tail = shapes::clf_picture.size + layout.tail.size();
  if (between < names.size() + stamp_and_tail - (layout.may_have_name ? 1 : 0)) return head_answer::unusual;
  const char* const stamp = quote + 1 - stamp_and_tail;
  if (std::memcmp(quote + 1 - layout.tail.size(), layout.tail.data(), layout.tail.size()) != 0) return head_answer::unusual;
  line.has_name = between != names.size() + stamp_and_tail || std::memcmp(from, names.data(), names.size()) != 0;
  if (line.has_name) {
    const std::size_t behind = names.size() - layout.before_name - 1;
    if (!layout.may_have_name || std::memcmp(from, names.data(), layout.before_name) != 0 ||
        std::memcmp(stamp - behind, names.data() + layout.before_name + 1, behind) != 0)
      return head_answer::unusual;
  }
  const bool is_remembered = head.size != 0 && has_remembered(head, stamp, names.size(), stamp_and_tail);
  return is_remembered ? head_answer::plain : head_answer::new_stamp;
}

ANONLOG_INLINE head_answer read_head(const plain_layout& layout, const head_memory& head, plain_line& line, const char* quote) noexcept {
  const char* const from = line.client + line.address.bytes;
  line.has_name = false;
  if (from + head.size == quote + 1 && has_remembered(head, from, 0, head.size)) [[likely]] return head_answer::plain;
  return read_unusual_head(layout, head, line, from, quote);
}

// What is written of head.text[from..], the line's own bytes standing at `text`.
ANONLOG_INLINE char* put_head(const head_memory& head, const char* text, std::size_t from, char* cursor) noexcept {
  if (head.has_copied)
    release_bytes(bytes64::load(text).merged(head.copied.data() + from, head.text.data() + from), cursor);
  else
    bytes64::load(head.text.data() + from).store(cursor);
  return cursor + head.size - from;
}

inline __attribute__((noinline)) char* put_head_with_name(block_state& state, const plain_layout& layout, const head_memory& head,
                                                          const plain_line& line, const char* quote, char* cursor) noexcept {
  std::memcpy(cursor, layout.names.data(), layout.before_name);
  const std::size_t rest = head.size - layout.before_name - 1;
  const char* const name = line.client + line.address.bytes + layout.before_name;
  const char* const behind = quote + 1 - rest;
  cursor = state.put_field(line, layout.front_steps + layout.absent_steps, raw(name, static_cast<std::size_t>(behind - name)), cursor + layout.before_name);
  return put_head(head, behind, layout.before_name + 1, cursor);
}
