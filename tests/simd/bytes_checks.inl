// bytes_checks.inl: what every kernel must do with 16, 32 and 64 bytes, against loops over the bytes; once per kernel.

template <std::size_t N, class Test>
std::uint64_t expected_mask(const char* text, Test test) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < N; ++i) mask |= std::uint64_t{test(static_cast<unsigned char>(text[i]), i)} << i;
  return mask;
}

struct is_byte {
  unsigned char wanted;
  bool operator()(unsigned char c, std::size_t) const { return c == wanted; }
};
struct is_in_range {
  unsigned char low, high;
  bool operator()(unsigned char c, std::size_t) const { return c >= low && c <= high; }
};
struct is_outside {
  const unsigned char *low, *range;
  bool operator()(unsigned char c, std::size_t i) const { return static_cast<unsigned char>(c - low[i]) > range[i]; }
};
struct is_hex_letter {
  bool operator()(unsigned char c, std::size_t) const { return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
};

template <class Bytes, std::size_t N>
void check_masks(const char* text) {
  const Bytes b = Bytes::load(text);
  for (const char c : {'"', '\\', '\n', ' ', '.', ':', '0', '\x7F', '\x80', '\xFF', '\0'})
    ASSERT_EQ(b.equal(c), expected_mask<N>(text, is_byte{static_cast<unsigned char>(c)})) << int{c};
  for (const auto& [low, high] : {std::pair{'0', '9'}, {'a', 'z'}, {'\0', '\x1F'}, {'!', '~'}, {'"', '"'}})
    ASSERT_EQ(b.between(low, high), expected_mask<N>(text, is_in_range{static_cast<unsigned char>(low), static_cast<unsigned char>(high)}));
  char copy[N + 2] = {};
  b.store(copy + 1);
  ASSERT_EQ(std::memcmp(copy + 1, text, N), 0);
  ASSERT_EQ(copy[0] | copy[N + 1], 0);
}

template <class Bytes, std::size_t N>
void check_pictures(const char* text, const unsigned char* low, const unsigned char* range, const unsigned char* kept, const char* other) {
  const Bytes b = Bytes::load(text);
  ASSERT_EQ(b.outside(low, range), expected_mask<N>(text, is_outside{low, range}));
  ASSERT_EQ(b.folded().between('a', 'f'), expected_mask<N>(text, is_hex_letter{}));
  char merged[N];
  b.merged(kept, other).store(merged);
  for (std::size_t i = 0; i < N; ++i) ASSERT_EQ(merged[i], kept[i] != 0 ? text[i] : other[i]);
}

inline void check_all_masks(const char* text) {
  check_masks<bytes16, 16>(text);
  check_masks<bytes32, 32>(text);
  check_masks<bytes64, 64>(text);
}

inline void check_all_pictures(const char* text, const unsigned char* low, const unsigned char* range, const unsigned char* kept, const char* other) {
  check_pictures<bytes64, 64>(text, low, range, kept, other);
}

inline std::size_t call_find_borders(const char* text, std::size_t size, std::uint32_t* places) { return find_borders(text, size, places); }
inline std::size_t call_find_unplain(const char* text, std::size_t size, std::uint32_t* places) { return find_unplain(text, size, places); }
inline value_digest call_digest(const value_digest_key& key, const char* text, std::size_t size) { return digest_of(key, text, size); }
inline ipv4_text call_read_ipv4(const char* text) { return read_ipv4(text); }
inline std::uint64_t call_first_bits(std::size_t count) { return first_bits(count); }
