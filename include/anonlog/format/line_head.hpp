// format/line_head.hpp: what syslog, container runtimes and docker compose write in front of a line.
//
// Sources: RFC 3164 and RFC 5424, with and without the priority; rsyslog's file formats, with a stamp of either kind; the log
// format of Kubernetes' container runtime interface (CRI); the names that `docker compose logs` puts before a bar, and the stamp
// of `docker logs --timestamps` and `kubectl logs --timestamps`, also behind such a name; Heroku's, whose `app[web.1]` names no
// process by its number (https://devcenter.heroku.com/articles/log-drains). What else may stand in front is in head_chain.hpp.
//
// A head is short and made of words, and who writes it is the operator's own program. The message behind it is read by its own
// format (exact_path.hpp); it may begin with a blank.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/format/field_kind.hpp>

namespace anonlog {

enum class head_part : unsigned char { priority, revision, time, host, tag, process, message_id, data, stream, fragment, service, message,
  file, line_number, pod, container, dyno,
  error_time, error_level, error_module, error_pid, error_tid, error_connection, error_client, error_source, error_zone, error_message };

struct named_head_part {
  std::string_view name;  // for the policy's [fields]
  field_kind what;
};

// By head_part. The data of RFC 5424 are pairs that any program may invent; a message whose format nobody knows makes its line a
// reject, unless the policy has a class for it.
inline constexpr named_head_part head_parts[] = {
    {"syslog.priority", kind::own_number}, {"syslog.version", kind::own_number}, {"syslog.time", kind::time_any},
    {"syslog.host", kind::vhost},          {"syslog.tag", kind::own_word},       {"syslog.pid", kind::own_number},
    {"syslog.msgid", kind::own_word},      {"syslog.data", kind::drop_any},      {"cri.stream", kind::own_word},
    {"cri.tag", kind::own_word},           {"compose.service", kind::own_word},  {"syslog.message", kind::drop_any},
    {"grep.file", kind::own_word},         {"grep.line", kind::own_number},      {"kubectl.pod", kind::own_word},
    {"kubectl.container", kind::own_word}, {"heroku.dyno", kind::own_word},
    {"error.time", kind::time_any},        {"error.level", kind::own_word},      {"error.module", kind::own_word},
    {"error.pid", kind::own_number},       {"error.tid", kind::own_number},      {"error.connection", kind::drop_any},
    {"error.client", kind::client_header}, {"error.source", kind::own_word},     {"error.zone", kind::own_word},
    {"error.message", {.cls = field_class::text}},
};
static_assert(std::size(head_parts) == static_cast<std::size_t>(head_part::error_message) + 1);

// Belongs to one stream.
struct line_head {
  struct part {
    head_part what = head_part::priority;
    raw text;
  };

  static constexpr std::size_t most_parts = 24;
  std::array<part, most_parts> parts;
  std::size_t count = 0;
  raw message;  // the rest of the line
  bool holds_record = false;  // which is a record of JSON
  // How many of the parts are a head whatever follows them, and what that is. Lines of many programs begin with a stamp, or with
  // what could be the name of a file: those are heads only in front of a line of a known format.
  std::size_t sure_count = 0;
  raw sure_message;

  void add(head_part what, raw text) noexcept { parts[count++] = {what, text}; }
  raw last() const noexcept { return parts[count - 1].text; }
  void be_sure() noexcept {
    sure_count = count;
    sure_message = message;
  }
};

namespace line_head_detail {

// Takes one piece after the other from the front of a line.
class head_reader {
 public:
  explicit head_reader(raw line) noexcept : rest_(line) {}

  raw rest() const noexcept { return rest_; }

  bool take(char wanted) noexcept {
    if (rest_.empty() || rest_[0] != static_cast<unsigned char>(wanted)) return false;
    rest_ = rest_.sub(1);
    return true;
  }

  template <class Test>
  raw take_while(Test test, std::size_t longest = 255) noexcept {
    std::size_t n = 0;
    while (n < rest_.size() && n < longest && test(rest_[n])) ++n;
    const raw taken = rest_.first(n);
    rest_ = rest_.sub(n);
    return taken;
  }
  raw take_digits(std::size_t longest) noexcept { return take_while(is_digit, longest); }
  raw take_word(std::size_t longest = 255) noexcept { return take_while(is_graphic, longest); }

  // `Nov 23 12:08:28`, a day of one digit with a blank, a zero or nothing in front; with a fraction, as journalctl writes it.
  raw take_rfc3164_time() noexcept {
    const raw before = rest_;
    if (take_picture("Aaa _0 00:00:00").empty() && take_picture("Aaa 0 00:00:00").empty()) return {};
    if (take('.') && take_digits(9).empty()) return give_back(before);
    return before.first(before.size() - rest_.size());
  }

