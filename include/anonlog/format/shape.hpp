// format/shape.hpp: how far a field may reach and where it may end, by its shape.
//
// Used where no quote tells where a field ends (format/split.hpp). Both questions are answered without looking at a
// byte twice: the reach is found once per start, an end is then judged by its neighbours.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/swar.hpp>
#include <anonlog/format/grammar.hpp>
#include <anonlog/format/value_looks.hpp>

namespace anonlog::shapes {

// The ways to read a zone: see format/split.hpp.
enum class reading : unsigned char { strong, lenient, weak };

// A shape that is one word also when its text is not what it should be.
constexpr bool is_single_word(field_shape shape) noexcept {
  switch (shape) {
    case field_shape::word:
    case field_shape::client:
    case field_shape::peer:
    case field_shape::ident:
    case field_shape::host:
    case field_shape::status:
    case field_shape::number:
    case field_shape::plus_number:
    case field_shape::digits:
    case field_shape::uuid:
    case field_shape::site:
    case field_shape::capitals:
    case field_shape::cache_status:
    case field_shape::time_clf_ms:
    case field_shape::time_clf_bare:
    case field_shape::time_epoch:
    case field_shape::time_iso: return true;
    default: return false;
  }
}

constexpr bool is_list(field_shape shape) noexcept {
  return shape == field_shape::number_list || shape == field_shape::seconds_list || shape == field_shape::word_list || shape == field_shape::address_list;
}

// The first blank in zone[from, limit), or `limit`.
inline std::size_t blank_from(raw zone, std::size_t from, std::size_t limit) noexcept {
  while (from < limit) {
    const std::size_t left = limit - from;
    const char* const bytes = zone.begin() + from;
    const std::uint64_t word = left < 8 ? swar::load_first(bytes, left) : swar::load(bytes);
    if (const std::uint64_t blanks = swar::equal(word, ' ') | swar::equal(word, '\t'); blanks != 0) return from + swar::first(blanks);
    from += left < 8 ? left : 8;
  }
  return limit;
}

inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

// What a stamp looks like, byte by byte: `0` stands for a digit, `_` for one or a blank, `a` for a letter, `+` for a sign. As
// tables, so that all bytes are compared at once: the transform judges exactly, this only tells where a field ends.
template <std::size_t N>
struct picture {
  static constexpr std::size_t size = N - 1;
  std::array<std::uint8_t, size> fold{}, low{}, range{};

