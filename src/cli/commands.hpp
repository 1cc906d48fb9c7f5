// cli/commands.hpp: what the command can do; each function is one word of the command line and returns the exit code.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "anonymise.hpp"
#include "settings_options.hpp"

namespace anonlog::cli {

// The words of `anonlog WORD`, and those that are known but not in this version.
inline constexpr std::array<std::string_view, 6> command_names = {"explain", "value", "formats", "policy", "key", "shipper"};
inline constexpr std::array<std::string_view, 5> later_commands = {"audit", "erase", "export", "find", "unseal"};

// `anonlog [OPTIONS] [FILE...]`
int anonymise(const anonymise_options& options);

// `anonlog explain [OPTIONS] [LINE]`; without LINE the first line of standard input.
int explain(const settings_options& options, const std::optional<std::string>& line);

// `anonlog value CLASS [OPTIONS]`
int transform_values(const settings_options& options, const std::string& class_name);

// `anonlog formats`
int list_formats();

// `anonlog policy show|check|diff`
int show_policy(const std::string& name, const std::vector<std::string>& overrides);
int check_policy(const std::string& name, const std::vector<std::string>& overrides);
int diff_policies(const std::string& first, const std::string& second);

// `anonlog key new|list`
struct new_key_options {
  std::string path;
  std::string era;
  std::string from = "-";
  std::string to = "-";
};
int new_key(const new_key_options& options);
int list_keys(const std::string& path);

// `anonlog shipper --rsyslog [OPTIONS]`: what rsyslog hands over (mmexternal's interface.input).
enum class message_form { msg, rawmsg, fulljson };
int ship_rsyslog(const settings_options& options, message_form form);

}  // namespace anonlog::cli
