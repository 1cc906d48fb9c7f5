// json_writer.hpp: one line of JSON, every value replaced where it stands (CLI.md 5).
//
// Punctuation, blanks and the order of members stay as they were; a name stays if the policy or a program's documentation
// knows it, or if it could be nobody's (policy/json_classes.hpp). The string of a name that nobody knows becomes "-", any
// other value null, at any depth. Strings are decoded before they are judged; what is written needs no escapes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/format/json_walk.hpp>
#include <anonlog/policy/json_classes.hpp>
#include <anonlog/policy/protection.hpp>
#include <anonlog/report.hpp>
#include <anonlog/transform/calendar.hpp>

namespace anonlog {

// The form of a JSON number, which what stands in the place of one must have.
inline bool is_json_number(std::string_view text) noexcept {
  std::size_t i = text.starts_with('-') ? 1 : 0;
  const auto digits = [&text, &i] {
    const std::size_t from = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - from;
  };
  const std::size_t whole_from = i, whole = digits();
  if (whole == 0 || (whole > 1 && text[whole_from] == '0')) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

// Belongs to one stream.
class json_writer {
 public:
  // Lines with more names and values are not understood.
  static constexpr std::size_t most_tokens = 4096;

  // Throws std::bad_alloc.
  json_writer(const policy& rules, const protection& how, std::size_t longest_line) : walker_(longest_line), classes_(rules, how) {
    tokens_.reserve(most_tokens);
  }
  ~json_writer() {
    if (!tokens_.empty()) wipe(tokens_.data(), tokens_.size() * sizeof(token));
  }
  json_writer(const json_writer&) = delete;
  json_writer& operator=(const json_writer&) = delete;

  // Reads a line, which must stay where it is until it is written. False: it is no JSON object, or has too many parts.
  bool read(raw line) {
    line_ = line;
    tokens_.clear();
    return walker_.walk(
        line,
        [this](const json_token& name, const json_path&) {
          return add({.what = name, .of = {}, .is_name = true});
        },
        [this](const json_token& value, const json_path& path) {
          const json_class of = classes_.of(path.text());
          if (!tokens_.empty() && tokens_.back().is_name) tokens_.back().of.is_known = of.is_known;
          return add({.what = value, .of = of, .is_name = false});
        });
  }

  // The first time that can be read, in the order of the line.
  std::optional<std::int64_t> find_time(std::int32_t default_zone, std::int32_t& zone_seconds, bool& has_zone) const noexcept {
    std::optional<std::int64_t> found;
    has_zone = false;
    for (const token& t : tokens_) {
      if (t.is_name || t.of.cls != field_class::time) continue;
      timestamp stamp;
      std::int64_t seconds = 0;
      if (!read_timestamp(t.what.text, stamp)) continue;
      if (!found && unix_seconds(stamp, default_zone, 0, seconds)) found = seconds;
      if (found && !has_zone && stamp.has_zone) {
        has_zone = true;
        zone_seconds = stamp.zone_seconds;
      }
    }
    return found;
  }

  // Writes the line that was read.
  void write(const protection& rules, scope& around, report& counts, writer& out) {
    const char* from = line_.begin();
    for (const token& t : tokens_) {
      out.put(std::string_view(from, static_cast<std::size_t>(t.what.source.begin() - from)));  // JSON's own punctuation
      from = t.what.source.end();
      if (t.is_name) write_name(t, out);
      else write_value(t, rules, around, counts, out);
    }
    out.put(std::string_view(from, static_cast<std::size_t>(line_.end() - from)));
  }

 private:
  struct token {
    json_token what;
    json_class of;
    bool is_name = false;
  };

  bool add(const token& t) {
    if (tokens_.size() == most_tokens) return false;
    tokens_.push_back(t);
    return true;
  }

  static void write_name(const token& t, writer& out) {
    if (!t.of.is_known && !is_writable_json_name(t.what.text)) return out.put("\"_\"");
    out.put('"');
    out.release(t.what.text);
    out.put('"');
  }

  static void write_value(const token& t, const protection& rules, scope& around, report& counts, writer& out) {
    const outcome result = write_by_kind(t, rules, around, out);
    ++counts.fields[static_cast<std::size_t>(t.of.cls)][static_cast<std::size_t>(result)];
  }

  static outcome write_by_kind(const token& t, const protection& rules, scope& around, writer& out) {
    switch (t.what.what) {
      case json_token::kind::string: {
        out.put('"');
        const std::size_t from = out.size();
        const outcome result = rules.apply(t.of.cls, t.of.form, t.what.text, around, out);
        out.replace_since(from, '"', "\\\"");  // of Forwarded
        out.put('"');
        return result;
      }
      case json_token::kind::number: {
        const std::size_t from = out.size();
        const outcome result = rules.apply(t.of.cls, t.of.form, t.what.text, around, out);
        if (is_json_number(out.text(from))) return result;
        out.rewind(from);
        out.put("null");
        return result == outcome::kept || result == outcome::reduced ? outcome::unreadable : result;
      }
      case json_token::kind::boolean:
        if (t.of.cls == field_class::keep) {
          out.put(t.what.text == "true" ? "true" : "false");
          return outcome::kept;
        }
        out.put("null");
        return outcome::dropped;
      case json_token::kind::null: break;
    }
    out.put("null");
    return outcome::absent;
  }

  json_walker walker_;
  json_classes classes_;
  raw line_;
  std::vector<token> tokens_;
};

}  // namespace anonlog
