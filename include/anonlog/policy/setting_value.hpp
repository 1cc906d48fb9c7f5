// policy/setting_value.hpp: one value a person wrote for one setting, checked and brought into its one canonical text.
//
// Canonical texts make the dump, and with it the fingerprint of a policy, independent of how the value was spelled
// (SPEC 3.11). A message quotes the policy, never a log.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/result.hpp>
#include <anonlog/core/suggest.hpp>
#include <anonlog/policy/settings.hpp>

namespace anonlog {

// What TOML or `--set` gave.
using written_value = std::variant<std::string, std::int64_t, bool, double, std::vector<std::string>>;

namespace setting_detail {

inline std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  return out += '"';
}

inline bool to_integer(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

// Seconds of "90", "10s", "5m", "1h", "7d".
inline bool to_seconds(std::string_view text, std::int64_t& seconds) {
  std::int64_t unit = 1;
  if (!text.empty() && !is_digit(static_cast<unsigned char>(text.back()))) {
    switch (text.back()) {
      case 's': unit = 1; break;
      case 'm': unit = 60; break;
      case 'h': unit = 3600; break;
      case 'd': unit = 86400; break;
      default: return false;
    }
    text.remove_suffix(1);
  }
  if (!to_integer(text, seconds) || seconds < 0 || seconds > 86400 * 366) return false;
  seconds *= unit;
  return true;
}

// Seconds east of UTC of "+05:30", "-0700", "Z", "UTC", "19800".
inline bool to_zone(std::string_view text, std::int64_t& seconds) {
  seconds = 0;
  if (text == "Z" || text == "z" || text == "UTC") return true;
  const bool is_signed = !text.empty() && (text[0] == '+' || text[0] == '-');
  std::string digits;
  for (char c : text.substr(is_signed ? 1 : 0)) digits += c == ':' ? "" : std::string(1, c);
  const bool is_clock = is_signed && digits.size() == 4 && (text.size() == 5 || (text.size() == 6 && text[3] == ':'));
  if (!std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return is_digit(c); })) return false;
  if (is_clock) {
    const std::int64_t hours = (digits[0] - '0') * 10 + (digits[1] - '0');
    const std::int64_t minutes = (digits[2] - '0') * 10 + (digits[3] - '0');
    if (minutes > 59) return false;
    seconds = hours * 3600 + minutes * 60;
  } else if (text.find(':') != std::string_view::npos || !to_integer(digits, seconds)) {
    return false;
  }
  if (text[0] == '-') seconds = -seconds;
  return seconds >= -14 * 3600 && seconds <= 14 * 3600;
}

inline std::vector<std::string_view> split_words(std::string_view words) {
  std::vector<std::string_view> list;
  for_each_word(words, [&](std::string_view word) {
    if (!word.empty()) list.push_back(word);
  });
  return list;
}

inline std::string list_text(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) out.append(out.size() > 1 ? "," : "").append(in_quotes(item));
  return out += ']';
}

inline setup_error wrong(const setting& s, std::string_view expected) {
  return {std::string(s.key) + ": " + std::string(expected)};
}

}  // namespace setting_detail

// The items of a canonical list text.
inline std::vector<std::string> list_items(std::string_view canonical) {
  std::vector<std::string> items;
  bool inside = false;
  for (std::size_t i = 0; i < canonical.size(); ++i) {
    const char c = canonical[i];
    if (c == '"') {
      inside = !inside;
      if (inside) items.emplace_back();
    } else if (inside) {
      items.back() += c == '\\' ? canonical[++i] : c;
    }
  }
  return items;
}

