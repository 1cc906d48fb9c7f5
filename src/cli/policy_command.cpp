// cli/policy_command.cpp: `anonlog policy show|check|diff`: a policy in full, its errors, what differs between two.
#include "commands.hpp"

#include <map>
#include <sstream>

#include "message.hpp"
#include "settings_options.hpp"

namespace anonlog::cli {

namespace {

result<policy> read(const std::string& name, const std::vector<std::string>& overrides) {
  settings_options options;
  options.policy = name;
  options.overrides = overrides;
  return options.read_policy();
}

std::map<std::string, std::string> entries(const policy& rules) {
  std::map<std::string, std::string> all;
  std::istringstream dump(rules.dump());
  for (std::string line; std::getline(dump, line);) {
    const std::size_t equals = line.find('=');
    all[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return all;
}

}  // namespace

int show_policy(const std::string& name, const std::vector<std::string>& overrides) {
  std::ostringstream answer;
  const result<policy> rules = read(name, overrides);
  if (!rules) return fail(exit_usage, rules.error().message);
  answer << "# policy_fp " << rules.value().fingerprint() << "\n" << to_toml(rules.value());
  return print(answer.str());
}

int check_policy(const std::string& name, const std::vector<std::string>& overrides) {
  std::ostringstream answer;
  result<policy> rules = read(name, overrides);
  if (!rules) return fail(exit_usage, rules.error().message);
  if (result<protection> built = protection::make(*rules); !built)
    return fail(exit_usage, name + ": " + built.error().message);
  answer << name << ": ok, policy_fp " << rules->fingerprint() << "\n";
  return print(answer.str());
}

int diff_policies(const std::string& first, const std::string& second) {
  std::ostringstream answer;
  const result<policy> a = read(first, {}), b = read(second, {});
  if (!a) return fail(exit_usage, a.error().message);
  if (!b) return fail(exit_usage, b.error().message);
  const auto left = entries(a.value()), right = entries(b.value());
  const auto value_in = [](const auto& all, const std::string& key) {
    const auto found = all.find(key);
    return found == all.end() ? std::string("(not set)") : found->second;
  };
  auto keys = left;
  keys.insert(right.begin(), right.end());
  for (const auto& [key, unused] : keys)
    if (value_in(left, key) != value_in(right, key))
      answer << key << ": " << value_in(left, key) << " -> " << value_in(right, key) << "\n";
  return print(answer.str());
}

}  // namespace anonlog::cli
