// transform/told_secret.hpp: where the message of an error log tells a secret behind a key: `password="..."`, `"user":"..."`,
// `Authorization: ...`, the header line a server complains of, the subject of a certificate.
//
// scrub reads word by word, and such a value may be several. Without quotes and behind `=` it is one, and scrub's own.
// Sources: nginx ngx_http_request.c, ngx_http_upstream.c; Apache mod_ssl (AH02039); ModSecurity's audit fields; lighttpd
// mod_auth.c; SPEC 3.8 (keys), 3.9 (headers, certificates).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <anonlog/core/ascii.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/transform/query_key.hpp>
#include <anonlog/transform/word_table.hpp>

namespace anonlog {

namespace told_secret_detail {

// In prose `code:` and `state:` are followed by what people need; these never are.
inline constexpr std::array<std::string_view, 20> last_words = {
    "password", "passwd", "pwd", "secret", "token", "auth", "jwt", "otp", "sid", "session", "sessionid", "user", "username", "userid", "uid",
    "login", "email", "mail", "apikey", "signature",
};
inline constexpr std::array<std::string_view, 4> whole_names = {"api_key", "api-key", "x-api-key", "user_id"};
inline constexpr word_table<last_words.size()> ends(last_words);
inline constexpr word_table<whole_names.size()> wholes(whole_names);

}  // namespace told_secret_detail

class told_secrets {
 public:
  explicit told_secrets(raw message) noexcept : message_(message) {}

  struct span {
    std::size_t from = 0, size = 0;
    bool has_mask = false;  // scrub writes one behind each `KEY=` by itself
    constexpr std::size_t end() const noexcept { return from + size; }
  };
  // What the key or phrase that ends at `mark`, with `=`, `:` or `[`, says of what follows it; size 0 if nothing.
  span behind(std::size_t mark) const noexcept {
    switch (message_[mark]) {
      case '=': return behind_equals(mark);
      case ':': return behind_colon(mark);
      case '[': return after("data \"", mark + 1, "\"]");
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

  static bool is_secret_name(raw name) noexcept {
    const std::size_t last = std::max(name.rfind('-') + 1, name.rfind('_') + 1);  // npos + 1 is 0
    return told_secret_detail::ends.find_lower(name.sub(last)) != told_secret_detail::ends.npos || told_secret_detail::wholes.find_lower(name) != told_secret_detail::wholes.npos;
  }
  static bool is_secret_header(raw name) noexcept {
    for (std::string_view word : {"authorization", "proxy-authorization", "cookie", "set-cookie", "cookie2"})
      if (name.equals_lower(word)) return true;
    return false;
  }

  // The end of the key in front of `mark`: a quote, which may have a backslash, is not part of it.
  std::size_t key_end(std::size_t mark) const noexcept {
    if (mark == 0 || !is_quote(message_[mark - 1])) return mark;
    return mark - (mark > 1 && message_[mark - 2] == '\\' ? 2 : 1);
  }

  span behind_equals(std::size_t mark) const noexcept {
    const std::size_t from = mark + 1;
    const bool opens = from < message_.size() && is_quote(message_[from] == '\\' && from + 1 < message_.size() ? message_[from + 1] : message_[from]);
    return opens && is_secret_key(key_before(message_, key_end(mark))) ? quoted_value(from) : span{};
  }

  span behind_colon(std::size_t mark) const noexcept {
    const std::size_t end = key_end(mark);
    const bool is_quoted = end != mark;
    std::size_t from = mark + 1;
    while (from < message_.size() && message_[from] == ' ') ++from;
    const bool is_apart = from != mark + 1;
    if (from == message_.size()) return {};
    if (!is_apart && !is_quoted && !is_quote(message_[from])) return {};  // of a time, an address of IPv6, a URL
    const raw name = name_before(message_, end, is_name_byte);
    if (name.empty()) return {};
    const std::size_t begin = end - name.size();
    const raw before = message_.first(end);
    if (is_apart && message_[from] == '"' && (before.ends_with("header line") || before.ends_with("invalid header") || before.ends_with("previous value")))
      return up_to("\" while ", from + 1, true);
    if (is_apart && before.ends_with("[subject")) return up_to_last(']', from);
    if (before.ends_with("(Value")) return after("`", from, "' )");
    if (before.ends_with("digest")) return after("auth failed for ", from, ": wrong password");
    if (is_secret_header(name) && (is_apart || is_quoted)) return is_quoted ? value(from) : up_to("\" while ", from, begin > 0 && message_[begin - 1] == '"');
    if (begin > 0 && message_[begin - 1] == '/') return {};  // `//user:` of a URL
    if (message_.first(begin).ends_with("/:")) return {};    // a segment that was somebody's, as this program writes it
    return is_secret_name(name) ? value(from) : span{};
  }

  // The value at `from`: to the quote that closes it, or one word; not one that is hidden already.
  span value(std::size_t from) const noexcept {
    if (!is_quote(message_[message_[from] == '\\' && from + 1 < message_.size() ? from + 1 : from])) {
      const std::size_t end = run_end(message_, from, [](unsigned char c) { return c > ' ' && c != ',' && c != ';' && c != '&' && c != '"' && c != ')' && c != '}' && c != ']'; });
      const raw word = message_.sub(from, end - from);
      if (word == std::string_view("%22*%22") || word == std::string_view("%5C%22*%5C%22")) return {};
      return {from, end - from, true};
    }
    const span whole = quoted_value(from);
    const std::size_t quote = message_[from] == '\\' ? 2 : 1;
    const bool is_closed = whole.size >= 2 * quote && message_[from + whole.size - 1] == message_[from + quote - 1];
    return {from + quote, whole.size - quote - (is_closed ? quote : 0), true};
  }

  // The same with its quotes, which may have backslashes in front of them, as JSON in a string of JSON has.
  span quoted_value(std::size_t from) const noexcept {
    const bool is_escaped = message_[from] == '\\';
    const char quote = static_cast<char>(message_[from + is_escaped]);
    const std::size_t begin = from + is_escaped + 1;
    std::size_t close = message_.find(quote, begin);
    while (!is_escaped && close != raw::npos && close > begin && message_[close - 1] == '\\') close = message_.find(quote, close + 1);
    return {from, (close == raw::npos ? message_.size() : close + 1) - from};
  }

  // From `from` to `closing`; where it is missing, to the end of the text, or to its last quote.
  span up_to(std::string_view closing, std::size_t from, bool may_end_in_quote) const noexcept {
    std::size_t end = message_.find(closing, from);
    if (end == raw::npos) end = message_.size() - (may_end_in_quote && message_.size() > from && message_.back() == '"' ? 1 : 0);
    return {from, end - from, true};
  }
  span up_to_last(char closing, std::size_t from) const noexcept {
    const std::size_t end = message_.rfind(closing);
    return {from, (end == raw::npos || end < from ? message_.size() : end) - from, true};
  }
  span after(std::string_view opening, std::size_t at, std::string_view closing) const noexcept {
    return message_.sub(at).starts_with(opening) ? up_to(closing, at + opening.size(), false) : span{};
  }

  raw message_;
};

}  // namespace anonlog
