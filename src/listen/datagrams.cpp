// listen/datagrams.cpp: see datagrams.hpp.
#include "datagrams.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <anonlog/core/raw.hpp>
#include <anonlog/format/line_head.hpp>

namespace anonlog::listen {

namespace {

// Some senders end a message as a line or as a text of C.
std::string_view without_end(std::string_view datagram) noexcept {
  if (datagram.ends_with('\0')) datagram.remove_suffix(1);
  if (datagram.ends_with('\n')) datagram.remove_suffix(1);
  return datagram;
}

std::string_view without_head(std::string_view line) noexcept {
  line_head head;
  if (!line.starts_with('<') || !read_line_head(raw(line), head)) return line;
  const std::size_t rest = head.message.size();
  std::string_view message = line.substr(line.size() - rest);
  if (message.starts_with(' ')) message.remove_prefix(1);
  return message;
}

}  // namespace

datagrams::datagrams(std::size_t longest_line, heads wanted, datagram_counts& counts)
    : slot_bytes_(longest_line + 1024),  // a head, and what shows that the line is too long
      wanted_(wanted),
      counts_(counts),
      slots_(at_once * slot_bytes_),
      lines_(at_once * (slot_bytes_ + 1)),
      places_(at_once),
      messages_(at_once) {
  for (std::size_t i = 0; i < at_once; ++i) {
    places_[i] = {.iov_base = slots_.data() + i * slot_bytes_, .iov_len = slot_bytes_};
    messages_[i].msg_hdr.msg_iov = &places_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
  }
}

bool datagrams::receive(int socket) noexcept {
  filled_ = 0;
  int count = 0;
  do count = ::recvmmsg(socket, messages_.data(), at_once, MSG_DONTWAIT, nullptr);
  while (count < 0 && errno == EINTR);
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool is_cut = (messages_[at].msg_hdr.msg_flags & MSG_TRUNC) != 0;
    take({static_cast<const char*>(places_[at].iov_base), std::min<std::size_t>(messages_[at].msg_len, slot_bytes_)}, is_cut);
  }
  return count > 0;
}

void datagrams::take(std::string_view datagram, bool is_cut) noexcept {
  ++counts_.received;
  const std::string_view whole = without_end(datagram);
  if (whole.find('\n') != std::string_view::npos) {
    ++counts_.refused;
    return;
  }
  // With its head a datagram that did not fit is longer than any line, and so a reject.
  const std::string_view line = wanted_ == heads::keep || is_cut ? whole : without_head(whole);
  std::memcpy(lines_.data() + filled_, line.data(), line.size());
  filled_ += line.size();
  lines_.data()[filled_++] = '\n';
}

}  // namespace anonlog::listen
