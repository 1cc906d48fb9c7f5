// transform/significant_digits.hpp: a size or a duration keeps its first digits; the rest become zeros.
//
// The exact number of bytes of a page, or the exact time it took, names the page and the moment like a fingerprint.
// Source: SPEC 3.9. Digits are cut in the text: no rounding up, no floating point, so equal beginnings stay equal.
#pragma once

#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/list_elements.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

struct significant_digits {
  static constexpr std::string_view name = "digits";

  static constexpr example examples[] = {
      {.in = "8765432", .out = "8700000"},
      {.in = "12.345", .out = "12"},
      {.in = "0.0123, 0.0345 : -", .out = "0.012, 0.034 : -"},
      {.in = "3 apples", .out = "3 -"},
      {.in = "0x1f", .out = "-", .outcome = outcome::unreadable},
  };

  unsigned digits = 2;  // significant decimal digits kept; 0: all of them

  // Each number of a list on its own; what is no number becomes "-".
  outcome apply(raw value, scope&, writer& out) const noexcept {
    if (put_number(value, out)) return digits == 0 ? outcome::kept : outcome::reduced;  // no list
    bool read_any = false, failed_any = false;
    write_list(value, out, [&](raw element) noexcept {
      const bool is_read = put_number(element, out);
      read_any = read_any || is_read;
      failed_any = failed_any || (!is_read && !(element == std::string_view("-")));
      if (!is_read) out.put('-');
    });
    if (failed_any && !read_any) return outcome::unreadable;
    return digits == 0 && !failed_any ? outcome::kept : outcome::reduced;
  }

 private:
  // Digits, or digits `.` digits.
  static bool is_number(raw text, std::size_t& point) noexcept {
    point = 0;
    while (point < text.size() && is_digit(text[point])) ++point;
    if (point == 0) return false;
    if (point == text.size()) return true;
    return text[point] == '.' && point + 1 < text.size() && all_of(text.sub(point + 1), is_digit);
  }

  bool put_number(raw text, writer& out) const noexcept {
    std::size_t point = 0;
    if (!is_number(text, point)) return false;
    const std::size_t kept = kept_size(text);
    out.release(text.first(kept));
    for (std::size_t i = kept; i < point; ++i) out.put('0');
    return true;
  }

  // How much of a number is kept: up to its last significant digit, and no point that nothing follows. Zeros in
  // front count for nothing: a number of zeros alone is kept.
  std::size_t kept_size(raw number) const noexcept {
    if (digits == 0) return number.size();
    unsigned counted = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
      if (number[i] == '.') continue;
      if (counted > 0 || number[i] != '0') ++counted;
      if (counted == digits) return i + 1;
    }
    return number.size();
  }
};

}  // namespace anonlog
