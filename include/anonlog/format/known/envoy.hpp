// format/known/envoy.hpp: Envoy's default text, and Istio's, which has more; before 1.9 with the answer of its Mixer.
//
// Envoy escapes nothing: a client that sends a quote makes a line with too many, which is a reject.
#pragma once

#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind envoy_names[] = {
    {"start_time", kind::time_iso},
    {"request", kind::request},
    {"response_code", kind::status_number},  // 0: none was sent
    {"response_flags", kind::own_word},
    {"response_code_details", kind::own_word},
    {"connection_termination_details", kind::own_word},
    {"mixer_status", kind::drop_any},
    {"upstream_transport_failure_reason", kind::drop_any},
    {"bytes_received", kind::bytes},
    {"bytes_sent", kind::bytes},
    {"duration", kind::duration},
    {"x_envoy_upstream_service_time", kind::duration},
    {"x_forwarded_for", kind::client_list},
    {"user_agent", kind::agent},
    {"x_request_id", kind::drop_any},
    {"authority", kind::vhost},
    {"upstream_host", kind::server},
    {"upstream_cluster", kind::own_word},
    {"upstream_local_address", kind::server_peer},
    {"downstream_local_address", kind::server_peer},
    {"downstream_remote_address", kind::peer},
    {"requested_server_name", kind::vhost_word},
    {"route_name", kind::own_word},
    {"one_more", kind::drop_word},
};

inline constexpr log_format envoy{
    .name = "envoy",
    .pattern = R"([$start_time] "$request" $response_code $response_flags $bytes_received $bytes_sent $duration )"
               R"($x_envoy_upstream_service_time "$x_forwarded_for" "$user_agent" "$x_request_id" "$authority" "$upstream_host")",
    .sample = R"([2025-10-10T13:55:36.123Z] "GET /users/4711?token=s3cret HTTP/1.1" 200 - 0 512 12 11 "203.0.113.77,198.51.100.9" )"
              R"("curl/8.5.0" "0f1e2d3c-0123-4567-89ab-0123456789ab" "www.example.com" "10.0.0.1:80")",
    .source = "https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string",
    .in_auto = auto_part::sure,
    .names = envoy_names,
};

inline constexpr log_format istio{
    .name = "istio",
    .pattern = R"([$start_time] "$request" $response_code $response_flags $response_code_details $connection_termination_details )"
               R"("$upstream_transport_failure_reason" $bytes_received $bytes_sent $duration $x_envoy_upstream_service_time )"
               R"("$x_forwarded_for" "$user_agent" "$x_request_id" "$authority" "$upstream_host" $upstream_cluster )"
               "$upstream_local_address $downstream_local_address $downstream_remote_address $requested_server_name $route_name",
    .sample = R"([2025-10-10T13:55:36.123Z] "GET /users/4711?token=s3cret HTTP/1.1" 200 - via_upstream - "-" 0 512 12 11 "203.0.113.77" )"
              R"("curl/8.5.0" "0f1e2d3c-0123-4567-89ab-0123456789ab" "www.example.com" "10.0.0.1:80" inbound|80|| 127.0.0.6:41293 )"
              "10.0.0.1:80 203.0.113.77:51234 www.example.com default",
    .source = "https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format",
    .in_auto = auto_part::sure,
    .names = envoy_names,
};

// With a column of the operator's own at the end, which nobody can name.
inline constexpr log_format istio_with_one_more{
    .name = "istio",
    .pattern = R"([$start_time] "$request" $response_code $response_flags $response_code_details $connection_termination_details )"
               R"("$upstream_transport_failure_reason" $bytes_received $bytes_sent $duration $x_envoy_upstream_service_time )"
               R"("$x_forwarded_for" "$user_agent" "$x_request_id" "$authority" "$upstream_host" $upstream_cluster )"
               "$upstream_local_address $downstream_local_address $downstream_remote_address $requested_server_name $route_name $one_more",
    .sample = R"([2025-10-10T13:55:36.123Z] "GET /users/4711?token=s3cret HTTP/1.1" 200 - via_upstream - "-" 0 512 12 11 "203.0.113.77" )"
              R"("curl/8.5.0" "0f1e2d3c-0123-4567-89ab-0123456789ab" "www.example.com" "10.0.0.1:80" inbound|80|| 127.0.0.6:41293 )"
              "10.0.0.1:80 203.0.113.77:51234 www.example.com default 0123456789abcdef",
    .source = "https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format",
    .in_auto = auto_part::sure,
    .names = envoy_names,
};

inline constexpr log_format istio_with_mixer{
    .name = "istio",
    .pattern = R"([$start_time] "$request" $response_code $response_flags "$mixer_status" )"
               R"("$upstream_transport_failure_reason" $bytes_received $bytes_sent $duration $x_envoy_upstream_service_time )"
               R"("$x_forwarded_for" "$user_agent" "$x_request_id" "$authority" "$upstream_host" $upstream_cluster )"
               "$upstream_local_address $downstream_local_address $downstream_remote_address $requested_server_name $route_name",
    .sample = R"([2025-10-10T13:55:36.123Z] "GET /users/4711?token=s3cret HTTP/1.1" 200 - "-" "-" 0 512 12 11 "203.0.113.77" )"
              R"("curl/8.5.0" "0f1e2d3c-0123-4567-89ab-0123456789ab" "www.example.com" "10.0.0.1:80" inbound|80|| 127.0.0.6:41293 )"
              "10.0.0.1:80 203.0.113.77:51234 www.example.com default",
    .source = "https://istio.io/v1.8/docs/tasks/observability/logs/access-log/",
    .in_auto = auto_part::sure,
    .names = envoy_names,
};

}  // namespace anonlog::known
