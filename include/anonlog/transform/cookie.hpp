// transform/cookie.hpp: which cookies there were, or pseudonyms for the sessions among them.
//
// Source: SPEC 3.9 (Cookie).
#pragma once

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
#include <anonlog/transform/session_token.hpp>

namespace anonlog {

enum class cookie_level : unsigned char { drop, names, session };

struct cookie {
  static constexpr std::string_view name = "cookie";
  static constexpr example examples[] = {
      {.in = "sid=abc; theme=dark", .out = "-", .outcome = outcome::dropped},
  };

  cookie_level level = cookie_level::drop;
  std::vector<std::string> session_names;  // level session: these letters
  token_style style;

  outcome apply(raw value, scope& s, writer& out) const noexcept {
    if (level == cookie_level::drop) {
      out.put('-');
      return outcome::dropped;
    }
    bool is_first = true;
    for (std::size_t from = 0; from <= value.size();) {
      std::size_t to = value.find(';', from);
      if (to == raw::npos) to = value.size();
      const raw item = value.sub(from, to - from).trimmed();
      from = to + 1;
      if (item.empty() || (level == cookie_level::session && session_name(item) == nullptr)) continue;
      if (!is_first) out.put("; ");
      is_first = false;
      if (level == cookie_level::names)
        put_name(item, s, out);
      else
        put_session(item, s, out);
    }
    if (is_first) out.put('-');
    if (level == cookie_level::names) return outcome::reduced;
    return is_first ? outcome::dropped : outcome::tokenised;
  }

 private:
  // The listed name that the item has, or nullptr.
  const std::string* session_name(raw item) const noexcept {
    const std::size_t equals = item.find('=');
    if (equals == raw::npos) return nullptr;
    for (const std::string& listed : session_names)
      if (item.first(equals) == std::string_view(listed)) return &listed;
    return nullptr;
  }

  void put_session(raw item, scope& s, writer& out) const noexcept {
    const std::size_t equals = item.find('=');
    out.release(item.first(equals));
    out.put('=');
    put_session_token(item.sub(equals + 1), s, out, style);
  }

  static void put_name(raw item, scope& s, writer& out) noexcept {
    const std::size_t equals = item.find('=');
    const scratch::frame frame(s.memory);
    bool ok = equals != raw::npos;
    const raw decoded = ok ? percent_decode(item.first(equals), 3, s.memory, ok) : raw();
    if (!ok || !is_writable_key(decoded)) {
      out.put('_');
      return;
    }
    out.release(decoded);
    out.put("=*");
  }
};

}  // namespace anonlog