  // `2026-11-23T12:08:28.123456+01:00`, the offset with its colon or without.
  raw take_iso_time() noexcept {
    const raw before = rest_;
    if (take_picture("0000-00-00T00:00:00").empty()) return {};
    if (take('.') && take_digits(9).empty()) return give_back(before);
    if (!take('Z')) {
      const bool is_signed = take('+') || take('-');
      if (!is_signed || (take_picture("00:00").empty() && take_picture("0000").empty())) return give_back(before);
    }
    return before.first(before.size() - rest_.size());
  }

  // `2026-11-23 12:08:28.123 +0100`, fraction and offset if they are there.
  raw take_spaced_time() noexcept {
    const raw before = rest_;
    if (take_picture("0000-00-00 00:00:00").empty()) return {};
    if ((take('.') || take(',')) && take_digits(9).empty()) return give_back(before);
    const raw without_offset = rest_;
    const bool is_signed = take_word_of(" +") || take_word_of(" -") || take('+');
    if (!is_signed || (take_picture("00:00").empty() && take_picture("0000").empty())) rest_ = without_offset;
    return before.first(before.size() - rest_.size());
  }

  // What sets the colour of a terminal or clears a line of it, if it is there.
  void skip_colour() noexcept {
    const raw before = rest_;
    const bool is_colour = take('\x1B') && take('[') && (take_while([](unsigned char c) { return is_digit(c) || c == ';'; }, 16), take('m') || take('K'));
    if (!is_colour) rest_ = before;
  }

  static bool is_graphic(unsigned char c) noexcept { return c > 0x20 && c < 0x7F; }

  bool take_word_of(std::string_view wanted) noexcept {
    if (!rest_.starts_with(wanted)) return false;
    rest_ = rest_.sub(wanted.size());
    return true;
  }

  // `A`, `a`: a letter of that kind; `0`: a digit; `_`: a digit or a blank; anything else: itself.
  raw take_picture(std::string_view picture) noexcept {
    if (rest_.size() < picture.size()) return {};
    for (std::size_t i = 0; i < picture.size(); ++i) {
      const unsigned char c = rest_[i];
      const bool fits = picture[i] == 'A'   ? c >= 'A' && c <= 'Z'
                        : picture[i] == 'a' ? c >= 'a' && c <= 'z'
                        : picture[i] == '0' ? is_digit(c)
                        : picture[i] == '_' ? is_digit(c) || c == ' '
                                            : c == static_cast<unsigned char>(picture[i]);
      if (!fits) return {};
    }
    const raw taken = rest_.first(picture.size());
    rest_ = rest_.sub(picture.size());
    return taken;
  }

 private:
  raw give_back(raw before) noexcept {
    rest_ = before;
    return {};
  }

