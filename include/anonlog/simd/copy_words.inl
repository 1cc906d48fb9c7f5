// simd/copy_words.inl: words copied by one kernel, for simd/copy_words.hpp.

// Of at least as many bytes as `Bytes` holds. The last ones are copied with some of those before, which are safe.
template <class Bytes, std::size_t Size>
ANONLOG_INLINE std::size_t copy_by(char* to, const char* from, std::size_t size) noexcept {
  constexpr std::uint64_t all = ~std::uint64_t{0} >> (64 - Size);
  for (std::size_t at = 0;;) {
    const Bytes bytes = Bytes::load(from + at);
    bytes.store(to + at);
    const std::uint64_t unsafe = ~(bytes.between(' ', '~') & ~(bytes.equal('"') | bytes.equal('\\'))) & all;
    if (unsafe != 0) return at + static_cast<std::size_t>(std::countr_zero(unsafe));
    at += Size;
    if (at == size) return size;
    if (at + Size > size) at = size - Size;
  }
}

inline std::size_t copy_words(char* to, const char* from, std::size_t size) noexcept {
  if (size >= 64) return copy_by<bytes64, 64>(to, from, size);
  if (size >= 32) return copy_by<bytes32, 32>(to, from, size);
  return size >= 16 ? copy_by<bytes16, 16>(to, from, size) : 0;
}
