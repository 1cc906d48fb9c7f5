// format/known/combined_with_numbers.hpp: combined with numbers at its end: Apache's `combinedio` and Icecast's log.
//
// By their names only: in somebody else's format the same numbers are a client's port or a user's.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format combinedio{
    .name = "combinedio",
    .pattern = R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0" 340 780)",
    .source = "https://httpd.apache.org/docs/2.4/mod/mod_logio.html",
    .in_auto = auto_part::none,
};

// The last number: for how many seconds somebody listened.
inline constexpr log_format icecast2{
    .name = "icecast2",
    .pattern = R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %T)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /stream HTTP/1.1" 200 4096 "-" "VLC/3.0.20 LibVLC/3.0.20" 1807)",
    .source = "https://icecast.org/docs/icecast-latest/",
    .in_auto = auto_part::none,
};

}  // namespace anonlog::known
