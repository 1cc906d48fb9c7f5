// record_columns.hpp: records (anonlog/output/output_record.hpp) as Arrow columns: one record a row, one column a name.
//
// Times are timestamps in seconds of UTC, a status 16 bits, other integers 64, fractions doubles. Texts are numbered in a
// dictionary: after anonymisation few different ones are left, and most columns shrink to their numbers. Only `body` is not.
#pragma once

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <anonlog/output/record_sink.hpp>

#include "arrow_text.hpp"

namespace anonlog::python {

enum class row_type : unsigned char { timestamp, status, integer, real, words, text };

inline const char* format_of(row_type type) {
  switch (type) {
    case row_type::timestamp: return "tss:UTC";
    case row_type::status: return "s";
    case row_type::integer: return "l";
    case row_type::real: return "g";
    case row_type::words: return "i";
    case row_type::text: break;
  }
  return "U";
}

// Numbers the texts of a column; open addressing, since this is what each value of a log costs.
class word_numbers {
 public:
  std::int32_t number_of(std::string_view text) {
    if (2 * (ends_.size() + 1) > slots_.size()) grow();
    const std::size_t hash = std::hash<std::string_view>{}(text);
    const auto mark = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      if (slots_[at].number < 0) {
        slots_[at] = {add(text, hash), mark};
        return slots_[at].number;
      }
      if (slots_[at].mark == mark && text_of(slots_[at].number) == text) return slots_[at].number;
    }
  }
  std::int64_t count() const noexcept { return static_cast<std::int64_t>(ends_.size()); }
  std::size_t bytes() const noexcept { return texts_.size(); }

  // In the order of the numbers; begins anew.
  array_owner take() {
    offset_text_builder<std::int64_t> made(count(), texts_.size());
    for (std::int32_t i = 0; i < count(); ++i) made.add_text(text_of(i));
    *this = {};
    return made.take();
  }

 private:
  std::size_t mask() const noexcept { return slots_.size() - 1; }
  std::string_view text_of(std::int32_t number) const noexcept {
    const auto at = static_cast<std::size_t>(number);
    const std::size_t from = at == 0 ? 0 : ends_[at - 1];
    return std::string_view(texts_).substr(from, ends_[at] - from);
  }
  std::int32_t add(std::string_view text, std::size_t hash) {
    if (ends_.size() == static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) throw std::bad_alloc();
    texts_.append(text);
    ends_.push_back(texts_.size());
    hashes_.push_back(hash);
    return static_cast<std::int32_t>(ends_.size() - 1);
  }
  void grow() {
    slots_.assign(std::max<std::size_t>(64, 2 * slots_.size()), {});
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      std::size_t at = hashes_[i] & mask();
      while (slots_[at].number >= 0) at = (at + 1) & mask();
      slots_[at] = {static_cast<std::int32_t>(i), static_cast<std::uint32_t>(hashes_[i] >> 32)};
    }
  }

  std::string texts_;
  std::vector<std::size_t> ends_, hashes_;
  struct slot {
    std::int32_t number = -1;  // none
    std::uint32_t mark = 0;    // of its text's hash
  };
  std::vector<slot> slots_;
};

class row_column {
 public:
  row_column(std::string name, row_type type) : name_(std::move(name)), type_(type) {}

  const std::string& name() const noexcept { return name_; }
  row_type type() const noexcept { return type_; }

  void add_number(std::int64_t row, std::int64_t number) {
    fill_to(row);
    if (type_ == row_type::status) {
      const bool fits = number >= 0 && number <= std::numeric_limits<std::int16_t>::max();
      push(static_cast<std::int16_t>(fits ? number : 0), fits);
    } else {
      push(number, true);
    }
  }
  void add_text(std::int64_t row, std::string_view text) {
    if (type_ == row_type::text) {
      fill_to(row);
      return texts_->add_text(text);
    }
    if (const auto bits = bits_of(text)) add_bits(row, *bits);
  }

  // What a text is in this column, if it is anything; not in one of texts. Of words it is good until the column begins anew.
  std::optional<std::int64_t> bits_of(std::string_view text) {
    const char* const end = text.data() + text.size();
    switch (type_) {
      case row_type::status:
      case row_type::integer: {
        std::int64_t number = 0;
        if (std::from_chars(text.data(), end, number).ptr == end) return number;
        break;
      }
      case row_type::real: {
        double number = 0;
        if (std::from_chars(text.data(), end, number).ptr == end) return std::bit_cast<std::int64_t>(number);
        break;
      }
      case row_type::words: return words_.number_of(text);
      case row_type::timestamp:
      case row_type::text: break;
    }
    return std::nullopt;
  }
  void add_bits(std::int64_t row, std::int64_t bits) {
    if (type_ != row_type::words) return add_number(row, bits);  // of a fraction these are its bits
    fill_to(row);
    push(static_cast<std::int32_t>(bits), true);
  }

  schema_owner schema() const {
    if (type_ != row_type::words) return make_schema(format_of(type_), name_);
    schema_owner words = make_schema("U", "");
    return make_schema("i", name_, {}, &words);
  }

  // The column of so many rows; begins anew.
  array_owner take(std::int64_t rows) {
    fill_to(rows);
    if (type_ == row_type::text) {
      array_owner made = texts_->take();
      texts_ = std::make_unique<offset_text_builder<std::int64_t>>(0, 0);
      return made;
    }
    const std::int64_t nulls = valid_.nulls();
    std::vector<byte_buffer> buffers;
    buffers.push_back(valid_.take());
    buffers.push_back(std::move(numbers_));
    valid_ = {};
    numbers_ = {};
    if (type_ != row_type::words) return make_array(rows, nulls, std::move(buffers));
    array_owner words = words_.take();
    return make_array(rows, nulls, std::move(buffers), {}, &words);
  }

