// format/head_chain.hpp: every head in front of a line: several may follow each other.
//
// Sources: what grep writes before a match (the name of the file, the number of the line), `kubectl logs --prefix`, the head that
// servers written in Python share with Gunicorn (its glogging.py; Hypercorn); and the heads of line_head.hpp, of which syslog's
// may have another behind it, where a daemon passes on what a container runtime wrote.
//
// An IPv6 address may begin with what looks like the number of a line, or like the end of a file's name: `2001:db8::1`. If part of
// it were taken for that, more of it would be kept than the policy allows. So where both readings are possible, the one counts
// whose address is one of the public Internet (2000::/3), and if that is neither or both, there is no head.
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/format/line_head.hpp>

namespace anonlog {

namespace head_chain_detail {

using line_head_detail::head_reader;

// Four hex digits with which an address of 2000::/3 begins, whatever follows.
inline bool begins_public(raw text) noexcept {
  return text.size() >= 4 && (text[0] == '2' || text[0] == '3') && is_hex(text[1]) && is_hex(text[2]) && is_hex(text[3]);
}

enum class joint : unsigned char { apart, joined, unclear };

inline bool may_join(raw before, raw message) noexcept {
  std::size_t run = 0, colons = 0;  // of hex digits and colons: an IPv4 address that follows a number is no part of IPv6
  for (; run < message.size() && (is_hex(message[run]) || message[run] == ':'); ++run) colons += message[run] == ':';
  return !before.empty() && before.size() <= 4 && all_of(before, is_hex) && colons != 0 && !message.starts_with("::");
}

// Whether `before:message`, or `before` alone, is the begin of an address.
inline joint how_joined(raw before, raw message) noexcept {
  if (!may_join(before, message)) return joint::apart;
  const bool is_public_alone = begins_public(message) && message.sub(4).starts_with(":"), is_public_joined = begins_public(before);
  if (is_public_alone == is_public_joined) return joint::unclear;
  return is_public_joined ? joint::joined : joint::apart;
}

// `access.log`, `/var/log/nginx/access.log-20261126.gz`, `ssl_access_log.1`, `syslog`; no host has such a name.
inline bool is_log_name(raw path) noexcept {
  raw name = path.sub(path.rfind('/') == raw::npos ? 0 : path.rfind('/') + 1);
  for (bool is_shorter = true; is_shorter;) {
    is_shorter = false;
    for (const std::string_view packed : {".gz", ".zst", ".bz2", ".xz", ".lz4", ".old", ".bak"})
      if (name.ends_with(packed)) name = name.without_last(packed.size()), is_shorter = true;
    std::size_t digits = 0;
    while (digits < name.size() && is_digit(name[name.size() - 1 - digits])) ++digits;
    const bool is_rotated = digits != 0 && digits < name.size() && std::string_view(".-_").find(static_cast<char>(name[name.size() - 1 - digits])) != std::string_view::npos;
    if (is_rotated) name = name.without_last(digits + 1), is_shorter = true;
  }
  for (const std::string_view end : {".log", "_log", "-log", ".json", ".jsonl", ".ndjson", ".txt"})
    if (name.size() > end.size() && name.ends_with(end)) return true;
  return name == "syslog" || name == "messages";
}

inline bool is_path_byte(unsigned char c) noexcept {
  constexpr byte_set others("._/+-");
  return others(c);
}

// Where the last word of a name with dashes begins; 0: there is no dash.
inline std::size_t behind_last_dash(raw name) noexcept { return name.rfind('-') == raw::npos ? 0 : name.rfind('-') + 1; }

// `203.0.113.7`
inline bool is_dotted(raw text) noexcept {
  std::size_t dots = 0;
  for (std::size_t i = 0; i < text.size(); ++i) dots += text[i] == '.';
  return dots == 3 && is_digit(text.front()) && is_digit(text.back()) && all_of(text, [](unsigned char c) { return is_digit(c) || c == '.'; });
}

// `access.log:`, `access.log:12:`, `12:`, and `access.log-` around a match. What follows is the line itself, without a blank.
inline bool add_file(raw line, line_head& out) noexcept {
  head_reader in(line);
  raw name = in.take_while(is_path_byte, 255), number;
  if (name.empty()) return false;
  raw message = in.rest();
  if (in.take(':')) {
    message = in.rest();
    head_reader behind = in;
    if (all_of(name, is_digit)) {
      number = name;
      name = name.first(0);
    } else if (const raw digits = behind.take_digits(7); !digits.empty() && behind.take(':')) {
      number = digits;
      message = behind.rest();
    }
    // A bare number that may be a part of an address is one: `12:2001:db8::7` is what plain lines begin with.
    if (number.size() > 7 || (name.empty() && may_join(number, message))) return false;
    const joint with_number = how_joined(number, message);
    if (with_number == joint::unclear) return false;
    if (with_number == joint::joined) {
      message = line.sub(static_cast<std::size_t>(number.begin() - line.begin()));
      number = {};
    }
    const std::size_t dash = behind_last_dash(name);
    const raw behind_name = number.empty() ? message : line.sub(static_cast<std::size_t>(number.begin() - line.begin()));
    const joint with_name = dash == 0 ? joint::apart : how_joined(name.sub(dash), behind_name);
    if (with_name == joint::unclear || (with_name == joint::joined && !number.empty())) return false;
    if (with_name == joint::joined) {
      message = line.sub(dash);
      name = name.first(dash - 1);
    }
  } else {
    const std::size_t dash = behind_last_dash(name);
    if (dash == 0 || !(dash == name.size() ? in.rest().starts_with("{") : is_dotted(name.sub(dash)) && in.rest().starts_with(" "))) return false;
    message = line.sub(dash);
    name = name.first(dash - 1);
  }
  // `access.log:443 203.0.113.7`: a host and its port.
  std::size_t digits = 0;
  while (digits < message.size() && is_digit(message[digits])) ++digits;
  const bool is_port = digits != 0 && digits <= 5 && digits < message.size() && is_blank(message[digits]);
  if (message.empty() || is_blank(message[0]) || is_port || !(name.empty() ? !number.empty() : is_log_name(name) || name == "-")) return false;
  if (!name.empty()) out.add(head_part::file, name);
  if (!number.empty()) out.add(head_part::line_number, number);
  out.message = message;
  return true;
}

// `[pod/web-5d4f/nginx] message`
inline bool add_pod(raw line, line_head& out) noexcept {
  head_reader in(line);
  const auto is_name_byte = [](unsigned char c) { return is_alphanumeric(c) || c == '-' || c == '.'; };
  if (!in.take_word_of("[pod/")) return false;
  const raw pod = in.take_while(is_name_byte);
  if (pod.empty() || !in.take('/')) return false;
  const raw container = in.take_while(is_name_byte);
  if (container.empty() || !in.take(']') || !(in.rest().empty() || in.rest()[0] == ' ')) return false;
  out.add(head_part::pod, pod);
  out.add(head_part::container, container);
  out.message = in.rest();
  return true;
}

// `[2026-11-26 10:11:12 +0000] [4711] [INFO] message`
inline bool add_gunicorn(raw line, line_head& out) noexcept {
  head_reader in(line);
  if (!in.take('[')) return false;
  const raw time = in.take_picture("0000-00-00 00:00:00 ");
  const bool has_zone = !time.empty() && (in.take('+') || in.take('-')) && !in.take_picture("0000").empty();
  if (!has_zone || !in.take_word_of("] [")) return false;
  const raw process = in.take_digits(10);
  if (process.empty() || !in.take_word_of("] [")) return false;
  const raw level = in.take_while([](unsigned char c) { return is_upper(c) || c == '-'; }, 10);
  if (level.empty() || !in.take(']') || !in.rest().starts_with(" ")) return false;
  out.add(head_part::time, line.sub(1, time.size() + 5));
  out.add(head_part::process, process);
  out.add(head_part::error_level, level);
  out.message = in.rest();
  return true;
}

inline raw without_blanks(raw text) noexcept {
  while (!text.empty() && is_blank(text.front())) text = text.sub(1);
  return text;
}

// What a container runtime or docker compose wrote, behind another head.
inline void add_inner(raw line, line_head& out) noexcept {
  const std::size_t before = out.count;
  const raw message = out.message;
  const auto fresh = [&] {
    out.count = before;
    out.message = message;
  };
  if (line_head_detail::read_cri(head_reader(line), out)) return;
  fresh();
  if (line_head_detail::read_compose(head_reader(line), out)) return;
  fresh();
  add_pod(line, out);
}

}  // namespace head_chain_detail

// As read_line_head, with all that stands in front of the line.
inline bool read_heads(raw line, line_head& out) noexcept {
  using namespace head_chain_detail;
  out.count = out.sure_count = 0;
  out.message = line;
  const bool has_file = add_file(line, out);
  const bool has_pod = add_pod(out.message, out);
  if (has_pod && !has_file) out.be_sure();
  const raw rest = has_pod ? without_blanks(out.message) : out.message;
  const line_head_detail::found_head found = line_head_detail::add_line_head(rest, out);
  if (found == line_head_detail::found_head::sure) {
    if (!has_file) out.be_sure();
    add_inner(without_blanks(out.message), out);
  }
  if (found == line_head_detail::found_head::none) add_gunicorn(rest, out);
  return out.count != 0;
}

}  // namespace anonlog
