// block/plain_parts.inl: what stands behind the head of a plain line, part by part.

// Lets bytes of the log through that were judged before: all else that is written is the program's own or remembered.
template <class Bytes>
ANONLOG_INLINE void release_bytes(Bytes judged, char* cursor) noexcept {
  judged.store(cursor);
}

ANONLOG_INLINE std::uint64_t load_word(const char* text) noexcept {
  std::uint64_t word;
  std::memcpy(&word, text, 8);
  return word;
}

ANONLOG_INLINE bool has_constant(const plain_part& part, const char* quote, const char* end) noexcept {
  const bool has_size = static_cast<std::size_t>(end - quote) == part.constant_bytes;
  return has_size && ((load_word(quote) ^ load_word(part.constant.data())) & part.constant_mask) == 0;
}

// METHOD SP target SP protocol, by its ends; a target with a blank in it is found out by its transform.
template <class Line>
ANONLOG_INLINE bool read_request(Line& line, const char* from, const char* quote) noexcept {
  const auto method_bytes = static_cast<unsigned>(std::countr_zero(bytes16::load(from).equal(' ') | 1U << 15));
  const char* const target = from + method_bytes + 1;
  const std::uint64_t word = load_word(quote - 8);
  const bool is_long = plain_words::is_long_protocol(word);
  const char* const end = quote - (is_long ? 9 : 7);
  line.target_begin = static_cast<std::uint32_t>(target - line.begin);
  line.target_bytes = static_cast<std::uint32_t>(end - target);
  return (target < end) & (*end == ' ') & (is_long | plain_words::is_short_protocol(word)) &&
         plain_words::is_method(load_word(from), method_bytes);
}

// Blanks and numbers between two quotes, or a quote and the end; `absent` gets a bit for each step that is "-".
inline __attribute__((noinline)) bool read_each_number(const plain_part& part, const char* from, const char* end, std::uint64_t& absent) noexcept {
  const auto size = static_cast<std::size_t>(end - from);
  if (size > 32) return false;
  const bytes32 text = bytes32::load(from);
  const std::uint64_t all = first_bits(size);
  const std::uint64_t blanks = text.equal(' ') & all, digits = text.between('0', '9') & all, dashes = text.equal('-') & all;
  const std::uint64_t behind = std::uint64_t{1} << size;  // the quote, or the end
  const std::uint64_t borders = blanks | behind;
  const std::uint64_t alone = (borders >> 1) & (blanks << 1 | 1);
  const std::uint64_t first = part.begins_with_blank ? 1 : 0, last = part.ends_with_blank ? behind >> 1 : 0;
  const std::uint64_t joints = blanks & ~(first | last);
  if ((blanks | digits | dashes) != all || (dashes & ~alone) != 0 || (first & ~blanks) != 0 || (last & ~blanks) != 0 ||
      static_cast<unsigned>(std::popcount(joints)) + 1 != part.number_count)
    return false;
  std::uint64_t ends = joints | (part.ends_with_blank ? last : behind);
  std::size_t begin = part.begins_with_blank ? 1 : 0;
  for (std::size_t i = 0; i < part.number_count; ++i) {
    const auto stop = static_cast<std::size_t>(std::countr_zero(ends));
    const std::size_t width = stop - begin;
    const std::uint8_t wanted = part.numbers[i].width;
    if (wanted != 0 ? width != wanted : width - 1 >= plain_part::most_digits) return false;
    absent |= (dashes >> begin & 1) << (part.first_number + i);
    ends &= ends - 1;
    begin = stop + 1;
  }
  return true;
}

// The same, at a glance where none is absent or long.
ANONLOG_INLINE bool read_numbers(const plain_part& part, const char* from, const char* end, std::uint64_t& absent) noexcept {
  const auto size = static_cast<std::size_t>(end - from);
  if (size > part.most_bytes_at_once) [[unlikely]] return read_each_number(part, from, end, absent);
  const bytes32 text = bytes32::load(from);
  const std::uint64_t all = first_bits(size), behind = all + 1;  // behind: the quote, or the end
  const std::uint64_t blanks = text.equal(' ') & all, digits = text.between('0', '9') & all;
  const std::uint64_t borders = blanks | behind, after_border = blanks << 1 | 1;
  const std::uint64_t first = part.begins_with_blank ? 1 : 0, last = part.ends_with_blank ? behind >> 1 : 0;
  const std::uint64_t empty = borders & after_border & ~(first | last << 1);
  const std::uint64_t faults = ((blanks | digits) ^ all) | ((first | last) & ~blanks) | (first & last) | empty |
                               ((borders ^ part.first_borders) & part.first_borders_mask);
  const auto joints = static_cast<unsigned>(std::popcount(blanks & ~(first | last)));
  if (faults == 0 && joints + 1 == part.number_count) [[likely]] return true;
  return read_each_number(part, from, end, absent);
}

