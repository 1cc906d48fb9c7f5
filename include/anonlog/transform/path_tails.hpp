// transform/path_tails.hpp: where a path in the message of an error log ends, if blanks and quotes may belong to it.
//
// A client asks for what it likes, so a path reaches up to the last of the words that programs write behind one, and more than
// the path may go. Sources: nginx ngx_http_static_module.c, ngx_http_index_module.c, ngx_http_autoindex_module.c; Apache core.c
// (AH00035, AH00128, AH01630), mod_autoindex.c (AH01276), mod_cgi; PHP's warnings; PHP-FPM.
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/raw.hpp>

namespace anonlog::path_tails {

inline constexpr std::string_view all[] = {
    " denied (filesystem path ", " denied because ", " failed, reason: ", ": No matching DirectoryIndex", " not found or unable to stat", " failed (", " is not found (", " is forbidden", " was not found",
    " is not a directory", " does not exist", " (No such file or directory)", " (Permission denied)", ": No such file or directory", ": Permission denied", "): failed to open stream",
    " on line ", " username: ", ", client: ", ", server: ", ", referer: ", ", referrer: ",
    ", request: \"", ", subrequest: \"", ", upstream: \"", ", host: \"",
};

// The last place from `from` on, and before `to`, at which such words begin, which may end behind it; behind `mark` if it is not 0: the place of the mark
// then; npos if there is none. A comma behind a mark ends any part, not a path only: it does not count.
inline std::size_t last(raw message, std::size_t from, std::size_t to, char mark) noexcept {
  for (std::size_t at = to; at-- > from;) {
    const unsigned char c = message[at];
    if ((c != ' ' && c != ',' && c != ':' && c != ')') || (mark != 0 && (at == from || message[at - 1] != static_cast<unsigned char>(mark)))) continue;
    if (c == ',' && mark != 0) continue;
    for (const std::string_view words : all)
      if (message.sub(at).starts_with(words)) return mark != 0 ? at - 1 : at;
  }
  return raw::npos;
}

}  // namespace anonlog::path_tails
