// format/well_known_names.hpp: the names that servers, proxies and CDNs give to fields in lines that name their own, each
// with its class.
//
// Sources: the documentation of nginx (variables as names), Caddy, Traefik, Envoy, HAProxy, Cloudflare's HTTP requests
// dataset, AWS WAF, API Gateway and CloudTrail, Google Cloud's HttpRequest and its storage's usage logs, Azure's Front Door
// and Application Gateway, Akamai's DataStream, the Elastic Common Schema, OpenTelemetry's semantic conventions, pino, bunyan
// and express-winston, logback-access, GELF, Suricata's EVE, the labels of ltsv.org, the keys of Heroku's router; the columns
// of IIS, CloudFront, NetScaler and Zeek.
// Classes: SPEC 3.9 and 3.2.1. What is not here is nobody's: its value does not come out (CLI.md 5).
//
// Names are compared in small letters without `_` and `-`, for ClientIP, client_ip and clientIp are one name; nested ones are
// joined by `.`. Request headers are known by their own list (format/field_names.hpp) wherever a member `headers` holds them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/format/field_names.hpp>
#include <anonlog/format/nginx_variables.hpp>

namespace anonlog {

namespace kind {

inline constexpr field_kind email{.cls = field_class::email};
inline constexpr field_kind session{.cls = field_class::session};
inline constexpr field_kind label{.cls = field_class::keep, .form = keep_form::label};
inline constexpr field_kind own_value{.cls = field_class::keep};  // a number or a word

}  // namespace kind

namespace well_known_names_detail {

struct group {
  field_kind what;
  std::string_view names;  // blanks between them
};

inline constexpr group groups[] = {
    {kind::client_header,
     "cliip srcip destip sourceipaddress properties.socketip req.ip req.remoteaddress meta.req.ip meta.req.remoteaddress remotehost cdns id.origh ip remote clientip remoteip remoteaddr remoteaddress clientaddr clientaddress clienthost peerip peeraddr sourceip userip realip "
     "downstreamremoteaddress downstreamdirectremoteaddress request.remoteip request.clientip request.remoteaddr client.ip "
     "client client.address source.ip source.address client.nat.ip source.nat.ip httprequest.clientip httprequest.remoteip http.clientip "
     "network.client.ip network.peer.address net.peer.ip net.sock.peer.addr clientsocketip truesourceip cip"},
    {kind::client_list, "http.xff xff fwd xforwardedfor forwardedfor http.xforwardedfor httpxforwardedfor related.ip proxyaddxforwardedfor"},
    {kind::client_port,
     "srcport destport req.remoteport meta.req.remoteport cport id.origp clientport remoteport request.remoteport clientsrcport client.port source.port network.client.port network.peer.port "
     "net.peer.port net.sock.peer.port"},
    {kind::server,
     "edgeip properties.originip properties.serverrouted sip rip id.resph serverip serveraddr originip upstreamhost upstreamaddr upstreamlocaladdress serviceaddr backendaddr server.ip "
     "destination.ip destination.address httprequest.serverip network.local.address net.host.ip host.ip upstreamremoteaddress "
     "downstreamlocaladdress"},
    {kind::own_number, "reqport sport rport id.respp scsubstatus scwin32status transdepth serverport server.port url.port destination.port net.host.port network.local.port"},
    {kind::user,
     "useridentity.username csusername csauth cauthid csauthid user username userid remoteuser authuser login clientusername request.user user.name user.id enduser.id client.user.name "
     "client.user.id source.user.name useruuid accountid"},
    {kind::email, "email useremail user.email client.user.email source.user.email"},
    {kind::session, "sessionid session.id session"},
    {kind::cookie, "cookie cookies httpcookie clientrequestcookies"},
    {kind::agent,
     "http.httpuseragent cuseragent csuseragent agent useragent httpuseragent ua browseragent useragent.original http.useragent httprequest.useragent clientrequestuseragent "
     "requestuseragent"},
    {kind::referrer,
     "http.httprefer creferrer csreferer xpageurl referer referrer ref httpreferer httpreferrer http.referer http.request.referrer httprequest.referer clientrequestreferer "
     "requestreferer clientrequestreferrer"},
    {kind::request, "httprequest requestedurl request requestline req"},
    {kind::target,
     "reqpath requesteduri req.url req.originalurl meta.req.url meta.req.originalurl properties.originalrequesturiwithargs csuri uri url requesturi requesturl requestpath path target originalpath urlpath request.uri request.url http.url http.target "
     "http.path http.requesturi httprequest.requesturl httprequest.uri httprequest.path clientrequesturi clientrequestpath url.path "
     "url.full url.original http.route http.requestpath originalrequesturi"},
    {kind::path, "csuristem"},
    {kind::query, "querystr csuriquery query querystring args rawquery requestquery url.query httprequest.args http.query clientrequestquery"},
    {kind::vhost,
     "reqhost sslsni tls.sni http.hostname request.tls.servername req.hostname meta.req.hostname properties.originalhost cshost xhostheader sdns host hostname host.name host.hostname vhost authority servername virtualhost httphost requesthost requestaddr requestedhost clientrequesthost request.host "
     "url.domain server.address http.host net.host.name httprequest.host domain"},
    {kind::method,
     "reqmethod http.httpmethod req.method meta.req.method csmethod method requestmethod httpmethod verb request.method http.method http.request.method httprequest.requestmethod "
     "httprequest.httpmethod clientrequestmethod"},
    {kind::protocol,
     "req.httpversion meta.req.httpversion csversion csprotocolversion protocol proto serverprotocol requestprotocol request.proto httprequest.protocol httprequest.httpversion clientrequestprotocol "
     "http.protocol http.version http.flavor httpversion request.httpversion network.protocol.name network.protocol.version"},
    {kind::scheme, "csprotocol scheme requestscheme url.scheme http.scheme clientrequestscheme"},
    {kind::status,
     "res.statuscode meta.res.statuscode properties.serverstatus scstatus cstatus status code statuscode responsestatus responsecode httpstatus httpstatuscode downstreamstatus originstatus edgeresponsestatus cacheresponsestatus "
     "originresponsestatus upstreamstatus http.status http.statuscode http.response.statuscode httprequest.status resp.status "
     "response.status"},
    {kind::bytes,
     "http.length rspcontentlen totalbytes objsize uncompressedsize overheadbytes receivedbytes sentbytes scbytes csbytes sccontentlen requestbodylen responsebodylen requestbodysize responsebodysize bytes size bytessent bytesread bytesreceived bodybytessent responsesize responsebytes responselength requestlength requestbytes "
     "requestsize reqsize bytesin bytesout downstreamcontentsize origincontentsize requestcontentsize edgeresponsebytes "
     "edgeresponsebodybytes clientrequestbytes originresponsebytes http.response.bytes http.response.size http.request.bytes "
     "http.response.body.bytes http.request.body.bytes http.response.body.size http.request.body.size httprequest.responsesize "
     "httprequest.requestsize httprequest.cachefillbytes http.responsecontentlength http.requestcontentlength source.bytes "
     "destination.bytes network.bytes network.byteswritten network.bytesread"},
    {kind::duration,
     "elapsedtime turnaroundtimemsec transfertimemsec reqendtimemsec dnslookuptimemsec tlsoverheadtimemsec clientresponsetime meta.responsetime properties.timetofirstbyte properties.serverresponselatency timetakenms timetakenmicros timetofirstbyte xduration duration connect service runtime apptime reqtime reqtimemicrosec durationms latency latencyms latencyseconds elapsed elapsedms took requesttime requesttimems responsetime "
     "responsetimems upstreamresponsetime upstreamconnecttime upstreamheadertime upstreamservicetime originduration overhead "
     "timetaken totaltime edgetimetofirstbytems originresponsetime originresponsedurationms event.duration httprequest.latency"},
    {kind::time_any,
     "reqtimesec timemicros requesttimeepoch timereported timegenerated datelocal time timestamp ts t @timestamp realtimetimestamp sourcerealtimetimestamp datetime date timelocal timeiso8601 msec starttime endtime startutc startlocal edgestarttimestamp "
     "edgeendtimestamp eventtime eventtimestamp receivetimestamp observedtimestamp timestamp(ms) timeunixnano observedtimeunixnano event.created "
     "event.start event.end event.ingested requesttimestamp asctime logtime localtime"},
    {kind::label, "at stream level severity severitytext loglevel log.level"},
    {kind::own_value,
     "jsonpayload.statusdetails properties.pop properties.securityprotocol dyno xedgelocation xedgeresulttype xedgeresponseresulttype xedgedetailedresulttype xevent xcfstatus scservicename ssitename scaction flestatus logger cachestatus cachecachestatus upstreamcachestatus cachehit cachelookup httprequest.cachehit httprequest.cachelookup "
     "httprequest.cachevalidatedwithoriginserver tlsversion tlscipher sslprotocol sslcipher clientsslprotocol clientsslcipher "
     "tls.version tls.cipher tls.ciphersuite tls.resumed request.tls.version request.tls.ciphersuite request.tls.proto "
     "request.tls.resumed network.transport upstreamcluster backendname frontendname entrypointname responseflags retryattempts "
     "downstreamtlsversion"},
    {kind::own_provided, "servicename routername"},
    {kind::do_not_track, "dnt httpdnt"},
    {kind::global_privacy_control, "secgpc gpc httpsecgpc"},
};

struct entry {
  std::string_view name;
  std::size_t group = 0;
};

// What ltsv.org calls the host is the client.
inline constexpr std::string_view ltsv_client = "host";

// Zeek's version of HTTP has no name in front. Its `uid`, in JSON as in its own format, is a connection's and not a user's.
inline constexpr std::string_view zeek_protocol_version = "version";

// Traefik's names of the headers of a request; `origin_` and `downstream_` are those of responses.
inline constexpr std::string_view traefik_header = "request_";

consteval std::size_t count_names() {
  std::size_t count = 0;
  for (const group& g : groups) {
    bool is_inside = false;
    for (const char c : g.names) {
      count += c != ' ' && !is_inside ? 1 : 0;
      is_inside = c != ' ';
    }
  }
  return count;
}

// In the order of the alphabet; a name that stood twice would not compile.
consteval auto sorted_names() {
  std::array<entry, count_names()> all{};
  std::size_t count = 0;
  for (std::size_t g = 0; g < std::size(groups); ++g) {
    std::string_view rest = groups[g].names;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (end != 0) all[count++] = {rest.substr(0, end), g};
      rest.remove_prefix(end == rest.size() ? end : end + 1);
    }
  }
  std::sort(all.begin(), all.end(), [](const entry& a, const entry& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i - 1].name == all[i].name) throw "a name stands twice";
  return all;
}

inline constexpr auto names = sorted_names();

// Members that hold the headers of the request.
inline constexpr std::string_view header_holders[] = {
    "headers", "request.headers", "requestheaders", "httprequest.headers", "http.request.headers", "http.request.header",
    "req.headers", "meta.req.headers"};

// Members in which others keep the fields of a program: OpenTelemetry's attributes, Azure's properties, what Google Cloud was sent.
inline constexpr std::string_view field_holders[] = {"attributes", "properties", "jsonpayload"};

}  // namespace well_known_names_detail

