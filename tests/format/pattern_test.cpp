// tests/format/pattern_test.cpp: what users paste compiles, or the error says where and what would be right.
#include <gtest/gtest.h>

#include "format_support.hpp"

namespace anonlog {
namespace {

using testing::compiled;
using testing::error_of;
using ::testing::Test;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string rebuilt(const grammar& g) {
  std::string whole = g.literals[0];
  for (std::size_t i = 0; i < g.fields.size(); ++i) whole += "<" + g.fields[i].name + ">" + g.literals[i + 1];
  return whole;
}

TEST(pattern, compiles_both_grammars_to_the_same_form) {
  const grammar nginx = compiled(R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent)");
  const grammar apache = compiled(R"(%a - %u %t "%r" %>s %b)");
  EXPECT_EQ(nginx.literals, apache.literals);
  ASSERT_EQ(nginx.fields.size(), apache.fields.size());
  for (std::size_t i = 0; i < nginx.fields.size(); ++i) {
    EXPECT_EQ(nginx.fields[i].cls, apache.fields[i].cls);
    EXPECT_EQ(nginx.fields[i].shape, apache.fields[i].shape);
    EXPECT_EQ(nginx.fields[i].is_quoted, apache.fields[i].is_quoted);
  }
  EXPECT_EQ(nginx.escapes, dialect::nginx);
  EXPECT_EQ(apache.escapes, dialect::apache);
  EXPECT_FALSE(nginx.fields[0].is_quoted);
  EXPECT_TRUE(nginx.fields[3].is_quoted);
}

TEST(pattern, writes_the_brackets_of_apaches_time_as_constants) {
  EXPECT_EQ(rebuilt(compiled("%h %t")), "<%h> [<%t>]");
  EXPECT_EQ(rebuilt(compiled("%h %{sec}t")), "<%h> <%{sec}t>");
}

TEST(pattern, takes_whole_directives_with_their_quoting) {
  const char* same[] = {
      R"(log_format main '$remote_addr "$request" ' '$status';)",
      "log_format  main  escape=default\n  '$remote_addr \"$request\" '\n  \"$status\" ;",
      R"(nginx: log_format main "$remote_addr \"$request\" $status")",
      R"(nginx:'$remote_addr "$request" $status')",
      R"('$remote_addr "$request" $status';)",
      R"($remote_addr "$request" $status)",
      R"(${remote_addr} "${request}" $status)",
      R"(  $remote_addr \"$request\" $status  )",
  };
  for (const char* text : same) {
    EXPECT_EQ(rebuilt(compiled(text)), "<remote_addr> \"<request>\" <status>") << text;
    EXPECT_EQ(compiled(text).escapes, dialect::nginx);
  }
  const char* apache[] = {
      R"(LogFormat "%h \"%r\" %>s" combined)",
      R"(logformat "%h \"%r\" %>s")",
      R"(CustomLog "logs/access log" "%h \"%r\" %>s" env=!dontlog)",
      R"(CustomLog logs/access_log '%h "%r" %>s')",
      R"(apache: LogFormat "%h \"%r\" %>s")",
      R"(accesslog.format = "%h \"%r\" %>s")",
      R"(accesslog.format="%h \"%r\" %>s")",
      R"(lighttpd: "%h \"%r\" %>s")",
      R"(varnishncsa -a -w /var/log/varnish.log -F '%h "%r" %>s')",
      R"(apache:%h "%r" %>s)",
      R"(%h \"%r\" %>s)",
  };
  for (const char* text : apache) EXPECT_EQ(rebuilt(compiled(text)), "<%h> \"<%r>\" <%>s>") << text;
}

TEST(pattern, knows_nginxs_escape_parameter) {
  EXPECT_EQ(compiled(R"(log_format j escape=json '{"a":"$remote_addr"}';)").escapes, dialect::json);
  EXPECT_EQ(compiled(R"(log_format j escape=none '$remote_addr';)").escapes, dialect::nginx);
  EXPECT_EQ(compiled(R"(nginx: escape=json '{"a":"$remote_addr"}')").escapes, dialect::json);
  EXPECT_TRUE(holds(error_of("log_format j escape=jason '$a';"), "column 14: unknown escape=jason; nearest: json"));
}

TEST(pattern, undoes_the_escapes_of_the_configuration) {
  EXPECT_EQ(rebuilt(compiled(R"(a:$host\tb:$status)")), "a:<host>\tb:<status>");
  EXPECT_EQ(rebuilt(compiled(R"(%h\t%%%b)")), "<%h>\t%<%b>");
}

TEST(pattern, joins_a_question_mark_and_the_arguments_to_one_query) {
  const grammar g = compiled("$uri$is_args$args $status");
  ASSERT_EQ(g.fields.size(), 3u);
  EXPECT_EQ(g.fields[0].cls, field_class::path);
  EXPECT_EQ(g.fields[1].cls, field_class::query);
  EXPECT_EQ(g.fields[1].name, "args");
  EXPECT_EQ(g.fields[2].name, "status");
}

