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
//    printer7. Last, each in any reading. Never dependent on the lines before.
// 6. Work is bounded: a budget linear in the length of the line; a line that needs more is a reject.
//
// NUL, control bytes, bytes >= 0x80 and a lone CR are ordinary content.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <anonlog/format/grammar.hpp>
#include <anonlog/format/quote_list.hpp>
#include <anonlog/format/record.hpp>
#include <anonlog/format/shape.hpp>

namespace anonlog {

// Why a line does not fit, for `explain`; says nothing of what the line holds.
enum class mismatch : unsigned char {
  none,
  quotes,    // more or fewer unescaped quotes than the pattern has
  constant,  // a constant of the pattern is missing, or something is left over
  shape,     // every constant is there, but an address, or a word without blanks, is not
  work,      // the budget is used up
};

struct split_outcome {
  mismatch why = mismatch::none;
  std::size_t field = 0;         // where it stopped: the field whose end was not found
  std::size_t format_index = 0;  // of the format that came furthest

  explicit operator bool() const noexcept { return why == mismatch::none; }
};

namespace split_detail {

// Constants are a few bytes: a loop costs less than a call.
inline bool stands_at(raw zone, std::size_t at, std::string_view literal) noexcept {
  if (zone.size() - at < literal.size()) return false;
  for (std::size_t i = 0; i < literal.size(); ++i)
    if (zone.begin()[at + i] != literal[i]) return false;
  return true;
}

// True if the byte at `at` is the second half of an escape.
inline bool is_escaped(raw zone, std::size_t from, std::size_t at, std::size_t& work) noexcept {
  std::size_t backslashes = 0;
  while (at - backslashes > from && zone[at - backslashes - 1] == '\\') ++backslashes;
  work += backslashes;
  return backslashes % 2 != 0;
}

class zone_reader {
 public:
  zone_reader(const grammar& format, const grammar_zone& zone, raw text, std::size_t budget) noexcept
      : format_(format), zone_(zone), text_(text), budget_(budget) {}

  // Sets the fields of the zone in `out`, or says why it does not fit.
  mismatch read(shapes::reading how, raw* out) noexcept {
    const std::size_t count = zone_.field_count();
    const std::string& head = zone_.literals.front();
    const std::string& tail = zone_.literals.back();
    stopped_at_ = 0;
    const std::size_t least = count == 0 ? head.size() : head.size() + tail.size();
    if (text_.size() < least || !stands_at(text_, 0, head) || !stands_at(text_, text_.size() - tail.size(), tail))
      return mismatch::constant;
    if (count == 0) return text_.size() == head.size() ? mismatch::none : mismatch::constant;
    how_ = how;
    end_ = text_.size() - tail.size();
    // Between quotes stands this field alone: there is nothing to tell apart.
    if (count == 1 && zone_.is_quoted) {
      out[0] = text_.sub(head.size(), end_ - head.size());
      return mismatch::none;
    }

    if (how == shapes::reading::strong && read_absent_names(out)) return mismatch::none;
    enter(0, head.size());
    if (const mismatch why = search(0); why != mismatch::none) return why;
    for (std::size_t f = 0; f < count; ++f) out[f] = text_.sub(places_[f].begin, ends_[f] - places_[f].begin);
    return mismatch::none;
  }

  // After a reading: true if there is no other one of the same kind, so that no client can have chosen between them.
  bool is_the_only_reading() noexcept {
    if (how_ != shapes::reading::strong) return false;
    is_again_ = true;
    return zone_.field_count() < 2 || search(zone_.field_count() - 2) == mismatch::constant;
  }

  std::size_t work() const noexcept { return work_; }
  std::size_t stopped_at() const noexcept { return stopped_at_; }

 private:
  // Most lines have no ident and no user: then the strong reading needs no search.
  bool read_absent_names(raw* out) const noexcept {
    const std::string& names = zone_.absent_names;
    constexpr std::size_t stamp = shapes::clf_picture.size;
    if (names.empty() || end_ < names.size() + stamp) return false;
    const std::size_t names_at = end_ - stamp - names.size();
    const raw client = text_.first(names_at);
    if (!stands_at(text_, names_at, names) || !shapes::has_picture(text_, end_ - stamp, end_, shapes::clf_picture) ||
        any_of(client, is_blank) || !shapes::is_client(client))
      return false;
    const std::size_t count = zone_.field_count();
    out[0] = client;
    for (std::size_t f = 1; f + 1 < count; ++f) out[f] = raw("-", 1);
    out[count - 1] = text_.sub(end_ - stamp, stamp);
    return true;
  }

