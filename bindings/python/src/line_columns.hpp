// line_columns.hpp: plain lines (anonlog/block/written_lines.hpp) as rows of columns, without making records of them.
//
// After anonymisation a field has few different texts. What a text adds to the columns is found out once, by the record that
// it would be part of (output_record::add), and known from then on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog/block/written_lines.hpp>

#include "record_columns.hpp"

namespace anonlog::python {

class line_columns final : public line_sink {
 public:
  explicit line_columns(record_columns& columns) : columns_(columns) {}

  void take_lines(const written_lines& lines) noexcept override try {
    if (columns_.failed()) return;
    if (lines.format >= formats_.size()) formats_.resize(lines.format + 1);
    known_format& known = formats_[lines.format];
    if (known.fields.empty()) learn(lines, known);
    const plain_layout& layout = lines.layout().plain;
    const char* from = lines.text.data();
    for (const char* const end = from + lines.text.size(); from != end;) {
      if (!line_.read(layout, from, end)) return columns_.fail();
      const std::int64_t bucket = lines.bucket_of(line_.stamp());
      if (known.is_joint) add_record(lines, bucket);
      else add_row(known, bucket);
    }
  } catch (...) {
    columns_.fail();
  }

  // The numbers of words begin anew.
  void forget() {
    for (known_format& known : formats_)
      for (known_field& field : known.fields) field.forget();
  }

 private:
  static constexpr std::int64_t most_known = 1 << 20;  // texts of a field

  struct part {
    std::size_t column;
    std::int64_t bits;
  };
  struct known_field {
    std::size_t step = 0;
    const line_step* how = nullptr;
    bool is_wanted = false, is_number = false;
    std::optional<std::size_t> column;  // of a number
    word_numbers texts;
    std::vector<part> parts;
    std::vector<std::uint32_t> ends;    // of the parts of each text
    std::string last;                   // the text before, and its number
    std::int32_t last_number = 0;

    void forget() {
      texts = {};
      parts.clear();
      ends.clear();
      last.clear();
    }
  };
  struct known_format {
    std::vector<known_field> fields;
    bool is_joint = false;  // what one field adds depends on another
  };

  void add_row(known_format& known, std::int64_t bucket) {
    const std::int64_t row = columns_.rows();
    columns_.add_time(bucket);
    for (known_field& field : known.fields) {
      const std::string_view text = line_[field.step];
      if (!field.is_wanted || text.empty() || text == "-") continue;
      if (field.is_number && add_number(field, row, text)) continue;
      if (text != field.last) {
        field.last_number = number_of(field, text);
        field.last.assign(text);
      }
      const auto number = static_cast<std::size_t>(field.last_number);
      for (std::size_t i = number == 0 ? 0 : field.ends[number - 1]; i != field.ends[number]; ++i) columns_[field.parts[i].column].add_bits(row, field.parts[i].bits);
    }
    columns_.end_row();
  }

  // Digits. False: they are too many, which records know how to treat.
  bool add_number(known_field& field, std::int64_t row, std::string_view text) {
    constexpr std::size_t most_digits = 15;
    if (text.size() > most_digits) return false;
    std::int64_t number = 0;
    for (const char c : text) {
      if (c < '0' || c > '9') return false;
      number = number * 10 + (c - '0');
    }
    if (!field.column) {
      begin_record();
      add_to_record(field, text);
      const auto values = record_->values();
      field.column = values.empty() ? record_columns::nowhere : columns_.find(values.front(), 0);
    }
    if (*field.column != record_columns::nowhere) columns_[*field.column].add_number(row, number);
    return true;
  }

  std::int32_t number_of(known_field& field, std::string_view text) {
    if (field.texts.count() == most_known) field.forget();
    const std::int32_t number = field.texts.number_of(text);
    if (static_cast<std::size_t>(number) < field.ends.size()) return number;
    begin_record();
    add_to_record(field, text);
    for (const output_value& value : record_->values()) {
      const std::size_t column = columns_.find(value, 0);
      if (column == record_columns::nowhere) continue;
      if (const auto bits = columns_[column].bits_of(value.text)) field.parts.push_back({column, *bits});
    }
    field.ends.push_back(static_cast<std::uint32_t>(field.parts.size()));
    return number;
  }

  void begin_record() { record_->begin(std::nullopt); }
  void add_to_record(const known_field& field, std::string_view text) {
    const std::size_t from = record_->written().size();
    record_->written().put(text);
    record_->add(field.how->out, raw(field.how->out_name), from);
  }

  // As the exact path does it (record_writer::fill).
  void add_record(const written_lines& lines, std::int64_t bucket) {
    record_->begin(output_time{bucket, lines.zone_seconds});
    for (std::size_t i = 0; i < lines.layout().steps.size(); ++i) {
      const line_step& step = lines.layout().steps[i];
      const std::size_t from = record_->written().size();
      record_->written().put(line_[i]);
      record_->add(step.out, raw(step.out_name), from);
    }
    columns_.take(*record_);
  }

  void learn(const written_lines& lines, known_format& known) {
    const plan& rules = lines.rules;
    if (!record_) record_.emplace(rules.values_bound(rules.longest_line()), rules.rules().text("agent.level") == "full");
    std::vector<std::string> taken;
    const auto& steps = lines.layout().steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].cls == field_class::time) continue;
      known_field field;
      field.step = i;
      field.how = &steps[i];
      for (const std::string& name : names_of(field)) {
        known.is_joint = known.is_joint || std::find(taken.begin(), taken.end(), name) != taken.end();
        taken.push_back(name);
        field.is_wanted = field.is_wanted || columns_.wants(name);
      }
      field.is_number = steps[i].out != nullptr && steps[i].out->type == column_type::integer && steps[i].out->cut == column_cut::whole;
      known.is_joint = known.is_joint || (steps[i].out == &columns::body);
      known.fields.push_back(std::move(field));
    }
  }

  // Every column that a field could stand in.
  std::vector<std::string> names_of(const known_field& field) {
    if (field.how->out == nullptr) return {};
    const auto names = [](std::initializer_list<const column*> all) {
      std::vector<std::string> made;
      for (const column* each : all) made.emplace_back(each->name);
      return made;
    };
    switch (field.how->out->cut) {
      case column_cut::address: return names({field.how->out, &columns::client_port});
      case column_cut::host: return names({field.how->out, &columns::server_port});
      case column_cut::request: return names({&columns::method, &columns::protocol_version, &columns::url_scheme, &columns::url_domain, &columns::url_port, &columns::target, &columns::url_query});
      case column_cut::target: return names({&columns::url_scheme, &columns::url_domain, &columns::url_port, &columns::target, &columns::url_query});
      case column_cut::agent: return names({field.how->out, &columns::agent_name});
      case column_cut::query:
      case column_cut::protocol:
      case column_cut::tls: return names({field.how->out});
      case column_cut::whole:
      case column_cut::time: break;
    }
    begin_record();
    add_to_record(field, "1");
    std::vector<std::string> made;
    for (const output_value& value : record_->values()) made.push_back(std::string(value.name()).append(value.own_name));
    return made;
  }

  record_columns& columns_;
  std::vector<known_format> formats_;
  std::optional<output_record> record_;
  written_line line_;
};

}  // namespace anonlog::python
