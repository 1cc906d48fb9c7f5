// core/version.hpp: the version of the library; CMakeLists.txt reads it from here.
#pragma once

#include <string_view>

#define ANONLOG_VERSION_MAJOR 0
#define ANONLOG_VERSION_MINOR 1
#define ANONLOG_VERSION_PATCH 0

namespace anonlog {

inline constexpr std::string_view version = "0.1.0";

}  // namespace anonlog
