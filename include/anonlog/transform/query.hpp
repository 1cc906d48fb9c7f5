// transform/query.hpp: the query of a URL: which parameters there were, and hardly ever what they said.
//
// Source: SPEC 3.8 (Query levels).
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/decode.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/query_key.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/value_token.hpp>

namespace anonlog {

enum class query_level : unsigned char {
  drop,   // no query
  keys,   // every value is `*`
  allow,  // values of listed keys that look harmless
  hash,   // values become tokens
  full,   // values as they are
};

// Class `query`, and the part of a target after its `?`. Sensitive keys have the value `*` at every level, and so do
// those that are not written: `+password`, `pass%00word` may be sensitive to the server that read them.
struct query {
  static constexpr std::string_view name = "query";
  static constexpr example examples[] = {
      {.in = "utm_source=news&email=bob%40example.com", .out = "utm_source=news&email=*"},
      {.in = "?q=my+disease&page=2&&4711", .out = "?q=*&page=2&*"},
      {.in = "user[password]=hunter2&bob@example.com=1", .out = "user[password]=*&_=*"},
  };

  query_level level = query_level::allow;
  std::vector<std::string> allow = {"utm_source", "utm_medium", "utm_campaign", "page", "lang"};  // these letters
  std::vector<std::string> allow_sensitive;  // of personal_keys, in any case
  token_style style;                         // level hash

  // A query field, with or without its `?`; a fragment has no business in it. When nothing is left: "-", and nothing at
  // all for one that begins with `?`: that stands behind a path (Apache's `%U%q`) and must not become part of it.
  outcome apply(raw value, scope& s, writer& out) const noexcept {
    const bool has_mark = value.starts_with("?");
    const std::size_t begin = out.size();
    amount written = amount::nothing;
    if (level != query_level::drop) {
      value = value.first(value.find('#'));
      if (has_mark) out.put('?');
      written = put_items(value.sub(has_mark ? 1 : 0), level, s, out);
    }
    if (written == amount::something) return reach();
    out.rewind(begin);
    if (!has_mark) out.put('-');
    if (level == query_level::drop) return outcome::dropped;
    return written == amount::nothing ? outcome::reduced : outcome::unreadable;
  }

  // Writes `?` and the items, or nothing at all when no item is left. False without memory: what was written then is
  // to be taken back.
  bool put_after_path(raw items, scope& s, writer& out) const noexcept { return put_after_path(items, level, s, out); }

  // The same at another level than the own one.
  bool put_after_path(raw items, query_level at_level, scope& s, writer& out) const noexcept {
    if (at_level == query_level::drop) return true;
    const std::size_t begin = out.size();
    out.put('?');
    const amount written = put_items(items, at_level, s, out);
    if (written == amount::nothing) out.rewind(begin);
    return written != amount::no_memory;
  }

  outcome reach() const noexcept {
    return level == query_level::full   ? outcome::kept
           : level == query_level::hash ? outcome::tokenised
                                        : outcome::reduced;
  }

 private:
  enum class amount { nothing, something, no_memory };

  amount put_items(raw items, query_level at_level, scope& s, writer& out) const noexcept {
    bool is_first = true;
    for (std::size_t from = 0; from < items.size(); ++from) {
      const auto ends_key = [](unsigned char c) { return c == '=' || c == '&'; };
      std::size_t size = 0;
      const byte_kinds kinds = byte_kinds::until(items.sub(from, longest_key + 1), ends_key, size);
      std::size_t to = from + size;
      if (size > longest_key) to = run_end(items, to, [&](unsigned char c) { return !ends_key(c); });
      const raw key = items.sub(from, to - from);
      const bool has_key = to < items.size() && items[to] == '=';
      from = has_key ? std::min(items.find('&', to), items.size()) : to;
      if (key.empty() && !has_key) continue;

      if (!is_first) out.put('&');
      is_first = false;
      if (!has_key)  // a value without a key
        out.put('*');
      else if (!put_item(key, kinds, items.sub(to + 1, from - to - 1), at_level, s, out))
        return amount::no_memory;
    }
    return is_first ? amount::nothing : amount::something;
  }

  // `kinds` are those of the key, if it is not too long to be written.
  bool put_item(raw key, byte_kinds kinds, raw value, query_level at_level, scope& s, writer& out) const noexcept {
    const scratch::frame frame(s.memory);
    bool is_writable = false;
    if (key.size() > longest_key || kinds.count(byte_kinds::special) != 0) {
      bool ok = true;
      key = percent_decode(key, 3, s.memory, ok);
      if (!ok) return false;
      is_writable = is_writable_key(key);
    } else {
      is_writable = is_writable_key(key, kinds);
    }
    if (!is_writable) {
      out.put("_=*");
      return true;
    }
    out.release(key);
    out.put('=');
    return put_value(key, value, at_level, s, out);
  }

  // `key` is writable.
  bool put_value(raw key, raw value, query_level at_level, scope& s, writer& out) const noexcept {
    const bool is_open = at_level == query_level::full || at_level == query_level::hash ||
                         (at_level == query_level::allow && is_listed(key));
    if (value.empty() || !is_open || is_sensitive_key(key, allow_sensitive)) {
      out.put('*');
      return true;
    }
    bool ok = true;
    if (at_level == query_level::full) {
      if (!holds_hidden_item(percent_decode(value, 3, s.memory, ok)) && ok)
        out.release(value);
      else
        out.put('*');
      return ok;
    }
    if (at_level == query_level::hash) {
      put_value_token(key, value, s, out, style);
      return true;
    }
    const raw decoded = decoded_query_value(value, s.memory, ok);
    if (ok && is_harmless(key, decoded))
      out.release(decoded);
    else
      out.put('*');
    return ok;
  }

  // `;` joins items as well for some servers: true if one behind it has a key whose value is not to be seen.
  bool holds_hidden_item(raw decoded) const noexcept {
    for (std::size_t from = decoded.find(';'); from != raw::npos;) {
      const std::size_t to = decoded.find(';', from + 1);
      const raw item = decoded.sub(from + 1, to == raw::npos ? raw::npos : to - from - 1);
      const std::size_t equals = item.find('=');
      const raw key = item.first(equals);
      if (equals != raw::npos && (!is_writable_key(key) || is_sensitive_key(key, allow_sensitive))) return true;
      from = to;
    }
    return false;
  }

  bool is_listed(raw key) const noexcept {
    for (const std::string& listed : allow)
      if (key == std::string_view(listed)) return true;
    return false;
  }

  static bool is_harmless(raw key, raw value) noexcept {
    static constexpr byte_set is_value_byte("_.-");
    if (value.empty() || value.size() > 32 || !all_of(value, is_value_byte)) return false;
    const bool is_small_number = value.size() <= 4 && all_of(value, is_digit);
    if (key == std::string_view("page")) return is_small_number;
    if (key == std::string_view("lang") && !is_language(value)) return false;
    return is_small_number || !holds_identifier(value);
  }

  // 2-3 letters, optionally `-` or `_` and 2-8 letters or digits.
  static bool is_language(raw value) noexcept {
    const auto is_letters = [](raw text) { return all_of(text, is_letter); };
    std::size_t cut = value.find('-');
    if (cut == raw::npos) cut = value.find('_');
    const raw language = value.first(cut);
    if (language.size() < 2 || language.size() > 3 || !is_letters(language)) return false;
    if (cut == raw::npos) return true;
    const raw region = value.sub(cut + 1);
    return region.size() >= 2 && region.size() <= 8 && all_of(region, is_alphanumeric);
  }
};

}  // namespace anonlog
