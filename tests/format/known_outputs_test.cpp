// tests/format/known_outputs_test.cpp: what comes out of each named format, and what never does, wherever it is planted.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "format_support.hpp"
#include "further_outputs.hpp"
#include "stream_support.hpp"

namespace anonlog {
namespace {

using testing::fields_of;
using testing::format_of;
using testing::make_plan;
using testing::run;
using testing::stream_setup;
using testing::texts;

std::string out_of(std::string_view format, const std::string& line, std::string_view preset = "balanced") {
  static std::map<std::string, std::shared_ptr<const plan>> plans;
  std::shared_ptr<const plan>& rules = plans[std::string(format) + "/" + std::string(preset)];
  if (!rules) rules = make_plan({.format = std::string(format), .policy = "preset = \"" + std::string(preset) + "\"\n"});
  return run(rules, line.ends_with("\n") ? line : line + "\n", [](std::size_t left) { return left; }).out;
}

grammar grammar_for(const log_format& known) {
  result<grammar> made = grammar_of(known);
  if (!made) ADD_FAILURE() << known.name << ": " << made.error().message;
  return made ? std::move(*made) : grammar{};
}

std::string joined_line(const grammar& format, const texts& values) {
  std::string line = format.literals[0];
  for (std::size_t i = 0; i < values.size(); ++i) line += values[i] + format.literals[i + 1];
  return line;
}

using expectation = testing::known_output;

#define TIMED \
  R"x(203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512 "https://example.com/" "curl/8 (tool)")x"

const expectation outputs[] = {
    {known::haproxy_http_with_both_headers,
     R"(203.0.113.0:0 [10/Oct/2025:13:00:00.000] web app/app1 0/0/1/12/13 200 512 - - ---- 2/1/0/0/0 0/0 {-} {-} "GET /users/:num?token=* HTTP/1.1")"},
    {known::haproxy_http_with_headers,
     R"(203.0.113.0:0 [10/Oct/2025:13:00:00.000] web app/app1 0/0/1/12/13 200 512 - - ---- 2/1/0/0/0 0/0 {-} "GET /users/:num?token=* HTTP/1.1")"},
    {known::haproxy_http,
     R"(203.0.113.0:0 [10/Oct/2025:13:00:00.000] web app/app1 0/0/1/12/13 200 512 - - ---- 2/1/0/0/0 0/0 "GET /users/:num?token=* HTTP/1.1")"},
    {known::haproxy_https_with_both_headers,
     R"(203.0.113.0:0 [10/Oct/2025:13:00:00.000] web app/app1 0/0/1/12/13 200 512 - - ---- 2/1/0/0/0 0/0 {-} {-} "GET /users/:num?token=* HTTP/1.1" )"
     "0/00000000/0/0/0 www.example.com/TLSv1.3/TLS_AES_256_GCM_SHA384"},
    {known::haproxy_https,
     R"(203.0.113.0:0 [10/Oct/2025:13:00:00.000] web app/app1 0/0/1/12/13 200 512 - - ---- 2/1/0/0/0 0/0 "GET /users/:num?token=* HTTP/1.1" )"
     "0/00000000/0/0/0 www.example.com/TLSv1.3/TLS_AES_256_GCM_SHA384"},
    {known::haproxy_http_error, "203.0.113.0:0 [10/Oct/2025:13:00:00.000] web/1: -"},
    {known::haproxy_tcp, "203.0.113.0:0 [10/Oct/2025:13:00:00.000] db app/db1 0/1/250 4096 -- 2/1/0/0/0 0/0"},
    {known::haproxy_tcp_error, "203.0.113.0:0 [10/Oct/2025:13:00:00.000] web/1: -"},
    {known::haproxy_clf,
     R"(203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512 "" "" 0 - "web" "app" "app1" )"
     R"(0 0 1 12 13 ---- 2 1 0 0 0 0 0 "-" "" )"},
    {known::aws_alb,
     "https 2025-10-10T13:00:00.000000Z app/front/f00d 203.0.113.0:0 10.0.0.1:0 0.001 0.012 0.000 200 200 34 512 "
     R"x("GET https://www.example.com/users/:num?token=* HTTP/1.1" "curl/8 (tool)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 - "-" )x"
     R"("www.example.com" "-" 1 2025-10-10T13:00:00.000000Z "waf,forward" "-" "-" "10.0.0.1:0" "200" "Acceptable" "SpaceInUri" - )"
     R"("app.example.com" "/people/:num" "TransformSuccess")"},
    {known::aws_alb_bare_lists_with_trace,
     "https 2025-10-10T13:00:00.000000Z app/front/f00d 203.0.113.0:0 10.0.0.1:0 0.001 0.012 0.000 200 200 34 512 "
     R"x("GET https://www.example.com/users/:num?token=* HTTP/1.1" "curl/8 (tool)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 - "-" )x"
     R"("www.example.com" "-" 1 2025-10-10T13:00:00.000000Z "waf,forward" "-" "-" 10.0.0.1:0 200 "Acceptable" "SpaceInUri" -)"},
    {known::aws_nlb,
     "tls 2.0 2025-10-10T13:00:00 net/front/f00d - 203.0.113.0:0 10.0.0.1:0 250 12 98 512 - - - ECDHE-RSA-AES128-SHA tlsv12 - "
     R"(www.example.com h2 h2 "-","-" 2025-10-10T13:00:00)"},
    {known::aws_elb,
     "2025-10-10T13:00:00.000000Z front 203.0.113.0:0 10.0.0.1:0 0.001 0.012 0.000 200 200 34 512 "
     R"x("GET https://www.example.com/users/:num?token=* HTTP/1.1" "curl/8 (tool)" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2)x"},
    {known::aws_s3,
     "- media [10/Oct/2025:13:00:00 +0000] 203.0.113.0 u-7mdzlqqkvvvbdclp - REST.GET.OBJECT - "
     R"x("GET /media/users/:num/photo.jpg?token=* HTTP/1.1" 200 - 512 4096 12 9 "https://example.com/" "curl/8 (tool)" )x"
     "- - SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader media.s3.eu-west-1.amazonaws.com TLSv1.2 - Yes"},
    {known::squid,
     "1760101200.000     12 203.0.113.0 TCP_MISS/200 512 GET http://www.example.com/users/:num?token=* u-gftuv6rsqdxggz4b "
     "HIER_DIRECT/198.51.100.0 -"},
    {known::squid_common,
     R"(203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET http://www.example.com/users/:num?token=* HTTP/1.1" 200 512 )"
     "TCP_MISS:HIER_DIRECT"},
    {known::squid_combined,
     R"(203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET http://www.example.com/users/:num?token=* HTTP/1.1" 200 512 )"
     R"x("https://example.com/" "curl/8 (tool)" TCP_MISS:HIER_DIRECT)x"},
    {known::lighttpd,
     R"(203.0.113.0 www.example.com:8080 u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512 )"
     R"x("https://example.com/" "curl/8 (tool)")x"},
    {known::xff_combined,
     R"(203.0.113.0, 198.51.100.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512 )"
     R"x("https://example.com/" "curl/8 (tool)")x"},
    {known::xff_combined_in_quotes,
     R"("203.0.113.0, 198.51.100.0" - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512 )"
     R"x("https://example.com/" "curl/8 (tool)")x"},
    {known::vhost_combined_with_forwarded,
     R"(www.example.com:443 203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" )"
     R"x("curl/8 (tool)" "198.51.100.0, 203.0.113.0")x"},
    {known::vhost_combined_with_forwarded_without_port,
     R"(www.example.com 203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" )"
     R"x("curl/8 (tool)" "198.51.100.0, 203.0.113.0")x"},
    {known::xff_combined_with_proxy,
     R"(203.0.113.0, 198.51.100.0 10.0.0.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512 )"
     R"x("https://example.com/" "curl/8 (tool)")x"},
    {known::daphne, R"(203.0.113.0:0 - - [10/Oct/2025:13:00:00] "GET /users/:num?token=*" 200 512)"},
    {known::php_fpm, R"(203.0.113.0 - u-gftuv6rsqdxggz4b 10/Oct/2025:13:00:00 +0000 "GET /users/:num?token=*" 200)"},
    {known::php_fpm_with_costs,
     R"(203.0.113.0 - u-gftuv6rsqdxggz4b 10/Oct/2025:13:00:00 +0000 "GET /users/:num?token=*" 200 - 12.345 2048 81.01%)"},
    {known::ingress_nginx,
     R"(203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/2.0" 200 512 )"
     R"x("https://example.com/" "curl/8 (tool)" 462 0.050 [shop-web-80] [] 10.0.50.80:0,%2010.0.50.81:0 0,%20512 0.001,%200.049 502,%20200 -)x"},
    {known::nginx_proxy_manager,
     R"x([10/Oct/2025:13:00:00 +0000] - 200 200 - GET https www.example.com "/users/:num?token=*" [Client 203.0.113.0] [Length 512] [Gzip -] )x"
     R"x([Sent-to 10.0.0.1] "curl/8 (tool)" "https://example.com/")x"},
    {known::nginx_proxy_manager_standard,
     R"x([10/Oct/2025:13:00:00 +0000] 404 - GET http www.example.com "/users/:num?token=*" [Client 203.0.113.0] [Length 150] [Gzip -] "curl/8 (tool)" "-")x"},
    {known::envoy,
     R"x([2025-10-10T13:00:00.000Z] "GET /users/:num?token=* HTTP/1.1" 200 - 0 512 12 11 "203.0.113.0,198.51.100.0" "curl/8 (tool)" "-" )x"
     R"("www.example.com" "10.0.0.1:0")"},
    {known::istio,
     R"x([2025-10-10T13:00:00.000Z] "GET /users/:num?token=* HTTP/1.1" 200 - via_upstream - "-" 0 512 12 11 "203.0.113.0" "curl/8 (tool)" )x"
     R"("-" "www.example.com" "10.0.0.1:0" - 127.0.0.0:0 10.0.0.1:0 203.0.113.0:0 www.example.com default)"},
    {known::istio_with_mixer,
     R"x([2025-10-10T13:00:00.000Z] "GET /users/:num?token=* HTTP/1.1" 200 - "-" "-" 0 512 12 11 "203.0.113.0" "curl/8 (tool)" )x"
     R"("-" "www.example.com" "10.0.0.1:0" - 127.0.0.0:0 10.0.0.1:0 203.0.113.0:0 www.example.com default)"},
    {known::nginx_timed_main_with_cache, TIMED R"x( "198.51.100.0" 0.123 0.120 - MISS)x"},
    {known::nginx_timed_with_pipe, TIMED " 0.123 0.120 -"},
    {known::nginx_timed_with_upstream, TIMED " 0.123 0.002, 0.120"},
    {known::nginx_timed, TIMED " 0.123"},
    {known::nginx_timed_marked, TIMED R"( rt=0.123 uct="0.000, 0.001" uht="0.002, 0.110" urt="0.002, 0.120")"},
    {known::nginx_timed_main_extended,
     TIMED R"x( "198.51.100.0" "www.example.com" sn="example.com" rt=0.123 ua="10.0.0.1:0" us="200" ut="0.120" ul="512" cs=MISS)x"},
    {known::uvicorn, R"(INFO:     203.0.113.0:0 - "GET /users/:num?token=* HTTP/1.1" 404 -)"},
    {known::uvicorn_without_client, R"(INFO:      - "GET /users/:num?token=* HTTP/1.1" 200 -)"},
    {known::uvicorn_without_level, R"(203.0.113.0:0 - "GET /users/:num?token=* HTTP/1.1" 200)"},
    {known::python_http, R"(203.0.113.0 - - [10/Oct/2025 13:00:00] "GET /users/:num?token=* HTTP/1.1" 200 -)"},
    {known::gorouter,
     R"(www.example.com - [2025-10-10T13:00:00.000000000Z] "GET /users/:num?token=* HTTP/1.1" 200 0 512 "https://example.com/" )"
     R"x("curl/8 (tool)" "198.51.100.0:0" "10.0.1.5:0" x_forwarded_for:"203.0.113.0, 198.51.100.0" x_forwarded_proto:"https" )x"
     R"(vcap_request_id:"-" response_time:0.012345 gorouter_time:0.000123 app_id:"-" app_index:"0" instance_id:"-" )"
     R"(x_cf_routererror:"-" x_b3_traceid:"-" x_b3_spanid:"-" x_b3_parentspanid:"-" b3:"-")"},
    {known::traefik,
     R"(203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512 )"
     R"x("https://example.com/" "curl/8 (tool)" - "web" "-" 12ms)x"},
    {known::uwsgi,
     "[pid: -|app: -|req: -/-] 203.0.113.0 (u-gftuv6rsqdxggz4b) {- vars in - bytes} [Fri Oct 10 13:00:00 2025] GET "
     "/users/:num?token=* => generated 512 bytes in 12 msecs (HTTP/1.1 200) 9 headers in 378 bytes (1 switches on core 3)"},
    {known::combinedio,
     R"(203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512 )"
     R"x("https://example.com/" "curl/8 (tool)" 340 780)x"},
    {known::icecast2,
     R"x(203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /stream HTTP/1.1" 200 4096 "-" "Other (Other)" 1807)x"},
    {known::gandi,
     R"(www.example.com 203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] (0 s) "GET /users/:num?token=* HTTP/1.1" 200 512 )"
     R"x("https://example.com/" "curl/8 (tool)")x"},
};

TEST(known_outputs, are_these) {
  std::vector<expectation> all(std::begin(outputs), std::end(outputs));
  for (const expectation& e : testing::further_outputs) all.push_back(e);
  for (const expectation& e : all) {
    EXPECT_EQ(out_of(e.format.name, std::string(e.format.sample)), std::string(e.out) + "\n") << e.format.name;
    if (e.format.in_auto == auto_part::none) continue;
    EXPECT_EQ(out_of("auto", std::string(e.format.sample)), std::string(e.out) + "\n") << e.format.name;
  }
  for (const log_format& known : known_formats) {
    const bool is_of_old = known.in_auto == auto_part::any;  // those of Apache and nginx have tests of their own
    const auto has_name = [&](const expectation& e) { return e.format.name == known.name; };
    EXPECT_TRUE(is_of_old || std::any_of(all.begin(), all.end(), has_name)) << known.name;
  }
}

#undef TIMED

// SPEC 4.1, P5: what was written is a line of the same format, with as many fields.
TEST(known_outputs, are_read_as_the_same_format_again) {
  for (const log_format& known : known_formats)
    for (const char* preset : {"balanced", "strict", "security", "tor"}) {
      std::string out = out_of(known.name, std::string(known.sample), preset);
      ASSERT_FALSE(out.empty()) << known.name;
      // Pseudonyms are made again.
      const bool may_change = std::string_view(preset) == "balanced" || std::string_view(preset) == "security";
      const std::string twice = out_of(known.name, out, preset);
      EXPECT_TRUE(may_change || twice == out) << known.name << ", " << preset << ": reduced once, it stays (P2): " << out << twice;
      out.pop_back();
      const texts again = fields_of(known.name, out);
      EXPECT_EQ(again.size(), grammar_for(known).fields.size()) << known.name << ", " << preset << ": " << out;
    }
}

// The same by `auto`, also where the client or the time is gone. Where a virtual host without a port stands before no client,
// the host could be one: such a line is combined or common, or nobody's. And without its stamp nothing tells Python's from common.
TEST(known_outputs, are_read_as_the_same_format_again_by_auto) {
  for (const log_format& known : known_formats) {
    if (known.in_auto == auto_part::none) continue;
    const grammar format = grammar_for(known);
    const texts sample = fields_of({format}, known.sample);
    const bool is_told_by_stamp = known.name == known::python_http.name;
    const bool is_behind_list = known.name == known::xff_combined_with_proxy.name;  // which may end in front of an ident, too
    const bool is_behind_bare_host = is_behind_list || (format.has_client_behind && format.fields[0].cls == field_class::vhost && format.literals[1] != ":" && known.name != known::gandi.name);
    std::vector<std::string> outs;
    for (const char* preset : {"balanced", "strict", "security", "tor"})
      if (!is_behind_bare_host || std::string_view(preset) != "tor") outs.push_back(out_of(known.name, std::string(known.sample), preset));
    for (std::size_t i = 0; i < sample.size(); ++i) {
      const bool is_time = format.fields[i].cls == field_class::time && !is_told_by_stamp;
      const bool is_client = format.fields[i].shape == field_shape::client && !is_behind_bare_host;
      if (!is_time && !is_client) continue;
      texts values = sample;
      values[i] = "-";
      outs.push_back(joined_line(format, values) + "\n");
    }
    for (std::string& out : outs) {
      ASSERT_FALSE(out.empty()) << known.name;
      out.pop_back();
      const bool is_timed = known.name == known::nginx_more::hosted.name && format_of(out) == known::nginx_timed.name;  // the host is gone
      EXPECT_TRUE(is_timed || format_of(out) == known.name) << known.name << ": " << out;
    }
  }
}

// Lines that a kernel knows at a glance become the same as by the exact path.
TEST(known_outputs, are_the_same_with_and_without_plain_lines) {
  std::string lines;
  for (int round = 0; round < 40; ++round)
    for (const log_format& known : known_formats) lines += std::string(known.sample) + "\n";
  std::vector<std::string_view> names = {"auto"};
  for (const log_format& known : known_formats)
    if (names.back() != known.name) names.push_back(known.name);
  for (const std::string_view name : names) {
    const auto with = [&](bool has_plain_lines) {
      plan_options options = testing::options_of({.format = std::string(name)});
      options.has_plain_lines = has_plain_lines;
      return run(testing::compiled(std::move(options)), lines, [](std::size_t left) { return left; }).out;
    };
    EXPECT_EQ(with(true), with(false)) << name;
  }
}

struct canary {
  const char* value;
  std::vector<const char*> needles;  // in small letters
  bool is_plain_word = false;        // which is let through where the operator's own words stand, for it is one
};

const canary canaries[] = {
    {"203.0.113.199", {"113.199"}},
    {"203.0.113.199:51234", {"113.199", "51234"}},
    {"2001:db8:85a3:8d3:1319:8a2e:370:7348", {"85a3", "8a2e", "7348"}},
    {"[2001:db8:85a3::8a2e:7348]:51234", {"85a3", "8a2e", "7348", "51234"}},
    {"::ffff:203.0.113.199", {"113.199", "71c7"}},
    {"::ffff:cb00:71c7", {"113.199", "71c7"}},
    {"ada.lovelace@example.net", {"lovelace"}},
    {"GET%20/u/ada.lovelace%40example.net", {"lovelace"}},
    {"http://ada:lovelace@example.net/lovelace%40example.net", {"lovelace"}},
    {"sid=Zq8PXbL2vN4mT7kR", {"zq8p", "7kr"}},
    {"Zq8PXbL2vN4mT7kRw9", {"zq8p", "7krw9"}},
    {"0f1e2d3c-0123-4567-89ab-0123456789ab", {"0f1e2d3c", "0123456789ab"}},
    {"arn:aws:iam::123456789012:user/lovelace", {"123456789012", "lovelace"}},
    {"lovelace", {"lovelace"}, true},
};

std::string lower(std::string text) {
  for (char& c : text) c = to_lower(static_cast<unsigned char>(c));
  return text;
}

TEST(known_outputs, hold_nothing_that_was_planted_in_any_field) {
  std::size_t written = 0, planted = 0;
  for (const log_format& known : known_formats) {
    const grammar format = grammar_for(known);
    const texts sample = fields_of({format}, known.sample);
    for (const canary& c : canaries) {
      std::string lines;
      for (std::size_t i = 0; i < format.fields.size(); ++i) {
        // In a word of the operator's own a plain word is let through; so is what a delimiter makes one.
        const std::string& after = format.literals[i + 1];
        const bool is_cut = !after.empty() && std::string_view(c.value).find(after) != std::string_view::npos;
        if (format.fields[i].cls == field_class::keep && (c.is_plain_word || is_cut)) continue;
        texts values = sample;
        values[i] = format.escapes == dialect::haproxy ? testing::haproxy_escaped(c.value) : testing::nginx_escaped(c.value);
        lines += joined_line(format, values) + "\n";
        ++planted;
      }
      for (const std::string_view name : {known.name, std::string_view("auto")}) {
        const std::string out = lower(out_of(name, lines, "strict"));
        written += static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n'));
        for (const char* needle : c.needles) EXPECT_EQ(out.find(needle), std::string::npos) << known.name << " by " << name << ", " << c.value << ":\n" << out;
      }
    }
  }
  EXPECT_GT(written, planted) << "by name nearly all are read, and by auto most";
}

// HAProxy writes a quote as `#22`: it must not hide what it is glued to.
TEST(known_outputs, of_haproxy_undo_its_escapes) {
  const std::string sample(known::haproxy_http.sample);
  const auto with_target = [&](const std::string& target) {
    return out_of("auto", std::string(sample).replace(sample.find("/users"), std::string("/users/4711?token=s3cret").size(), target));
  };
  const auto holds = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  EXPECT_TRUE(holds(with_target("/a/#22203.0.113.199#22/b"), "\"GET /a/:ip/b HTTP/1.1\"")) << with_target("/a/#22203.0.113.199#22/b");
  EXPECT_TRUE(holds(with_target("/a/x#7C203.0.113.199"), " /a/x|:ip ")) << with_target("/a/x#7C203.0.113.199");
  EXPECT_TRUE(holds(with_target("/a/ada#40example.net"), "/a/:email ")) << with_target("/a/ada#40example.net");
  EXPECT_TRUE(holds(with_target("/u/ada\\x40example.net"), "/u/:email ")) << with_target("/u/ada\\x40example.net");
  EXPECT_TRUE(holds(with_target("/u/ada#5Cx40example.net"), "/u/:email "));
  EXPECT_TRUE(holds(with_target("/a#23ada"), "\"GET /a HTTP/1.1\""));
  EXPECT_TRUE(holds(with_target("/a?#66oo=1"), "?foo=* "));
}

// A client that sends what looks like the end of its field gains nothing of what stands behind.
TEST(known_outputs, say_nothing_of_what_a_client_may_have_moved) {
  const std::string cookie =
      out_of("auto", "203.0.113.77:51234 [10/Oct/2025:13:55:36.123] web app/app1 0/0/1/12/13 200 512 sid=x - bob 7/7/7/7/7 7/7 {y - ---- "
                     "2/1/0/0/0 0/0 {www.example.com} \"GET / HTTP/1.1\"");
  EXPECT_EQ(cookie.find("bob"), std::string::npos) << cookie;
  EXPECT_FALSE(cookie.empty());
  const std::string user = out_of("auto", "[pid: 1|app: 0|req: 3/17] 203.0.113.77 (x) {1 vars in 1 bytes} [Fri Oct 10 13:55:36 2025] GET /bob => "
                                          "generated 4711 bytes in 1 bob (bob 200) 1 headers in 1 bytes (1 switches on core 1) {38 vars in 696 bytes} "
                                          "[Fri Oct 10 13:55:36 2025] GET / => generated 512 bytes in 12 msecs (HTTP/1.1 200) 9 headers in 378 bytes "
                                          "(1 switches on core 3)");
  EXPECT_EQ(user.find("bob"), std::string::npos) << user;
}

}  // namespace
}  // namespace anonlog
