// block/keyed_values.inl: compares and judges the bytes of lines of JSON. Once per kernel.

// 64 bytes from `text` on may be looked at, and from every 64 bytes of it that are the same.
ANONLOG_INLINE bool is_same(const char* text, const unsigned char* wanted, std::size_t size) noexcept {
  alignas(64) static constexpr unsigned char none[64] = {};
  if constexpr (!has_wide_registers) {  // no more either: memcmp may begin at the end
    for (; size > 64; size -= 64, text += 64, wanted += 64)
      if (std::memcmp(text, wanted, 64) != 0) return false;
    return std::memcmp(text, wanted, size) == 0;
  }
  for (; size > 64; size -= 64, text += 64, wanted += 64)
    if (bytes64::load(text).outside(wanted, none) != 0) return false;
  return (bytes64::load(text).outside(wanted, none) & first_bits(size)) == 0;
}

// Constants and remembered answers.
ANONLOG_INLINE char* put_own(const char* text, std::size_t size, char* cursor) noexcept {
  if constexpr (!has_wide_registers) return static_cast<char*>(std::memcpy(cursor, text, size)) + size;
  for (; size > 64; size -= 64, text += 64, cursor += 64) bytes64::load(text).store(cursor);
  bytes64::load(text).store(cursor);
  return cursor + size;
}

// The number of JSON at `text`, if it is digits or digits `.` digits, of at most so many that nobody has to ask whether it
// is too large for a number; else 0.
ANONLOG_INLINE std::size_t number_size(const char* text) noexcept {
  constexpr std::size_t most = 16;
  const bytes32 bytes = bytes32::load(text);
  const std::uint64_t digits = bytes.between('0', '9'), points = bytes.equal('.');
  const auto size = static_cast<std::size_t>(std::countr_zero(~(digits | points) | std::uint64_t{1} << (most + 1)));
  const std::uint64_t inside = points & first_bits(size);
  const std::uint64_t has_zero_in_front = (text[0] == '0') & (digits >> 1 & 1);
  const std::uint64_t faults = (inside & (inside - 1)) | (inside & 1) | (inside << 1 >> size & 1) | has_zero_in_front;
  return faults != 0 || size > most ? 0 : size;
}

// Digits, or digits `.` digits where a point may be, at most 20 bytes: what transforms that keep numbers keep as it is.
ANONLOG_INLINE bool is_kept_number(const char* text, std::size_t size, bool may_have_point) noexcept {
  if (size > 20) return false;
  const bytes32 bytes = bytes32::load(text);
  const std::uint64_t all = first_bits(size), digits = bytes.between('0', '9') & all;
  const std::uint64_t points = all & ~digits;
  if (points == 0) return true;
  const bool is_one_point = (points & (points - 1)) == 0 && (bytes.equal('.') & points) == points;
  return may_have_point && is_one_point && (points & 1) == 0 && (points >> (size - 1) & 1) == 0;
}
