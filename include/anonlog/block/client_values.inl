// block/client_values.inl: addresses that stand alone, where plain_client.inl has one at the begin of a line. Once per
// kernel.

ANONLOG_INLINE std::uint32_t put_lone_client(const plain_client& rule, const char* text, std::uint32_t size, char* to) noexcept {
  const ipv4_text ipv4 = read_ipv4(text, std::uint32_t{1} << size);
  if (ipv4.size != size || rule.is_special[ipv4.address >> 24]) return 0;
  const std::uint32_t second = ipv4.dots & (ipv4.dots - 1);
  const std::uint32_t last_kept = rule.ipv4_kept_octets == 3 ? second & (second - 1) : rule.ipv4_kept_octets == 2 ? second : ipv4.dots;
  plain_address found{};
  found.kept = text;
  found.kept_bytes = rule.ipv4_kept_octets == 0 ? 0 : static_cast<std::uint32_t>(std::countr_zero(last_kept)) + 1;
  found.zeros_bytes = static_cast<std::uint8_t>(rule.zeros_bytes);
  return static_cast<std::uint32_t>(put_client(rule, found, to) - to);
}

inline std::uint32_t lone_client(const plain_client& rule, const char* text, std::uint32_t size, char* to) noexcept {
  return put_lone_client(rule, text, size, to);
}

template <class Offset>
ANONLOG_INLINE client_rows put_client_rows(const plain_client& rule, const char* texts, const Offset* offsets, std::size_t rows, char* to, Offset* ends,
                                           std::size_t used) noexcept {
  const char* const begin = to - used;
  std::size_t row = 0;
  for (; row < rows; ++row) {
    const auto size = static_cast<std::size_t>(offsets[row + 1] - offsets[row]);
    if (size - shortest_client > longest_client - shortest_client) [[unlikely]] break;
    const std::uint32_t written = put_lone_client(rule, texts + offsets[row], static_cast<std::uint32_t>(size), to);
    if (written == 0) [[unlikely]] break;
    to += written;
    ends[row] = static_cast<Offset>(to - begin);
  }
  return {row, static_cast<std::size_t>(to - begin)};
}

inline client_rows client_rows_32(const plain_client& rule, const char* texts, const std::int32_t* offsets, std::size_t rows, char* to,
                                  std::int32_t* ends, std::size_t used) noexcept {
  return put_client_rows(rule, texts, offsets, rows, to, ends, used);
}
inline client_rows client_rows_64(const plain_client& rule, const char* texts, const std::int64_t* offsets, std::size_t rows, char* to,
                                  std::int64_t* ends, std::size_t used) noexcept {
  return put_client_rows(rule, texts, offsets, rows, to, ends, used);
}
