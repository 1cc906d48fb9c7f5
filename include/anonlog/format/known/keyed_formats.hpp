// format/known/keyed_formats.hpp: formats whose lines name their own fields (format/well_known_names.hpp), or stand behind a
// head (format/line_head.hpp).
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
};

inline constexpr keyed_format headed_format{
    .name = "syslog",
    .syntax = line_syntax::headed,
    .kind = "the head of syslog, of a container runtime or of docker compose, and a line of any other format",
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
