// tests/format/keyed_reference.hpp: the readers of LTSV and logfmt once more, slow and after another plan, to compare with.
//
// They cut the line into tokens first, by whether a byte stands in quotes, and then judge each token on its own.
#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace anonlog::testing {

struct told {
  std::string name, source, text;
  bool is_quoted = false;
  std::size_t name_at = 0, source_at = 0;

  friend bool operator==(const told&, const told&) = default;
  friend void PrintTo(const told& t, std::ostream* out) {
    *out << t.name << " = " << t.source << (t.is_quoted ? " says " : " is ") << t.text << " at " << t.name_at << ", " << t.source_at;
  }
};
using told_values = std::vector<told>;

inline std::optional<told_values> ltsv_by_reference(const std::string& line) {
  if (line.find_first_of(std::string("\0\r\n", 3)) != std::string::npos) return std::nullopt;
  told_values all;
  std::size_t from = 0;
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == '\t') fields.emplace_back();
    else fields.back() += c;
  }
  if (fields.size() < 2) return std::nullopt;
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  for (const std::string& field : fields) {
    const std::size_t end = field.find_first_not_of(letters + "0123456789.-");
    if (end == std::string::npos || field[end] != ':') return std::nullopt;
    const std::string label = field.substr(0, end), value = field.substr(end + 1);
    if (label.find_first_of(letters) == std::string::npos) return std::nullopt;
    all.push_back({label, value, value, false, from, from + end + 1});
    from += field.size() + 1;
  }
  return all;
}

inline std::optional<told_values> logfmt_by_reference(const std::string& line) {
  struct token {
    std::string text;
    std::size_t at;
  };
  std::vector<token> tokens;
  bool is_inside = false, is_new = true;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (!is_inside && (c == ' ' || c == '\t')) {
      if (i == 0) return std::nullopt;
      is_new = true;
      continue;
    }
    const int code = static_cast<unsigned char>(c);
    if (code == 127 || (code < 32 && c != '\t')) return std::nullopt;
    if (is_new) tokens.push_back({"", i});
    is_new = false;
    std::string& text = tokens.back().text;
    if (c == '"') {
      const std::size_t equals = text.find('=');
      const std::size_t backslashes = text.size() - (text.find_last_not_of('\\') + 1);
      if (!is_inside && equals + 1 == text.size() && equals != std::string::npos) is_inside = true;
      else if (is_inside && backslashes % 2 == 0) is_inside = false;
    }
    text += c;
  }
  if (is_inside) return std::nullopt;
  const auto is_logfmt_key = [](const std::string& text) {
    const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_@";
    return !text.empty() && text.size() <= 64 && letters.find(text[0]) != std::string::npos &&
           text.find_first_not_of(letters + "0123456789./:-") == std::string::npos;
  };
  told_values all;
  long balance = 0;
  std::size_t pairs = 0;
  for (const auto& [text, at] : tokens) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      if ((!is_logfmt_key(text) && text != "-") || pairs == 0) return std::nullopt;
      all.push_back({"", text, text, false, at, at});
      --balance;
      continue;
    }
    const std::string key = text.substr(0, equals), value = text.substr(equals + 1);
    if (!is_logfmt_key(key)) return std::nullopt;
    const bool is_quoted = !value.empty() && value[0] == '"';
    std::string inner = value;
    if (is_quoted) {
      std::size_t end = 1;
      while (end < value.size() && value[end] != '"') end += value[end] == '\\' ? 2 : 1;
      if (end + 1 != value.size()) return std::nullopt;
      inner = value.substr(1, value.size() - 2);
    } else if (value.find('"') != std::string::npos) {
      return std::nullopt;
    }
    all.push_back({key, value, inner, is_quoted, at, at + equals + 1});
    ++balance;
    ++pairs;
  }
  if (pairs < 2 || balance < 0) return std::nullopt;
  return all;
}

}  // namespace anonlog::testing
