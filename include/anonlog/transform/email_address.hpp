// transform/email_address.hpp: where an e-mail address stands in a text.
//
// Generous on purpose: `bob@localhost` and `logo@2x.png` are addresses too, because one missed name costs more than a
// replaced file name. Linear in the text, whatever it holds. Source: SPEC 3.8 (E-mail).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <anonlog/core/raw.hpp>

namespace anonlog {

struct email_span {
  std::size_t from = 0;
  std::size_t size = 0;  // 0: there is none
};

namespace email_detail {
consteval std::array<bool, 256> make_local_table() {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) table[c] = c >= 0x80 || is_alphanumeric(static_cast<unsigned char>(c));
  for (const char c : std::string_view("._%+'!#$&*/=?^`{|}~-")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
inline constexpr std::array<bool, 256> local_table = make_local_table();
}  // namespace email_detail

constexpr bool is_email_local_byte(unsigned char c) noexcept { return email_detail::local_table[c]; }

// Only such a byte begins or ends a DOMAIN.
constexpr bool is_email_domain_edge(unsigned char c) noexcept { return is_alphanumeric(c) || c >= 0x80; }
constexpr bool is_email_domain_byte(unsigned char c) noexcept {
  return is_email_domain_edge(c) || c == '.' || c == '-';
}

// The bytes of an `@` at `at`: 1, or 3 for the full-width one (U+FF20); 0 if there is none.
constexpr std::size_t at_sign_size(raw text, std::size_t at) noexcept {
  if (text[at] == '@') return 1;
  const bool is_full_width = text[at] == 0xEF && at + 2 < text.size() && text[at + 1] == 0xBC && text[at + 2] == 0xA0;
  return is_full_width ? 3 : 0;
}

// The leftmost LOCAL{1,64}@DOMAIN at or after `from`, as long as it gets. LOCAL may hold full-width at-signs, for their
// bytes are >= 0x80; the last one within reach then divides.
constexpr email_span find_email(raw text, std::size_t from) noexcept {
  constexpr std::size_t most_local_bytes = 64;
  const auto begins_domain = [&](std::size_t at) { return at < text.size() && is_email_domain_edge(text[at]); };

  std::size_t local_from = from;  // where the run of LOCAL bytes before `at` begins
  for (std::size_t at = from; at < text.size(); ++at) {
    const std::size_t sign = at_sign_size(text, at);
    if (sign != 0 && at > local_from && begins_domain(at + sign)) {
      const std::size_t begin = at - local_from > most_local_bytes ? at - most_local_bytes : local_from;
      std::size_t domain = at + sign;
      for (std::size_t next = at; next - begin <= most_local_bytes && next < text.size(); ++next) {
        const std::size_t next_sign = at_sign_size(text, next);
        if (next_sign != 0 && begins_domain(next + next_sign)) domain = next + next_sign;
        if (!is_email_local_byte(text[next])) break;
      }
      std::size_t end = domain;
      for (std::size_t i = domain; i < text.size() && is_email_domain_byte(text[i]); ++i)
        if (is_email_domain_edge(text[i])) end = i + 1;
      return {begin, end - begin};
    }
    if (!is_email_local_byte(text[at])) local_from = at + 1;
  }
  return {};
}

// True if the whole value is one address.
constexpr bool is_email(raw whole) noexcept {
  const email_span found = find_email(whole, 0);
  return found.size != 0 && found.from == 0 && found.size == whole.size();
}

}  // namespace anonlog
