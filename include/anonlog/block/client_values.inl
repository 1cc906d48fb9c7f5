// block/client_values.inl: one address that stands alone, where plain_client.inl has one at the begin of a line. Once per
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
