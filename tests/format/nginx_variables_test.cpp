// tests/format/nginx_variables_test.cpp: every variable of nginx's modules has the class of SPEC 3.9 or is dropped.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include <anonlog/format/nginx_variables.hpp>

#include "format_support.hpp"

namespace anonlog {
namespace {

// What is not dropped, as SPEC 3.9 and 3.2.1 say; written down here a second time on purpose.
struct expectation {
  const char* names;
  field_class cls;
  keep_form form = keep_form::any;
};
constexpr expectation expected[] = {
    {"remote_addr realip_remote_addr proxy_protocol_addr http_x_real_ip http_true_client_ip http_cf_connecting_ip",
     field_class::ip},
    {"proxy_add_x_forwarded_for http_x_forwarded_for http_x_original_forwarded_for http_x_cluster_client_ip",
     field_class::ip_list},
    {"http_forwarded", field_class::forwarded},
    {"binary_remote_addr", field_class::ip_binary},
    {"remote_port realip_remote_port proxy_protocol_port", field_class::port},
    {"server_addr proxy_protocol_server_addr upstream_addr proxy_host", field_class::upstream},
    {"remote_user", field_class::user},
    {"http_cookie", field_class::cookie},
    {"time_local time_iso8601 msec date_local date_gmt", field_class::time},
    {"http_user_agent", field_class::agent},
    {"http_referer", field_class::referrer},
    {"request", field_class::request},
    {"request_uri", field_class::target},
    {"uri document_uri", field_class::path},
    {"args query_string", field_class::query},
    {"body_bytes_sent bytes_sent bytes_received request_length "
     "upstream_response_length upstream_bytes_received upstream_bytes_sent",
     field_class::bytes},
    {"request_time connection_time session_time upstream_response_time upstream_connect_time upstream_header_time "
     "upstream_first_byte_time upstream_session_time upstream_queue_time",
     field_class::duration},
    {"host http_host server_name", field_class::vhost},
    {"status upstream_status", field_class::keep, keep_form::status},
    {"server_port proxy_port proxy_protocol_server_port request_port", field_class::keep, keep_form::number},
    {"request_method", field_class::keep, keep_form::method},
    {"server_protocol", field_class::keep, keep_form::protocol},
    {"scheme", field_class::keep, keep_form::scheme},
    {"ssl_protocol ssl_cipher upstream_cache_status", field_class::keep, keep_form::word},
};

TEST(nginx_variables, have_the_classes_of_the_specification) {
  for (const expectation& e : expected) {
    std::istringstream names(e.names);
    for (std::string name; names >> name;) {
      const grammar g = testing::compiled("$" + name);
      EXPECT_EQ(to_text(g.fields[0].cls), to_text(e.cls)) << name;
      EXPECT_EQ(g.fields[0].form, e.form) << name;
      EXPECT_EQ(g.fields[0].name, name);
    }
  }
}

TEST(nginx_variables, keep_nothing_that_the_specification_does_not_name) {
  std::set<std::string> named;
  for (const expectation& e : expected) {
    std::istringstream names(e.names);
    for (std::string name; names >> name;) named.insert(name);
  }
  for (const named_kind& known : nginx_variable_kinds)
    if (!named.contains(std::string(known.name))) {
      EXPECT_EQ(known.what.cls, field_class::drop) << known.name;
    }
}

TEST(nginx_variables, of_all_stock_modules_are_known_by_name) {
  std::set<std::string_view> known;
  for (const named_kind& k : nginx_variable_kinds) EXPECT_TRUE(known.insert(k.name).second) << k.name;
  std::istringstream documented(
      "acme_certificate acme_certificate_key ancient_browser args binary_remote_addr body_bytes_sent bytes_received "
      "bytes_sent connection connection_requests connection_time connections_active connections_reading "
      "connections_waiting connections_writing content_length content_type date_gmt date_local document_root "
      "document_uri fastcgi_path_info fastcgi_script_name geoip_area_code geoip_city geoip_city_continent_code "
      "geoip_city_country_code geoip_city_country_code3 geoip_city_country_name geoip_country_code "
      "geoip_country_code3 geoip_country_name geoip_dma_code geoip_latitude geoip_longitude geoip_org "
      "geoip_postal_code geoip_region geoip_region_name gzip_ratio host hostname http2 http3 https invalid_referer "
      "is_args jwt_payload limit_conn_status limit_rate limit_req_status memcached_key modern_browser "
      "mqtt_preread_clientid mqtt_preread_username msec msie nginx_version otel_parent_id otel_parent_sampled "
      "otel_span_id otel_trace_id pid pipe protocol proxy_add_x_forwarded_for proxy_host proxy_port "
      "proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr proxy_protocol_server_port query_string "
      "realip_remote_addr realip_remote_port realpath_root remote_addr remote_port remote_user request request_body "
      "request_body_file request_completion request_filename request_id request_length request_method request_time "
      "request_uri scheme secure_link secure_link_expires server_addr server_name server_port server_protocol "
      "session_log_binary_id session_log_id session_time slice_range spdy spdy_request_priority ssl_alpn_protocol "
      "ssl_cipher ssl_ciphers ssl_client_cert ssl_client_escaped_cert ssl_client_fingerprint ssl_client_i_dn "
      "ssl_client_i_dn_legacy ssl_client_raw_cert ssl_client_s_dn ssl_client_s_dn_legacy ssl_client_serial "
      "ssl_client_sigalg ssl_client_v_end ssl_client_v_remain ssl_client_v_start ssl_client_verify ssl_curve "
      "ssl_curves "
      "ssl_early_data ssl_preread_alpn_protocols ssl_preread_protocol ssl_preread_server_name ssl_protocol "
      "ssl_server_name ssl_session_id ssl_session_reused ssl_sigalg status tcpinfo_rcv_space tcpinfo_rtt "
      "tcpinfo_rttvar tcpinfo_snd_cwnd time_iso8601 time_local uid_got uid_reset uid_set upstream_addr "
      "upstream_bytes_received upstream_bytes_sent upstream_cache_status upstream_connect_time "
      "upstream_first_byte_time upstream_header_time upstream_last_server_name upstream_queue_time "
      "upstream_response_length upstream_response_time upstream_session_time upstream_status uri");
  for (std::string name; documented >> name;) EXPECT_TRUE(known.contains(name)) << name;
}

TEST(nginx_variables, that_nobody_knows_and_open_families_are_dropped) {
  for (const char* name : {"my_map", "arg_email", "sent_http_set_cookie", "sent_http_location", "sent_http_etag",
                           "upstream_http_x_name", "upstream_cookie_sid", "upstream_trailer_x", "jwt_claim_sub",
                           "jwt_header_kid", "proxy_protocol_tlv_0x01", "http_authorization", "http_x_invented"})
    EXPECT_EQ(testing::compiled(std::string("$") + name).fields[0].cls, field_class::drop) << name;
}

TEST(nginx_variables, for_one_cookie_are_dropped_and_carry_its_name) {
  const grammar g = testing::compiled("$cookie_sid ${cookie_SID}x");
  EXPECT_EQ(g.fields[0].cls, field_class::drop);
  EXPECT_EQ(g.fields[0].cookie, "sid");
  EXPECT_EQ(g.fields[1].cookie, "SID");
  EXPECT_EQ(testing::compiled("$http_cookie").fields[0].cookie, "");
}

}  // namespace
}  // namespace anonlog
