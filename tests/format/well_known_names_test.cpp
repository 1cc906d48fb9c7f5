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
                           "resp_headers.Set-Cookie", "response.headers.Location", "trace_id", "request_id",
                           "remote_addr.x", "x.remote_addr", "headers", "geo.city_name", "ClientCountry", "JA3Hash", "jsonPayload.secret",
                           "request_Authorization", "downstream_Set-Cookie", "origin_X-Forwarded-For", "attributes", "attributes.", "attributes.secret",
                           "properties.trackingReference", "properties.attributes.secret", "req.id", "res.headers.set-cookie", "uid", "breadcrumbs", "resource.secret"})
    EXPECT_EQ(to_text(well_known_field(line_syntax::json, name).cls), "drop") << name;
}

TEST(well_known_names, know_the_programs_that_name_a_field_behind_a_word_of_their_own) {
  const std::pair<const char*, field_class> known[] = {
      // Traefik, HAProxy, Caddy
      {"request_X-Forwarded-For", field_class::ip_list}, {"request_X-Real-Ip", field_class::ip}, {"request_Cookie", field_class::cookie},
      {"request_Forwarded", field_class::forwarded}, {"request_Host", field_class::vhost}, {"request_User-Agent", field_class::agent},
      {"http_request", field_class::request}, {"ssl_sni", field_class::vhost}, {"request.tls.server_name", field_class::vhost},
      // AWS CloudTrail, AWS API Gateway, Google Cloud
      {"sourceIPAddress", field_class::ip}, {"userIdentity.userName", field_class::user}, {"requestTimeEpoch", field_class::time}, {"jsonPayload.statusDetails", field_class::keep},
      {"jsonPayload.remoteIp", field_class::ip}, {"jsonPayload.remote_addr", field_class::ip},
      // OpenTelemetry
      {"attributes.client.address", field_class::ip}, {"Attributes.http.request.method", field_class::keep}, {"attributes.url.full", field_class::target},
      {"attributes.user_agent.original", field_class::agent}, {"attributes.http.request.header.x-forwarded-for", field_class::ip_list},
      {"attributes.enduser.id", field_class::user}, {"Attributes.http.response.status_code", field_class::keep},
      // Azure
      {"properties.clientIP", field_class::ip}, {"properties.clientIp", field_class::ip}, {"properties.socketIp", field_class::ip},
      {"properties.clientPort", field_class::port}, {"properties.requestUri", field_class::target}, {"properties.requestQuery", field_class::query},
      {"properties.userAgent", field_class::agent}, {"properties.httpMethod", field_class::keep}, {"properties.httpStatusCode", field_class::keep},
      {"properties.httpStatus", field_class::keep}, {"properties.hostName", field_class::vhost}, {"properties.host", field_class::vhost},
      {"properties.originalHost", field_class::vhost}, {"properties.originalRequestUriWithArgs", field_class::target},
      {"properties.httpVersion", field_class::keep}, {"properties.referer", field_class::referrer}, {"properties.timeTaken", field_class::duration},
      {"properties.requestBytes", field_class::bytes}, {"properties.responseBytes", field_class::bytes}, {"properties.receivedBytes", field_class::bytes},
      {"properties.sentBytes", field_class::bytes}, {"properties.pop", field_class::keep}, {"properties.cacheStatus", field_class::keep},
      // pino, bunyan, winston
      {"req.url", field_class::target}, {"req.method", field_class::keep}, {"req.remoteAddress", field_class::ip}, {"req.remotePort", field_class::port},
      {"req.headers.user-agent", field_class::agent}, {"req.headers.x-forwarded-for", field_class::ip_list}, {"res.statusCode", field_class::keep},
      {"meta.req.headers.referer", field_class::referrer}, {"meta.res.statusCode", field_class::keep}, {"meta.req.url", field_class::target},
      // Suricata: either end may be the client
      {"http.http_method", field_class::keep}, {"http.http_user_agent", field_class::agent}, {"http.hostname", field_class::vhost},
      {"http.http_refer", field_class::referrer}, {"http.length", field_class::bytes}, {"http.xff", field_class::ip_list}, {"src_ip", field_class::ip},
      {"dest_ip", field_class::ip}, {"src_port", field_class::port}, {"dest_port", field_class::port}, {"tls.sni", field_class::vhost},
      // Akamai DataStream
      {"cliIP", field_class::ip}, {"reqPath", field_class::target}, {"reqMethod", field_class::keep}, {"reqHost", field_class::vhost},
      {"reqTimeSec", field_class::time}, {"UA", field_class::agent}, {"queryStr", field_class::query}, {"xForwardedFor", field_class::ip_list},
      {"edgeIP", field_class::upstream}, {"totalBytes", field_class::bytes}, {"turnAroundTimeMSec", field_class::duration},
      // logback-access
      {"requested_uri", field_class::target}, {"requested_url", field_class::request}, {"remote_host", field_class::ip},
      {"elapsed_time", field_class::duration}};
  for (const auto& [name, cls] : known) EXPECT_EQ(to_text(well_known_field(line_syntax::json, name).cls), to_text(cls)) << name;
}

TEST(well_known_names, hold_whole_lines_in_the_messages_of_programs) {
  for (const char* name : {"message", "msg", "short_message", "full_message"}) EXPECT_TRUE(may_hold_line(name)) << name;
}

TEST(well_known_names, are_the_same_in_any_spelling) {
  for (const char* name : {"clientIp", "client_ip", "CLIENT-IP", "ClientIP"}) EXPECT_EQ(well_known_field(line_syntax::json, name).cls, field_class::ip) << name;
  for (const char* name : {"headers.user-agent", "Request.Headers.USER_AGENT", "requestHeaders.User-Agent"})
    EXPECT_EQ(well_known_field(line_syntax::json, name).cls, field_class::agent) << name;
}

TEST(well_known_names, hold_the_signals_of_a_visitor) {
  EXPECT_EQ(well_known_field(line_syntax::json, "http_dnt").signal, grammar_field::privacy_signal::dnt);
  EXPECT_EQ(well_known_field(line_syntax::json, "request_Dnt").signal, grammar_field::privacy_signal::dnt);
  EXPECT_EQ(well_known_field(line_syntax::json, "request.headers.Dnt").signal, grammar_field::privacy_signal::dnt);
  EXPECT_EQ(well_known_field(line_syntax::json, "request.headers.Sec-Gpc").signal, grammar_field::privacy_signal::gpc);
}

}  // namespace
}  // namespace anonlog