// As names are compared: small letters, no `_` and `-`.
inline std::string plain_name_of(std::string_view name) {
  std::string plain;
  for (const char c : name)
    if (c != '_' && c != '-') plain += to_lower(static_cast<unsigned char>(c));
  return plain;
}

// `cs(User-Agent)`, as W3C's extended format names a header of the request: what is in the brackets, or nothing.
inline std::string_view w3c_header_of(std::string_view path) noexcept {
  const bool is_header = path.size() > 4 && path.starts_with("cs(") && path.ends_with(')');
  return is_header ? path.substr(3, path.size() - 4) : std::string_view();
}

// Whether a member of this path holds the headers of a request.
inline bool holds_headers(std::string_view path) {
  const std::string plain = plain_name_of(path);
  for (const std::string_view known : well_known_names_detail::header_holders)
    if (plain == known) return true;
  return false;
}

// A name without the member that others keep fields in.
inline std::string_view name_in_holder(std::string_view path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return path;
  const std::string holder = plain_name_of(path.substr(0, dot));
  for (const std::string_view known : well_known_names_detail::field_holders)
    if (holder == known) return path.substr(dot + 1);
  return path;
}

// Akamai writes the name of a browser as a form is sent: `%2F`, and `+` for a blank.
inline bool is_form_encoded(line_syntax syntax, std::string_view path) noexcept { return syntax == line_syntax::json && path == "UA"; }

