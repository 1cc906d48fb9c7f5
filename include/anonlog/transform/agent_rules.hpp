// transform/agent_rules.hpp: the words a user agent is read by, as data: bots, tools, browsers, systems.
//
// Everything a reduced agent may say, four digits aside, stands in these lists. Their order is the order of the tests.
// Source: SPEC 3.6. Whoever changes a list raises `agent_rules_version`: the report names it, because counts of before
// and after no longer compare.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <anonlog/core/ascii.hpp>

namespace anonlog {

inline constexpr unsigned agent_rules_version = 1;  // `ua_rules` of the report

enum class agent_kind : unsigned char { browser, bot, tool, other };

inline constexpr std::array<std::string_view, 4> agent_kind_names = {"browser", "bot", "tool", "other"};

// A phone whose name holds the word "bot"; taken out before the search.
inline constexpr std::string_view not_a_bot = "cubot";

// In the lower-cased text: any of them makes a bot.
inline constexpr std::array<std::string_view, 10> bot_words = {
    "bot",    "crawl",   "spider",  "slurp",  "facebookexternalhit", "pingdom",
    "uptime", "monitor", "scanner", "fetcher",
};

struct bot_name {
  std::string_view written;
  std::string_view lower;
};

inline constexpr std::string_view unnamed_bot = "bot";
inline constexpr std::array<bot_name, 25> bot_names = {{
    {"Googlebot", "googlebot"},
    {"bingbot", "bingbot"},
    {"YandexBot", "yandexbot"},
    {"Baiduspider", "baiduspider"},
    {"DuckDuckBot", "duckduckbot"},
    {"Applebot", "applebot"},
    {"AhrefsBot", "ahrefsbot"},
    {"SemrushBot", "semrushbot"},
    {"MJ12bot", "mj12bot"},
    {"DotBot", "dotbot"},
    {"PetalBot", "petalbot"},
    {"GPTBot", "gptbot"},
    {"ClaudeBot", "claudebot"},
    {"CCBot", "ccbot"},
    {"Bytespider", "bytespider"},
    {"Amazonbot", "amazonbot"},
    {"facebookexternalhit", "facebookexternalhit"},
    {"Twitterbot", "twitterbot"},
    {"LinkedInBot", "linkedinbot"},
    {"Slackbot", "slackbot"},
    {"TelegramBot", "telegrambot"},
    {"Discordbot", "discordbot"},
    {"UptimeRobot", "uptimerobot"},
    {"Pingdom", "pingdom"},
    {"Slurp", "slurp"},
}};

enum class version_rule : unsigned char { after_token, none };

// A piece of text that names a family; the version stands right behind it.
struct agent_token {
  std::string_view token;
  std::string_view family;
  version_rule version = version_rule::after_token;
};

inline constexpr std::array<agent_token, 14> tool_tokens = {{
    {"curl/", "curl"},
    {"Wget/", "Wget"},
    {"python-requests/", "python-requests"},
    {"Python-urllib/", "Python-urllib"},
    {"aiohttp/", "aiohttp"},
    {"Go-http-client/", "Go-http-client"},
    {"okhttp/", "okhttp"},
    {"Apache-HttpClient/", "Apache-HttpClient"},
    {"Java/", "Java"},
    {"libwww-perl/", "libwww-perl"},
    {"PostmanRuntime/", "Postman"},
    {"axios/", "axios"},
    {"node-fetch", "node-fetch", version_rule::none},
    {"GuzzleHttp/", "Guzzle"},
}};

inline constexpr std::array<agent_token, 16> browser_tokens = {{
    {"Edg/", "Edge"},
    {"EdgA/", "Edge"},
    {"EdgiOS/", "Edge"},
    {"Edge/", "Edge"},
    {"OPR/", "Opera"},
    {"OPiOS/", "Opera"},
    {"Opera/", "Opera"},
    {"SamsungBrowser/", "Samsung"},
    {"YaBrowser/", "Yandex"},
    {"Vivaldi/", "Vivaldi"},
    {"UCBrowser/", "UCBrowser"},
    {"FxiOS/", "Firefox"},
    {"Firefox/", "Firefox"},
    {"CriOS/", "Chrome"},
    {"Chromium/", "Chrome"},
    {"Chrome/", "Chrome"},
}};

// The browsers that need more than one token; agent.hpp has the rule.
inline constexpr std::string_view safari_family = "Safari";
inline constexpr std::string_view explorer_family = "IE";
inline constexpr std::string_view other_family = "Other";

struct system_token {
  std::string_view token;
  std::string_view system;
};

inline constexpr std::string_view other_system = "Other";
inline constexpr std::array<system_token, 10> system_tokens = {{
    {"Windows", "Windows"},
    {"iPhone", "iOS"},
    {"iPad", "iOS"},
    {"iPod", "iOS"},
    {"Android", "Android"},
    {"CrOS", "ChromeOS"},
    {"Mac OS X", "macOS"},
    {"Macintosh", "macOS"},
    {"Linux", "Linux"},
    {"X11", "Linux"},
}};

static_assert([] {
  for (const bot_name& name : bot_names) {
    if (name.written.size() != name.lower.size()) return false;
    for (std::size_t i = 0; i < name.lower.size(); ++i)
      if (to_lower(static_cast<unsigned char>(name.written[i])) != name.lower[i]) return false;
  }
  return true;
}());

}  // namespace anonlog
