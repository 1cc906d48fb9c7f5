// cli/io_support.hpp: what the tests of input and output share: a folder of their own, children, packed data.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input.hpp"
#include "cli/pack.hpp"

namespace anonlog::cli::testing {

class folder {
 public:
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "anonlog-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  // Names in it, hidden ones too.
  std::size_t count() const {
    std::size_t names = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path_)) ++names;
    return names;
  }

 private:
  std::string path_;
};

inline std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void put(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

inline std::string packed(packing kind, std::string_view text) {
  std::string bytes;
  auto packer = make_packer(kind);
  if (!packer || !packer->add(text, bytes) || !packer->end(bytes)) std::abort();
  return bytes;
}

struct read_all_result {
  std::string text;
  read_status last;
};

inline read_all_result read_all(input& from, std::size_t piece = 1 << 16) {
  read_all_result all;
  std::vector<char> buffer(piece);
  for (;;) {
    all.last = from.read_some(buffer.data(), buffer.size());
    if (all.last.state != read_state::data) return all;
    all.text.append(buffer.data(), all.last.count);
  }
}

inline read_all_result read_file(const std::string& path, std::size_t piece = 1 << 16) {
  result<input> opened = input::open(path);
  if (!opened) {
    return {.text = {}, .last = {.state = read_state::failed, .count = 0, .message = opened.error().message}};
  }
  return read_all(*opened, piece);
}

// Runs `body` in a child process; its wait status. A child's body returns the exit status.
template <class function>
pid_t start_child(function body) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  // A test run in the background inherits ignored signals.
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) (void)::signal(number, SIG_DFL);
  ::_exit(body());
}

inline int wait_for_child(pid_t child) {
  int status = -1;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

template <class function>
int in_child(function body) {
  return wait_for_child(start_child(body));
}

}  // namespace anonlog::cli::testing
