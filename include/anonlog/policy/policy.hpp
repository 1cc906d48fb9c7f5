// policy/policy.hpp: what the user wants: a value for every setting, and a class for fields by name.
//
// A policy is a preset and what differs from it. It is data: its canonical dump is hashed into the fingerprint that
// every report carries, so that any output can be tied to the rules it was made with (SPEC 3.11).
#pragma once

#include <charconv>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <anonlog/core/field_class.hpp>
#include <anonlog/core/result.hpp>
#include <anonlog/core/suggest.hpp>
#include <anonlog/crypto/digest.hpp>
#include <anonlog/policy/presets.hpp>
#include <anonlog/policy/setting_value.hpp>

namespace anonlog {

class policy {
 public:
  // `balanced`.
  policy() {
    for (const setting& entry : settings) values_.emplace(entry.key, entry.fallback);
  }

  static result<policy> from_preset(std::string_view name) {
    const preset* const known = find_preset(name);
    if (known == nullptr) return setup_error{"unknown preset \"" + std::string(name) + "\"; " + suggest(name, preset_names())};
    if (!known->missing.empty())
      return setup_error{"preset \"" + std::string(name) + "\" is not in this version: it needs " + std::string(known->missing)};
    policy made;
    made.preset_ = name;
    for_each_word(known->changes, [&](std::string_view change) {
      const std::size_t equals = change.find('=');
      if (equals != std::string_view::npos) made.values_[std::string(change.substr(0, equals))] = change.substr(equals + 1);
    });
    return made;
  }

  // Sets one value; `key` is SECTION.KEY, a top-level key, or fields.NAME.
  std::optional<setup_error> set(std::string_view key, const written_value& written) {
    if (key.starts_with("fields.")) return set_field(key.substr(7), written);
    const setting* const known = find_setting(key);
    if (known == nullptr) return setup_error{"unknown policy key \"" + std::string(key) + "\"; " + suggest(key, setting_keys())};
    result<std::string> value = canonical_value(*known, written);
    if (!value) return value.error();
    values_[std::string(key)] = std::move(*value);
    return std::nullopt;
  }

  const std::string& preset_name() const noexcept { return preset_; }
  // The canonical value of a setting of settings.hpp. Asking for another name is a mistake in the program and ends it.
  const std::string& text(std::string_view key) const {
    const auto found = values_.find(key);
    if (found == values_.end()) std::abort();
    return found->second;
  }
  bool flag(std::string_view key) const { return text(key) == "true"; }
  std::vector<std::string> list(std::string_view key) const { return list_items(text(key)); }
  std::int64_t number(std::string_view key) const {
    std::int64_t value = 0;
    setting_detail::to_integer(text(key), value);
    return value;
  }
  double share(std::string_view key) const {
    double percent = 0;
    const std::string& digits = text(key);
    std::from_chars(digits.data(), digits.data() + digits.size(), percent);  // whatever the locale
    return percent / 100;
  }

  // The class the user gave to a field. A header has one name however it is spelled: User-Agent, http_user_agent,
  // $http_user_agent, %{User-agent}i.
  std::optional<field_class> class_of(std::string_view field_name) const {
    const auto found = fields_.find(plain_name(field_name));
    if (found == fields_.end()) return std::nullopt;
    return found->second;
  }

  // The one spelling under which fields() has a field.
  static std::string plain_name(std::string_view name) {
    if (name.starts_with("%{") && name.find('}') != std::string_view::npos) name = name.substr(2, name.find('}') - 2);
    if (name.starts_with('$')) name.remove_prefix(1);
    if (name.starts_with('{') && name.ends_with('}')) name = name.substr(1, name.size() - 2);
    std::string plain;
    for (char c : name) plain += c == '_' ? '-' : to_lower(static_cast<unsigned char>(c));
    return plain.starts_with("http-") ? plain.substr(5) : plain;
  }
  const std::map<std::string, field_class>& fields() const noexcept { return fields_; }

  // What cannot be wanted together, or only on purpose.
  std::optional<setup_error> check() const {
    const bool weak = flag("accept_weak");
    const auto needs_weak = [](std::string_view what) {
      return setup_error{std::string(what) + " protects little: it needs accept_weak = true"};
    };
    if (text("ip.mode") == "truncate") {
      if (number("ip.v4") > 24 && !weak) return needs_weak("ip.v4 above 24");
      if (number("ip.v6") > 48 && !weak) return needs_weak("ip.v6 above 48");
      if (text("agent.level") == "full" && !weak) return needs_weak("a truncated address beside agent.level = \"full\"");
    }
    if (text("user.mode") == "keep" && !weak) return needs_weak("user.mode = \"keep\"");
    if (text("email.mode") == "keep" && !weak) return needs_weak("email.mode = \"keep\"");
    if (text("path.level") == "routes" && list("path.routes").empty())
      return setup_error{"path.level = \"routes\" needs path.routes, such as [\"/users/*\", \"/static/**\"]"};
    return std::nullopt;
  }

  // This policy where it is at least as strict as `strict`, and `strict` elsewhere: for lines with DNT or GPC.
  policy strict_overlay() const {
    policy overlay = *this;
    const result<policy> strict = from_preset("strict");
    for (const setting& entry : settings) {
      std::string& value = overlay.values_.find(entry.key)->second;
      value = stricter_value(entry, value, strict->text(entry.key));
    }
    return overlay;
  }

  // Keys sorted, `key=value\n`.
  std::string dump() const {
    std::map<std::string, std::string, std::less<>> all = values_;
    all["preset"] = preset_;
    all["version"] = "1";
    for (const auto& [name, cls] : fields_) all["fields." + name] = to_text(cls);
    std::string text;
    for (const auto& [key, value] : all) text.append(key).append("=").append(value).append("\n");
    return text;
  }

  std::string fingerprint() const { return digest128_hex(dump()).substr(0, 16); }

 private:
  static std::vector<std::string_view> preset_names() {
    std::vector<std::string_view> names;
    for (const preset& entry : presets) names.push_back(entry.name);
    return names;
  }
  static std::vector<std::string_view> setting_keys() {
    std::vector<std::string_view> keys = {"version", "preset"};
    for (const setting& entry : settings) keys.push_back(entry.key);
    return keys;
  }
  std::optional<setup_error> set_field(std::string_view name, const written_value& written) {
    const auto* const word = std::get_if<std::string>(&written);
    if (word == nullptr || name.empty()) return setup_error{"fields: expects NAME = \"CLASS\""};
    const std::optional<field_class> cls = field_class_from(*word);
    if (!cls) return setup_error{"unknown class \"" + *word + "\"; " + suggest(*word, field_class_names)};
    if (*cls == field_class::visitor) return setup_error{"class \"visitor\" is not in this version"};
    if (name.size() > 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    fields_[plain_name(name)] = *cls;
    return std::nullopt;
  }

  std::string preset_ = "balanced";
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, field_class> fields_;
};

}  // namespace anonlog
