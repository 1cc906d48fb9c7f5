// transform/keep_word.hpp: a status, a method, a cache word: kept, but only in the form such a value has.
//
// What the operator's own side wrote says nothing of a client. But a field is only called so; a client that gets its
// own text into it must find the door closed. Source: SPEC 3.9 (forms), 3.8 (methods, protocols, identifier rules).
#pragma once

#include <string_view>

#include <anonlog/core/field_class.hpp>
#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/http_words.hpp>
#include <anonlog/transform/identifier_rules.hpp>
#include <anonlog/transform/list_elements.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

struct keep_word {
  static constexpr std::string_view name = "keep";

  static constexpr example examples[] = {
      {.in = "200", .out = "200", .outcome = outcome::kept},
      {.in = "502, 200 : 200", .out = "502, 200 : 200", .outcome = outcome::kept},
      {.in = "TLSv1.3", .out = "TLSv1.3", .outcome = outcome::kept},
      {.in = "secret words", .out = "-", .outcome = outcome::unreadable},
      {.in = "bob@corp.example", .out = "-", .outcome = outcome::unreadable},
      {.in = "203.0.113.77", .out = "-", .outcome = outcome::unreadable},
  };

  keep_form form = keep_form::any;

  // A value in its form; of a list, each element; "-" for what has another form.
  outcome apply(raw value, scope&, writer& out) const noexcept {
    if (form == keep_form::method && !is_known_method(value) && is_method_form(value)) {
      out.put(std::string_view("OTHER"));
      return outcome::reduced;
    }
    if (has_form(value)) {  // one element and nothing else: no form holds what joins a list
      put_kept(value, true, out);
      return outcome::kept;
    }
    if (!is_list_form() || !is_joined_as_list(value)) {
      out.put('-');
      return outcome::unreadable;
    }
    bool read_any = false, failed_any = false;
    write_list(value, out, [&](raw element) noexcept {
      const bool fits = has_form(element);
      put_kept(element, fits, out);
      read_any = read_any || fits;
      failed_any = failed_any || (!fits && !(element == std::string_view("-")));
    });
    if (!failed_any) return outcome::kept;
    return read_any ? outcome::reduced : outcome::unreadable;
  }

 private:
  // A proxy lists what its servers answered; a request has one method, protocol and scheme.
  bool is_list_form() const noexcept {
    return form != keep_form::method && form != keep_form::protocol && form != keep_form::scheme;
  }

  // Servers join by `, ` and ` : `; a blank elsewhere stands between the words of a sentence.
  static bool is_joined_as_list(raw value) noexcept {
    const auto ends_element = [&](std::size_t at) {
      return at >= value.size() || value[at] == ',' || value[at] == ' ';
    };
    const auto is_lone_colon = [&](std::size_t at) {
      return at < value.size() && value[at] == ':' && (at == 0 || ends_element(at - 1)) && ends_element(at + 1);
    };
    for (std::size_t i = value.find(' '); i != raw::npos; i = value.find(' ', i + 1)) {
      const bool follows = i > 0 && (value[i - 1] == ',' || is_lone_colon(i - 1));
      if (!follows && !is_lone_colon(i + 1)) return false;
    }
    return true;
  }

  static void put_kept(raw text, bool fits, writer& out) noexcept {
    if (fits)
      out.release(text);
    else
      out.put('-');
  }

  static bool is_number(raw text) noexcept { return !text.empty() && text.size() <= 20 && all_of(text, is_digit); }

  static bool is_word(raw text) noexcept {
    static constexpr byte_set may_hold("_.:/+-");
    return !text.empty() && text.size() <= 64 && all_of(text, may_hold) && !holds_identifier(text);
  }

  static bool is_scheme(raw text) noexcept {
    for (std::string_view scheme : {"http", "https", "ws", "wss"})
      if (text == scheme) return true;
    return false;
  }

  // As syslog, Go, Java, Python and JavaScript call them.
  static bool is_label(raw text) noexcept {
    if (is_number(text)) return text.size() == 1 || (text.size() == 2 && text[0] <= '5') || text == "60";
    for (std::string_view word : {"trace", "debug", "info", "information", "notice", "warn", "warning", "err", "error", "crit", "critical",
                                  "alert", "emerg", "emergency", "fatal", "panic", "dpanic", "stdout", "stderr"})
      if (text.equals_lower(word)) return true;
    return false;
  }

  // Whatever tells Traefik of its routers stands behind the name of one; behind HAProxy's frontends with TLS, a tilde.
  static bool is_provided(raw text) noexcept {
    if (text.ends_with("~")) text = text.without_last(1);
    const std::size_t at = text.rfind('@');
    if (at == raw::npos) return is_number(text) || is_word(text);
    for (std::string_view provider : {"docker", "file", "internal", "http", "kubernetes", "kubernetescrd", "kubernetesgateway", "knative", "swarm", "ecs",
                                      "nomad", "consul", "consulcatalog", "etcd", "redis", "rest", "zookeeper", "marathon", "rancher"})
      if (text.sub(at + 1) == provider) return is_word(text.first(at));
    return false;
  }

  bool has_form(raw text) const noexcept {
    switch (form) {
      case keep_form::any: return is_number(text) || is_word(text);
      case keep_form::status: return text.size() == 3 && all_of(text, is_digit);
      case keep_form::number: return is_number(text);
      case keep_form::method: return is_known_method(text);
      case keep_form::protocol: return is_known_protocol(text) || is_known_protocol_version(text) || is_scheme(text);  // some say no more of a protocol
      case keep_form::scheme: return is_scheme(text);
      case keep_form::word: return is_word(text);
      case keep_form::provided: return is_provided(text);
      case keep_form::label: return is_label(text);
    }
    return false;
  }
};

}  // namespace anonlog
