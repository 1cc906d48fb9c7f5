// output/column.hpp: where a field of a line stands in a record that no longer has the line's own shape: its name, its type,
// and how its text is cut into more than one column.
//
// Names are those of OpenTelemetry's semantic conventions where there is one, so that logs of all programs meet in the same
// columns. A column has one type in every line of every format, as databases want it.
#pragma once

#include <cstdint>
#include <string_view>

namespace anonlog {

enum class column_type : unsigned char {
  text,
  integer,  // up to 18 digits
  real,
};

// What becomes of a text before it stands in columns.
enum class column_cut : unsigned char {
  whole,
  address,   // a client's, with its port or without
  host,      // a virtual host, with its port or without
  request,   // method, target, protocol
  target,    // path and query, or a whole URL
  query,     // without its question mark
  protocol,  // the version in `HTTP/1.1`
  tls,       // the version in `TLSv1.3`
  agent,     // and the family in front of it, where agents are reduced
  time,      // the first one of a line is the record's; others stand under their own names
};

// How a column is called.
enum class column_name : unsigned char {
  standard,  // as it is
  of_field,  // `name` and then what the log's format calls the field
  of_header, // `name` and then the request header, in small letters
};

struct column {
  std::string_view name;
  column_type type = column_type::text;
  column_cut cut = column_cut::whole;
  column_name called = column_name::standard;
  bool is_tag = false;  // few values, all of the operator's or from a list of ours: indexed where that exists
};

// Columns that are parts of others stand here too.
namespace columns {

inline constexpr column timestamp{.name = "timestamp"};
inline constexpr column client_address{.name = "client.address", .cut = column_cut::address};
inline constexpr column client_port{.name = "client.port", .type = column_type::integer};
inline constexpr column forwarded_for{.name = "http.request.header.x-forwarded-for"};
inline constexpr column forwarded{.name = "http.request.header.forwarded"};
inline constexpr column cookie{.name = "http.request.header.cookie"};
inline constexpr column header{.name = "http.request.header.", .called = column_name::of_header};
inline constexpr column peer_address{.name = "network.peer.address"};
inline constexpr column local_address{.name = "network.local.address"};
inline constexpr column upstream_address{.name = "anonlog.upstream.address"};
inline constexpr column user_name{.name = "user.name"};
inline constexpr column user_id{.name = "user.id"};
inline constexpr column user_email{.name = "user.email"};
inline constexpr column session_id{.name = "session.id"};
inline constexpr column agent{.name = "user_agent.original", .cut = column_cut::agent};
inline constexpr column agent_name{.name = "user_agent.name", .is_tag = true};
inline constexpr column referrer{.name = "http.request.header.referer"};
inline constexpr column request{.name = "", .cut = column_cut::request};
inline constexpr column target{.name = "url.path", .cut = column_cut::target};
inline constexpr column method{.name = "http.request.method", .is_tag = true};
inline constexpr column url_scheme{.name = "url.scheme", .is_tag = true};
inline constexpr column url_domain{.name = "url.domain"};
inline constexpr column url_port{.name = "url.port", .type = column_type::integer};
inline constexpr column url_path{.name = "url.path"};
inline constexpr column url_query{.name = "url.query", .cut = column_cut::query};
inline constexpr column protocol_name{.name = "network.protocol.name"};
inline constexpr column protocol_version{.name = "network.protocol.version", .cut = column_cut::protocol, .is_tag = true};
inline constexpr column transport{.name = "network.transport"};
inline constexpr column server_address{.name = "server.address", .cut = column_cut::host};
inline constexpr column server_port{.name = "server.port", .type = column_type::integer};
inline constexpr column status{.name = "http.response.status_code", .type = column_type::integer, .is_tag = true};
inline constexpr column request_size{.name = "http.request.size", .type = column_type::integer};
inline constexpr column request_body_size{.name = "http.request.body.size", .type = column_type::integer};
inline constexpr column response_size{.name = "http.response.size", .type = column_type::integer};
inline constexpr column response_body_size{.name = "http.response.body.size", .type = column_type::integer};
inline constexpr column request_duration{.name = "http.server.request.duration", .type = column_type::real};
inline constexpr column tls_version{.name = "tls.protocol.version", .cut = column_cut::tls};
inline constexpr column tls_cipher{.name = "tls.cipher"};
inline constexpr column severity{.name = "severity_text", .is_tag = true};
inline constexpr column stream{.name = "log.iostream", .is_tag = true};
inline constexpr column host_name{.name = "host.name", .is_tag = true};
inline constexpr column service_name{.name = "service.name", .is_tag = true};
inline constexpr column process{.name = "process.pid", .type = column_type::integer};
inline constexpr column thread{.name = "thread.id", .type = column_type::integer};
inline constexpr column syslog_priority{.name = "syslog.priority", .type = column_type::integer};
inline constexpr column syslog_version{.name = "syslog.version", .type = column_type::integer};
inline constexpr column syslog_message_id{.name = "syslog.msgid"};
inline constexpr column body{.name = "body"};

// For what has no standard name.
inline constexpr column own_text{.name = "anonlog.", .called = column_name::of_field};
inline constexpr column own_integer{.name = "anonlog.", .type = column_type::integer, .called = column_name::of_field};
inline constexpr column own_real{.name = "anonlog.", .type = column_type::real, .called = column_name::of_field};
inline constexpr column time{.name = "anonlog.", .cut = column_cut::time, .called = column_name::of_field};

}  // namespace columns

// Where a field stands whose column is taken by another field of the line.
constexpr const column* own_column_of(const column& what) noexcept {
  if (what.called == column_name::of_header || what.cut == column_cut::request) return nullptr;
  switch (what.type) {
    case column_type::integer: return &columns::own_integer;
    case column_type::real: return &columns::own_real;
    case column_type::text: break;
  }
  return &columns::own_text;
}

}  // namespace anonlog
