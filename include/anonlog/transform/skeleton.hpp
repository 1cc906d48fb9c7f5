// transform/skeleton.hpp: the shape of a line that no format fits: no content, no lengths of words.
//
// It goes to a file of its own, never to the output, and shows where a format goes wrong. Quotes and backslashes stay
// as they are for that. Source: SPEC 3.10 (`skeleton`).
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

struct skeleton {
  static constexpr std::string_view name = "skeleton";
  static constexpr std::size_t max_output_bytes = 512;
  static constexpr example examples[] = {
      {.in = "192.0.2.1 - bob@example.com [broken \"GET /x", .out = "x.x.x.x - x@x.x [x \"x /x"},
      {.in = "a\t\x01" "b", .out = "x x"},
  };

  outcome apply(raw value, scope&, writer& out) const noexcept {
    write(value, out);
    return outcome::reduced;
  }

  // The cut counts bytes of the output: one in the input would let the lengths of words show.
  static void write(raw line, writer& out) noexcept {
    char previous = 0;
    std::size_t written = 0;
    for (std::size_t i = 0; i < line.size() && written < max_output_bytes; ++i) {
      const unsigned char c = line[i];
      const bool is_word = is_alphanumeric(c) || c == '_' || c >= 0x80;
      const bool is_control = c < 0x20 || c == 0x7F;
      const char kind = is_word ? 'x' : is_control ? ' ' : 0;
      if (kind != 0 && kind == previous) continue;
      previous = kind;
      ++written;
      out.put(kind != 0 ? kind : punctuation_[c]);
    }
  }

 private:
  // The bytes which may stand for themselves, so that none of the line's own is copied.
  struct printable {
    constexpr char operator[](unsigned char c) const noexcept {
      return " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_"
             "`abcdefghijklmnopqrstuvwxyz{|}~"[c - 0x20];
    }
  };
  static constexpr printable punctuation_{};
};

}  // namespace anonlog
