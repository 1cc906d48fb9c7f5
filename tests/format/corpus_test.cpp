// tests/format/corpus_test.cpp: real logs through their format: rejects only where a line is broken.
//
// Needs a collection of logs, which is not part of this repository: ANONLOG_CORPUS names its folder. The bounds are the
// lines its list calls malformed, comments and blank lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "format_support.hpp"

namespace anonlog {
namespace {

struct log_file {
  const char* path;
  const char* format;  // nullptr: the file beside it
  std::size_t rejects;
};

constexpr log_file files[] = {
    {"clf/cap-apache-common.log", "common", 0},
    {"clf/matomo-common.log", "common", 0},
    {"clf/mtail-apache-common.log", "common", 3},
    {"clf/netdata-common.log", "common", 44},
    {"clf/vrl-parse_common_log.log", "common", 3},
    {"combined/awstats-testglobal.log", "combined", 46},
    {"combined/awstats-testsmall.log", "combined", 0},
    {"combined/awstats-testtime5.log", "combined", 2},
    {"combined/awstats-testtime5.log", R"(%h %l %u %{%FT%T%z}t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")", 0},
    {"combined/cap-apache-combined.log", "combined", 0},
    {"combined/cap-nginx-combined.log", "combined", 0},
    {"combined/elastic-apache_logs.log", "combined", 1},
    {"combined/lnav-access_log.0.log", "combined", 0},
    {"combined/lnav-bad_access_log.0.log", "combined", 1},
    {"combined/matomo-common_complete.log", "vhost_combined", 0},
    {"combined/matomo-common_encoding_big5.log", "vhost_combined", 0},
    {"combined/matomo-logs_to_tests.log", "combined", 2},
    {"combined/matomo-ncsa_extended.log", "combined", 0},
    {"combined/matomo-static_ignores.log", "vhost_combined", 0},
    {"combined/mtail-apache-combined.log", "combined", 0},
    {"vhost_combined/cap-apache-vhost_combined.log", "vhost_combined", 0},
    {"vhost_combined/cap-nginx-vhost.log", "vhost_combined", 0},
    {"vhost_combined/lnav-regexp_access_log.0.log", "vhost_combined", 2},
    {"vhost_combined/matomo-common_vhost.log", "vhost_common", 0},
    {"nginx_main/cap-nginx-main.log", "nginx_main", 0},
    {"nginx_main/loki-zanbil.log", "nginx_main", 0},
    {"httpd_mixed/logstash-httpd_spec.log", "auto", 4},  // its error lines
    {"httpd_mixed/vrl-parse_apache_log.log", "auto", 7},
    {"nginx_custom/netdata-full.log",
     R"($host:$server_port $remote_addr - - [$time_local] "$request" $status $body_bytes_sent $request_length )"
     "$request_time $upstream_response_time $scheme $ssl_protocol $ssl_cipher $drink $kind $code",
     48},
    {"nginx_custom/vrl-parse_nginx_log.log", "auto", 9},  // error lines
    {"nginx_custom/cap-nginx-upstreaminfo.log", nullptr, 0},
    {"nginx_custom/cap-nginx-xff-first.log", nullptr, 0},
    {"nginx_custom/issue1766-xff-first.log", nullptr, 0},
    {"nginx_custom/issue2053-npm-client-in-brackets.log", nullptr, 0},
    {"nginx_custom/issue2301-xff-second.log", nullptr, 0},
    {"nginx_custom/issue863-times-before-request.log", nullptr, 0},
    {"nginx_main/cap-nginx-main.log", nullptr, 0},
    {"vhost_combined/cap-nginx-vhost.log", nullptr, 0},
    {"vhost_combined/cap-apache-vhost_combined.log", nullptr, 0},
    {"combined/cap-apache-combined.log", nullptr, 0},
    {"clf/cap-apache-common.log", nullptr, 0},
    {"ltsv/cap-nginx-ltsv.log", nullptr, 0},
    {"logfmt/cap-nginx-kv.log", nullptr, 0},
    {"json_nginx/cap-nginx-escape-default.jsonl", nullptr, 0},
    {"json_nginx/cap-nginx-escape-json.jsonl", nullptr, 0},
    {"lighttpd/cap-lighttpd-v6-custom.log", nullptr, 0},
    {"apache_custom/cap-apache-agent.log", nullptr, 0},
    {"apache_custom/cap-apache-combinedio.log", nullptr, 0},
    {"apache_custom/cap-apache-cookies.log", nullptr, 0},
    {"apache_custom/cap-apache-referer.log", nullptr, 0},
    {"apache_custom/cap-apache-xffcombined.log", nullptr, 0},
    {"apache_custom/issue1249-varnishcombined.log", nullptr, 0},
    {"haproxy/cap-haproxy-raw.log", "auto", 5},  // rows that were cut
    {"aws_alb/matomo-alb.log", "auto", 0},
    {"aws_alb/matomo-alb.log", "aws_alb", 0},
    {"aws_alb/otel-alb.log", "auto", 0},
    {"aws_alb/otel-alb.log", "aws_alb", 0},
    {"aws_alb/otel-nlb.log", "auto", 0},
    {"aws_alb/otel-nlb.log", "aws_nlb", 0},
    {"aws_alb/vrl-parse_aws_alb_log.log", "auto", 0},
    {"aws_alb/vrl-parse_aws_alb_log.log", "aws_alb", 0},
    {"aws_elb/matomo-elb.log", "auto", 1},  // a comment
    {"aws_elb/matomo-elb.log", "aws_elb", 1},
    {"aws_mixed/logstash-aws_spec.log", "auto", 3},  // CloudFront, and a row of S3 that was cut
    {"aws_s3/matomo-s3.log", "auto", 0},
    {"aws_s3/matomo-s3.log", "aws_s3", 0},
    {"aws_s3/otel-s3-multi.log", "auto", 0},
    {"aws_s3/otel-s3-multi.log", "aws_s3", 0},
    {"squid/cap-squid-native.log", "auto", 0},
    {"squid/cap-squid-native.log", "squid", 0},
    {"squid/cap-squid-common.log", "auto", 0},
    {"squid/cap-squid-common.log", "squid_common", 0},
    {"squid/cap-squid-combined.log", "auto", 0},
    {"squid/cap-squid-combined.log", "squid_combined", 0},
    {"squid/logstash-squid_spec.log", "auto", 1},  // a column more
    {"squid/netdata-access.log", "auto", 16},
    {"squid/netdata-access.log", "squid", 16},
    {"lighttpd/cap-lighttpd-access.log", "auto", 0},
    {"lighttpd/cap-lighttpd-access.log", "lighttpd", 0},
    {"varnishncsa/cap-varnishncsa-default.log", "auto", 0},
    {"nginx_custom/cap-nginx-upstreaminfo.log", "auto", 0},
    {"nginx_custom/cap-nginx-upstreaminfo.log", "ingress_nginx", 0},
    {"apache_custom/cap-apache-combinedio.log", "combinedio", 0},
    {"other_text/lnav-uwsgi.0.log", "auto", 0},
    {"other_text/matomo-gandi.log", "auto", 0},
    {"other_text/matomo-gandi.log", "gandi", 0},
    {"other_text/matomo-icecast2.log", "icecast2", 0},
    {"other_text/matomo-ovh.log", "lighttpd", 0},
};

// "apache: "%h .."" quotes as httpd.conf does.
std::string written_format(const std::filesystem::path& log) {
  std::ifstream file(log.string() + ".format.txt");
  std::string text;
  std::getline(file, text);
  for (std::string_view prefix : {"apache: \"", "lighttpd: \""})
    if (text.starts_with(prefix)) return "LogFormat " + text.substr(prefix.size() - 1);
  return text;
}

TEST(corpus, is_rejected_only_where_its_lines_are_broken) {
  const char* folder = std::getenv("ANONLOG_CORPUS");
  if (folder == nullptr) GTEST_SKIP() << "set ANONLOG_CORPUS to the folder of the collected logs";
  for (const log_file& f : files) {
    const std::filesystem::path path = std::filesystem::path(folder) / f.path;
    std::ifstream log(path, std::ios::binary);
    ASSERT_TRUE(log) << path;
    const auto formats = testing::formats_of(f.format != nullptr ? f.format : written_format(path));
    std::size_t rejects = 0, lines = 0;
    for (std::string line; std::getline(log, line); ++lines) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      rejects += testing::fields_of(formats, line) == testing::texts{"REJECT"};
    }
    EXPECT_GT(lines, 0u) << f.path;
    EXPECT_LE(rejects, f.rejects) << f.path;
  }
}

TEST(corpus, gives_the_same_fields_by_auto_as_by_name) {
  const char* folder = std::getenv("ANONLOG_CORPUS");
  if (folder == nullptr) GTEST_SKIP() << "set ANONLOG_CORPUS to the folder of the collected logs";
  const auto all = testing::formats_of("auto");
  for (const log_file& f : files) {
    const std::string_view wanted = f.format != nullptr ? f.format : "";
    const auto is_it = [&](const log_format& known) { return known.name == wanted && known.in_auto != auto_part::none; };
    if (wanted == "vhost_common" || std::none_of(std::begin(known_formats), std::end(known_formats), is_it)) continue;
    const auto named = testing::formats_of(wanted);
    std::ifstream log(std::filesystem::path(folder) / f.path, std::ios::binary);
    for (std::string line; std::getline(log, line);) {
      // A line that lacks what the format has may be a good line of another.
      const bool is_of_another = testing::fields_of(named, line) == testing::texts{"REJECT"} && testing::format_of(line) == known::aiohttp.name;
      EXPECT_TRUE(is_of_another || testing::fields_of(all, line) == testing::fields_of(named, line)) << f.path << ": " << line;
    }
  }
}

}  // namespace
}  // namespace anonlog
