// output/output_record.hpp: one line as a record: what it says, as named and typed values, without the line's own shape.
//
// The per-field loops fill it with exactly what they would have written into the line; a sink turns it into text
// (output/json_lines.hpp, output/line_protocol.hpp) or into columns. What is absent, or was dropped, is not in it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/output/column.hpp>

namespace anonlog {

struct output_value {
  const column* what = nullptr;
  std::string_view own_name;  // behind the column's, where it is not standard
  std::string_view text;      // of a number: digits, perhaps a point and digits, no zero in front that says nothing

  // As it is called: `name() + own_name`.
  std::string_view name() const noexcept { return what->name; }
};

// The bucket of a record, and the zone that its stamp was written in.
struct output_time {
  std::int64_t unix_seconds = 0;
  std::int32_t zone_seconds = 0;
};

// Belongs to one stream.
class output_record {
 public:
  static constexpr std::size_t most_values = 256;
  static constexpr std::size_t longest_name = 64;  // of what a format calls a field
  static constexpr std::size_t names_bytes = most_values * longest_name;

  // `values_bytes`: the most that the values of a line may take. Throws std::bad_alloc.
  output_record(std::size_t values_bytes, bool has_full_agents)
      : bytes_(new char[values_bytes + names_bytes]), room_(values_bytes + names_bytes), has_full_agents_(has_full_agents), written_(bytes_.get(), room_) {}

  void begin(std::optional<output_time> time) noexcept {
    written_ = writer(bytes_.get(), room_);
    count_ = 0;
    time_ = time;
    is_time_named_ = false;
  }

  std::span<const output_value> values() const noexcept { return {values_.data(), count_}; }
  const std::optional<output_time>& time() const noexcept { return time_; }
  bool overflowed() const noexcept { return written_.overflowed(); }

  // Where values are written before they are added.
  writer& written() noexcept { return written_; }

  // Adds what was written since `from`. `field`: what the format calls it. nullptr: it has no column.
  void add(const column* what, raw field, std::size_t from) noexcept {
    const std::string_view text = written_.text(from);
    if (what == nullptr || is_absent(text)) return;
    if (what->cut == column_cut::time) return add_time(field, text);
    if (what->cut == column_cut::request) return add_request(text);
    const std::string_view own = own_name(*what, field);
    if (is_taken(*what, own)) {
      const column* const other = own_column_of(*what);
      if (other != nullptr) add_whole(*other, own_name(*other, field), text);
      return;
    }
    add_cut(*what, own, text);
  }

 private:
  static bool is_absent(std::string_view text) noexcept { return text.empty() || text == "-"; }

  static bool is_same_name(const output_value& a, std::string_view name, std::string_view own) noexcept {
    if (a.name().size() + a.own_name.size() != name.size() + own.size()) return false;
    if (a.name() == name) return a.own_name == own;
    const auto at = [](std::string_view first, std::string_view second, std::size_t i) { return i < first.size() ? first[i] : second[i - first.size()]; };
    for (std::size_t i = 0; i < name.size() + own.size(); ++i)
      if (at(a.name(), a.own_name, i) != at(name, own, i)) return false;
    return true;
  }

  bool is_taken(const column& what, std::string_view own) const noexcept {
    for (const output_value& value : values())
      if (is_same_name(value, what.name, own)) return true;
    return false;
  }

  // The name of a known field, of letters, digits and `_.@-`; one that is longer than any known field's is left out.
  std::string_view own_name(const column& what, raw field) noexcept {
    constexpr byte_set may_hold("_.@-");
    if (what.called == column_name::standard) return {};
    if (what.called == column_name::of_header) {
      if (const std::size_t dot = field.rfind('.'); dot != raw::npos) field = field.sub(dot + 1);
      if (field.starts_with("http_")) field = field.sub(5);
    }
    if (field.empty() || field.size() > longest_name) return {};
    std::array<char, longest_name> name;
    for (std::size_t i = 0; i < field.size(); ++i) {
      const unsigned char c = field[i];
      name[i] = what.called == column_name::of_header ? (c == '_' ? '-' : to_lower(c)) : static_cast<char>(c);
      if (!may_hold(c)) name[i] = '_';
    }
    const std::size_t from = written_.size();
    written_.release(raw(name.data(), field.size()));
    return written_.text(from);
  }

  void add_whole(const column& what, std::string_view own, std::string_view text) noexcept {
    if (is_absent(text) || (what.called != column_name::standard && own.empty())) return;
    if (what.type != column_type::text && !read_number(what.type, text)) return;
    if (count_ == most_values || is_taken(what, own)) return;
    values_[count_++] = {&what, own, text};
  }
  void add_part(const column& what, std::string_view text) noexcept { add_whole(what, {}, text); }

