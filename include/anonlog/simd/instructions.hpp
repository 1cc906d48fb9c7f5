// simd/instructions.hpp: code for wider instructions than the program was compiled for, in one translation unit with the rest.
//
//   ANONLOG_BEGIN_AVX2          ... everything defined here may use AVX2 ...          ANONLOG_END_TARGET
//
// No file is compiled with -m flags: inline functions of other headers, compiled with them, could be the copy that the
// linker keeps for everybody, and a static initialiser would run before anything is chosen; both end with SIGILL on an
// older machine. So a region sets the target for its own functions only. Rules inside a region: include nothing but
// .inl files of ours; everything has a namespace of the kernel's name; no lambdas (g++ does not give them the target);
// no objects with a constructor or destructor at namespace scope.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#define ANONLOG_X86_64 1
#include <cpuid.h>
#include <immintrin.h>
#else
#define ANONLOG_X86_64 0
#endif

#if defined(__aarch64__) && defined(__ARM_NEON)
#define ANONLOG_AARCH64 1
#include <arm_neon.h>
#else
#define ANONLOG_AARCH64 0
#endif

#define ANONLOG_PRAGMA(text) _Pragma(#text)

#if defined(__clang__)
#define ANONLOG_BEGIN_TARGET(features) \
  ANONLOG_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define ANONLOG_END_TARGET ANONLOG_PRAGMA(clang attribute pop)
#else
#define ANONLOG_BEGIN_TARGET(features) ANONLOG_PRAGMA(GCC push_options) ANONLOG_PRAGMA(GCC target(features))
#define ANONLOG_END_TARGET ANONLOG_PRAGMA(GCC pop_options)
#endif

#if ANONLOG_X86_64
#define ANONLOG_BEGIN_AVX2 ANONLOG_BEGIN_TARGET("avx2,bmi,bmi2,popcnt,lzcnt,aes")
#define ANONLOG_BEGIN_AVX512 \
  ANONLOG_BEGIN_TARGET("avx2,bmi,bmi2,popcnt,lzcnt,aes,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,vaes")
#endif

// Inlined even where the compiler would rather not: a kernel's parts belong into its loops.
#define ANONLOG_INLINE inline __attribute__((always_inline))

namespace anonlog {

// The value, of which the compiler knows nothing: so it cannot make a branch of arithmetic that is there to avoid one. A
// branch that cannot be foretold costs as much as dozens of instructions.
ANONLOG_INLINE std::uint64_t unforeseen(std::uint64_t value) noexcept {
  __asm__("" : "+r"(value));
  return value;
}

// `value` if the condition holds, or 0.
ANONLOG_INLINE std::uint64_t only_if(bool condition, std::uint64_t value) noexcept { return (0 - unforeseen(condition)) & value; }

}  // namespace anonlog

#if ANONLOG_X86_64
namespace anonlog {

// What __builtin_cpu_supports of g++ 12 has no name for. AVX-512 was asked for before: the system saves the registers.
inline bool has_vaes() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (c >> 9 & 1) != 0;
}

}  // namespace anonlog
#endif
