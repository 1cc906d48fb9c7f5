// arrow_text.hpp: columns of text in every layout that Arrow has for them: read where they are, built anew value by value.
//
// Source: https://arrow.apache.org/docs/format/Columnar.html. A column that is not text is an error, never passed on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <anonlog/block/client_values.hpp>

#include "api_error.hpp"
#include "arrow_abi.hpp"

namespace anonlog::python {

enum class text_layout : unsigned char {
  small,  // utf8: offsets of 32 bits
  large,  // large_utf8: of 64
  view,   // utf8_view: short texts in the view itself
  none,   // null: no value at all
};

struct text_type {
  text_layout layout = text_layout::none;
  char index = 0;        // of a dictionary; 0: none
  bool is_ordered = false;
};

inline text_layout text_layout_of(std::string_view format) {
  if (format == "u" || format == "z") return text_layout::small;
  if (format == "U" || format == "Z") return text_layout::large;
  if (format == "vu" || format == "vz") return text_layout::view;
  if (format == "n") return text_layout::none;
  throw api_error{error_kind::type, "column: expects text; cast the column to a string first"};
}

inline text_type text_type_of(const ArrowSchema& schema) {
  if (schema.dictionary == nullptr) return {text_layout_of(schema.format), 0, false};
  if (std::strlen(schema.format) != 1 || std::strchr("cCsSiIlL", schema.format[0]) == nullptr)
    throw api_error{error_kind::type, "column: a dictionary is numbered with integers"};
  return {text_layout_of(schema.dictionary->format), schema.format[0], (schema.flags & 1) != 0};
}

inline const char* format_of(text_layout layout) {
  switch (layout) {
    case text_layout::small: return "u";
    case text_layout::large: return "U";
    case text_layout::view: return "vu";
    case text_layout::none: break;
  }
  return "n";
}

// Which rows of an array hold a value.
class validity {
 public:
  explicit validity(const ArrowArray& array)
      : bits_(array.null_count == 0 || array.n_buffers == 0 ? nullptr : static_cast<const std::uint8_t*>(array.buffers[0])), offset_(array.offset) {}
  bool all() const noexcept { return bits_ == nullptr; }
  bool holds(std::int64_t row) const noexcept {
    const std::int64_t at = row + offset_;
    return bits_ == nullptr || (bits_[at / 8] >> (at % 8) & 1) != 0;
  }
  // How many rows from this one on hold a value, up to `end`.
  std::int64_t run(std::int64_t row, std::int64_t end) const noexcept {
    if (all()) return end - row;
    std::int64_t at = row;
    while (at < end && holds(at)) ++at;
    return at - row;
  }

 private:
  const std::uint8_t* bits_;
  std::int64_t offset_;
};

// The bits of a new array.
class validity_builder {
 public:
  void add(bool is_valid) {
    if (!is_valid && bits_.data() == nullptr) begin();
    if (bits_.data() != nullptr) put(is_valid);
    ++rows_;
    nulls_ += !is_valid;
  }
  void add_valid(std::size_t rows) {
    if (bits_.data() == nullptr) rows_ += static_cast<std::int64_t>(rows);
    else for (; rows != 0; --rows) add(true);
  }
  std::int64_t rows() const noexcept { return rows_; }
  std::int64_t nulls() const noexcept { return nulls_; }
  byte_buffer take() noexcept { return std::move(bits_); }

 private:
  void begin() {
    const auto bytes = static_cast<std::size_t>(rows_ / 8 + 1);
    bits_.reserve(std::max<std::size_t>(bytes, 64));
    std::memset(bits_.data(), 0xFF, bytes);
  }
  void put(bool is_valid) {
    const auto at = static_cast<std::size_t>(rows_ / 8);
    bits_.reserve(at + 1);
    const unsigned bit = 1U << (rows_ % 8);
    auto* const byte = bits_.as<unsigned char>() + at;
    if (rows_ % 8 == 0) *byte = 0;
    *byte = static_cast<unsigned char>(is_valid ? *byte | bit : *byte & ~bit);
  }

