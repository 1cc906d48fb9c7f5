// transform/agent.hpp: a user agent keeps its family, its major version and its system; the device is gone.
//
// The rest of the text names the phone model, the build, the toolbar, now and then the owner. Nothing of it is copied
// but up to four digits of a version; every other byte that comes out is a word of agent_rules.hpp.
// Source: SPEC 3.6. What this writes it also reads, so reducing twice is reducing once, at any two levels.
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/scratch.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/agent_rules.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/release_words.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog {

enum class agent_level : unsigned char {
  drop,    // "-"
  kind,    // written "class" in a policy: browser, bot, tool, other
  family,  // Chrome
  major,   // Chrome/120 (Windows)
  full,    // the whole text
};

inline constexpr std::size_t max_agent_bytes = 1024;  // what is behind them is not looked at
inline constexpr std::size_t max_agent_version_digits = 4;

// What a user agent says, as far as we listen: words of the rules, and digits.
struct reduced_agent {
  agent_kind kind = agent_kind::other;
  std::string_view family = other_family;
  raw version;
  std::string_view system = other_system;
};

namespace agent_detail {

inline bool contains(raw text, std::string_view token) noexcept { return text.find(token) != raw::npos; }

// One to four digits at `at` that no fifth follows; else nothing.
inline raw version_at(raw text, std::size_t at) noexcept {
  std::size_t digits = 0;
  while (digits <= max_agent_version_digits && at + digits < text.size() && is_digit(text[at + digits])) ++digits;
  return digits > max_agent_version_digits ? raw{} : text.sub(at, digits);
}

inline raw version_after(raw text, std::string_view token) noexcept {
  const std::size_t at = text.find(token);
  return at == raw::npos ? raw{} : version_at(text, at + token.size());
}

// Finds a family by the name we write; false if we write no such name.
inline bool find_family(raw name, reduced_agent& out) noexcept {
  const auto is = [&](std::string_view family, agent_kind kind) {
    if (!(name == family)) return false;
    out.family = family;
    out.kind = kind;
    return true;
  };
  for (const agent_token& browser : browser_tokens)
    if (is(browser.family, agent_kind::browser)) return true;
  if (is(safari_family, agent_kind::browser) || is(explorer_family, agent_kind::browser)) return true;
  for (const agent_token& tool : tool_tokens)
    if (is(tool.family, agent_kind::tool)) return true;
  for (const bot_name& bot : bot_names)
    if (is(bot.written, agent_kind::bot)) return true;
  return is(unnamed_bot, agent_kind::bot) || is(other_family, agent_kind::other);
}

// Rule 0: `Family[/version][ (system)]`, as we write it. A bracket that is of another kind of family says nothing.
inline bool read_reduced(raw text, reduced_agent& out) noexcept {
  constexpr std::size_t longest = 64;
  if (text.size() > longest) return false;
  std::size_t at = 0;
  while (at < text.size() && text[at] != '/' && text[at] != ' ') ++at;
  if (!find_family(text.first(at), out)) return false;

  if (at < text.size() && text[at] == '/') {
    const raw version = version_at(text, at + 1);
    if (version.empty()) return false;
    if (out.kind != agent_kind::bot) out.version = version;
    at += 1 + version.size();
  }
  const raw rest = text.sub(at);
  if (rest.empty()) return true;
  if (!rest.starts_with(" (") || !rest.ends_with(")")) return false;
  const raw bracket = rest.sub(2).without_last(1);
  for (const system_token& known : system_tokens)
    if (bracket == known.system) {
      out.system = known.system;
      return true;
    }
  return bracket == other_system || bracket == std::string_view("bot") || bracket == std::string_view("tool");
}

// Lower-cased and without `cubot`, as the rule for bots reads it; `buffer` has room for `text`.
inline raw text_for_bots(raw text, char* buffer) noexcept {
  std::size_t lowered = 0;
  for (; lowered < text.size(); ++lowered) buffer[lowered] = to_lower(text[lowered]);
  const raw lower(buffer, lowered);
  std::size_t hit = lower.find(not_a_bot);
  if (hit == raw::npos) return lower;
  std::size_t size = hit;
  for (std::size_t at = hit; at < lowered;) {  // in place: the text only gets shorter
    if (at == hit) {
      at += not_a_bot.size();
      hit = lower.find(not_a_bot, at);
    } else {
      buffer[size++] = buffer[at++];
    }
  }
  return {buffer, size};
}

// Rule 1.
inline bool read_bot(raw lower, reduced_agent& out) noexcept {
  bool is_bot = false;
  for (std::string_view word : bot_words) is_bot = is_bot || contains(lower, word);
  if (!is_bot) return false;
  out.kind = agent_kind::bot;
  out.family = unnamed_bot;
  for (const bot_name& bot : bot_names)
    if (contains(lower, bot.lower)) {
      out.family = bot.written;
      break;
    }
  return true;
}

// Rules 2 and 3: the first token of a list that occurs.
template <std::size_t N>
bool read_token(raw text, const std::array<agent_token, N>& tokens, agent_kind kind, reduced_agent& out) noexcept {
  for (const agent_token& known : tokens) {
    const std::size_t at = text.find(known.token);
    if (at == raw::npos) continue;
    out.kind = kind;
    out.family = known.family;
    if (known.version == version_rule::after_token) out.version = version_at(text, at + known.token.size());
    return true;
  }
  return false;
}

// Rules 4 to 6: the families that take two tokens, or have no slash.
inline bool read_old_browser(raw text, reduced_agent& out) noexcept {
  if (contains(text, "Safari/") && contains(text, "Version/")) {
    out.family = safari_family;
    out.version = version_after(text, "Version/");
  } else if (contains(text, "MSIE ")) {
    out.family = explorer_family;
    out.version = version_after(text, "MSIE ");
  } else if (contains(text, "Trident/")) {
    out.family = explorer_family;
    out.version = version_after(text, "rv:");
  } else {
    return false;
  }
  out.kind = agent_kind::browser;
  return true;
}

inline std::string_view find_system(raw text) noexcept {
  for (const system_token& known : system_tokens)
    if (contains(text, known.token)) return known.system;
  return other_system;
}

}  // namespace agent_detail

// Reads a user agent by the rules, in their order. False only if there is no memory to do so.
inline bool read_agent(raw value, scratch& memory, reduced_agent& out) noexcept {
  out = reduced_agent{};
  const raw text = value.first(max_agent_bytes);
  if (value.size() <= max_agent_bytes && agent_detail::read_reduced(text, out)) return true;

  out = reduced_agent{};
  const scratch::frame frame(memory);
  char* const buffer = memory.take(text.size());
  if (buffer == nullptr) return false;
  if (agent_detail::read_bot(agent_detail::text_for_bots(text, buffer), out)) return true;
  if (agent_detail::read_token(text, tool_tokens, agent_kind::tool, out)) return true;
  out.system = agent_detail::find_system(text);
  if (!agent_detail::read_token(text, browser_tokens, agent_kind::browser, out))
    agent_detail::read_old_browser(text, out);
  return true;
}

struct agent {
  static constexpr std::string_view name = "agent";

  static constexpr example examples[] = {
      {.in = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.130 "
             "Safari/537.36",
       .out = "Chrome/120 (Windows)"},
      {.in = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
             "Version/17.2 Mobile/15E148 Safari/604.1",
       .out = "Safari/17 (iOS)"},
      {.in = "MyCrawler/1.0 (ops@corp.example)", .out = "bot (bot)"},
      {.in = "curl/8.5.0", .out = "curl/8 (tool)"},
      {.in = "alice's own player", .out = "Other (Other)"},
  };

  agent_level level = agent_level::major;

  // Appends as much of the agent as the level lets through. Text no rule knows is "Other", never itself.
  outcome apply(raw value, scope& s, writer& out) const noexcept {
    if (level == agent_level::full) {
      release_words(value, out);
      return outcome::kept;
    }
    if (level == agent_level::drop) {
      out.put('-');
      return outcome::dropped;
    }
    if (level == agent_level::kind && put_kind_name(value, out)) return outcome::reduced;

    reduced_agent agent_read;
    if (!read_agent(value, s.memory, agent_read)) {
      out.put('-');
      return outcome::unreadable;
    }
    if (level == agent_level::kind) {
      out.put(agent_kind_names[static_cast<std::size_t>(agent_read.kind)]);
      return outcome::reduced;
    }
    out.put(agent_read.family);
    if (level == agent_level::major) put_details(agent_read, out);
    return outcome::reduced;
  }

 private:
  // What this level wrote, read again.
  static bool put_kind_name(raw value, writer& out) noexcept {
    for (std::string_view kind : agent_kind_names)
      if (value == kind) {
        out.put(kind);
        return true;
      }
    return false;
  }

  static void put_details(const reduced_agent& read, writer& out) noexcept {
    if (!read.version.empty()) {
      out.put('/');
      out.release(read.version);
    }
    out.put(std::string_view(" ("));
    if (read.kind == agent_kind::bot || read.kind == agent_kind::tool)
      out.put(agent_kind_names[static_cast<std::size_t>(read.kind)]);
    else
      out.put(read.system);
    out.put(')');
  }
};

}  // namespace anonlog