  // Digits, and where they are allowed a point and digits; without the zeros in front that no JSON number has.
  static bool read_number(column_type type, std::string_view& text) noexcept {
    constexpr std::size_t most_digits = 18;
    while (text.size() > 1 && text[0] == '0' && is_digit(static_cast<unsigned char>(text[1]))) text.remove_prefix(1);
    if (text.size() > most_digits) return false;
    std::size_t points = 0;
    for (const char c : text) {
      if (c == '.') ++points;
      else if (!is_digit(static_cast<unsigned char>(c))) return false;
    }
    const bool has_ends = text.front() != '.' && text.back() != '.';
    return has_ends && points <= (type == column_type::real ? 1U : 0U);
  }

  // Of several time fields the first one is the record's, whose bucket is its time.
  void add_time(raw field, std::string_view text) noexcept {
    const bool is_first = time_ && !is_time_named_;
    is_time_named_ = true;
    if (!is_first) add_whole(columns::own_text, own_name(columns::own_text, field), text);
  }

  void add_cut(const column& what, std::string_view own, std::string_view text) noexcept {
    switch (what.cut) {
      case column_cut::address: return add_with_port(what, columns::client_port, text);
      case column_cut::host: return add_with_port(what, columns::server_port, text);
      case column_cut::target: return add_target(text);
      case column_cut::query: return add_part(what, text.starts_with('?') ? text.substr(1) : text);
      case column_cut::protocol: {  // a tag of the line protocol: others could be a client's
        const std::string_view number = text.starts_with("HTTP/") ? text.substr(5) : text;
        for (const std::string_view known : {"0.9", "1.0", "1.1", "2", "2.0", "3", "3.0"})
          if (number == known) add_part(what, number);
        return;
      }
      case column_cut::tls: return add_part(what, text.starts_with("TLSv") ? text.substr(4) : text);
      case column_cut::agent:
        add_part(what, text);
        if (!has_full_agents_) add_part(columns::agent_name, text.substr(0, std::min(text.find('/'), text.find(" ("))));
        return;
      case column_cut::whole:
      case column_cut::request:
      case column_cut::time: break;
    }
    add_whole(what, own, text);
  }

  // `host:port` and `[v6]:port`; a bare IPv6 address has no port.
  void add_with_port(const column& what, const column& port, std::string_view text) noexcept {
    const std::size_t colon = text.rfind(':');
    const bool is_bracketed = text.starts_with('[') && colon != std::string_view::npos && colon > 1 && text[colon - 1] == ']';
    const bool is_only = colon != std::string_view::npos && text.find(':') == colon;
    const std::string_view digits = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    const bool has_port = (is_bracketed || is_only) && !digits.empty() && digits.size() <= 5 && all_of(raw(digits), is_digit);
    if (!has_port) return add_part(what, text);
    add_part(what, is_bracketed ? text.substr(1, colon - 2) : text.substr(0, colon));
    add_part(port, digits);
  }

  // As it is written (transform/request_line.hpp): three words.
  void add_request(std::string_view text) noexcept {
    const std::size_t first = text.find(' '), last = text.rfind(' ');
    if (first == std::string_view::npos || first == last) return;
    add_part(columns::method, text.substr(0, first));
    add_target(text.substr(first + 1, last - first - 1));
    add_cut(columns::protocol_version, {}, text.substr(last + 1));
  }

  void add_target(std::string_view text) noexcept {
    if (const std::size_t scheme = text.find("://"); !text.starts_with('/') && scheme != std::string_view::npos) {
      add_part(columns::url_scheme, text.substr(0, scheme));
      text.remove_prefix(scheme + 3);
      const std::size_t path = std::min(text.find('/'), text.size());
      const std::string_view authority = text.substr(0, path);
      const std::size_t port = authority.rfind(':');
      const bool has_port = port != std::string_view::npos && authority.find(']', port) == std::string_view::npos;
      add_part(columns::url_domain, authority.substr(0, has_port ? port : authority.size()));
      if (has_port) add_part(columns::url_port, authority.substr(port + 1));
      text.remove_prefix(path);
    }
    const std::size_t mark = std::min(text.find('?'), text.size());
    add_part(columns::target, text.substr(0, mark));
    if (mark != text.size()) add_part(columns::url_query, text.substr(mark + 1));
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t room_;
  bool has_full_agents_;
  writer written_;
  std::array<output_value, most_values> values_;
  std::size_t count_ = 0;
  std::optional<output_time> time_;
  bool is_time_named_ = false;
};

}  // namespace anonlog