  byte_buffer bits_;  // none while every row is valid
  std::int64_t rows_ = 0, nulls_ = 0;
};

// What is read at once of a short text. `each` is told if so many bytes can be.
inline constexpr std::ptrdiff_t text_reach = client_reach;

// Calls `each(text, is_in_reach)` or `null()` for every row. `many(bytes, offsets, rows)` says how many of the next rows it did
// itself, of which so many bytes can be read.
template <class Offset, class Many, class Each, class Null>
void read_offsets(const ArrowArray& array, Many many, Each each, Null null) {
  const validity valid(array);
  const auto* const offsets = static_cast<const Offset*>(array.buffers[1]) + array.offset;
  const auto* const bytes = static_cast<const char*>(array.buffers[2]);
  const Offset reach = offsets[array.length];
  std::int64_t in_reach = array.length;
  while (in_reach > 0 && reach - offsets[in_reach - 1] < text_reach) --in_reach;
  std::int64_t run_end = 0;
  for (std::int64_t row = 0; row < array.length; ++row) {
    if (row >= run_end) run_end = row + valid.run(row, in_reach);
    if (row < run_end) {
      row += many(bytes, offsets + row, run_end - row);
      if (row == array.length) return;
    }
    if (valid.holds(row)) each(std::string_view(bytes + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])), reach - offsets[row] >= text_reach);
    else null();
  }
}

template <class Each, class Null>
void read_views(const ArrowArray& array, Each each, Null null) {
  constexpr std::int32_t longest_inline = 12;
  const validity valid(array);
  const auto* views = static_cast<const char*>(array.buffers[1]) + 16 * array.offset;
  const auto* const sizes = static_cast<const std::int64_t*>(array.buffers[array.n_buffers - 1]);
  for (std::int64_t row = 0; row < array.length; ++row, views += 16) {
    if (!valid.holds(row)) {
      null();
      continue;
    }
    std::int32_t parts[4];  // size, prefix, buffer, offset
    std::memcpy(parts, views, sizeof parts);
    const auto size = static_cast<std::size_t>(parts[0]);
    const bool is_long = parts[0] > longest_inline;
    const char* const block = static_cast<const char*>(array.buffers[2 + (is_long ? parts[2] : 0)]);  // there is one at least: the sizes of the others
    const char* const text = is_long ? block + parts[3] : views + 4;
    // The views of other rows stand behind this one.
    const bool is_in_reach = is_long ? sizes[parts[2]] - parts[3] >= text_reach : row + 1 < array.length;
    each(std::string_view(text, size), is_in_reach);
  }
}

template <class Each, class Null, class Many>
void read_texts(const ArrowArray& array, text_layout layout, Each each, Null null, Many many) {
  if (array.length == 0) return;
  switch (layout) {
    case text_layout::small: return read_offsets<std::int32_t>(array, many, each, null);
    case text_layout::large: return read_offsets<std::int64_t>(array, many, each, null);
    case text_layout::view: return read_views(array, each, null);
    case text_layout::none:
      for (std::int64_t row = 0; row < array.length; ++row) null();
  }
}
template <class Each, class Null>
void read_texts(const ArrowArray& array, text_layout layout, Each each, Null null) {
  read_texts(array, layout, each, null, [](const char*, const auto*, std::int64_t) { return std::int64_t{0}; });
}

// Texts with offsets. A value is written where room() says, then add() ends it.
template <class Offset>
class offset_text_builder {
 public:
  explicit offset_text_builder(std::int64_t rows, std::size_t bytes) {
    offsets_.reserve((static_cast<std::size_t>(rows) + 1) * sizeof(Offset));
    bytes_.reserve(bytes + 64);
    offsets_.template as<Offset>()[0] = 0;
  }
  char* room(std::size_t most) {
    bytes_.reserve(used_ + most);
    return bytes_.data() + used_;
  }
  void add(std::size_t size) {
    used_ += size;
    if constexpr (sizeof(Offset) == 4)
      if (used_ > 0x7FFFFFFF) throw too_long();
    push();
    valid_.add(true);
  }
  void add_text(std::string_view text) {
    std::memcpy(room(text.size() + 1), text.data(), text.size());
    add(text.size());
  }
  void add_null() {
    push();
    valid_.add(false);
  }
  // Of many rows at once: there is room() for them; where each ends, and where all of them do, behind used().
  Offset* ends(std::size_t rows) {
    const auto next = static_cast<std::size_t>(valid_.rows()) + 1;
    offsets_.reserve((next + rows) * sizeof(Offset));
    return offsets_.template as<Offset>() + next;
  }
  std::size_t used() const noexcept { return used_; }
  void add_many(std::size_t rows, std::size_t end) {
    used_ = end;
    if constexpr (sizeof(Offset) == 4)
      if (used_ > 0x7FFFFFFF) throw too_long();
    valid_.add_valid(rows);
  }
  std::int64_t rows() const noexcept { return valid_.rows(); }
  std::string_view text(std::size_t row) const noexcept {
    const Offset* const ends = offsets_.template as<Offset>() + row;
    return {bytes_.data() + ends[0], static_cast<std::size_t>(ends[1] - ends[0])};
  }
  array_owner take() {
    const std::int64_t rows = valid_.rows(), nulls = valid_.nulls();
    std::vector<byte_buffer> buffers;
    buffers.push_back(valid_.take());
    buffers.push_back(std::move(offsets_));
    buffers.push_back(std::move(bytes_));
    return make_array(rows, nulls, std::move(buffers));
  }

