// tests/format/further_outputs.hpp: what comes out of the formats that add columns to common, combined and main, and of those that
// programs print without being asked: see known_outputs_test.cpp.
#pragma once

#include <anonlog/format/known/known_formats.hpp>

namespace anonlog::testing {

struct known_output {
  const log_format& format;
  const char* out;
};

#define COMMON R"(203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512)"
#define COMBINED COMMON R"x( "https://example.com/" "curl/8 (tool)")x"
#define MAIN COMBINED R"( "198.51.100.0")"

inline const known_output further_outputs[] = {
    {known::common_more, COMMON " -"},
    {known::common_more_with_id, COMMON " -"},
    {known::apache_timed, COMBINED " **0/12345**"},
    {known::apache_timed_common, COMMON " **0/12345**"},
    {known::vhost_timed, "www.example.com:443 " COMBINED " 0.123"},
    {known::vhost_timed_without_port, "www.example.com " COMBINED " 0.123"},
    {known::vhost_with_number, "www.example.com:443 " COMBINED " -"},
    {known::vhost_with_number_without_port, "www.example.com " COMBINED " -"},
    {known::nginx_more::hosted, COMBINED " - 0.123"},
    {known::nginx_more::main_hosted_with_upstream, MAIN " - 0.123 0.120"},
    {known::nginx_more::quoted, MAIN R"( "-")"},
    {known::nginx_more::quoted_twice, MAIN R"( "-" "-")"},
    {known::nginx_more::quoted_timed, MAIN R"( "-" 0.123)"},
    {known::nginx_more::quoted_with_upstream, MAIN R"( "-" 0.123 0.120)"},
    {known::nginx_more::served, COMBINED " 0.123 10.0.0.1:0 200 0.120"},
    {known::nginx_more::main_served, MAIN " 0.123 10.0.0.1:0 200 0.120"},
    {known::nginx_more::encrypted, COMBINED " TLSv- -"},
    {known::nginx_more::main_encrypted, MAIN " TLSv- -"},
    {known::nginx_more::main_marked_bare, MAIN " rt=0.123 uct=0.001 uht=0.110 urt=0.120"},
    {known::ssl_request,
     R"([10/Oct/2025:13:00:00 +0000] 203.0.113.0 TLSv- - "GET /users/:num?token=* HTTP/1.1" 512)"},
    {known::ssl_request_in_the_clear, R"([10/Oct/2025:13:00:00 +0000] 203.0.113.0 - - "GET /users/:num?token=* HTTP/1.1" 512)"},
    {known::aiohttp,
     R"x(203.0.113.0 [10/Oct/2025:13:00:00 +0000] "GET /users/:num?token=* HTTP/1.1" 200 512 "https://example.com/" "curl/8 (tool)")x"},
    {known::apisix,
     R"(203.0.113.0 - u-gftuv6rsqdxggz4b [10/Oct/2025:13:00:00 +0000] www.example.com "GET /users/:num?token=* HTTP/1.1" 200 512 0.012 )"
     R"x("https://example.com/" "curl/8 (tool)" 10.0.0.1:0 200 0.011 "http://www.example.com/users/:num?token=*")x"},
    {known::kong, COMBINED R"( kong_request_id: "-")"},
    {known::glassfish, R"("203.0.113.0" "u-gftuv6rsqdxggz4b" "10/Oct/2025:13:00:00 +0000" "GET /users/:num?token=* HTTP/1.1" 200 512)"},
    {known::varnish<known::varnish_parts::hit>, COMBINED " hit"},
    {known::nginx_stream<known::nginx_stream_parts::tcp>, "203.0.113.0 [10/Oct/2025:13:00:00 +0000] TCP 200 512 340 0.195"},
    {known::nginx_stream_with_upstream<known::nginx_stream_parts::udp>,
     R"(203.0.113.0 [10/Oct/2025:13:00:00 +0000] UDP 200 512 340 0.195 "10.0.0.1:0" "340" "512" "0.001")"},
    {known::django, R"([10/Oct/2025 13:00:00] "GET /users/:num?token=* HTTP/1.1" 200 512)"},
    {known::rails, R"(Started GET "/users/:num?token=*" for 203.0.113.0 at 2025-10-10 13:00:00 +0000)"},
    {known::morgan_short, "203.0.113.0 u-iz3lado4tgrw5bxc GET /users/:num?token=* HTTP/1.1 200 512 - 5.123 ms"},
    {known::morgan_tiny, "GET /users/:num?token=* 200 512 - 5.123 ms"},
    {known::morgan_dev<known::morgan_parts::cyan>, "\x1B[0mGET /users/:num?token=* \x1B[36m200\x1B[0m 5.123 ms - 512\x1B[0m"},
    {known::squid_agent,
     "1760101200.000     12 203.0.113.0 TCP_MISS/200 512 GET http://www.example.com/users/:num?token=* u-gftuv6rsqdxggz4b "
     R"x(HIER_DIRECT/198.51.100.0 - "curl/8 (tool)")x"},
    {known::istio_with_one_more,
     R"x([2025-10-10T13:00:00.000Z] "GET /users/:num?token=* HTTP/1.1" 200 - via_upstream - "-" 0 512 12 11 "203.0.113.0" "curl/8 (tool)" )x"
     R"("-" "www.example.com" "10.0.0.1:0" - 127.0.0.0:0 10.0.0.1:0 203.0.113.0:0 www.example.com default -)"},
};

#undef COMMON
#undef COMBINED
#undef MAIN

}  // namespace anonlog::testing
