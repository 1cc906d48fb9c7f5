// format/known/aiohttp.hpp: the default of aiohttp's server: combined without the names that hardly anybody has.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format aiohttp{
    .name = "aiohttp",
    .pattern = R"(%a %t "%r" %s %b "%{Referer}i" "%{User-Agent}i")",
    .sample = R"(203.0.113.77 [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0")",
    .source = "https://docs.aiohttp.org/en/stable/logging.html#access-logs",
    .in_auto = auto_part::sure,
};

}  // namespace anonlog::known
