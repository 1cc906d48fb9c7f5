#include <anonlog/transform/query_key.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace anonlog {
namespace {

bool is_sensitive(std::string_view key, const std::vector<std::string>& allowed = {}) {
    return is_sensitive_key(raw(key), allowed); }

TEST(query_key, is_written_if_it_is_a_word) {
  for (const std::string_view key : {"a", "_", "utm_source", "user[password]", "a.b-c", "x12345"})
    EXPECT_TRUE(is_writable_key(raw(key))) << key;
  for (const std::string_view key : {"", "1", "-a", "a b", "a@b", "a%41", "a+", "x123456", "deadbeef01", "caf\xC3\xA9",
      "v1.2.3.4"})
    EXPECT_FALSE(is_writable_key(raw(key))) << key;
  EXPECT_TRUE(is_writable_key(raw(std::string_view("abcdefghijklmnopqrstuvwxyzabcdef"))));
  EXPECT_FALSE(is_writable_key(raw(std::string_view("abcdefghijklmnopqrstuvwxyzabcdefg"))));
}

TEST(query_key, is_sensitive_in_any_case_and_as_a_part) {
  for (const std::string_view key : {"token", "PassWord", "user[password]", "a.sid", "sid.a", "x[y][EMAIL]",
      "X-Amz-Signature", "q"})
    EXPECT_TRUE(is_sensitive(key)) << key;
  for (const std::string_view key : {"", "tokens", "page", "my_token", "query_string", "qq", "[]"})
    EXPECT_FALSE(is_sensitive(key)) << key;
}

TEST(query_key, personal_ones_may_be_allowed_and_credentials_may_not) {
  EXPECT_FALSE(is_sensitive("Email", {"email"}));
  EXPECT_FALSE(is_sensitive("q", {"email", "Q"}));
  EXPECT_TRUE(is_sensitive("user[email]", {"email"}));
  EXPECT_TRUE(is_sensitive("token", {"token"}));
}

}  // namespace
}  // namespace anonlog
