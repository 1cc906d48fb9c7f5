// policy/protection.hpp: a policy turned into transforms, one for each class: the last stop before a value is written.
//
// Immutable and shared by threads. What every transform has in common is done here: an absent value stays absent.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <anonlog/core/field_class.hpp>
#include <anonlog/policy/policy.hpp>
#include <anonlog/transform/all.hpp>

namespace anonlog {

// What a DNT or GPC field that is 1 does to its line; from the strongest to the weakest.
enum class signal_rule : unsigned char { drop, strict, ignore };

inline signal_rule signal_rule_from(std::string_view word) noexcept {
  return word == "drop" ? signal_rule::drop : word == "strict" ? signal_rule::strict : signal_rule::ignore;
}

class protection {
 public:
  // Builds the transforms; the error names the setting that cannot be used.
  static result<protection> make(const policy& rules) {
    protection made;
    if (auto error = made.read_addresses(rules)) return *error;
    if (auto error = made.read_urls(rules)) return *error;
    made.read_names(rules);
    made.read_the_rest(rules);
    made.choose_what_to_remember();
    return made;
  }

  // Writes what becomes of `value`, whose log escapes are undone.
  outcome apply(field_class cls, keep_form form, raw value, scope& s, writer& out) const noexcept {
    if (value.empty()) return outcome::absent;
    if (value == "-") {
      out.put('-');
      return outcome::absent;
    }
    switch (cls) {
      case field_class::drop: break;
      case field_class::ip: return ip_.apply(value, s, out);
      case field_class::ip_list: return ip_list_.apply(value, s, out);
      case field_class::forwarded: return forwarded_.apply(value, s, out);
      case field_class::ip_binary: return ip_binary_.apply(value, s, out);
      case field_class::upstream: return upstream_.apply(value, s, out);
      case field_class::host: return host_.apply(value, s, out);
      case field_class::port: return port_.apply(value, s, out);
      case field_class::user: return user_.apply(value, s, out);
      case field_class::email: return email_.apply(value, s, out);
      case field_class::session: return drops_sessions_ ? dropped(out) : session_.apply(value, s, out);
      case field_class::cookie: return cookie_.apply(value, s, out);
      case field_class::visitor: break;
      case field_class::time: return time_.apply(value, s, out);
      case field_class::agent: return agent_.apply(value, s, out);
      case field_class::referrer: return referrer_.apply(value, s, out);
      case field_class::request: return request_.apply(value, s, out);
      case field_class::target: return request_.target_rule.apply(value, s, out);
      case field_class::path: return path_.apply(value, s, out);
      case field_class::query: return request_.target_rule.query_rule.apply(value, s, out);
      case field_class::bytes: return bytes_.apply(value, s, out);
      case field_class::duration: return duration_.apply(value, s, out);
      case field_class::value: return drops_sessions_ ? dropped(out) : value_.apply(value, s, out);
      case field_class::text: return text_.apply(value, s, out);
      case field_class::vhost: return vhost_.apply(value, s, out);
      case field_class::keep:
        return drops_server_words_ && is_server_word(form) ? dropped(out) : keep_word{.form = form}.apply(value, s, out);
    }
    return dropped(out);
  }

  // Free text that ends its line; its quotes stay quotes.
  outcome apply_last_text(raw value, scope& s, writer& out) const noexcept { return text_.apply(value, s, out, "\""); }

  // A number under which outcomes of this class may be remembered, or 0 if it is not worth it: what becomes of a value
  // then depends on nothing but the value, the keys and this object.
  std::uint8_t memo_kind(field_class cls) const noexcept { return memo_kinds_[static_cast<std::size_t>(cls)]; }

  // True if a pseudonym of this class can come out.
  bool is_keyed(field_class cls) const noexcept { return keyed_[static_cast<std::size_t>(cls)]; }

  // Classes whose outputs can hold blanks or commas, and so the byte that ends their slot (SPEC 3.1, F4).
  static constexpr bool can_hold_delimiters(field_class cls) noexcept {
    switch (cls) {
      case field_class::ip_list:
      case field_class::forwarded:
      case field_class::upstream:
      case field_class::cookie:
      case field_class::time:
      case field_class::agent:
      case field_class::request:
      case field_class::bytes:
      case field_class::duration:
      case field_class::text:
      case field_class::keep: return true;
      default: return false;
    }
  }

