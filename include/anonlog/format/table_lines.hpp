// format/table_lines.hpp: tables in a log: lines that name columns, and rows whose values stand in their order.
//
// Sources: W3C extended log file format (https://www.w3.org/TR/WD-logfile), as IIS, CloudFront, NetScaler and Tomcat write it;
// Zeek's logs (https://docs.zeek.org/en/master/log-formats.html); CSV (RFC 4180) and TSV with a header line.
//
// `#Fields:` and `#fields` may stand anywhere and hold for the rows behind them; the header of CSV and TSV is the first line of
// an input, and may come again. A row with more or fewer values than there are columns is none: whose values they are is not
// known. IIS writes the blanks of a value as `+`, so none of its clients adds a column; with quotes, theirs are doubled.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>
#include <anonlog/format/grammar.hpp>
#include <anonlog/format/keyed_walk.hpp>
#include <anonlog/format/well_known_names.hpp>

namespace anonlog {

// The names of columns, and how rows are written. Belongs to one stream; is copied to those that read other blocks of its input.
class table_head {
 public:
  // `is_only`: no other format may be meant, so that a short header is one, too. `own_names`: of the policy's [fields].
  struct wanted {
    bool w3c = false, zeek = false, csv = false, tsv = false;
    bool is_only = false;
    std::size_t longest_line = static_cast<std::size_t>(-1);
    std::vector<std::string> own_names = {};
    bool any() const noexcept { return w3c || zeek || csv || tsv; }
  };

  explicit table_head(const wanted& which) : which_(which) {}
  table_head(const table_head&) = default;
  table_head& operator=(const table_head& other) {
    if (this == &other) return *this;
    forget();
    which_ = other.which_;
    text_ = other.text_;
    columns_ = other.columns_;
    syntax_ = other.syntax_;
    delimiter_ = other.delimiter_;
    is_in_table_ = other.is_in_table_;
    is_first_ = other.is_first_;
    is_at_front_ = other.is_at_front_;
    version_ = other.version_;
    return *this;
  }
  ~table_head() { forget(); }

  void begin_input() noexcept {
    forget();
    is_first_ = is_at_front_ = true;
  }

  // No line of this input was seen but directives, where tables begin: each is to be shown to take().
  bool is_at_front() const noexcept { return is_at_front_ && which_.any(); }

  // A line that is too long to be looked at.
  void refuse_line() noexcept { is_first_ = is_at_front_ = false; }

  bool is_there() const noexcept { return !columns_.empty(); }
  line_syntax syntax() const noexcept { return syntax_; }
  char delimiter() const noexcept { return delimiter_; }  // of CSV and TSV
  std::size_t size() const noexcept { return columns_.size(); }
  raw name(std::size_t column) const noexcept { return raw(text_.data() + columns_[column].first, columns_[column].second); }
  // Another one with every header.
  std::size_t version() const noexcept { return version_; }

  enum class what : unsigned char { none, header, directive, blank };

  // Every line at the front is shown first, and all behind it that no kernel has read, in the order of the input. A directive
  // behind other lines counts only in a table of its kind: who can begin a line of another log is to gain nothing by it.
  // Throws std::bad_alloc.
  what take(raw line) {
    const bool is_first = std::exchange(is_first_, false);
    if (is_first) line = without_mark(line);
    const bool may_be_directive = which_.is_only || is_at_front_ || (is_in_table_ && !has_header_line());
    what found = what::none;
    if (line.starts_with("#")) found = may_be_directive && !has_header_line() ? take_directive(line) : what::none;
    else if (is_in_table_ && !has_header_line() && syntax_ != line_syntax::zeek && all_of(line, is_blank)) found = what::blank;
    else if (is_first && take_delimited(line)) found = what::header;
    else if (is_there() && has_header_line() && line == std::string_view(text_)) found = what::header;  // once more
    is_at_front_ = is_at_front_ && found != what::none;
    return found;
  }

  // What take() would come to know of whole lines: for the block behind them. Throws std::bad_alloc.
  void skip(raw lines) {
    for (std::size_t at = 0; at < lines.size();) {
      if (!is_at_front_) at = std::min(lines.find('#', at), lines.size());
      if (at == lines.size()) return;
      const std::size_t end = std::min(lines.find('\n', at), lines.size());
      if (at == 0 || lines[at - 1] == '\n') {
        raw line = lines.sub(at, end - at);
        if (line.size() > which_.longest_line) refuse_line();
        else take(!line.empty() && line.back() == '\r' ? line.without_last(1) : line);
      }
      at = end + 1;
    }
  }

