// format/known/gandi.hpp: the web hosting of Gandi: combined behind the virtual host, with the seconds a request took after the time.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr log_format gandi{
    .name = "gandi",
    .pattern = R"(%v %h %l %u %t (%T s) "%r" %>s %b "%{Referer}i" "%{User-Agent}i")",
    .sample = R"(www.example.com 203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] (0 s) "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              R"("https://example.com/reset?u=ada" "curl/8.5.0")",
    .source = "https://docs.gandi.net/en/web_hosting/",
    .in_auto = auto_part::sure,
};

}  // namespace anonlog::known
