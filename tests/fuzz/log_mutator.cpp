// fuzz/log_mutator.cpp: changes a log as somebody would who knows logs: fields, quotes, borders of hours, odd addresses.
//
// Every second change is libFuzzer's own, so nothing is out of reach.
#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <string_view>

#include "fuzz_case.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace std::string_view_literals;

// May stand anywhere.
constexpr std::string_view fragments[] = {
    "\""sv, "\\\""sv, "\\"sv, "\\\\"sv, "\\x22"sv, "\\x0A"sv, "\\x5C"sv, "\\u0000"sv, " "sv, "  "sv, "\t"sv, "\r"sv, "\n"sv, "\r\n"sv, "\0"sv, "\x7F"sv,
    "\x80"sv, "\xFF\xFE"sv, "\xC3\xA9"sv, "]"sv, "["sv, "] \""sv, "\" \""sv, "\" 200 "sv, "-"sv, " - "sv, "%"sv, "%00"sv, "%0a"sv, "%22"sv, "%2525"sv,
    "%40"sv, "?"sv, "&"sv, "="sv, "#"sv, ";"sv, ","sv, ":"sv, "::"sv, "/"sv, "//"sv, "/../"sv, "{"sv, "}"sv, "(compatible; "sv,
};

// May stand for a whole field.
constexpr std::string_view fields[] = {
    // addresses
    "0.0.0.0", "255.255.255.255", "203.0.113.7:443", "203.000.113.007", "1.2.3", "256.1.1.1", "::", "::1", "2001:db8::7", "2001:DB8:0:0:1::A",
    "[2001:db8::7]:443", "::ffff:192.0.2.1", "64:ff9b::c000:201", "2002:c000:201::1", "fe80::1%eth0", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "unknown", "localhost",
    "host-1-2-3-4.example", "198.51.100.9, 10.0.0.1", "for=\\x22[2001:db8::1]\\x22;proto=https",
    // users
    "ada", "ada@example.org", "%41da", "a b",
    // stamps at the borders of hours, days, years; and those that are none
    "[15/Jan/2026:12:59:59 +0000]", "[15/Jan/2026:13:00:00 +0000]", "[31/Dec/2025:23:59:60 +0000]", "[01/Jan/2026:00:00:00 +1400]", "[29/Feb/2024:23:59:59 -1200]",
    "[29/Feb/2026:00:00:00 +0000]", "[15/Jan/2026:12:30:00 +0530]", "[15/Jan/2026:24:00:00 +0000]", "[15/jan/2026:12:00:00 +0000]", "[-]", "[1/Jan/2026:1:1:1 +0000]",
    "2026-01-15T12:59:59+00:00", "2026-01-15T13:00:00Z", "1768478400", "1768478400.123",
    // requests
    "\"GET / HTTP/1.1\"", "\"POST /users/42?token=s3cret&page=2 HTTP/2.0\"", "\"PROPFIND * HTTP/1.1\"", "\"GET http://ada:pw@example.com:8080/a HTTP/1.0\"", "\"-\"", "\"\"",
    "\"CONNECT example.com:443 HTTP/1.1\"", "\"GET  /two  blanks HTTP/1.1\"", "\"GET /\"", "\"\\x16\\x03\\x01\"", "\"get / http/1.1\"", "\"GET /a HTTP/1.1\\x5C\"",
    // status, bytes, durations
    "200", "0", "-", "099", "1000", "18446744073709551615", "99999999999999999999", "0.001", "0.001, 0.002 : 0.003", "-1", "+1", "1e5", "127.0.0.1:8080, unix:/run/a",
    // referrers, agents, cookies, signals
    "\"https://www.example.com/a?b=c#d\"", "\"http://[2001:db8::1]:80/\"", "\"https://ada@example.org/\"", "\"android-app://com.example/\"", "\"curl/8.5.0\"", "\"1\"",
    "\"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36\"", "\"Googlebot/2.1\"", "\"id=1; lang=de\"",
    "www.example.com:443", "www.example.com",
};

struct span {
  std::size_t begin, size;
};

// The field around a place: up to a blank outside quotes and brackets, as far as a look at a few bytes tells.
span field_at(std::string_view log, std::size_t place) {
  const std::size_t line = log.rfind('\n', place) == std::string_view::npos ? 0 : log.rfind('\n', place) + 1;
  for (std::size_t begin = line; begin < log.size();) {
    const char closing = log[begin] == '"' ? '"' : log[begin] == '[' ? ']' : ' ';
    std::size_t end = std::min(log.find(closing, begin + 1), log.find('\n', begin));
    end = end == std::string_view::npos ? log.size() : end + (closing != ' ' && log[end] == closing ? 1 : 0);
    if (place < end || end >= log.size() || log[end] == '\n') return {begin, end - begin};
    begin = end + 1;
  }
  return {log.size(), 0};
}

span line_at(std::string_view log, std::size_t place) {
  const std::size_t before = place == 0 ? std::string_view::npos : log.rfind('\n', place - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t newline = log.find('\n', begin);
  return {begin, (newline == std::string_view::npos ? log.size() : newline + 1) - begin};
}

// What stands between two quotes around a place: a value of JSON.
span quoted_at(std::string_view log, std::size_t place) {
  const std::size_t open = log.rfind('"', place), close = log.find('"', place);
  if (open == std::string_view::npos || close == std::string_view::npos || open == close) return {place, 0};
  return {open + 1, close - open - 1};
}

std::string_view without_quotes(std::string_view text) {
  return text.size() > 1 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

void change(std::string& log, std::minstd_rand& random) {
  const auto below = [&](std::size_t end) { return end == 0 ? 0 : random() % end; };
  const std::size_t place = below(log.size());
  const span field = field_at(log, place), line = line_at(log, place);
  switch (below(10)) {
    case 0: log.insert(place, fragments[below(std::size(fragments))]); break;
    case 1: log.insert(field.begin + (below(2) == 0 ? 0 : field.size), fragments[below(std::size(fragments))]); break;
    case 2:
    case 3: log.replace(field.begin, field.size, fields[below(std::size(fields))]); break;
    case 4: log.replace(field.begin, field.size, std::string(log, below(log.size()), below(64))); break;
    case 5: {
      const std::string other(log, line.begin, line.size);
      log.insert(line_at(log, below(log.size())).begin, other);
      break;
    }
    case 6: {
      const span other = field_at(log, below(log.size()));
      const std::string text(log, other.begin, other.size);
      log.replace(field.begin, field.size, text);
      break;
    }
    case 7:
    case 8: {
      const span value = quoted_at(log, place);
      log.replace(value.begin, value.size, without_quotes(fields[below(std::size(fields))]));
      break;
    }
    default: log.insert(place, below(70) * below(20), log.empty() ? 'x' : log[place]); break;  // to the edges of blocks
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  std::minstd_rand random(seed);
  constexpr std::size_t choices = anonlog::fuzz::fuzz_case::choice_bytes;
  if (random() % 2 == 0 || size < choices || max_size < choices) return LLVMFuzzerMutate(data, size, max_size);
  if (random() % 8 == 0) data[random() % choices] = static_cast<std::uint8_t>(random());
  std::string log(reinterpret_cast<const char*>(data) + choices, size - choices);
  for (std::size_t changes = 1 + random() % 3; changes > 0; --changes) change(log, random);
  const std::size_t kept = std::min(log.size(), max_size - choices);
  std::memcpy(data + choices, log.data(), kept);
  return choices + kept;
}
