// transform/agent.hpp: a user agent keeps its family, its major version and its system; the device is gone.
//
// The rest of the text names the phone model, the build, the toolbar, now and then the owner. Nothing of it is copied
// but up to four digits of a version; every other byte that comes out is a word of agent_rules.hpp.
// Source: SPEC 3.6. What this writes it also reads, so reducing twice is reducing once, at any two levels.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/scratch.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/agent_rules.hpp>
#include <anonlog/transform/agent_scan.hpp>
#include <anonlog/transform/example.hpp>
#include <anonlog/transform/release_words.hpp>
#include <anonlog/transform/scope.hpp>
#include <anonlog/transform/word_table.hpp>

namespace anonlog {

enum class agent_level : unsigned char {
  drop,    // "-"
  kind,    // written "class" in a policy: browser, bot, tool, other
  family,  // Chrome
  major,   // Chrome/120 (Windows)
  full,    // the whole text
};

inline constexpr std::size_t max_agent_version_digits = 4;

// What a user agent says, as far as we listen: words of the rules, and digits.
struct reduced_agent {
  agent_kind kind = agent_kind::other;
  std::string_view family = other_family;
  raw version;
  std::string_view system = other_system;
};

namespace agent_detail {

// One to four digits at `at` that no fifth follows; else nothing.
inline raw version_at(raw text, std::size_t at) noexcept {
  std::size_t digits = 0;
  while (digits <= max_agent_version_digits && at + digits < text.size() && is_digit(text[at + digits])) ++digits;
  return digits > max_agent_version_digits ? raw{} : text.sub(at, digits);
}

// The families by the names we write, kind by kind.
inline constexpr std::size_t first_tool = browser_tokens.size() + 2, first_bot = first_tool + tool_tokens.size(),
                             last_bot = first_bot + bot_names.size();
inline constexpr word_table<last_bot + 2> known_families([] {
  std::array<std::string_view, last_bot + 2> names{};
  std::size_t next = 0;
  for (const agent_token& browser : browser_tokens) names[next++] = browser.family;
  names[next++] = safari_family;
  names[next++] = explorer_family;
  for (const agent_token& tool : tool_tokens) names[next++] = tool.family;
  for (const bot_name& bot : bot_names) names[next++] = bot.written;
  names[next++] = unnamed_bot;
  names[next++] = other_family;
  return names;
}());

// Finds a family by the name we write; false if we write no such name.
inline bool find_family(raw name, reduced_agent& out) noexcept {
  const std::size_t found = known_families.find(name);
  if (found == known_families.npos) return false;
  out.family = known_families[found];
  out.kind = found < first_tool   ? agent_kind::browser
             : found < first_bot  ? agent_kind::tool
             : found <= last_bot  ? agent_kind::bot
                                  : agent_kind::other;
  return true;
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

// Without `cubot`, as the rule for bots reads it; `buffer` has room for `text` and the pad behind it.
inline raw text_for_bots(raw text, char* buffer) noexcept {
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text.sub(at, not_a_bot.size()).equals_lower(not_a_bot))
      at += not_a_bot.size();
    else
      buffer[size++] = text.begin()[at++];
  }
  std::memset(buffer + size, 0, agent_scan_pad);
  return {buffer, size};
}

// Rule 1, for a text that holds a word of bots.
inline void read_bot(const agent_scan& scan, reduced_agent& out) noexcept {
  const std::size_t name = scan.first_bot_name();
  out.kind = agent_kind::bot;
  out.family = name == bot_names.size() ? unnamed_bot : bot_names[name].written;
}

// Rules 2 and 3: `first` is the place of the list among all words, `found` those of it that occur: the first one counts.
template <std::size_t N>
void read_token(raw text, const agent_scan& scan, const std::array<agent_token, N>& tokens, std::size_t first, std::uint64_t found,
                agent_kind kind, reduced_agent& out) noexcept {
  const auto word = static_cast<std::size_t>(std::countr_zero(found));
  const agent_token& known = tokens[word - first];
  out.kind = kind;
  out.family = known.family;
  if (known.version == version_rule::after_token) out.version = version_at(text, scan.place_of(word) + known.token.size());
}

// Rules 4 to 6: the families that take two tokens, or have no slash.
inline void read_old_browser(raw text, const agent_scan& scan, reduced_agent& out) noexcept {
  using namespace agent_words;
  const auto version_after = [&](std::size_t word) { return version_at(text, scan.place_of(word) + all[word].size()); };
  if (holds(scan.words(), safari_slash) && holds(scan.words(), version_slash)) {
    out.family = safari_family;
    out.version = version_after(version_slash);
  } else if (holds(scan.words(), msie)) {
    out.family = explorer_family;
    out.version = version_after(msie);
  } else if (holds(scan.words(), trident)) {
    constexpr std::string_view mark = "rv:";
    const std::size_t at = text.find(mark);
    out.family = explorer_family;
    if (at != raw::npos) out.version = version_at(text, at + mark.size());
  } else {
    return;
  }
  out.kind = agent_kind::browser;
}

}  // namespace agent_detail

// Reads a user agent by the rules, in their order. False only if there is no memory to do so.
inline bool read_agent(raw value, scratch& memory, reduced_agent& out) noexcept {
  out = reduced_agent{};
  const raw text = value.first(max_agent_bytes);
  if (value.size() <= max_agent_bytes && agent_detail::read_reduced(text, out)) return true;

  out = reduced_agent{};
  const scratch::frame frame(memory);
  char* const buffer = memory.take(text.size() + agent_scan_pad);
  if (buffer == nullptr) return false;
  if (!text.empty()) std::memcpy(buffer, text.begin(), text.size());
  std::memset(buffer + text.size(), 0, agent_scan_pad);
  const raw copy(buffer, text.size());
  const agent_scan scan(copy);
  const std::uint64_t words = scan.words();

  if (agent_words::holds(words, agent_words::no_bot)) {  // its three letters are not to be counted
    char* const rest = memory.take(text.size() + agent_scan_pad);
    if (rest == nullptr) return false;
    const agent_scan bots(agent_detail::text_for_bots(copy, rest));
    if ((bots.words() & agent_words::bot_set) != 0) return agent_detail::read_bot(bots, out), true;
  } else if ((words & agent_words::bot_set) != 0) {
    return agent_detail::read_bot(scan, out), true;
  }
  if (const std::uint64_t tools = words & agent_words::tool_set; tools != 0) {
    agent_detail::read_token(text, scan, tool_tokens, agent_words::tools, tools, agent_kind::tool, out);
    return true;
  }
  if (const std::uint64_t systems = words & agent_words::system_set; systems != 0)
    out.system = system_tokens[static_cast<std::size_t>(std::countr_zero(systems)) - agent_words::systems].system;
  if (const std::uint64_t browsers = words & agent_words::browser_set; browsers != 0)
    agent_detail::read_token(text, scan, browser_tokens, agent_words::browsers, browsers, agent_kind::browser, out);
  else
    agent_detail::read_old_browser(text, scan, out);
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
