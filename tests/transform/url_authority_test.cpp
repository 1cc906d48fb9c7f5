// Where the host of a URL begins and ends.
#include <anonlog/transform/url_authority.hpp>

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace anonlog {
namespace {

TEST(url_authority, ends_at_the_first_of_four_bytes_and_begins_behind_the_last_at_sign) {
  std::mt19937_64 random(1);
  constexpr std::string_view dense = "/?#\\@@@a.:\x80\xC0\xAF";
  for (int i = 0; i < 100000; ++i) {
    std::string tail;
    for (std::size_t n = random() % 30; n > 0; --n) tail += random() % 4 == 0 ? dense[random() % dense.size()] : 'x';
    const std::string url = "https://" + tail;
    const std::string authority = tail.substr(0, tail.find_first_of("/?#\\"));
    url_parts parts;
    ASSERT_TRUE(split_url(raw(url), web_schemes, parts));
    ASSERT_EQ(std::string(parts.host.begin(), parts.host.size()), authority.substr(authority.rfind('@') + 1)) << url;
    ASSERT_EQ(std::string(parts.rest.begin(), parts.rest.size()), tail.substr(authority.size())) << url;
  }
}

}  // namespace
}  // namespace anonlog
