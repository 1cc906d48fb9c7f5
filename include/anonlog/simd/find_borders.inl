// simd/find_borders.inl: where quotes, backslashes and line feeds are, 64 bytes at a time; part of the kernels with wide
// registers.

// Writes their places and returns how many; at most `size`. 64 bytes behind the text may be looked at, and 64 entries behind
// the last one written over.
ANONLOG_INLINE std::size_t find_borders(const char* text, std::size_t size, std::uint32_t* places) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += 64) {
    std::uint64_t found = bytes64::load(text + at).borders();
    if (size - at < 64) found &= first_bits(size - at);
    count += put_places(places + count, found, static_cast<std::uint32_t>(at));
  }
  return count;
}

// The same for quotes, and for every byte that a plain line of JSON does not have: line feeds, backslashes, other control
// bytes, bytes that are not ASCII.
ANONLOG_INLINE std::size_t find_unplain(const char* text, std::size_t size, std::uint32_t* places) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < size; at += 64) {
    const bytes64 bytes = bytes64::load(text + at);
    std::uint64_t found = bytes.equal('"') | bytes.equal('\\') | ~bytes.between(' ', '~');
    if (size - at < 64) found &= first_bits(size - at);
    count += put_places(places + count, found, static_cast<std::uint32_t>(at));
  }
  return count;
}
