// Which kernel runs is a question of the processor alone; a name that cannot be had is refused.
#include <gtest/gtest.h>

#include <string>

#include <anonlog/simd/kernel.hpp>

using namespace anonlog;

namespace {

constexpr kernel every_kernel[] = {kernel::scalar, kernel::avx2, kernel::avx512, kernel::neon};

}  // namespace

TEST(kernel, has_a_scalar_one_everywhere_and_neon_on_64_bit_arm_only) {
  EXPECT_TRUE(is_supported(kernel::scalar));
#if defined(__aarch64__)
  EXPECT_TRUE(is_supported(kernel::neon));
  EXPECT_EQ(best_kernel(), kernel::neon);
  EXPECT_FALSE(is_supported(kernel::avx2));
  EXPECT_FALSE(is_supported(kernel::avx512));
#else
  EXPECT_FALSE(is_supported(kernel::neon));
#endif
}

TEST(kernel, is_found_by_its_name_where_it_can_run) {
  ASSERT_EQ(std::size(every_kernel), kernel_names.size());
  for (const kernel k : every_kernel) {
    auto found = find_kernel(to_text(k));
    EXPECT_EQ(static_cast<bool>(found), is_supported(k)) << to_text(k);
    if (found) EXPECT_EQ(*found, k);
    else EXPECT_NE(found.error().message.find("this machine cannot run the kernel \"" + std::string(to_text(k))), std::string::npos);
  }
}

TEST(kernel, is_refused_by_a_name_that_nobody_knows) {
  auto found = find_kernel("sse9");
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("unknown kernel \"sse9\""), std::string::npos);
  EXPECT_FALSE(find_kernel(""));
}

TEST(kernel, that_is_best_can_run) {
  EXPECT_TRUE(is_supported(best_kernel()));
  EXPECT_EQ(kernel_name(), to_text(best_kernel()));
}
