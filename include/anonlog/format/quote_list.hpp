// format/quote_list.hpp: the unescaped quotes of one line: the frame of every text format (format/split.hpp, rule 1).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/format/grammar.hpp>
#include <anonlog/simd/quotes.hpp>

namespace anonlog {

// The unescaped quotes of a line. A backslash escapes the next byte; the pattern's own text holds none.
struct quote_list {
  std::array<std::uint32_t, max_quotes> at;
  std::size_t count = 0;                 // max_quotes: that many or more
  std::size_t empty_name = max_quotes;   // Apache writes an empty user name as two quotes of its own, unescaped, before
                                         // the time: ` "" [`; the index of the first such pair

  bool has_backslash = false;            // anywhere in the line

  explicit quote_list(raw line) noexcept {
    const quote_scan found = scan_quotes({line.begin(), line.size()}, at.data(), at.size());
    has_backslash = found.has_backslash;
    count = std::min(found.count, max_quotes);
    if (has_backslash) read_escapes(line, found.count);
    for (std::size_t i = 1; i < count && empty_name == max_quotes; ++i)
      if (at[i] == at[i - 1] + 1 && at[i - 1] != 0 && line.sub(at[i - 1] - 1, 5) == std::string_view(" \"\" [")) empty_name = i - 1;
  }

  // The same without the quotes of an empty user name.
  quote_list without_empty_name() const noexcept {
    quote_list rest = *this;
    std::copy(at.begin() + empty_name + 2, at.begin() + count, rest.at.begin() + empty_name);
    rest.count -= 2;
    rest.empty_name = max_quotes;
    return rest;
  }

 private:
  // Again, with escapes: an odd number of backslashes before a quote, counted from the quote in front, escapes it.
  void read_escapes(raw line, std::size_t scanned) noexcept {
    count = 0;
    std::size_t from = 0;
    const auto take = [&](std::size_t found) {
      std::size_t backslashes = 0;
      while (found - backslashes > from && line[found - backslashes - 1] == '\\') ++backslashes;
      from = found + 1;
      at[count] = static_cast<std::uint32_t>(found);
      count += backslashes % 2 == 0 ? 1 : 0;
    };
    const std::size_t written = std::min(scanned, at.size());
    for (std::size_t i = 0; i < written; ++i) take(at[i]);
    if (scanned == written) return;
    for (std::size_t found = line.find('"', from); found != raw::npos && count < max_quotes; found = line.find('"', found + 1))
      take(found);
  }
};

}  // namespace anonlog