  // A byte order mark in front of the first line is not a part of it.
  static raw without_mark(raw line) noexcept {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return line.starts_with(mark) ? line.sub(mark.size()) : line;
  }

  // `#Version: 1.0`: name and value of a directive of W3C; `#path\thttp`: of Zeek.
  static std::pair<raw, raw> parts_of(raw line) noexcept {
    std::size_t end = 1;
    while (end < line.size() && (is_alphanumeric(line[end]) || line[end] == '-' || line[end] == '_')) ++end;
    if (end < line.size() && line[end] == ':') return {line.first(end + 1), line.sub(end + 1)};
    return {line.first(end), line.sub(end)};
  }

  // The name of a directive that says nothing of columns, as we write it; empty if nobody knows it.
  static constexpr std::string_view known_directive(raw name) noexcept {
    constexpr std::string_view all[] = {"#Version:",  "#Software:",      "#Date:",        "#Start-Date:",  "#End-Date:", "#Remark:", "#GMT-Offset:",
                                        "#separator", "#set_separator", "#empty_field", "#unset_field", "#path",      "#open",    "#close", "#types"};
    for (const std::string_view known : all)
      if (name == known) return known;
    return {};
  }

 private:
  static constexpr std::size_t most_columns = 1024;

  // Its lines begin with a header and hold no directive.
  bool has_header_line() const noexcept { return is_there() && (syntax_ == line_syntax::csv || syntax_ == line_syntax::tsv); }

  what take_directive(raw line) {
    const auto [name, value] = parts_of(line);
    if (which_.w3c && name == std::string_view("#Fields:")) return set_if_sure(line_syntax::w3c, value, ' ') ? what::header : what::none;
    if (which_.zeek && name == std::string_view("#fields") && value.starts_with("\t"))
      return set_if_sure(line_syntax::zeek, value.sub(1), '\t') ? what::header : what::none;
    const std::string_view known = known_directive(name);
    const bool is_zeek = !known.ends_with(':');
    if (known.empty() || !(is_zeek ? which_.zeek && !value.empty() && is_blank(value[0]) : which_.w3c)) return what::none;
    if (!is_there()) syntax_ = is_zeek ? line_syntax::zeek : line_syntax::w3c;
    is_in_table_ = true;
    return what::directive;
  }

  // The header of CSV or TSV.
  bool take_delimited(raw line) {
    for (const char delimiter : {'\t', ',', ';'}) {
      if ((delimiter == '\t' ? which_.tsv : which_.csv) && line.holds(delimiter))
        return set_if_sure(delimiter == '\t' ? line_syntax::tsv : line_syntax::csv, line, delimiter);
    }
    return false;
  }

  bool set_if_sure(line_syntax syntax, raw names, char delimiter) {
    const bool has_mark = syntax == line_syntax::w3c || syntax == line_syntax::zeek;  // `#Fields:` says what it is
    if (set(syntax, names, delimiter) && ((which_.is_only && has_mark) || is_surely_header())) return true;
    forget();
    return false;
  }

  // The first record of a log without a header must not pass for one, and where other formats may be meant nothing that a client
  // can write: at least two names are known, to programs or to the policy, and none begins like a number, a time or an address.
  bool is_surely_header() const {
    std::size_t known = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      const unsigned char first = name(i).front();
      if (name(i).size() > 64 || !(is_letter(first) || first == '_' || first == '@')) return false;  // `_`: as we write a name
      const std::string_view text(name(i).begin(), name(i).size());
      const bool is_own = std::any_of(which_.own_names.begin(), which_.own_names.end(), [&](const std::string& own) { return plain_name_of(own) == plain_name_of(text); });
      known += is_own || is_well_known_name(text) ? 1 : 0;
    }
    return known >= 2 && size() >= (which_.is_only ? std::size_t{2} : std::size_t{3});
  }

  static bool is_name(raw text) noexcept {
    constexpr byte_set others("_.-()[]@/: ");
    return !text.empty() && all_of(text, [&](unsigned char c) { return is_alphanumeric(c) || others(c) || c >= 0x80; });
  }

  // False, and no header is in force, where `names` are none.
  bool set(line_syntax syntax, raw names, char delimiter);

