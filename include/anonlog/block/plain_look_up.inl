// block/plain_look_up.inl: what is remembered of targets, agents and the like, fetched while other lines are read. Once per kernel.

ANONLOG_INLINE void prepare_look_up(const memo& known, plain_line& line, const plain_part& part, const char* text, std::size_t size) noexcept {
  memo::place at = memo::nowhere;
  if (size <= value_digest_key::longest_value) [[likely]] at = memo::place_of(part.memo_kind, 0, size, digest_of(known.key(), text, size));
  known.prefetch_tags(at);
  line.places[part.look_up] = at;
}

// Where the remembered values are, if they are. The tags were asked for some lines ago and are there by now; the values
// are fetched while other lines are read and written: all at once would be more than the processor takes.
inline constexpr std::size_t look_up_lag = 8;
ANONLOG_INLINE void look_up(block_state& state, plain_line& line) noexcept {
  if (line.format == plan::no_format) [[unlikely]] return;
  if (line.layout->looks_up_as_usual) [[likely]] {
    line.slots[0] = state.urls().look(line.places[0]);
    line.slots[1] = state.agents().look(line.places[1]);
    return;
  }
  for (std::size_t i = 0; i < line.layout->look_ups; ++i)
    line.slots[i] = (line.layout->looks_up_agent[i] ? state.agents() : state.urls()).look(line.places[i]);
}

// The remembered answer for a looked-up part, or nullptr.
ANONLOG_INLINE memo_slot* recall(const plain_line& line, const plain_part& part) noexcept {
  memo_slot* const found = line.slots[part.look_up];
  if (!(found->of == line.places[part.look_up])) return nullptr;
  ++found->uses;
  found->is_recent = true;
  return found;
}
