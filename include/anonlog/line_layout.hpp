// line_layout.hpp: what a plan has compiled for one format: the steps that every line goes through, and how a plain line
// is read at a glance.
//
// Most lines of a log are plain: an address (or a virtual host in front of one), no ident, a stamp like the one before, a
// request, numbers, quoted fields, and not one backslash. Of those a kernel (block/) knows by position where everything is. The grammar says here, once, whether
// a format has such lines and what their parts are; any other line takes the exact path (format/split.hpp and
// record_writer.hpp), which defines what comes out of a plain line too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include <anonlog/core/field_class.hpp>
#include <anonlog/format/grammar.hpp>
#include <anonlog/format/shape.hpp>
#include <anonlog/output/column.hpp>
#include <anonlog/policy/protection.hpp>

namespace anonlog {

// What to do with one field of a line.
struct line_step {
  std::string literal_before;
  field_class cls = field_class::drop;
  keep_form form = keep_form::any;
  grammar_field::privacy_signal signal = grammar_field::privacy_signal::none;
  char delimiter = 0;             // a byte that ends the slot and could be in its output; 0: none
  bool is_port_of_vhost = false;  // the second field of `%v:%p` in a named format
  bool undoes_delimiter = false;  // reading undoes what writing escapes
  std::string name;
  const column* out = nullptr;  // in shapes of output that are not the line's own; nullptr: nowhere
  std::string out_name;         // what the column calls it, if that is the field's own name
};

// Targets of requests are remembered under a kind of their own: they hold no blank.
inline constexpr std::uint8_t request_target_kind = 0x40;

// A quoted field of a plain line, and what stands between its closing quote and the next one or the end of the line.
struct plain_part {
  enum class field : unsigned char {
    request,     // method, target and protocol; the target is looked up
    path,        // the same where paths are kept and queries dropped: the target is cut
    remembered,  // looked up as a whole
    referrer,    // at level origin: the site, if it is a plain one
    other,       // by its transform
  };
  enum class rest : unsigned char {
    constant,    // nothing of the log
    numbers,     // blanks and numbers
  };
  struct number {
    std::uint8_t width = 0;        // of a status 3; 0: any
    std::uint8_t kept_digits = 0;  // significant ones; 0: all
    field_class cls = field_class::keep;
  };
  static constexpr std::size_t most_numbers = 8, most_digits = 15, longest_constant = 8;

  field what = field::other;
  rest behind = rest::constant;
  field_class cls = field_class::drop;
  std::uint8_t step = 0;       // of the quoted field
  std::uint8_t memo_kind = 0;  // under which it is remembered
  std::uint8_t look_up = 0;    // which of the looked-up parts of the line this is
  bool is_last = false;        // no quote follows

  std::array<char, 8> constant{};  // with both quotes, or the one
  std::uint8_t constant_bytes = 0;
  std::uint64_t constant_mask = 0;  // of the bytes that count, as they are loaded

  std::uint8_t number_count = 0;
  std::uint8_t first_number = 0;  // its step; the others follow
  std::array<number, most_numbers> numbers{};
  bool begins_with_blank = false, ends_with_blank = false;
  bool cuts_digits = false;  // of any of the numbers
  // Without looking at the numbers one by one: where blanks stand because the first one has its width, and up to how many
  // bytes in all no number has too many digits; 0: they are looked at.
  std::uint32_t first_borders = 0, first_borders_mask = 0;
  std::uint32_t most_bytes_at_once = 0;

  bool is_looked_up() const noexcept { return what == field::request || what == field::remembered; }
};

struct plain_layout {
  static constexpr std::size_t most_look_ups = 3, longest_head = 64, most_quotes = 32;

