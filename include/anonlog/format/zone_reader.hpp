// format/zone_reader.hpp: one zone of a line, what stands between two quotes, to the positions of its fields.
//
// Rules 2 to 4 and 6 of format/split.hpp. What most lines look like is read without a search; both give the same.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <anonlog/format/grammar.hpp>
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

namespace split_detail {

// Constants are a few bytes: a loop costs less than a call.
inline bool stands_at(raw zone, std::size_t at, std::string_view literal) noexcept {
  if (zone.size() - at < literal.size()) return false;
  for (std::size_t i = 0; i < literal.size(); ++i)
    if (zone.begin()[at + i] != literal[i]) return false;
  return true;
}

// The first place from `from` on where the literal stands, which is not empty, or npos.
inline std::size_t find_literal(raw text, std::string_view literal, std::size_t from) noexcept {
  while (from < text.size()) {
    const std::size_t left = text.size() - from;
    const char* const bytes = text.begin() + from;
    const std::uint64_t word = left < 8 ? swar::load_first(bytes, left) : swar::load(bytes);
    for (std::uint64_t marks = swar::equal(word, static_cast<unsigned char>(literal[0])); marks != 0; marks &= marks - 1) {
      const std::size_t at = from + swar::first(marks);
      if (at >= text.size()) return raw::npos;
      if (literal.size() == 1 || stands_at(text, at, literal)) return at;
    }
    from += left < 8 ? left : 8;
  }
  return raw::npos;
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

    if (how == shapes::reading::strong && zone_.doubt_from == 0 &&
        (zone_.absent_names.empty() || zone_.fields_in_front != 0 ? read_words(out) : read_front(out)))
      return mismatch::none;
    enter(0, head.size());
    if (const mismatch why = search(0); why != mismatch::none) return why;
    for (std::size_t f = 0; f < count; ++f) out[f] = text_.sub(places_[f].begin, ends_[f] - places_[f].begin);
    return mismatch::none;
  }

  // False: a constant is missing, so that no reading can fit.
  bool holds_constants() const noexcept {
    std::size_t at = 0;
    for (const std::string& literal : zone_.literals) {
      if (literal.empty()) continue;
      at = find_literal(text_, literal, at);
      if (at == raw::npos) return false;
      at += literal.size();
    }
    return true;
  }

  // After a reading: true if there is no other one of the same kind, so that no client can have chosen between them.
  bool is_the_only_reading() noexcept {
    if (how_ != shapes::reading::strong) return false;
    is_again_ = true;
    return zone_.field_count() < 2 || ends_where_it_must() || search(zone_.field_count() - 2) == mismatch::constant;
  }

  std::size_t work() const noexcept { return work_; }
  std::size_t stopped_at() const noexcept { return stopped_at_; }

 private:
  // True if every field ends at the last place that leaves room for the constants behind it. Another reading would come later
  // in the search, so one of its fields would have to end behind that.
  bool ends_where_it_must() const noexcept {
    std::size_t bound = end_;
    for (std::size_t i = zone_.field_count() - 1; i-- > 0;) {
      const std::string& literal = zone_.literals[i + 1];
      const std::size_t end = ends_[i];
      if (literal.empty() || bound < literal.size()) return false;
      for (std::size_t at = bound - literal.size(); at > end; --at)
        if (stands_at(text_, at, literal)) return false;
      bound = end;
    }
    return true;
  }

  // A good stamp can stand only at the end. In front of it most lines have no ident and no user; else the user alone may
  // hold blanks, and what is in front of it ends at its first blank. So the strong reading needs no search.
  bool read_front(raw* out) const noexcept {
    constexpr std::size_t stamp = shapes::clf_picture.size;
    const std::size_t count = zone_.field_count();
    if (end_ < stamp || !shapes::has_picture(text_, end_ - stamp, end_, shapes::clf_picture)) return false;
    out[count - 1] = text_.sub(end_ - stamp, stamp);
    return read_absent_names(end_ - stamp, out) || read_names(end_ - stamp, out);
  }

