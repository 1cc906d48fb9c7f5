// core/writer.hpp: the output cursor, and the one door through which bytes of a log may leave.
//
// `put` takes what our own code made. `release` takes kept bytes and makes them safe on the way: every byte
// outside 0x21..0x7E, the quote and the backslash leave as %HH (SPEC 3.1, safe()), so whatever is kept can end
// no field and no line. A writer never writes past its end; it remembers that it was asked to, and the line is
// then given up as a whole.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/swar.hpp>

namespace anonlog {

class writer {
 public:
  writer(char* begin, std::size_t room) noexcept : begin_(begin), cursor_(begin), end_(begin + room) {}

  void put(char c) noexcept {
    if (cursor_ == end_) {
      overflowed_ = true;
      return;
    }
    *cursor_++ = c;
  }

  // A constant: the compiler knows how long it is.
  template <std::size_t N>
  void put(const char (&own_text)[N]) noexcept {
    if (N - 1 > room()) {
      overflowed_ = true;
      cursor_ = end_;
      return;
    }
    std::memcpy(cursor_, own_text, N - 1);
    cursor_ += N - 1;
  }

  void put(std::string_view own_text) noexcept {
    if (own_text.size() > room()) {
      overflowed_ = true;
      cursor_ = end_;
      return;
    }
    copy(own_text.data(), own_text.size());
  }

  // Decimal digits without leading zeros.
  void put_number(std::uint64_t number) noexcept {
    char digits[20];
    char* first = digits + sizeof digits;
    do *--first = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    put(std::string_view(first, static_cast<std::size_t>(digits + sizeof digits - first)));
  }

  void put_escaped(unsigned char c) noexcept {
    put('%');
    put(upper_hex_digits[c >> 4]);
    put(upper_hex_digits[c & 15]);
  }

  // Lets bytes of the log through: the only function that does. `as_they_are`: where blanks belong to the form.
  enum class blanks : bool { escaped, as_they_are };
  template <blanks Blanks = blanks::escaped>
  void release(raw kept) noexcept {
    constexpr std::size_t word_bytes = 8;
    constexpr unsigned char lowest = Blanks == blanks::escaped ? 0x21 : 0x20;
    if (room() < 3 * kept.size() + word_bytes) return release_checked<lowest>(kept);
    const char* from = kept.begin();
    for (std::size_t left = kept.size(); left != 0;) {
      for (; left > wide_bytes && are_safe<lowest>(from); from += wide_bytes, cursor_ += wide_bytes, left -= wide_bytes)
        std::memcpy(cursor_, from, wide_bytes);
      const std::size_t taken = left < word_bytes ? left : word_bytes;
      const std::uint64_t word = left < word_bytes ? swar::load_first(from, left) : swar::load(from);
      const std::uint64_t unsafe = unsafe_marks<lowest>(word) & (~std::uint64_t{0} >> (8 * (word_bytes - taken)));
      swar::store(cursor_, word);  // what is behind the safe bytes is written over
      const std::size_t safe = unsafe == 0 ? taken : swar::first(unsafe);
      cursor_ += safe;
      from += safe;
      left -= safe;
      if (unsafe == 0) continue;
      put_escaped(static_cast<unsigned char>(*from++));
      --left;
    }
  }

  // The same by a kernel's function (simd/copy_words.hpp), up to the first byte that is not safe: returns how many bytes.
  // There is room for all of them.
  std::size_t release_by(std::size_t (*copy_safe)(char*, const char*, std::size_t) noexcept, raw kept) noexcept {
    const std::size_t copied = copy_safe(cursor_, kept.begin(), kept.size());
    cursor_ += copied;
    return copied;
  }

  std::size_t size() const noexcept { return static_cast<std::size_t>(cursor_ - begin_); }
  std::size_t room() const noexcept { return static_cast<std::size_t>(end_ - cursor_); }
  bool overflowed() const noexcept { return overflowed_; }

  // What was written since `from` bytes were; ours by now.
  std::string_view text(std::size_t from = 0) const noexcept { return {begin_ + from, size() - from}; }

