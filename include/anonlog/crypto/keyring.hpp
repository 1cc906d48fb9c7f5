// crypto/keyring.hpp: the era secrets of an operator: which secret holds at which time.
//
// Eras are independent: wiping one ends linkability for its time, in every copy of the output. Source: SPEC 3.3.4.
// Whatever is wrong with a keyring is said by line number; its text is never quoted, it may be a key.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog/crypto/secret_table.hpp>
#include <anonlog/crypto/utc_time.hpp>

namespace anonlog {

inline constexpr std::int64_t always_before = std::numeric_limits<std::int64_t>::min();  // an open start
inline constexpr std::int64_t always_after = std::numeric_limits<std::int64_t>::max();   // an open end

// A time from `from` on and before `to`, and the secret S for it.
struct era {
  std::string id;
  std::int64_t from = always_before;  // Unix seconds
  std::int64_t to = always_after;
  fingerprint_text fingerprint{};  // F(S)
  bool hold = false;               // legal hold: not to be shredded
  std::size_t secret_place = 0;    // in the keyring

  bool covers(std::int64_t unix_seconds) const noexcept {
    return from <= unix_seconds && (unix_seconds < to || to == always_after);
  }
};

// 1-64 letters, digits, dots, dashes and underscores.
inline bool is_era_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
  });
}