TEST(pattern, lets_fields_touch_where_the_second_shows_where_it_begins) {
  for (const char* text : {"$host$request_uri", "$scheme://$host$uri$is_args$args", "%m %U%q %H", "%v%U%q",
                           "%{Host}i%U", "$status$uri", "$server_port$request_uri", "$request_method$request_uri"})
    EXPECT_EQ(error_of(text), "(no error)") << text;
}

TEST(pattern, refuses_fields_that_touch_and_names_both) {
  struct refused { const char* text; const char* column; const char* first; const char* second; };
  for (const refused& r : {refused{"$status$body_bytes_sent", "column 8:", "status", "body_bytes_sent"},
                           refused{"a $host$remote_addr", "column 8:", "host", "remote_addr"},
                           refused{"$http_referer$request_uri", "column 14:", "http_referer", "request_uri"},
                           refused{"$remote_user$uri", "column 13:", "remote_user", "uri"},
                           refused{"%h%l", "column 3:", "%h", "%l"},
                           refused{"\"%r%s\"", "column 4:", "%r", "%s"},
                           refused{"%U%q%{x}e", "column 5:", "%q", "%{x}e"}}) {
    const std::string error = error_of(r.text);
    EXPECT_TRUE(holds(error, r.column)) << error;
    EXPECT_TRUE(holds(error, std::string("where ") + r.first + " ends and " + r.second + " begins")) << error;
  }
}

TEST(pattern, says_where_it_is_wrong) {
  EXPECT_TRUE(holds(error_of("%h %Z"), "column 4: unknown directive %Z")) << error_of("%h %Z");
  EXPECT_TRUE(holds(error_of("%h %{Referer"), "column 5: `{` without `}`"));
  EXPECT_TRUE(holds(error_of("%h %>"), "column 4: a directive's letter is missing"));
  EXPECT_TRUE(holds(error_of("%h %^F"), "column 4: a directive's letter is missing"));
  EXPECT_TRUE(holds(error_of("nginx: $ x"), "column 8: a variable's name must follow"));
  EXPECT_TRUE(holds(error_of("${host $status"), "column 1: `${` without `}`"));
  EXPECT_TRUE(holds(error_of("$host \"$status"), "never closed"));
  EXPECT_TRUE(holds(error_of("LogFormat \"%h"), "column 11: the quote \" is never closed"));
  EXPECT_TRUE(holds(error_of("log_format $a"), "pattern is missing"));
  EXPECT_TRUE(holds(error_of("log_format a '$a'; '$b'"), "column 20: text after the `;`"));
  EXPECT_TRUE(holds(error_of(R"($host C:\\ $status)"), "column 9: a backslash"));
  EXPECT_TRUE(holds(error_of(R"($host\n$status)"), "column 6: a line feed"));
  EXPECT_TRUE(holds(error_of("nginx: only text"), "no field"));
  EXPECT_TRUE(holds(error_of("100% sure"), "no field"));
  EXPECT_TRUE(holds(error_of("$a %h"), "`nginx:` or `apache:`"));
  EXPECT_EQ(error_of("nginx: $a %h"), "(no error)");
  EXPECT_EQ(error_of("apache: $a %h"), "(no error)");
  EXPECT_TRUE(holds(error_of("varnishncsa -w x"), "follows ` -F `"));
  EXPECT_TRUE(holds(error_of("varnishncsa -F"), "follows ` -F `"));
  EXPECT_TRUE(holds(error_of("accesslog.format = \"%h"), "is never closed"));
}

TEST(pattern, is_refused_with_more_fields_than_a_record_holds) {
  std::string text;
  for (std::size_t i = 0; i < max_fields; ++i) text += "$a ";
  EXPECT_EQ(error_of(text), "(no error)");
  EXPECT_TRUE(holds(error_of(text + "$b"), "more than 64 fields")) << error_of(text + "$b");
  EXPECT_TRUE(holds(error_of("$a" + std::string(2 * max_quotes, '"')), "too many quotes"));
}

TEST(pattern, of_an_unknown_name_suggests_the_nearest) {
  EXPECT_TRUE(holds(error_of("combind"), "nearest: combined")) << error_of("combind");
  EXPECT_TRUE(holds(error_of("xyz"), "known: auto, ")) << error_of("xyz");
}

TEST(pattern, survives_any_text_a_user_may_give) {
  for (const char* text : {"", " ", "%", "$", "nginx:", "apache:", "log_format", "log_format ", "LogFormat ",
                           "log_format a",
                           "log_format a ;", "CustomLog x", "CustomLog ", "%{", "%{}", "%{}i", "%%", "${}", "$$", "'",
                           "nginx:'", "nginx: escape=", "%!", "%,", "\\", "nginx:\\"})
    (void)error_of(text);
}

}  // namespace
}  // namespace anonlog
