#include "message.hpp"

#include <unistd.h>

#include <string>

namespace anonlog::cli {

void say(std::string_view text) {
  const std::string line = "anonlog: " + std::string(text) + "\n";
  // Nothing can be done when standard error is gone.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

int fail(exit_code code, std::string_view text) {
  say(text);
  return code;
}

}  // namespace anonlog::cli
