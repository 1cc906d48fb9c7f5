// transform/told_secret.hpp: where the message of an error log tells a secret behind a key: `password="..."`, `"user":"..."`,
// `Authorization: ...`, `[password] => ...`, the header line a server complains of, the subject of a certificate, the values of
// a row that a database refused, what a function was called with, what a rewriting rule was compared with.
//
// scrub reads word by word, and such a value may be several. Without quotes and behind `=` it is one, and scrub's own.
// Sources: nginx ngx_http_request.c, ngx_http_upstream.c, ngx_proxy_protocol.c; Apache protocol.c (AH00135, AH00560, AH02425 to
// AH02427), mod_ssl (AH02039), mod_authnz_ldap (AH01697); ModSecurity's audit fields; lighttpd mod_auth.c; PHP's print_r and
// stack traces; PostgreSQL's and MySQL's errors of unique keys; SPEC 3.8 (keys), 3.9 (headers, certificates).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/transform/phrase_list.hpp>
#include <anonlog/transform/query_key.hpp>
#include <anonlog/transform/word_table.hpp>

namespace anonlog {

namespace told_secret_detail {

// In prose `code:` and `state:` are followed by what people need; these never are.
inline constexpr std::array<std::string_view, 21> last_words = {
    "password", "passwd", "pwd", "secret", "token", "auth", "jwt", "otp", "sid", "session", "sessionid", "user", "username", "userid", "uid",
    "login", "email", "mail", "apikey", "signature", "pw",
};
inline constexpr std::array<std::string_view, 18> whole_names = {
    "api_key", "api-key", "x-api-key", "user_id", "session_id", "secret_key", "private_key", "access_key", "phpsessid", "jsessionid",
    "first_name", "last_name", "full_name", "user_name", "accesstoken", "refreshtoken", "csrftoken", "remember_me",
};
// In front of what a client sent, as it sent it, to the end of the message or its quote.
inline constexpr phrase_list<10> complaints({"header line", "invalid header", "previous value", "broken header", "invalid response", "invalid command", "':' separator",
                                             "name is malformed", "value is malformed", "malformed request line"});
// The first word of a credential, of which the next one is the secret. Source: IANA HTTP Authentication Scheme Registry.
inline constexpr std::array<std::string_view, 9> schemes = {"basic", "bearer", "digest", "negotiate", "ntlm", "hoba", "token", "apikey", "hawk"};
inline constexpr word_table<last_words.size()> ends(last_words);
inline constexpr word_table<whole_names.size()> wholes(whole_names);
inline constexpr word_table<schemes.size()> first_words(schemes);
inline constexpr std::array<std::string_view, 6> secret_headers = {"authorization", "proxy-authorization", "proxy_authorization", "cookie", "set-cookie", "cookie2"};
inline constexpr word_table<secret_headers.size()> headers(secret_headers);

}  // namespace told_secret_detail

class told_secrets {
 public:
  explicit told_secrets(raw message) noexcept : message_(message) {}

  struct span {
    std::size_t from = 0, size = 0;
    bool has_mask = false;  // scrub writes one behind each `KEY=` by itself
    constexpr std::size_t end() const noexcept { return from + size; }
  };
  // What the key or phrase that ends at `mark`, with `=`, `:` or `[`, says of what follows it, or `for` of what stands in front
  // of it; size 0 if nothing.
  span behind(std::size_t mark) noexcept {
    switch (message_[mark]) {
      case '=': return behind_equals(mark);
      case ':': return behind_colon(mark);
      case '"': return behind_match(mark);
      case '[': return message_.sub(mark + 1).starts_with("data") ? after("data \"", mark + 1, "\"]") : user_before(mark);
      case 'f': return before_key(mark);
      default: return {};
    }
  }

  // The key of a parameter that ends at `end`, and whether its value may not be told.
  static raw key_before(raw text, std::size_t end) noexcept {
    return name_before(text, end, [](unsigned char c) { return is_name_byte(c) || c == '[' || c == ']'; });
  }
  static bool is_secret_key(raw key) noexcept { return is_sensitive_key(key, {}) || is_secret_name(key); }

 private:
  // What belongs to the name of a header or a member.
  static constexpr bool is_name_byte(unsigned char c) noexcept { return is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; }
  static constexpr bool is_quote(unsigned char c) noexcept { return c == '"' || c == '\''; }

  // The name that ends at `end` and may be this long.
  static constexpr std::size_t longest_name = 64;
  template <class Belongs>
  static raw name_before(raw text, std::size_t end, Belongs belongs) noexcept {
    std::size_t begin = end;
    while (begin > 0 && end - begin < longest_name && belongs(text[begin - 1])) --begin;
    return text.sub(begin, end - begin);
  }

