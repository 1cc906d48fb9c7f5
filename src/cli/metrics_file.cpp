// cli/metrics_file.cpp: see metrics_file.hpp.
#include "metrics_file.hpp"

#include <sys/stat.h>

#include <utility>

#include "line_sink.hpp"
#include "temporary_file.hpp"

namespace anonlog::cli {

std::int64_t unix_seconds_now() noexcept {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since_1970).count();
}

metrics_file::metrics_file(std::string path) : path_(std::move(path)), started_(unix_seconds_now()), due_(clock::now()) {}

result<metrics_file> metrics_file::at(const std::string& path) {
  struct stat present {};
  const bool is_odd = ::stat(path.c_str(), &present) == 0 && !S_ISREG(present.st_mode);
  if (path == "-" || is_odd) return setup_error{path + ": metrics go into a plain file, which is replaced every few seconds"};
  return metrics_file(path);
}

std::string_view metrics_file::log() const noexcept {
  std::string_view name = path_;
  name.remove_prefix(name.find_last_of('/') + 1);  // npos + 1: none
  if (name.ends_with(".prom")) name.remove_suffix(5);
  return name;
}

std::optional<setup_error> metrics_file::write(const metrics_page& page) {
  due_ = clock::now() + pause;
  std::optional<setup_error> error = replace(page.text());
  const bool was_failing = std::exchange(is_failing_, error.has_value());
  return was_failing ? std::nullopt : error;
}

std::optional<setup_error> metrics_file::replace(const std::string& text) const {
  struct stat present {};
  const bool is_new = ::stat(path_.c_str(), &present) != 0;
  result<temporary_file> made = temporary_file::create(path_);
  if (!made) return made.error();
  descriptor file = made->take_descriptor();
  // It holds no values, and node_exporter runs as somebody else, whatever the umask of a service.
  if (is_new && ::fchmod(file.get(), 0644) != 0) return setup_error{path_ + ": its mode cannot be set"};
  line_sink sink(std::move(file), path_);
  write_status status = sink.write(text, cut::before_the_block);
  if (status.is_done()) status = sink.close();
  if (!status.is_done()) return setup_error{status.message};
  return made->replace_target(durable::no);
}

}  // namespace anonlog::cli
