// transform/path_template.hpp: a path says which page, not whose: identifiers become placeholders.
//
// Idempotent: what it writes, it leaves alone. Source: SPEC 3.8 (Path levels, Template).
// Known limit: a name written as an ordinary word survives; routes, dirN and drop help.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/identifier_rules.hpp>
#include <anonlog/transform/routes.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

enum class path_level : unsigned char { keep, template_, directories, routes, drop };

struct path_template {
  path_level level = path_level::template_;
  std::uint8_t kept_segments = 1;              // level directories, 1-9: dir1 .. dir9
  std::shared_ptr<const route_table> routes;   // level routes; none: everything is `/:other`

  // True where a path is cut, so that not all of its segments are written in one form or another.
  bool cuts() const noexcept { return level != path_level::keep && level != path_level::template_; }

  // Writes a path that begins with `/`. False without memory: what was written then is to be taken back.
  bool put(raw path, scope& s, writer& out) const noexcept { return put(path, level, s, out); }

  // The same at another level than the own one.
  bool put(raw path, path_level at_level, scope& s, writer& out) const noexcept {
    switch (at_level) {
      case path_level::keep: out.release(path); return true;
      case path_level::template_: return put_segments(path, raw::npos, s, out);
      case path_level::directories: return put_segments(path, kept_segments, s, out);
      case path_level::routes: {
        if (routes != nullptr) return routes->put(path, s.memory, out);
        out.put("/:other");
        return true;
      }
      case path_level::drop: break;
    }
    out.put('/');
    return true;
  }

 private:
  // A segment on which no rule can fire is written together with those in front of it and behind it.
  bool put_segments(raw path, std::size_t most_segments, scope& s, writer& out) const noexcept {
    std::size_t count = 0, plain_from = 0;  // plain_from: of what is not written yet
    const auto put_plain = [&](std::size_t to) noexcept {
      out.release(path.sub(plain_from, to - plain_from));
      plain_from = to;
    };
    std::size_t from = 1;  // of the segment; a `/` stands in front of it
    while (from <= path.size()) {
      if (count++ == most_segments) {
        put_plain(from);
        out.put('*');
        return true;
      }
      std::size_t size = 0;
      const byte_kinds kinds = byte_kinds::until(path.sub(from, byte_kinds::most_bytes), [](unsigned char c) { return c == '/'; }, size);
      std::size_t to = from + size;
      const bool is_whole = to == path.size() || path[to] == '/';
      if (!is_whole) to = std::min(path.find('/', to), path.size());
      const raw segment = path.sub(from, to - from);
      from = to + 1;
      if (is_whole && kinds.is_beyond_every_rule() && !segment.starts_with("~")) continue;

      put_plain(to - segment.size());
      plain_from = to;
      const character_profile p = is_whole ? character_profile(kinds, segment.size()) : character_profile::of(segment);
      if (!put_segment(segment, p, most_segments, s, out)) return false;
    }
    put_plain(path.size());
    return true;
  }

  // `p` is the profile of the segment as it is written in the log.
  bool put_segment(raw segment, character_profile p, std::size_t most_segments, scope& s, writer& out) const noexcept {
    const scratch::frame frame(s.memory);
    raw kept = segment, decoded = segment, d = segment;
    if (p.specials != 0) {
      bool ok = true;
      kept = segment.first(segment.find(';'));  // path parameters go
      decoded = percent_decode(kept, 3, s.memory, ok);
      if (!ok) return false;
      d = decoded.first(decoded.find(';'));
      if (d.begin() != segment.begin() || d.size() != segment.size()) p = character_profile::of(d);
      if (most_segments != raw::npos && d.holds('/')) {  // or the rest would come along in one segment
        out.put('*');
        return true;
      }
      if (holds_percent_escape(d)) {
        put_placeholder(placeholder::token, s.counts, out);
        return true;
      }
    }
    if (is_user(d)) {
      put_placeholder(placeholder::user, s.counts, out);
      return true;
    }
    char* const marks = s.memory.take(d.size());
    if (marks == nullptr) return false;
    const bool is_written = p.colons != 0 && holds_placeholder(d);
    if (!is_written && put_whole_segment(d, p, s, out)) return true;
    bool is_changed = d.size() != decoded.size();
    if (is_written || inline_rules::may_find(p)) {
      marked_text text(d, marks);
      if (is_written) text.mark_written_placeholders();
      is_changed = text.mark_identifiers(p) || is_changed;
      if (is_changed) text.write(s.counts, out, put_decoded);
    } else if (is_changed) {
      put_decoded(d, out);
    }
    if (!is_changed) out.release(kept);
    return true;
  }

  // `~alice`, `@alice`.
  static bool is_user(raw d) noexcept {
    if (d.size() < 2) return false;
    const std::size_t sign = d.front() == '~' ? 1 : at_sign_size(d, 0);
    return sign != 0 && d.size() > sign;
  }

  // A whole-segment rule, or one for the stem before an extension. False: nothing was written.
  static bool put_whole_segment(raw d, const character_profile& p, scope& s, writer& out) noexcept {
    if (const placeholder whole = whole_segment_rule(d, p); whole != placeholder::none) {
      put_placeholder(whole, s.counts, out);
      return true;
    }
    if (p.dots == 0) return false;
    const std::size_t dot = d.rfind('.');
    const raw extension = d.sub(dot + 1);
    if (extension.empty() || extension.size() > 5 || !all_of(extension, is_alphanumeric)) return false;
    const placeholder stem = whole_segment_rule(d.first(dot), p.without(character_profile::of(d.sub(dot))));
    if (stem == placeholder::none) return false;
    put_placeholder(stem, s.counts, out);
    out.put('.');
    if (all_of(extension, is_digit))
      put_placeholder(placeholder::num, s.counts, out);
    else
      out.release(extension);
    return true;
  }

  // Decoding must not make new delimiters.
  static void put_decoded(raw piece, writer& out) noexcept {
    std::size_t from = 0;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const unsigned char c = piece[i];
      if (c != '%' && c != '/' && c != '?' && c != '#' && c != ';') continue;
      out.release(piece.sub(from, i - from));
      out.put_escaped(c);
      from = i + 1;
    }
    out.release(piece.sub(from));
  }
};

}  // namespace anonlog
