// format/known/combined.hpp: common with referrer and agent: Apache's `combined` and nginx's default.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format combined{
    .name = "combined",
    .pattern = R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /a?b=c HTTP/1.1" 200 512 "-" "curl/8.5.0")",
    .source = "https://httpd.apache.org/docs/2.4/logs.html#combined",
};


// Some programs write no quotes around what is absent; a second reading of the same name.
inline constexpr log_format combined_without_quotes{
    .name = "combined",
    .pattern = R"(%h %l %u %t "%r" %>s %b - -)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /a?b=c HTTP/1.1" 200 512 - -)",
    .source = "https://httpd.apache.org/docs/2.4/logs.html#combined",
};

}  // namespace anonlog::known
