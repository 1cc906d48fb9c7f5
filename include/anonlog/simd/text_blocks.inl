// simd/text_blocks.inl: the map of simd/text_map.hpp, made by one kernel, which knows classes_of(bytes).

// Looks at no byte before or behind the text.
inline void map_text(const char* text, std::size_t size, bool marks_slashes, const text_blocks& to) noexcept {
  const std::uint64_t slash_mask = 0 - std::uint64_t{marks_slashes};
  std::uint64_t busy = 0;
  const std::size_t blocks = (size + 63) / 64;
  for (std::size_t block = 0; block < blocks; ++block) {
    text_classes found;
    if (size - block * 64 >= 64) {
      found = classes_of(bytes64::load(text + block * 64));
    } else {
      char rest[64];
      std::memset(rest, ' ', sizeof rest);
      std::memcpy(rest, text + block * 64, size % 64);
      found = classes_of(bytes64::load(rest));
      wipe(rest, sizeof rest);
    }
    // A word at the end of the 64 bytes may go on behind them: it counts.
    const std::uint64_t second_behind = found.second >> 1 | std::uint64_t{1} << 63, third_behind = found.third >> 2 | std::uint64_t{3} << 62,
                        fourth_behind = found.fourth >> 3 | std::uint64_t{7} << 61;
    const std::uint64_t words = found.first & second_behind & third_behind & fourth_behind;
    // Behind a digit or another colon, and with neither a blank nor a quote behind it, a colon ends no label.
    const std::uint64_t open_behind = (found.ends | found.apostrophes) >> 1 | std::uint64_t{1} << 63;
    const std::uint64_t inner_colons = found.colons & (found.digits | found.colons) << 1 & ~open_behind;
    const std::uint64_t slashes = found.slashes & slash_mask;
    const text_block made{.marks = found.marks | slashes,
                          .events = (found.labels & ~inner_colons) | words,
                          .ends = found.ends,
                          .others = (found.marks & ~found.digits) | slashes};
    to.blocks[block] = made;
    busy |= std::uint64_t{(made.marks | made.events) != 0} << block % 64;
    if (block % 64 == 63) {
      to.busy[block / 64] = busy;
      busy = 0;
    }
  }
  if (blocks % 64 != 0) to.busy[blocks / 64] = busy;
}
