// tests/format/format_support.hpp: a pattern and a line to the texts of its fields, and back from values to a line.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <anonlog/format/formats.hpp>
#include <anonlog/format/split.hpp>

namespace anonlog::testing {

inline std::vector<grammar> formats_of(std::string_view wanted) {
  auto found = find_formats(wanted);
  if (!found) {
    ADD_FAILURE() << found.error().message;
    std::abort();
  }
  return std::move(*found);
}

inline grammar compiled(std::string_view pattern) { return std::move(formats_of(pattern).front()); }

inline std::string error_of(std::string_view pattern) {
  auto made = find_formats(pattern);
  return made ? "(no error)" : made.error().message;
}

inline std::string text_of(raw bytes) { return {bytes.begin(), bytes.size()}; }

// The fields of the line, or one element "REJECT".
inline std::vector<std::string> fields_of(const std::vector<grammar>& formats, std::string_view line) {
  record out;
  if (!split(formats, raw(line), out)) return {"REJECT"};
  std::vector<std::string> texts;
  std::string whole = out.format->literals[0];
  for (std::size_t i = 0; i < out.field_count; ++i) {
    texts.push_back(text_of(out.fields[i]));
    whole += texts.back() + out.format->literals[i + 1];
  }
  EXPECT_EQ(whole, line) << "constants and fields must make up the line";
  return texts;
}

inline std::vector<std::string> fields_of(std::string_view format, std::string_view line) {
  return fields_of(formats_of(format), line);
}

// The name of the format that fits, or "REJECT".
inline std::string format_of(std::string_view line) {
  static const std::vector<grammar> formats = formats_of("auto");
  record out;
  return split(formats, raw(line), out) ? out.format->name : "REJECT";
}

using texts = std::vector<std::string>;

inline std::string nginx_escaped(std::string_view value) {
  std::string out;
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c != '"' && c != '\\' && byte >= 0x20 && byte < 0x7F) {
      out += c;
      continue;
    }
    out += "\\x";
    out += upper_hex_digits[byte >> 4];
    out += upper_hex_digits[byte & 15];
  }
  return out;
}

inline std::string apache_escaped(std::string_view value) {
  std::string out;
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n' || c == '\t' || c == '\r' || c == '\b' || c == '\v') {
      out += '\\';
      out += c == '\n' ? 'n' : c == '\t' ? 't' : c == '\r' ? 'r' : c == '\b' ? 'b' : 'v';
    } else if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else {
      out += "\\x";
      out += lower_hex_digits[byte >> 4];
      out += lower_hex_digits[byte & 15];
    }
  }
  return out;
}

inline std::string haproxy_escaped(std::string_view value) {
  std::string out;
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::string_view("\"#{|}").find(c) == std::string_view::npos && byte >= 0x20 && byte < 0x7F) {
      out += c;
      continue;
    }
    out += '#';
    out += upper_hex_digits[byte >> 4];
    out += upper_hex_digits[byte & 15];
  }
  return out;
}

}  // namespace anonlog::testing