// The field with this path. Class `drop`, for nobody's: nothing of its value comes out.
inline grammar_field well_known_field(line_syntax syntax, std::string_view path) {
  using namespace well_known_names_detail;
  if (syntax == line_syntax::ltsv && path == ltsv_client) return make_field(path, {}, kind::client_header);
  if (syntax == line_syntax::zeek && path == zeek_protocol_version) return make_field(path, {}, kind::protocol);
  const std::string plain = plain_name_of(path);
  if (plain.size() == path.size()) {  // without the dash of W3C they are a mail server's or a firewall's, and the client's
    if (plain == "sip" || plain == "rip") return make_field(path, {}, kind::client_header);
    if (plain == "sport" || plain == "rport") return make_field(path, {}, kind::client_port);
  }
  const auto found = std::lower_bound(names.begin(), names.end(), plain, [](const entry& e, const std::string& wanted) { return e.name < wanted; });
  if (found != names.end() && found->name == plain) return make_field(path, {}, groups[found->group].what);
  if (const std::string_view header = w3c_header_of(path); !header.empty()) return make_field(path, header, header_kind(header == "Referrer" ? "Referer" : header));
  if (path.starts_with(traefik_header)) {
    const std::string_view header = path.substr(traefik_header.size());
    const field_kind what = header_kind(header);
    if (what.cls != field_class::drop || what.signal != grammar_field::privacy_signal::none) return make_field(path, header, what);
  }
  const std::size_t last_dot = path.rfind('.');
  if (last_dot == std::string_view::npos) {
    const field_kind header = header_kind(path);  // IIS writes a header of its own choice as a column: `X-Real-IP`
    return header.cls == field_class::ip || header.cls == field_class::ip_list ? make_field(path, path, header) : nginx_field(path);
  }
  const std::string_view header = path.substr(last_dot + 1);
  if (holds_headers(path.substr(0, last_dot))) return make_field(path, header, header_kind(header));
  if (const std::string_view inner = name_in_holder(path); inner.size() < path.size() && name_in_holder(inner).size() == inner.size()) {
    grammar_field field = well_known_field(line_syntax::json, inner);
    field.name = path;
    return field;
  }
  return make_field(path, {}, kind::drop_any);
}

// Names of strings in which container runtimes, journald and syslog daemons put whole lines.
inline bool may_hold_line(std::string_view path) {
  const std::string plain = plain_name_of(path);
  return plain == "log" || plain == "message" || plain == "msg" || plain == "shortmessage" || plain == "fullmessage" || plain == "event.original" || plain == "textpayload";
}

// True if a line of any syntax may have a field of this name that is somebody's.
inline bool is_well_known_name(std::string_view path) {
  const grammar_field field = well_known_field(line_syntax::json, path);
  return field.cls != field_class::drop || field.signal != grammar_field::privacy_signal::none;
}

}  // namespace anonlog