  static std::size_t last_part(raw name) noexcept { return std::max({name.rfind('-') + 1, name.rfind('_') + 1, name.rfind('.') + 1}); }  // npos + 1 is 0
  static bool is_secret_name(raw name) noexcept {
    if (name.first(10).equals_lower("wordpress_")) return true;  // its cookies, one of which begins with the name of the login
    const std::size_t last = last_part(name);
    if (told_secret_detail::ends.find_lower(name.sub(last)) != told_secret_detail::ends.npos) return true;
    const std::size_t last_two = last == 0 ? 0 : last_part(name.first(last - 1));
    return told_secret_detail::wholes.find_lower(name.sub(last_two)) != told_secret_detail::wholes.npos;
  }
  // Also as CGI names it: `HTTP_COOKIE`, `REDIRECT_HTTP_AUTHORIZATION`.
  static bool is_secret_header(raw name) noexcept {
    for (const std::string_view prefix : {std::string_view("redirect_"), std::string_view("http_")})
      if (name.first(prefix.size()).equals_lower(prefix)) name = name.sub(prefix.size());
    return told_secret_detail::headers.find_lower(name) != told_secret_detail::headers.npos;
  }

  // The end of the key in front of `mark`: a quote, which may have a backslash, is not part of it.
  std::size_t key_end(std::size_t mark) const noexcept {
    if (mark == 0 || !is_quote(message_[mark - 1])) return mark;
    return mark - (mark > 1 && message_[mark - 2] == '\\' ? 2 : 1);
  }

  span behind_equals(std::size_t mark) noexcept {
    const bool is_arrow = mark + 1 < message_.size() && message_[mark + 1] == '>';
    std::size_t from = run_end(message_, mark + (is_arrow ? 2 : 1), is_blank);
    if (is_arrow) from = behind_type(from);
    if (from == message_.size()) return {};
    const bool is_apart = from != mark + 1;
    const bool opens = opens_quote(from);
    if (!is_apart && message_[from] == '(' && mark > 0 && message_[mark - 1] == ')') return row_values(from + 1);
    std::size_t end = mark;
    if (!is_apart && end > 0 && message_[end - 1] == '=') --end;  // `password=="x"`
    while ((is_apart || opens) && end > 0 && is_blank(message_[end - 1])) --end;
    if ((is_arrow || is_apart) && end > 0 && message_[end - 1] == ']') --end;
    const raw key = is_arrow || is_apart ? name_before(message_, key_end(end), is_name_byte) : key_before(message_, key_end(end));
    const bool is_header = is_secret_header(key);
    if (!is_apart && opens && message_.first(mark).ends_with("RewriteCond: input")) return up_to("' pattern='", from + 1, false);  // a header or the query
    if (is_apart) {
      if (is_header) return up_to("\" while ", from, false);
      if (!(is_arrow || opens ? is_secret_key(key) : is_secret_name(key))) return {};
      return is_arrow && !opens ? dumped_value(from) : value(from);
    }
    span found;
    if (opens && (is_header || is_secret_key(key))) {
      found = quoted_value(from);
      found.has_mask = end != mark || !is_secret_key(key);  // else scrub writes it
      return found;
    }
    if (opens) return {};
    const bool is_list = message_[from] == '[' || message_[from] == '{';
    if (is_header) found = up_to("\" while ", from, false);
    else if (is_secret_key(key) && is_list) found = bracketed_value(from);
    else if (is_secret_key(key) && word_end(from) != credential_end(from)) found = {from, credential_end(from) - from, false};
    found.has_mask = !is_secret_key(key);
    return found;
  }

