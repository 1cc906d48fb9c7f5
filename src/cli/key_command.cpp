// cli/key_command.cpp: `anonlog key new|list`: makes and shows a keyring (SPEC 3.3.4). Keys themselves are never shown.
#include "commands.hpp"

#include <sys/stat.h>

#include <ctime>
#include <sstream>

#include <anonlog/crypto/keyring_file.hpp>

#include "message.hpp"

namespace anonlog::cli {

namespace {

std::string this_month() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%Y-%m", &parts)};
}

// "-" leaves the bound open.
std::optional<setup_error> read_bound(const std::string& text, std::string_view option, std::int64_t& bound) {
  if (text == "-") return std::nullopt;
  const result<std::int64_t> time = parse_time(text, option);
  if (!time) return time.error();
  bound = time.value();
  return std::nullopt;
}

std::string bound_text(std::int64_t bound) {
  return bound == always_before || bound == always_after ? "-" : utc_time_text(bound);
}

}  // namespace

int new_key(const new_key_options& options) {
  if (options.path.empty()) return fail(exit_usage, "key new: needs the FILE to make");
  if (!is_plain_path(options.path)) return fail(exit_usage, keyring_is_a_path);
  std::ostringstream answer;
  const std::string era = options.era.empty() ? this_month() : options.era;
  std::int64_t from = always_before, to = always_after;
  if (auto error = read_bound(options.from, "--from", from)) return fail(exit_usage, error->message);
  if (auto error = read_bound(options.to, "--to", to)) return fail(exit_usage, error->message);
  // What was asked for cannot be, or the system would not do it.
  struct stat present {};
  const bool is_mistake = !is_era_id(era) || from >= to || ::lstat(options.path.c_str(), &present) == 0;
  const result<keyring> made = create_keyring_file(options.path, era, from, to);
  if (!made) return fail(is_mistake ? exit_usage : exit_failure, made.error().message);
  answer << options.path << ": era " << era << "\n"
            << "Whoever has this file and the output can single people out: keep them apart, and keep no copy in\n"
            << "backups, snapshots or on copy-on-write file systems that should forget it.\n";
  return print(answer.str());
}

int list_keys(const std::string& path) {
  if (path.empty()) return fail(exit_usage, "key list: needs the FILE, -k or ANONLOG_KEYRING");
  if (!is_plain_path(path)) return fail(exit_usage, keyring_is_a_path);
  std::ostringstream answer;
  const result<keyring> keys = read_keyring_file(path);
  if (!keys) return fail(exit_usage, keys.error().message);
  for (const era& known : keys.value().eras())
    answer << "era " << known.id << "  from " << bound_text(known.from) << "  to " << bound_text(known.to) << "  "
              << view(known.fingerprint) << (known.hold ? "  hold" : "") << "\n";
  if (keys.value().suppress_secret() != nullptr)
    answer << "suppress  " << view(fingerprint(keys.value().suppress_secret())) << "\n";
  return print(answer.str());
}

}  // namespace anonlog::cli