// Zeros for the digits that the policy does not keep, in what was written.
inline void cut_digits(const plain_part& part, char* from, const char* end) noexcept {
  std::size_t i = 0;
  while (from < end) {
    if (*from < '0' || *from > '9') {
      i += *from++ == '-' ? 1 : 0;
      continue;
    }
    unsigned counted = 0;
    for (; from < end && *from >= '0' && *from <= '9'; ++from) {
      if (counted != 0 || *from != '0') ++counted;
      if (part.numbers[i].kept_digits != 0 && counted > part.numbers[i].kept_digits) *from = '0';
    }
    ++i;
  }
}

// The site of a referrer, where its scheme and name are in small letters and nothing of it could be an address or a
// number: no digits, no port, no userinfo. Or `-`: whether there is a referrer cannot be foretold, so both go one way.
// False: by the transform.
ANONLOG_INLINE bool put_site(const char* from, std::size_t size, bool is_absent, char*& cursor) noexcept {
  const bytes64 text = bytes64::load(from);
  const std::uint64_t word = load_word(from);
  const std::uint64_t scheme = only_if(plain_words::is_https(word), 8) | only_if(plain_words::is_http(word), 7);
  const std::uint64_t slashes = text.equal('/') & ~first_bits(scheme) & first_bits(size);
  const auto end = static_cast<std::size_t>(std::countr_zero(slashes));
  const std::uint64_t dots = text.equal('.');
  const std::uint64_t letters = text.between('a', 'z') | text.equal('-') | dots;
  const std::uint64_t name = first_bits(end) & ~first_bits(scheme);
  const std::uint64_t beside = dots << 1 | std::uint64_t{1} << scheme | dots >> 1 | std::uint64_t{1} << ((end - 1) & 63);
  const bool is_site = (scheme != 0) & (slashes != 0) & (end > scheme) & ((letters & name) == name) & ((dots & beside & name) == 0);
  if (unforeseen(is_site | is_absent) == 0) [[unlikely]] return false;
  release_bytes(text, cursor);
  cursor += 1 + only_if(!is_absent, end);
  return true;
}

// A listed method and its blank: up to nine bytes, and behind them what will be written over.
ANONLOG_INLINE void put_method(const char* field, char* cursor) noexcept { release_bytes(bytes16::load(field), cursor); }

// A path where paths are kept and queries dropped, if nothing of it would be written in another way. The cursor moves only
// then.
ANONLOG_INLINE bool put_plain_path(const char* target, std::size_t bytes, char*& cursor) noexcept {
  const bytes64 text = bytes64::load(target);
  const std::uint64_t inside = first_bits(bytes < 64 ? bytes : 64);
  const std::uint64_t ends = text.equal('?') | text.equal('#') | ~inside;
  const auto size = static_cast<std::size_t>(std::countr_zero(ends));  // 64: it goes on
  const std::uint64_t faults = (~text.between('!', '~') & first_bits(size)) | (text.equal(' ') & inside);
  if ((faults != 0) | (*target != '/') | (size == 64)) [[unlikely]] return false;
  // Nor may it be a request of another shape, with a blank in what is cut off.
  if (bytes > 64 && std::memchr(target + 64, ' ', bytes - 64) != nullptr) [[unlikely]] return false;
  release_bytes(text, cursor);
  cursor += size;
  return true;
}

ANONLOG_INLINE char* put_text(const memo_slot& found, char* cursor) noexcept {
  // No cache line is touched that is not part of the answer; nor what was counted in this slot just now: a wide load of bytes
  // that are still on their way to memory waits for them.
  static constexpr char nothing[64] = {};
  constexpr std::size_t first = memo::first_text_bytes;
  const char* const text = found.text_begin();
  bytes32::load(text).store(cursor);
  std::memcpy(cursor + 32, text + 32, first - 32);
  const bool is_long = found.text_bytes > first;
  const std::uint64_t rest = only_if(is_long, reinterpret_cast<std::uintptr_t>(text + first)) | only_if(!is_long, reinterpret_cast<std::uintptr_t>(nothing));
  bytes64::load(reinterpret_cast<const char*>(rest)).store(cursor + first);
  if (found.text_bytes > first + 64) [[unlikely]] bytes64::load(text + first + 64).store(cursor + first + 64);
  return cursor + found.text_bytes;
}
