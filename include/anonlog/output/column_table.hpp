// output/column_table.hpp: the table (class, name of the field) -> column.
//
// Sources: OpenTelemetry's semantic conventions (attribute registry: client, server, http, url, user, user_agent, network, tls,
// session, host, process, log), and of its log data model Timestamp, SeverityText and Body.
// docs/output-formats.md shows the same table; a test compares the two.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/field_class.hpp>
#include <anonlog/core/word_list.hpp>
#include <anonlog/format/well_known_names.hpp>
#include <anonlog/output/column.hpp>

namespace anonlog {

struct column_rule {
  field_class cls;
  std::string_view names;  // as plain_name_of writes them, blanks between; empty: every field of the class and form
  const column* what;
  keep_form form = keep_form::any;
};

// The first that fits. What no rule fits stands under the name that its own format gives it.
inline constexpr column_rule column_rules[] = {
    {field_class::time, "", &columns::time},

    {field_class::ip, "realipremoteaddr downstreamdirectremoteaddress network.peer.address net.sock.peer.addr", &columns::peer_address},
    {field_class::ip, "", &columns::client_address},
    {field_class::ip_binary, "", &columns::client_address},
    {field_class::host, "", &columns::client_address},
    {field_class::port, "", &columns::client_port},
    {field_class::ip_list, "", &columns::forwarded_for},
    {field_class::forwarded, "", &columns::forwarded},
    {field_class::upstream,
     "a serveraddr serverip server.ip proxyprotocolserveraddr downstreamlocaladdress network.local.address net.host.ip host.ip sip id.resph",
     &columns::local_address},
    {field_class::upstream, "", &columns::upstream_address},

    {field_class::user, "userid uid useruuid accountid user.id enduser.id client.user.id", &columns::user_id},
    {field_class::user, "", &columns::user_name},
    {field_class::email, "", &columns::user_email},
    {field_class::session, "", &columns::session_id},
    {field_class::cookie, "", &columns::cookie},
    {field_class::agent, "", &columns::agent},
    {field_class::referrer, "", &columns::referrer},

    {field_class::request, "", &columns::request},
    {field_class::target, "", &columns::target},
    {field_class::path, "", &columns::url_path},
    {field_class::query, "", &columns::url_query},

    {field_class::vhost, "hostname host.name host.hostname syslog.host", &columns::host_name},
    {field_class::vhost, "", &columns::server_address},

    {field_class::bytes, "bodybytessent b rsize downstreamcontentsize origincontentsize responsebodybytes responsebodylen http.response.body.bytes http.response.body.size edgeresponsebodybytes", &columns::response_body_size},
    {field_class::bytes, "bytessent sentbytes o bytes size responsesize responsebytes scbytes edgeresponsebytes http.response.bytes http.response.size httprequest.responsesize",
     &columns::response_size},
    {field_class::bytes, "http.request.body.bytes http.request.body.size requestbodylen", &columns::request_body_size},
    {field_class::bytes,
     "requestlength receivedbytes bytesreceived i requestsize reqsize requestbytes csbytes clientrequestbytes http.request.bytes httprequest.requestsize",
     &columns::request_size},
    {field_class::bytes, "upstreamresponselength upstreambytesreceived upstreambytessent", &columns::own_text},  // lists
    {field_class::bytes, "", &columns::own_integer},

    {field_class::duration, "requesttime reqtime t", &columns::request_duration},  // in seconds
    {field_class::duration,
     "upstreamresponsetime upstreamconnecttime upstreamheadertime upstreamfirstbytetime upstreamsessiontime upstreamqueuetime",
     &columns::own_text},  // lists
    {field_class::duration, "", &columns::own_real},

    {field_class::keep, "", &columns::method, keep_form::method},
    {field_class::keep, "", &columns::protocol_version, keep_form::protocol},
    {field_class::keep, "", &columns::url_scheme, keep_form::scheme},
    {field_class::keep, "upstreamstatus originresponsestatus cacheresponsestatus targetstatuscode backendstatuscode targetstatuscodelist",
     &columns::own_text, keep_form::status},  // not the answer to the client; some are lists
    {field_class::keep, "", &columns::status, keep_form::status},
    {field_class::keep, "stream", &columns::stream, keep_form::label},
    {field_class::keep, "", &columns::severity, keep_form::label},
    {field_class::keep, "error.level", &columns::severity},
    {field_class::keep, "cri.stream", &columns::stream},
    {field_class::keep, "syslog.tag compose.service", &columns::service_name},
    {field_class::keep, "pid syslog.pid error.pid", &columns::process},
    {field_class::keep, "error.tid", &columns::thread},
    {field_class::keep, "syslog.priority", &columns::syslog_priority},
    {field_class::keep, "syslog.version", &columns::syslog_version},
    {field_class::keep, "syslog.msgid", &columns::syslog_message_id},
    {field_class::keep,
     "serverport p local.p canonical.p server.port url.port destination.port net.host.port network.local.port proxyprotocolserverport sport id.respp",
     &columns::server_port},
    {field_class::keep, "network.protocol.name", &columns::protocol_name},
    {field_class::keep, "network.protocol.version httpversion http.version request.httpversion", &columns::protocol_version},
    {field_class::keep, "network.transport", &columns::transport},
    {field_class::keep,
     "sslprotocol tlsversion tlsprotocolversion tls.version clientsslprotocol downstreamtlsversion sslprotocol.x sslprotocol.e version.x version.c",
     &columns::tls_version},
    {field_class::keep, "sslcipher tlscipher ciphersuite tls.cipher tls.ciphersuite clientsslcipher sslcipher.x sslcipher.e cipher.x cipher.c", &columns::tls_cipher},
    {field_class::keep, "", &columns::own_integer, keep_form::number},
    {field_class::keep, "", &columns::own_text},

    {field_class::text, "error.message syslog.message", &columns::body},
    {field_class::text, "", &columns::own_text},
    {field_class::value, "", &columns::own_text},
    {field_class::visitor, "", &columns::own_text},
};

namespace column_table_detail {

inline bool is_header_name(std::string_view field, std::string_view header) noexcept {
  return !header.empty() && (field.starts_with("http_") || field.ends_with("}i") || field.ends_with(header));
}

}  // namespace column_table_detail

// What a field is called where its format's marks would be in the way: `%{ms}T` is `ms.T`.
inline std::string unmarked_field_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c == '}') plain += '.';
    else if (c != '%' && c != '{' && c != '<' && c != '>' && c != '!') plain += c;
  }
  return plain;
}

// `header`: that of the request which the field holds, or nothing. nullptr: a field of this class is not written.
inline const column* column_of(field_class cls, keep_form form, std::string_view name, std::string_view header) {
  using namespace column_table_detail;
  if (cls == field_class::drop) return nullptr;
  const bool is_header = is_header_name(name, header);
  if (is_header && cls == field_class::ip) return &columns::header;
  const std::string plain = plain_name_of(unmarked_field_name(name));
  for (const column_rule& rule : column_rules) {
    if (rule.cls != cls || (rule.form != keep_form::any && rule.form != form)) continue;
    if (!rule.names.empty() && !has_word(rule.names, plain)) continue;
    const bool is_other_list = is_header && cls == field_class::ip_list;
    return is_other_list ? &columns::header : rule.what;
  }
  return nullptr;
}

}  // namespace anonlog
