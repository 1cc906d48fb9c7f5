// block/plain_front.inl: the virtual host in front of a plain line's address, if it was seen before. Once per kernel.

// The bytes up to the first blank, and over it; 0: it stands too far behind.
ANONLOG_INLINE std::size_t front_bytes(const char* line) noexcept {
  static_assert(line_front::longest == 64);
  const std::uint64_t blanks = bytes64::load(line).equal(' ');
  return blanks == 0 ? 0 : static_cast<std::size_t>(std::countr_zero(blanks)) + 1;
}

ANONLOG_INLINE bool begins_with(const char* line, const line_front& known) noexcept {
  alignas(64) static constexpr unsigned char same[line_front::longest] = {};
  return known.seen_bytes != 0 && (bytes64::load(line).outside(known.seen.data(), same) & first_bits(known.seen_bytes)) == 0;
}

// The front of a line with so many quotes, or nullptr.
inline __attribute__((noinline)) const line_front* find_front(line_fronts& fronts, const char* line, std::size_t quotes) noexcept {
  const std::size_t size = front_bytes(line);
  if (size == 0) return nullptr;
  const line_front& known = fronts.place_of(line, size, quotes);
  return known.seen_bytes == size && known.quotes == quotes && begins_with(line, known) ? &known : nullptr;
}

// Worth a look: a word, and an address behind it.
inline __attribute__((noinline)) bool may_have_front(const plain_client& rule, const char* line, const char* end) noexcept {
  const std::size_t size = front_bytes(line);
  plain_address behind;
  return size != 0 && static_cast<std::size_t>(end - line) > size && read_client(rule, line + size, behind);
}

ANONLOG_INLINE char* put_front(const line_front& known, char* cursor) noexcept {
  bytes64::load(known.written.data()).store(cursor);
  return cursor + known.written_bytes;
}
