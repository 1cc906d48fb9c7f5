// fuzz/fuzz_case.hpp: what a fuzzer's bytes mean: a few choices, then the log; the lists that are chosen from.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace anonlog::fuzz {

// make_seeds.py counts on the order of the first nine.
inline constexpr std::string_view formats[] = {
    "auto", "combined", "common", "vhost_combined", "nginx_main", "vhost_common", "json", "ltsv", "logfmt", "syslog", "error_log",
    R"($host $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time $upstream_response_time)",
    R"($time_iso8601	$remote_addr:$remote_port	$request_method	$uri$is_args$args	$status	$upstream_addr	"$http_cookie" "$http_dnt" "$http_sec_gpc")",
    R"($msec "$http_x_forwarded_for" "$http_forwarded" $scheme://$host$request_uri $server_protocol $request_length)",
    R"(log_format j escape=json '{"a":"$remote_addr","t":"$time_iso8601","r":"$request","u":"$http_user_agent","s":$status}')",
    R"(log_format n escape=none '$remote_addr $binary_remote_addr [$time_local] "$request" "$http_user_agent"')",
    R"(%a %l %u %{%FT%T%z}t "%m %U%q %H" %>s %O %D "%{Referer}i" "%{User-Agent}i" "%{Cookie}i")",
    R"(%h %{sec}t "%r" %>s %b "%{X-Forwarded-For}i" "%{DNT}i")",
    "haproxy_http", "aws_alb", "squid", "uwsgi",
};

// Lines of 1,024 bytes are the longest, so that a fuzzer finds longer ones; but kernels take only lines of which 16 bytes for
// each of theirs, and 9 KiB, are not too long.
#define ANONLOG_FUZZ_POLICY(text) "limits.line_bytes = 20000\naccept_weak = true\n" text
inline constexpr std::string_view policies[] = {
    ANONLOG_FUZZ_POLICY(""),
    ANONLOG_FUZZ_POLICY("preset = \"strict\"\n"),
    ANONLOG_FUZZ_POLICY("preset = \"security\"\nrejects.action = \"skeleton\"\n"),
    "limits.line_bytes = 1024\npreset = \"tor\"\n",
    ANONLOG_FUZZ_POLICY("ip.mode = \"token\"\nip.host = \"token\"\nip.port = \"keep\"\nepoch.length = \"1h\"\ntime.grid = \"1m\"\n"
                        "referrer.level = \"domain\"\n"),
    ANONLOG_FUZZ_POLICY("ip.keep = [\"private\", \"10.0.0.0/8\"]\nip.sixrd = [\"2001:db8::/32\"]\nip.xff = \"first\"\n"
                        "email.mode = \"keep\"\nuser.mode = \"keep\"\ntime.unreadable = \"reject\"\n"),
    ANONLOG_FUZZ_POLICY("agent.level = \"full\"\nquery.level = \"full\"\npath.level = \"keep\"\nreferrer.level = \"full\"\n"
                        "cookie.level = \"names\"\nbytes.digits = 2\nduration.digits = 1\nvhost.mode = \"drop\"\n"),
    ANONLOG_FUZZ_POLICY("query.level = \"hash\"\nreferrer.level = \"own-path\"\nreferrer.own_hosts = [\"www.example.com\"]\n"
                        "signals.dnt = \"drop\"\nsignals.gpc = \"drop\"\nrejects.action = \"fail\"\n"),
};
#undef ANONLOG_FUZZ_POLICY
inline constexpr std::size_t stopping_policy = std::size(policies) - 1;  // ends the run at the first reject

struct fuzz_case {
  static constexpr std::size_t choice_bytes = 6;

  std::size_t format;
  std::size_t policy;
  std::size_t longest_piece;  // of the log, in bytes
  std::size_t spare_room;     // of the output, beyond what a piece needs
  std::uint32_t seed;         // for the borders of pieces
  std::size_t inputs;         // the log is one input, or two that end in its middle
  std::string_view log;

  static fuzz_case from(const std::uint8_t* data, std::size_t size) {
    std::array<std::uint8_t, choice_bytes> choice{};
    std::copy_n(data, std::min(size, choice_bytes), choice.begin());
    fuzz_case made{};
    made.format = choice[0] % std::size(formats);
    made.policy = choice[1] % std::size(policies);
    made.longest_piece = choice[2] < 128 ? 1u + choice[2] : 64u * (choice[2] - 127u);
    made.spare_room = choice[3] * 16u;
    made.seed = choice[4];
    made.inputs = choice[5] % 4 == 3 ? 2 : 1;
    if (size > choice_bytes) made.log = {reinterpret_cast<const char*>(data) + choice_bytes, size - choice_bytes};
    return made;
  }
};

}  // namespace anonlog::fuzz
