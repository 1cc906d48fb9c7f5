// tests/transform/forwarded_test.cpp: of a Forwarded header only what was understood comes out (SPEC 3.2.1).
#include <anonlog/transform/forwarded.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support.hpp"

namespace anonlog {
namespace {

using testing::run;

forwarded wide() {
  forwarded header;
  header.position.truncate.ipv6_kept_bits = 48;
  return header;
}

// With keys nobody can have again.
std::string run_ephemeral(const forwarded& header, std::string_view in) {
  scratch memory(4096);
  tally counts;
  char room[4096];
  writer out(room, sizeof room);
  scope s{.keys = &testing::test_keys(), .zone_seconds = 0, .keyring_given = false, .memory = memory, .counts = counts};
  header.apply(raw(in), s, out);
  return std::string(out.text());
}

TEST(forwarded, shows_its_examples_truly) {
  for (const example& shown : forwarded::examples) {
    const testing::transformed done = run(forwarded{}, shown.in);
    EXPECT_EQ(done.text, shown.out);
    EXPECT_EQ(done.outcome, shown.outcome) << shown.in;
  }
}

TEST(forwarded, reduces_the_addresses_of_nodes) {
  EXPECT_EQ(run(wide(), R"(For="[2001:db8:cafe::17]:4711";proto=HTTPS;by=203.0.113.43;host=Example.com)").text,
            R"(For="[2001:db8:cafe::]:0";proto=https;by=203.0.113.0;host=example.com)");
  EXPECT_EQ(run(wide(), R"(for="[::ffff:192.0.2.43]:80")").text, R"(for="192.0.2.0:0")");
  EXPECT_EQ(run(wide(), R"(for="[2001:db8:cafe::17]")").text, R"(for="[2001:db8:cafe::]")");
  EXPECT_EQ(run(wide(), "for=2001:db8:cafe::17").text, R"(for="[2001:db8:cafe::]")");
  EXPECT_EQ(run(wide(), "for=[2001:db8:cafe::17]:80").text, R"(for="[2001:db8:cafe::]:0")");
  EXPECT_EQ(run(wide(), "for=192.0.2.43:80").text, R"(for="192.0.2.0:0")");
  EXPECT_EQ(run(wide(), R"(for="192.0.2.43")").text, "for=192.0.2.0");
  EXPECT_EQ(run(wide(), R"(for="1\9\2.0.2.43")").text, "for=192.0.2.0");
  EXPECT_EQ(run(wide(), "for=127.0.0.1;by=\"[::1]\"").text, "for=127.0.0.1;by=\"[::1]\"");
  EXPECT_EQ(run(wide(), R"(for="[fe80::1%25eth0]:80")").text, R"(for="[fe80::]:0")");
}

TEST(forwarded, follows_the_port_rule) {
  forwarded header = wide();
  header.position.port = port_rule::drop;
  EXPECT_EQ(run(header, R"(for="192.0.2.43:80";by="[2001:db8:cafe::1]:80")").text,
            R"(for=192.0.2.0;by="[2001:db8:cafe::]")");
  header.position.port = port_rule::keep;
  EXPECT_EQ(run(header, R"(for="192.0.2.43:80")").text, R"(for="192.0.2.0:80")");
}

TEST(forwarded, writes_canonical_separators) {
  EXPECT_EQ(run(wide(), "for=1.2.3.4;proto=http").text, "for=1.2.3.0;proto=http");
  EXPECT_EQ(run(wide(), " ;, for=1.2.3.4\t;; proto=http ,\t,by=5.6.7.8,for=9.9.9.9 ; ").text,
            "for=1.2.3.0;proto=http, by=5.6.7.0, for=9.9.9.0");
  EXPECT_EQ(run(wide(), "for=mail.example.org, ,for=\"unknown:4711\";").text, "for=unknown, for=unknown");
  for (const char* value : {",", ";", " , ; ", " "}) EXPECT_EQ(run(wide(), value).text, "-") << value;
}

TEST(forwarded, replaces_a_header_with_any_syntax_error) {
  for (const char* value : {"for=192.0.2.43 for=1.2.3.4", "192.0.2.43", "for", "for=", "for=;by=1.2.3.4", "=1.2.3.4",
                            "for =1.2.3.4", "for= 1.2.3.4", "for=\"1.2.3.4", "for=\"1.2.3.4\"x", "for=\"1.2.3.4\" x",
                            "for=1.2.3.4\"", "for=1.2.3.4;by=\"\\\"", "for=\"1.2.3.4\\", "for=1.2.3.4/x", "for=a@b",
                            "f or=1.2.3.4", "for=1.2.3.4;(x)=y", "for=1.2.3.4;b\xc3\xa4=y", "for=\xff", "for==1.2.3.4",
                            "for=\"a\nb\"", "for=\"a\"\"b\"", "{for=1.2.3.4}", "for=\"1.2.3.4\\\n\""}) {
    const testing::transformed done = run(wide(), value);
    EXPECT_EQ(done.text, "for=unknown") << value;
    EXPECT_EQ(done.outcome, outcome::unreadable) << value;
  }
  EXPECT_EQ(run(wide(), std::string_view("for=1.2.3.4\0", 12)).text, "for=unknown");
}

TEST(forwarded, does_not_split_inside_quotes) {
  EXPECT_EQ(run(wide(), R"(secret="a,b;for=1.2.3.4\",";for=5.6.7.8)").text, "secret=-;for=5.6.7.0");
}

TEST(forwarded, gives_nothing_of_other_parameters) {
  EXPECT_EQ(run(wide(), "for=192.0.2.43;secret=abc").text, "for=192.0.2.0;secret=-");
  EXPECT_EQ(run(wide(), "for=192.0.2.43;203.0.113.195=x;Proto=x203.0.113.195").text, "for=192.0.2.0;_=-;Proto=-");
  EXPECT_EQ(run(wide(), "for=192.0.2.43;%61=x;!=y;" + std::string(33, 'a') + "=z").text, "for=192.0.2.0;_=-;_=-;_=-");
  EXPECT_EQ(run(wide(), "fo=192.0.2.43;forr=192.0.2.43").text, "fo=-;forr=-");
}

TEST(forwarded, lowers_the_scheme_or_drops_it) {
  EXPECT_EQ(run(wide(), "proto=HTTP;proto=wss;proto=\"Ws\";proto=https;proto=ftp;proto=\"http \";proto=\"\"").text,
            "proto=http;proto=wss;proto=ws;proto=https;proto=-;proto=-;proto=-");
}

TEST(forwarded, writes_hosts_by_the_rules_of_hosts) {
  EXPECT_EQ(run(wide(), R"(host="Example.com:8080";host=example.com:443;host="[2001:db8:cafe::1]:80")").text,
            R"(host="example.com:8080";host="example.com:443";host="[2001:db8:cafe::]:80")");
  EXPECT_EQ(run(wide(), R"(host=203.0.113.195;host=host-203-0-113-195.isp.example)").text, "host=203.0.113.0;host=-");
  EXPECT_EQ(run(wide(), R"(host="bob@example.com";host="")").text, "host=-;host=-");
  EXPECT_EQ(run(wide(), "host=" + std::string(300, 'a')).text, "host=-");
  EXPECT_EQ(run(wide(), "host=127.0.0.1").text, "host=127.0.0.0");  // keep sets do not apply
}

TEST(forwarded, makes_other_nodes_unknown) {
  for (const char* node : {"unknown", "UnKnown", "\"unknown:4711\"", "\"unknown:_p\"", "localhost", "mail.example.org",
                           "-", "\"\"", "\"_\"", "\"_a b\"", "\"_a:b\"", "\"192.0.2.43:_p\"", "1.2.3", "\"unix:\"",
                           "\"_a:\"", "\"_a:123456\"", "\"_x:_\""})
    EXPECT_EQ(run(wide(), std::string("for=") + node).text, "for=unknown") << node;
}

TEST(forwarded, gives_obfuscated_nodes_a_pseudonym_if_a_keyring_was_given) {
  for (const char* value : {"for=_SEVKISEK", "for=_sevkisek", "for=\"_SEVKISEK:4711\"", "for=\"_SEVKISEK:_port\"",
                            "for=_SEVKISEK."})
    EXPECT_EQ(run(wide(), value).text, "for=_h-stoiz66zhccia6z5") << value;
  EXPECT_EQ(run_ephemeral(wide(), "for=_SEVKISEK"), "for=unknown");
  EXPECT_EQ(run(wide(), "for=_SEVKISEK", nullptr).text, "for=unknown");
}

TEST(forwarded, keeps_tokens_legal_nodes) {
  forwarded header;
  header.position.mode = ip_mode::token;
  EXPECT_EQ(run(header, R"(for="[::ffff:203.0.113.195]:80";proto=https)").text,
            R"(for="_ip-f64ezhjhlpjkustu:0";proto=https)");
  EXPECT_EQ(run(header, "for=203.0.113.195").text, "for=_ip-f64ezhjhlpjkustu");
  EXPECT_EQ(run(header, "for=203.0.113.195;by=127.0.0.1", nullptr).text, "for=unknown;by=127.0.0.1");
  header.position.mode = ip_mode::ula;
  EXPECT_EQ(run(header, "for=203.0.113.195").text, R"(for="[fd2f:b84c:9d27:5bd2:aa4a:748f:a260:de6c]")");
}

TEST(forwarded, passes_tokens_of_its_own_only_where_they_are_accepted_and_made) {
  forwarded header;
  header.position.mode = ip_mode::token;
  EXPECT_NE(run(header, "for=_ip-f64ezhjhlpjkustu").text, "for=_ip-f64ezhjhlpjkustu");
  header.position.style.accept_tokens = true;
  EXPECT_EQ(run(header, "for=_ip-f64ezhjhlpjkustu").text, "for=_ip-f64ezhjhlpjkustu");
  EXPECT_EQ(run(header, "for=_h-stoiz66zhccia6z5").text, "for=_h-stoiz66zhccia6z5");
  header.position.mode = ip_mode::truncate;
  EXPECT_NE(run(header, "for=_ip-f64ezhjhlpjkustu").text, "for=_ip-f64ezhjhlpjkustu");
}

TEST(forwarded, makes_every_node_unknown_in_mode_drop) {
  forwarded header;
  header.position.mode = ip_mode::drop;
  EXPECT_EQ(run(header, "for=192.0.2.43;by=127.0.0.1;proto=http, for=_x, for=\"[2001:db8::1]:80\", for=unknown").text,
            "for=unknown;by=unknown;proto=http, for=unknown, for=unknown, for=unknown");
}

TEST(forwarded, is_idempotent_and_keeps_its_alphabet_whatever_comes) {
  std::mt19937_64 random(12);
  const std::string pieces[] = {"for=", "by=", "host=", "proto=", "x=", ";", ",", "\"", "\\", "_a", "1.2.3.4", "::1",
                                "[", "]", ":80", "http", "unknown", " ", "\t", std::string(1, '\0'), "\xff",
                                "a.example",
                                "=", "\"[2001:db8::7]:9\"", "for=1.2.3.4;", "for=\"1.2.3.4:5\","};
  int whole = 0;
  for (int i = 0; i < 100000; ++i) {
    std::string value;
    for (std::uint64_t n = 1 + random() % 8; n > 0; --n) value += pieces[random() % std::size(pieces)];
    const std::string text = run_ephemeral(wide(), value);
    for (const char c : text) ASSERT_TRUE(c >= 0x20 && c <= 0x7E && c != '\\') << value;
    if (text == "-") continue;  // no transform is asked about that one
    ASSERT_EQ(run_ephemeral(wide(), text), text) << value;
    whole += text != "for=unknown";
  }
  EXPECT_GT(whole, 2000);
}

TEST(forwarded, answers_long_headers_within_the_promised_room) {
  forwarded header;
  header.position.mode = ip_mode::token;
  header.position.style.symbols = 24;
  const auto repeated = [](std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += piece;
    return text;
  };
  for (const char* piece : {"by=_a,", "a=b,", "!=b,", "by=\"::\";", "\"", "for=\"\\", ";", "for=1.2.3.4 ", "host=a,"})
    EXPECT_NE(run(header, repeated(piece, 5000)).text, "OVERFLOWED") << piece;
  header.position.mode = ip_mode::ula;
  header.position.keep = keep_set::none();
  EXPECT_NE(run(header, repeated("by=::,", 5000)).text, "OVERFLOWED");
  EXPECT_NE(run(header, repeated("by=::::1,", 5000)).text, "OVERFLOWED");
  EXPECT_EQ(run(header, "for=\"" + std::string(1 << 20, 'a') + "\"").text, "for=unknown");
  EXPECT_EQ(run(header, "for=\"" + repeated("\\a", 1 << 18) + "\"").text, "for=unknown");
}

}  // namespace
}  // namespace anonlog
