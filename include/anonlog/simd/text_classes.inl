// simd/text_classes.inl: which bytes mean what to simd/text_map.hpp, by comparisons: for kernels that cannot look all of them up.

ANONLOG_INLINE text_classes classes_of(const bytes64& bytes) noexcept {
  const std::uint64_t quotes = bytes.equal('"');
  text_classes found;
  found.marks = ~bytes.between(' ', '}') | bytes.between('0', '@') | bytes.equal('%') | bytes.equal('-') | bytes.equal('\\') | quotes;
  found.slashes = bytes.equal('/');
  found.labels = quotes | bytes.equal(':') | bytes.equal('=') | bytes.equal('[');
  found.ends = bytes.equal(' ') | bytes.equal('\t') | quotes;
  found.first = bytes.equal('u') | bytes.equal('U') | bytes.equal('f');
  found.second = bytes.equal('s') | bytes.equal('o');
  found.third = bytes.equal('e') | bytes.equal('r');
  return found;
}
