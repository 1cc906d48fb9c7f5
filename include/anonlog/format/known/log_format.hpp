// format/known/log_format.hpp: what a named format is: data.
#pragma once

#include <string_view>

namespace anonlog {

struct log_format {
  std::string_view name;     // the word users give to -f
  std::string_view pattern;  // in nginx's or Apache's syntax
  std::string_view sample;   // one line; its addresses are those set aside for documentation
  std::string_view source;   // where the format is defined
};

}  // namespace anonlog
