// format/split.hpp: one line to the positions of its fields. The security core: who decides where a field ends?
//
// A client writes user name, path, agent and half of the headers. If it could end a field early, it could move its
// address into a field that is kept, or make its line unreadable. So (SPEC 3.1 F3, F4; THREATS.md A8):
//
// 1. Quotes first. Every server escapes a client's quotes (`\x22`, `\"`) and backslashes, so an unescaped quote is the
//    format's own: the n-th of the line is the n-th of the pattern. A line with more or fewer is a reject. What stands
//    between two quotes, a zone, is read on its own; nothing in one zone can move a field of another.
// 2. A zone must be used up. Its first and last constants stand at its ends, so a zone with one field is settled.
// 3. A zone with several fields has the strong reading: each field ends at the leftmost place where its constant
//    follows and every field of the zone has its shape. So `- [client 10.9.8.7] [10/Oct/..]` has a user in brackets,
//    and lists with blanks are whole.
//    Where a client's text stands before a field that is let through and two such readings exist, the client may have
//    made one of them: the fields behind its text are doubtful, and nothing of them is kept.
// 4. If there is none, the same search again, leniently: a word or host that a client wrote may hold blanks, a list
//    may be ill-formed (`X-Forwarded-For: , ,`). And then the weak reading: no search, a field ends where its constant
//    first stands; a field that is one word by its nature still holds no blank. So `[32/Foo/2000]` or a status `abc` is
//    a value that its transform refuses, and not a reject: a client cannot opt out with one bad value.
// 5. Several formats (`auto`): first each in the strong reading throughout, in the order of the list, then each in any
//    reading in which clients and idents are plausible: else `printer7 - bob smith [` would have a virtual host
//    printer7. Last, each in any reading. A line whose head nobody knows is none of them: its client would be lost, and
//    its user would be the head. Never dependent on the lines before. A format that says so takes part in the first round
//    only: what it is not for sure, it is not.
// 6. Work is bounded: a budget linear in the length of the line; a line that needs more is a reject.
//
// NUL, control bytes, bytes >= 0x80 and a lone CR are ordinary content.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <anonlog/format/grammar.hpp>
#include <anonlog/format/own_network.hpp>
#include <anonlog/format/quote_list.hpp>
#include <anonlog/format/record.hpp>
#include <anonlog/format/shape.hpp>
#include <anonlog/format/zone_reader.hpp>

namespace anonlog {

struct split_outcome {
  mismatch why = mismatch::none;
  std::size_t field = 0;         // where it stopped: the field whose end was not found
  std::size_t format_index = 0;  // of the format that came furthest

