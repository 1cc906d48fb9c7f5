// simd/text_classes.inl: which bytes mean what to simd/text_map.hpp, by comparisons: for kernels that cannot look all of them up.

ANONLOG_INLINE text_classes classes_of(const bytes64& bytes) noexcept {
  const std::uint64_t quotes = bytes.equal('"'), blanks = bytes.equal(' '), rs = bytes.equal('r');
  text_classes found;
  found.marks = ~bytes.between(' ', '}') | bytes.between('0', '@') | bytes.equal('%') | bytes.equal('-') | bytes.equal('\\') | quotes;
  found.digits = bytes.between('0', '9');
  found.slashes = bytes.equal('/');
  found.colons = bytes.equal(':');
  found.apostrophes = bytes.equal('\'');
  found.labels = quotes | found.colons | bytes.equal('=') | bytes.equal('[');
  found.ends = blanks | bytes.equal('\t') | quotes;
  found.first = bytes.equal('u') | bytes.equal('U') | bytes.equal('f');
  found.second = bytes.equal('s') | bytes.equal('o');
  found.third = bytes.equal('e') | rs;
  found.fourth = rs | blanks;
  return found;
}
