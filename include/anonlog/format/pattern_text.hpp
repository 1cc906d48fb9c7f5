// format/pattern_text.hpp: the text of a pattern once its quoting is undone, each byte with its column.
//
// Set-up errors point into what the user wrote, so the columns outlive the escapes of nginx.conf and httpd.conf.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog/core/result.hpp>

namespace anonlog {

struct pattern_text {
  std::string bytes;
  std::vector<std::size_t> columns;  // of each byte, from 1

  void add(char c, std::size_t column) {
    bytes.push_back(c);
    columns.push_back(column);
  }

  std::size_t column(std::size_t at) const {
    if (at < columns.size()) return columns[at];
    return columns.empty() ? 1 : columns.back() + 1;
  }
};

inline setup_error pattern_error(std::size_t column, const std::string& what) {
  return setup_error{"format: column " + std::to_string(column) + ": " + what};
}

constexpr bool is_pattern_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Reads the words of a configuration line: bare, in double or in single quotes. Positions are those of the whole text.
class configuration_words {
 public:
  explicit configuration_words(std::string_view text, std::size_t from = 0) : text_(text), at_(from) {}

  bool at_end() {
    while (at_ < text_.size() && is_pattern_blank(text_[at_])) ++at_;
    return at_ == text_.size();
  }
  char next() const { return text_[at_]; }
  void skip() { ++at_; }
  std::size_t column() const { return at_ + 1; }

  // The next word, its quotes and escapes undone; `ends_bare` is a byte that ends a word without quotes.
  result<pattern_text> take(char ends_bare) {
    pattern_text word;
    const std::size_t begin = at_;
    const char quote = text_[at_] == '"' || text_[at_] == '\'' ? text_[at_] : '\0';
    if (quote != '\0') ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (quote == '\0' && (is_pattern_blank(c) || c == ends_bare)) return word;
      if (quote != '\0' && c == quote) {
        ++at_;
        return word;
      }
      take_byte(word);
    }
    if (quote != '\0') return pattern_error(begin + 1, std::string("the quote ") + quote + " is never closed");
    return word;
  }

  // Everything to the end as one word, without quotes of its own.
  pattern_text take_rest() {
    pattern_text word;
    while (at_ < text_.size()) take_byte(word);
    return word;
  }

 private:
  void take_byte(pattern_text& word) {
    const char c = text_[at_];
    const char escaped = c == '\\' && at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    char meant = '\0';
    if (escaped == '"' || escaped == '\'' || escaped == '\\') meant = escaped;
    if (escaped == 'n') meant = '\n';
    if (escaped == 'r') meant = '\r';
    if (escaped == 't') meant = '\t';
    word.add(meant != '\0' ? meant : c, at_ + 1);
    at_ += meant != '\0' ? 2 : 1;
  }

  std::string_view text_;
  std::size_t at_;
};

}  // namespace anonlog