 private:
  void fill_to(std::int64_t row) {
    if (type_ == row_type::text) {
      while (texts_->rows() < row) texts_->add_null();
      return;
    }
    while (valid_.rows() < row) {
      if (type_ == row_type::status) push(std::int16_t{0}, false);
      else if (type_ == row_type::words) push(std::int32_t{0}, false);
      else push(std::int64_t{0}, false);
    }
  }
  template <class Number>
  void push(Number number, bool is_valid) {
    const auto at = static_cast<std::size_t>(valid_.rows());
    numbers_.reserve((at + 1) * sizeof(Number));
    numbers_.as<Number>()[at] = number;
    valid_.add(is_valid);
  }

  std::string name_;
  row_type type_;
  validity_builder valid_;
  byte_buffer numbers_;
  word_numbers words_;
  std::unique_ptr<offset_text_builder<std::int64_t>> texts_ = std::make_unique<offset_text_builder<std::int64_t>>(0, 0);
};

class record_columns final : public record_sink {
 public:
  // `wanted`: the only columns there are, or none: those that come.
  explicit record_columns(const std::vector<std::string>& wanted) : is_restricted_(!wanted.empty()) {
    for (const std::string& name : wanted) wanted_.emplace(name, false);
    if (wants(columns::timestamp.name)) columns_.emplace_back(std::string(columns::timestamp.name), row_type::timestamp), has_time_ = true;
    if (has_time_) places_.emplace(columns::timestamp.name, 0);
  }

  void take(const output_record& record) noexcept override try {
    if (failed_) return;
    if (record.time()) add_time(record.time()->unix_seconds);
    std::size_t guess = has_time_ ? 1 : 0;
    for (const output_value& value : record.values()) {
      if (const std::size_t at = find(value, guess); at != nowhere) {
        columns_[at].add_text(rows_, value.text);
        guess = at + 1;
      }
    }
    end_row();
  } catch (...) {
    fail();
  }

  // The same step by step, for a row that was no record.
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  bool wants(std::string_view name) const { return !is_restricted_ || wanted_.count(std::string(name)) != 0; }
  row_column& operator[](std::size_t column) noexcept { return columns_[column]; }
  void add_time(std::int64_t unix_seconds) {
    if (has_time_) columns_.front().add_number(rows_, unix_seconds);
  }
  void end_row() noexcept { ++rows_; }
  void fail() noexcept { failed_ = true; }  // no memory; said when the rows are asked for

  // The column of a value, or nowhere. Values come in the order of the columns, mostly.
  std::size_t find(const output_value& value, std::size_t guess) {
    const row_type type = type_of(*value.what);
    if (guess < columns_.size() && is_it(columns_[guess], value, type)) return guess;
    std::string name(value.name());
    name += value.own_name;
    const auto known = places_.find(name);
    if (known != places_.end()) {
      if (known->second == nowhere || columns_[known->second].type() == type) return known->second;
      // One name, two types: the second column says which it is.
      name += type == row_type::words || type == row_type::text ? ".text" : type == row_type::real ? ".real" : ".integer";
      if (const auto other = places_.find(name); other != places_.end()) return other->second;
    }
    return add(name, type);
  }

  std::int64_t rows() const noexcept { return rows_; }
  bool failed() const noexcept { return failed_; }
  // Names of columns that came after the columns were fixed.
  const std::vector<std::string>& left_out() const noexcept { return left_out_; }

  // From here on no column is added.
  void fix() noexcept { is_fixed_ = true; }

  schema_owner schema() const {
    std::vector<schema_owner> children;
    for (const row_column& column : columns_) children.push_back(column.schema());
    return make_schema("+s", "", std::move(children));
  }
  array_owner take_rows() {
    if (failed_) throw api_error{error_kind::memory, "not enough memory for the columns"};
    std::vector<array_owner> children;
    for (row_column& column : columns_) children.push_back(column.take(rows_));
    std::vector<byte_buffer> buffers(1);  // every row is there
    array_owner made = make_array(std::exchange(rows_, 0), 0, std::move(buffers), std::move(children));
    return made;
  }

 private:
  static row_type type_of(const column& what) {
    if (&what == &columns::status || what.name == columns::status.name) return row_type::status;
    switch (what.type) {
      case column_type::integer: return row_type::integer;
      case column_type::real: return row_type::real;
      case column_type::text: break;
    }
    return what.name == columns::body.name ? row_type::text : row_type::words;
  }

  static bool is_it(const row_column& column, const output_value& value, row_type type) noexcept {
    const std::string_view name = column.name(), own = value.own_name;
    return column.type() == type && name.size() == value.name().size() + own.size() && name.substr(0, value.name().size()) == value.name() &&
           name.substr(value.name().size()) == own;
  }
  std::size_t add(const std::string& name, row_type type) {
    const bool is_wanted = wants(name);
    if (!is_wanted || is_fixed_) {
      if (is_wanted) left_out_.push_back(name);
      places_.emplace(name, nowhere);
      return nowhere;
    }
    columns_.emplace_back(name, type);
    places_.emplace(name, columns_.size() - 1);
    return columns_.size() - 1;
  }

  std::vector<row_column> columns_;
  std::unordered_map<std::string, std::size_t> places_;
  std::unordered_map<std::string, bool> wanted_;
  std::vector<std::string> left_out_;
  std::int64_t rows_ = 0;
  bool is_restricted_ = false, is_fixed_ = false, has_time_ = false, failed_ = false;
};

}  // namespace anonlog::python
