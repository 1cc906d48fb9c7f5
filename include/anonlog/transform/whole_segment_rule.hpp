// transform/whole_segment_rule.hpp: what a whole, decoded path segment is, when it is an identifier.
//
// Source: SPEC 3.8 (Template, whole-segment rules; first hit).
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/transform/character_profile.hpp>
#include <anonlog/transform/email_address.hpp>
#include <anonlog/transform/ip_address.hpp>
#include <anonlog/transform/placeholder.hpp>

namespace anonlog {

inline constexpr std::size_t uuid_size = 36;

// 8-4-4-4-12 hex digits, at `at`.
constexpr bool is_uuid_at(raw text, std::size_t at) noexcept {
  if (at > text.size() || text.size() - at < uuid_size || text[at + 8] != '-') return false;
  for (std::size_t i = 0; i < uuid_size; ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[at + i] != '-' : !is_hex(text[at + i])) return false;
  }
  return true;
}

namespace segment_detail {

// For a text with four dashes and 32 hex digits.
constexpr bool is_uuid(raw d) noexcept {
  if (d.front() == '{') d = d.sub(1);
  if (d.back() == '}') d = d.without_last(1);
  return d.size() == uuid_size && d[8] == '-' && d[13] == '-' && d[18] == '-' && d[23] == '-';
}

// (19|20)YY, MM, DD with one of `- . _` between.
constexpr bool is_date(raw d) noexcept {
  constexpr auto is_joint = [](unsigned char c) { return c == '-' || c == '.' || c == '_'; };
  if (d.size() != 10 || !is_joint(d[4]) || !is_joint(d[7])) return false;
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U})
    if (!is_digit(d[i])) return false;
  const auto two_digits = [&](std::size_t at) { return hex_value(d[at]) * 10 + hex_value(d[at + 1]); };
  const unsigned century = two_digits(0), month = two_digits(5), day = two_digits(8);
  return (century == 19 || century == 20) && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// Optional `+`, 8-19 digits, at most one joint between two of them.
constexpr bool is_phone(raw d) noexcept {
  if (!d.empty() && d.front() == '+') d = d.sub(1);
  if (d.size() < 8 || d.size() > 19 + 18 || !is_digit(d.front()) || !is_digit(d.back())) return false;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    if (is_digit(d[i])) {
      ++digits;
      continue;
    }
    const bool is_joint = d[i] == ' ' || d[i] == '.' || d[i] == '-' || d[i] == '(' || d[i] == ')';
    if (!is_joint) return false;
    if (!is_digit(d[i + 1])) return false;
  }
  return digits >= 8 && digits <= 19;
}

constexpr bool holds_alphanumeric_run(raw d, std::size_t wanted) noexcept {
  std::size_t run = 0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    run = is_alphanumeric(d[i]) ? run + 1 : 0;
    if (run == wanted) return true;
  }
  return false;
}

}  // namespace segment_detail

// `p` is the profile of `d`.
inline placeholder whole_segment_rule(raw d, const character_profile& p) noexcept {
  using namespace segment_detail;
  if (d.empty()) return placeholder::none;
  if (p.at_signs != 0 && find_email(d, 0).size != 0) return placeholder::email;
  if (p.dashes == 4 && p.hexes == 32 && is_uuid(d)) return placeholder::uuid;
  ip_element element;
  if ((p.dots >= 3 || p.colons >= 2) && parse_ip(d, element)) return placeholder::ip;
  if (p.digits == p.size) return placeholder::num;
  if (p.hexes == p.size && p.size >= 8 && p.digits != 0) return placeholder::hex;
  if (p.digits == 8 && is_date(d)) return placeholder::date;
  if (p.digits >= 8 && p.lowers + p.uppers == 0 && is_phone(d)) return placeholder::phone;
  const bool is_token_text = p.alphanumerics() + p.dots + p.dashes + p.token_marks == p.size;
  if (p.size >= 16 && is_token_text && p.has_digit_lower_upper()) return placeholder::token;
  if (p.digits != 0 && p.alphanumerics() >= 20 && holds_alphanumeric_run(d, 20)) return placeholder::token;
  if (p.size > 64) return placeholder::long_text;
  return placeholder::none;
}
inline placeholder whole_segment_rule(raw d) noexcept { return whole_segment_rule(d, character_profile::of(d)); }

}  // namespace anonlog
