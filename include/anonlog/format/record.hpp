// format/record.hpp: where the fields of one line are. Reused from line to line; of fixed capacity.
#pragma once

#include <array>
#include <cstdint>

#include <anonlog/core/raw.hpp>
#include <anonlog/format/grammar.hpp>

namespace anonlog {

struct record {
  const grammar* format = nullptr;  // the format that fits this line
  std::size_t format_index = 0;     // its place among those that were tried
  std::array<raw, max_fields> fields;
  std::size_t field_count = 0;
  std::uint64_t doubtful = 0;       // a bit for each field that could be part of a client's text: nothing of it is kept
  bool has_backslash = false;       // anywhere in the line: only then is there an escape to undo; or escapes begin otherwise
};

}  // namespace anonlog