  explicit operator bool() const noexcept { return why == mismatch::none; }
};

namespace split_detail {

// How the zones of a line may be read, from the surest to the last resort.
enum class demand : unsigned char {
  strong,           // each in the strong reading, and the clients are plausible
  with_clients,     // each in the first reading that fits, and the clients are plausible
  with_names,       // each in the first reading that fits, and the line has no foreign head
  any,              // each in the first reading that fits
};

// Between formats that differ in what stands in front, the address slots decide: a client behind a virtual host looks
// like one, an ident does not. "-" stands for a client behind a time or a host name with a port only, and where a mark of the
// format's own stands behind them: else it would be an ident.
inline bool has_plausible_clients(const grammar& format, const raw* fields) noexcept {
  const bool has_own_mark = format.is_sure_only && format.zones.front().literals.back() != "] ";
  for (std::size_t i = 0; i < format.fields.size(); ++i) {
    const grammar_field& field = format.fields[i];
    if (field.is_quoted) continue;
    if (field.shape == field_shape::ident && shapes::is_client(fields[i])) return false;
    if (field.shape != field_shape::client || shapes::is_client(fields[i])) continue;
    if (!(fields[i] == "-")) return false;
    const bool is_behind_name = format.literals[1] == ":" && (any_of(fields[0], is_letter) || fields[0] == "-");
    if (i != 0 && !is_behind_name && !has_own_mark && format.fields[0].cls != field_class::time) return false;
  }
  return true;
}

// Hardly anybody is asked for an ident. Where one stands behind a word that is no client, or between a name and a user with
// blanks, it is the second word of a head that nobody knows: `Nov 14 22:13:20 web nginx: 203.0.113.7 - - [`. Nor do servers
// take a host with blanks, nor one with a comma: that is the front of a list.
inline bool has_foreign_head(const grammar& format, const raw* fields) noexcept {
  if (format.fields[0].shape == field_shape::host && (fields[0].holds(' ') || fields[0].holds(','))) return true;
  const std::size_t ident = format.ident;
  if (ident == 0 || ident + 1 >= format.fields.size() || fields[ident] == "-" || fields[ident].empty()) return false;
  const raw client = fields[ident - 1], user = fields[ident + 1];
  return !shapes::is_peer(client) && (!shapes::is_client(client) || user.holds(' ') || user.holds('\t'));
}

inline split_outcome split_one(const grammar& format, raw line, const quote_list& quotes, demand wanted,
                               std::size_t& budget, record& out) noexcept {
  const std::size_t zone_count = format.zones.size();
  if (quotes.count + 1 != zone_count) return {.why = mismatch::quotes};
  std::size_t begin = 0;
  out.doubtful = 0;
  for (std::size_t z = 0; z < zone_count; ++z) {
    const grammar_zone& zone = format.zones[z];
    const std::size_t end = z < quotes.count ? quotes.at[z] : line.size();
    if (zone.is_one_field) {  // most: a field alone between two quotes
      out.fields[zone.first_field] = line.sub(begin, end - begin);
      begin = end + 1;
      continue;
    }
    if (zone.literals.size() == 1) {  // a constant alone
      if (!(line.sub(begin, end - begin) == std::string_view(zone.literals[0]))) return {.why = mismatch::constant, .field = zone.first_field};
      begin = end + 1;
      continue;
    }
    zone_reader reader(format, zone, line.sub(begin, end - begin), budget);
    raw* fields = out.fields.data() + zone.first_field;
    mismatch why = reader.read(shapes::reading::strong, fields);
    const bool may_be_read_otherwise = why != mismatch::none && why != mismatch::work && wanted != demand::strong && reader.holds_constants();
    if (may_be_read_otherwise && wanted >= demand::with_names) why = reader.read(shapes::reading::lenient, fields);
    if (may_be_read_otherwise && why != mismatch::none && why != mismatch::work)
      why = reader.read(shapes::reading::weak, fields);
    if (why != mismatch::none) return {.why = why, .field = zone.first_field + reader.stopped_at()};
    if (zone.doubt_from != 0 && !reader.is_the_only_reading())
      for (std::size_t f = zone.doubt_from; f < zone.field_count(); ++f) out.doubtful |= std::uint64_t{1} << (zone.first_field + f);
    budget -= std::min(budget, reader.work());
    begin = end + 1;
  }
  // What the strong reading found in front is plausible already.
  const bool is_settled = wanted == demand::any || (wanted == demand::strong && !format.has_client_behind);
  if (!is_settled && wanted != demand::with_names && !has_plausible_clients(format, out.fields.data())) return {.why = mismatch::shape};
  if (wanted != demand::any && has_foreign_head(format, out.fields.data())) return {.why = mismatch::shape};
  // A word in front may be somebody's name: the line is read as one with a virtual host, which is not kept. In front of an
  // address of the operator's own network it may be the client itself: `%{X-Forwarded-For}i %h` behind a proxy, `%h %A` with
  // looked-up names. A port behind the word says that it is none.
  const bool is_guessed_host = wanted != demand::any && format.has_client_behind && format.fields[0].cls == field_class::vhost;
  const bool has_port = is_guessed_host && format.literals[1] == ":";
  if (is_guessed_host && !shapes::is_virtual_host(out.fields[0], has_port)) out.doubtful |= has_port ? 3 : 1;
  const bool may_be_client = is_guessed_host && !has_port && !shapes::is_peer(out.fields[0]);
  if (may_be_client && (out.fields[1] == "-" || shapes::is_own_network(out.fields[1]))) out.doubtful |= 1;
  out.format = &format;
  out.field_count = format.fields.size();
  return {};
}

// Each byte may be looked at this many times on average, over all formats and readings of one line.
inline constexpr std::size_t work_per_byte = 64;
inline constexpr std::size_t work_per_line = 65536;

}  // namespace split_detail

// `line` without its line feed and without the CR before it. On success `out` holds the fields and the format;
// `formats` must outlive it.
inline split_outcome split(std::span<const grammar> formats, raw line, record& out) noexcept {
  using namespace split_detail;
  const quote_list quotes(line);
  out.has_backslash = quotes.has_backslash;
  const bool has_empty_name = quotes.empty_name != max_quotes;
  // Under one name there is nothing to be mistaken for.
  const bool is_named = formats.front().name == formats.back().name;
  std::size_t budget = work_per_byte * line.size() + work_per_line;
  split_outcome last{.why = mismatch::constant};
  for (const demand wanted : {demand::strong, demand::with_clients, is_named ? demand::any : demand::with_names}) {
    if (wanted != demand::any && is_named) continue;
    for (std::size_t i = 0; i < formats.size(); ++i) {
      if (formats[i].is_sure_only && wanted != demand::strong && !is_named) continue;
      split_outcome tried = split_one(formats[i], line, quotes, wanted, budget, out);
      if (has_empty_name && tried.why == mismatch::quotes)
        tried = split_one(formats[i], line, quotes.without_empty_name(), wanted, budget, out);
      tried.format_index = i;
      out.format_index = i;
      if (tried && formats[i].escapes == dialect::haproxy) out.has_backslash |= line.holds('#');  // what this program writes for one
      if (tried || tried.why == mismatch::work) return tried;
      if (last.why == mismatch::quotes || tried.why != mismatch::quotes || i == 0) last = tried;
    }
  }
  return last;
}

inline split_outcome split(const grammar& format, raw line, record& out) noexcept {
  return split(std::span<const grammar>(&format, 1), line, out);
}

}  // namespace anonlog