  // True if the value of the one cookie of this name becomes a session token.
  bool is_session_cookie(std::string_view name) const {
    if (name.empty() || cookie_.level != cookie_level::session) return false;
    for (const std::string& listed : cookie_.session_names)
      if (listed == name) return true;
    return false;
  }

  // What a kernel does itself, to the same effect as apply().
  const ip_position& address_rule() const noexcept { return ip_; }
  bool gives_origins() const noexcept { return referrer_.level == referrer_level::origin; }
  unsigned significant_digits_of(field_class cls) const noexcept {
    return cls == field_class::duration ? duration_.digits : bytes_.digits;
  }
  bool keeps_paths_only() const noexcept {
    const target& what = request_.target_rule;
    return what.path_rule.level == path_level::keep && what.query_rule.level == query_level::drop;
  }
  // The date of the Public Suffix List, or nothing where it is not used.
  std::string public_suffix_date() const { return referrer_.suffixes ? referrer_.suffixes->date() : std::string{}; }
  outcome request_outcome() const noexcept { return request_.target_rule.reach(); }
  std::int32_t grid_seconds() const noexcept { return time_.grid_seconds; }

  std::int32_t zone_seconds() const noexcept { return zone_seconds_; }
  bool needs_time() const noexcept { return needs_time_; }

  // The start of the time step that holds this moment, on the grid of a zone: that of the record's stamps, because two
  // grids together would tell more than one.
  std::int64_t on_grid(std::int64_t unix_seconds, std::int32_t zone_seconds) const noexcept {
    const std::int64_t above = (unix_seconds + zone_seconds) % time_.grid_seconds;
    return unix_seconds - (above < 0 ? above + time_.grid_seconds : above);
  }

  // Marks this as the overlay of DNT and GPC, so that the two do not share what they remember.
  void mark_as_overlay() noexcept {
    for (std::uint8_t& kind : memo_kinds_)
      if (kind != 0) kind |= 0x80;
  }

 private:
  protection() = default;

  static outcome dropped(writer& out) noexcept {
    out.put('-');
    return outcome::dropped;
  }

  // Status, method, protocol and counts are the visitor's request; the rest is the server's own.
  static constexpr bool is_server_word(keep_form form) noexcept {
    return form == keep_form::any || form == keep_form::word || form == keep_form::provided;
  }

  template <class Enum>
  static Enum choice(const policy& rules, std::string_view key, std::initializer_list<std::pair<std::string_view, Enum>> words) {
    const std::string& text = rules.text(key);
    for (const auto& [word, value] : words)
      if (word == text) return value;
    return words.begin()->second;  // the strictest: settings.hpp lets no other word through
  }

  std::optional<setup_error> read_addresses(const policy& rules) {
    style_ = {.symbols = static_cast<unsigned>(rules.number("token.symbols")), .accept_tokens = rules.flag("token.accept_tokens")};
    ip_.mode = choice<ip_mode>(rules, "ip.mode", {{"drop", ip_mode::drop}, {"truncate", ip_mode::truncate},
                                                  {"token", ip_mode::token}, {"ula", ip_mode::ula}});
    ip_.port = choice<port_rule>(rules, "ip.port", {{"drop", port_rule::drop}, {"zero", port_rule::zero}, {"keep", port_rule::keep}});
    ip_.host = choice<host_rule>(rules, "ip.host", {{"drop", host_rule::drop}, {"token", host_rule::token}});
    ip_.truncate.ipv4_kept_bits = static_cast<std::uint8_t>(rules.number("ip.v4"));
    ip_.truncate.ipv6_kept_bits = static_cast<std::uint8_t>(rules.number("ip.v6"));
    ip_.token.ipv4_bits = static_cast<std::uint8_t>(rules.number("ip.token_v4_bits"));
    ip_.token.ipv6_bits = static_cast<std::uint8_t>(rules.number("ip.token_v6_bits"));
    ip_.style = style_;
    ip_.keep = keep_set::none();
    for (const std::string& name : rules.list("ip.keep")) {
      if (ip_.keep.add_named(name)) continue;
      const bool is_network = name.find_first_of(".:/") != std::string::npos;
      if (!is_network) return setup_error{"ip.keep: unknown set \"" + name + "\"; " + suggest(name, keep_set_names) + ", or a CIDR"};
      const result<ip_prefix> network = parse_ip_prefix(name);
      if (!network) return setup_error{"ip.keep: " + network.error().message};
      ip_.keep.add(network.value());
    }
    for (const std::string& text : rules.list("ip.sixrd")) {
      const result<ip_prefix> prefix = parse_ip_prefix(text);
      if (!prefix) return setup_error{"ip.sixrd: " + prefix.error().message};
      if (prefix.value().network.is_ipv4) return setup_error{"ip.sixrd: \"" + text + "\" is no IPv6 prefix"};
      ip_.truncate.sixrd.push_back(prefix.value());
    }
    ip_list_ = {.position = ip_, .xff = choice<xff_rule>(rules, "ip.xff", {{"all", xff_rule::all}, {"first", xff_rule::first},
                                                                         {"last", xff_rule::last}})};
    forwarded_.position = ip_;
    ip_binary_.position = ip_;
    const bool keeps_servers = rules.text("server.mode") == "keep";
    upstream_ = upstream(ip_, keeps_servers ? server_rule::keep : server_rule::drop);
    drops_server_words_ = !keeps_servers;
    host_ = {.rule = ip_.host, .style = style_};
    port_.rule = ip_.port;
    return std::nullopt;
  }

