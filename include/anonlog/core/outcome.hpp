// core/outcome.hpp: what became of one value. Running does not fail; it is counted.
#pragma once

#include <cstddef>
#include <string_view>

namespace anonlog {

enum class outcome : unsigned char {
  absent,      // empty or "-" in the log, written as it was
  kept,        // let through, in the form of its field
  reduced,     // less comes out than went in: truncated, floored, templated, rounded
  tokenised,   // replaced by a keyed pseudonym
  dropped,     // replaced by "-" because the policy says so
  unreadable,  // replaced by "-" because its transform could not read it
};

inline constexpr std::size_t outcome_count = 6;

constexpr std::string_view to_text(outcome o) noexcept {
  constexpr std::string_view names[outcome_count] = {"absent",    "kept",    "reduced",
                                                     "tokenised", "dropped", "unreadable"};
  return names[static_cast<std::size_t>(o)];
}

}  // namespace anonlog
