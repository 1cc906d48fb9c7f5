// tests/format/field_names_test.cpp: one table of headers for both grammars.
#include <gtest/gtest.h>

#include <anonlog/format/field_names.hpp>

#include "format_support.hpp"

namespace anonlog {
namespace {

TEST(field_names, gives_nginx_and_apache_the_same_class_for_every_header) {
  for (const named_kind& known : header_kinds) {
    std::string nginx = "$http_";
    for (char c : known.name) nginx += c == '-' ? '_' : c;
    const std::string apache = "%{" + std::string(known.name) + "}i";
    const grammar a = testing::compiled(nginx), b = testing::compiled(apache);
    EXPECT_EQ(a.fields[0].cls, known.what.cls) << known.name;
    EXPECT_EQ(b.fields[0].cls, known.what.cls) << known.name;
    EXPECT_EQ(a.fields[0].signal, b.fields[0].signal) << known.name;
    EXPECT_EQ(a.fields[0].shape, b.fields[0].shape) << known.name;
    EXPECT_EQ(a.fields[0].alias, known.name);
  }
}

TEST(field_names, reads_a_header_in_any_case) {
  EXPECT_EQ(header_kind("REFERER").cls, field_class::referrer);
  EXPECT_EQ(header_kind("User-agent").cls, field_class::agent);
  EXPECT_EQ(header_kind("X-FORWARDED-for").cls, field_class::ip_list);
  EXPECT_EQ(header_kind("CF-Connecting-IP").cls, field_class::ip);
  EXPECT_EQ(header_kind("Forwarded").cls, field_class::forwarded);
  EXPECT_EQ(header_kind("Host").cls, field_class::vhost);
}

TEST(field_names, drops_what_identifies_and_what_nobody_knows) {
  for (const char* name : {"Authorization", "Proxy-Authorization", "Set-Cookie", "If-None-Match", "ETag", "Range",
                           "If-Modified-Since", "Accept-Language", "Sec-CH-UA", "Sec-CH-UA-Platform", "X-Request-Id",
                           "X-Auth-Token", "X-Invented", "", "From"})
    EXPECT_EQ(header_kind(name).cls, field_class::drop) << name;
}

TEST(field_names, drops_privacy_signals_but_remembers_which_they_are) {
  using signal = grammar_field::privacy_signal;
  EXPECT_EQ(header_kind("DNT").cls, field_class::drop);
  EXPECT_EQ(header_kind("DNT").signal, signal::dnt);
  EXPECT_EQ(header_kind("Sec-GPC").signal, signal::gpc);
  EXPECT_EQ(testing::compiled("$http_sec_gpc").fields[0].signal, signal::gpc);
  EXPECT_EQ(header_kind("Accept").signal, signal::none);
}

}  // namespace
}  // namespace anonlog
