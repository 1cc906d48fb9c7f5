// policy/json_classes.hpp: the class of each field of a JSON log, by the policy and by the built-in names.
//
// The names of a log are few and come again with every line, so they are remembered; how many is bounded, for a client may
// choose some of them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <anonlog/core/raw.hpp>
#include <anonlog/format/json_names.hpp>
#include <anonlog/policy/policy.hpp>
#include <anonlog/policy/protection.hpp>
#include <anonlog/transform/identifier_rules.hpp>

namespace anonlog {

struct json_class {
  field_class cls = field_class::drop;
  keep_form form = keep_form::any;
  grammar_field::privacy_signal signal = grammar_field::privacy_signal::none;
  bool is_known = false;  // named by the policy or by a program's documentation

  friend bool operator==(const json_class&, const json_class&) = default;
};

// A member's name that may be written as it stands (CLI.md 5): nobody's identifier, and no sentence.
inline bool is_writable_json_name(raw decoded) noexcept {
  constexpr std::size_t longest = 64;
  constexpr byte_set others("_.[]-@:/$");
  return !decoded.empty() && decoded.size() <= longest && all_of(decoded, [&](unsigned char c) { return is_alphanumeric(c) || others(c); }) &&
         !holds_identifier(decoded, character_profile::of(decoded));
}

// Belongs to one stream.
class json_classes {
 public:
  json_classes(const policy& rules, const protection& how) : rules_(rules), how_(how) {}

  // Of the field with this path, joined by `.`; "" is the path of a field that nobody knows.
  json_class of(std::string_view path) {
    if (const auto found = known_.find(path); found != known_.end()) return found->second;
    if (known_.size() == most_known) known_.clear();
    return known_.emplace(std::string(path), look_up(path)).first->second;
  }

 private:
  static constexpr std::size_t most_known = 1024;

  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  json_class look_up(std::string_view path) const {
    if (path.empty()) return {};
    const grammar_field field = json_field(path);
    std::optional<field_class> wanted = rules_.class_of(field.name);
    if (!wanted && !field.alias.empty()) wanted = rules_.class_of(field.alias);
    json_class made{.cls = wanted.value_or(field.cls),
                    .form = wanted ? keep_form::any : field.form,
                    .signal = field.signal,
                    .is_known = wanted.has_value() || field.cls != field_class::drop || field.signal != grammar_field::privacy_signal::none};
    if (!wanted && how_.is_session_cookie(field.cookie)) made.cls = field_class::session;
    return made;
  }

  const policy& rules_;
  const protection& how_;
  std::unordered_map<std::string, json_class, text_hash, std::equal_to<>> known_;
};

}  // namespace anonlog
