// bench/make_log.cpp: writes a combined log of any size to standard output; the same seed gives the same bytes.
//
//   make_log MEGABYTES [SEED]
//
// Shaped like a busy site: 200,000 addresses (15 % IPv6), 3,000 agents, 20,000 requests (27 % with a query) and 8,000
// referrers (40 % none), all with the long tail of real traffic; 3 % logged-in users; 0.1 % TLS garbage and escaped
// quotes, 0.1 % lines that are no log lines.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

using random_source = std::mt19937_64;

std::uint64_t below(random_source& random, std::uint64_t end) { return random() % end; }

template <class... Parts>
std::string text(const char* format, Parts... parts) {
  char buffer[1024];
  const int size = std::snprintf(buffer, sizeof buffer, format, parts...);
  return {buffer, static_cast<std::size_t>(size)};
}

// Index 0 is the most frequent; frequency falls as 1 / rank^skew.
class zipf {
 public:
  zipf(std::size_t count, double skew) : sums_(count) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sums_[i] = sum += 1 / std::pow(static_cast<double>(i + 1), skew);
  }
  std::size_t operator()(random_source& random) const {
    const double at = std::uniform_real_distribution<>(0, sums_.back())(random);
    return static_cast<std::size_t>(std::lower_bound(sums_.begin(), sums_.end(), at) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

std::string hex(random_source& random, int digits) {
  std::string out;
  while (digits-- > 0) out += "0123456789abcdef"[below(random, 16)];
  return out;
}

std::string address(random_source& random) {
  const auto byte = [&] { return static_cast<unsigned>(below(random, 256)); };
  if (below(random, 100) < 15)
    return text("2001:db8:%x:%x:%x:%x:%x:%x", static_cast<unsigned>(below(random, 65536)),
                static_cast<unsigned>(below(random, 65536)), static_cast<unsigned>(below(random, 65536)),
                static_cast<unsigned>(below(random, 65536)), static_cast<unsigned>(below(random, 65536)),
                static_cast<unsigned>(below(random, 65536)));
  return text("%u.%u.%u.%u", 1 + byte() % 223, byte(), byte(), byte());
}

std::string agent(random_source& random) {
  const unsigned version = static_cast<unsigned>(60 + below(random, 80));
  const unsigned build = static_cast<unsigned>(below(random, 7000));
  switch (below(random, 7)) {
    case 0:
      return text("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%u.0.%u.%u "
                  "Safari/537.36", version, build, build % 200);
    case 1:
      return text("Mozilla/5.0 (Linux; Android %u; SM-G%u Build/QP1A.%u) AppleWebKit/537.36 (KHTML, like Gecko) "
                  "Chrome/%u.0.%u.%u Mobile Safari/537.36", version % 14, build, build, version, build, build % 150);
    case 2:
      return text("Mozilla/5.0 (iPhone; CPU iPhone OS %u_%u like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                  "Version/%u.%u Mobile/15E%u Safari/604.1", version % 18, build % 7, version % 18, build % 7, build % 999);
    case 3: return text("Mozilla/5.0 (X11; Linux x86_64; rv:%u.0) Gecko/20100101 Firefox/%u.0", version, version);
    case 4: return text("Mozilla/5.0 (compatible; Googlebot/2.%u; +http://www.google.com/bot.html)", build % 30);
    case 5: return text("curl/7.%u.%u", version, build % 5);
    default:
      return text("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_%u_%u) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                  "Version/%u.1 Safari/605.1.15", version % 16, build % 8, version % 18);
  }
}

std::string target(random_source& random) {
  static constexpr const char* sections[] = {"blog", "products", "users", "static", "api/v2/items", "docs", "img", "search"};
  static constexpr const char* words[] = {"introduction", "winter-sale", "getting-started", "logo", "index", "overview",
                                          "frequently-asked-questions", "contact"};
  std::string path = text("/%s/%s", sections[below(random, 8)], words[below(random, 8)]);
  switch (below(random, 5)) {
    case 0: path += text("/%u", static_cast<unsigned>(below(random, 100000))); break;
    case 1: path += "." + hex(random, 10) + ".js"; break;
    case 2: path += "/" + hex(random, 8) + "-" + hex(random, 4) + "-" + hex(random, 4) + "-" + hex(random, 4) + "-" + hex(random, 12); break;
    case 3: path += ".html"; break;
    default: break;
  }
  if (below(random, 100) < 27) {
    path += text("?page=%u&utm_source=news&sid=", static_cast<unsigned>(below(random, 40))) + hex(random, 16);
    if (below(random, 2) == 0) path += text("&email=user%u%%40example.org", static_cast<unsigned>(below(random, 9999)));
  }
  return path;
}

std::string referrer(random_source& random) {
  static constexpr const char* sites[] = {"www.example.com", "shop.example.org", "search.example.net", "news.example"};
  return text("https://%s", sites[below(random, 4)]) + target(random);
}

template <class Make>
std::vector<std::string> pool(std::size_t count, random_source& random, Make make) {
  std::vector<std::string> all(count);
  for (std::string& one : all) one = make(random);
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fputs("usage: make_log MEGABYTES [SEED]\n", stderr), 2;
  const std::uint64_t bytes = std::strtoull(argv[1], nullptr, 10) * 1000000;
  random_source random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);

  const auto addresses = pool(200000, random, address), agents = pool(3000, random, agent);
  const auto targets = pool(20000, random, target), referrers = pool(8000, random, referrer);
  const zipf client(addresses.size(), 0.9), software(agents.size(), 1), request(targets.size(), 0.9), source(referrers.size(), 0.9);
  static constexpr const char* methods[] = {"GET", "GET", "GET", "GET", "GET", "GET", "GET", "POST", "HEAD", "GET"};
  static constexpr const char* statuses[] = {"200", "200", "200", "200", "200", "200", "304", "301", "404", "500"};

  std::uint64_t written = 0;
  for (std::uint64_t line = 0; written < bytes; ++line) {
    const std::uint64_t second = line / 40;
    std::string user = below(random, 100) < 3 ? text("user%u", static_cast<unsigned>(below(random, 5000))) : "-";
    std::string out = addresses[client(random)] + " - " + user +
                      text(" [%02u/Jan/2026:%02u:%02u:%02u +0000] \"", static_cast<unsigned>(10 + second / 86400 % 20),
                           static_cast<unsigned>(second / 3600 % 24), static_cast<unsigned>(second / 60 % 60),
                           static_cast<unsigned>(second % 60));
    const std::uint64_t oddity = below(random, 1000);
    if (oddity == 0)
      out += below(random, 2) == 0 ? "\\x16\\x03\\x01\\x02\\x00\\x01\" 400 157 \"-\" \"-\"\n"
                                   : "GET /say\\\"hi\\\" HTTP/1.1\" 200 12 \"-\" \"He said \\\"hi\\\"\"\n";
    else
      out += text("%s ", methods[below(random, 10)]) + targets[request(random)] +
             text(" HTTP/1.1\" %s %u \"", statuses[below(random, 10)], static_cast<unsigned>(below(random, 200000))) +
             (below(random, 100) < 40 ? "-" : referrers[source(random)]) + "\" \"" + agents[software(random)] + "\"\n";
    if (oddity == 1) out = "this is no log line " + hex(random, 40) + "\n";
    std::fwrite(out.data(), 1, out.size(), stdout);
    written += out.size();
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
