// format/known/common_more.hpp: common with one more column: the time of a request as Tomcat, Undertow, Jetty and Rack add it, or
// the id of a request as Amazon's API Gateway does.
//
// Nothing says what such a number is: it may be somebody's port, so it is dropped; so is the id.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind common_more_names[] = {
    {"client", kind::client}, {"ident", kind::ident}, {"user", kind::user}, {"time", kind::time_clf}, {"request", kind::request},
    {"status", kind::status}, {"bytes", kind::bytes}, {"number", kind::drop_number}, {"request_id", kind::drop_uuid},
};

inline constexpr log_format common_more{
    .name = "common_more",
    .pattern = R"($client $ident $user [$time] "$request" $status $bytes $number)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 0.0123)",
    .source = "https://tomcat.apache.org/tomcat-10.1-doc/config/valve.html#Access_Logging; "
              "https://github.com/rack/rack/blob/main/lib/rack/common_logger.rb",
    .in_auto = auto_part::sure,
    .names = common_more_names,
};

inline constexpr log_format common_more_with_id{
    .name = "common_more",
    .pattern = R"($client $ident $user [$time] "$request" $status $bytes $request_id)",
    .sample = R"(203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 )"
              "0f1e2d3c-0123-4567-89ab-0123456789ab",
    .source = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    .in_auto = auto_part::sure,
    .names = common_more_names,
};

}  // namespace anonlog::known
