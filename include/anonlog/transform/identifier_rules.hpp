// transform/identifier_rules.hpp: does a text hold an identifier, and the text with placeholders instead.
//
// Marks say for each byte whether it is still text. A rule only sees the pieces that are, and what it finds is marked,
// so nothing replaced is looked at again and the whole stays linear. A placeholder that stands in the text already is
// marked first: this makes the rewriting idempotent. Source: SPEC 3.8 (Template).
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/scratch.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/character_profile.hpp>
#include <anonlog/transform/inline_rules.hpp>
#include <anonlog/transform/placeholder.hpp>
#include <anonlog/transform/whole_segment_rule.hpp>

namespace anonlog {

// True if a whole-segment or an inline rule fires; `stem.ext` is no such rule. `p` is the profile of the text.
inline bool holds_identifier(raw decoded, const character_profile& p) noexcept {
  if (is_beyond_every_rule(decoded, p)) return false;
  if (whole_segment_rule(decoded, p) != placeholder::none) return true;
  bool found = false;
  inline_rules::for_each_rule(p, [&](auto rule) {
    rule(decoded, [&](std::size_t, std::size_t, placeholder) { found = true; });
    return !found;
  });
  return found;
}
inline bool holds_identifier(raw decoded) noexcept { return holds_identifier(decoded, character_profile::of(decoded)); }

// `%HH` or `%uHHHH`: what is still encoded after three rounds, or not in UTF-8.
constexpr bool holds_percent_escape(raw d) noexcept {
  for (std::size_t at = d.find('%'); at != raw::npos; at = d.find('%', at + 1)) {
    if (at + 2 < d.size() && is_hex(d[at + 1]) && is_hex(d[at + 2])) return true;
    if (at + 5 < d.size() && (d[at + 1] | 0x20) == 'u' && all_of(d.sub(at + 2, 4), is_hex)) return true;
  }
  return false;
}

// A text of which parts are marked as replaced. Lives in scratch memory.
class marked_text {
 public:
  // `marks`: as many bytes as the text has.
  marked_text(raw text, char* marks) noexcept : text_(text), marks_(marks) {
    if (!text.empty()) std::memset(marks, open, text.size());
  }

  // Takes the placeholders that the text holds already out of it; true if there is one.
  bool mark_written_placeholders() noexcept {
    bool found = false;
    for (std::size_t at = text_.find(':'); at != raw::npos; at = text_.find(':', at + 1)) {
      const placeholder p = placeholder_at(text_, at);
      if (p == placeholder::none) continue;
      mark(at, to_text(p).size(), p, written);
      found = true;
    }
    return found;
  }

  // True if an inline rule fired. `p` is the profile of the text.
  bool mark_identifiers() noexcept { return mark_identifiers(character_profile::of(text_)); }
  bool mark_identifiers(const character_profile& p) noexcept {
    bool found = false;
    inline_rules::for_each_rule(p, [&](auto rule) {
      found = mark_by(rule) || found;
      return true;
    });
    return found;
  }

  // Runs one rule over what is still text; true if it fired.
  template <class Rule>
  bool mark_by(Rule rule) noexcept {
    bool fired = false;
    for_each_piece([&](std::size_t piece_from, std::size_t piece_size) {
      rule(text_.sub(piece_from, piece_size), [&](std::size_t from, std::size_t size, placeholder p) {
        mark(piece_from + from, size, p, replaced);
        fired = true;
      });
    });
    return fired;
  }

  // Writes the text with its placeholders; write_text(raw, writer&) writes the pieces between.
  template <class WriteText>
  void write(tally& counts, writer& out, WriteText write_text) const noexcept {
    for (std::size_t i = 0; i < text_.size();) {
      std::size_t end = i + 1;
      if (marks_[i] == open) {
        while (end < text_.size() && marks_[end] == open) ++end;
        write_text(text_.sub(i, end - i), out);
      } else {
        const auto p = static_cast<placeholder>(marks_[i] & 15);
        if ((marks_[i] & written) != 0)
          out.put(to_text(p));
        else
          put_placeholder(p, counts, out);
        while (end < text_.size() && marks_[end] == inside) ++end;
      }
      i = end;
    }
  }

 private:
  // Calls visit(from, size) for each maximal piece that is still text; it may mark within its piece.
  template <class Visit>
  void for_each_piece(Visit visit) noexcept {
    if (!is_marked_) {
      if (!text_.empty()) visit(0, text_.size());
      return;
    }
    for (std::size_t i = 0; i < text_.size();) {
      if (marks_[i] != open) {
        ++i;
        continue;
      }
      std::size_t end = i;
      while (end < text_.size() && marks_[end] == open) ++end;
      visit(i, end - i);
      i = end;
    }
  }

  // A mark: open, inside, or a placeholder with one of two flags where a replaced piece begins.
  static constexpr char open = 0, inside = 1, replaced = 32, written = 64;

  void mark(std::size_t from, std::size_t size, placeholder p, char flag) noexcept {
    marks_[from] = static_cast<char>(flag | static_cast<char>(p));
    std::memset(marks_ + from + 1, inside, size - 1);
    is_marked_ = true;
  }

  raw text_;
  char* marks_;
  bool is_marked_ = false;
};

}  // namespace anonlog
