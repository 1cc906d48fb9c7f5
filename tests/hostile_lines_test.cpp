// Lines by which somebody once got something out: each is a promise now.
#include <gtest/gtest.h>

#include <string>

#include "stream_support.hpp"

using namespace anonlog;
using namespace anonlog::testing;

namespace {

const std::string tail = "- - [10/Oct/2025:13:45:36 +0530] \"GET / HTTP/1.1\" 200 5";

std::string out_of(const std::string& format, const std::string& line, const std::string& policy = "version = 1\n") {
  return run(stream_setup{.format = format, .policy = policy}, line + "\n").out;
}

void expect_gone(const std::string& out, std::initializer_list<const char*> secrets) {
  for (const char* secret : secrets) EXPECT_EQ(out.find(secret), std::string::npos) << secret << " in " << out;
}

}  // namespace

TEST(hostile_lines, an_address_in_front_is_no_virtual_host_with_a_port) {
  for (const char* format : {"auto", "vhost_combined"}) {
    expect_gone(out_of(format, "2001:db8:85a3::8a2e:370:7334 10.0.0.1 " + tail + " \"-\" \"curl/8\""), {"7334", "370"});
    expect_gone(out_of(format, "198.51.100.9:51234 10.0.0.1 " + tail + " \"-\" \"curl/8\""), {"51234"});
  }
  for (const char* host : {"203-0-113-195.isp.example:51234", "-:51234"})  // a name that holds an address is not kept either
    EXPECT_TRUE(out_of("auto", std::string(host) + " 203.0.113.7 " + tail + " \"-\" \"curl/8\"").starts_with("-:- 203.0.113.0 "));
  EXPECT_TRUE(out_of("vhost_combined", "www.example.com:8443 10.0.0.1 " + tail + " \"-\" \"curl/8\"").starts_with("www.example.com:8443 10.0.0.0 "));
}

TEST(hostile_lines, a_bare_word_in_front_is_nobodys_host) {
  expect_gone(out_of("auto", "alice 203.0.113.7 " + tail), {"alice"});
  expect_gone(out_of("auto", "alice-laptop:51234 203.0.113.7 " + tail), {"alice", "51234"});
  // Nor is one with dots that does not end as names of hosts do.
  expect_gone(out_of("auto", "ada.lovelace 203.0.113.7 " + tail), {"ada", "lovelace"});
  expect_gone(out_of("auto", "ada.lovelace 203.0.113.7 " + tail + " \"-\" \"curl/8\""), {"ada", "lovelace"});
  for (const std::string host : {"www.example.com", "shop.example", "wiki.lan", "shop.acme:8443", "xn--mnchen-3ya.de", "www.example.co.uk"})
    EXPECT_TRUE(out_of("auto", host + " 203.0.113.7 " + tail).starts_with(host + " 203.0.113.0 ")) << host;
}

TEST(hostile_lines, the_client_port_of_apache_is_known_in_any_case) {
  EXPECT_EQ(out_of("%h %{Remote}p", "203.0.113.77 51234"), "203.0.113.0 0\n");
  EXPECT_EQ(out_of("%h %{local}p", "203.0.113.77 443"), "203.0.113.0 443\n");
  EXPECT_EQ(out_of("%{local}a %>s", "10.1.2.3 200"), "10.1.2.0 200\n");
}

