// tests/transform/keep_word_test.cpp: what is kept has the form of its field; a client's own text has not.
#include <anonlog/transform/keep_word.hpp>

#include <random>
#include <string>

#include <gtest/gtest.h>

#include <support.hpp>

namespace anonlog {
namespace {

std::string kept(std::string_view text, keep_form form = keep_form::any) {
  return testing::run(keep_word{.form = form}, text, nullptr).text;
}

constexpr keep_form every_form[] = {keep_form::any,      keep_form::status, keep_form::number, keep_form::method,
                                    keep_form::protocol, keep_form::scheme, keep_form::word, keep_form::provided};

TEST(keep_word, does_what_its_examples_say) {
  for (const example& e : keep_word::examples) {
    const testing::transformed got = testing::run(keep_word{}, e.in);
    EXPECT_EQ(got.text, e.out) << e.in;
    EXPECT_EQ(got.outcome, e.outcome) << e.in;
  }
}

TEST(keep_word, keeps_a_status_of_three_digits) {
  EXPECT_EQ(kept("200", keep_form::status), "200");
  EXPECT_EQ(kept("502, 200 : 200", keep_form::status), "502, 200 : 200");
  EXPECT_EQ(kept("502, - : 200", keep_form::status), "502, - : 200");
  for (const char* text : {"20", "2000", "2x0", "+20", "OK", "200;"})
    EXPECT_EQ(kept(text, keep_form::status), "-") << text;
}

TEST(keep_word, keeps_numbers_of_up_to_twenty_digits) {
  for (keep_form form : {keep_form::number, keep_form::any}) {
    EXPECT_EQ(kept("0", form), "0");
    EXPECT_EQ(kept("12345678901234567890", form), "12345678901234567890");
    EXPECT_EQ(kept("123456789012345678901", form), "-");
  }
  EXPECT_EQ(kept("-1", keep_form::number), "-");
  EXPECT_EQ(kept("1.5", keep_form::number), "-");
}

TEST(keep_word, keeps_listed_methods_and_hides_the_others) {
  EXPECT_EQ(kept("GET", keep_form::method), "GET");
  EXPECT_EQ(kept("PROPFIND", keep_form::method), "PROPFIND");
  EXPECT_EQ(kept("get", keep_form::method), "OTHER");
  EXPECT_EQ(kept("ALICE", keep_form::method), "OTHER");
  EXPECT_EQ(kept("OTHER", keep_form::method), "OTHER");
  EXPECT_EQ(testing::run(keep_word{.form = keep_form::method}, "ALICE").outcome, outcome::reduced);
  for (const char* text : {"GET /", "G3T", "GET,POST", "\x16\x03", "G\x80T"})
    EXPECT_EQ(kept(text, keep_form::method), "-") << text;
  EXPECT_EQ(kept(std::string(32, 'A'), keep_form::method), "OTHER");
  EXPECT_EQ(kept(std::string(33, 'A'), keep_form::method), "-");
}

TEST(keep_word, keeps_listed_protocols_and_schemes) {
  for (const char* text : {"HTTP/0.9", "HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/2.0", "HTTP/3", "HTTP/3.0", "0.9", "1.0", "1.1", "2", "2.0", "3", "3.0", "h2", "h2c", "h3"})
    EXPECT_EQ(kept(text, keep_form::protocol), text);
  for (const char* text : {"ada", "1.2", "11", "h4", "HTTP/1.2", "http/1.1", "HTTP/1.1 ", "HTTP", "SPDY/3"})
    EXPECT_EQ(kept(text, keep_form::protocol), "-") << text;
  for (const char* text : {"http", "https", "ws", "wss"})
    for (const keep_form form : {keep_form::scheme, keep_form::protocol}) EXPECT_EQ(kept(text, form), text);
  for (const char* text : {"HTTP", "ftp", "https,http", "htt"}) EXPECT_EQ(kept(text, keep_form::scheme), "-") << text;
}

TEST(keep_word, keeps_words_of_the_servers_own_side) {
  for (const char* text : {"HIT", "MISS", "TLSv1.3", "ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_256_GCM_SHA384", "gzip",
                           "HIT, MISS : STALE", "eu-west-1", "TCP_MISS:HIER_DIRECT", "+", "1.0"}) {
    EXPECT_EQ(kept(text, keep_form::any), text);
    EXPECT_EQ(kept(text, keep_form::word), text);
  }
  EXPECT_EQ(kept(std::string(64, 'x')), std::string(64, 'x'));
  EXPECT_EQ(kept(std::string(65, 'x')), "-");
}

TEST(keep_word, keeps_names_with_what_proxies_put_behind_them) {
  for (const char* text : {"web@docker", "api@file", "http-in~", "web", "17"}) EXPECT_EQ(kept(text, keep_form::provided), text);
  for (const char* text : {"bob@example.com", "web@", "@file", "~", "web~~", "a b@file", "203.0.113.77@file", "web@docker~x"}) EXPECT_EQ(kept(text, keep_form::provided), "-") << text;
  for (const char* text : {"web@docker", "http-in~"}) EXPECT_EQ(kept(text, keep_form::word), "-") << text;
}

TEST(keep_word, lets_no_identifier_through) {
  for (const char* text :
       {"203.0.113.77", "2001:db8::1", "host-203-0-113-77", "::1", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "deadbeef1", "00-1a-2b-3c-4d-5e", "aB3dE5gH7jK9mN1p", "bob@corp.example", "2026-01-15", "+49-30-3738763",
        "user/203.0.113.77/x"}) {
    EXPECT_EQ(kept(text), "-") << text;
    EXPECT_EQ(kept(text, keep_form::word), "-") << text;
  }
  const testing::transformed got = testing::run(keep_word{}, "HIT, 203.0.113.77 : MISS");
  EXPECT_EQ(got.text, "HIT, - : MISS");
  EXPECT_EQ(got.outcome, outcome::reduced);
}

// SPEC 3.9: `502, 200 : 200`
TEST(keep_word, refuses_blanks_that_join_no_list) {
  for (const char* text : {"bob smith, secret alice", "bob smith", "GET HIT", "200 200", "502,  200", "502 ,200",
                           " 200", "200 ", "502 :200", "502: 200", "502, 200 :200 : 1", "HIT, MISS  : STALE"}) {
    for (keep_form form : {keep_form::any, keep_form::status, keep_form::number, keep_form::word})
      EXPECT_EQ(kept(text, form), "-") << text;
    EXPECT_EQ(testing::run(keep_word{}, text).outcome, outcome::unreadable) << text;
  }
  for (const char* text : {"502, 200 : 200", "-, 200", "1 : 2 : 3", "502,200"}) EXPECT_EQ(kept(text), text);
}

TEST(keep_word, refuses_every_byte_that_is_not_in_the_forms) {
  constexpr std::string_view allowed = "_.:/+-,";
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = std::string("ab") + static_cast<char>(byte) + "cd";
    const bool fits = is_alphanumeric(static_cast<unsigned char>(byte)) ||
                      allowed.find(static_cast<char>(byte)) != std::string_view::npos;
    EXPECT_EQ(kept(text), fits ? text : "-") << byte;
  }
}

TEST(keep_word, changes_nothing_the_second_time_and_stays_printable) {
  std::mt19937_64 random(1);
  constexpr std::string_view bytes = "aBcdefGHT012345678_.:/+-, @%\0\t\n\\\"\x80\xff";
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    for (std::uint64_t size = 1 + random() % 24; size > 0; --size) text += bytes[random() % bytes.size()];
    for (keep_form form : every_form) {
      const std::string once = kept(text, form);
      for (char c : once) ASSERT_TRUE(c >= 0x20 && c <= 0x7E && c != '"' && c != '\\' && c != '%');
      if (once == "-") continue;  // which no transform is asked about
      ASSERT_EQ(kept(once, form), once) << text;
    }
  }
  for (keep_form form : every_form) {
    EXPECT_EQ(kept(std::string(1 << 20, 'a'), form), "-");
    EXPECT_EQ(kept(std::string(1 << 20, '9'), form), "-");
  }
}

}  // namespace
}  // namespace anonlog
