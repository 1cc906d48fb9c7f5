// tests/format/well_known_names_test.cpp: fields of JSON logs are known by the names that their programs document, and only by those.
#include <gtest/gtest.h>

#include <anonlog/format/well_known_names.hpp>

namespace anonlog {
namespace {

TEST(well_known_names, know_what_each_program_writes) {
  const std::pair<const char*, field_class> known[] = {
      // nginx
      {"remote_addr", field_class::ip}, {"remote_user", field_class::user}, {"time_iso8601", field_class::time},
      {"http_x_forwarded_for", field_class::ip_list}, {"http_user_agent", field_class::agent}, {"request_time", field_class::duration},
      {"http_cf_connecting_ip", field_class::ip}, {"http_cookie", field_class::cookie},
      // Caddy
      {"request.remote_ip", field_class::ip}, {"request.client_ip", field_class::ip}, {"request.remote_port", field_class::port},
      {"request.uri", field_class::target}, {"request.headers.User-Agent", field_class::agent}, {"request.headers.X-Forwarded-For", field_class::ip_list},
      {"request.headers.Referer", field_class::referrer}, {"request.headers.Cookie", field_class::cookie}, {"user_id", field_class::user},
      {"ts", field_class::time}, {"size", field_class::bytes}, {"bytes_read", field_class::bytes}, {"request.tls.version", field_class::keep},
      // Traefik
      {"ClientAddr", field_class::ip}, {"ClientHost", field_class::ip}, {"ClientPort", field_class::port}, {"ClientUsername", field_class::user},
      {"RequestAddr", field_class::vhost}, {"RequestPath", field_class::target}, {"RequestMethod", field_class::keep}, {"StartUTC", field_class::time},
      {"DownstreamStatus", field_class::keep}, {"DownstreamContentSize", field_class::bytes}, {"ServiceAddr", field_class::upstream},
      // rsyslog
      {"timereported", field_class::time}, {"timegenerated", field_class::time}, {"fromhost-ip", field_class::drop},
      // Envoy
      {"downstream_remote_address", field_class::ip}, {"upstream_host", field_class::upstream}, {"x_forwarded_for", field_class::ip_list},
      {"start_time", field_class::time}, {"authority", field_class::vhost}, {"user_agent", field_class::agent}, {"response_code", field_class::keep},
      // Cloudflare
      {"ClientIP", field_class::ip}, {"ClientRequestURI", field_class::target}, {"ClientRequestHost", field_class::vhost},
      {"ClientRequestUserAgent", field_class::agent}, {"ClientRequestReferer", field_class::referrer}, {"EdgeStartTimestamp", field_class::time},
      {"OriginIP", field_class::upstream}, {"EdgeResponseStatus", field_class::keep},
      // AWS WAF, Google Cloud
      {"httpRequest.clientIp", field_class::ip}, {"httpRequest.args", field_class::query}, {"httpRequest.uri", field_class::target},
      {"httpRequest.remoteIp", field_class::ip}, {"httpRequest.requestUrl", field_class::target}, {"httpRequest.userAgent", field_class::agent},
      {"httpRequest.referer", field_class::referrer},
      // ECS, OpenTelemetry
      {"@timestamp", field_class::time}, {"client.ip", field_class::ip}, {"source.address", field_class::ip}, {"user.name", field_class::user},
      {"user.email", field_class::email}, {"user_agent.original", field_class::agent}, {"url.original", field_class::target},
      {"url.query", field_class::query}, {"client.address", field_class::ip}, {"network.peer.address", field_class::ip},
      {"http.request.method", field_class::keep}, {"http.response.status_code", field_class::keep}, {"session.id", field_class::session}};
  for (const auto& [name, cls] : known) EXPECT_EQ(to_text(well_known_field(line_syntax::json, name).cls), to_text(cls)) << name;
}

TEST(well_known_names, leave_everything_else_to_nobody) {
  for (const char* name : {"", ".", "name", "first_name", "request.body", "request.headers.Authorization", "request.headers.X-Api-Key",
                           "resp_headers.Set-Cookie", "response.headers.Location", "request.tls.server_name", "trace_id", "request_id",
                           "remote_addr.x", "x.remote_addr", "headers", "geo.city_name", "ClientCountry", "JA3Hash", "jsonPayload.secret"})
    EXPECT_EQ(to_text(well_known_field(line_syntax::json, name).cls), "drop") << name;
}

TEST(well_known_names, are_the_same_in_any_spelling) {
  for (const char* name : {"clientIp", "client_ip", "CLIENT-IP", "ClientIP"}) EXPECT_EQ(well_known_field(line_syntax::json, name).cls, field_class::ip) << name;
  for (const char* name : {"headers.user-agent", "Request.Headers.USER_AGENT", "requestHeaders.User-Agent"})
    EXPECT_EQ(well_known_field(line_syntax::json, name).cls, field_class::agent) << name;
}

TEST(well_known_names, hold_the_signals_of_a_visitor) {
  EXPECT_EQ(well_known_field(line_syntax::json, "http_dnt").signal, grammar_field::privacy_signal::dnt);
  EXPECT_EQ(well_known_field(line_syntax::json, "request.headers.Dnt").signal, grammar_field::privacy_signal::dnt);
  EXPECT_EQ(well_known_field(line_syntax::json, "request.headers.Sec-Gpc").signal, grammar_field::privacy_signal::gpc);
}

}  // namespace
}  // namespace anonlog
