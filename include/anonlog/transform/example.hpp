// transform/example.hpp: a value before and after: the documentation of a transform, and its first test.
#pragma once

#include <string_view>

#include <anonlog/core/outcome.hpp>

namespace anonlog {

struct example {
  std::string_view in;   // as the transform gets it: log escapes are undone already
  std::string_view out;  // with the transform's default options
  anonlog::outcome outcome = anonlog::outcome::reduced;
};

}  // namespace anonlog
