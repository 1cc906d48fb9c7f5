// format/known/aws_alb.hpp: Amazon's Application Load Balancer. Columns were added at the end over the years; newest first.
//
// Names of load balancers and servers are the operator's; ARNs hold account numbers, and trace ids are made for one
// connection or request. The manual writes the list of targets with quotes and, in its examples, without.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind aws_alb_names[] = {
    {"type", kind::own_word},
    {"time", kind::time_iso},
    {"elb", kind::own_word},
    {"client", kind::peer},         // client:port
    {"target", kind::server_peer},  // target:port
    {"request_processing_time", kind::duration},
    {"target_processing_time", kind::duration},
    {"response_processing_time", kind::duration},
    {"elb_status_code", kind::status},
    {"target_status_code", kind::status},
    {"received_bytes", kind::bytes},
    {"sent_bytes", kind::bytes},
    {"request", kind::request},
    {"user_agent", kind::agent},
    {"ssl_cipher", kind::own_word},
    {"ssl_protocol", kind::own_word},
    {"target_group_arn", kind::drop_word},
    {"trace_id", kind::drop_any},
    {"domain_name", kind::vhost},  // the client's SNI
    {"chosen_cert_arn", kind::drop_any},
    {"matched_rule_priority", kind::own_number},
    {"request_creation_time", kind::time_iso},
    {"actions_executed", kind::own_word},
    {"redirect_url", kind::url},
    {"error_reason", kind::own_word},
    {"target_port_list", kind::server_list},
    {"target_status_code_list", kind::status_list},
    {"classification", kind::own_word},
    {"classification_reason", kind::own_word},
    {"conn_trace_id", kind::drop_word},
    {"transformed_host", kind::vhost},
    {"transformed_uri", kind::url},
    {"request_transform_status", kind::own_word},
};

namespace aws_alb_parts {

inline constexpr std::string_view pattern =
    "$type $time $elb $client $target $request_processing_time $target_processing_time $response_processing_time "
    R"($elb_status_code $target_status_code $received_bytes $sent_bytes "$request" "$user_agent" $ssl_cipher $ssl_protocol )"
    R"($target_group_arn "$trace_id" "$domain_name" "$chosen_cert_arn" $matched_rule_priority $request_creation_time )"
    R"("$actions_executed" "$redirect_url" "$error_reason")";
inline constexpr std::string_view sample =
    "https 2025-10-10T13:55:36.123456Z app/front/f00d 203.0.113.77:51234 10.0.0.1:80 0.001 0.012 0.000 200 200 34 512 "
    R"("GET https://www.example.com:443/users/4711?token=s3cret HTTP/1.1" "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 )"
    R"(arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/app/f00d "Root=1-67891233-abcdef012345678912345678" )"
    R"("www.example.com" "arn:aws:acm:eu-west-1:123456789012:certificate/f00d" 1 2025-10-10T13:55:36.100000Z )"
    R"("waf,forward" "-" "-")";
inline constexpr std::string_view lists = R"( "$target_port_list" "$target_status_code_list")";
inline constexpr std::string_view lists_sample = R"( "10.0.0.1:80" "200")";
inline constexpr std::string_view bare_lists = " $target_port_list $target_status_code_list";
inline constexpr std::string_view bare_lists_sample = " 10.0.0.1:80 200";
inline constexpr std::string_view classification = R"( "$classification" "$classification_reason")";
inline constexpr std::string_view classification_sample = R"( "Acceptable" "SpaceInUri")";
inline constexpr std::string_view trace = " $conn_trace_id";
inline constexpr std::string_view trace_sample = " TID_0123456789abcdef";
inline constexpr std::string_view transform = R"( "$transformed_host" "$transformed_uri" "$request_transform_status")";
inline constexpr std::string_view transform_sample = R"( "app.example.com" "/people/4711" "TransformSuccess")";

consteval log_format alb(std::string_view columns, std::string_view line) {
  return {.name = "aws_alb",
          .pattern = columns,
          .sample = line,
          .source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
          .in_auto = auto_part::sure,
          .names = aws_alb_names};
}

}  // namespace aws_alb_parts

inline constexpr log_format aws_alb = [] {
  using namespace aws_alb_parts;
  return alb(joined<pattern, lists, classification, trace, transform>,
             joined<sample, lists_sample, classification_sample, trace_sample, transform_sample>);
}();
inline constexpr log_format aws_alb_with_trace = [] {
  using namespace aws_alb_parts;
  return alb(joined<pattern, lists, classification, trace>, joined<sample, lists_sample, classification_sample, trace_sample>);
}();
inline constexpr log_format aws_alb_with_classification = [] {
  using namespace aws_alb_parts;
  return alb(joined<pattern, lists, classification>, joined<sample, lists_sample, classification_sample>);
}();
inline constexpr log_format aws_alb_with_lists = [] {
  using namespace aws_alb_parts;
  return alb(joined<pattern, lists>, joined<sample, lists_sample>);
}();
inline constexpr log_format aws_alb_with_reason = [] {
  using namespace aws_alb_parts;
  return alb(pattern, sample);
}();
inline constexpr log_format aws_alb_bare_lists = [] {
  using namespace aws_alb_parts;
  return alb(joined<pattern, bare_lists, classification, trace, transform>,
             joined<sample, bare_lists_sample, classification_sample, trace_sample, transform_sample>);
}();
inline constexpr log_format aws_alb_bare_lists_with_trace = [] {
  using namespace aws_alb_parts;
  return alb(joined<pattern, bare_lists, classification, trace>,
             joined<sample, bare_lists_sample, classification_sample, trace_sample>);
}();

}  // namespace anonlog::known
