// format/nginx_variables.hpp: every variable of nginx's stock modules, with its class.
//
// Source: https://nginx.org/en/docs/varindex.html. Classes: SPEC 3.9 and 3.2.1. What is listed as `drop` is listed for
// its shape, and to say that it was thought of; a variable nobody knows (`map`, `set`, a third module) is `drop` too.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <anonlog/format/field_names.hpp>

namespace anonlog {

inline constexpr named_kind nginx_variable_kinds[] = {
    // core, log, realip
    {"remote_addr", kind::client},
    {"realip_remote_addr", kind::client_header},
    {"proxy_protocol_addr", kind::client_header},
    {"binary_remote_addr", kind::client_binary},
    {"remote_port", kind::client_port},
    {"realip_remote_port", kind::client_port},
    {"proxy_protocol_port", kind::client_port},
    {"proxy_add_x_forwarded_for", kind::client_list},
    {"remote_user", kind::user},
    {"server_addr", kind::server},
    {"proxy_protocol_server_addr", kind::server},
    {"server_port", kind::own_number},
    {"proxy_protocol_server_port", kind::own_number},
    {"host", kind::vhost},
    {"server_name", kind::vhost},
    {"time_local", kind::time_clf},
    {"time_iso8601", kind::time_iso},
    {"msec", kind::time_epoch},
    {"date_local", kind::time_any},
    {"date_gmt", kind::time_any},
    {"request", kind::request},
    {"request_method", kind::method},
    {"request_uri", kind::target},
    {"uri", kind::path},
    {"document_uri", kind::path},
    {"args", kind::query},
    {"query_string", kind::query},
    {"is_args", kind::question_mark},
    {"server_protocol", kind::protocol},
    {"scheme", kind::scheme},
    {"status", kind::status},
    {"body_bytes_sent", kind::bytes},
    {"bytes_sent", kind::bytes},
    {"bytes_received", kind::bytes},
    {"request_length", kind::bytes},
    {"request_time", kind::duration},
    {"connection_time", kind::duration},
    {"session_time", kind::duration},
    {"content_length", kind::drop_any},  // the client chooses the number
    {"connection", kind::drop_word},
    {"connection_requests", kind::drop_word},
    {"connections_active", kind::drop_word},
    {"connections_reading", kind::drop_word},
    {"connections_waiting", kind::drop_word},
    {"connections_writing", kind::drop_word},
    {"content_type", kind::drop_any},
    {"document_root", kind::drop_any},
    {"realpath_root", kind::drop_any},
    {"request_filename", kind::drop_any},
    {"request_body", kind::drop_any},
    {"request_body_file", kind::drop_any},
    {"request_completion", kind::drop_any},
    {"request_id", kind::drop_word},
    {"request_port", kind::own_number},
    {"is_request_port", kind::drop_any},
    {"hostname", kind::drop_word},
    {"https", kind::drop_any},
    {"limit_rate", kind::drop_word},
    {"nginx_version", kind::drop_word},
    {"pid", kind::drop_word},
    {"pipe", kind::drop_word},
    {"protocol", kind::drop_word},
    {"tcpinfo_rtt", kind::drop_word},
    {"tcpinfo_rttvar", kind::drop_word},
    {"tcpinfo_snd_cwnd", kind::drop_word},
    {"tcpinfo_rcv_space", kind::drop_word},
    // proxy, fastcgi, upstream
    {"proxy_host", kind::server},
    {"proxy_port", kind::own_number},
    {"proxy_internal_body_length", kind::drop_word},
    {"proxy_internal_chunked", kind::drop_any},
    {"fastcgi_path_info", kind::drop_any},
    {"fastcgi_script_name", kind::drop_any},
    {"upstream_addr", kind::server_list},
    {"upstream_status", kind::status_list},
    {"upstream_cache_status", kind::own_word},
    {"upstream_response_length", kind::byte_list},
    {"upstream_bytes_received", kind::byte_list},
    {"upstream_bytes_sent", kind::byte_list},
    {"upstream_response_time", kind::duration_list},
    {"upstream_connect_time", kind::duration_list},
    {"upstream_header_time", kind::duration_list},
    {"upstream_first_byte_time", kind::duration_list},
    {"upstream_session_time", kind::duration_list},
    {"upstream_queue_time", kind::duration_list},
    {"upstream_last_server_name", kind::drop_word},
    {"upstream_cache_key", kind::drop_any},
    {"upstream_cache_age", kind::drop_word},
    {"upstream_cache_last_modified", kind::drop_any},
    {"upstream_cache_etag", kind::drop_any},
    // ssl, http2, http3
    {"ssl_protocol", kind::own_word},
    {"ssl_cipher", kind::own_word},
    {"ssl_ciphers", kind::drop_word},
    {"ssl_curve", kind::drop_word},
    {"ssl_curves", kind::drop_word},
    {"ssl_sigalg", kind::drop_word},
    {"ssl_alpn_protocol", kind::drop_word},
    {"ssl_server_name", kind::drop_word},
    {"ssl_session_id", kind::drop_word},
    {"ssl_session_reused", kind::drop_word},
    {"ssl_early_data", kind::drop_any},
    {"ssl_ech_status", kind::drop_word},
    {"ssl_ech_outer_server_name", kind::drop_word},
    {"ssl_client_cert", kind::drop_any},
    {"ssl_client_escaped_cert", kind::drop_word},
    {"ssl_client_raw_cert", kind::drop_any},
    {"ssl_client_fingerprint", kind::drop_word},
    {"ssl_client_i_dn", kind::drop_any},
    {"ssl_client_i_dn_legacy", kind::drop_any},
    {"ssl_client_s_dn", kind::drop_any},
    {"ssl_client_s_dn_legacy", kind::drop_any},
    {"ssl_client_serial", kind::drop_word},
    {"ssl_client_sigalg", kind::drop_word},
    {"ssl_client_v_start", kind::drop_any},
    {"ssl_client_v_end", kind::drop_any},
    {"ssl_client_v_remain", kind::drop_word},
    {"ssl_client_verify", kind::drop_any},
    {"ssl_preread_protocol", kind::drop_any},
    {"ssl_preread_server_name", kind::drop_word},
    {"ssl_preread_alpn_protocols", kind::drop_any},
    {"http2", kind::drop_any},
    {"http3", kind::drop_any},
    {"quic_connection", kind::drop_word},
    {"spdy", kind::drop_any},
    {"spdy_request_priority", kind::drop_word},
    // the rest, in the order of the alphabet
    {"acme_certificate", kind::drop_any},
    {"acme_certificate_key", kind::drop_any},
    {"ancient_browser", kind::drop_any},
    {"modern_browser", kind::drop_any},
    {"msie", kind::drop_any},
    {"geoip_area_code", kind::drop_word},
    {"geoip_city", kind::drop_any},
    {"geoip_city_continent_code", kind::drop_word},
    {"geoip_city_country_code", kind::drop_word},
    {"geoip_city_country_code3", kind::drop_word},
    {"geoip_city_country_name", kind::drop_any},
    {"geoip_country_code", kind::drop_word},
    {"geoip_country_code3", kind::drop_word},
    {"geoip_country_name", kind::drop_any},
    {"geoip_dma_code", kind::drop_word},
    {"geoip_latitude", kind::drop_word},
    {"geoip_longitude", kind::drop_word},
    {"geoip_org", kind::drop_any},
    {"geoip_postal_code", kind::drop_any},
    {"geoip_region", kind::drop_word},
    {"geoip_region_name", kind::drop_any},
    {"gzip_ratio", kind::drop_number},
    {"invalid_referer", kind::drop_any},
    {"jwt_payload", kind::drop_any},
    {"limit_conn_status", kind::drop_word},
    {"limit_req_status", kind::drop_word},
    {"memcached_key", kind::drop_any},
    {"mqtt_preread_clientid", kind::drop_any},
    {"mqtt_preread_username", kind::drop_any},
    {"mgmt_config_version", kind::drop_any},
    {"num_map_value", kind::drop_any},
    {"otel_parent_id", kind::drop_word},
    {"otel_parent_sampled", kind::drop_word},
    {"otel_span_id", kind::drop_word},
    {"otel_trace_id", kind::drop_word},
    {"oidc_id_token", kind::drop_any},
    {"oidc_access_token", kind::drop_any},
    {"secure_link", kind::drop_any},
    {"secure_link_expires", kind::drop_any},
    {"session_log_binary_id", kind::drop_any},
    {"session_log_id", kind::drop_word},
    {"slice_range", kind::drop_word},
    {"uid_got", kind::drop_any},
    {"uid_reset", kind::drop_any},
    {"uid_set", kind::drop_any},
};

// Families of variables; each name goes on with what the client or the configuration calls it.
inline constexpr std::string_view nginx_dropped_families[] = {
    "arg_",           "sent_http_",          "sent_trailer_",     "upstream_http_", "upstream_trailer_",
    "upstream_cookie_", "proxy_protocol_tlv_", "jwt_header_",       "jwt_claim_",     "oidc_claim_",
};

// The field of variable `name` (without `$`). `own`: what another program calls its fields, in patterns of this syntax.
inline grammar_field nginx_field(std::string_view name, std::span<const named_kind> own = {}) {
  for (const named_kind& known : own)
    if (known.name == name) return make_field(name, {}, known.what);
  for (const named_kind& known : nginx_variable_kinds)
    if (known.name == name) return make_field(name, {}, known.what);
  if (name.starts_with("http_")) {
    const std::string header = canonical_header(name.substr(5));
    return make_field(name, header, header_kind(header));
  }
  if (name.starts_with("cookie_")) {
    grammar_field field = make_field(name, name.substr(7), kind::drop_any);
    field.cookie = name.substr(7);
    return field;
  }
  for (std::string_view family : nginx_dropped_families)
    if (name.starts_with(family)) return make_field(name, name.substr(family.size()), kind::drop_any);
  return make_field(name, {}, kind::drop_any);
}

}  // namespace anonlog
