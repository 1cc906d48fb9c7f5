// format/known/aws_elb.hpp: Amazon's Classic Load Balancer, with agent and TLS, and as it was before May 2015.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind aws_elb_names[] = {
    {"time", kind::time_iso},
    {"elb", kind::own_word},
    {"client", kind::peer},          // client:port
    {"backend", kind::server_peer},  // backend:port
    {"request_processing_time", kind::duration},
    {"backend_processing_time", kind::duration},
    {"response_processing_time", kind::duration},
    {"elb_status_code", kind::status},
    {"backend_status_code", kind::status},
    {"received_bytes", kind::bytes},
    {"sent_bytes", kind::bytes},
    {"request", kind::request},
    {"user_agent", kind::agent},
    {"ssl_cipher", kind::own_word},
    {"ssl_protocol", kind::own_word},
};

namespace aws_elb_parts {

inline constexpr std::string_view pattern =
    "$time $elb $client $backend $request_processing_time $backend_processing_time $response_processing_time $elb_status_code "
    R"($backend_status_code $received_bytes $sent_bytes "$request")";
inline constexpr std::string_view sample =
    "2025-10-10T13:55:36.123456Z front 203.0.113.77:51234 10.0.0.1:80 0.001 0.012 0.000 200 200 34 512 "
    R"("GET https://www.example.com:443/users/4711?token=s3cret HTTP/1.1")";
inline constexpr std::string_view agent = R"( "$user_agent" $ssl_cipher $ssl_protocol)";
inline constexpr std::string_view agent_sample = R"( "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2)";
inline constexpr std::string_view source =
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html";

}  // namespace aws_elb_parts

inline constexpr log_format aws_elb{
    .name = "aws_elb",
    .pattern = joined<aws_elb_parts::pattern, aws_elb_parts::agent>,
    .sample = joined<aws_elb_parts::sample, aws_elb_parts::agent_sample>,
    .source = aws_elb_parts::source,
    .in_auto = auto_part::sure,
    .names = aws_elb_names,
};

inline constexpr log_format aws_elb_without_agent{
    .name = "aws_elb",
    .pattern = aws_elb_parts::pattern,
    .sample = aws_elb_parts::sample,
    .source = aws_elb_parts::source,
    .in_auto = auto_part::sure,
    .names = aws_elb_names,
};

}  // namespace anonlog::known
