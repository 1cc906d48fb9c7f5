// simd/ipv4_x86.inl: reads an IPv4 address in its canonical form with SSE4.1; part of the AVX2 and AVX-512 kernels.

// The dotted quad at the start of `text`, if no octet has a zero in front and what follows is neither a digit nor a
// dot; otherwise size is 0. Sixteen bytes are read. `bound`: a bit at the place where the text ends, whatever follows; 0: what
// follows ends it.
ANONLOG_INLINE ipv4_text read_ipv4(const char* text, std::uint32_t bound = 0) noexcept {
  const bytes16 input = bytes16::load(text);
  const auto digits = static_cast<std::uint32_t>(input.between('0', '9'));
  const auto dots = static_cast<std::uint32_t>(input.equal('.'));
  const std::uint32_t others = ~(digits | dots) | bound;  // bits 16 and above are set
  const std::uint32_t end = others & (0 - others);
  const std::uint32_t inner_dots = dots & (end - 1);
  const std::uint32_t mask = inner_dots | end;
  const std::size_t place = ipv4_detail::place_of(mask);
  const __m128i shuffle = _mm_load_si128(reinterpret_cast<const __m128i*>(ipv4_detail::table.shuffles[place].data()));
  const __m128i values = _mm_sub_epi8(input.v, _mm_set1_epi8('0'));
  const __m128i parts = _mm_maddubs_epi16(_mm_shuffle_epi8(values, shuffle), _mm_set1_epi32(0x00010A64));
  const __m128i octets = _mm_madd_epi16(parts, _mm_set1_epi16(1));
  const __m128i too_large = _mm_cmpgt_epi32(octets, _mm_set1_epi32(255));
  const auto zeros = static_cast<std::uint32_t>(input.equal('0'));
  const std::uint32_t leading_zeros = (inner_dots << 1 | 1) & zeros & (bound == 0 ? digits : digits & (end - 1)) >> 1;
  const bool is_address = ipv4_detail::table.masks[place] == mask && _mm_testz_si128(too_large, too_large) != 0 && leading_zeros == 0;
  const __m128i packed = _mm_shuffle_epi8(octets, _mm_set_epi32(-1, -1, -1, 0x0004080C));
  return {.address = static_cast<std::uint32_t>(_mm_cvtsi128_si32(packed)),
          .dots = inner_dots,
          .size = is_address ? static_cast<std::uint32_t>(_tzcnt_u32(end)) : 0};
}