// The canonical text of a written value, or what would be right.
inline result<std::string> canonical_value(const setting& s, const written_value& written) {
  using namespace setting_detail;
  const auto* const text = std::get_if<std::string>(&written);
  const auto* const integer = std::get_if<std::int64_t>(&written);
  const auto* const flag = std::get_if<bool>(&written);
  const auto* const items = std::get_if<std::vector<std::string>>(&written);
  if (s.later == "*") return setup_error{std::string(s.key) + " is not in this version"};

  switch (s.type) {
    case setting_type::word: {
      if (text == nullptr) return wrong(s, "expects a word: " + std::string(s.words));
      if (has_word(s.words, *text)) return *text;
      if (has_word(s.later, *text))
        return setup_error{std::string(s.key) + " = " + in_quotes(*text) + " is not in this version; known: " +
                           std::string(s.words)};
      const auto known = split_words(s.words);
      return setup_error{"unknown " + std::string(s.key) + " " + in_quotes(*text) + "; " + suggest(*text, known)};
    }
    case setting_type::flag:
      if (flag != nullptr) return std::string(*flag ? "true" : "false");
      return wrong(s, "expects true or false");
    case setting_type::integer:
    case setting_type::percent: {
      std::int64_t number = 0;
      std::string digits = text != nullptr ? *text : std::string{};
      if (s.type == setting_type::percent && digits.ends_with('%')) digits.pop_back();
      if (s.type == setting_type::percent && std::holds_alternative<double>(written)) {
        const double share = std::get<double>(written);
        if (!(share >= 0 && share <= 100)) return wrong(s, "expects a share of 0 to 100 %");
        char shown[32];  // whatever the locale
        return std::string(shown, std::to_chars(shown, shown + sizeof shown, share).ptr);
      }
      if (s.type == setting_type::percent && digits.find('.') != std::string::npos) {
        double share = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), share);
        if (error != std::errc{} || end != digits.data() + digits.size()) return wrong(s, "expects a share of 0 to 100 %");
        return canonical_value(s, share);
      }
      if (integer != nullptr)
        number = *integer;
      else if (text == nullptr || !to_integer(digits, number))
        return wrong(s, "expects a whole number");
      if (number < s.minimum || number > s.maximum)
        return wrong(s, "expects a number from " + std::to_string(s.minimum) + " to " + std::to_string(s.maximum));
      if (!s.words.empty() && !has_word(s.words, std::to_string(number)))
        return wrong(s, "expects one of: " + std::string(s.words));
      return std::to_string(number);
    }
    case setting_type::grid: {
      std::int64_t seconds = 0;
      if (integer != nullptr)
        seconds = *integer;
      else if (text == nullptr || !to_seconds(*text, seconds))
        return wrong(s, "expects seconds, or a number with s, m, h or d");
      if (!has_word(s.words, std::to_string(seconds)))
        return wrong(s, "expects one of these numbers of seconds: " + std::string(s.words));
      return std::to_string(seconds);
    }
    case setting_type::zone: {
      std::int64_t seconds = 0;
      if (integer != nullptr && *integer >= -14 * 3600 && *integer <= 14 * 3600) return std::to_string(*integer);
      if (text == nullptr || !to_zone(*text, seconds))
        return wrong(s, "expects a zone such as +05:30, or seconds east of UTC, at most 14 hours");
      return std::to_string(seconds);
    }
    case setting_type::text:
      if (text == nullptr) return wrong(s, "expects a text");
      if (!std::all_of(text->begin(), text->end(), [](char c) { return c >= 0x20 && c <= 0x7E; }))
        return wrong(s, "expects printable ASCII");
      return *text;
    case setting_type::list:
    case setting_type::sequence: {
      std::vector<std::string> list;
      if (items != nullptr)
        list = *items;
      else if (text != nullptr)
        list.push_back(*text);
      else
        return wrong(s, "expects a list of texts");
      for (const std::string& item : list)
        if (item.empty() || !std::all_of(item.begin(), item.end(), [](char c) { return c >= 0x20 && c <= 0x7E; }))
          return wrong(s, "expects texts of printable ASCII, none empty");
      if (s.type == setting_type::list) {
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
      }
      return list_text(list);
    }
  }
  return wrong(s, "cannot be set");
}

// The one of two canonical values that lets less out.
inline std::string stricter_value(const setting& s, const std::string& a, const std::string& b) {
  const auto number = [](const std::string& text) {
    std::int64_t value = 0;
    setting_detail::to_integer(text, value);
    return value;
  };
  const auto digits = [&](const std::string& text) { return number(text) == 0 ? INT64_MAX : number(text); };
  const auto place = [&](const std::string& text) {
    const auto words = setting_detail::split_words(s.words);
    return std::find(words.begin(), words.end(), text) - words.begin();
  };
  switch (s.strict) {
    case strictness::none: return a;
    case strictness::by_order: return place(a) <= place(b) ? a : b;
    case strictness::smaller: return number(a) <= number(b) ? a : b;
    case strictness::digits: return digits(a) <= digits(b) ? a : b;
    case strictness::larger: return number(a) >= number(b) ? a : b;
    case strictness::shared: {
      std::vector<std::string> both;
      const auto others = list_items(b);
      for (const std::string& item : list_items(a))
        if (std::find(others.begin(), others.end(), item) != others.end()) both.push_back(item);
      return setting_detail::list_text(both);
    }
  }
  return a;
}

}  // namespace anonlog
