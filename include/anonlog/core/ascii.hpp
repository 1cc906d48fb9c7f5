// core/ascii.hpp: what is a digit, a letter, a blank: ASCII only, one table, no locale.
//
// SPEC 3.1: letters and digits are ASCII, lower() maps A-Z only, bytes >= 0x80 are compared as they are.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace anonlog {

namespace ascii_detail {
enum : std::uint8_t { digit = 1, lower = 2, upper = 4, hex = 8 };

consteval std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](unsigned char from, unsigned char to, unsigned bits) {
    for (unsigned c = from; c <= to; ++c) table[c] = static_cast<std::uint8_t>(table[c] | bits);
  };
  mark('0', '9', digit | hex);
  mark('a', 'z', lower);
  mark('A', 'Z', upper);
  mark('a', 'f', hex);
  mark('A', 'F', hex);
  return table;
}
inline constexpr std::array<std::uint8_t, 256> table = make_table();
}  // namespace ascii_detail

constexpr bool is_digit(unsigned char c) noexcept { return ascii_detail::table[c] & ascii_detail::digit; }
constexpr bool is_lower(unsigned char c) noexcept { return ascii_detail::table[c] & ascii_detail::lower; }
constexpr bool is_upper(unsigned char c) noexcept { return ascii_detail::table[c] & ascii_detail::upper; }
constexpr bool is_hex(unsigned char c) noexcept { return ascii_detail::table[c] & ascii_detail::hex; }
constexpr bool is_letter(unsigned char c) noexcept {
  return ascii_detail::table[c] & (ascii_detail::lower | ascii_detail::upper);
}
constexpr bool is_alphanumeric(unsigned char c) noexcept {
  return ascii_detail::table[c] & (ascii_detail::lower | ascii_detail::upper | ascii_detail::digit);
}
constexpr bool is_blank(unsigned char c) noexcept { return c == ' ' || c == '\t'; }

constexpr char to_lower(unsigned char c) noexcept { return static_cast<char>(c | (is_upper(c) ? 'a' - 'A' : 0)); }

// Letters, digits, and these bytes; as a table, for a test that costs the same whatever it holds.
class byte_set {
 public:
  consteval explicit byte_set(std::string_view others) noexcept {
    for (unsigned c = 0; c < 256; ++c) holds_[c] = is_alphanumeric(static_cast<unsigned char>(c));
    for (const char c : others) holds_[static_cast<unsigned char>(c)] = true;
  }
  constexpr bool operator()(unsigned char c) const noexcept { return holds_[c]; }

 private:
  std::array<bool, 256> holds_{};
};

// The value of a hexadecimal digit; the caller has checked is_hex.
constexpr unsigned hex_value(unsigned char c) noexcept { return is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10; }

inline constexpr char lower_hex_digits[] = "0123456789abcdef";
inline constexpr char upper_hex_digits[] = "0123456789ABCDEF";

}  // namespace anonlog
