// format/known/gorouter.hpp: Cloud Foundry's gorouter. Fields came in over the years; most platforms add the headers of B3.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind gorouter_names[] = {
    {"request_host", kind::vhost_word},
    {"start_date", kind::time_iso},
    {"request", kind::request},
    {"status_code", kind::status},
    {"bytes_received", kind::bytes},
    {"bytes_sent", kind::bytes},
    {"referer", kind::referrer},
    {"user_agent", kind::agent},
    {"remote_address", kind::peer},
    {"backend_address", kind::server},
    {"x_forwarded_for", kind::client_list},
    {"x_forwarded_proto", kind::scheme},
    {"vcap_request_id", kind::drop_any},
    {"response_time", kind::duration},
    {"gorouter_time", kind::duration},
    {"app_id", kind::drop_any},
    {"app_index", kind::own_number},
    {"instance_id", kind::drop_any},
    {"route_service_url", kind::server},
    {"x_cf_routererror", kind::own_word},
    {"x_b3_traceid", kind::drop_any},
    {"x_b3_spanid", kind::drop_any},
    {"x_b3_parentspanid", kind::drop_any},
    {"b3", kind::drop_any},
};

namespace gorouter_parts {

inline constexpr std::string_view pattern =
    R"($request_host - [$start_date] "$request" $status_code $bytes_received $bytes_sent "$referer" "$user_agent" "$remote_address" )"
    R"("$backend_address" x_forwarded_for:"$x_forwarded_for" x_forwarded_proto:"$x_forwarded_proto" vcap_request_id:"$vcap_request_id" )"
    R"(response_time:$response_time gorouter_time:$gorouter_time app_id:"$app_id" app_index:"$app_index" )";
inline constexpr std::string_view sample =
    R"(www.example.com - [2025-10-10T13:55:36.123456789Z] "GET /users/4711?token=s3cret HTTP/1.1" 200 0 512 )"
    R"("https://example.com/reset?u=ada" "curl/8.5.0" "198.51.100.9:51234" "10.0.1.5:61012" x_forwarded_for:"203.0.113.77, 198.51.100.9" )"
    R"(x_forwarded_proto:"https" vcap_request_id:"0f1e2d3c-0123-4567-89ab-0123456789ab" response_time:0.012345 gorouter_time:0.000123 )"
    R"(app_id:"1a2b3c4d-0123-4567-89ab-0123456789ab" app_index:"0" )";
inline constexpr std::string_view instance = R"(instance_id:"$instance_id" )";
inline constexpr std::string_view instance_sample = R"(instance_id:"5e6f7a8b-0123-4567-89ab-0123456789ab" )";
inline constexpr std::string_view service = R"(route_service_url:"$route_service_url" )";
inline constexpr std::string_view service_sample = R"(route_service_url:"-" )";
inline constexpr std::string_view error = R"(x_cf_routererror:"$x_cf_routererror")";
inline constexpr std::string_view error_sample = R"(x_cf_routererror:"-")";
inline constexpr std::string_view b3 =
    R"( x_b3_traceid:"$x_b3_traceid" x_b3_spanid:"$x_b3_spanid" x_b3_parentspanid:"$x_b3_parentspanid" b3:"$b3")";
inline constexpr std::string_view b3_sample =
    R"( x_b3_traceid:"0123456789abcdef" x_b3_spanid:"0123456789abcdef" x_b3_parentspanid:"-" b3:"0123456789abcdef-0123456789abcdef")";

consteval log_format gorouter(std::string_view columns, std::string_view line) {
  return {.name = "gorouter",
          .pattern = columns,
          .sample = line,
          .source = "https://github.com/cloudfoundry/gorouter#logs",
          .in_auto = auto_part::sure,
          .names = gorouter_names};
}

}  // namespace gorouter_parts

inline constexpr log_format gorouter = [] {
  using namespace gorouter_parts;
  return gorouter_parts::gorouter(joined<pattern, instance, error, b3>, joined<sample, instance_sample, error_sample, b3_sample>);
}();
inline constexpr log_format gorouter_without_b3 = [] {
  using namespace gorouter_parts;
  return gorouter_parts::gorouter(joined<pattern, instance, error>, joined<sample, instance_sample, error_sample>);
}();
inline constexpr log_format gorouter_with_service = [] {
  using namespace gorouter_parts;
  return gorouter_parts::gorouter(joined<pattern, instance, service, error, b3>,
                                  joined<sample, instance_sample, service_sample, error_sample, b3_sample>);
}();
inline constexpr log_format gorouter_with_service_without_b3 = [] {
  using namespace gorouter_parts;
  return gorouter_parts::gorouter(joined<pattern, instance, service, error>,
                                  joined<sample, instance_sample, service_sample, error_sample>);
}();
inline constexpr log_format gorouter_of_old = [] {
  using namespace gorouter_parts;
  return gorouter_parts::gorouter(joined<pattern, error, b3>, joined<sample, error_sample, b3_sample>);
}();
inline constexpr log_format gorouter_of_old_without_b3 = [] {
  using namespace gorouter_parts;
  return gorouter_parts::gorouter(joined<pattern, error>, joined<sample, error_sample>);
}();

}  // namespace anonlog::known
