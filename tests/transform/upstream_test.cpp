// tests/transform/upstream_test.cpp: the operator's own back ends stay, strangers and socket paths do not (SPEC 3.2.1).
#include <anonlog/transform/upstream.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support.hpp"

namespace anonlog {
namespace {

using namespace std::string_view_literals;

using testing::run;

TEST(upstream, shows_its_examples_truly) {
  for (const example& shown : upstream::examples) {
    const testing::transformed done = run(upstream{}, shown.in);
    EXPECT_EQ(done.text, shown.out);
    EXPECT_EQ(done.outcome, shown.outcome) << shown.in;
  }
}

TEST(upstream, keeps_private_back_ends_and_reduces_strangers) {
  ip_position clients;
  clients.port = port_rule::keep;
  EXPECT_EQ(run(upstream(clients), "10.0.0.1:80, 10.0.0.2:80 : unix:/tmp/s.sock").text,
            "10.0.0.1:80, 10.0.0.2:80 : unix:");
  EXPECT_EQ(run(upstream{}, "10.1.2.3:8080, 203.0.113.195:443").text, "10.1.2.3:0, 203.0.113.0:0");
  EXPECT_EQ(run(upstream{}, "[fd00::7]:80").text, "[fd00::7]:0");
  EXPECT_EQ(run(upstream{}, "100.64.7.9").text, "100.64.7.0");
  EXPECT_EQ(run(upstream{}, "-").text, "-");
  EXPECT_EQ(run(upstream{}, "backend").text, "-");
}

TEST(upstream, keeps_separators_and_lone_colons) {
  EXPECT_EQ(run(upstream{}, "10.0.0.1:80,  10.0.0.2:80 : - , ,unix:/a:b,unix: /x").text,
            "10.0.0.1:0,  10.0.0.2:0 : - , ,unix:,unix: -");
  EXPECT_EQ(run(upstream{}, ":").text, ":");
  EXPECT_EQ(run(upstream{}, "::").text, "::");
  EXPECT_EQ(run(upstream{}, ": :").text, ": :");
  EXPECT_EQ(run(upstream{}, "1.2.3.4\t5.6.7.8").text, "-");
}

TEST(upstream, does_not_widen_the_keep_set_of_clients) {
  const ip_position clients;
  const upstream servers(clients);
  EXPECT_EQ(run(clients, "10.1.2.3").text, "10.1.2.0");
  EXPECT_EQ(run(servers, "10.1.2.3").text, "10.1.2.3");
}

TEST(upstream, keeps_private_back_ends_beside_tokens) {
  ip_position clients;
  clients.mode = ip_mode::token;
  clients.host = host_rule::token;
  EXPECT_EQ(run(upstream(clients), "10.1.2.3:8080, 203.0.113.195:443, Host-203-0-113-195.ISP.example.").text,
            "10.1.2.3:0, ip-f64ezhjhlpjkustu:0, h-6uzwjqhdv5kjuore");
}

TEST(upstream, is_one_dash_where_servers_or_addresses_are_dropped) {
  EXPECT_EQ(run(upstream(ip_position{}, server_rule::drop), "10.1.2.3:8080, unix:").text, "-");
  ip_position clients;
  clients.mode = ip_mode::drop;
  EXPECT_EQ(run(upstream(clients), "10.1.2.3:8080, unix:").text, "-");
}

TEST(upstream, is_idempotent_and_keeps_its_alphabet_whatever_comes) {
  std::mt19937_64 random(11);
  constexpr std::string_view alphabet = "0123456789abf:.:., , \t\"\\\0\xff-xuni"sv;
  for (int i = 0; i < 50000; ++i) {
    std::string value(1 + random() % 60, 0);
    for (char& c : value) c = alphabet[random() % alphabet.size()];
    if (random() % 2) value = "unix:" + value;
    const std::string text = run(upstream{}, value).text;
    ASSERT_EQ(text.find_first_not_of("0123456789abcdefunix:.[]-, "), std::string::npos) << value;
    ASSERT_EQ(run(upstream{}, text).text, text) << value;
  }
}

}  // namespace
}  // namespace anonlog
