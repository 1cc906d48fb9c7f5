// transform/agent_scan.hpp: which words of agent_rules.hpp a user agent holds, in one pass over it.
//
// Every second pair of bytes is looked up in a small table. Of each word two neighbouring pairs are in there, those that
// a usual agent holds least: so one of them is met wherever the word stands. What the table finds is then compared as a
// whole. Nothing here branches on the text but loops, whose number of turns depends on it.
// Source: SPEC 3.6 (substrings). agent.hpp has the order of the rules.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/swar.hpp>
#include <anonlog/transform/agent_rules.hpp>

namespace anonlog {

inline constexpr std::size_t max_agent_bytes = 1024;  // what is behind them is not looked at
inline constexpr std::size_t agent_scan_pad = 24;     // zero bytes that stand behind a text to be scanned

namespace agent_words {

// The place of each list in `all`; a set of words has a bit for each place.
inline constexpr std::size_t tools = 0, browsers = tools + tool_tokens.size(), safari_slash = browsers + browser_tokens.size(),
                             version_slash = safari_slash + 1, msie = version_slash + 1, trident = msie + 1, systems = trident + 1,
                             bots = systems + system_tokens.size(), no_bot = bots + bot_words.size(), count = no_bot + 1;

inline constexpr std::array<std::string_view, count> all = [] {
  std::array<std::string_view, count> made{};
  std::size_t next = 0;
  for (const agent_token& tool : tool_tokens) made[next++] = tool.token;
  for (const agent_token& browser : browser_tokens) made[next++] = browser.token;
  for (const std::string_view word : {"Safari/", "Version/", "MSIE ", "Trident/"}) made[next++] = word;
  for (const system_token& system : system_tokens) made[next++] = system.token;
  for (const std::string_view word : bot_words) made[next++] = word;
  made[next++] = not_a_bot;
  return made;
}();

constexpr std::uint64_t set_of(std::size_t from, std::size_t to) noexcept {
  return ((std::uint64_t{1} << (to - from)) - 1) << from;
}
inline constexpr std::uint64_t tool_set = set_of(tools, browsers), browser_set = set_of(browsers, safari_slash),
                               system_set = set_of(systems, bots), bot_set = set_of(bots, no_bot);
constexpr bool holds(std::uint64_t set, std::size_t word) noexcept { return (set >> word & 1) != 0; }

// The first bytes of a word and which of their bits count: of letters in any case all but one.
struct pattern {
  std::array<std::uint64_t, 3> bytes{}, mask{};

  constexpr pattern() noexcept = default;
  constexpr pattern(std::string_view word, bool any_case) noexcept {
    for (std::size_t i = 0; i < word.size(); ++i) {
      const auto byte = static_cast<unsigned char>(word[i]);
      const std::uint64_t counts = any_case && is_letter(byte) ? 0xDF : 0xFF;
      bytes[i / 8] |= (byte & counts) << (i % 8 * 8);
      mask[i / 8] |= counts << (i % 8 * 8);
    }
  }

  // `text` has 24 bytes.
  bool stands_at(const char* text) const noexcept {
    std::uint64_t wrong = 0;
    for (std::size_t i = 0; i < 3; ++i) wrong |= (swar::load(text + 8 * i) & mask[i]) ^ bytes[i];
    return wrong == 0;
  }
};

// Five bits of each byte: upper and lower case are the same.
constexpr std::size_t pair_of(char a, char b) noexcept {
  return (static_cast<std::size_t>(a) & 31) | (static_cast<std::size_t>(b) & 31) << 5;
}

// A word that may stand `offset` bytes before a pair; the words of one pair stand together.
struct candidate {
  std::uint8_t word = 0;
  std::uint8_t offset = 0;
  bool is_last = true;
};

struct tables {
  std::array<std::uint8_t, 1024> first_of_pair{};  // 0: no word has this pair
  std::array<candidate, 2 * count + 1> candidates{};
  std::array<pattern, count> patterns{};
  std::array<pattern, bot_names.size()> names{};
  std::array<std::uint32_t, count> names_ending{};   // in this word
  std::array<std::uint32_t, 32> names_before{};      // with this byte before that word, or nothing
};

consteval tables make_tables() {
  constexpr std::string_view usual =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.130 Safari/537.36 "
      "Mozilla/5.0 (Linux; Android 13; SM-G998B Build/QP1A) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 "
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 "
      "Mobile/15E148 Safari/604.1 Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
      "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0 Mozilla/5.0 (compatible; "
      "+http://www.example.com/robot.html) like Gecko";
  std::array<unsigned, 1024> cost{};
  for (std::size_t i = 0; i + 1 < usual.size(); ++i) cost[pair_of(usual[i], usual[i + 1])] += 4;

  tables made;
  std::array<candidate, 2 * count> chosen{};  // two for each word
  std::array<std::size_t, 2 * count> pair{};
  for (std::size_t w = 0; w < count; ++w) {
    const std::string_view word = all[w];
    const auto cost_at = [&](std::size_t o) {
      return cost[pair_of(word[o], word[o + 1])] + cost[pair_of(word[o + 1], word[o + 2])];
    };
    std::size_t offset = 0;
    for (std::size_t o = 1; o + 2 < word.size(); ++o)
      if (cost_at(o) < cost_at(offset)) offset = o;
    for (std::size_t i = 0; i < 2; ++i) {
      chosen[2 * w + i] = {static_cast<std::uint8_t>(w), static_cast<std::uint8_t>(offset + i), false};
      pair[2 * w + i] = pair_of(word[offset + i], word[offset + i + 1]);
      ++cost[pair[2 * w + i]];
    }
    made.patterns[w] = pattern(word, w >= bots);
  }

  std::size_t next = 1;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (made.first_of_pair[pair[i]] != 0) continue;
    made.first_of_pair[pair[i]] = static_cast<std::uint8_t>(next);
    for (std::size_t same = i; same < chosen.size(); ++same)
      if (pair[same] == pair[i]) made.candidates[next++] = chosen[same];
    made.candidates[next - 1].is_last = true;
  }