  std::optional<setup_error> read_urls(const policy& rules) {
    target& where = request_.target_rule;
    where.host_widths = ip_.truncate;
    const std::string& level = rules.text("path.level");
    if (level.starts_with("dir")) {
      where.path_rule.level = path_level::directories;
      where.path_rule.kept_segments = static_cast<std::uint8_t>(level[3] - '0');
    } else {
      where.path_rule.level = choice<path_level>(rules, "path.level", {{"drop", path_level::drop}, {"routes", path_level::routes},
                                                                       {"template", path_level::template_}, {"keep", path_level::keep}});
    }
    const std::vector<std::string> patterns = rules.list("path.routes");
    result<route_table> routes = route_table::compile(patterns);
    if (!routes) return routes.error();
    where.path_rule.routes = std::make_shared<const route_table>(std::move(*routes));
    query& values = where.query_rule;
    values.level = choice<query_level>(rules, "query.level", {{"drop", query_level::drop}, {"keys", query_level::keys},
                                                              {"allow", query_level::allow}, {"hash", query_level::hash},
                                                              {"full", query_level::full}});
    values.allow = rules.list("query.allow");
    values.allow_sensitive = rules.list("query.allow_sensitive");
    for (const std::string& key : values.allow_sensitive) {
      const auto is_it = [&](std::string_view personal) { return raw(key).equals_lower(personal); };
      if (!std::any_of(std::begin(personal_keys), std::end(personal_keys), is_it))
        return setup_error{"query.allow_sensitive: \"" + key + "\" is no personal key (credentials are never let through); " +
                           suggest(key, personal_keys)};
    }
    values.style = style_;
    path_.rules = where;

    referrer_.level = choice<referrer_level>(rules, "referrer.level", {{"drop", referrer_level::drop}, {"domain", referrer_level::domain}, {"origin", referrer_level::origin},
                                                                      {"own-path", referrer_level::own_path}, {"full", referrer_level::full}});
    referrer_.own_hosts = rules.list("referrer.own_hosts");
    referrer_.path_rule = where.path_rule;
    referrer_.query_rule = values;
    referrer_.host_widths = ip_.truncate;
    if (auto error = referrer_.find_suffixes()) return *error;
    vhost_ = {.rule = choice<vhost_rule>(rules, "vhost.mode", {{"drop", vhost_rule::drop}, {"keep", vhost_rule::keep}}),
              .host_widths = ip_.truncate};
    forwarded_.host = vhost_.rule;
    text_ = {.address = ip_, .server = upstream_, .request = request_, .referrer_rule = referrer_, .host = vhost_};
    return std::nullopt;
  }

