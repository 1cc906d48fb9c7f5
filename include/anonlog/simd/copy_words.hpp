// simd/copy_words.hpp: copies the bytes of words, up to the first one that may not leave as it is.
//
// transform/release_words.hpp is its only caller and escapes that one. tests/simd/copy_words_test.cpp compares the kernels with
// the writer. The scalar kernel has none: the writer's own loop is as good there.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <anonlog/simd/bytes_avx2.hpp>
#include <anonlog/simd/bytes_avx512.hpp>
#include <anonlog/simd/bytes_neon.hpp>
#include <anonlog/simd/kernel.hpp>

namespace anonlog {

// Returns how many bytes it copied: all of them, or those before the first one that is not in 0x20..0x7E, or a quote or a
// backslash; none of fewer than 16. Writes over what stands up to `to + size`, and looks at no byte behind `from + size`.
using copy_words_function = std::size_t (*)(char* to, const char* from, std::size_t size) noexcept;

#if ANONLOG_X86_64
ANONLOG_BEGIN_AVX2
namespace avx2 {
#include <anonlog/simd/copy_words.inl>
}  // namespace avx2
ANONLOG_END_TARGET

ANONLOG_BEGIN_AVX512
namespace avx512 {
#include <anonlog/simd/copy_words.inl>
}  // namespace avx512
ANONLOG_END_TARGET
#endif

#if ANONLOG_AARCH64
namespace neon {
#include <anonlog/simd/copy_words.inl>
}  // namespace neon
#endif

// nullptr if the kernel has none.
inline copy_words_function copy_words_function_of(kernel k) noexcept {
  switch (k) {
#if ANONLOG_X86_64
    case kernel::avx2: return avx2::copy_words;
    case kernel::avx512: return avx512::copy_words;
#endif
#if ANONLOG_AARCH64
    case kernel::neon: return neon::copy_words;
#endif
    default: return nullptr;
  }
}

}  // namespace anonlog
