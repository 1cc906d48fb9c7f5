// format/top_level_name.hpp: whether a word with dots ends as names of hosts do: `shop.example`, not `ada.lovelace`.
//
// For a word that is only guessed to be a host. Top-level names are those of the Public Suffix List that libpsl was built
// with (a newer list would only let more words be kept), those that are set aside for no registry (RFC 6761, RFC 6762, RFC
// 8375), and what private networks call themselves. Without a list only the latter are known, and fewer words are kept.
#pragma once

#include <libpsl.h>

#include <algorithm>
#include <array>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>

namespace anonlog {

inline constexpr std::string_view private_top_level_names[] = {"corp",      "example",  "home",        "internal", "intranet", "invalid",
                                                               "lan",       "local",    "localdomain", "localhost", "private",  "test"};

// Looks at the last label only. Allocates nothing, and may be asked by any number of threads.
inline bool has_top_level_name(raw name) noexcept {
  constexpr std::size_t longest_label = 63;
  std::size_t from = name.size();
  while (from != 0 && name[from - 1] != '.') --from;
  const std::size_t size = name.size() - from;
  if (from < 2 || size < 2 || size > longest_label) return false;
  std::array<char, longest_label + 1> label{};  // libpsl reads to a NUL
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned char c = name[from + i];
    if (!is_letter(c) && !is_digit(c) && c != '-') return false;
    label[i] = to_lower(c);
  }
  const std::string_view found(label.data(), size);
  if (std::find(std::begin(private_top_level_names), std::end(private_top_level_names), found) != std::end(private_top_level_names)) return true;
  return psl_is_public_suffix2(psl_builtin(), label.data(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

}  // namespace anonlog
