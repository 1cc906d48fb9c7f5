// transform/path_template.hpp: a path says which page, not whose: identifiers become placeholders.
//
// Idempotent: what it writes, it leaves alone. Source: SPEC 3.8 (Path levels, Template).
// Known limit: a name written as an ordinary word survives; routes, dirN and drop help.
#pragma once

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
  bool put_segments(raw path, std::size_t most_segments, scope& s, writer& out) const noexcept {
    std::size_t count = 0;
    for (std::size_t from = 1; from <= path.size();) {
      out.put('/');
      if (count++ == most_segments) {
        out.put('*');
        return true;
      }
      std::size_t to = path.find('/', from);
      if (to == raw::npos) to = path.size();
      if (!put_segment(path.sub(from, to - from), most_segments, s, out)) return false;
      from = to + 1;
    }
    return true;
  }

  bool put_segment(raw segment, std::size_t most_segments, scope& s, writer& out) const noexcept {
    if (is_beyond_every_rule(segment)) {
      out.release(segment);
      return true;
    }
    const raw kept = segment.first(segment.find(';'));  // path parameters go
    const scratch::frame frame(s.memory);
    bool ok = true;
    const raw decoded = percent_decode(kept, 3, s.memory, ok);
    if (!ok) return false;
    const raw d = decoded.first(decoded.find(';'));
    if (most_segments != raw::npos && d.holds('/')) {  // or the rest would come along in one segment
      out.put('*');
      return true;
    }
    if (holds_percent_escape(d)) {
      put_placeholder(placeholder::token, s.counts, out);
      return true;
    }
    if (is_user(d)) {
      put_placeholder(placeholder::user, s.counts, out);
      return true;
    }
    char* const marks = s.memory.take(d.size());
    if (marks == nullptr) return false;
    marked_text text(d, marks);
    if (!text.mark_written_placeholders() && put_whole_segment(d, s, out)) return true;
    if (!text.mark_identifiers() && d.size() == decoded.size())
      out.release(kept);
    else
      text.write(s.counts, out, put_decoded);
    return true;
  }

  // `~alice`, `@alice`.
  static bool is_user(raw d) noexcept {
    if (d.size() < 2) return false;
    const std::size_t sign = d.front() == '~' ? 1 : at_sign_size(d, 0);
    return sign != 0 && d.size() > sign;
  }

  // A whole-segment rule, or one for the stem before an extension. False: nothing was written.
  static bool put_whole_segment(raw d, scope& s, writer& out) noexcept {
    if (const placeholder whole = whole_segment_rule(d); whole != placeholder::none) {
      put_placeholder(whole, s.counts, out);
      return true;
    }
    const std::size_t dot = d.rfind('.');
    if (dot == raw::npos) return false;
    const raw extension = d.sub(dot + 1);
    if (extension.empty() || extension.size() > 5 || !all_of(extension, is_alphanumeric)) return false;
    const placeholder stem = whole_segment_rule(d.first(dot));
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