  bool is_possible = false;
  std::size_t quotes = 0;        // of a line
  std::size_t front_steps = 0;   // a virtual host in front of the address: 1; and its port: 2
  bool is_front_guessed = false; // it is a host only before an address that is not of the operator's own network (format/split.hpp)
  std::string names;             // ` - - [`: between the address and the stamp when everybody is absent
  std::string tail;              // `] "`: from the stamp to the first quote, which it includes
  std::size_t before_name = 0;   // bytes of `names` in front of its last `-`
  std::size_t absent_steps = 0;  // ident, user: the steps behind the address whose fields are those
  bool may_have_name = false;    // the last of them may be anything
  std::size_t look_ups = 0;
  std::array<bool, most_look_ups> looks_up_agent{};  // or something else
  bool looks_up_as_usual = false;  // two parts: a target, then an agent
  bool begins_as_usual = false;  // request and numbers, referrer, agent: the kernels know these three by heart
  std::vector<plain_part> parts;
};

struct line_layout {
  dialect escapes = dialect::apache;
  std::vector<line_step> steps;
  std::string last_literal;
  bool has_time = false;
  bool has_signal = false;
  std::size_t literal_bytes = 0;
  plain_layout plain;
};

namespace line_layout_detail {

class plain_compiler {
 public:
  plain_compiler(const grammar& format, const line_layout& lines, const protection& rules)
      : format_(format), lines_(lines), rules_(rules) {}

  plain_layout compile() {
    const std::size_t quotes = format_.zones.size() - 1;
    if (lines_.has_signal || quotes == 0 || quotes > plain_layout::most_quotes || !read_head()) return {};
    made_.quotes = quotes;
    for (std::size_t z = 1; z + 1 < format_.zones.size(); z += 2) {
      plain_part part;
      part.is_last = z + 2 == format_.zones.size();
      if (!add_field(format_.zones[z], part) || !add_rest(format_.zones[z + 1], part)) return {};
      made_.parts.push_back(part);
    }
    made_.is_possible = true;
    made_.begins_as_usual = begins_as_usual();
    made_.looks_up_as_usual = made_.look_ups == 2 && !made_.looks_up_agent[0] && made_.looks_up_agent[1];
    return std::move(made_);
  }

 private:
  const line_step& step(std::size_t i) const { return lines_.steps[i]; }

  bool begins_as_usual() const {
    using field = plain_part::field;
    using rest = plain_part::rest;
    const auto is = [this](std::size_t i, field what, rest behind) { return made_.parts[i].what == what && made_.parts[i].behind == behind; };
    return made_.parts.size() >= 3 && (is(0, field::request, rest::numbers) || is(0, field::path, rest::numbers)) && is(1, field::referrer, rest::constant) &&
           is(2, field::remembered, rest::constant);
  }

  // Perhaps a virtual host, an address, names that are mostly absent, a stamp.
  bool read_head() {
    const grammar_zone& zone = format_.zones.front();
    const std::size_t count = zone.field_count(), client = zone.fields_in_front;
    if (zone.absent_names.empty() || step(client).cls != field_class::ip || step(count - 1).cls != field_class::time) return false;
    if (client > 0 && (step(0).cls != field_class::vhost || step(0).delimiter != 0)) return false;
    if (client > 1 && (step(1).cls != field_class::keep || step(1).form != keep_form::number)) return false;  // which holds no delimiter
    made_.front_steps = client;
    const char behind_time = step(count - 1).delimiter;  // a blank or sign of the stamp would be written in the slot's escape
    if (behind_time == ' ' || behind_time == '+') return false;
    std::size_t times = 0;
    for (const line_step& s : lines_.steps) times += s.cls == field_class::time;
    made_.names = zone.absent_names;
    made_.tail = zone.literals.back() + '"';
    made_.absent_steps = count - 2 - client;
    if (made_.absent_steps != 0) {
      made_.before_name = made_.names.size() - zone.literals[count - 1].size() - 1;
      made_.may_have_name = format_.fields[count - 2].shape == field_shape::any;
    }
    return times == 1 && made_.names.size() + shapes::clf_picture.size + made_.tail.size() <= plain_layout::longest_head;
  }

