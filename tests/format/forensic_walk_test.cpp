// tests/format/forensic_walk_test.cpp: lines of mod_log_forensic come apart at their bars, and nothing else passes for one.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <anonlog/format/forensic_walk.hpp>

namespace anonlog {
namespace {

using told = std::vector<std::string>;

told values_of(std::string_view line) {
  told all;
  const bool is_one = walk_forensic(raw(line), [&](const forensic_value& value) {
    const char* const what[] = {"id", "request", "header"};
    all.push_back(std::string(what[static_cast<std::size_t>(value.what)]) + " " + std::string(value.name.begin(), value.name.end()) + "=" +
                  std::string(value.text.begin(), value.text.end()));
    return true;
  });
  return is_one ? all : told{"REJECT"};
}

TEST(forensic_walk, tells_the_id_the_request_and_each_header) {
  EXPECT_EQ(values_of("+4711:68e90d18:0|GET /a?b=%3a HTTP/1.1|Host:a%3a80|Cookie:|X:y%7cz"),
            (told{"id =4711:68e90d18:0", "request =GET /a?b=%3a HTTP/1.1", "header Host=a%3a80", "header Cookie=", "header X=y%7cz"}));
  EXPECT_EQ(values_of("+awQsUs-UkoOK8E2-q6XdUwAAAAg|-"), (told{"id =awQsUs-UkoOK8E2-q6XdUwAAAAg", "request =-"}));
  EXPECT_EQ(values_of("-awQsUs-UkoOK8E2-q6XdUwAAAAg"), told{"id =awQsUs-UkoOK8E2-q6XdUwAAAAg"});
  EXPECT_EQ(values_of("+-|-|_:-"), (told{"id =-", "request =-", "header _=-"}));  // as they are written here
  EXPECT_EQ(values_of("--"), told{"id =-"});
}

TEST(forensic_walk, takes_nothing_else) {
  for (const char* line : {"", "+", "-", "+4711:68e90d18:0", "-4711:68e90d18:0|GET / HTTP/1.1", "+4711|GET / HTTP/1.1", "+4711 68e90d18:0|GET / HTTP/1.1",
                           "+4711:68e90d18:0|GET http://a/ HTTP/1.1", "+4711:68e90d18:0|GET / HTTP/1.1|Host", "+4711:68e90d18:0|GET / HTTP/1.1|:x",
                           "+4711:68e90d18:0|GET / HTTP/1.1|", "4711:68e90d18:0|GET / HTTP/1.1", "-rw-r--r-- 1 ada ada 5 Nov 23 12:06 x", "--- a/file"})
    EXPECT_EQ(values_of(line), told{"REJECT"}) << line;
}

TEST(forensic_walk, ends_where_the_visitor_says) {
  int asked = 0;
  EXPECT_FALSE(walk_forensic(raw("+4711:68e90d18:0|GET / HTTP/1.1|Host:a"), [&](const forensic_value&) { return ++asked < 2; }));
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace anonlog
