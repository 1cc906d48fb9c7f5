// transform/decode.hpp: undoing the escapes of logs and URLs, so that every spelling of a value is judged as one.
//
// Source: SPEC 3.1, unesc() and pct(). What comes back is still raw.
#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/scratch.hpp>

namespace anonlog {

// One byte of `%HH` at `at`, or -1.
constexpr int percent_byte(raw value, std::size_t at) noexcept {
  if (at + 2 >= value.size() || value[at] != '%' || !is_hex(value[at + 1]) || !is_hex(value[at + 2])) return -1;
  return static_cast<int>(hex_value(value[at + 1]) << 4 | hex_value(value[at + 2]));
}

// Undoes `\xHH \" \\ \n \r \t \b \v \f`; any other backslash stays. One pass from the left. Takes memory only if
// there is a backslash. `ok` becomes false when the memory is used up; the value is then empty.
inline raw unescape_log(raw value, scratch& memory, bool& ok) noexcept {
  if (value.size() < 2) return value;
  std::size_t i = value.find('\\');
  if (i == raw::npos) return value;
  char* const begin = memory.take(value.size());
  if (begin == nullptr) {
    ok = false;
    return {};
  }
  std::memcpy(begin, value.begin(), i);
  char* out = begin + i;
  while (i < value.size()) {  // a backslash is at `i`
    const unsigned char next = i + 1 < value.size() ? value[i + 1] : 0;
    char plain = 0;
    switch (next) {
      case '"': plain = '"'; break;
      case '\\': plain = '\\'; break;
      case 'n': plain = '\n'; break;
      case 'r': plain = '\r'; break;
      case 't': plain = '\t'; break;
      case 'b': plain = '\b'; break;
      case 'v': plain = '\v'; break;
      case 'f': plain = '\f'; break;
      default: break;
    }
    if (plain != 0) {
      *out++ = plain;
      i += 2;
    } else if (next == 'x' && i + 3 < value.size() && is_hex(value[i + 2]) && is_hex(value[i + 3])) {
      *out++ = static_cast<char>(hex_value(value[i + 2]) << 4 | hex_value(value[i + 3]));
      i += 4;
    } else {
      *out++ = '\\';
      i += 1;
    }
    const std::size_t to = std::min(value.find('\\', i), value.size());
    std::memcpy(out, value.begin() + i, to - i);
    out += to - i;
    i = to;
  }
  memory.give_back(out);
  return {begin, static_cast<std::size_t>(out - begin)};
}

// Undoes the escapes of a JSON string: `\" \\ \/ \b \f \n \r \t \uXXXX`, which becomes UTF-8; any other backslash stays.
inline raw unescape_json(raw value, scratch& memory, bool& ok) noexcept {
  std::size_t i = value.find('\\');
  if (i == raw::npos) return value;
  char* const begin = memory.take(value.size());
  if (begin == nullptr) {
    ok = false;
    return {};
  }
  std::memcpy(begin, value.begin(), i);
  char* out = begin + i;
  const auto put = [&out](unsigned byte) { *out++ = static_cast<char>(byte); };
  const auto unit_at = [&value](std::size_t at) {  // of `\uXXXX`, or -1
    if (at + 5 >= value.size() || value[at] != '\\' || value[at + 1] != 'u') return -1;
    int unit = 0;
    for (std::size_t j = at + 2; j < at + 6; ++j) {
      if (!is_hex(value[j])) return -1;
      unit = unit << 4 | static_cast<int>(hex_value(value[j]));
    }
    return unit;
  };
  constexpr std::string_view marks = "\"\\/bfnrt", plain = "\"\\/\b\f\n\r\t";
  while (i < value.size()) {
    const std::size_t mark = value[i] == '\\' && i + 1 < value.size() ? marks.find(static_cast<char>(value[i + 1])) : marks.npos;
    const int unit = unit_at(i);
    if (mark != marks.npos) {
      put(static_cast<unsigned char>(plain[mark]));
      i += 2;
    } else if (unit < 0) {
      put(value[i]);
      i += 1;
    } else {
      unsigned code = static_cast<unsigned>(unit);
      const int low = code >= 0xD800 && code < 0xDC00 ? unit_at(i + 6) : -1;
      const bool is_pair = low >= 0xDC00 && low < 0xE000;
      if (is_pair) code = 0x10000 + ((code - 0xD800) << 10) + (static_cast<unsigned>(low) - 0xDC00);
      i += is_pair ? 12 : 6;
      if (code < 0x80) {
        put(code);
      } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
      } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
      } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
      }
    }
  }
  memory.give_back(out);
  return {begin, static_cast<std::size_t>(out - begin)};
}

