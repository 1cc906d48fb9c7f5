#include <anonlog/transform/request_line.hpp>

#include <string>

#include "support.hpp"
#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

std::string text(std::string_view in) { return testing::run(request_line{}, in).text; }

TEST(request_line, does_what_its_examples_say) { testing::expect_examples(request_line{}); }

TEST(request_line, has_exactly_three_parts) {
  for (const std::string_view bad : {"GET", "GET /", "GET  HTTP/1.1", "GET /a b HTTP/1.1", " GET / HTTP/1.1",
      "GET / HTTP/1.1 ",
                                     "GET / HTTP/1.2", "GET / http/1.1", "G3T / HTTP/1.1", "/ HTTP/1.1",
                                         "GET\t/\tHTTP/1.1"})
    EXPECT_EQ(text(bad), "-") << bad;
  EXPECT_EQ(text(std::string(33, 'A') + " / HTTP/1.1"), "-");
  EXPECT_EQ(text(std::string(32, 'A') + " / HTTP/1.1"), "OTHER / HTTP/1.1");
}

TEST(request_line, keeps_known_words_only) {
  EXPECT_EQ(text("PROPFIND / HTTP/2"), "PROPFIND / HTTP/2");
  EXPECT_EQ(text("get / HTTP/3.0"), "OTHER / HTTP/3.0");
  EXPECT_EQ(text("PRI * HTTP/2.0"), "PRI * HTTP/2.0");
}

TEST(request_line, keeps_method_and_protocol_when_the_target_fails) {
  EXPECT_EQ(text("GET bob HTTP/1.1"), "GET - HTTP/1.1");
  EXPECT_EQ(text("GET http://203-0-113-195.isp.example/ HTTP/1.1"), "GET - HTTP/1.1");
  EXPECT_EQ(text("CONNECT /a HTTP/1.1"), "CONNECT - HTTP/1.1");
}

TEST(request_line, is_idempotent_and_safe) {
  testing::url_inputs inputs(51);
  for (int i = 0; i < 10000; ++i) {
    std::string tail = inputs.text(6);
    std::erase(tail, ' ');
    const std::string in = inputs.one_of({"GET /", "POST http://a.example/", "OTHER *", "x /", "CONNECT "}) + tail +
        " HTTP/1.1";
    const std::string once = text(in);
    ASSERT_EQ(once == "-" ? once : text(once), once) << in;
    testing::expect_safe(once, " ");
  }
}

}  // namespace
}  // namespace anonlog