  consteval picture(const char (&text)[N]) {
    for (std::size_t i = 0; i < size; ++i) {
      const bool is_letter = text[i] == 'a';
      fold[i] = is_letter ? 0x20 : 0;
      low[i] = static_cast<std::uint8_t>(text[i] == '_' ? ' ' : text[i]);
      range[i] = text[i] == '0' ? 9 : is_letter || text[i] == '_' ? 25 : text[i] == '+' ? 2 : 0;
    }
  }
};

template <std::size_t N>
bool has_picture(raw zone, std::size_t from, std::size_t limit, const picture<N>& wanted) noexcept {
  if (limit < from || limit - from < wanted.size) return false;
  const char* const bytes = zone.begin() + from;
  unsigned faults = 0;
  for (std::size_t i = 0; i < wanted.size; ++i) {
    const auto c = static_cast<std::uint8_t>(static_cast<std::uint8_t>(bytes[i]) | wanted.fold[i]);
    faults |= static_cast<std::uint8_t>(c - wanted.low[i]) > wanted.range[i] ? 1U : 0U;
  }
  return faults == 0;
}

inline constexpr picture clf_picture("00/aaa/0000:00:00:00 +0000");
inline constexpr picture clf_ms_picture("00/aaa/0000:00:00:00.000");
inline constexpr picture clf_bare_picture("00/aaa/0000:00:00:00");
inline constexpr picture zone_picture(" +0000");
inline constexpr picture ctime_picture("aaa aaa _0 00:00:00 0000");
inline constexpr picture python_picture("00/aaa/0000 00:00:00");
inline constexpr picture iso_picture("0000-00-00T00:00:00");
inline constexpr picture iso_blank_picture("0000-00-00 00:00:00");
inline constexpr picture status_picture("000");

// Where a stamp as nginx writes it ends, perhaps with a fraction of the second before its zone; or nowhere.
inline std::size_t clf_reach(raw zone, std::size_t from, std::size_t limit) noexcept {
  if (has_picture(zone, from, limit, clf_picture)) return from + clf_picture.size;
  const std::size_t point = from + clf_bare_picture.size;
  if (limit < point || point == limit || zone[point] != '.' || !has_picture(zone, from, limit, clf_bare_picture)) return nowhere;
  const std::size_t behind = run_end(zone, point + 1, std::min(limit, point + 10), [](unsigned char c) { return is_digit(c); });
  return behind > point + 1 && has_picture(zone, behind, limit, zone_picture) ? behind + zone_picture.size : nowhere;
}

// The same of a day in figures, a blank and the time of day, then perhaps a fraction and a zone.
inline std::size_t iso_blank_reach(raw zone, std::size_t from, std::size_t limit) noexcept {
  if (!has_picture(zone, from, limit, iso_blank_picture)) return nowhere;
  const auto digit = [](unsigned char c) { return is_digit(c); };
  std::size_t end = from + iso_blank_picture.size;
  if (end < limit && (zone[end] == '.' || zone[end] == ',')) end = run_end(zone, end + 1, limit, digit);
  if (has_picture(zone, end, limit, zone_picture)) return end + zone_picture.size;
  const bool has_sign = end < limit && (zone[end] == '+' || zone[end] == '-' || zone[end] == 'Z');
  return has_sign ? run_end(zone, end + 1, limit, [](unsigned char c) { return is_digit(c) || c == ':'; }) : end;
}

// Where a list ends at the latest: at the first blank that stands beside neither a comma nor a lone colon.
inline std::size_t list_reach(field_shape shape, raw zone, std::size_t from, std::size_t limit) noexcept {
  const bool is_of_numbers = shape == field_shape::number_list || shape == field_shape::seconds_list;
  std::size_t at = from;
  while (at < limit) {
    const unsigned char c = zone[at];
    if (is_of_numbers && c == '%' && begins_with_written_blank(zone, at, limit)) {
      at += written_blank.size();
      continue;
    }
    if (!is_blank(c)) {
      const bool is_numeric = is_digit(c) || c == '.' || c == '-' || c == ',' || c == ':';
      if (is_of_numbers && !is_numeric) return at;
      ++at;
      continue;
    }
    const std::size_t next = run_end(zone, at, limit, [](unsigned char b) { return is_blank(b); });
    const bool is_after_comma = at > from && zone[at - 1] == ',';
    const bool is_before_comma = next < limit && zone[next] == ',';
    const bool is_before_colon = next + 1 < limit && zone[next] == ':' && is_blank(zone[next + 1]);
    const bool is_after_colon = at > from + 1 && zone[at - 1] == ':' && is_blank(zone[at - 2]);
    const bool joins = shape == field_shape::address_list
                           ? is_after_comma || is_before_comma
                           : next == at + 1 && (is_after_comma || is_before_colon || is_after_colon);
    if (!joins) return at;
    at = next;
  }
  return at;
}

// A host name holds no slash and no comma, and a colon only between brackets: else the end of an address would be taken for
// its port, and the front of a list for a virtual host. Some write an IPv6 address and its port without brackets; then what
// stands behind the last of many colons is the port.
inline std::size_t host_reach(raw zone, std::size_t from, std::size_t limit) noexcept {
  const bool is_bracketed = from < limit && zone[from] == '[';
  const std::size_t inside = is_bracketed ? run_end(zone, from, limit, [](unsigned char c) { return !is_blank(c) && c != ']'; }) : from;
  const std::size_t end = run_end(zone, inside, limit, [](unsigned char c) { return !is_blank(c) && c != '/' && c != ':' && c != ','; });
  if (is_bracketed || end == limit || zone[end] != ':') return end;
  std::size_t colons = 0, last = end;
  for (std::size_t at = from; at < limit && (is_hex(zone[at]) || zone[at] == ':' || zone[at] == '.'); ++at) {
    if (zone[at] != ':') continue;
    ++colons;
    last = at;
  }
  return colons > 2 ? last : end;
}

constexpr bool is_capital(unsigned char c) noexcept { return (c >= 'A' && c <= 'Z') || c == '_'; }

// The last place where a field that begins at `from` may end, or nowhere.
inline std::size_t reach(const grammar_field& field, reading how, raw zone, std::size_t from,
                         std::size_t limit) noexcept {
  const auto is_numeric = [](unsigned char c) { return is_digit(c) || c == '.' || c == '-'; };
  const bool is_absent = from < limit && zone[from] == '-';
  switch (field.shape) {
    case field_shape::question_mark: return from < limit && zone[from] == '?' ? from + 1 : from;
    case field_shape::query: return from < limit && zone[from] == '?' ? limit : from;
    // In any reading: what follows the last time of a list is none of it, whatever it is.
    case field_shape::seconds_list: return list_reach(field.shape, zone, from, limit);
    case field_shape::pipe_mark: return from < limit && (is_absent || zone[from] == '.' || zone[from] == 'p') ? from + 1 : nowhere;
    default: break;
  }
  if (how == reading::weak)
    return is_single_word(field.shape) ? blank_from(zone, from, limit) : limit;

  const bool is_client_text = field.shape == field_shape::word || field.shape == field_shape::ident || field.shape == field_shape::host;
  if (how == reading::lenient && is_client_text) return limit;

  switch (field.shape) {
    case field_shape::word:
    case field_shape::ident:
    case field_shape::client:
    case field_shape::uuid:
    case field_shape::site:
    case field_shape::peer: return blank_from(zone, from, limit);
    case field_shape::host: return host_reach(zone, from, limit);
    case field_shape::time_clf:
      if (is_absent) return from + 1;  // what an unreadable stamp was written as
      return clf_reach(zone, from, limit);
    case field_shape::time_clf_bare:
      if (is_absent) return from + 1;
      return has_picture(zone, from, limit, clf_bare_picture) ? from + clf_bare_picture.size : nowhere;
    case field_shape::time_clf_ms:
      if (is_absent) return from + 1;
      return has_picture(zone, from, limit, clf_ms_picture) ? from + clf_ms_picture.size : nowhere;
    case field_shape::time_ctime:
      if (is_absent) return from + 1;
      return has_picture(zone, from, limit, ctime_picture) ? from + ctime_picture.size : nowhere;
    case field_shape::time_python:
      if (is_absent) return from + 1;
      return has_picture(zone, from, limit, python_picture) ? from + python_picture.size : nowhere;
    case field_shape::time_iso_blank: return is_absent ? from + 1 : iso_blank_reach(zone, from, limit);
    case field_shape::time_iso:
      if (is_absent) return from + 1;
      if (!has_picture(zone, from, limit, iso_picture)) return nowhere;
      return run_end(zone, from, limit, [](unsigned char c) {
        return is_digit(c) || c == 'T' || c == 'Z' || c == ':' || c == '.' || c == '+' || c == '-';
      });
    case field_shape::status:
      if (is_absent) return from + 1;
      return has_picture(zone, from, limit, status_picture) ? from + 3 : nowhere;
    case field_shape::time_epoch:
    case field_shape::number: return run_end(zone, from, limit, is_numeric);
    case field_shape::digits: return is_absent ? from + 1 : run_end(zone, from, limit, [](unsigned char c) { return is_digit(c); });
    case field_shape::plus_number: return run_end(zone, from < limit && zone[from] == '+' ? from + 1 : from, limit, is_numeric);
    case field_shape::cache_status:
    case field_shape::capitals: return is_absent ? from + 1 : run_end(zone, from, limit, is_capital);
    case field_shape::number_list:
    case field_shape::word_list:
    case field_shape::address_list: return how == reading::lenient ? limit : list_reach(field.shape, zone, from, limit);
    default: return limit;
  }
}

// True if a field of this shape can end nowhere but at its reach: the constant begins with a byte it cannot hold.
constexpr bool ends_at_reach(field_shape shape, std::string_view literal) noexcept {
  if (shape == field_shape::time_clf || shape == field_shape::time_clf_ms || shape == field_shape::time_clf_bare || shape == field_shape::time_ctime ||
      shape == field_shape::time_python || shape == field_shape::status)
    return true;
  const bool holds_no_blank = shape == field_shape::word || shape == field_shape::ident || shape == field_shape::client || shape == field_shape::peer || shape == field_shape::host;
  return holds_no_blank && literal.starts_with(' ');
}

// The same for numbers, whose reach is a run of digits and the like.
constexpr bool is_run_before(field_shape shape, std::string_view literal) noexcept {
  const bool is_run = shape == field_shape::number || shape == field_shape::plus_number || shape == field_shape::time_epoch;
  return is_run && !literal.empty() && std::string_view(" /:,]\"").find(literal[0]) != std::string_view::npos;
}

// Whether the field zone[from, end), within its reach, may end there, before `literal`. `work` counts the bytes read.
inline bool may_end(const grammar_field& field, reading how, raw zone, std::size_t from, std::size_t end,
                    std::size_t reach, std::string_view literal, std::size_t& work) noexcept {
  if (is_list(field.shape)) {
    // An element ends before its comma and its blanks; a comma or a lone colon after blanks goes on with the list.
    if (how != reading::strong) return true;  // an ill-formed list is a value that its transform refuses
    if (end == from) return false;
    const unsigned char last = zone[end - 1];
    if (last == ',' || is_blank(last)) return false;
    if (field.shape == field_shape::seconds_list) {
      work += end - from;
      if (!holds_seconds(zone.sub(from, end - from))) return false;
    }
    if (field.shape == field_shape::address_list) {
      const std::size_t next = run_end(zone, end, zone.size(), [](unsigned char c) { return is_blank(c); });
      work += next - end;
      return next == end || next == zone.size() || zone[next] != ',';
    }
    if (last == ':' && end - from >= 2 && is_blank(zone[end - 2])) return false;
    const bool goes_on =
        end + 2 < zone.size() && is_blank(zone[end]) && zone[end + 1] == ':' && is_blank(zone[end + 2]);
    return !goes_on || literal.starts_with(" :");
  }
  if (field.shape == field_shape::question_mark) return end == reach;
  if (field.shape == field_shape::site || field.shape == field_shape::digits) {  // in any reading: else half a place on a map would be a time
    work += end - from;
    const raw word = zone.sub(from, end - from);
    return word == "-" || (field.shape == field_shape::site ? any_of(word, is_letter) && is_client(word) : !word.empty() && all_of(word, is_digit));
  }
  // A line without its client or status lacks a main field (SPEC 3.10); a header or a port may be empty.
  const bool is_needed = field.shape == field_shape::client || field.shape == field_shape::status;
  if (how == reading::weak) return end > from ? field.shape != field_shape::client || zone[end - 1] != ',' : !is_needed;
  const raw text = zone.sub(from, end - from);
  switch (field.shape) {
    case field_shape::word:
    case field_shape::host: return !text.empty() || how == reading::lenient;
    case field_shape::client: work += text.size(); return text == "-" || is_client(text);
    case field_shape::peer: work += text.size(); return is_peer(text);
    case field_shape::ident:
      work += text.size();
      return how == reading::lenient || (!text.empty() && !is_client(text));
    case field_shape::time_clf:
    case field_shape::time_clf_ms:
    case field_shape::time_clf_bare:
    case field_shape::time_iso_blank:
    case field_shape::time_ctime:
    case field_shape::time_python:
    case field_shape::pipe_mark:
    case field_shape::status: return end == reach;
    case field_shape::capitals: return end == reach && !text.empty();
    case field_shape::uuid: return text == "-" || is_uuid(text);
    case field_shape::cache_status: return end == reach && is_cache_status(text);
    case field_shape::time_iso: return text == "-" || text.size() >= iso_picture.size;
    case field_shape::time_epoch:
    case field_shape::number: work += text.size(); return is_number(text) || (field.may_be_empty && text.empty());
    case field_shape::plus_number: work += text.size(); return is_number(text.starts_with("+") ? text.sub(1) : text);
    default: return true;
  }
}

}  // namespace anonlog::shapes
