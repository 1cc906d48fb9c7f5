// format/known/keyed_formats.hpp: formats whose lines name their own fields (format/well_known_names.hpp), are rows of a table
// (format/table_lines.hpp), or stand behind a head (format/line_head.hpp).
#pragma once

#include <string_view>

#include <anonlog/format/grammar.hpp>

namespace anonlog {

struct keyed_format {
  std::string_view name;  // the word users give to -f
  line_syntax syntax;
  std::string_view kind;    // in a few words
  std::string_view sample;  // one line; its addresses are those set aside for documentation
  std::string_view source;  // where the format is defined
};

inline constexpr keyed_format keyed_formats[] = {
    {.name = "json",
     .syntax = line_syntax::json,
     .kind = "one JSON object a line, fields by their well-known names at any depth",
     .sample = R"({"time":"2025-10-10T13:55:36+00:00","remote_addr":"203.0.113.77","remote_user":"ada","request":"GET /users/4711?token=s3cret HTTP/1.1",)"
               R"("status":200,"http_user_agent":"curl/8.5.0","session_name":"s3cret"})",
     .source = "RFC 8259; names: nginx, Caddy, Traefik, Envoy, HAProxy, Cloudflare, AWS WAF, Google Cloud, ECS, OpenTelemetry"},
    {.name = "ltsv",
     .syntax = line_syntax::ltsv,
     .kind = "label:value, tabs between, fields by their well-known labels",
     .sample = "time:10/Oct/2025:13:55:36 +0000\thost:203.0.113.77\tuser:ada\treq:GET /users/4711?token=s3cret HTTP/1.1\tstatus:200\t"
               "size:512\treferer:https://example.com/reset?u=ada\tua:curl/8.5.0\tx:s3cret",
     .source = "http://ltsv.org/"},
    {.name = "logfmt",
     .syntax = line_syntax::logfmt,
     .kind = "key=value and key=\"value\", fields by their well-known keys",
     .sample = "at=info method=GET path=\"/users/4711?token=s3cret\" host=example.com request_id=3f791410-bc96-4071-9a84-298e070f8000 "
               "fwd=\"203.0.113.77\" dyno=web.4 connect=1ms service=2ms status=200 bytes=512",
     .source = "https://brandur.org/logfmt; https://devcenter.heroku.com/articles/http-routing"},
    {.name = "apache_forensic",
     .syntax = line_syntax::forensic,
     .kind = "mod_log_forensic: the request and every header of it, bars between",
     .sample = "+4711:68e90d18:0|GET /users/4711?token=s3cret HTTP/1.1|Host:example.com%3a443|User-Agent:curl/8.5.0|"
               "Referer:https%3a//example.com/reset?u=ada|Cookie:sid=s3cret|X-Forwarded-For:203.0.113.77|X-Session-Name:s3cret",
     .source = "https://httpd.apache.org/docs/2.4/mod/mod_log_forensic.html"},
    {.name = "w3c",
     .syntax = line_syntax::w3c,
     .kind = "rows whose columns a #Fields line names, which may come again: IIS, CloudFront, NetScaler, Tomcat",
     .sample = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status time-taken\n"
               "2025-10-10 13:55:36 10.0.0.5 GET /users/4711 token=s3cret 443 ada 203.0.113.77 "
               "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/120.0.0.0+Safari/537.36 "
               "https://example.com/reset?u=ada 200 15",
     .source = "https://www.w3.org/TR/WD-logfile; https://learn.microsoft.com/en-us/windows/win32/http/w3c-logging; "
               "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html"},
    {.name = "zeek",
     .syntax = line_syntax::zeek,
     .kind = "Zeek's logs, columns named by a #fields line",
     .sample = "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\treferrer\tuser_agent\tstatus_code\tusername\tpassword\n"
               "1760104536.123456\tCHhAvVGS1DHFjwGM9\t203.0.113.77\t51234\t198.51.100.5\t80\tGET\texample.com\t/users/4711?token=s3cret\t"
               "https://example.com/reset?u=ada\tcurl/8.5.0\t200\tada\ts3cret",
     .source = "https://docs.zeek.org/en/master/log-formats.html; https://docs.zeek.org/en/master/logs/http.html"},
    {.name = "csv",
     .syntax = line_syntax::csv,
     .kind = "values with commas or semicolons between, columns named by the first line",
     .sample = "time,client_ip,user,request,status,user_agent,session_name\n"
               "2025-10-10T13:55:36Z,203.0.113.77,ada,\"GET /users/4711?token=s3cret HTTP/1.1\",200,curl/8.5.0,s3cret",
     .source = "RFC 4180"},
    {.name = "tsv",
     .syntax = line_syntax::tsv,
     .kind = "values with tabs between, columns named by the first line",
     .sample = "time\tclient_ip\tuser\trequest\tstatus\tuser_agent\tsession_name\n"
               "2025-10-10T13:55:36Z\t203.0.113.77\tada\tGET /users/4711?token=s3cret HTTP/1.1\t200\tcurl/8.5.0\ts3cret",
     .source = "https://www.iana.org/assignments/media-types/text/tab-separated-values"},
};

inline constexpr keyed_format headed_format{
    .name = "syslog",
    .syntax = line_syntax::headed,
    .kind = "the head of syslog, of a container runtime, docker compose, kubectl or Heroku, or what grep writes in front, and a line of any other format",
    .sample = R"(<190>Oct 10 13:55:36 web1 nginx: 203.0.113.77 - ada [10/Oct/2025:13:55:36 +0000] "GET /users/4711 HTTP/1.1" 200 512 "-" "curl/8.5.0")",
    .source = "RFC 3164, RFC 5424; https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md"};

inline constexpr keyed_format error_log_format{
    .name = "error_log",
    .syntax = line_syntax::error_log,
    .kind = "the error logs of nginx, Apache and lighttpd: a head, and free text whose identifiers are looked for (best effort)",
    .sample = R"(2025/10/10 13:55:36 [error] 22160#22161: *253 open() "/srv/a" failed (2: No such file or directory), client: 203.0.113.77, server: example.com, )"
              R"(request: "GET /users/4711?token=s3cret HTTP/1.1", host: "example.com", referrer: "https://example.com/reset?u=ada")",
    .source = "https://nginx.org/en/docs/ngx_core_module.html#error_log; https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat; "
              "https://redmine.lighttpd.net/projects/lighttpd/wiki/Server_errorlog"};

}  // namespace anonlog