// The letters a recipient may have; empty: the operator itself.
inline bool is_recipient(std::string_view name) noexcept {
  return name.size() <= 64 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return is_lower(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

// Immutable once made; may be shared by threads.
class keyring {
 public:
  // In the order of time.
  const std::vector<era>& eras() const noexcept { return eras_; }

  // nullptr: no era covers this time.
  const era* era_at(std::int64_t unix_seconds) const noexcept {
    const auto after = std::upper_bound(eras_.begin(), eras_.end(), unix_seconds,
                                        [](std::int64_t t, const era& e) { return t < e.from; });
    if (after == eras_.begin()) return nullptr;
    const era& candidate = *(after - 1);
    return candidate.covers(unix_seconds) ? &candidate : nullptr;
  }

  // The 32 bytes of S.
  const unsigned char* secret_of(const era& e) const noexcept { return secrets_.at(e.secret_place); }

  // The S of the suppression list, or nullptr; never used for output.
  const unsigned char* suppress_secret() const noexcept {
    return suppress_place_ ? secrets_.at(*suppress_place_) : nullptr;
  }

 private:
  friend class keyring_parser;

  std::vector<era> eras_;
  std::optional<std::size_t> suppress_place_;
  secret_table secrets_;
};

// Reads the text of a keyring line by line. The caller keeps the text in protected memory.
class keyring_parser {
 public:
  static constexpr std::string_view header = "anonlog-keyring 1";

  explicit keyring_parser(std::string_view name_for_messages) : name_(name_for_messages) {}

  result<keyring> parse(std::string_view text) && {
    for (; !text.empty() && !failure_; ++line_) {
      const std::size_t end = text.find('\n');
      read_line(text.substr(0, end));
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    if (!failure_ && line_ == 1) fail("is empty; a keyring begins with the line \"" + std::string(header) + "\"");
    if (!failure_) order_eras();
    if (failure_) return *failure_;
    return std::move(ring_);
  }

 private:
  static constexpr std::size_t most_fields = 7;

  void fail(std::string_view what) {
    failure_ = setup_error{name_ + ":" + std::to_string(line_) + ": " + std::string(what)};
  }

  void read_line(std::string_view line) {
    if (line_ == 1) {
      if (line != header)
        fail("not a keyring of this version: the first line must be \"" + std::string(header) + "\" and nothing else");
      return;
    }
    for (char c : line) {
      if (c == '\r') return fail("line ends are CR LF; a keyring has LF only");
      if (c < 0x20 || c > 0x7E) return fail("a byte that is not printable ASCII");
    }
    if (line.empty() || line.front() == '#') return;
    if (line.front() == ' ' || line.back() == ' ' || line.find("  ") != line.npos)
      return fail("fields are separated by exactly one space, and a line has none at its ends");

    std::string_view fields[most_fields];
    std::size_t count = 0;
    for (std::string_view rest = line; count < most_fields; ++count) {
      const std::size_t space = rest.find(' ');
      fields[count] = rest.substr(0, space);
      rest.remove_prefix(space == rest.npos ? rest.size() : space + 1);
      if (rest.empty()) {
        ++count;
        break;
      }
      if (count + 1 == most_fields) return fail("too many fields");
    }
    if (fields[0] == "era")
      read_era(fields, count);
    else if (fields[0] == "suppress")
      read_suppress(fields, count);
    else
      fail("neither an era, nor suppress, nor a # comment");
  }

  void read_era(const std::string_view* fields, std::size_t count) {
    if (count != 6 && count != 7)
      return fail("expects: era ID FROM TO SECRET FINGERPRINT [hold]; this line has " + std::to_string(count) +
                  " fields");
    if (count == 7 && fields[6] != "hold") return fail("the only word after the fingerprint is \"hold\"");
    if (!is_era_id(fields[1])) return fail("an era id is 1-64 letters, digits, dots, dashes and underscores");
    era e{.id = std::string(fields[1]), .hold = count == 7};
    if (!read_time(fields[2], always_before, e.from) || !read_time(fields[3], always_after, e.to)) return;
    if (e.from >= e.to) return fail("the era ends before it begins");
    for (const era& other : ring_.eras_)
      if (other.id == e.id) return fail("an era of the same id stands above");
    const std::optional<std::size_t> place = read_secret(fields[4], fields[5]);
    if (!place) return;
    e.secret_place = *place;
    e.fingerprint = fingerprint(ring_.secrets_.at(*place));
    ring_.eras_.push_back(std::move(e));
    era_lines_.push_back(line_);
  }

  void read_suppress(const std::string_view* fields, std::size_t count) {
    if (count != 3)
      return fail("expects: suppress SECRET FINGERPRINT; this line has " + std::to_string(count) + " fields");
    if (ring_.suppress_place_) return fail("a second suppress line; there is one suppression list");
    ring_.suppress_place_ = read_secret(fields[1], fields[2]);
  }

  bool read_time(std::string_view field, std::int64_t open, std::int64_t& time) {
    const std::optional<std::int64_t> parsed = field == "-" ? open : parse_utc_time(field);
    if (!parsed) fail("a time is written 2026-01-01T00:00:00Z, or - for an open end");
    time = parsed.value_or(0);
    return parsed.has_value();
  }

  std::optional<std::size_t> read_secret(std::string_view digits, std::string_view written_fingerprint) {
    const auto refuse = [&](std::string_view what) -> std::optional<std::size_t> {
      fail(what);
      return std::nullopt;
    };
    const auto is_key_digit = [](unsigned char c) { return is_hex(c) && !is_upper(c); };
    if (digits.size() != 2 * key_bytes || !std::all_of(digits.begin(), digits.end(), is_key_digit))
      return refuse("a secret is 64 lower-case hexadecimal digits");
    const result<std::size_t> place = ring_.secrets_.add();
    if (!place) return refuse(place.error().message);
    unsigned char* const secret_bytes = ring_.secrets_.at(place.value());
    for (std::size_t i = 0; i < key_bytes; ++i)
      secret_bytes[i] = static_cast<unsigned char>(hex_value(static_cast<unsigned char>(digits[2 * i])) << 4 |
                                                   hex_value(static_cast<unsigned char>(digits[2 * i + 1])));
    if (::sodium_is_zero(secret_bytes, key_bytes) == 1) return refuse("the secret is all zeros");
    if (view(fingerprint(secret_bytes)) != written_fingerprint)
      return refuse("the fingerprint does not belong to the secret: one of them was cut or mistyped; restore the line "
                    "from a copy");
    for (std::size_t other = 0; other < place.value(); ++other)
      if (::sodium_memcmp(ring_.secrets_.at(other), secret_bytes, key_bytes) == 0)
        return refuse("this secret stands above already; each era and the suppression list have a secret of their own");
    return place.value();
  }

  void order_eras() {
    std::vector<std::size_t> order(ring_.eras_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return ring_.eras_[a].from < ring_.eras_[b].from; });
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (ring_.eras_[order[i - 1]].to <= ring_.eras_[order[i]].from) continue;
      const auto [first, second] = std::minmax(era_lines_[order[i - 1]], era_lines_[order[i]]);
      line_ = second;
      return fail("overlaps the era of line " + std::to_string(first) + "; an era ends when the next begins");
    }
    std::vector<era> ordered;
    for (std::size_t i : order) ordered.push_back(std::move(ring_.eras_[i]));
    ring_.eras_ = std::move(ordered);
  }

  std::string name_;
  std::size_t line_ = 1;
  std::vector<std::size_t> era_lines_;
  keyring ring_;
  std::optional<setup_error> failure_;
};

inline result<keyring> parse_keyring(std::string_view text, std::string_view name_for_messages) {
  return keyring_parser(name_for_messages).parse(text);
}

}  // namespace anonlog
