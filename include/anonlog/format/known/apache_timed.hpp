// format/known/apache_timed.hpp: combined and common, and then how long a request took in seconds and in microseconds, between
// stars: a common way to add both.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format apache_timed{
    .name = "apache_timed",
    .pattern = R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" **%T/%D**)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0" **0/12345**)",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    .in_auto = auto_part::sure,
};

inline constexpr log_format apache_timed_common{
    .name = "apache_timed",
    .pattern = R"(%h %l %u %t "%r" %>s %b **%T/%D**)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 **0/12345**)",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    .in_auto = auto_part::sure,
};

}  // namespace anonlog::known
