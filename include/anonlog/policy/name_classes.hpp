// policy/name_classes.hpp: the class of a field that is named in its line, by the policy and by the built-in names.
//
// The names of a log are few and come again with every line, so they are remembered; how many is bounded, for a client may
// choose some of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/format/well_known_names.hpp>
#include <anonlog/output/column_table.hpp>
#include <anonlog/policy/policy.hpp>
#include <anonlog/policy/protection.hpp>
#include <anonlog/transform/calendar.hpp>
#include <anonlog/transform/identifier_rules.hpp>

namespace anonlog {

struct name_class {
  field_class cls = field_class::drop;
  keep_form form = keep_form::any;
  grammar_field::privacy_signal signal = grammar_field::privacy_signal::none;
  bool is_known = false;     // named by the policy or by a program's documentation
  bool may_be_line = false;  // a string that may be a line of a log
  const column* out = nullptr;  // in shapes of output that are not the line's own; nullptr: nowhere
  bool may_be_client = false;  // `host`: the client's, where no other field of the line is one
  bool may_be_time = false;    // a duration's name; others call the time of the record so
  bool is_listed_header = false;  // what else stands in this line says so (policy/listed_headers.hpp)
  bool is_form_encoded = false;  // its program writes `+` for a blank and `%HH` for the rest

  friend bool operator==(const name_class&, const name_class&) = default;
};

inline constexpr std::string_view rsyslog_variables = "$!";  // a member that holds what its parsers found in a message

// What an output may hold (SPEC 4.1, P4), but for the marks of a query: `/a?token=x` and `token=x` are no names.
inline constexpr byte_set writable_name_bytes(" !#$%&'()*+,-./:;<>@[]^_`{|}~");

// A member's name that may be written as it stands (CLI.md 5): no identifier in the whole of it, nor in what stands between two
// slashes, as in a path; and neither a path from the root, nor a URL, nor anything that is encoded.
inline bool is_writable_name(raw decoded) noexcept {
  constexpr std::size_t longest = 64, most_blanks = 2;  // a sentence is no name: where clients choose names, they may write one
  if (decoded.empty() || decoded.size() > longest || !all_of(decoded, writable_name_bytes)) return false;
  if (static_cast<std::size_t>(std::count(decoded.begin(), decoded.end(), ' ')) > most_blanks) return false;
  if (holds_identifier(decoded) || holds_percent_escape(decoded) || decoded.front() == '~') return false;
  for (std::size_t from = 0, slash = decoded.find('/'); from != 0 || slash != raw::npos; slash = decoded.find('/', from)) {
    const std::size_t end = std::min(slash, decoded.size());
    const raw part = decoded.sub(from, end - from);
    const bool is_user = from != 0 && !part.empty() && (part.front() == '~' || part.front() == '@');
    if (is_user || (part.empty() && end != decoded.size()) || holds_identifier(part)) return false;
    if (end == decoded.size()) break;
    from = end + 1;
  }
  return true;
}

// A stamp that says when something was, and not how long it took; none is shorter than that. A time of day without its date
// could be either.
inline constexpr std::size_t shortest_calendar_stamp = 19;
inline bool is_calendar_stamp(raw text) noexcept {
  timestamp stamp;
  return text.size() >= shortest_calendar_stamp && read_timestamp(text, stamp) && stamp.form != time_form::epoch && stamp.has_year;
}

// Belongs to one stream.
class name_classes {
 public:
  name_classes(const policy& rules, const protection& how) : rules_(rules), how_(how) {}
  name_classes(const name_classes&) = delete;
  name_classes& operator=(const name_classes&) = delete;
  ~name_classes() {
    for (name_table& known : known_) forget(known);
  }

  // Before the names of a line, which are mostly those of the line before, in the same order.
  void begin_line(line_syntax syntax) noexcept {
    if (syntax != order_syntax_) in_order_.clear();
    order_syntax_ = syntax;
    next_ = 0;
  }

  // Of the field with this path, joined by `.`; "" is the path of a field that nobody knows. Throws std::bad_alloc.
  name_class of(line_syntax syntax, std::string_view path) {
    const std::size_t place = next_++;
    if (syntax != order_syntax_ || place >= most_in_order) return find(syntax, path).second;
    if (place < in_order_.size() && in_order_[place]->first == path) return in_order_[place]->second;
    const name_table::value_type& found = find(syntax, path);
    if (place < in_order_.size()) in_order_[place] = &found;
    else if (place == in_order_.size()) in_order_.push_back(&found);
    return found.second;
  }

 private:
  static constexpr std::size_t most_known = 1024, most_in_order = 256;

  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  using name_table = std::unordered_map<std::string, name_class, text_hash, std::equal_to<>>;

  const name_table::value_type& find(line_syntax syntax, std::string_view path) {
    name_table& known = known_[static_cast<std::size_t>(syntax)];
    if (const auto found = known.find(path); found != known.end()) return *found;
    if (known.size() == most_known) {
      in_order_.clear();
      forget(known);
    }
    return *known.emplace(std::string(path), look_up(syntax, path)).first;
  }

  // A client may have chosen some of the names.
  static void forget(name_table& known) noexcept {
    for (const auto& [name, of] : known) wipe(const_cast<char*>(name.data()), name.size());
    known.clear();
  }

  name_class look_up(line_syntax syntax, std::string_view path) const {
    if (path.empty()) return {};
    if (path.starts_with("$!.")) path.remove_prefix(rsyslog_variables.size() + 1);
    const grammar_field field = well_known_field(syntax, path);
    std::optional<field_class> wanted = rules_.class_of(field.name);
    if (!wanted && !field.alias.empty()) wanted = rules_.class_of(field.alias);
    name_class made{.cls = wanted.value_or(field.cls),
                    .form = wanted ? keep_form::any : field.form,
                    .signal = field.signal,
                    .is_known = wanted.has_value() || field.cls != field_class::drop || field.signal != grammar_field::privacy_signal::none};
    made.may_be_client = !wanted && name_in_holder(path) == "host";
    made.may_be_time = !wanted && made.cls == field_class::duration;
    made.is_form_encoded = is_form_encoded(syntax, path);
    made.may_be_line = !wanted && syntax == line_syntax::json && may_hold_line(path);
    if (!wanted && how_.is_session_cookie(field.cookie)) made.cls = field_class::session;
    made.out = column_of(made.cls, made.form, name_in_holder(path), field.alias);
    return made;
  }

  const policy& rules_;
  const protection& how_;
  std::array<name_table, line_syntax_count> known_;  // by line_syntax
  std::vector<const name_table::value_type*> in_order_;  // of the line before, all of one syntax
  line_syntax order_syntax_ = line_syntax::pattern;
  std::size_t next_ = 0;
};

}  // namespace anonlog
