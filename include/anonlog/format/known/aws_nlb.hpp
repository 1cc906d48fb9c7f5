// format/known/aws_nlb.hpp: Amazon's Network Load Balancer, which logs the connections of its TLS listeners.
//
// The client's ALPN list is one word in quotes for each protocol: in which order it names them tells programs apart, so it goes.
#pragma once

#include <anonlog/format/known/joined_text.hpp>
#include <anonlog/format/known/log_format.hpp>

namespace anonlog::known {

inline constexpr named_kind aws_nlb_names[] = {
    {"type", kind::own_word},
    {"version", kind::own_word},
    {"time", kind::time_iso},
    {"elb", kind::own_word},
    {"listener", kind::drop_word},
    {"client", kind::peer},              // client:port
    {"destination", kind::server_peer},  // destination:port
    {"connection_time", kind::duration},
    {"tls_handshake_time", kind::duration},
    {"received_bytes", kind::bytes},
    {"sent_bytes", kind::bytes},
    {"incoming_tls_alert", kind::own_word},
    {"chosen_cert_arn", kind::drop_word},
    {"chosen_cert_serial", kind::drop_word},
    {"tls_cipher", kind::own_word},
    {"tls_protocol_version", kind::own_word},
    {"tls_named_group", kind::own_word},
    {"domain_name", kind::vhost},  // the client's SNI
    {"alpn_fe_protocol", kind::own_word},
    {"alpn_be_protocol", kind::own_word},
    {"alpn_client_preference_list", kind::drop_word},
    {"alpn_first", kind::drop_any},
    {"alpn_second", kind::drop_any},
    {"alpn_third", kind::drop_any},
    {"tls_connection_creation_time", kind::time_iso},
};

namespace aws_nlb_parts {

inline constexpr std::string_view pattern =
    "$type $version $time $elb $listener $client $destination $connection_time $tls_handshake_time $received_bytes $sent_bytes "
    "$incoming_tls_alert $chosen_cert_arn $chosen_cert_serial $tls_cipher $tls_protocol_version $tls_named_group $domain_name "
    "$alpn_fe_protocol $alpn_be_protocol ";
inline constexpr std::string_view sample =
    "tls 2.0 2025-10-10T13:55:36 net/front/f00d beef 203.0.113.77:51234 10.0.0.1:443 250 12 98 512 - "
    "arn:aws:acm:eu-west-1:123456789012:certificate/f00d - ECDHE-RSA-AES128-SHA tlsv12 - www.example.com h2 h2 ";
inline constexpr std::string_view end = " $tls_connection_creation_time";
inline constexpr std::string_view end_sample = " 2025-10-10T13:55:20";
inline constexpr std::string_view absent = "$alpn_client_preference_list";
inline constexpr std::string_view absent_sample = "-";
inline constexpr std::string_view one = R"("$alpn_first")";
inline constexpr std::string_view one_sample = R"("h2")";
inline constexpr std::string_view two = R"("$alpn_first","$alpn_second")";
inline constexpr std::string_view two_sample = R"("h2","http/1.1")";
inline constexpr std::string_view three = R"("$alpn_first","$alpn_second","$alpn_third")";
inline constexpr std::string_view three_sample = R"("h2","http/1.1","http/1.0")";

consteval log_format nlb(std::string_view columns, std::string_view line) {
  return {.name = "aws_nlb",
          .pattern = columns,
          .sample = line,
          .source = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html",
          .in_auto = auto_part::sure,
          .names = aws_nlb_names};
}

}  // namespace aws_nlb_parts

inline constexpr log_format aws_nlb = [] {
  using namespace aws_nlb_parts;
  return nlb(joined<pattern, two, end>, joined<sample, two_sample, end_sample>);
}();
inline constexpr log_format aws_nlb_without_alpn = [] {
  using namespace aws_nlb_parts;
  return nlb(joined<pattern, absent, end>, joined<sample, absent_sample, end_sample>);
}();
inline constexpr log_format aws_nlb_with_one_alpn = [] {
  using namespace aws_nlb_parts;
  return nlb(joined<pattern, one, end>, joined<sample, one_sample, end_sample>);
}();
inline constexpr log_format aws_nlb_with_three_alpn = [] {
  using namespace aws_nlb_parts;
  return nlb(joined<pattern, three, end>, joined<sample, three_sample, end_sample>);
}();

}  // namespace anonlog::known
