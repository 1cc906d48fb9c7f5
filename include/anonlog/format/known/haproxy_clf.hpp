// format/known/haproxy_clf.hpp: HAProxy's `option httplog clf`: common, and then what httplog knows.
#pragma once

#include <anonlog/format/known/haproxy_names.hpp>

namespace anonlog::known {

inline constexpr log_format haproxy_clf{
    .name = "haproxy_clf",
    .pattern = R"($client_ip - - [$accept_date_clf] "$http_request" $status_code $bytes_read "" "" $client_port $accept_date_ms )"
               R"("$frontend_name" "$backend_name" "$server_name" $TR $Tw $Tc $Tr $Ta $termination_state )"
               R"($actconn $feconn $beconn $srv_conn $retries $srv_queue $backend_queue )"
               R"("$captured_request_cookie" "$captured_response_cookie" $captured_headers)",
    .sample = R"(203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] "GET /users/4711?token=s3cret HTTP/1.1" 200 512 "" "" 51234 123 )"
              R"("web" "app" "app1" 0 0 1 12 13 ---- 2 1 0 0 0 0 0 "sid=s3cret" "" )",
    .source = "https://docs.haproxy.org/3.0/configuration.html#8.2.3",
    .in_auto = auto_part::sure,
    .names = haproxy_names,
    .escapes = dialect::haproxy,
};

}  // namespace anonlog::known