  for (std::size_t n = 0; n < bot_names.size(); ++n) {
    const std::string_view name = bot_names[n].lower;
    made.names[n] = pattern(name, true);
    for (std::size_t w = bots; w < no_bot; ++w) {
      if (!name.ends_with(all[w])) continue;
      made.names_ending[w] |= std::uint32_t{1} << n;
      const std::size_t before = name.size() - all[w].size();
      for (std::size_t byte = 0; byte < 32; ++byte)
        if (before == 0 || (static_cast<std::size_t>(name[before - 1]) & 31) == byte)
          made.names_before[byte] |= std::uint32_t{1} << n;
    }
  }
  return made;
}

inline constexpr tables table = make_tables();

static_assert(count <= 64 && bot_names.size() <= 32);
static_assert(std::all_of(all.begin(), all.end(), [](std::string_view word) { return word.size() >= 3 && word.size() <= 24; }));
static_assert(std::all_of(bot_names.begin(), bot_names.end(), [](const bot_name& name) {
  return name.lower.size() <= 24 && std::any_of(bot_words.begin(), bot_words.end(),
                                                [&](std::string_view word) { return name.lower.ends_with(word); });
}), "a name is found where the word at its end is");

}  // namespace agent_words

class agent_scan {
 public:
  // Behind `text`, of at most max_agent_bytes, stand agent_scan_pad zero bytes.
  explicit agent_scan(raw text) noexcept : text_(text) {
    using namespace agent_words;
    constexpr std::uint64_t five_bits = 0x001F'001F'001F'001F;
    for (std::size_t at = 0; at < text.size(); at += 8) {
      const std::uint64_t word = swar::load(text.begin() + at);
      const std::uint64_t pairs = (word & five_bits) | (word >> 3 & five_bits << 5);
      for (std::size_t i = 0; i < 4; ++i) {
        const unsigned first = table.first_of_pair[pairs >> (16 * i) & 1023];
        hits_[hit_count_] = static_cast<std::uint32_t>((at + 2 * i) << 8 | first);
        hit_count_ += first != 0;
      }
    }
    for_each_word(0, count, [this](std::size_t word, std::size_t at) noexcept {
      if (word < places_.size() && !agent_words::holds(words_, word)) places_[word] = static_cast<std::uint16_t>(at);
      words_ |= std::uint64_t{1} << word;
    });
  }

  std::uint64_t words() const noexcept { return words_; }

  // Where a word in front of the systems stands first; it is one of words().
  std::size_t place_of(std::size_t word) const noexcept { return places_[word]; }

  // The first name of the list that stands in the text; the size of the list if none does.
  std::size_t first_bot_name() const noexcept {
    using namespace agent_words;
    std::uint32_t found = 0;
    for_each_word(bots, no_bot, [&](std::size_t word, std::size_t at) noexcept {
      const std::uint32_t before = at == 0 ? ~std::uint32_t{0} : table.names_before[text_[at - 1] & 31];
      for (std::uint32_t left = table.names_ending[word] & before & ~found; left != 0; left &= left - 1) {
        const auto name = static_cast<std::size_t>(std::countr_zero(left));
        const std::size_t front = bot_names[name].lower.size() - all[word].size();
        if (at >= front && table.names[name].stands_at(text_.begin() + at - front)) found |= std::uint32_t{1} << name;
      }
    });
    return found == 0 ? bot_names.size() : static_cast<std::size_t>(std::countr_zero(found));
  }

 private:
  // Calls visit(word, at) for each place where a word from `from` to `to` stands; of one word from left to right.
  template <class Visit>
  void for_each_word(std::size_t from, std::size_t to, Visit visit) const noexcept {
    using namespace agent_words;
    for (std::size_t i = 0; i < hit_count_; ++i) {
      const std::size_t at = hits_[i] >> 8;
      for (const candidate* c = &table.candidates[hits_[i] & 255];; ++c) {
        if (c->word >= from && c->word < to && at >= c->offset && table.patterns[c->word].stands_at(text_.begin() + at - c->offset))
          visit(c->word, at - c->offset);
        if (c->is_last) break;
      }
    }
  }

  raw text_;
  std::uint64_t words_ = 0;
  std::size_t hit_count_ = 0;
  std::array<std::uint16_t, agent_words::systems> places_;
  std::array<std::uint32_t, max_agent_bytes / 2 + 4> hits_;  // the place of a pair << 8 | its first candidate
};

}  // namespace anonlog
