// simd/kernel.hpp: the kernels, which of them this processor can run, and which one is used.
//
// A kernel is the same code compiled once more for wider instructions (simd/instructions.hpp); each gives the same bytes, the
// scalar one defines them. Chosen at run time and never by how the program was compiled, so one package serves every
// machine. AVX-512 means what the code uses of it: F, BW, DQ, VL, VBMI, VBMI2 and VAES (Ice Lake, Zen 4 and later).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <anonlog/core/result.hpp>
#include <anonlog/core/suggest.hpp>
#include <anonlog/simd/instructions.hpp>

// Compiling the kernels takes longer than all the rest of a stream. A program of many files may do it once: it compiles
// src/kernels.cpp and defines ANONLOG_COMPILED_KERNELS everywhere, as our command and tests do; others need not know of it.
// Where this is defined, the code of kernels is compiled.
#if !defined(ANONLOG_COMPILED_KERNELS)
#define ANONLOG_KERNEL_FUNCTION inline
#endif

namespace anonlog {

enum class kernel : unsigned char { scalar, avx2, avx512, neon };

inline constexpr std::array<std::string_view, 4> kernel_names = {"scalar", "avx2", "avx512", "neon"};

constexpr std::string_view to_text(kernel k) noexcept { return kernel_names[static_cast<std::size_t>(k)]; }

// True if this processor and its operating system can run it.
inline bool is_supported(kernel k) noexcept {
  switch (k) {
    case kernel::scalar: return true;
#if ANONLOG_X86_64
    case kernel::avx2:
      return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
             __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("popcnt") != 0 &&
             __builtin_cpu_supports("aes") != 0;
    case kernel::avx512:
      return is_supported(kernel::avx2) && __builtin_cpu_supports("avx512f") != 0 &&
             __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
             __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vbmi") != 0 &&
             __builtin_cpu_supports("avx512vbmi2") != 0 && has_vaes();
#endif
#if ANONLOG_AARCH64
    case kernel::neon: return true;  // part of the architecture
#endif
    default: return false;
  }
}

// The fastest that this processor can run; the same answer every time.
inline kernel best_kernel() noexcept {
  static const kernel best = [] {
    for (const kernel k : {kernel::avx512, kernel::avx2, kernel::neon})
      if (is_supported(k)) return k;
    return kernel::scalar;
  }();
  return best;
}

// The name of the kernel in use where none was asked for.
inline std::string_view kernel_name() noexcept { return to_text(best_kernel()); }

// A kernel by its name; the error tells which there are and which this machine can run.
inline result<kernel> find_kernel(std::string_view name) {
  for (std::size_t i = 0; i < kernel_names.size(); ++i) {
    if (kernel_names[i] != name) continue;
    const auto found = static_cast<kernel>(i);
    if (is_supported(found)) return found;
    return setup_error{"this machine cannot run the kernel \"" + std::string(name) + "\"; the best it can run is \"" +
                       std::string(to_text(best_kernel())) + "\""};
  }
  return setup_error{"unknown kernel \"" + std::string(name) + "\"; " + suggest(name, kernel_names)};
}

}  // namespace anonlog