  // From field i on, whose place is entered, to the end of the zone; back to a field before when one has no end.
  mismatch search(std::size_t i) noexcept {
    const std::size_t count = zone_.field_count();
    for (;;) {
      const bool is_last = i + 1 == count;
      const std::size_t end = is_last ? last_end(i) : next_end(i);
      if (work_ > budget_) return mismatch::work;
      if (end != shapes::nowhere) {
        ends_[i] = end;
        if (is_last) return mismatch::none;
        places_[i].next = end + 1;
        enter(i + 1, end + zone_.literals[i + 1].size());
        ++i;
        continue;
      }
      stopped_at_ = std::max(stopped_at_, i);
      if (how_ == shapes::reading::weak || i == 0) return is_last ? mismatch::shape : mismatch::constant;
      --i;
    }
  }

  struct place {
    std::size_t begin;
    std::size_t reach;
    std::size_t next;  // the first end not tried yet
  };

  const grammar_field& field(std::size_t i) const noexcept { return format_.fields[zone_.first_field + i]; }

  void enter(std::size_t i, std::size_t begin) noexcept {
    std::size_t reach = begin > end_ ? shapes::nowhere : shapes::reach(field(i), how_, text_, begin, end_);
    work_ += 1 + (reach == shapes::nowhere || reach == end_ ? 0 : reach - begin);
    places_[i] = {begin, reach, begin};
  }

  std::size_t last_end(std::size_t i) noexcept {
    const place& at = places_[i];
    if (at.reach == shapes::nowhere || at.reach < end_ || at.next > end_) return shapes::nowhere;
    if (!shapes::may_end(field(i), how_, text_, at.begin, end_, at.reach, zone_.literals.back(), work_))
      return shapes::nowhere;
    return end_;
  }

  std::size_t next_end(std::size_t i) noexcept {
    const place& at = places_[i];
    if (at.reach == shapes::nowhere || at.next > at.reach) return shapes::nowhere;
    const std::string& literal = zone_.literals[i + 1];
    if (is_again_ && literal.empty()) return shapes::nowhere;  // where fields touch, the first end is the right one
    if (how_ == shapes::reading::strong && shapes::ends_at_reach(field(i).shape, literal)) {
      const bool fits = at.next == at.begin && at.reach + literal.size() <= end_ && stands_at(text_, at.reach, literal) &&
                        shapes::may_end(field(i), how_, text_, at.begin, at.reach, at.reach, literal, work_);
      return fits ? at.reach : shapes::nowhere;
    }
    if (how_ == shapes::reading::weak && field(i).shape == field_shape::time_clf && at.next == at.begin &&
        shapes::has_picture(text_, at.begin, end_, shapes::clf_picture)) {
      // A good stamp holds a blank; where a zone is read weakly because of another field, it is still whole.
      const std::size_t end = at.begin + shapes::clf_picture.size;
      if (end + literal.size() <= end_ && stands_at(text_, end, literal)) return end;
    }
    const raw searched = text_.first(std::min(end_, at.reach + literal.size()));
    for (std::size_t end = at.next; end <= at.reach; ++end) {
      const std::size_t found = literal.empty() ? next_touching(i, end, at.reach) : searched.find(literal, end);
      if (found == raw::npos) {
        work_ += at.reach - end;
        return shapes::nowhere;
      }
      work_ += 1 + found - end;
      end = found;
      if (work_ > budget_) return shapes::nowhere;
      if (!is_escaped(text_, at.begin, end, work_) &&
          shapes::may_end(field(i), how_, text_, at.begin, end, at.reach, literal, work_))
        return end;
    }
    return shapes::nowhere;
  }

  // Where nothing stands between two fields: the next byte that begins the second, or, if that one may be missing, the
  // constant after it.
  std::size_t next_touching(std::size_t i, std::size_t from, std::size_t limit) const noexcept {
    std::size_t after = i + 1;
    while (after < zone_.field_count() && zone_.literals[after].empty() && field(after).may_be_empty) ++after;
    const std::string& literal = zone_.literals[after];
    const bool ends_zone = after == zone_.field_count();
    const bool may_vanish = ends_zone || !literal.empty();
    for (std::size_t end = from; end <= limit; ++end) {
      if (end < end_ && field(i).stops_before.find(text_.begin()[end]) != std::string::npos) return end;
      if (may_vanish && (ends_zone ? end == end_ : stands_at(text_, end, literal))) return end;
    }
    return raw::npos;
  }