  // Forgets what was written after `size` bytes.
  void rewind(std::size_t size) noexcept { cursor_ = begin_ + size; }

  // Writes `%HH` for each `wanted` byte written since `from`: a slot that ends at this byte stays one slot.
  // `replacement` stands for the byte.
  void replace_since(std::size_t from, char wanted, std::string_view replacement) noexcept {
    const std::string_view written = text(from);
    const std::size_t first = written.find(wanted);
    if (first == std::string_view::npos) return;
    std::size_t found = 0;
    for (const char c : written.substr(first)) found += c == wanted;
    const std::size_t growth = found * (replacement.size() - 1);
    if (growth > room()) {
      overflowed_ = true;
      return;
    }
    const char* source = cursor_;
    cursor_ += growth;
    char* target = cursor_;
    while (source != begin_ + from) {
      const char c = *--source;
      if (c != wanted) {
        *--target = c;
        continue;
      }
      target -= replacement.size();
      std::memcpy(target, replacement.data(), replacement.size());
    }
  }

 private:
  // Most pieces are a few bytes: two overlapping moves cost less than a call.
  void copy(const char* from, std::size_t size) noexcept {
    if (size >= 16) {
      std::memcpy(cursor_, from, size);
    } else if (size >= 8) {
      copy_ends<std::uint64_t>(from, size);
    } else if (size >= 4) {
      copy_ends<std::uint32_t>(from, size);
    } else if (size >= 2) {
      copy_ends<std::uint16_t>(from, size);
    } else if (size == 1) {
      *cursor_ = *from;
    }
    cursor_ += size;
  }

  template <class Word>
  void copy_ends(const char* from, std::size_t size) noexcept {
    asm("" : "+r"(from));  // g++ 12 warns of reading behind short constants on the paths their size rules out
    Word first, last;
    std::memcpy(&first, from, sizeof first);
    std::memcpy(&last, from + size - sizeof last, sizeof last);
    std::memcpy(cursor_, &first, sizeof first);
    std::memcpy(cursor_ + size - sizeof last, &last, sizeof last);
  }

  template <unsigned char Lowest>
  static constexpr bool is_safe_byte(unsigned char c) noexcept { return c >= Lowest && c <= 0x7E && c != '"' && c != '\\'; }

  // A mark for each byte that is not safe. Only the first one is exact: a borrow or a carry comes from below.
  template <unsigned char Lowest>
  static constexpr std::uint64_t unsafe_marks(std::uint64_t word) noexcept {
    const std::uint64_t quotes = word ^ swar::ones * '"', backslashes = word ^ swar::ones * '\\';
    return ((quotes - swar::ones) | (backslashes - swar::ones) | (word - swar::ones * Lowest) | word | (word + swar::ones)) & swar::tops;
  }

  // True if each of `wide_bytes` is a byte of the output alphabet from `Lowest` on: in vectors, as words are quick enough for
  // names and numbers but not for sentences.
  template <unsigned char Lowest>
  static bool are_safe(const char* from) noexcept {
    using vector [[gnu::vector_size(16)]] = signed char;  // bytes from 0x80 on are negative
    using halves [[gnu::vector_size(16)]] = long long;
    halves unsafe = {};
    for (std::size_t i = 0; i < wide_bytes; i += sizeof(vector)) {
      vector bytes;
      std::memcpy(&bytes, from + i, sizeof bytes);
      unsafe |= (halves)((bytes < static_cast<signed char>(Lowest)) | (bytes == 0x7F) | (bytes == '"') | (bytes == '\\'));
    }
    return (unsafe[0] | unsafe[1]) == 0;
  }
  static constexpr std::size_t wide_bytes = 32;

  // The same byte by byte, where the room may not suffice.
  template <unsigned char Lowest>
  void release_checked(raw kept) noexcept {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (is_safe_byte<Lowest>(kept[i]))
        put(static_cast<char>(kept[i]));
      else
        put_escaped(kept[i]);
    }
  }

  char* begin_;
  char* cursor_;
  char* end_;
  bool overflowed_ = false;
};

}  // namespace anonlog
