// policy/toml_reader.hpp: a policy from a TOML text, or one value from `--set`; errors have a line and a column.
//
// The only place with toml++. Unknown sections and keys are errors: a mistyped name must never weaken a policy.
#pragma once

#include <sstream>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include <anonlog/policy/policy.hpp>

namespace anonlog {

namespace toml_detail {

inline std::string place(std::string_view file, const toml::source_region& where) {
  return std::string(file) + ":" + std::to_string(where.begin.line) + ":" + std::to_string(where.begin.column) + ": ";
}

inline bool to_written(const toml::node& node, written_value& out) {
  if (const auto text = node.value_exact<std::string>()) {
    out = *text;
  } else if (const auto integer = node.value_exact<std::int64_t>()) {
    out = *integer;
  } else if (const auto flag = node.value_exact<bool>()) {
    out = *flag;
  } else if (const auto number = node.value_exact<double>()) {
    out = *number;
  } else if (const toml::array* const array = node.as_array()) {
    std::vector<std::string> items;
    for (const toml::node& item : *array) {
      const auto word = item.value_exact<std::string>();
      if (!word) return false;
      items.push_back(*word);
    }
    out = std::move(items);
  } else {
    return false;
  }
  return true;
}

inline std::optional<setup_error> set_node(policy& target, const std::string& key, const toml::node& node,
                                           std::string_view file) {
  written_value written;
  if (!to_written(node, written))
    return setup_error{place(file, node.source()) + key + ": expects a text, a number, true, false, or a list of texts"};
  if (auto error = target.set(key, written)) return setup_error{place(file, node.source()) + error->message};
  return std::nullopt;
}

}  // namespace toml_detail

// Reads a whole policy. `file` stands in front of the messages.
inline result<policy> parse_policy(std::string_view text, std::string_view file) {
  using namespace toml_detail;
  toml::table root;
  try {
    root = toml::parse(text, std::string(file));
  } catch (const toml::parse_error& error) {
    // Without what the parser saw there: somebody may have named a log where a policy was meant.
    const std::string_view description = error.description();
    return setup_error{place(file, error.source()) + std::string(description.substr(0, description.find(", saw")))};
  }

  policy made;
  if (const toml::node* const preset = root.get("preset")) {
    const auto name = preset->value_exact<std::string>();
    if (!name) return setup_error{place(file, preset->source()) + "preset: expects the name of a preset"};
    result<policy> base = policy::from_preset(*name);
    if (!base) return setup_error{place(file, preset->source()) + base.error().message};
    made = std::move(*base);
  }
  if (const toml::node* const number = root.get("version"))
    if (number->value_exact<std::int64_t>() != 1)
      return setup_error{place(file, number->source()) + "version: this program reads version = 1"};

  for (const auto& [name, node] : root) {
    const std::string section(name.str());
    if (section == "preset" || section == "version") continue;
    const toml::table* const table = node.as_table();
    if (table == nullptr) {
      if (auto error = set_node(made, section, node, file)) return *error;
      continue;
    }
    for (const auto& [key, value] : *table)
      if (auto error = set_node(made, section + "." + std::string(key.str()), value, file)) return *error;
  }
  if (auto error = made.check()) return setup_error{std::string(file) + ": " + error->message};
  return made;
}

// `SECTION.KEY=VALUE`; VALUE as TOML, where the quotes around a plain word may be left out.
inline std::optional<setup_error> set_from_text(policy& target, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return setup_error{"expects SECTION.KEY=VALUE, such as ip.v4=16"};
  const std::string key(assignment.substr(0, equals));
  const std::string value(assignment.substr(equals + 1));
  if (key == "preset" || key == "version") return setup_error{key + " cannot be set here; use -p"};

  try {
    const toml::table parsed = toml::parse("value = " + value);
    written_value written;
    if (parsed.size() == 1 && toml_detail::to_written(*parsed.get("value"), written)) return target.set(key, written);
  } catch (const toml::parse_error&) {
    // Not TOML: a plain word, or a list of plain words.
  }
  if (value.find_first_of("\"'\n\r") != std::string::npos)
    return setup_error{key + ": the value is neither TOML nor a plain word"};
  if (!value.starts_with('[') || !value.ends_with(']')) return target.set(key, value);
  std::vector<std::string> items;
  std::istringstream inside(value.substr(1, value.size() - 2));
  for (std::string item; std::getline(inside, item, ',');) {
    item.erase(0, item.find_first_not_of(' '));
    item.erase(item.find_last_not_of(' ') + 1);
    items.push_back(item);
  }
  return target.set(key, items);
}

// A policy as a TOML text that parse_policy reads back as the same policy.
inline std::string to_toml(const policy& shown) {
  std::string text = "version = 1\npreset = \"" + shown.preset_name() + "\"\n";
  std::string section;
  const auto add = [&](const setting& entry) {
    if (entry.later == "*") return;
    const std::size_t dot = entry.key.find('.');
    const std::string_view in = dot == std::string_view::npos ? std::string_view{} : entry.key.substr(0, dot);
    if (in != section) text.append("\n[").append(in).append("]\n");
    section = in;
    const std::string& value = shown.text(entry.key);
    const bool is_text = entry.type == setting_type::word || entry.type == setting_type::text;
    std::string line(dot == std::string_view::npos ? entry.key : entry.key.substr(dot + 1));
    line.append(" = ").append(is_text ? setting_detail::in_quotes(value) : value);
    if (line.size() < 40) line.resize(40, ' ');
    text.append(line).append("  # ").append(entry.help).append("\n");
  };
  for (const setting& entry : settings)
    if (entry.key.find('.') == std::string_view::npos) add(entry);
  for (const setting& entry : settings)
    if (entry.key.find('.') != std::string_view::npos) add(entry);
  if (!shown.fields().empty()) text += "\n[fields]\n";
  for (const auto& [name, cls] : shown.fields())
    text.append(setting_detail::in_quotes(name)).append(" = \"").append(to_text(cls)).append("\"\n");
  return text;
}

}  // namespace anonlog