 private:
  static api_error too_long() { return {error_kind::type, "column: more than 2 GiB of text in one array; use large_string, or chunks"}; }
  void push() {
    const auto next = static_cast<std::size_t>(valid_.rows()) + 1;
    offsets_.reserve((next + 1) * sizeof(Offset));
    offsets_.template as<Offset>()[next] = static_cast<Offset>(used_);
  }
  byte_buffer offsets_, bytes_;
  std::size_t used_ = 0;
  validity_builder valid_;
};

// Texts as views; what is longer than a view stands in blocks.
class view_text_builder {
 public:
  explicit view_text_builder(std::int64_t rows, std::size_t) { views_.reserve(16 * static_cast<std::size_t>(rows) + 16); }
  char* room(std::size_t most) {
    most += view_bytes;  // add() reads so much
    if (blocks_.empty() || used_ + most > std::max(blocks_.back().room(), block_bytes)) {
      end_block();
      blocks_.emplace_back();
    }
    blocks_.back().reserve(std::max(block_bytes, most));
    return blocks_.back().data() + used_;
  }
  void add(std::size_t size) {
    // Without branches: how long an address is cannot be foretold.
    constexpr std::size_t longest_inline = 12;
    const char* const text = blocks_.back().data() + used_;
    const bool is_long = size > longest_inline;
    std::uint64_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, text, 8);
    std::memcpy(&last, text + 8, 4);
    const std::uint64_t kept = size < 8 ? (std::uint64_t{1} << (8 * (size & 7))) - 1 : ~std::uint64_t{0};
    const std::uint64_t kept_last = size <= 8 ? 0 : (std::uint64_t{1} << (8 * ((size - 8) & 7))) - 1;
    const std::uint64_t where = (first & 0xFFFFFFFF) | static_cast<std::uint64_t>(blocks_.size() - 1) << 32;
    first = is_long ? where : first & kept;  // a prefix and the number of the block, or the text with zeros behind
    last = is_long ? static_cast<std::uint32_t>(used_) : last & static_cast<std::uint32_t>(kept_last);
    char* const view = next_view();
    const auto bytes = static_cast<std::uint32_t>(size);
    std::memcpy(view, &bytes, 4);
    std::memcpy(view + 4, &first, 8);
    std::memcpy(view + 12, &last, 4);
    used_ += is_long ? size : 0;
    valid_.add(true);
  }
  void add_text(std::string_view text) {
    std::memcpy(room(text.size() + 1), text.data(), text.size());
    add(text.size());
  }
  void add_null() {
    std::memset(next_view(), 0, 16);
    valid_.add(false);
  }
  array_owner take() {
    end_block();
    const std::int64_t rows = valid_.rows(), nulls = valid_.nulls();
    std::vector<byte_buffer> buffers;
    buffers.push_back(valid_.take());
    buffers.push_back(std::move(views_));
    for (byte_buffer& block : blocks_) buffers.push_back(std::move(block));
    byte_buffer sizes;
    sizes.reserve(8 * sizes_.size() + 8);
    std::memcpy(sizes.data(), sizes_.data(), 8 * sizes_.size());
    buffers.push_back(std::move(sizes));
    return make_array(rows, nulls, std::move(buffers));
  }

 private:
  static constexpr std::size_t block_bytes = std::size_t{1} << 20, view_bytes = 16;

  void end_block() {
    if (!blocks_.empty()) sizes_.push_back(static_cast<std::int64_t>(used_));
    used_ = 0;
  }
  char* next_view() {
    const std::size_t at = 16 * static_cast<std::size_t>(valid_.rows());
    views_.reserve(at + 16);
    return views_.data() + at;
  }
  byte_buffer views_;
  std::vector<byte_buffer> blocks_;
  std::vector<std::int64_t> sizes_;
  std::size_t used_ = 0;
  validity_builder valid_;
};

}  // namespace anonlog::python
