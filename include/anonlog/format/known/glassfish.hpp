// format/known/glassfish.hpp: the default of GlassFish and Payara: common, each part in quotes.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind glassfish_names[] = {
    {"client", kind::client}, {"user", kind::user}, {"time", kind::time_clf}, {"request", kind::request}, {"status", kind::status}, {"length", kind::bytes},
};

inline constexpr log_format glassfish{
    .name = "glassfish",
    .pattern = R"("$client" "$user" "$time" "$request" $status $length)",
    .sample = R"("203.0.113.77" "ada" "10/Oct/2025:13:55:36 +0000" "GET /users/4711?token=s3cret HTTP/1.1" 200 512)",
    .source = "https://docs.payara.fish/enterprise/docs/Technical%20Documentation/Payara%20Server%20Documentation/Logging%20and%20Monitoring/"
              "Logging/Access%20Logging.html",
    .in_auto = auto_part::sure,
    .names = glassfish_names,
};

}  // namespace anonlog::known
