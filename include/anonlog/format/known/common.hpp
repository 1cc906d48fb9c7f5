// format/known/common.hpp: the Common Log Format of the NCSA server, Apache's `common`.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format common{
    .name = "common",
    .pattern = R"(%h %l %u %t "%r" %>s %b)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /a?b=c HTTP/1.1" 200 512)",
    .source = "https://httpd.apache.org/docs/2.4/logs.html#common",
};

}  // namespace anonlog::known