TEST(hostile_lines, client_text_does_not_reach_into_a_field_that_is_kept) {
  expect_gone(out_of("$remote_addr $http_user_agent/$upstream_cache_status", "203.0.113.7 curl/8.5.0-alice/HIT"), {"alice", "8.5.0"});
  expect_gone(out_of("$remote_addr:$http_user_agent:$upstream_cache_status", "203.0.113.7:Mozilla/5.0:alice-secret:HIT"), {"alice", "secret"});
  expect_gone(out_of("$remote_addr,$http_x_forwarded_for,$upstream_cache_status,$status", "203.0.113.7,1.2.3.4, bob smith secret,HIT,200"), {"bob", "smith"});
  expect_gone(out_of("$http_x_forwarded_for - $upstream_cache_status", "203.0.113.77 - bob smith secret - HIT"), {"bob", "smith"});
  expect_gone(out_of("$request_method $args:$upstream_cache_status", "GET q=10:45:jane.doe:HIT", "preset = \"strict\"\n"), {"jane"});
  expect_gone(out_of("$request_method $request_uri:$upstream_cache_status", "GET /a/jane:doe-secret:HIT", "preset = \"strict\"\n"), {"doe"});
  expect_gone(out_of("$remote_addr $http_x_foo $server_port $http_x_bar", "203.0.113.77 a 4111111111111111 443 b"), {"4111"});
  expect_gone(out_of("%h %u %t %v %U", "203.0.113.77 x [10/Oct/2025:13:55:36 +0000] bob-smith-secret [10/Oct/2026:00:00:00 +0000] a.example /b"), {"bob", "2025"});
}

TEST(hostile_lines, what_stands_behind_settled_client_text_is_kept) {
  EXPECT_EQ(out_of("$remote_addr $http_user_agent/$upstream_cache_status", "203.0.113.7 curl/HIT"), "203.0.113.0 curl (tool)/HIT\n");
  EXPECT_EQ(out_of("\"%m %U%q %H\" %>s", "\"GET /a?b=1 HTTP/1.1\" 200"), "\"GET /a?b=* HTTP/1.1\" 200\n");
  EXPECT_EQ(out_of("\"$request_method $scheme://$host$request_uri $server_protocol\"", "\"GET https://a.example/b HTTP/1.1\""), "\"GET https://a.example/b HTTP/1.1\"\n");
}

TEST(hostile_lines, a_privacy_signal_behind_client_text_is_seen) {
  const std::string strict = out_of("%h %{User-Agent}i %{DNT}i", "203.0.113.7 Mozilla 5 1");
  EXPECT_TRUE(strict.starts_with("203.0.0.0 ")) << strict;
}

TEST(hostile_lines, the_overlay_of_a_signal_is_never_looser_than_routes) {
  const std::string policy = "[path]\nlevel = \"routes\"\nroutes = [\"/static/**\"]\n";
  expect_gone(out_of("\"%r\" \"%{DNT}i\"", "\"GET /bob-smith/photos HTTP/1.1\" \"1\"", policy), {"bob"});
}

TEST(hostile_lines, the_report_has_the_grid_of_the_lines) {
  const streamed told = run(stream_setup{}, "203.0.113.7 " + tail + "\n");
  EXPECT_EQ(told.counts.first_time, 1760083200 - 1800);  // 13:00 +0530 is 07:30 UTC
}

TEST(hostile_lines, a_broken_list_is_no_way_to_vanish) {
  for (const char* list : {"a b,", "foo ", " ", ",", ", ,", "a : "})
    EXPECT_NE(out_of("[$http_x_forwarded_for] $status", "[" + std::string(list) + "] 200"), "") << list;
}

TEST(hostile_lines, what_could_not_be_read_again_is_a_reject) {
  std::string path;
  for (int i = 0; i < 15000; ++i) path += "1/";
  const streamed told = run(stream_setup{}, "203.0.113.7 - - [10/Oct/2025:13:45:36 +0530] \"GET /" + path + " HTTP/1.1\" 200 5\n");
  EXPECT_EQ(told.counts.lines_rejected(), 1u);
}

TEST(hostile_lines, any_delimiter_is_written_so_that_the_slot_stays_one) {
  EXPECT_EQ(out_of("$http_user_agent($status)", "Mozilla Windows Chrome/120.1(200)"), "Chrome/120 %28Windows)(200)\n");
  EXPECT_EQ(out_of("$http_user_agent($status)", "Chrome/120 %28Windows)(200)"), "Chrome/120 %28Windows)(200)\n");
}
