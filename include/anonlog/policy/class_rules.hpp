// policy/class_rules.hpp: for each class the settings that rule it, and why, in words for `anonlog explain`.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include <anonlog/core/field_class.hpp>
#include <anonlog/policy/policy.hpp>

namespace anonlog {

struct class_rule {
  std::string_view settings;  // keys, separated by blanks
  std::string_view why;
};

// In the order of field_class.
inline constexpr std::array<class_rule, field_class_names.size()> class_rules = {{
    {"", "unknown, or nobody's business: not copied"},
    {"ip.mode ip.v4 ip.v6 ip.port ip.host", "a network has many people, an address has one"},
    {"ip.mode ip.v4 ip.v6 ip.port ip.xff", "every hop of the list is somebody's address"},
    {"ip.mode ip.v4 ip.v6 ip.port", "RFC 7239: addresses, hosts and client text"},
    {"ip.mode ip.v4 ip.v6", "an address as raw bytes"},
    {"server.mode ip.mode ip.v4 ip.v6 ip.port", "servers of your own: private addresses stay"},
    {"ip.host", "reverse names spell the address"},
    {"ip.port", "behind a carrier's NAT the port is the person"},
    {"user.mode user.case token.symbols epoch.length", "a name becomes a pseudonym that ends with its epoch"},
    {"email.mode email.case email.plus token.symbols epoch.length", "an address becomes a pseudonym that ends with its epoch"},
    {"session.mode token.symbols epoch.length", "a session id is a key to the session"},
    {"cookie.level session.cookies", "cookies exist to recognise people"},
    {"visitor.mode", "not in this version"},
    {"time.grid time.zone", "an exact time joins this log with others"},
    {"agent.level", "device and build make a visitor unique"},
    {"referrer.level referrer.own_hosts", "the page before may hold a name, a search or a reset token"},
    {"path.level query.level", "identifiers in paths and values in queries"},
    {"path.level query.level", "identifiers in paths and values in queries"},
    {"path.level", "identifiers in paths"},
    {"query.level query.allow query.allow_sensitive", "values in queries"},
    {"bytes.digits", "an exact size identifies a page"},
    {"duration.digits", "a server's own measure"},
    {"token.symbols epoch.length", "declared as an identifier: a pseudonym"},
    {"", "free text: best effort, identifiers are replaced where they are found"},
    {"vhost.mode", "your own site, as the client wrote it"},
    {"server.mode", "a word or number of your own side, in its own form"},
}};

// "ip.mode = truncate, ip.v4 = 24"
inline std::string rule_text(const policy& rules, field_class cls) {
  std::string text;
  for_each_word(class_rules[static_cast<std::size_t>(cls)].settings, [&](std::string_view key) {
    if (key.empty()) return;
    text.append(text.empty() ? "" : ", ").append(key).append(" = ").append(rules.text(key));
  });
  return text.empty() ? "always" : text;
}

}  // namespace anonlog
