// transform/cell_text.hpp: what an unquoted value of a table says, where its writer marks blanks and delimiters.
//
// W3C's format separates values by blanks or by tabs. IIS, between blanks, writes those of a value as `+`; CloudFront, between
// tabs, writes what is not printable in percents, once or twice (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/
// standard-logs-reference.html). What we write in such a slot we write as it does (SPEC 3.1, F4).
#pragma once

#include <anonlog/core/field_class.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/scratch.hpp>
#include <anonlog/transform/decode.hpp>

namespace anonlog {

enum class blank_mark : unsigned char { none, plus, percent };

// `+` is a blank.
inline raw undo_plus(raw text, scratch& memory, bool& ok) noexcept {
  return undo_marked(text, '+', 1, memory, ok, [](std::size_t) { return int{' '}; });
}

// `""` in quotes is one quote.
inline raw undo_doubled(raw text, scratch& memory, bool& ok) noexcept {
  return undo_marked(text, '"', 2, memory, ok, [text](std::size_t at) { return at + 1 < text.size() && text[at + 1] == '"' ? int{'"'} : -1; });
}

// The same text with its blanks, for classes whose values hold some. In percents all of an agent and of addresses may stand.
inline raw undo_blank_marks(raw text, blank_mark mark, field_class cls, scratch& memory, bool& ok) noexcept {
  const bool is_address = cls == field_class::ip_list || cls == field_class::forwarded || cls == field_class::upstream;
  const bool is_agent = cls == field_class::agent;
  if (!is_address && !is_agent && cls != field_class::cookie && cls != field_class::text) return text;
  if (!is_agent || mark == blank_mark::plus) text = undo_plus(text, memory, ok);
  return is_address || is_agent ? percent_decode(text, 2, memory, ok) : undo_percent(text, ' ', memory, ok);
}

}  // namespace anonlog
