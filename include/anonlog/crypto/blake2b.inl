// crypto/blake2b.inl: the compression function of BLAKE2b, of one block of as many messages as `words` has lanes.
//
// Included once per kernel, inside its namespace and its target region. Everything is unrolled by templates: the
// compiler keeps the state in registers only where every index is a constant. Source: RFC 7693, section 3.
namespace blake2b {

// The words of a block from `Used` on are zero and not added: short messages have a tenth less to do.
template <std::size_t Used, std::size_t Word>
ANONLOG_INLINE words plus_word(words a, const words* m) noexcept {
  if constexpr (Word < Used) return a + m[Word];
  return a;
}

// The places of a, b, c and d of G: column `I` of the state or, with Down = 1, the diagonal that starts there.
template <std::size_t Down, std::size_t I>
struct line {
  static constexpr std::size_t a = I, b = 4 + (I + Down) % 4, c = 8 + (I + 2 * Down) % 4, d = 12 + (I + 3 * Down) % 4;
};

// G of several lines, step by step: side by side, one always has its operands ready. A word of the block is added
// before b, which is known last.
template <std::size_t Used, std::size_t Round, std::size_t Down, std::size_t... I>
ANONLOG_INLINE void mix(words* v, const words* m, std::index_sequence<I...>) noexcept {
  constexpr const unsigned char* s = blake2b_schedule[Round % 10] + 8 * Down;
  ((v[line<Down, I>::a] = plus_word<Used, s[2 * I]>(v[line<Down, I>::a], m) + v[line<Down, I>::b]), ...);
  ((v[line<Down, I>::d] = rotate_right<32>(v[line<Down, I>::d] ^ v[line<Down, I>::a])), ...);
  ((v[line<Down, I>::c] = v[line<Down, I>::c] + v[line<Down, I>::d]), ...);
  ((v[line<Down, I>::b] = rotate_right<24>(v[line<Down, I>::b] ^ v[line<Down, I>::c])), ...);
  ((v[line<Down, I>::a] = plus_word<Used, s[2 * I + 1]>(v[line<Down, I>::a], m) + v[line<Down, I>::b]), ...);
  ((v[line<Down, I>::d] = rotate_right<16>(v[line<Down, I>::d] ^ v[line<Down, I>::a])), ...);
  ((v[line<Down, I>::c] = v[line<Down, I>::c] + v[line<Down, I>::d]), ...);
  ((v[line<Down, I>::b] = rotate_right<63>(v[line<Down, I>::b] ^ v[line<Down, I>::c])), ...);
}

template <std::size_t Used, std::size_t Round, std::size_t Down>
ANONLOG_INLINE void mix_four(words* v, const words* m) noexcept {
  if constexpr (words::chains >= 4) {
    mix<Used, Round, Down>(v, m, std::index_sequence<0, 1, 2, 3>{});
  } else {
    mix<Used, Round, Down>(v, m, std::index_sequence<0, 1>{});
    mix<Used, Round, Down>(v, m, std::index_sequence<2, 3>{});
  }
}

template <std::size_t Used, std::size_t... Rounds>
ANONLOG_INLINE void mix_rounds(words* v, const words* m, std::index_sequence<Rounds...>) noexcept {
  ((mix_four<Used, Rounds, 0>(v, m), mix_four<Used, Rounds, 1>(v, m)), ...);
}

template <std::size_t... I>
ANONLOG_INLINE void fold(words* h, const words* v, std::index_sequence<I...>) noexcept {
  ((h[I] = h[I] ^ v[I] ^ v[I + 8]), ...);
}

// F. `bytes` have been hashed with this block; `last` is all ones for the last block, else zero.
template <std::size_t Used>
ANONLOG_INLINE void compress(words* h, const words* m, words bytes, std::uint64_t last) noexcept {
  const auto& iv = blake2b_iv;
  words v[16] = {h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7],
                 words::all(iv[0]), words::all(iv[1]), words::all(iv[2]), words::all(iv[3]),
                 words::all(iv[4]) ^ bytes, words::all(iv[5]), words::all(iv[6] ^ last), words::all(iv[7])};
  mix_rounds<Used>(v, m, std::make_index_sequence<12>{});
  fold(h, v, std::make_index_sequence<8>{});
}

}  // namespace blake2b