  bool read_absent_names(std::size_t stamp_at, raw* out) const noexcept {
    const std::string& names = zone_.absent_names;
    if (stamp_at < names.size() || !stands_at(text_, stamp_at - names.size(), names)) return false;
    const raw client = text_.first(stamp_at - names.size());
    if (shapes::blank_from(client, 0, client.size()) != client.size() || !shapes::is_client(client)) return false;
    out[0] = client;
    for (std::size_t f = 1; f + 1 < zone_.field_count(); ++f) out[f] = raw("-", 1);
    return true;
  }

  bool read_names(std::size_t stamp_at, raw* out) const noexcept {
    const std::size_t count = zone_.field_count(), user = count - 2;
    const std::string& before_stamp = zone_.literals[count - 1];
    if (count < 3 || field(user).shape != field_shape::any || stamp_at < before_stamp.size()) return false;
    const std::size_t user_end = stamp_at - before_stamp.size();
    std::size_t begin = 0;
    for (std::size_t f = 0; f < user; ++f) {
      const std::string& literal = zone_.literals[f + 1];
      if (!shapes::ends_at_reach(field(f).shape, literal)) return false;
      const std::size_t end = shapes::blank_from(text_, begin, end_);
      const raw word = text_.sub(begin, end - begin);
      const bool is_client = shapes::is_client(word);
      const bool fits = field(f).shape == field_shape::client ? is_client || word == "-" : !is_client && !word.empty();
      if (!fits || !stands_at(text_, end, literal)) return false;
      out[f] = word;
      begin = end + literal.size();
    }
    const bool is_escaped = user_end != 0 && text_[user_end - 1] == '\\';
    if (begin > user_end || is_escaped || !stands_at(text_, user_end, before_stamp)) return false;
    out[user] = text_.sub(begin, user_end - begin);
    return true;
  }

  // Status and size and the like: each field ends where it can hold no more, for a blank follows. False: a search it is.
  bool read_words(raw* out) noexcept {
    const std::size_t count = zone_.field_count();
    std::size_t begin = zone_.literals[0].size();
    for (std::size_t f = 0; f < count; ++f) {
      const std::string& literal = zone_.literals[f + 1];
      const field_shape shape = field(f).shape;
      const bool is_last = f + 1 == count;
      if (!is_last && !shapes::ends_at_reach(shape, literal) && !shapes::is_run_before(shape, literal))
        return false;
      if (begin > end_) return false;
      const std::size_t end = shapes::reach(field(f), how_, text_, begin, end_);
      if (end == shapes::nowhere || (is_last && end != end_) || !stands_at(text_, end, literal) ||
          !shapes::may_end(field(f), how_, text_, begin, end, end, literal, work_))
        return false;
      out[f] = text_.sub(begin, end - begin);
      begin = end + literal.size();
    }
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
    if (how_ == shapes::reading::strong && (shapes::ends_at_reach(field(i).shape, literal) || shapes::is_run_before(field(i).shape, literal))) {
      const bool fits = at.next == at.begin && at.reach + literal.size() <= end_ && stands_at(text_, at.reach, literal) &&
                        shapes::may_end(field(i), how_, text_, at.begin, at.reach, at.reach, literal, work_);
      return fits ? at.reach : shapes::nowhere;
    }
    if (how_ == shapes::reading::weak && field(i).shape == field_shape::time_clf && at.next == at.begin) {
      // A good stamp holds a blank; where a zone is read weakly because of another field, it is still whole.
      const std::size_t end = shapes::clf_reach(text_, at.begin, end_);
      if (end != shapes::nowhere && end + literal.size() <= end_ && stands_at(text_, end, literal)) return end;
    }
    const raw searched = text_.first(std::min(end_, at.reach + literal.size()));
    for (std::size_t end = at.next; end <= at.reach; ++end) {
      const std::size_t found = literal.empty() ? next_touching(i, end, at.reach) : find_literal(searched, literal, end);
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

}  // namespace split_detail
}  // namespace anonlog
