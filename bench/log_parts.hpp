// log_parts.hpp: the addresses, agents, targets, referrers and users of which make_log makes its lines.
//
// Made once, before the first line: a pool is a list of texts, the most frequent first. Shares are spread evenly over a
// pool, so that they hold for the lines too, whose frequency falls with the place in the pool.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace make_log {

// splitmix64: the same numbers on every machine, and fast.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}
  std::uint64_t operator()() noexcept {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }
  unsigned below(std::uint64_t end) noexcept { return static_cast<unsigned>(((*this)() >> 32) * end >> 32); }
  bool in_100(unsigned share) noexcept { return below(100) < share; }
  template <class Type, std::size_t Count>
  const Type& of(const std::array<Type, Count>& all) noexcept { return all[below(Count)]; }

 private:
  std::uint64_t state_;
};

using words = std::string_view;

template <class... Parts>
std::string text(const char* format, Parts... parts) {
  char buffer[1024];
  return {buffer, static_cast<std::size_t>(std::snprintf(buffer, sizeof buffer, format, parts...))};
}

inline std::string hex(random_source& random, int digits) {
  std::string out;
  while (digits-- > 0) out += "0123456789abcdef"[random.below(16)];
  return out;
}

// True for `share` of 100 neighbours in a pool, evenly: 0, 1, 2 ... are not all true first.
inline bool is_in_share(std::size_t place, unsigned share) noexcept { return (place * share + 50) % 100 < share; }

// Prefixes of access networks; the rest of every address is made up.
inline std::string ipv6(random_source& random) {
  static constexpr std::array<const char*, 16> prefixes = {
      "2a02:8109", "2003:e7", "2001:16b8", "2600:1700", "2601:2c4", "2607:fb90", "2409:4060", "2405:201",
      "2804:14c", "240e:3b7", "2a01:cb08", "2a00:23c5", "2a02:c7f", "2600:8801", "2001:4bb8", "2400:1a00"};
  const unsigned shape = random.below(100);
  if (shape < 2) return text("::ffff:%u.%u.%u.%u", 11 + random.below(100), random.below(256), random.below(256), random.below(256));
  std::string out = random.of(prefixes);
  const auto group = [&] { return random.below(0xFFFF) + 1; };
  if (shape < 72) {  // eight groups, as a private interface identifier gives
    for (int i = 0; i < 6; ++i) out += text(":%x", group());
  } else if (shape < 84) {  // compressed behind the prefix
    out += text(":%x::%x", group(), random.below(0x2000) + 1);
  } else if (shape < 92) {  // compressed in the middle
    out += text(":%x:%x::%x:%x", group(), group(), group(), group());
  } else if (shape < 96) {  // zeros written out
    out += text(":%x:0:0:0:%x:%x", group(), group(), group());
  } else if (shape < 99) {  // every digit written out
    unsigned first = 0, second = 0;
    (void)std::sscanf(out.c_str(), "%x:%x", &first, &second);
    out = text("%04x:%04x:%04x:%04x:%04x:%04x:%04x:%04x", first, second, group(), random.below(256), 0U, group(), random.below(4096), group());
  } else {  // upper case
    out = text("2001:DB8:%X:%X:%X:%X:%X:%X", group(), group(), group(), group(), group(), group());
  }
  return out;
}

inline std::string ipv4(random_source& random) {
  unsigned first = 1 + random.below(223);
  while (first == 10 || first == 127 || first == 172 || first == 192) first = 1 + random.below(223);
  return text("%u.%u.%u.%u", first, random.below(256), random.below(256), random.below(256));
}

inline std::string agent(random_source& random) {
  static constexpr std::array<const char*, 12> phones = {"SM-G991B", "SM-A528B", "SM-S918B", "Pixel 7", "Pixel 6a", "M2101K6G",
                                                         "Redmi Note 9 Pro", "CPH2211", "LM-Q720", "moto g(30)", "KB2003", "SM-A125F"};
  static constexpr std::array<const char*, 12> robots = {
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
      "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
      "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
      "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
      "Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot; help@moz.com)",
      "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
      "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.216 "
      "Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
      "Mozilla/5.0 (compatible; DuckDuckBot-Https/1.1; https://duckduckgo.com/duckduckbot)",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 "
      "(Applebot/0.1; +http://www.apple.com/go/applebot)",
      "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)"};
  static constexpr std::array<const char*, 8> tools = {"curl/%u.%u.%u", "python-requests/%u.%u.%u", "Go-http-client/%u.%u", "okhttp/%u.%u.%u",
                                                       "Wget/%u.%u.%u", "PostmanRuntime/%u.%u.%u", "axios/%u.%u.%u", "Dalvik/%u.%u.0"};
  const unsigned version = 90 + random.below(50), build = 4000 + random.below(3000), patch = random.below(250);
  const unsigned shape = random.below(100);
  if (shape < 34) {
    static constexpr std::array<const char*, 4> systems = {"Windows NT 10.0; Win64; x64", "Windows NT 10.0; Win64; x64",
                                                           "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64"};
    std::string out = text("Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%u.0.%u.%u Safari/537.36", random.of(systems), version,
                           version > 110 ? 0 : build, version > 110 ? 0 : patch);
    if (random.in_100(25)) out += text(" Edg/%u.0.%u.%u", version, build % 3000, patch % 100);
    return out;
  }
  if (shape < 58)
    return text("Mozilla/5.0 (Linux; Android %u; %s) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%u.0.%u.%u Mobile Safari/537.36",
                7 + random.below(8), random.of(phones), version, build, patch);
  if (shape < 74)
    return text("Mozilla/5.0 (iPhone; CPU iPhone OS %u_%u like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/%u.%u Mobile/15E148 "
                "Safari/604.1", 12 + random.below(6), random.below(8), 12 + random.below(6), random.below(8));
  if (shape < 80)
    return text("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:%u.0) Gecko/20100101 Firefox/%u.0", version, version);
  if (shape < 83)
    return text("Mozilla/5.0 (iPhone; CPU iPhone OS %u_%u_%u like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/20E%u Instagram "
                "%u.0.0.%u.%u (iPhone%u,%u; iOS %u_%u; en_US; en; scale=3.00; 1170x2532; %u)", 14 + random.below(4), random.below(7), random.below(3),
                200 + patch, 200 + patch, build % 40, patch, 9 + random.below(7), 1 + random.below(5), 14 + random.below(4), random.below(7),
                400000000 + build * 1237 + patch);
  if (shape < 95) return random.of(robots);
  return text(random.of(tools), 1 + random.below(8), random.below(90), random.below(6));
}