  span behind_colon(std::size_t mark) noexcept {
    std::size_t key = mark;
    while (key > 0 && is_blank(message_[key - 1])) --key;
    if (key == 0 || !is_quote(message_[key - 1])) key = mark;  // `"user" : "ada"`
    const std::size_t end = key_end(key);
    const bool is_quoted = end != key;
    const std::size_t from = run_end(message_, mark + 1, is_blank);
    if (from == message_.size()) return {};
    const bool is_apart = from != mark + 1;
    const bool is_joined = !is_apart && !is_quoted && !is_quote(message_[from]);
    if (is_joined && (mark == 0 || !is_letter(message_[mark - 1]) || !is_alphanumeric(message_[from]))) return {};  // of a time, an address of IPv6, a URL
    if (is_apart && mark > 0 && message_[mark - 1] == ')') return call_values(from);
    if (is_apart && message_.sub(from).starts_with("Invalid method in request ")) return up_to(", referer: ", from + 26, false);
    if (is_apart && message_.sub(from).starts_with("accepting ")) return up_to(", referer: ", from + 10, false);
    const raw name = name_before(message_, end, is_name_byte);
    const raw before = message_.first(end);
    if (is_apart && told_secret_detail::complaints.find_end(before) != told_secret_detail::complaints.npos) return message_[from] == '"' ? up_to("\" while ", from + 1, true) : up_to(", referer: ", from, false);
    if (name.empty()) return {};
    const std::size_t begin = end - name.size();
    if (is_apart && before.ends_with("[subject")) return up_to_last(']', from);
    if (before.ends_with("(Value")) return after("`", from, "' )");
    if (before.ends_with("digest")) return after("auth failed for ", from, ": wrong password");
    if (is_secret_header(name)) return is_quoted ? value(from) : up_to("\" while ", from, begin > 0 && message_[begin - 1] == '"');
    if (begin > 0 && message_[begin - 1] == '/') return {};  // `//user:` of a URL
    if (begin > 0 && message_[begin - 1] == ':' && (is_joined || message_.first(begin).ends_with("/:"))) return {};  // a segment or a word that was somebody's, as this program writes it
    return (is_quoted ? is_secret_key(name) : is_secret_name(name)) ? value(from) : span{};
  }

  // Of `"PATTERN" matches "VALUE"`, as nginx logs what it rewrites by: the value may be a cookie, if it is no target.
  span behind_match(std::size_t mark) noexcept {
    const raw before = message_.first(mark);
    if (!before.ends_with("\" matches ") && !before.ends_with("\" does not match ")) return {};
    if (message_.sub(mark + 1).starts_with("/")) return {};
    return up_to("\", client: ", mark + 1, true);
  }

  // Of `ADDRESS IDENT USER [HOST/sid#NUMBER]`, as Apache's mod_rewrite begins what it tells.
  span user_before(std::size_t mark) const noexcept {
    constexpr std::size_t longest_host = 256;
    const raw behind = message_.sub(mark + 1, longest_host);
    const raw word = behind.first(run_end(behind, 0, [](unsigned char c) { return !is_blank(c) && c != ']' && c != '['; }));
    if (mark < 2 || message_[mark - 1] != ' ' || word.find("/sid#") == raw::npos) return {};
    std::size_t from = mark - 1;
    while (from > 0 && !is_blank(message_[from - 1])) --from;
    const raw user = message_.sub(from, mark - 1 - from);
    return user == std::string_view("-") ? span{} : span{from, user.size(), true};
  }

  // Of `for key 'NAME'`, as MySQL ends it: `Duplicate entry 'VALUE' for key`.
  span before_key(std::size_t place) noexcept {
    if (!message_.sub(place).starts_with("for key") || !message_.first(place).ends_with("' ")) return {};
    constexpr std::string_view opening = "Duplicate entry '";
    if (entry_ == unknown) entry_ = message_.find(opening);
    const std::size_t from = entry_ + opening.size();
    return entry_ == raw::npos || from + 2 >= place ? span{} : span{from, place - 2 - from, true};
  }

  // `Key (COLUMNS)=(VALUES) already exists.`
  span row_values(std::size_t from) noexcept {
    if (row_end_ == unknown) {
      row_end_ = raw::npos;
      for (const std::string_view behind : {") already exists", ") is not present", ") is still referenced", ") conflicts with"})
        if (row_end_ == raw::npos) row_end_ = message_.rfind(behind);
    }
    return row_end_ != raw::npos && row_end_ >= from ? span{from, row_end_ - from, true} : up_to_last(')', from);
  }

  // `#0 FILE(LINE): FUNCTION(VALUES)`
  span call_values(std::size_t from) const noexcept {
    const std::size_t open = run_end(message_, from, [](unsigned char c) { return is_name_byte(c) || c == '\\' || c == ':' || c == '>' || c == '{' || c == '}'; });
    if (open == from || open + 1 >= message_.size() || message_[open] != '(' || message_[open + 1] == ')') return {};
    return up_to_last(')', open + 1);
  }

  bool opens_quote(std::size_t from) const noexcept {
    return is_quote(message_[from == message_.size() - 1 || message_[from] != '\\' ? from : from + 1]);
  }

  std::size_t word_end(std::size_t from) const noexcept {
    return run_end(message_, from, [](unsigned char c) { return !is_blank(c) && c != ',' && c != ';' && c != '&' && c != '"' && c != ')' && c != '}' && c != ']'; });
  }
  // The same, of two words where the first one says of which kind the second is.
  std::size_t credential_end(std::size_t from) const noexcept {
    const std::size_t end = word_end(from);
    const bool is_scheme = told_secret_detail::first_words.find_lower(message_.sub(from, end - from)) != told_secret_detail::first_words.npos;
    return is_scheme && end + 1 < message_.size() && message_[end] == ' ' ? word_end(end + 1) : end;
  }

