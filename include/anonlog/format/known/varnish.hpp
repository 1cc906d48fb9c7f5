// format/known/varnish.hpp: combined and how the cache answered, as `%{Varnish:handling}x` of varnishncsa writes it, and Fastly.
//
// Only these words: any other could be a country or a name.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

namespace varnish_parts {

inline constexpr std::string_view front = R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" )";
inline constexpr std::string_view front_sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
                                                 R"("https://example.com/reset?u=ada" "curl/8.5.0" )";
inline constexpr std::string_view hit = "hit", miss = "miss", pass = "pass", pipe = "pipe", synth = "synth", capital_hit = "HIT", capital_miss = "MISS";

}  // namespace varnish_parts

template <const std::string_view& Word>
inline constexpr log_format varnish{
    .name = "varnish",
    .pattern = joined<varnish_parts::front, Word>,
    .sample = joined<varnish_parts::front_sample, Word>,
    .source = "https://varnish-cache.org/docs/trunk/reference/varnishncsa.html",
    .in_auto = auto_part::sure,
};

}  // namespace anonlog::known