  bool add_field(const grammar_zone& zone, plain_part& part) {
    if (!zone.is_one_field) return false;
    part.step = static_cast<std::uint8_t>(zone.first_field);
    part.cls = step(zone.first_field).cls;
    const bool is_remembered = rules_.memo_kind(part.cls) != 0 && !rules_.is_keyed(part.cls);
    if (part.cls == field_class::referrer && rules_.gives_origins()) {
      part.what = plain_part::field::referrer;
    } else if (part.cls == field_class::request && rules_.keeps_paths_only()) {
      part.what = plain_part::field::path;
    } else if (is_remembered && made_.look_ups < plain_layout::most_look_ups) {
      const bool is_request = part.cls == field_class::request;
      part.what = is_request ? plain_part::field::request : plain_part::field::remembered;
      part.memo_kind = is_request ? request_target_kind : rules_.memo_kind(part.cls);
      made_.looks_up_agent[made_.look_ups] = part.cls == field_class::agent;
      part.look_up = static_cast<std::uint8_t>(made_.look_ups++);
    }
    return true;
  }

  bool add_rest(const grammar_zone& zone, plain_part& part) {
    const std::size_t count = zone.field_count();
    if (count == 0) {
      const std::string text = '"' + zone.literals[0] + (part.is_last ? "" : "\"");
      if (text.size() > plain_part::longest_constant) return false;
      part.constant_bytes = static_cast<std::uint8_t>(text.copy(part.constant.data(), text.size()));
      std::memset(&part.constant_mask, 0xFF, text.size());
      return true;
    }
    if (count > plain_part::most_numbers || zone.doubt_from != 0) return false;
    part.behind = plain_part::rest::numbers;
    part.number_count = static_cast<std::uint8_t>(count);
    part.first_number = static_cast<std::uint8_t>(zone.first_field);
    for (std::size_t i = 0; i < count; ++i) {
      const std::optional<plain_part::number> what = number_of(zone.first_field + i);
      if (!what || (i > 0 && zone.literals[i] != " ")) return false;
      part.numbers[i] = *what;
      part.cuts_digits = part.cuts_digits || what->kept_digits != 0;
    }
    part.begins_with_blank = zone.literals.front() == " ";
    part.ends_with_blank = zone.literals.back() == " ";
    prepare_glance(part);
    return (part.begins_with_blank || zone.literals.front().empty()) && (part.ends_with_blank || zone.literals.back().empty());
  }

  static void prepare_glance(plain_part& part) {
    for (std::size_t i = 1; i < part.number_count; ++i)
      if (part.numbers[i].width != 0) return;
    const unsigned begin = part.begins_with_blank ? 1 : 0, width = part.numbers[0].width;
    if (width != 0) {
      part.first_borders_mask = (2U << (begin + width)) - 1;
      part.first_borders = begin | 1U << (begin + width);
    }
    // A longer number would leave too few bytes for the others and their blanks.
    part.most_bytes_at_once = static_cast<std::uint32_t>(plain_part::most_digits + 2 * (part.number_count - 1));
  }

  std::optional<plain_part::number> number_of(std::size_t field) const {
    const line_step& s = step(field);
    const field_shape shape = format_.fields[field].shape;
    plain_part::number made{.cls = s.cls};
    if (s.cls == field_class::keep && s.form == keep_form::status && shape == field_shape::status) {
      made.width = 3;
      return made;
    }
    if (shape != field_shape::number) return std::nullopt;
    if (s.cls == field_class::keep && s.form == keep_form::number) return made;
    if (s.cls != field_class::bytes && s.cls != field_class::duration) return std::nullopt;
    const unsigned kept = rules_.significant_digits_of(s.cls);
    made.kept_digits = static_cast<std::uint8_t>(kept < plain_part::most_digits ? kept : plain_part::most_digits);
    return made;
  }

  const grammar& format_;
  const line_layout& lines_;
  const protection& rules_;
  plain_layout made_;
};

}  // namespace line_layout_detail

inline plain_layout compile_plain(const grammar& format, const line_layout& lines, const protection& rules) {
  return line_layout_detail::plain_compiler(format, lines, rules).compile();
}

}  // namespace anonlog