  void read_names(const policy& rules) {
    const auto name_rule_of = [&](std::string_view key) {
      return choice<name_rule>(rules, key, {{"drop", name_rule::drop}, {"token", name_rule::token}, {"keep", name_rule::keep}});
    };
    email_.rule = name_rule_of("email.mode");
    email_.options = {.fold_local = rules.text("email.case") == "fold", .strip_plus = rules.text("email.plus") == "strip"};
    email_.style = style_;
    user_.rule = name_rule_of("user.mode");
    user_.email_rule = email_.rule;
    user_.match = rules.text("user.case") == "fold" ? user_token::letter_case::fold : user_token::letter_case::exact;
    user_.email = email_.options;
    user_.style = style_;
    session_.style = style_;
    drops_sessions_ = rules.text("session.mode") == "drop";
    value_.style = style_;
    cookie_ = {.level = choice<cookie_level>(rules, "cookie.level", {{"drop", cookie_level::drop}, {"names", cookie_level::names},
                                                                     {"session", cookie_level::session}}),
               .session_names = rules.list("session.cookies"),
               .style = style_};
  }

  void read_the_rest(const policy& rules) {
    agent_.level = choice<agent_level>(rules, "agent.level", {{"drop", agent_level::drop}, {"class", agent_level::kind},
                                                              {"family", agent_level::family}, {"major", agent_level::major},
                                                              {"full", agent_level::full}});
    time_.grid_seconds = static_cast<std::int32_t>(rules.number("time.grid"));
    zone_seconds_ = static_cast<std::int32_t>(rules.number("time.zone"));
    needs_time_ = rules.text("time.unreadable") == "reject";
    bytes_.digits = static_cast<unsigned>(rules.number("bytes.digits"));
    duration_.digits = static_cast<unsigned>(rules.number("duration.digits"));
  }

  bool makes_pseudonyms(field_class cls) const noexcept {
    const bool hashes_queries = request_.target_rule.query_rule.level == query_level::hash;
    switch (cls) {
      case field_class::ip:
      case field_class::ip_list:
      case field_class::forwarded:
      case field_class::ip_binary:
      case field_class::upstream: return ip_.mode == ip_mode::token || ip_.mode == ip_mode::ula || ip_.host == host_rule::token;
      case field_class::host: return host_.rule == host_rule::token;
      case field_class::user: return user_.rule == name_rule::token || email_.rule == name_rule::token;
      case field_class::email: return email_.rule == name_rule::token;
      case field_class::session:
      case field_class::value: return !drops_sessions_;
      case field_class::cookie: return cookie_.level == cookie_level::session;
      case field_class::request:
      case field_class::target:
      case field_class::path:
      case field_class::query: return hashes_queries;
      case field_class::text: return hashes_queries || makes_pseudonyms(field_class::ip);
      default: return false;
    }
  }

  // What costs more than looking it up, and comes again.
  void choose_what_to_remember() noexcept {
    for (field_class cls : {field_class::user, field_class::email, field_class::agent, field_class::referrer,
                            field_class::request, field_class::target, field_class::path})
      memo_kinds_[static_cast<std::size_t>(cls)] = static_cast<std::uint8_t>(cls);
    for (std::size_t i = 0; i < keyed_.size(); ++i) keyed_[i] = makes_pseudonyms(static_cast<field_class>(i));
    if (ip_.mode == ip_mode::token || ip_.mode == ip_mode::ula)
      memo_kinds_[static_cast<std::size_t>(field_class::ip)] = static_cast<std::uint8_t>(field_class::ip);
  }

  token_style style_;
  ip_position ip_;
  ip_list ip_list_;
  forwarded forwarded_;
  ip_binary ip_binary_;
  upstream upstream_;
  host_token host_;
  client_port port_;
  user_token user_;
  email_token email_;
  session_token session_;
  cookie cookie_;
  time_floor time_;
  agent agent_;
  referrer referrer_;
  request_line request_;
  url_path path_;
  significant_digits bytes_;
  significant_digits duration_;
  value_token value_;
  scrub text_;
  vhost vhost_;
  std::array<std::uint8_t, field_class_names.size()> memo_kinds_{};
  std::array<bool, field_class_names.size()> keyed_{};
  std::int32_t zone_seconds_ = 0;
  bool needs_time_ = false;
  bool drops_sessions_ = false;
  bool drops_server_words_ = false;
};

}  // namespace anonlog
