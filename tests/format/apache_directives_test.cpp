// tests/format/apache_directives_test.cpp: every directive of mod_log_config and its relatives has a class.
#include <gtest/gtest.h>

#include <anonlog/format/apache_directives.hpp>

#include "format_support.hpp"

namespace anonlog {
namespace {

struct expectation {
  const char* directive;
  field_class cls;
  keep_form form = keep_form::any;
};

TEST(apache_directives, have_the_classes_of_the_specification) {
  constexpr expectation all[] = {
      {"%a", field_class::ip},
      {"%{c}a", field_class::ip},
      {"%h", field_class::ip},
      {"%{c}h", field_class::ip},
      {"%A", field_class::upstream},
      {"%{local}a", field_class::ip},
      {"%B", field_class::bytes},
      {"%b", field_class::bytes},
      {"%I", field_class::bytes},
      {"%O", field_class::bytes},
      {"%S", field_class::bytes},
      {"%{VARNAME}C", field_class::drop},
      {"%{version}c", field_class::keep, keep_form::word},
      {"%{cipher}c", field_class::keep, keep_form::word},
      {"%{subjectdn}c", field_class::drop},
      {"%D", field_class::duration},
      {"%T", field_class::duration},
      {"%{ms}T", field_class::duration},
      {"%{us}T", field_class::duration},
      {"%{s}T", field_class::duration},
      {"%^FB", field_class::duration},
      {"%{UNIQUE_ID}e", field_class::drop},
      {"%{H2_STREAM_TAG}e", field_class::drop},
      {"%{REMOTE_USER}e", field_class::drop},
      {"%{SSL_PROTOCOL}e", field_class::keep, keep_form::word},
      {"%f", field_class::drop},
      {"%H", field_class::keep, keep_form::protocol},
      {"%{Referer}i", field_class::referrer},
      {"%{User-agent}i", field_class::agent},
      {"%{Host}i", field_class::vhost},
      {"%{Cookie}i", field_class::cookie},
      {"%{X-Forwarded-For}i", field_class::ip_list},
      {"%{Forwarded}i", field_class::forwarded},
      {"%{X-Real-IP}i", field_class::ip},
      {"%{Authorization}i", field_class::drop},
      {"%k", field_class::drop},
      {"%l", field_class::drop},
      {"%L", field_class::drop},
      {"%{c}L", field_class::drop},
      {"%m", field_class::keep, keep_form::method},
      {"%{cookie}n", field_class::drop},
      {"%{Set-Cookie}o", field_class::drop},
      {"%{Location}o", field_class::drop},
      {"%{Host}o", field_class::drop},
      {"%p", field_class::keep, keep_form::number},
      {"%{canonical}p", field_class::keep, keep_form::number},
      {"%{local}p", field_class::keep, keep_form::number},
      {"%{remote}p", field_class::port},
      {"%P", field_class::drop},
      {"%{tid}P", field_class::drop},
      {"%{hextid}P", field_class::drop},
      {"%q", field_class::query},
      {"%r", field_class::request},
      {"%R", field_class::drop},
      {"%s", field_class::keep, keep_form::status},
      {"%>s", field_class::keep, keep_form::status},
      {"%<s", field_class::keep, keep_form::status},
      {"%t", field_class::time},
      {"%{sec}t", field_class::time},
      {"%{msec}t", field_class::time},
      {"%{usec}t", field_class::time},
      {"%{msec_frac}t", field_class::drop},
      {"%{usec_frac}t", field_class::drop},
      {"%{begin:%d/%b/%Y}t", field_class::time},
      {"%{end:sec}t", field_class::time},
      {"%u", field_class::user},
      {"%>u", field_class::user},
      {"%U", field_class::path},
      {"%v", field_class::vhost},
      {"%V", field_class::vhost},
      {"%{SSL_PROTOCOL}x", field_class::keep, keep_form::word},
      {"%{SSL_CIPHER}x", field_class::keep, keep_form::word},
      {"%{SSL_CLIENT_S_DN}x", field_class::drop},
      {"%{SSL_CLIENT_M_SERIAL}x", field_class::drop},
      {"%{SSL_SESSION_ID}x", field_class::drop},
      {"%{Varnish:hitmiss}x", field_class::keep, keep_form::word},
      {"%{Varnish:time_firstbyte}x", field_class::duration},
      {"%{VSL:ReqURL}x", field_class::drop},
      {"%X", field_class::drop},
      {"%{Trailer}^ti", field_class::drop},
      {"%{Trailer}^to", field_class::drop},
      {"%!200,304,302{Referer}i", field_class::referrer},
      {"%400,501{User-agent}i", field_class::agent},
      {"%{Referer}!400i", field_class::referrer},
      {"%{X-Forwarded-For}>i", field_class::ip_list},
  };
  for (const expectation& e : all) {
    const grammar g = testing::compiled(e.directive);
    ASSERT_EQ(g.fields.size(), 1u) << e.directive;
    EXPECT_EQ(to_text(g.fields[0].cls), to_text(e.cls)) << e.directive;
    EXPECT_EQ(g.fields[0].form, e.form) << e.directive;
    EXPECT_EQ(g.fields[0].name, e.directive);
  }
}

TEST(apache_directives, for_one_cookie_are_dropped_and_carry_its_name) {
  EXPECT_EQ(testing::compiled("%{sid}C").fields[0].cookie, "sid");
  EXPECT_EQ(testing::compiled("%{sid}n").fields[0].cookie, "");
}

TEST(apache_directives, know_the_shape_of_a_stamp_from_its_format) {
  EXPECT_EQ(testing::compiled("%{%Y-%m-%dT%H:%M:%S%z}t").fields[0].shape, field_shape::time_iso);
  EXPECT_EQ(testing::compiled("%{end:%d/%b/%Y:%H:%M:%S %z}t").fields[0].shape, field_shape::time_clf);
  EXPECT_EQ(testing::compiled("%{begin:usec}t").fields[0].shape, field_shape::time_epoch);
  EXPECT_EQ(testing::compiled("%{%A}t").fields[0].shape, field_shape::time_any);
}

}  // namespace
}  // namespace anonlog
