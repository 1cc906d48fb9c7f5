// cli/settings_options.hpp: the options every command shares: format, policy, keys, time; and the plan they make.
#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

#include <anonlog.hpp>

namespace anonlog::cli {

// An option of its own that sets one value of the policy, such as --on-reject.
struct named_override {
  std::string option;
  std::string key;
  std::string value;
  std::string expects;  // said when the value cannot be; empty: what the policy says
};

struct settings_options {
  std::string format = "auto";
  std::string policy = "balanced";
  std::vector<std::string> overrides;
  std::vector<named_override> named_overrides;
  std::string keyring;
  std::string recipient;
  std::string time_zone;
  std::string now;
  std::string kernel;  // empty: the best
  std::string output_shape = "same";

  enum class with_format : bool { no, yes };
  void add_to(CLI::App& app, with_format format);

  // The policy with its overrides.
  result<anonlog::policy> read_policy() const;

  // The path of the keyring, from the option or from ANONLOG_KEYRING; empty: ephemeral keys.
  std::string keyring_path() const;

  // Everything together.
  result<std::shared_ptr<const plan>> make_plan() const;

  // For single values and for records: [fields] may name fields of any format.
  bool for_values_only = false;
  // For lines that have nothing to do with each other, and senders that must not choose how another's is read.
  bool for_messages = false;
};

// `--set KEY=VALUE`.
void add_overrides_to(CLI::App& app, std::vector<std::string>& overrides);

// Said once by a run that makes pseudonyms without a keyring.
inline constexpr const char* keys_are_ephemeral =
    "no keyring: pseudonyms are made with keys that are forgotten at the end (-k FILE keeps them)";

inline constexpr const char* keyring_is_a_path =
    "the keyring is given as the path of a file, never as a key: make one with `anonlog key new FILE`";

// Unix seconds of "1768478400" or of an ISO 8601 time.
result<std::int64_t> parse_time(std::string_view text, std::string_view option);

// The text of a file that the user named on the command line; at most 1 MiB.
result<std::string> read_small_file(const std::string& path);

}  // namespace anonlog::cli