// Undoes the escapes that begin with `mark` and are `size` bytes long. `byte_at(at)`: the byte that the escape at `at` stands
// for, or -1. One pass from the left. Takes memory only if there is one.
template <class ByteAt>
raw undo_marked(raw value, char mark, std::size_t size, scratch& memory, bool& ok, ByteAt byte_at) noexcept {
  std::size_t first = value.find(mark);
  while (first != raw::npos && byte_at(first) < 0) first = value.find(mark, first + 1);
  if (first == raw::npos) return value;
  char* const begin = memory.take(value.size());
  if (begin == nullptr) {
    ok = false;
    return {};
  }
  char* out = begin;
  for (std::size_t i = 0; i < value.size();) {
    const int byte = value[i] == static_cast<unsigned char>(mark) ? byte_at(i) : -1;
    *out++ = byte >= 0 ? static_cast<char>(byte) : value.begin()[i];
    i += byte >= 0 ? size : 1;
  }
  memory.give_back(out);
  return {begin, static_cast<std::size_t>(out - begin)};
}

// Undoes `%HH` of this one byte only, as writer::replace_since writes it.
inline raw undo_percent(raw value, char wanted, scratch& memory, bool& ok) noexcept {
  const int byte = static_cast<unsigned char>(wanted);
  return undo_marked(value, '%', 3, memory, ok, [&](std::size_t at) { return percent_byte(value, at) == byte ? byte : -1; });
}

// Percent-decodes up to `rounds` times and stops when nothing changes; `%` without two hex digits stays.
// Takes memory only if there is something to decode.
inline raw percent_decode(raw value, int rounds, scratch& memory, bool& ok) noexcept {
  std::size_t first = value.find('%');
  while (first != raw::npos && percent_byte(value, first) < 0) first = value.find('%', first + 1);
  if (first == raw::npos) return value;
  char* const begin = memory.take(value.size());
  if (begin == nullptr) {
    ok = false;
    return {};
  }
  std::memcpy(begin, value.begin(), value.size());
  std::size_t size = value.size();
  for (; rounds > 0; --rounds) {  // in place: the text only gets shorter
    const raw text(begin, size);
    while (first != raw::npos && percent_byte(text, first) < 0) first = text.find('%', first + 1);
    if (first == raw::npos) break;
    std::size_t out = first;
    for (std::size_t i = first; i < size;) {  // a `%` is at `i`
      const int byte = percent_byte(text, i);
      begin[out++] = byte >= 0 ? static_cast<char>(byte) : '%';
      i += byte >= 0 ? 3 : 1;
      const std::size_t to = std::min(text.find('%', i), size);
      std::memmove(begin + out, begin + i, to - i);
      out += to - i;
      i = to;
    }
    size = out;
    first = raw(begin, size).find('%');  // what was none may be one now: `%2%35`
  }
  memory.give_back(begin + size);
  return {begin, size};
}

// Undoes `#HH`, as HAProxy writes quotes, braces, bars, control bytes, bytes above 126 and `#` itself.
inline raw unescape_hash(raw value, scratch& memory, bool& ok) noexcept {
  return undo_marked(value, '#', 3, memory, ok, [&](std::size_t at) {
    const bool is_escape = value.size() - at > 2 && is_hex(value[at + 1]) && is_hex(value[at + 2]);
    return is_escape ? static_cast<int>(hex_value(value[at + 1]) << 4 | hex_value(value[at + 2])) : -1;
  });
}

// Undoes `#ooo`, as syslog daemons write control bytes: three octal digits of a byte below 32; larger ones would be the
// numbers of processes. A tab becomes a blank where others stand as they are: there it is a client's own.
inline raw undo_octal(raw value, scratch& memory, bool& ok) noexcept {
  const int tab = value.holds('\t') ? ' ' : '\t';
  return undo_marked(value, '#', 4, memory, ok, [&](std::size_t at) {
    int byte = 0;
    if (value.size() - at < 4) return -1;
    for (std::size_t i = at + 1; i < at + 4; ++i) {
      if (value[i] < '0' || value[i] > '7') return -1;
      byte = 8 * byte + (value[i] - '0');
    }
    return byte == '\t' ? tab : byte < 0x20 ? byte : -1;
  });
}

}  // namespace anonlog
