// block/plain_client.inl: the address at the begin of a plain line: read and truncated as text. Once per kernel.
//
// The same as transform/ip_position.hpp does with addresses in their usual spelling; anything else (a port, a zone, zeros
// in front, networks that carry an IPv4 address, kept addresses) is not plain.

// Up to four hexadecimal digits, the last one at text[size - 1], as a number.
ANONLOG_INLINE std::uint32_t read_hex_group(const char* text, std::size_t size) noexcept {
  std::uint32_t digits;
  std::memcpy(&digits, text, 4);
  if constexpr (std::endian::native == std::endian::big) digits = __builtin_bswap32(digits);
  digits <<= 32 - 8 * size;
  const std::uint32_t values = (digits & 0x0F0F0F0F) + 9 * (digits >> 6 & 0x01010101);
  const std::uint32_t swapped = __builtin_bswap32(values);
  const std::uint32_t pairs = (swapped | swapped >> 4) & 0x00FF00FF;
  return (pairs | pairs >> 8) & 0xFFFF;
}

// Without zeros in front; four bytes are written.
ANONLOG_INLINE char* put_hex_group(std::uint32_t group, char* cursor) noexcept {
  std::uint32_t nibbles = (group | group << 8) & 0x00FF00FF;
  nibbles = (nibbles | nibbles << 4) & 0x0F0F0F0F;
  const std::uint32_t letters = (nibbles + 0x06060606) >> 4 & 0x01010101;
  std::uint32_t text = __builtin_bswap32(nibbles + 0x30303030 + letters * 39);
  const unsigned size = 1U + (group >= 0x10) + (group >= 0x100) + (group >= 0x1000);
  text >>= 32 - 8 * size;
  if constexpr (std::endian::native == std::endian::big) text = __builtin_bswap32(text);
  std::memcpy(cursor, &text, 4);
  return cursor + size;
}

ANONLOG_INLINE char* put_ipv6_network(std::uint64_t network, char* cursor) noexcept {
  const auto first = static_cast<std::uint32_t>(network >> 32);
  const auto second = static_cast<std::uint32_t>(network >> 16 & 0xFFFF);
  const auto third = static_cast<std::uint32_t>(network & 0xFFFF);
  if (first != 0) cursor = put_hex_group(first, cursor);
  if (second != 0 || third != 0) {
    *cursor = ':';
    cursor = put_hex_group(second, cursor + 1);
  }
  if (third != 0) {
    *cursor = ':';
    cursor = put_hex_group(third, cursor + 1);
  }
  std::memcpy(cursor, "::", 2);
  return cursor + 2;
}

// An IPv6 address whose first three groups are certain and not special.
ANONLOG_INLINE bool read_ipv6(const plain_client& rule, const char* text, plain_address& found) noexcept {
  const bytes64 window = bytes64::load(text);
  std::uint64_t colons = window.equal(':');
  std::uint64_t digits = window.between('0', '9') | window.folded().between('a', 'f');
  const std::uint64_t others = ~(colons | digits);
  if (others == 0) return false;
  const auto size = static_cast<std::size_t>(std::countr_zero(others));
  colons &= first_bits(size);
  digits &= first_bits(size);
  const std::uint64_t gaps = colons & colons >> 1;
  const bool has_long_group = (digits & digits >> 1 & digits >> 2 & digits >> 3 & digits >> 4) != 0;
  if (size < 4 || has_long_group || (colons & 1) != 0 || (gaps & (gaps - 1)) != 0) return false;
  const bool ends_with_colon = (colons >> (size - 1) & 1) != 0;
  const bool ends_with_gap = (gaps >> (size - 2) & 1) != 0;
  if (ends_with_colon && !ends_with_gap) return false;
  const auto colon_count = static_cast<unsigned>(std::popcount(colons));
  const unsigned groups = gaps == 0 ? colon_count + 1 : ends_with_gap ? colon_count - 1 : colon_count;
  if (gaps == 0 ? groups != 8 : groups > 7) return false;

  std::array<std::uint32_t, 3> first{};
  std::size_t from = 0;
  for (unsigned i = 0; i < 3; ++i) {
    const auto end = static_cast<std::size_t>(std::countr_zero(colons));
    if (end == from) {                     // the gap
      if (groups - i > 5) return false;  // it may be so short that what follows is one of the first three
      break;
    }
    first[i] = read_hex_group(text + from, end - from);
    colons &= colons - 1;
    from = end + 1;
  }
  // IPv4 addresses inside (6to4, NAT64, Teredo), and whatever begins with zeros.
  const bool is_special = first[0] == 0 || first[0] == 0x2002 || first[0] == 0x64 || (first[0] == 0x2001 && first[1] == 0);
  const std::uint64_t network = (std::uint64_t{first[0]} << 32 | std::uint64_t{first[1]} << 16 | first[2]) & rule.ipv6_mask;
  found.bytes = static_cast<std::uint32_t>(size);
  found.is_ipv6 = true;
  found.zeros_bytes = 0;
  found.kept = found.network.data();
  found.kept_bytes = static_cast<std::uint32_t>(put_ipv6_network(network, found.network.data()) - found.network.data());
  return !is_special && rule.knows_ipv6;
}

ANONLOG_INLINE bool read_client(const plain_client& rule, const char* text, plain_address& found) noexcept {
  const ipv4_text ipv4 = read_ipv4(text);
  if (ipv4.size == 0) return read_ipv6(rule, text, found);
  const std::uint32_t second = ipv4.dots & (ipv4.dots - 1);
  const std::uint32_t last_kept = rule.ipv4_kept_octets == 3 ? second & (second - 1) : rule.ipv4_kept_octets == 2 ? second : ipv4.dots;
  found.bytes = ipv4.size;
  found.ipv4 = ipv4.address;
  found.is_ipv6 = false;
  found.zeros_bytes = static_cast<std::uint8_t>(rule.zeros_bytes);
  found.kept = text;
  found.kept_bytes = rule.ipv4_kept_octets == 0 ? 0 : static_cast<std::uint32_t>(std::countr_zero(last_kept)) + 1;
  return !rule.is_special[ipv4.address >> 24];
}

ANONLOG_INLINE char* put_client(const plain_client& rule, const plain_address& found, char* cursor) noexcept {
  if (rule.what == plain_client::rule::drop) {
    *cursor = '-';
    return cursor + 1;
  }
  if (rule.what == plain_client::rule::token) {
    bytes64::load(found.kept).store(cursor);
    return cursor + found.kept_bytes;
  }
  // Which family comes next cannot be foretold, so both go one way.
  static constexpr char zeros[16] = "0.0.0.0";
  release_bytes(bytes16::load(found.kept), cursor);
  cursor += found.kept_bytes;
  std::memcpy(cursor, zeros + 2 * rule.ipv4_kept_octets, 8);
  return cursor + found.zeros_bytes;
}
