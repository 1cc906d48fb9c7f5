// format/pattern.hpp: a user's format to grammar: nginx or Apache syntax, bare or as in the configuration file.
//
//   $remote_addr - $remote_user [$time_local] "$request"        what nginx's log_format holds
//   %h %l %u %t "%r" %>s %b                                      what Apache's LogFormat holds
//   log_format name escape=json '..' '..';                       the directive, copied from nginx.conf
//   LogFormat "%h %l \"%r\"" name        CustomLog path ".."     the directive, copied from httpd.conf
//   accesslog.format = ".."              varnishncsa -F '..'     the same of programs that write as Apache does
//   nginx: ..   apache: ..   apache: ".."   lighttpd: ".."       says which, where both could be meant
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/suggest.hpp>
#include <anonlog/format/pattern_apache.hpp>
#include <anonlog/format/pattern_nginx.hpp>

namespace anonlog {

namespace pattern_detail {

enum class syntax : unsigned char { unknown, nginx, apache };

inline bool starts_with_word(std::string_view text, std::string_view lower_word) {
  return text.size() > lower_word.size() && raw(text.substr(0, lower_word.size())).equals_lower(lower_word) &&
         is_pattern_blank(text[lower_word.size()]);
}

inline bool has_after(std::string_view text, char sign, std::string_view others) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != sign) continue;
    const unsigned char next = static_cast<unsigned char>(text[i + 1]);
    if (is_letter(next) || others.find(text[i + 1]) != std::string_view::npos) return true;
  }
  return false;
}

inline bool has_nginx_field(std::string_view text) { return has_after(text, '$', "_{"); }
inline bool has_apache_field(std::string_view text) { return has_after(text, '%', "{<>!^0123456789"); }

inline void append(pattern_text& whole, const pattern_text& part) {
  whole.bytes += part.bytes;
  whole.columns.insert(whole.columns.end(), part.columns.begin(), part.columns.end());
}

// `[escape=..] '..' '..' ;`: the strings stand for one.
inline result<grammar> compile_log_format(configuration_words words, std::string name) {
  dialect escapes = dialect::nginx;
  pattern_text whole;
  bool is_first = true;
  while (!words.at_end() && words.next() != ';') {
    const std::size_t column = words.column();
    const bool is_bare = words.next() != '"' && words.next() != '\'';
    result<pattern_text> word = words.take(';');
    if (!word) return word.error();
    if (is_first && is_bare && word->bytes.starts_with("escape=")) {
      const std::string wanted = word->bytes.substr(7);
      constexpr std::string_view known[] = {"default", "json", "none"};
      if (wanted != "default" && wanted != "json" && wanted != "none")
        return pattern_error(column, "unknown escape=" + wanted + "; " + suggest(wanted, known));
      // escape=none: nothing tells a client's quote from the format's own. The quotes decide: a line in which a
      // client sent one has too many and is a reject.
      if (wanted == "json") escapes = dialect::json;
    } else {
      append(whole, *word);
    }
    is_first = false;
  }
  if (!words.at_end()) {
    words.skip();
    if (!words.at_end()) return pattern_error(words.column(), "text after the `;` of log_format");
  }
  return compile_nginx(whole, escapes, std::move(name));
}

inline result<grammar> compile_directive(std::string_view text, std::size_t from, std::string name) {
  const std::string_view directive = text.substr(from);
  configuration_words words(text, from);
  const bool is_nginx = starts_with_word(directive, "log_format");
  const bool has_path = starts_with_word(directive, "customlog");
  (void)words.take('\0');
  if (is_nginx || has_path) {
    if (words.at_end()) return pattern_error(words.column(), "a name or path must follow the directive");
    if (auto word = words.take('\0'); !word) return word.error();
  }
  if (words.at_end()) return pattern_error(words.column(), "the pattern is missing");
  if (is_nginx) return compile_log_format(words, std::move(name));
  result<pattern_text> pattern = words.take('\0');
  if (!pattern) return pattern.error();
  return compile_apache(*pattern, std::move(name));  // a nickname, env= or expr= may follow
}

// The first word behind this mark of another program's setting or command.
inline result<grammar> compile_behind(std::string_view mark, std::string_view text, std::size_t from, std::string name) {
  const std::size_t at = text.find(mark, from);
  configuration_words words(text, at == text.npos ? text.size() : at + mark.size());
  if (words.at_end()) return pattern_error(words.column(), "the pattern is missing: it follows `" + std::string(mark) + "`");
  result<pattern_text> pattern = words.take('\0');
  if (!pattern) return pattern.error();
  return compile_apache(*pattern, std::move(name));
}

// `"%h \"%r\""`: the whole is quoted as in httpd.conf.
inline bool is_one_quoted_word(std::string_view text, std::size_t from) {
  if (from == text.size() || text[from] != '"') return false;
  configuration_words words(text, from);
  return words.take('\0') && words.at_end();
}

}  // namespace pattern_detail

// `own`: names that go before nginx's variables, for the bare pattern of a program that is not nginx.
inline result<grammar> compile_pattern(std::string_view text, std::string name = "pattern", std::span<const named_kind> own = {}) {
  using namespace pattern_detail;
  while (!text.empty() && is_pattern_blank(text.back())) text.remove_suffix(1);
  std::size_t from = 0;
  const auto skip_blanks = [&] {
    while (from < text.size() && is_pattern_blank(text[from])) ++from;
  };
  skip_blanks();
  syntax forced = syntax::unknown;
  if (text.substr(from).starts_with("nginx:")) forced = syntax::nginx, from += 6;
  else if (text.substr(from).starts_with("apache:")) forced = syntax::apache, from += 7;
  else if (text.substr(from).starts_with("lighttpd:")) forced = syntax::apache, from += 9;
  const bool was_named = forced == syntax::apache;
  if (forced != syntax::unknown) skip_blanks();

  const std::string_view rest = text.substr(from);
  if (starts_with_word(rest, "log_format") || starts_with_word(rest, "logformat") ||
      starts_with_word(rest, "customlog"))
    return compile_directive(text, from, std::move(name));
  if (rest.starts_with("accesslog.format")) return compile_behind("=", text, from, std::move(name));
  if (starts_with_word(rest, "varnishncsa")) return compile_behind(" -F ", text, from, std::move(name));
  if (forced == syntax::unknown) {
    const bool is_nginx = has_nginx_field(rest), is_apache = has_apache_field(rest);
    if (is_nginx && is_apache)
      return pattern_error(from + 1, "holds fields of nginx ($) and of Apache (%); say which with `nginx:` or "
                                     "`apache:` in front");
    if (!is_nginx && !is_apache)
      return pattern_error(from + 1, "no field in this pattern; nginx writes $remote_addr, Apache %h");
    forced = is_nginx ? syntax::nginx : syntax::apache;
  }
  if (is_one_quoted_word(text, from) && was_named) {
    const pattern_text quoted = configuration_words(text, from).take('\0').value();
    return compile_apache(quoted, std::move(name));
  }
  if (forced == syntax::nginx && (rest.starts_with("escape=") || rest.starts_with('\'')))
    return compile_log_format(configuration_words(text, from), std::move(name));
  const pattern_text pattern = configuration_words(text, from).take_rest();
  return forced == syntax::nginx ? compile_nginx(pattern, dialect::nginx, std::move(name), own)
                                 : compile_apache(pattern, std::move(name));
}

}  // namespace anonlog
