// core/suggest.hpp: "unknown word X; did you mean Y": the nearest known names for a mistyped one.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/core/ascii.hpp>

namespace anonlog {

// The number of single-character edits between two words, upper and lower case being the same.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const bool same = to_lower(static_cast<unsigned char>(a[i - 1])) == to_lower(static_cast<unsigned char>(b[j - 1]));
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (same ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// "nearest: a, b" when something known is near, else "known: " and all of it, or as much as can be read at a glance.
inline std::string suggest(std::string_view word, std::span<const std::string_view> known) {
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (std::string_view candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    const bool is_part = word.size() >= 3 && (candidate.starts_with(word) || candidate.ends_with(word));
    if (is_part || distance <= std::max<std::size_t>(1, (std::min(word.size(), candidate.size()) + 1) / 3))
      near.emplace_back(distance, candidate);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (near.size() > 3) near.resize(3);

  std::string text = near.empty() ? "known: " : "nearest: ";
  const char* separator = "";
  const auto add = [&](std::string_view name) {
    text.append(separator).append(name);
    separator = ", ";
  };
  constexpr std::size_t most_shown = 60;
  if (near.empty()) {
    for (std::string_view name : known.first(std::min(known.size(), most_shown))) add(name);
    if (known.size() > most_shown) text += ", ... (" + std::to_string(known.size()) + ")";
  } else {
    for (const auto& entry : near) add(entry.second);
  }
  return text;
}

}  // namespace anonlog