  raw rest_;
};

// `-`, or elements in brackets whose values stand in quotes and may hold an escaped bracket.
inline raw take_data(raw rest) noexcept {
  if (rest.starts_with("-")) return rest.first(1);
  std::size_t i = 0;
  while (i < rest.size() && rest[i] == '[') {
    bool is_quoted = false;
    for (++i; i < rest.size() && (is_quoted || rest[i] != ']'); ++i) {
      if (rest[i] == '\\') ++i;
      else if (rest[i] == '"') is_quoted = !is_quoted;
    }
    if (i >= rest.size()) return {};
    ++i;
  }
  return rest.first(i);
}

// `1 2026-11-23T12:08:28Z host app 4711 - [a b="c"] message`, behind the priority.
inline bool read_rfc5424(head_reader in, line_head& out) noexcept {
  const auto add_word = [&](head_part what) {
    const raw word = in.take_word();
    out.add(what, word);
    return !word.empty() && in.take(' ');
  };
  out.add(head_part::revision, in.take_digits(2));
  if (out.last().empty() || !in.take(' ')) return false;
  raw time = in.take_iso_time();
  if (time.empty() && in.rest().starts_with("- ")) time = in.take_word(1);
  out.add(head_part::time, time);
  if (time.empty() || !in.take(' ')) return false;
  if (!add_word(head_part::host) || !add_word(head_part::tag) || !add_word(head_part::process) || !add_word(head_part::message_id)) return false;
  const raw data = take_data(in.rest());
  if (data.empty()) return false;
  out.add(head_part::data, data);
  out.message = in.rest().sub(data.size());
  return out.message.empty() || out.message[0] == ' ';
}

// `tag[4711]: message`; with Heroku's `app[web.1]: message` where it is allowed.
// `app[web.1]`, `heroku[router]`: of Heroku's own, for a name in brackets may be anybody's.
inline bool is_dyno(raw tag, raw name) noexcept {
  if (!(tag == "app" || tag == "heroku")) return false;
  for (const std::string_view known : {"router", "api", "logplex", "postgres", "scheduler", "redis"})
    if (name == known) return true;
  const std::size_t dot = name.find('.');
  return dot != raw::npos && dot != 0 && all_of(name.first(dot), [](unsigned char c) { return is_lower(c) || c == '_'; }) && dot + 1 < name.size() &&
         name.size() - dot <= 7 && all_of(name.sub(dot + 1), is_digit);
}

inline bool read_tag(head_reader in, bool may_be_dyno, line_head& out) noexcept {
  out.add(head_part::tag, in.take_while([](unsigned char c) { return head_reader::is_graphic(c) && c != ':' && c != '[' && c != '"' && c != '{' && c != '='; }, 64));
  if (out.last().empty()) return false;
  if (in.take('[')) {
    const raw name = in.take_while([](unsigned char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; }, 64);
    const bool is_number = all_of(name, is_digit) || name == "-";
    if (name.empty() || (is_number ? name.size() > 10 : !may_be_dyno || !is_dyno(out.last(), name)) || !in.take(']')) return false;
    out.add(is_number ? head_part::process : head_part::dyno, name);
  }
  if (!in.take(':')) return false;
  out.message = in.rest();
  return out.message.empty() || out.message[0] == ' ' || out.message[0] == '\t';
}

// `Nov 23 12:08:28 host tag[4711]: message`, behind the priority if there is one; some leave the host out.
inline bool read_rfc3164(head_reader in, line_head& out) noexcept {
  raw time = in.take_rfc3164_time();
  const bool is_iso = time.empty();
  if (is_iso) time = in.take_iso_time();
  out.add(head_part::time, time);
  if (time.empty() || !in.take(' ')) return false;
  const std::size_t before = out.count;
  if (read_tag(in, is_iso, out)) return true;
  out.count = before;
  out.add(head_part::host, in.take_word());
  if (out.parts[before].text.empty() || in.take_while([](unsigned char c) { return c == ' '; }).empty()) return false;
  return read_tag(in, is_iso, out);
}

// `2026-11-23T12:08:28.123456789Z stdout F message`; `-` is what is written for either word where the policy drops it.
inline bool read_cri(head_reader in, line_head& out) noexcept {
  const raw time = in.take_iso_time();
  out.add(head_part::time, time);
  if (time.empty() || !in.take(' ')) return false;
  const raw stream = in.take_word(6);
  out.add(head_part::stream, stream);
  if (!(stream == "stdout" || stream == "stderr" || stream == "-") || !in.take(' ')) return false;
  const raw tag = in.take_word(1);
  out.add(head_part::fragment, tag);
  if (!(tag == "F" || tag == "P" || tag == "-")) return false;
  out.message = in.rest();
  return out.message.empty() || out.message[0] == ' ';
}

// `2026-11-23T12:08:28.123456789Z message`, the stamp perhaps with a blank.
inline bool read_stamp(head_reader in, line_head& out) noexcept {
  raw time = in.take_iso_time();
  if (time.empty()) time = in.take_spaced_time();
  if (time.empty() || !in.rest().starts_with(" ")) return false;
  out.add(head_part::time, time);
  out.message = in.rest();
  return true;
}

// `web-1  | message`, the name perhaps in colour, perhaps a stamp behind the bar.
inline bool read_compose(head_reader in, line_head& out) noexcept {
  in.skip_colour();
  const raw name = in.take_while([](unsigned char c) { return is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; }, 64);
  out.add(head_part::service, name);
  if (name.empty() || in.take_while([](unsigned char c) { return c == ' '; }, 64).empty() || !in.take('|')) return false;
  in.skip_colour();
  out.message = in.rest();
  if (in.take(' ')) read_stamp(in, out);
  return out.message.empty() || out.message[0] == ' ';
}

// Adds the parts of such a head to those before it; what it is: none, one that is sure, or a stamp alone.
enum class found_head : unsigned char { none, stamp, sure };

inline found_head add_line_head(raw line, line_head& out) noexcept {
  const std::size_t before = out.count;
  const raw message = out.message;
  const auto fresh = [&] {
    out.count = before;
    out.message = message;
    return found_head::none;
  };
  head_reader in(line);
  if (in.take('<')) {
    const raw priority = in.take_digits(3);
    if (priority.empty() || !in.take('>')) return found_head::none;
    out.add(head_part::priority, priority);
    if (read_rfc5424(in, out)) return found_head::sure;
    fresh();
    out.add(head_part::priority, priority);
    return read_rfc3164(in, out) ? found_head::sure : fresh();
  }
  if (read_rfc3164(in, out)) return found_head::sure;
  fresh();
  if (read_cri(in, out)) return found_head::sure;
  fresh();
  if (read_compose(in, out)) return found_head::sure;
  fresh();
  return read_stamp(in, out) ? found_head::stamp : fresh();
}

}  // namespace line_head_detail

// False: no such head stands in front of this line. A CR at its end belongs to the message.
inline bool read_line_head(raw line, line_head& out) noexcept {
  using namespace line_head_detail;
  out.count = out.sure_count = 0;
  const found_head found = add_line_head(line, out);
  if (found == found_head::sure) out.be_sure();
  return found != found_head::none;
}

}  // namespace anonlog