inline std::string path(random_source& random) {
  static constexpr std::array<const char*, 12> sections = {"blog", "products", "users", "static/js", "api/v2/items", "docs", "img/gallery", "search",
                                                           "wp-content/uploads/2024", "news/archive", "assets/css", "api/v1/orders"};
  static constexpr std::array<const char*, 16> names = {"introduction", "winter-sale", "getting-started", "logo", "index", "overview", "contact",
                                                        "frequently-asked-questions", "how-to-choose-the-right-size", "checkout", "cart", "profile",
                                                        "main", "vendor", "banner-large", "press-release"};
  std::string out = text("/%s/%s", random.of(sections), random.of(names));
  switch (random.below(8)) {
    case 0: return out + text("/%u", random.below(1000000));
    case 1: return out + "." + hex(random, 20) + ".js";
    case 2: return out + "/" + hex(random, 8) + "-" + hex(random, 4) + "-4" + hex(random, 3) + "-a" + hex(random, 3) + "-" + hex(random, 12);
    case 3: return out + text("-%u.html", random.below(5000));
    case 4: return out + text("-%ux%u.jpg", 100 * (1 + random.below(20)), 100 * (1 + random.below(12)));
    case 5: return out + text("/page/%u/", random.below(200));
    case 6: return out + text("/%s-%s", random.of(names), random.of(names));
    default: return out;
  }
}

inline std::string query(random_source& random) {
  std::string out = text("?page=%u", random.below(200));
  switch (random.below(6)) {
    case 0: return out + "&utm_source=newsletter&utm_medium=email&utm_campaign=spring-" + text("%u", random.below(40));
    case 1: return out + "&sid=" + hex(random, 32);
    case 2: return out + "&q=" + text("red+shoes+%u&sort=price", random.below(9999));
    case 3: return out + text("&email=user%u%%40example.org", random.below(9999));
    case 4: return out + text("&_=17%011u&lang=en", random.below(4000000000U));
    default: return out + text("&id=%u", random.below(1000000));
  }
}

inline std::string referrer(random_source& random, std::size_t place) {
  static constexpr std::array<const char*, 6> sites = {"www.example.com", "shop.example.org", "search.example.net", "www.news.example",
                                                       "m.social.example", "www.example.com"};
  if (random.in_100(25)) return text("https://%s/", random.of(sites)) + (place < 6 ? "" : hex(random, 4));
  return text("https://%s", random.of(sites)) + path(random) + (is_in_share(place, 27) ? query(random) : "");
}

inline std::string user(random_source& random) {
  static constexpr std::array<const char*, 8> names = {"alice", "bob", "carol", "m.mueller", "j_smith", "svc-deploy", "ada", "grace"};
  return text(random.in_100(10) ? "%s%u@example.org" : "%s%u", random.of(names), random.below(1000));
}

// `count` different texts; `make` is given the place in the pool.
template <class Make>
std::vector<std::string> pool(std::size_t count, Make make) {
  std::vector<std::string> all;
  std::unordered_set<std::string> seen;
  for (int tries = 0; all.size() < count;) {
    std::string one = make(all.size());
    if (seen.insert(one).second || ++tries > 1000000) all.push_back(std::move(one));
  }
  return all;
}

// Picks a place in a pool; frequency falls as 1 / rank^skew. Vose's alias method: one look-up for any size.
class zipf {
 public:
  zipf(std::size_t count, double skew) : columns_(count) {
    std::vector<double> weight(count);
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += weight[i] = std::pow(static_cast<double>(i + 1), -skew);
    std::vector<std::uint32_t> small, large;
    for (std::size_t i = 0; i < count; ++i) {
      weight[i] *= static_cast<double>(count) / sum;
      (weight[i] < 1 ? small : large).push_back(static_cast<std::uint32_t>(i));
    }
    while (!small.empty() && !large.empty()) {
      const std::uint32_t low = small.back(), high = large.back();
      small.pop_back();
      columns_[low] = {static_cast<std::uint32_t>(weight[low] * 4294967295.0), high};
      weight[high] -= 1 - weight[low];
      if (weight[high] >= 1) continue;
      large.pop_back();
      small.push_back(high);
    }
    for (const auto* rest : {&small, &large})
      for (const std::uint32_t i : *rest) columns_[i] = {0xFFFFFFFF, i};
  }
  std::size_t operator()(random_source& random) const noexcept {
    const std::uint64_t drawn = random();
    const std::size_t place = static_cast<std::size_t>((drawn >> 32) * columns_.size() >> 32);
    return static_cast<std::uint32_t>(drawn) <= columns_[place].below ? place : columns_[place].other;
  }

 private:
  struct column {
    std::uint32_t below, other;
  };
  std::vector<column> columns_;
};

}  // namespace make_log
