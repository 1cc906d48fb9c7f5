// format/error_head.hpp: the heads of error logs: nginx, Apache 2.2 and 2.4, lighttpd,
// PHP and PHP-FPM, Caddy.
//
// Sources: nginx's ngx_log_error_core and Apache's default ErrorLogFormat, as their documentation shows them; lighttpd's
// server.errorlog; PHP-FPM's error_log and PHP's own; the lines for people that Caddy writes (encoder `console`). What stands
// behind such a head is free text (CLI.md 6), and the reader of the head says so; behind Caddy's text stands a record of JSON.
#pragma once

#include <anonlog/format/line_head.hpp>

namespace anonlog {

namespace error_head_detail {

using line_head_detail::head_reader;

// Of a level or a module; `-` is what is written where the policy drops them.
inline bool is_level_byte(unsigned char c) noexcept { return is_alphanumeric(c) || c == '_' || c == '-'; }

// `[error] 22160#22161: *253 message`, behind the stamp; `*253` is the number of a connection, or `*-`.
inline bool read_nginx(head_reader in, line_head& out) noexcept {
  out.add(head_part::error_time, in.take_picture("0000/00/00 00:00:00"));
  if (out.last().empty() || !in.take(' ') || !in.take('[')) return false;
  out.add(head_part::error_level, in.take_while(is_level_byte, 8));
  if (out.last().empty() || !in.take(']') || !in.take(' ')) return false;
  out.add(head_part::error_pid, in.take_digits(10));
  if (out.last().empty() || !in.take('#')) return false;
  out.add(head_part::error_tid, in.take_digits(10));
  if (out.last().empty() || !in.take(':')) return false;
  head_reader behind = in;
  if (behind.take(' ') && behind.take('*')) {
    const raw connection = behind.take_while([](unsigned char c) { return is_digit(c) || c == '-'; }, 20);
    if (!connection.empty()) {
      in = behind;
      out.add(head_part::error_connection, connection);
    }
  }
  out.message = in.rest();
  return out.message.empty() || out.message[0] == ' ';
}

// `[Mon Nov 23 12:06:42.745090 2026] [core:info] [pid 20588:tid 20721] [client 192.0.2.4:7192] message`; 2.2 has neither
// module nor process.
inline bool read_apache(head_reader in, line_head& out) noexcept {
  if (!in.take('[')) return false;
  const raw from = in.rest();
  if (in.take_picture("Aaa Aaa _0 00:00:00").empty()) return false;
  if (in.take('.') && in.take_digits(6).empty()) return false;
  if (in.take_picture(" 0000").empty()) return false;
  out.add(head_part::error_time, from.first(from.size() - in.rest().size()));
  if (!in.take(']') || !in.take(' ') || !in.take('[')) return false;
  const raw word = in.take_while(is_level_byte, 40);
  if (in.take(':')) {
    out.add(head_part::error_module, word);
    out.add(head_part::error_level, in.take_while(is_level_byte, 10));
  } else {
    out.add(head_part::error_level, word);
  }
  if (out.last().empty() || !in.take(']')) return false;
  head_reader behind = in;
  if (behind.take_word_of(" [pid ")) {
    in = behind;
    out.add(head_part::error_pid, in.take_digits(10));
    if (in.take_word_of(":tid ")) out.add(head_part::error_tid, in.take_digits(20));
    if (out.last().empty() || !in.take(']')) return false;
    behind = in;
  }
  if (behind.take_word_of(" [client ")) {
    in = behind;
    const auto is_client_byte = [](unsigned char c) { return head_reader::is_graphic(c) && c != ']'; };
    const raw begin = in.rest();
    const bool is_bracketed = in.take('[');  // as it is written here: `[client [2001:db8::]:0]`
    (void)in.take_while(is_client_byte);
    if (is_bracketed && in.take(']')) (void)in.take_while(is_client_byte);
    out.add(head_part::error_client, begin.first(begin.size() - in.rest().size()));
    if (out.last().empty() || !in.take(']')) return false;
  }
  out.message = in.rest();
  return out.message.empty() || out.message[0] == ' ';
}

// `2026-11-23 12:06:43: (mod_auth.c.828) message`
inline bool read_lighttpd(head_reader in, line_head& out) noexcept {
  out.add(head_part::error_time, in.take_picture("0000-00-00 00:00:00"));
  if (out.last().empty() || !in.take_word_of(": (")) return false;
  out.add(head_part::error_source, in.take_while([](unsigned char c) { return is_alphanumeric(c) || c == '_' || c == '-' || c == '.' || c == '/'; }, 128));
  if (out.last().empty() || !in.take(')')) return false;
  out.message = in.rest();
  return out.message.empty() || out.message[0] == ' ';
}

// What a script of PHP writes itself may begin with any word; `-` is what is written where the policy drops a level.
inline bool is_fpm_level(raw word) noexcept {
  for (const std::string_view known : {"DEBUG", "NOTICE", "WARNING", "ERROR", "ALERT", "-"})
    if (word == known) return true;
  return false;
}

// `[23-Nov-2026 12:06:43] WARNING: message` of PHP-FPM, `[23-Nov-2026 12:06:43 Europe/Berlin] PHP Warning:  message` of PHP. A
// zone that says how far it is from UTC is part of the time; another is a name, for which the policy's `time.zone` speaks.
inline bool read_php(head_reader in, line_head& out) noexcept {
  if (!in.take('[')) return false;
  const raw from = in.rest();
  if (in.take_picture("00-Aaa-0000 00:00:00").empty()) return false;
  if (in.take('.') && in.take_digits(6).empty()) return false;
  if (!in.take_word_of(" UTC") && in.take_picture(" +00:00").empty()) (void)in.take_picture(" -00:00");
  out.add(head_part::error_time, from.first(from.size() - in.rest().size()));
  if (in.take(' ')) {
    out.add(head_part::error_zone, in.take_while([](unsigned char c) { return is_alphanumeric(c) || c == '/' || c == '_' || c == '-' || c == '+' || c == ':'; }, 40));
    if (out.last().empty()) return false;
  }
  if (!in.take(']')) return false;
  head_reader behind = in;
  if (behind.take(' ')) {
    const raw level = behind.take_while([](unsigned char c) { return (c >= 'A' && c <= 'Z') || c == '-'; }, 10);
    if (is_fpm_level(level) && behind.take(':')) {
      in = behind;
      out.add(head_part::error_level, level);
    }
  }
  out.message = in.rest();
  return out.message.empty() || out.message[0] == ' ';
}

// Where a record may begin, behind blanks: at the front, or behind a TAB.
inline std::size_t find_record(raw text) noexcept {
  for (std::size_t at = 0;; ++at) {
    std::size_t begin = at;
    while (begin < text.size() && is_blank(text[begin])) ++begin;
    if (begin < text.size() && text[begin] == '{') return begin;
    at = text.find('\t', begin);
    if (at == raw::npos) return raw::npos;
  }
}

// `2026/11/23 12:06:45.032 TAB INFO TAB http.log.access.log1 TAB message TAB {..}`; the level perhaps in colour, the logger
// and the record perhaps not there. What looks like the begin of a record must be one: its values have names, which free text
// would lose.
inline bool read_caddy(head_reader in, line_head& out) noexcept {
  const raw from = in.rest();
  if (in.take_picture("0000/00/00 00:00:00").empty()) return false;
  if (in.take('.') && in.take_digits(9).empty()) return false;
  out.add(head_part::error_time, from.first(from.size() - in.rest().size()));
  if (!in.take('\t')) return false;
  in.skip_colour();
  out.add(head_part::error_level, in.take_while([](unsigned char c) { return is_letter(c) || c == '-'; }, 8));
  in.skip_colour();
  if (out.last().empty() || !in.take('\t')) return false;
  head_reader behind = in;
  const raw logger = behind.take_while([](unsigned char c) { return is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; }, 128);
  if (!logger.empty() && behind.take('\t') && !behind.rest().trimmed().starts_with("{")) {
    in = behind;
    out.add(head_part::error_module, logger);
  }
  out.message = in.rest();
  const std::size_t record = find_record(out.message);
  out.holds_record = record != raw::npos;
  if (!out.holds_record) return true;
  raw before = out.message.first(record);
  while (!before.empty() && is_blank(before.back())) before = before.without_last(1);
  if (!before.empty()) out.add(head_part::error_message, before);
  out.message = out.message.sub(record);
  return true;
}

}  // namespace error_head_detail

// Adds the parts of such a head to those before it. False: there is none, and nothing was added.
inline bool read_error_head(raw line, line_head& out) noexcept {
  using namespace error_head_detail;
  const std::size_t before = out.count;
  const raw message = out.message;
  out.holds_record = false;
  const line_head_detail::head_reader in(line);
  for (const auto reader : {read_nginx, read_apache, read_lighttpd, read_php, read_caddy}) {
    if (reader(in, out)) return true;
    out.count = before;
    out.message = message;
  }
  return false;
}

}  // namespace anonlog
