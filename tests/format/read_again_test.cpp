// tests/format/read_again_test.cpp: what was written by a policy with tokens, or without a client, is known again by `auto`.
#include <gtest/gtest.h>

#include "format_support.hpp"
#include "stream_support.hpp"

namespace anonlog {
namespace {

std::string out_of(std::string_view format, const std::string& line) {
  static const auto rules = testing::make_plan({.format = std::string(format)});
  return testing::run(rules, line.ends_with("\n") ? line : line + "\n", [](std::size_t left) { return left; }).out;
}

// Where addresses and names of clients become tokens, those stand where clients do, with a port or without.
TEST(read_again, with_tokens_for_clients_are_read_again_by_auto) {
  for (const char* keys : {"ip.mode = \"token\"\nip.host = \"token\"\n", "ip.host = \"token\"\nip.port = \"keep\"\n", "ip.mode = \"token\"\nip.host = \"token\"\nip.port = \"drop\"\ntoken.symbols = 8\n"}) {
    const auto rules = testing::make_plan({.format = "auto", .policy = "version = 1\n" + std::string(keys)});
    for (const log_format& known : known_formats) {
      if (known.in_auto == auto_part::none) continue;
      for (const char* client : {"203.0.113.77", "client.example"}) {
        std::string line(known.sample);
        if (const std::size_t at = line.find("203.0.113.77"); at != std::string::npos) line.replace(at, 12, client);
        if (testing::format_of(line) != known.name) continue;  // of a client with its port there is no name
        std::string out = testing::run(rules, line + "\n", [](std::size_t left) { return left; }).out;
        ASSERT_FALSE(out.empty()) << known.name;
        out.pop_back();
        const bool is_timed = known.name == known::nginx_more::hosted.name && testing::format_of(out) == known::nginx_timed.name;  // the host is gone
        EXPECT_TRUE(is_timed || testing::format_of(out) == known.name) << keys << out;
      }
    }
  }
}

// What tells Gandi's lines apart stands behind the time.
TEST(read_again, of_gandi_need_no_client) {
  std::string line(known::gandi.sample);
  line.replace(line.find("203.0.113.77"), 12, "client.example");
  const std::string once = out_of("auto", line);
  EXPECT_TRUE(once.starts_with("www.example.com - - u-")) << once;
  const std::string twice = out_of("auto", once);
  EXPECT_TRUE(twice.starts_with("- - - ")) << "the word could be the client: " << twice;
  EXPECT_TRUE(out_of("auto", twice).starts_with("- - - "));
}

}  // namespace
}  // namespace anonlog