  // Behind `string(7) `, as PHP's var_dump writes it.
  std::size_t behind_type(std::size_t from) const noexcept {
    constexpr std::string_view type = "string(";
    if (!message_.sub(from).starts_with(type)) return from;
    const std::size_t end = run_end(message_, from + type.size(), is_digit);
    return message_.sub(end).starts_with(") ") ? end + 2 : from;
  }

  // As PHP's print_r writes it: several words, to the next key or the end of the array.
  span dumped_value(std::size_t from) const noexcept {
    const raw rest = message_.sub(from, message_.find(" [", from) - from);  // npos - from is more than there is
    return {from, std::min(rest.find(" )"), rest.size()), true};
  }

  // The value at `from`: to the quote or bracket that closes it, or one word; not one that is hidden already.
  span value(std::size_t from) const noexcept {
    if (message_[from] == '[' || message_[from] == '{') return bracketed_value(from);
    if (!opens_quote(from)) {
      const std::size_t end = credential_end(from);
      const raw word = message_.sub(from, end - from);
      if (word == std::string_view("%22*%22") || word == std::string_view("%5C%22*%5C%22")) return {};
      return {from, end - from, true};
    }
    const span whole = quoted_value(from);
    const std::size_t quote = message_[from] == '\\' ? 2 : 1;
    const bool is_closed = whole.size >= 2 * quote && message_[whole.end() - 1] == message_[from + quote - 1];
    return {from + quote, whole.size - quote - (is_closed ? quote : 0), true};
  }

  // A list or an object, whose brackets may stand in strings too: then more or less goes, but never less than the first pair.
  span bracketed_value(std::size_t from) const noexcept {
    std::size_t depth = 0, end = from;
    for (; end < message_.size(); ++end) {
      if (message_[end] == '[' || message_[end] == '{') ++depth;
      if ((message_[end] == ']' || message_[end] == '}') && --depth == 0) return {from, end + 1 - from, true};
    }
    return {from, end - from, true};
  }

  // The same with its quotes, which may have backslashes in front of them, as JSON in a string of JSON has. A quote closes it if
  // what follows may follow a value: the others' backslashes were undone.
  span quoted_value(std::size_t from) const noexcept {
    const bool is_escaped = message_[from] == '\\';
    const char quote = static_cast<char>(message_[from + is_escaped]);
    constexpr auto may_follow = [](unsigned char c) { return c <= ' ' || c == ',' || c == ';' || c == ':' || c == '&' || c == ')' || c == ']' || c == '}' || c == '>' || c == '\\' || c == '"' || c == '.'; };
    const auto closes = [&](std::size_t at) { return (at + 1 == message_.size() || may_follow(message_[at + 1])) && (is_escaped || message_[at - 1] != '\\'); };
    std::size_t close = message_.find(quote, from + is_escaped + 1);
    while (close != raw::npos && !closes(close)) close = message_.find(quote, close + 1);
    return {from, (close == raw::npos ? message_.size() : close + 1) - from};
  }

  // From `from` to `closing`; where it is missing, to the end of the text, or to its last quote. Asked again further behind, as
  // often as a message has keys, it does not look again.
  span up_to(std::string_view closing, std::size_t from, bool may_end_in_quote) noexcept {
    if (closing_ != closing || from < closing_from_ || (closing_at_ != raw::npos && from > closing_at_)) {
      closing_ = closing;
      closing_at_ = message_.find(closing, from);
    }
    closing_from_ = from;
    std::size_t end = closing_at_;
    if (end == raw::npos) end = message_.size() - (may_end_in_quote && message_.size() > from && message_.back() == '"' ? 1 : 0);
    return {from, end - from, true};
  }
  span up_to_last(char closing, std::size_t from) const noexcept {
    const std::size_t end = message_.rfind(closing);
    return {from, (end == raw::npos || end < from ? message_.size() : end) - from, true};
  }
  span after(std::string_view opening, std::size_t at, std::string_view closing) noexcept {
    return message_.sub(at).starts_with(opening) ? up_to(closing, at + opening.size(), false) : span{};
  }

  static constexpr std::size_t unknown = raw::npos - 1;

  raw message_;
  std::string_view closing_;  // where it stands next behind a place
  std::size_t closing_from_ = 0, closing_at_ = 0;
  std::size_t entry_ = unknown, row_end_ = unknown;  // where words of databases stand, looked for once: a message may hold as many keys as it is long
};

}  // namespace anonlog
