// tests/transform/agent_test.cpp: a reduced agent is made of our words and at most four digits, whatever came in.
#include <anonlog/transform/agent.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <support.hpp>

namespace anonlog {
namespace {

constexpr agent_level reducing_levels[] = {agent_level::kind, agent_level::family, agent_level::major};

std::string reduced(std::string_view text, agent_level level = agent_level::major) {
  return testing::run(agent{.level = level}, text, nullptr).text;
}

// Written down again from the text of the specification, so that a slip in the tables shows.
const std::vector<std::string> bots = {
    "Googlebot", "bingbot", "YandexBot", "Baiduspider", "DuckDuckBot", "Applebot", "AhrefsBot", "SemrushBot", "MJ12bot",
    "DotBot", "PetalBot", "GPTBot", "ClaudeBot", "CCBot", "Bytespider", "Amazonbot", "facebookexternalhit",
    "Twitterbot", "LinkedInBot", "Slackbot", "TelegramBot", "Discordbot", "UptimeRobot", "Pingdom", "Slurp", "bot"};
const std::vector<std::string> tools = {"curl", "Wget", "python-requests", "Python-urllib", "aiohttp", "Go-http-client",
                                        "okhttp", "Apache-HttpClient", "Java", "libwww-perl", "Postman", "axios",
                                        "node-fetch", "Guzzle"};
const std::vector<std::string> browsers = {"Edge", "Opera", "Samsung", "Yandex", "Vivaldi", "UCBrowser", "Firefox",
                                           "Chrome", "Safari", "IE"};
const std::vector<std::string> systems = {"Windows", "iOS", "Android", "ChromeOS", "macOS", "Linux", "Other"};

// Whether a text is of the vocabulary of a level: made of the words above and of at most four digits.
bool is_in_vocabulary(std::string text, agent_level level) {
  static const std::set<std::string> kinds = {"browser", "bot", "tool", "other"};
  static std::set<std::string> families, majors;
  if (families.empty()) {
    const auto add = [](const std::vector<std::string>& names, const std::vector<std::string>& brackets) {
      for (const std::string& name : names) {
        families.insert(name);
        for (const std::string& bracket : brackets) majors.insert(name + " (" + bracket + ")");
      }
    };
    add(bots, {"bot"}), add(tools, {"tool"}), add(browsers, systems), add({"Other"}, systems);
  }
  if (level == agent_level::kind) return kinds.count(text) == 1;
  if (level == agent_level::family) return families.count(text) == 1;
  if (const std::size_t slash = text.find('/'); slash != std::string::npos && !text.ends_with("(bot)")) {
    const std::size_t end = text.find_first_not_of("0123456789", slash + 1);
    if (end == std::string::npos || end == slash + 1 || end > slash + 5) return false;
    text.erase(slash, end - slash);
  }
  return majors.count(text) == 1;
}

// P2 within each level and across levels: a lower level of a higher one's text is the lower level of the original.
void expect_idempotent(const std::string& text) {
  const std::string kind = reduced(text, agent_level::kind), family = reduced(text, agent_level::family),
                    major = reduced(text, agent_level::major);
  for (agent_level level : reducing_levels) {
    const std::string once = reduced(text, level);
    EXPECT_TRUE(is_in_vocabulary(once, level)) << text << " -> " << once;
    EXPECT_EQ(reduced(once, level), once) << text;
  }
  EXPECT_EQ(reduced(major, agent_level::family), family) << text;
  EXPECT_EQ(reduced(major, agent_level::kind), kind) << text;
  EXPECT_EQ(reduced(family, agent_level::kind), kind) << text;
  EXPECT_EQ(reduced(reduced(family), agent_level::family), family) << text;
}

TEST(agent, does_what_its_examples_say) {
  for (const example& e : agent::examples) {
    const testing::transformed got = testing::run(agent{}, e.in);
    EXPECT_EQ(got.text, e.out) << e.in;
    EXPECT_EQ(got.outcome, e.outcome) << e.in;
  }
}

TEST(agent, writes_as_much_as_its_level_lets_through) {
  const std::string chrome =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.130 "
      "Safari/537.36";
  EXPECT_EQ(reduced(chrome, agent_level::drop), "-");
  EXPECT_EQ(testing::run(agent{.level = agent_level::drop}, chrome).outcome, outcome::dropped);
  EXPECT_EQ(reduced(chrome, agent_level::kind), "browser");
  EXPECT_EQ(reduced(chrome, agent_level::family), "Chrome");
  EXPECT_EQ(reduced(chrome, agent_level::major), "Chrome/120 (Windows)");
  EXPECT_EQ(reduced(chrome, agent_level::full), chrome);
  EXPECT_EQ(testing::run(agent{.level = agent_level::full}, chrome).outcome, outcome::kept);
}

TEST(agent, makes_a_whole_agent_safe_and_leaves_its_blanks) {
  EXPECT_EQ(reduced(std::string_view("a b\"c\\d\te\0f\xc3\xa9\x7f%41", 17), agent_level::full),
            "a b%22c%5Cd%09e%00f%C3%A9%7F%41");
  EXPECT_EQ(reduced(" a  b ", agent_level::full), " a  b ");
}

TEST(agent, reads_browsers) {
  const std::map<std::string, std::string> agents = {
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Version/17.2 Mobile/15E148 Safari/604.1",
       "Safari/17 (iOS)"},
      {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox/121 (Linux)"},
      {"Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S918B) AppleWebKit/537.36 SamsungBrowser/23.0 Chrome/115.0.0.0 "
       "Mobile Safari/537.36",
       "Samsung/23 (Android)"},
      {"Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91", "Edge/120 (Windows)"},
      {"Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.0.0 Safari/537.36 OPR/106.0.0.0", "Opera/106 (Windows)"},
      {"Mozilla/5.0 (Windows NT 10.0) Chrome/118.0.0.0 YaBrowser/23.11 Safari/537.36", "Yandex/23 (Windows)"},
      {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/120.0.0.0 Safari/537.36", "Chrome/120 (ChromeOS)"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) CriOS/119.0 Mobile Safari/604.1", "Chrome/119 (iOS)"},
      {"Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) FxiOS/120.0 Mobile Safari/604.1", "Firefox/120 (iOS)"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/16.6 Safari/605.1.15", "Safari/16 (macOS)"},
      {"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 3.5.30729; alice-laptop)",
       "IE/8 (Windows)"},
      {"Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko", "IE/11 (Windows)"},
      {"Mozilla/5.0 (Windows NT 6.1; Trident/7.0) like Gecko", "IE (Windows)"},
      {"Opera/9.80 (Windows NT 6.0) Presto/2.12.388 Version/12.14", "Opera/9 (Windows)"},
      {"Mozilla/5.0 (Linux; U; Android 4.0) AppleWebKit Safari/534.30", "Other (Android)"},
      {"Mozilla/5.0 (PlayStation 4) Version/9 Chromium/77x", "Chrome/77 (Other)"},
  };
  for (const auto& [text, want] : agents) {
    EXPECT_EQ(reduced(text), want) << text;
    expect_idempotent(text);
  }
}

TEST(agent, knows_every_token_of_the_lists) {
  const std::map<std::string, std::string> tokens = {
      {"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"Edge/", "Edge"}, {"OPR/", "Opera"},
      {"OPiOS/", "Opera"}, {"Opera/", "Opera"}, {"SamsungBrowser/", "Samsung"}, {"YaBrowser/", "Yandex"},
      {"Vivaldi/", "Vivaldi"}, {"UCBrowser/", "UCBrowser"}, {"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"},
      {"CriOS/", "Chrome"}, {"Chromium/", "Chrome"}, {"Chrome/", "Chrome"}};
  for (const auto& [token, family] : tokens) EXPECT_EQ(reduced("x " + token + "7.1"), family + "/7 (Other)");

  const std::map<std::string, std::string> names = {
      {"Windows", "Windows"}, {"iPhone", "iOS"}, {"iPad", "iOS"}, {"iPod", "iOS"}, {"Android", "Android"},
      {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Macintosh", "macOS"}, {"Linux", "Linux"}, {"X11", "Linux"}};
  for (const auto& [name, system] : names)
    EXPECT_EQ(reduced("x (" + name + ") Firefox/9"), "Firefox/9 (" + system + ")");

  for (const std::string& bot : bots) EXPECT_EQ(reduced("x " + bot + "/2.1 robot"), bot + " (bot)");
  for (const char* word : {"bot", "Crawl", "SPIDER", "monitor", "scanner", "fetcher", "uptime"})
    EXPECT_EQ(reduced(std::string("x-") + word + "/1"), "bot (bot)");
}

TEST(agent, reads_bots_before_anything_else_and_gives_them_no_version) {
  const std::map<std::string, std::string> agents = {
      {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot (bot)"},
      {"MyCrawler/1.0 (ops@corp.example)", "bot (bot)"},
      {"Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0) Chrome/116.0 Safari/537.36", "bingbot (bot)"},
      {"BINGBOT and googleBOT", "Googlebot (bot)"},
      {"curl/8 monitor", "bot (bot)"},
      {"facebookexternalhit/1.1", "facebookexternalhit (bot)"},
      {"Slackbot-LinkExpanding 1.0", "Slackbot (bot)"},
      {"Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/90.0 Mobile Safari/537.36", "Chrome/90 (Android)"},
      {"Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/90.0 spider", "bot (bot)"},
      {"cucubotbot", "bot (bot)"},  // every `cubot` that stands there goes, not the one that then appears
      {"cubotcubot Firefox/9", "Firefox/9 (Other)"},
      {"spicubotder", "bot (bot)"},
      {"gooCuBotglebot", "Googlebot (bot)"},
  };
  for (const auto& [text, want] : agents) {
    EXPECT_EQ(reduced(text), want) << text;
    expect_idempotent(text);
  }
  EXPECT_EQ(reduced("Mozilla Pingdom Slurp"), "Pingdom (bot)");
}

TEST(agent, reads_tools) {
  const std::map<std::string, std::string> agents = {
      {"curl/8.5.0", "curl/8 (tool)"},
      {"Wget/1.21.4 (linux-gnu)", "Wget/1 (tool)"},
      {"python-requests/2.31.0", "python-requests/2 (tool)"},
      {"Python-urllib/3.11", "Python-urllib/3 (tool)"},
      {"Python/3.11 aiohttp/3.9.1", "aiohttp/3 (tool)"},
      {"Go-http-client/2.0", "Go-http-client/2 (tool)"},
      {"okhttp/4.12.0", "okhttp/4 (tool)"},
      {"Apache-HttpClient/4.5.14 (Java/17.0.9)", "Apache-HttpClient/4 (tool)"},
      {"Java/17.0.9", "Java/17 (tool)"},
      {"libwww-perl/6.72", "libwww-perl/6 (tool)"},
      {"PostmanRuntime/7.36.0", "Postman/7 (tool)"},
      {"axios/1.6.2", "axios/1 (tool)"},
      {"node-fetch/1.0 (+https://example.net/)", "node-fetch (tool)"},
      {"GuzzleHttp/7", "Guzzle/7 (tool)"},
      {"Chrome/1.0 curl/x", "curl (tool)"},
  };
  for (const auto& [text, want] : agents) {
    EXPECT_EQ(reduced(text), want) << text;
    expect_idempotent(text);
  }
}

TEST(agent, copies_at_most_four_digits_of_a_version) {
  EXPECT_EQ(reduced("x Chrome/1234.5"), "Chrome/1234 (Other)");
  EXPECT_EQ(reduced("x Chrome/12345"), "Chrome (Other)");
  EXPECT_EQ(reduced("Chrome/12345"), "Chrome (Other)");
  EXPECT_EQ(reduced("x Chrome/12345 Chrome/9"), "Chrome (Other)");  // the first occurrence counts
  EXPECT_EQ(reduced("x Chrome/ 9"), "Chrome (Other)");
  EXPECT_EQ(reduced("x Chrome/alice"), "Chrome (Other)");
  EXPECT_EQ(reduced("x Chrome/0099"), "Chrome/0099 (Other)");
  EXPECT_EQ(reduced("x MSIE 7.0b"), "IE/7 (Other)");
}

TEST(agent, reads_what_it_wrote) {
  EXPECT_EQ(reduced("Safari/17 (iOS)"), "Safari/17 (iOS)");
  EXPECT_EQ(reduced("Samsung/23 (Android)", agent_level::family), "Samsung");
  EXPECT_EQ(reduced("Samsung"), "Samsung (Other)");
  EXPECT_EQ(reduced("Chrome/120 (bot)"), "Chrome/120 (Other)");
  EXPECT_EQ(reduced("Chrome (tool)", agent_level::kind), "browser");
  EXPECT_EQ(reduced("Googlebot/2 (Windows)"), "Googlebot (bot)");
  EXPECT_EQ(reduced("bot"), "bot (bot)");
  EXPECT_EQ(reduced("curl/8 (Linux)"), "curl/8 (tool)");
  EXPECT_EQ(reduced("curl (bot)", agent_level::kind), "tool");
  EXPECT_EQ(reduced("Other (Windows)"), "Other (Windows)");
  EXPECT_EQ(reduced("Chrome/120 (Haiku)"), "Chrome/120 (Other)");
  EXPECT_EQ(reduced("chrome/120 (Windows)"), "Other (Windows)");
  EXPECT_EQ(reduced("Safari/17 (iOS) "), "Other (Other)");
  EXPECT_EQ(reduced("Safari/17(iOS)"), "Other (Other)");
  EXPECT_EQ(reduced("Safari/"), "Other (Other)");
  for (const char* word : {"browser", "bot", "tool", "other"}) EXPECT_EQ(reduced(word, agent_level::kind), word);
  EXPECT_EQ(reduced("browser", agent_level::family), "Other");
}

TEST(agent, reads_every_text_of_its_vocabulary_as_such) {
  const auto check = [](const std::vector<std::string>& families, const std::vector<std::string>& brackets) {
    for (const std::string& family : families)
      for (const char* version : {"", "/1", "/0120"})
        for (const std::string& bracket : brackets) {
          const std::string text = family + (brackets[0] == "bot" ? "" : version) + " (" + bracket + ")";
          EXPECT_EQ(reduced(text), text);
          EXPECT_EQ(reduced(text, agent_level::family), family);
          expect_idempotent(text);
        }
  };
  check(bots, {"bot"});
  check(tools, {"tool"});
  check(browsers, systems);
  check({"Other"}, systems);
}

TEST(agent, does_not_look_behind_the_first_1024_bytes) {
  const std::string padding(1024, 'x');
  EXPECT_EQ(reduced(padding + " Googlebot Firefox/9"), "Other (Other)");
  EXPECT_EQ(reduced(padding.substr(0, 1024 - 9) + "Firefox/99"), "Firefox/9 (Other)");
  EXPECT_EQ(reduced(padding.substr(0, 1024 - 13) + "Firefox/12345"), "Firefox (Other)");
  EXPECT_EQ(reduced(std::string(1 << 20, 'c')), "Other (Other)");
}

TEST(agent, shows_nothing_of_what_stands_around_the_tokens) {
  std::mt19937_64 random(1);
  constexpr std::string_view bytes = "ghjkqvz0123456789 ;:,()_-\t\x80\xff\"\\";
  const auto noise = [&] {
    std::string text;
    for (std::uint64_t size = random() % 60; size > 0; --size) text += bytes[random() % bytes.size()];
    return text;
  };
  for (const char* token : {"Firefox/", "Edg/", "Chrome/", "curl/", "Trident/", "nothing"})
    for (const char* system : {"Windows", "Android", "iPhone", "X11", ""})
      for (int i = 0; i < 300; ++i) {
        const std::string version = std::to_string(random() % 200), a = noise(), b = noise();
        const auto agent_with = [&](const std::string& n) {
          return "(" + n + system + n + ") " + token + version + "." + n;
        };
        for (agent_level level : reducing_levels)
          ASSERT_EQ(reduced(agent_with(a), level), reduced(agent_with(b), level));
      }
}

TEST(agent, stays_inside_its_vocabulary_for_any_bytes) {
  std::mt19937_64 random(2);
  std::vector<std::string> pieces = {
      "Version/", "Safari/", "MSIE ", "Trident/", "rv:", "cubot", "bot", " (", ")", "/", "12", "1234", "12345", " ",
      std::string(1, '\0'), "\xff\xfe", "\"", "\\", "(bot)", "(tool)"};
  for (const auto* words : {&bots, &tools, &browsers, &systems})
    pieces.insert(pieces.end(), words->begin(), words->end());
  for (const agent_token& token : browser_tokens) pieces.emplace_back(token.token);
  for (const agent_token& token : tool_tokens) pieces.emplace_back(token.token);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::uint64_t n = 1 + random() % 7; n > 0; --n) text += pieces[random() % pieces.size()];
    expect_idempotent(text);
    if (::testing::Test::HasFailure()) return;
  }
}

// The rules of SPEC 3.6 as they are written, one search after the other.
std::string plainly_read(std::string text) {
  text.resize(std::min(text.size(), max_agent_bytes));
  const auto holds = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  const auto version_after = [&](std::string_view word) -> std::string {
    const std::size_t at = text.find(word);
    if (at == std::string::npos) return "";
    std::size_t end = at + word.size();
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    const std::string digits = text.substr(at + word.size(), end - at - word.size());
    return digits.empty() || digits.size() > 4 ? "" : "/" + digits;
  };
  std::string lower;
  for (const char c : text) lower += to_lower(static_cast<unsigned char>(c));
  for (std::size_t at = 0; (at = lower.find(not_a_bot, at)) != std::string::npos;) lower.erase(at, not_a_bot.size());
  const auto lower_holds = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  if (std::any_of(bot_words.begin(), bot_words.end(), lower_holds)) {
    for (const bot_name& bot : bot_names)
      if (lower_holds(bot.lower)) return std::string(bot.written) + " (bot)";
    return "bot (bot)";
  }
  const auto named = [&](const agent_token& token, std::string_view bracket) {
    const std::string version = token.version == version_rule::none ? "" : version_after(token.token);
    return std::string(token.family) + version + " (" + std::string(bracket) + ")";
  };
  for (const agent_token& token : tool_tokens)
    if (holds(token.token)) return named(token, "tool");
  std::string_view system = other_system;
  for (std::size_t i = system_tokens.size(); i-- > 0;)
    if (holds(system_tokens[i].token)) system = system_tokens[i].system;
  for (const agent_token& token : browser_tokens)
    if (holds(token.token)) return named(token, system);
  const std::string end = " (" + std::string(system) + ")";
  if (holds("Safari/") && holds("Version/")) return "Safari" + version_after("Version/") + end;
  if (holds("MSIE ")) return "IE" + version_after("MSIE ") + end;
  if (holds("Trident/")) return "IE" + version_after("rv:") + end;
  return "Other" + end;
}

TEST(agent, reads_in_one_pass_what_one_search_after_the_other_finds) {
  std::mt19937_64 random(3);
  std::vector<std::string> pieces = {"rv:", "cubot", "cub", "ot", "bo", "t", "CuBoT", "Mozilla/5.0 (", ") ", "; ", "/", "1", "20",
                                     "12345", " ", std::string(1, '\0'), "\xff\xfe", "like Gecko"};
  for (const std::string_view word : agent_words::all) pieces.emplace_back(word);
  for (const bot_name& bot : bot_names) pieces.emplace_back(bot.written);
  for (int i = 0; i < 100000; ++i) {
    std::string text;
    for (std::uint64_t n = 1 + random() % 9; n > 0; --n) {
      std::string piece = pieces[random() % pieces.size()];
      if (random() % 4 == 0) piece.erase(random() % piece.size(), 1);
      if (random() % 8 == 0)
        for (char& c : piece) c = static_cast<char>(random() % 2 == 0 ? std::toupper(c) : std::tolower(c));
      text += piece;
    }
    if (reduced_agent written; agent_detail::read_reduced(raw(text), written)) continue;
    if (i % 1000 == 0) text += std::string(max_agent_bytes - 10, 'x') + text + text;
    ASSERT_EQ(reduced(text), plainly_read(text)) << text;
  }
}

TEST(agent, needs_no_more_memory_than_it_is_given) {
  scratch memory(16);
  tally counts;
  char buffer[64];
  writer out(buffer, sizeof buffer);
  scope s{.memory = memory, .counts = counts};
  const raw chrome(std::string_view("Mozilla/5.0 (Windows NT 10.0) Chrome/120"));
  EXPECT_EQ(agent{}.apply(chrome, s, out), outcome::unreadable);
  EXPECT_EQ(out.text(), "-");
  EXPECT_EQ(memory.used(), 0u);
}

TEST(agent, stays_inside_its_vocabulary_for_collected_agents) {
  const char* corpus = std::getenv("ANONLOG_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "ANONLOG_CORPUS is not set: no collected agents here";
  std::ifstream file(std::string(corpus) + "/ua/ua-open.tsv");
  if (!file) GTEST_SKIP() << "no ua/ua-open.tsv in " << corpus;

  // How the other vocabulary spells ours; what has no row here is not compared.
  const std::map<std::string, std::string> ours = {
      {"Chrome", "Chrome"}, {"Chrome Mobile", "Chrome"}, {"Chrome Mobile iOS", "Chrome"}, {"Chromium", "Chrome"},
      {"Firefox", "Firefox"}, {"Firefox Mobile", "Firefox"}, {"Firefox iOS", "Firefox"}, {"Edge", "Edge"},
      {"Edge Mobile", "Edge"}, {"Opera", "Opera"}, {"Opera Mobile", "Opera"}, {"Safari", "Safari"},
      {"Mobile Safari", "Safari"}, {"IE", "IE"}, {"Samsung Internet", "Samsung"}, {"Yandex Browser", "Yandex"},
      {"Vivaldi", "Vivaldi"}, {"UC Browser", "UCBrowser"}, {"curl", "curl"}, {"Wget", "Wget"}, {"okhttp", "okhttp"},
      {"Python Requests", "python-requests"}, {"Python-urllib", "Python-urllib"}, {"Python aiohttp", "aiohttp"},
      {"Go-http-client", "Go-http-client"}, {"Apache-HttpClient", "Apache-HttpClient"}, {"Java", "Java"},
      {"libwww-perl", "libwww-perl"}, {"axios", "axios"}, {"node-fetch", "node-fetch"}, {"Googlebot", "Googlebot"},
      {"bingbot", "bingbot"}, {"YandexBot", "YandexBot"}, {"Baiduspider", "Baiduspider"},
      {"DuckDuckBot", "DuckDuckBot"},
      {"Applebot", "Applebot"}, {"AhrefsBot", "AhrefsBot"}, {"SemrushBot", "SemrushBot"}, {"MJ12bot", "MJ12bot"},
      {"PetalBot", "PetalBot"}, {"CCBot", "CCBot"}, {"Bytespider", "Bytespider"},
      {"FacebookBot", "facebookexternalhit"},
      {"Twitterbot", "Twitterbot"}, {"LinkedInBot", "LinkedInBot"}, {"Slackbot", "Slackbot"}, {"Pingdom", "Pingdom"},
      {"TelegramBot", "TelegramBot"}, {"Discordbot", "Discordbot"}, {"UptimeRobot", "UptimeRobot"},
      {"GPTBot", "GPTBot"}, {"ClaudeBot", "ClaudeBot"}, {"Amazonbot", "Amazonbot"}, {"DotBot", "DotBot"},
      {"GuzzleHttp", "Guzzle"}, {"PostmanRuntime", "Postman"},
  };
  std::size_t rows = 0, compared = 0, equal = 0;
  std::map<std::string, std::pair<std::size_t, std::size_t>> by_family;
  std::string line;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    const std::size_t tab = line.find('\t');
    if (tab == 0 || tab == std::string::npos) continue;
    const std::string text = line.substr(0, tab), theirs = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
    if (text == "-") continue;
    ++rows;
    expect_idempotent(text);
    ASSERT_FALSE(HasFailure()) << "row " << rows;
    const auto known = ours.find(theirs);
    if (known == ours.end()) continue;
    auto& [seen, same] = by_family[theirs];
    const bool agrees = reduced(text, agent_level::family) == known->second;
    ++compared, ++seen, equal += agrees, same += agrees;
  }
  EXPECT_GT(rows, 1000u);
  std::cout << "information: of " << rows << " agents " << compared << " are of a family we have; read alike: " << equal
            << "\n";
  if (std::getenv("ANONLOG_VERBOSE") != nullptr)
    for (const auto& [family, counts] : by_family)
      std::cout << "  " << family << ": " << counts.second << " of " << counts.first << "\n";
}

}  // namespace
}  // namespace anonlog