  void forget() noexcept {
    wipe(text_.data(), text_.size());
    text_.clear();
    columns_.clear();
    is_in_table_ = false;
  }

  wanted which_;
  std::string text_;                                           // the names as they stand in the header
  std::vector<std::pair<std::size_t, std::size_t>> columns_;  // where in the text, and how many bytes
  line_syntax syntax_ = line_syntax::w3c;
  char delimiter_ = ' ';
  bool is_in_table_ = false;  // a directive or header was seen
  bool is_first_ = true;
  bool is_at_front_ = true;
  std::size_t version_ = 0;
};

namespace table_detail {

// `"a ""b"""`: the value in quotes that begins the text, with its quotes; empty if none ends before a delimiter. Quotes are doubled.
inline raw quoted_cell(raw text) noexcept {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] != '"') continue;
    if (at + 1 == text.size() || text[at + 1] != '"') return text.first(at + 1);
    ++at;
  }
  return {};
}

}  // namespace table_detail

// Calls `on_cell(raw source, raw text, is_quoted)` for each value of a row, the blanks around it left out. False: it is no row,
// or the visitor said false.
template <class OnCell>
bool walk_cells(line_syntax syntax, char delimiter, raw row, OnCell on_cell) {
  const bool is_by_blanks = syntax == line_syntax::w3c;
  const bool has_quotes = syntax != line_syntax::zeek;
  const auto is_end = [&](unsigned char c) { return is_by_blanks ? is_blank(c) : c == static_cast<unsigned char>(delimiter); };
  const auto is_around = [&](unsigned char c) { return is_blank(c) && (is_by_blanks || (delimiter != '\t' && has_quotes)); };
  std::size_t at = 0;
  const auto skip_blanks = [&] {
    while (at < row.size() && is_around(row[at])) ++at;
  };
  skip_blanks();
  if (is_by_blanks && at == row.size()) return false;
  for (;;) {
    raw source = row.sub(at, 0), text = source;
    bool is_quoted = false;
    if (has_quotes && at < row.size() && row[at] == '"') {
      source = table_detail::quoted_cell(row.sub(at));
      if (source.empty()) return false;
      text = source.sub(1).without_last(1);
      is_quoted = true;
      at += source.size();
      skip_blanks();
      if (!is_by_blanks && at < row.size() && !is_end(row[at])) return false;
      if (is_by_blanks && at < row.size() && source.end() == row.begin() + at) return false;  // something is glued to it
    } else {
      std::size_t end = at;
      while (end < row.size() && !is_end(row[end])) {
        if (has_quotes && !is_by_blanks && row[end] == '"') return false;
        ++end;
      }
      source = row.sub(at, end - at);
      at = end;
      while (!is_by_blanks && !source.empty() && is_around(source.back())) source = source.without_last(1);
      text = source;
      skip_blanks();
    }
    if (!on_cell(source, text, is_quoted)) return false;
    if (at == row.size()) return true;
    if (is_by_blanks) continue;
    ++at;  // the delimiter
    skip_blanks();
  }
}

inline bool table_head::set(line_syntax syntax, raw names, char delimiter) {
  forget();
  ++version_;
  is_in_table_ = true;
  syntax_ = syntax;
  delimiter_ = delimiter;
  text_.assign(names.begin(), names.size());
  const raw kept(text_.data(), text_.size());
  const bool is_header = walk_cells(syntax, delimiter, kept, [&](raw, raw text, bool) {
    if (columns_.size() == most_columns || !is_name(text)) return false;
    columns_.emplace_back(static_cast<std::size_t>(text.begin() - kept.begin()), text.size());
    return true;
  });
  if (!is_header) forget();
  return is_header;
}

// Calls `on_value(keyed_value)` for each value of a row, with the name of its column. False: it has more or fewer values than
// there are columns, or the visitor said false.
template <class OnValue>
bool walk_row(const table_head& head, raw row, OnValue on_value) {
  if (!head.is_there()) return false;
  std::size_t column = 0;
  const bool is_row = walk_cells(head.syntax(), head.delimiter(), row, [&](raw source, raw text, bool is_quoted) {
    if (column == head.size()) return false;
    return on_value(keyed_value{.name = head.name(column++), .source = source, .text = text, .is_quoted = is_quoted});
  });
  return is_row && column == head.size();
}

}  // namespace anonlog
