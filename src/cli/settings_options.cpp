// cli/settings_options.cpp: see settings_options.hpp.
#include "settings_options.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>

#include <anonlog/crypto/keyring_file.hpp>

#include "descriptor.hpp"
#include "message.hpp"

namespace anonlog::cli {

void add_overrides_to(CLI::App& app, std::vector<std::string>& overrides) {
  // One value each: what follows is the next option or a file.
  app.add_option("--set", overrides, "one override of the policy, such as ip.v4=16; may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("KEY=VALUE");
}

void settings_options::add_to(CLI::App& app, with_format with) {
  if (with == with_format::yes)
    app.add_option("-f,--format", format, "`anonlog formats`, nginx log_format or Apache LogFormat (default: auto)")
        ->type_name("NAME|PATTERN");
  app.add_option("-p,--policy", policy, "balanced (default), strict, security ..., or a file")
      ->type_name("PRESET|FILE");
  add_overrides_to(app, overrides);
  app.add_option("-k,--keyring", keyring, "makes pseudonyms last (also ANONLOG_KEYRING); see `anonlog key`")
      ->type_name("FILE");
  app.add_option("--recipient", recipient, "pseudonyms of their own for one receiver: a-z 0-9 . _ -")
      ->type_name("NAME");
  app.add_option("--time-zone", time_zone, "+05:30 or seconds east of UTC, for stamps without a zone")
      ->type_name("ZONE");
  app.add_option("--now", now, "Unix seconds or ISO 8601: the time taken where there is none")->type_name("TIME");
}

result<policy> settings_options::read_policy() const {
  result<anonlog::policy> rules = setup_error{};
  const bool is_file = policy.find_first_of("/.") != std::string::npos;
  if (!is_file) {
    if (!is_plain_word(policy) && ::access(policy.c_str(), F_OK) != 0) {
      std::string known;
      for (const preset& entry : presets)
        if (entry.missing.empty()) known.append(known.empty() ? "" : ", ").append(entry.name);
      return setup_error{"--policy: neither a preset nor a file; known presets: " + known};
    }
    rules = anonlog::policy::from_preset(policy);
    if (!rules && ::access(policy.c_str(), F_OK) == 0)
      return setup_error{rules.error().message + "; for the file of this name write ./" + policy};
  } else {
    if (!is_plain_path(policy)) return setup_error{"--policy: expects the name of a preset or the path of a file"};
    result<std::string> text = read_small_file(policy);
    if (!text) return text.error();
    rules = parse_policy(*text, policy);
  }
  if (!rules) return rules.error();
  for (const std::string& assignment : overrides) {
    // A log line has `=` in it too; what stands before is quoted in messages only where it can be a key.
    const std::string key = assignment.substr(0, assignment.find('='));
    if (key.find_first_of(" \t\"[") != std::string::npos || (!key.empty() && key[0] >= '0' && key[0] <= '9'))
      return setup_error{"--set: expects SECTION.KEY=VALUE, such as ip.v4=16"};
    if (auto error = set_from_text(*rules, assignment)) return setup_error{"--set: " + error->message};
  }
  for (const named_override& given : named_overrides)
    if (auto error = rules->set(given.key, given.value))
      return setup_error{given.option + ": " + (given.expects.empty() ? error->message : given.expects)};
  if (!time_zone.empty())
    if (auto error = rules->set("time.zone", time_zone)) return setup_error{"--time-zone: " + error->message};
  if (auto error = rules->check()) return *error;
  return rules;
}

std::string settings_options::keyring_path() const {
  if (!keyring.empty()) return keyring;
  const char* const from_environment = std::getenv("ANONLOG_KEYRING");
  return from_environment == nullptr ? "" : from_environment;
}

result<std::shared_ptr<const plan>> settings_options::make_plan() const {
  plan_options options;
  result<anonlog::policy> rules = read_policy();
  if (!rules) return rules.error();
  options.rules = std::move(*rules);
  options.format = format;
  options.kernel = kernel;
  options.output_shape = output_shape;
  options.must_know_fields = !for_values_only;
  options.has_tables = !for_messages;
  options.recipient = recipient;
  if (const std::string path = keyring_path(); !path.empty()) {
    if (!is_plain_path(path)) return setup_error{keyring_is_a_path};
    result<anonlog::keyring> keys = read_keyring_file(path);
    if (!keys) return keys.error();
    options.keys = std::make_shared<const anonlog::keyring>(std::move(*keys));
  }
  if (!now.empty()) {
    result<std::int64_t> time = parse_time(now, "--now");
    if (!time) return time.error();
    options.now = *time;
  }
  return plan::make(std::move(options));
}

result<std::int64_t> parse_time(std::string_view text, std::string_view option) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc{} && end == text.data() + text.size()) return seconds;
  timestamp stamp;
  std::int64_t days = 0;
  if (read_timestamp(raw(text), stamp) && stamp.form == time_form::iso && unix_seconds(stamp, 0, 0, seconds))
    return seconds;
  if (read_date(raw(text), days)) return days * seconds_per_day;
  return setup_error{std::string(option) + ": expects Unix seconds or a time such as 2026-01-15T12:00:00Z"};
}

result<std::string> read_small_file(const std::string& path) {
  constexpr std::size_t most_bytes = std::size_t{1} << 20;
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file) return setup_error{path + ": " + reason(errno)};
  std::string text;
  char block[16384];
  for (;;) {
    const ssize_t count = ::read(file.get(), block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return setup_error{path + ": " + reason(errno)};
    if (count == 0) return text;
    text.append(block, static_cast<std::size_t>(count));
    if (text.size() > most_bytes) return setup_error{path + ": too large for a policy"};
  }
}

}  // namespace anonlog::cli
