// format/grammar_builder.hpp: puts constants and fields together and checks that every line can be read back.
//
// A pattern is refused when a reader could not tell where a field ends: two fields that touch, a backslash as text of
// its own (it would look like an escape), a line feed, a quote that is never closed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/format/grammar.hpp>
#include <anonlog/format/pattern_text.hpp>

namespace anonlog {

class grammar_builder {
 public:
  explicit grammar_builder(dialect escapes) {
    made_.escapes = escapes;
    made_.literals.emplace_back();
  }

  void add_text(char c, std::size_t column) {
    if (c == '\\' && !error_)
      error_ = pattern_error(column, "a backslash cannot be told from an escape; leave it out of the pattern");
    if (c == '\n' && !error_) error_ = pattern_error(column, "a line feed ends the line; leave it out of the pattern");
    made_.literals.back().push_back(c);
    last_column_ = column;
  }

  void add_field(grammar_field field, std::size_t column) {
    // nginx writes `?` and the arguments as two variables; together they are one query.
    if (!made_.fields.empty() && made_.literals.back().empty() && field.cls == field_class::query &&
        field.shape == field_shape::any && made_.fields.back().shape == field_shape::question_mark) {
      field.shape = field_shape::query;
      field.begins_with = "?";
      field.may_be_empty = true;
      made_.fields.back() = std::move(field);
      return;
    }
    made_.fields.push_back(std::move(field));
    made_.literals.emplace_back();
    columns_.push_back(column);
    last_column_ = column;
  }

  result<grammar> finish(std::string name) {
    if (error_) return *error_;
    if (made_.fields.empty())
      return pattern_error(1, "no field in this pattern; nginx writes $remote_addr, Apache %h");
    if (made_.fields.size() > max_fields)
      return pattern_error(columns_[max_fields], "more than " + std::to_string(max_fields) + " fields");
    for (std::size_t i = 0; i + 1 < made_.fields.size(); ++i)
      if (made_.literals[i + 1].empty() && !can_touch(made_.fields[i], made_.fields[i + 1]))
        return pattern_error(columns_[i + 1], "nothing tells where " + made_.fields[i].name + " ends and " +
                                                  made_.fields[i + 1].name + " begins; put a blank or a quote between");
    made_.name = std::move(name);
    if (auto problem = cut_at_quotes()) return *problem;
    return std::move(made_);
  }

 private:
  // Two fields may touch when the second begins with a byte that the first never holds.
  static bool can_touch(grammar_field& first, const grammar_field& second) {
    if (second.begins_with.empty()) return false;
    const auto shape = first.shape;
    const bool has_no_slash = shape == field_shape::host || shape == field_shape::client ||
                              shape == field_shape::status || shape == field_shape::number ||
                              shape == field_shape::time_epoch || shape == field_shape::time_iso ||
                              first.form == keep_form::method || first.form == keep_form::scheme;
    // A path holds a decoded `?` at most: then more of it is read as query, and less comes out.
    const bool is_before_query = second.begins_with == "?" && (first.cls == field_class::path || has_no_slash);
    if (!has_no_slash && !is_before_query) return false;
    first.stops_before = second.begins_with;
    return true;
  }

  std::optional<setup_error> cut_at_quotes() {
    bool is_quoted = false;
    made_.zones.push_back({.literals = {""}});
    for (std::size_t i = 0; i < made_.literals.size(); ++i) {
      for (char c : made_.literals[i]) {
        if (c != '"') {
          made_.zones.back().literals.back().push_back(c);
          continue;
        }
        is_quoted = !is_quoted;
        made_.zones.push_back({.first_field = i, .literals = {""}, .is_quoted = is_quoted});
      }
      if (i == made_.fields.size()) break;
      made_.fields[i].is_quoted = is_quoted;
      made_.zones.back().literals.emplace_back();
    }
    if (is_quoted) return pattern_error(last_column_, "a quote is opened and never closed");
    if (made_.zones.size() > max_quotes) return pattern_error(last_column_, "too many quotes");
    for (grammar_zone& zone : made_.zones)
      zone.is_one_field = zone.is_quoted && zone.field_count() == 1 && zone.literals[0].empty() && zone.literals[1].empty();
    for (grammar_zone& zone : made_.zones) {
      zone.doubt_from = doubt_from(zone);
      find_absent_names(zone);
    }
    if (fields_in_front(made_.zones.front()) == 2) made_.fields[1].may_be_empty = true;  // a host without its port: `www.example.com: 203.0.113.7`
    for (std::size_t i = 0; i < made_.fields.size(); ++i)
      if (made_.fields[i].shape == field_shape::ident) made_.ident = i;
    for (std::size_t i = 1; i < made_.fields.size(); ++i)
      made_.has_client_behind = made_.has_client_behind || made_.fields[i].shape == field_shape::client;
    return std::nullopt;
  }

  // What a client writes, or might: it can hold what separates fields.
  static bool is_client_text(const grammar_field& field) noexcept {
    switch (field.cls) {
      case field_class::time:
      case field_class::bytes:
      case field_class::duration:
      case field_class::port:
      case field_class::upstream:
      case field_class::keep: return false;
      case field_class::ip: return field.shape != field_shape::client && field.shape != field_shape::peer;
      default: return true;
    }
  }

  void find_absent_names(grammar_zone& zone) const {
    const std::size_t count = zone.field_count(), client = fields_in_front(zone);
    if (zone.is_quoted || count < client + 2 || (zone.doubt_from != 0 && client == 0) || !zone.literals[0].empty()) return;
    const grammar_field* const fields = made_.fields.data() + zone.first_field;
    if (fields[client].shape != field_shape::client || fields[count - 1].shape != field_shape::time_clf) return;
    std::string text;
    for (std::size_t i = client + 1; i < count; ++i) {
      if (i + 1 < count && fields[i].shape != field_shape::any && fields[i].shape != field_shape::ident) return;
      text += zone.literals[i] + (i + 1 < count ? "-" : "");
    }
    if (!text.starts_with(' ')) return;
    zone.absent_names = text;
    zone.fields_in_front = client;
  }

  // `%v ` or `%v:%p ` at the begin of a line.
  std::size_t fields_in_front(const grammar_zone& zone) const noexcept {
    const grammar_field* const fields = made_.fields.data() + zone.first_field;
    if (zone.field_count() < 3 || fields[0].cls != field_class::vhost || fields[0].shape != field_shape::host) return 0;
    if (zone.literals[1] == " ") return 1;
    const bool has_port = zone.literals[1] == ":" && zone.literals[2] == " " && fields[1].cls == field_class::keep && fields[1].form == keep_form::number;
    return has_port ? 2 : 0;
  }

  std::size_t doubt_from(const grammar_zone& zone) const noexcept {
    std::size_t first = 0;
    for (std::size_t i = 0; i < zone.field_count(); ++i) {
      const grammar_field& field = made_.fields[zone.first_field + i];
      if (first != 0 && is_let_through(field.cls)) return first;
      if (first == 0 && is_client_text(field)) first = i + 1;
    }
    return 0;
  }

  grammar made_;
  std::vector<std::size_t> columns_;
  std::size_t last_column_ = 1;
  std::optional<setup_error> error_;
};

}  // namespace anonlog
