// cli/output.cpp: see output.hpp.
#include "output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "signals.hpp"

namespace anonlog::cli {

namespace {

constexpr std::size_t member_limit_bytes = std::size_t{1} << 20;  // what a failed write can cost a packed log
constexpr std::size_t packed_piece_bytes = std::size_t{256} << 10;

bool means_standard_output(std::string_view path) noexcept { return path == "-" || path == "/dev/stdout"; }

}  // namespace

output::output(kind how, std::string name, line_sink sink, std::unique_ptr<packer> packer)
    : kind_(how),
      name_(std::move(name)),
      sink_(std::move(sink)),
      packer_(std::move(packer)),
      identity_(identity_of(sink_.get())) {}

output::~output() { abandon(); }

output& output::operator=(output&& other) noexcept {
  if (this != &other) {
    std::destroy_at(this);  // abandons what was open
    std::construct_at(this, std::move(other));
  }
  return *this;
}

result<output> output::standard_output() {
  const std::string name = "standard output";
  // A copy: closing it tells late errors, and the number 1 is not free for another file.
  descriptor fd(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!fd) return setup_error{name + ": " + reason(errno)};
  return output(kind::stream, name, line_sink(std::move(fd), name), nullptr);
}

result<output> output::replace(const std::string& path, packing packing_kind) {
  if (means_standard_output(path)) return standard_output();
  struct stat present {};
  if (::stat(path.c_str(), &present) == 0 && !S_ISREG(present.st_mode) && !S_ISDIR(present.st_mode)) {
    return direct(kind::stream, path, O_WRONLY, packing_kind);
  }
  result<temporary_file> temporary = temporary_file::create(path);
  if (!temporary) return temporary.error();
  std::unique_ptr<packer> packer = make_packer(packing_kind);
  if (!packer && packing_kind != packing::none) return setup_error{path + ": " + reason(ENOMEM)};
  output made(kind::replace, path, line_sink(temporary->take_descriptor(), path), std::move(packer));
  made.temporary_.emplace(std::move(*temporary));
  made.identity_ = identity_of_output(path);
  return made;
}

result<output> output::append(const std::string& path, packing packing_kind) {
  if (means_standard_output(path)) return standard_output();
  return direct(kind::append, path, O_WRONLY | O_APPEND | O_CREAT, packing_kind);
}

result<output> output::direct(kind how, const std::string& path, int flags, packing packing_kind) {
  descriptor fd(open_file(path, flags, 0666));
  if (!fd) return setup_error{path + ": " + reason(errno)};
  std::unique_ptr<packer> packer = make_packer(packing_kind);
  if (!packer && packing_kind != packing::none) return setup_error{path + ": " + reason(ENOMEM)};
  output made(how, path, line_sink(std::move(fd), path), std::move(packer));
  // An empty packed file is not a valid one; what is in an older one was ended when it was written.
  made.has_member_ = how == kind::append && made.identity_ && made.identity_->size_bytes > 0;
  return made;
}

write_status output::write(std::string_view whole_lines) {
  if (!ended_.is_done()) return ended_;
  if (!packer_) return keep(sink_.write(whole_lines, cut::after_a_line));
  if (!packer_->add(whole_lines, packed_)) return keep(out_of_memory());
  member_bytes_ += whole_lines.size();
  if (kind_ == kind::append) {
    return member_bytes_ >= member_limit_bytes ? end_member() : write_status{};
  }
  if (packed_.size() < packed_piece_bytes) return {};
  write_status status = sink_.write(packed_, cut::before_the_block);
  packed_.clear();
  return keep(std::move(status));
}

write_status output::flush() {
  if (!ended_.is_done()) return ended_;
  return packer_ && kind_ == kind::append && member_bytes_ > 0 ? end_member() : write_status{};
}

write_status output::end_member() {
  if (!packer_->end(packed_)) return keep(out_of_memory());
  member_bytes_ = 0;
  has_member_ = true;
  write_status status = sink_.write(packed_, cut::before_the_block);
  packed_.clear();
  return keep(std::move(status));
}

write_status output::reopen() {
  if (!ended_.is_done()) return ended_;
  if (kind_ != kind::append) return {};
  descriptor fd(open_file(name_, O_WRONLY | O_APPEND | O_CREAT, 0666));
  if (!fd) return sink_.failure(errno);
  if (write_status status = flush(); !status.is_done()) return status;
  if (packer_ && !has_member_) {
    if (write_status status = end_member(); !status.is_done()) return status;
  }
  if (write_status status = keep(sink_.sync()); !status.is_done()) return status;
  if (write_status status = keep(sink_.close()); !status.is_done()) return status;
  sink_ = line_sink(std::move(fd), name_);
  identity_ = identity_of(sink_.get());
  has_member_ = identity_ && identity_->size_bytes > 0;
  return {};
}

write_status output::commit() {
  if (!ended_.is_done()) return ended_;
  if (!sink_) return {};
  if (packer_ && (member_bytes_ > 0 || !has_member_)) {
    if (write_status status = end_member(); !status.is_done()) return status;
  }
  // What goes to standard output is the shell's file: its durability is the shell's business.
  if (kind_ != kind::stream) {
    if (write_status status = keep(sink_.sync()); !status.is_done()) return status;
  }
  if (write_status status = keep(sink_.close()); !status.is_done()) return status;
  if (temporary_) {
    if (std::optional<setup_error> error = temporary_->replace_target()) {
      return keep({.state = write_state::failed, .message = std::move(error->message)});
    }
    temporary_.reset();
  }
  return {};
}

void output::abandon() noexcept {
  if (kind_ == kind::append && sink_ && ended_.is_done()) (void)flush();
  (void)sink_.close();
  temporary_.reset();
}

write_status output::keep(write_status status) {
  if (packer_) status.written_bytes = 0;  // of what was packed
  if (!status.is_done()) {
    ended_ = status;
    ended_.written_bytes = 0;  // of what is asked for later nothing is written
  }
  return status;
}

write_status output::out_of_memory() const { return sink_.failure(ENOMEM); }

}  // namespace anonlog::cli
