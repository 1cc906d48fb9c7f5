// transform/routes.hpp: an operator's list of paths: what is on it is written as its pattern, all else as `/:other`.
//
// The only path level that is an allow-list: no byte of the log is written. Source: SPEC 3.8 (Path levels, `routes`).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/result.hpp>
#include <anonlog/core/scratch.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/decode.hpp>

namespace anonlog {

// Without its path parameters, decoded, and cut again at a `;` that was encoded.
inline raw decoded_segment(raw segment, scratch& memory, bool& ok) noexcept {
  const raw decoded = percent_decode(segment.first(segment.find(';')), 3, memory, ok);
  return decoded.first(decoded.find(';'));
}

class route_table {
 public:
  static constexpr std::size_t most_segments = 64;  // of a pattern

  // Patterns such as `/users/*/photos` and `/static/**`.
  static anonlog::result<route_table> compile(std::span<const std::string> patterns) {
    route_table table;
    for (const std::string& pattern : patterns) {
      route compiled;
      if (std::string wrong = compile_one(pattern, compiled); !wrong.empty())
        return setup_error{"path.routes: \"" + pattern + "\": " + wrong};
      table.routes_.push_back(std::move(compiled));
    }
    return table;
  }

  // Writes the first pattern that matches, or `/:other`. False without memory; nothing is written then.
  bool put(raw path, scratch& memory, writer& out) const noexcept {
    if (is_own_output(path)) {  // a second pass changes nothing, whatever stands before in the list
      out.release(path);
      return true;
    }
    const scratch::frame frame(memory);
    std::array<raw, most_segments> segments;
    std::size_t count = 0;
    bool ok = true, has_more = false;
    for (std::size_t from = 1; from <= path.size();) {
      std::size_t to = path.find('/', from);
      if (to == raw::npos) to = path.size();
      if (count == segments.size()) {
        has_more = true;
        break;
      }
      segments[count++] = decoded_segment(path.sub(from, to - from), memory, ok);
      if (!ok) return false;
      from = to + 1;
    }
    for (const route& candidate : routes_)
      if (matches(candidate, std::span(segments).first(count), has_more ? rest::unread : rest::none)) {
        out.put(candidate.written);
        return true;
      }
    out.put(other);
    return true;
  }

 private:
  static constexpr std::string_view other = "/:other";
  enum class rest { none, unread };
  enum class part_kind { literal, one, all };
  struct part {
    part_kind kind;
    std::string text;  // decoded, of a literal
  };
  struct route {
    std::vector<part> parts;
    std::string written;  // with `:id`, in safe bytes
  };

  static std::string compile_one(const std::string& pattern, route& compiled) {
    if (pattern.empty() || pattern.front() != '/') return "a route begins with /";
    const auto is_unfit = [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '?' || c == '#' || c == ';'; };
    if (any_of(raw(std::string_view(pattern)), is_unfit)) return "a route holds no blank, ?, # or ;";
    for (std::size_t from = 1; from <= pattern.size();) {
      const std::size_t to = std::min(pattern.find('/', from), pattern.size());
      const std::string segment = pattern.substr(from, to - from);
      if (!compiled.parts.empty() && compiled.parts.back().kind == part_kind::all) return "** stands only at the end";
      compiled.written += '/';
      if (segment == "*" || segment == "**") {
        compiled.parts.push_back({segment.size() == 1 ? part_kind::one : part_kind::all, {}});
        compiled.written += ":id";
      } else if (segment.find('*') != std::string::npos) {
        return "* and ** are whole segments";
      } else {
        compiled.parts.push_back({part_kind::literal, decoded(segment)});
        compiled.written += safe(segment);
      }
      if (compiled.parts.size() > most_segments) return "a route has at most 64 segments";
      from = to + 1;
    }
    return {};
  }

  static std::string decoded(const std::string& segment) {
    scratch memory(segment.size() + 1);
    bool ok = true;
    const raw text = percent_decode(raw(std::string_view(segment)), 3, memory, ok);
    return {text.begin(), text.size()};
  }

  static std::string safe(const std::string& own_text) {
    std::string text(3 * own_text.size(), '\0');
    writer out(text.data(), text.size());
    out.release(raw(std::string_view(own_text)));
    text.resize(out.size());
    return text;
  }

  bool is_own_output(raw path) const noexcept {
    if (path == other) return true;
    for (const route& candidate : routes_)
      if (path == std::string_view(candidate.written)) return true;
    return false;
  }

  // `**` stands for one or more segments.
  static bool matches(const route& candidate, std::span<const raw> segments, rest beyond) noexcept {
    if (segments.size() < candidate.parts.size()) return false;
    for (std::size_t i = 0; i < candidate.parts.size(); ++i) {
      const part& wanted = candidate.parts[i];
      if (wanted.kind == part_kind::all) return true;
      if (wanted.kind == part_kind::literal && !(segments[i] == std::string_view(wanted.text))) return false;
    }
    return segments.size() == candidate.parts.size() && beyond == rest::none;
  }

  std::vector<route> routes_;
};

}  // namespace anonlog