  const grammar& format_;
  const grammar_zone& zone_;
  raw text_;
  std::size_t budget_;
  std::size_t work_ = 0;
  std::size_t end_ = 0;
  std::size_t stopped_at_ = 0;
  shapes::reading how_ = shapes::reading::strong;
  bool is_again_ = false;
  std::array<place, max_fields> places_;
  std::array<std::size_t, max_fields> ends_;
};

// How the zones of a line may be read, from the surest to the last resort.
enum class demand : unsigned char {
  strong,           // each in the strong reading, and the clients are plausible
  with_clients,     // each in the first reading that fits, and the clients are plausible
  any,              // each in the first reading that fits
};

// Between formats that differ in what stands in front, the address slots decide: a client behind a virtual host looks
// like one, an ident does not. "-" stands for a client behind a host name with a port only: else it would be an ident.
inline bool has_plausible_clients(const grammar& format, const raw* fields) noexcept {
  for (std::size_t i = 0; i < format.fields.size(); ++i) {
    const grammar_field& field = format.fields[i];
    if (field.is_quoted) continue;
    if (field.shape == field_shape::ident && shapes::is_client(fields[i])) return false;
    if (field.shape != field_shape::client || shapes::is_client(fields[i])) continue;
    if (!(fields[i] == "-")) return false;
    const bool is_behind_name = i == 0 || (format.literals[1] == ":" && any_of(fields[0], is_letter));
    if (!is_behind_name) return false;
  }
  return true;
}

inline split_outcome split_one(const grammar& format, raw line, const quote_list& quotes, demand wanted,
                               std::size_t& budget, record& out) noexcept {
  if (quotes.count + 1 != format.zones.size()) return {.why = mismatch::quotes};
  std::size_t begin = 0;
  out.doubtful = 0;
  for (std::size_t z = 0; z < format.zones.size(); ++z) {
    const grammar_zone& zone = format.zones[z];
    const std::size_t end = z < quotes.count ? quotes.at[z] : line.size();
    if (zone.is_one_field) {  // most: a field alone between two quotes
      out.fields[zone.first_field] = line.sub(begin, end - begin);
      begin = end + 1;
      continue;
    }
    zone_reader reader(format, zone, line.sub(begin, end - begin), budget);
    raw* fields = out.fields.data() + zone.first_field;
    mismatch why = reader.read(shapes::reading::strong, fields);
    if (why != mismatch::none && why != mismatch::work && wanted == demand::any)
      why = reader.read(shapes::reading::lenient, fields);
    if (why != mismatch::none && why != mismatch::work && wanted != demand::strong)
      why = reader.read(shapes::reading::weak, fields);
    if (why != mismatch::none) return {.why = why, .field = zone.first_field + reader.stopped_at()};
    if (zone.doubt_from != 0 && !reader.is_the_only_reading())
      for (std::size_t f = zone.doubt_from; f < zone.field_count(); ++f) out.doubtful |= std::uint64_t{1} << (zone.first_field + f);
    budget -= std::min(budget, reader.work());
    begin = end + 1;
  }
  // What the strong reading found in front is plausible already.
  const bool is_settled = wanted == demand::any || (wanted == demand::strong && !format.has_client_behind);
  if (!is_settled && !has_plausible_clients(format, out.fields.data())) return {.why = mismatch::shape};
  // A bare word in front may be somebody's name: the line is read as one with a virtual host, which is not kept.
  const bool is_guessed_host = wanted != demand::any && format.has_client_behind && format.fields[0].cls == field_class::vhost;
  if (is_guessed_host && !shapes::is_virtual_host(out.fields[0])) out.doubtful |= format.literals[1] == ":" ? 3 : 1;
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
  for (const demand wanted : {demand::strong, demand::with_clients, demand::any}) {
    if (wanted != demand::any && is_named) continue;
    for (std::size_t i = 0; i < formats.size(); ++i) {
      split_outcome tried = split_one(formats[i], line, quotes, wanted, budget, out);
      if (has_empty_name && tried.why == mismatch::quotes)
        tried = split_one(formats[i], line, quotes.without_empty_name(), wanted, budget, out);
      tried.format_index = i;
      out.format_index = i;
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
