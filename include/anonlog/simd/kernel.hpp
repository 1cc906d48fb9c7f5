// simd/kernel.hpp: which kernel reads the lines. The scalar one is the definition of right; it is the only one so far.
#pragma once

#include <array>
#include <string_view>

namespace anonlog {

inline constexpr std::array<std::string_view, 1> kernel_names = {"scalar"};

// The name of the kernel in use.
constexpr std::string_view kernel_name() noexcept { return kernel_names[0]; }

}  // namespace anonlog
