// cli/message.cpp: see message.hpp.
#include "message.hpp"

#include <unistd.h>

#include <csignal>
#include <string>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/transform/ip_address.hpp>

#include "output.hpp"
#include "signals.hpp"

namespace anonlog::cli {

namespace {

constexpr std::size_t longest_word = 32;
constexpr std::size_t shortest_key_digits = 32;

std::string_view program_name = "anonlog";

}  // namespace

void set_program_name(std::string_view name) noexcept { program_name = name; }

void say(std::string_view text) {
  std::string line = std::string(program_name) + ": " + std::string(text);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  line += '\n';
  // Nothing can be done when standard error is gone.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

int fail(exit_code code, std::string_view text) {
  say(text);
  return code;
}

int print(std::string_view text) {
  result<output> to = output::standard_output();
  if (!to) return fail(exit_failure, to.error().message);
  write_status status = to->write(text);
  if (status.is_done()) status = to->commit();
  switch (status.state) {
    case write_state::done: return exit_done;
    case write_state::stopped: die_by_signal(stop_signal());
    case write_state::reader_gone: die_by_signal(SIGPIPE);
    case write_state::failed: break;
  }
  return fail(exit_failure, status.message);
}

bool is_plain_word(std::string_view word) noexcept {
  if (word.empty() || word.size() > longest_word) return false;
  for (const char c : word) {
    const char small = static_cast<char>(to_lower(static_cast<unsigned char>(c)));
    if ((small < 'a' || small > 'z') && c != '_' && c != '-') return false;
  }
  return true;
}

bool is_plain_path(std::string_view path) noexcept {
  if (path.find_first_of("\"[]{}\n") != std::string_view::npos) return false;
  ip_element address;
  if (parse_ip(raw(path), address)) return false;
  std::size_t digits = 0;
  for (const char c : path) {
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    digits = is_hex ? digits + 1 : 0;
    if (digits >= shortest_key_digits) return false;
  }
  return true;
}

std::string quoted_word(std::string_view word) {
  return is_plain_word(word) ? " \"" + std::string(word) + "\"" : std::string();
}

}  // namespace anonlog::cli
