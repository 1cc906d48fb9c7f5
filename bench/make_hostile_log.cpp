// bench/make_hostile_log.cpp: writes a combined log in which every line is unusual and no value comes twice.
//
//   make_hostile_log MEGABYTES [SEED]
//
// The worst case of the pipeline: nothing can be remembered, every rule has something to look at. Addresses in every
// spelling, users with blanks, unique targets, referrers and agents, escapes in half of the lines, bytes >= 0x80. The
// same seed gives the same bytes.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

namespace {

std::mt19937_64 source;

std::uint64_t below(std::uint64_t end) { return source() % end; }
unsigned number(std::uint64_t end) { return static_cast<unsigned>(below(end)); }

template <std::size_t N>
std::string_view one_of(const std::string_view (&choices)[N]) {
  return choices[below(N)];
}

template <class... Parts>
std::string text(const char* format, Parts... parts) {
  char buffer[1024];
  const int size = std::snprintf(buffer, sizeof buffer, format, parts...);
  return {buffer, static_cast<std::size_t>(size)};
}

std::string letters(std::string_view alphabet, std::size_t count) {
  std::string made;
  while (count-- > 0) made += alphabet[below(alphabet.size())];
  return made;
}

std::string hex(std::size_t digits) { return letters("0123456789abcdef", digits); }
std::string word() { return letters("abcdefghijklmnopqrstuvwxyz", 3 + below(7)); }
std::string ipv4() { return text("%u.%u.%u.%u", 1 + number(223), number(256), number(256), number(256)); }
std::string uuid() { return hex(8) + "-" + hex(4) + "-" + hex(4) + "-" + hex(4) + "-" + hex(12); }
std::string email(std::string_view at) { return word() + "." + word() + std::string(at) + word() + ".example"; }

std::string address() {
  const unsigned a = number(65536), b = number(65536), c = number(65536), d = number(65536), e = number(65536), f = number(4096);
  switch (below(10)) {
    case 0: return text("2001:0DB8:%04X:%04X:%04X:%04X:%04X:%04X", a, b, c, d, e, f);
    case 1: return text("2001:db8:%x:%x::%x", a, b, f);
    case 2: return text("2001:0db8:%04x:00%02x:000%x:%x:%x:0%03x", a, b % 256, c % 16, d, e, f);
    case 3: return "::ffff:" + ipv4();
    case 4: return text("fe80::%x:%x:%x:%x%%eth%u", a, b, c, d, f % 8);
    case 5: return text("[2001:db8:%x::%x:%x]:%u", a, b, c, d);
    case 6: return text("2001:db8:%x:%x:%x:%x:%x:%x:%u", a, b, c, d, e, f, f);
    case 7: return text("0:0:0:0:0:FFFF:%X:%X", a, b);
    case 8: return ipv4() + text(":%u", a);
    default: return ipv4();
  }
}

std::string user() {
  switch (below(10)) {
    case 0: return word() + " " + word();
    case 1: return email("@");
    case 2: return text("user%u", number(1000000));
    default: return "-";
  }
}

// What stands in half of the lines and nobody expects there: escapes, control bytes, letters that are no ASCII.
std::string oddity(bool has_escapes) {
  if (has_escapes) return std::string(one_of({"\\\"", "\\x22", "\\xC3\\xA9", "\\\\", "\\t", "\\x00"})) + word();
  return std::string(one_of({"\xC3\xA9", "\xEF\xBC\xA0", "%C3%BC", "~", "'", "%2520"})) + word();
}

std::string segment() {
  switch (below(14)) {
    case 0: return text("%u", number(100000000));
    case 1: return uuid();
    case 2: return hex(8 + below(32));
    case 3: return email(one_of({"@", "%40"}));
    case 4: return word() + "-" + word() + "-" + text("%u", number(100000)) + ".html";
    case 5: return letters("abcXYZ019_-", 16 + below(24));
    case 6: return text("20%02u-%02u-%02u", number(30), 1 + number(12), 1 + number(28));
    case 7: return "host-" + text("%u-%u-%u-%u", number(256), number(256), number(256), number(256));
    case 8: return word() + ";jsessionid=" + hex(16);
    case 9: return word() + "%20" + word() + text("%%%02X", number(256));
    default: return word();
  }
}

std::string parameter() {
  switch (below(12)) {
    case 0: return "utm_source=" + word() + text("%u", number(1000));
    case 1: return "email=" + email("%40");
    case 2: return "id=" + text("%u", number(100000000));
    case 3: return word() + "=" + letters("abcXYZ019_-+", 12 + below(20));
    case 4: return "filter%5B" + word() + "%5D=" + word() + "+" + word();
    case 5: return "user[" + word() + "]=" + text("%u", number(1000));
    case 6: return "page=" + text("%u", number(1000));
    case 7: return "q=" + word() + "%20" + word() + text("%%%02X", number(256));
    case 8: return "access_token=" + hex(32);
    case 9: return word() + text("%u", number(1000));
    default: return word() + "=" + word();
  }
}

std::string target(std::size_t least_bytes, bool has_escapes) {
  std::string made;
  while (made.size() < least_bytes / 2) made += "/" + segment();
  if (below(4) == 0) made += "/" + oddity(has_escapes);
  made += "?" + parameter();
  while (made.size() < least_bytes) made += "&" + parameter();
  return made;
}

std::string host() {
  switch (below(8)) {
    case 0: return ipv4();
    case 1: return text("[2001:db8:%x::%x]:%u", number(65536), number(65536), number(65536));
    case 2: return text("host-%u-%u-%u-%u.", number(256), number(256), number(256), number(256)) + word() + ".example";
    case 3: return word() + ":" + word() + "@" + word() + "." + word() + ".EXAMPLE:443";
    case 4: return "xn--" + letters("abcdefgh0123456789", 10) + ".example.";
    default: return "www." + word() + "." + word() + ".example";
  }
}

std::string agent(bool has_escapes) {
  const unsigned major = 60 + number(80), build = number(10000), patch = number(300);
  std::string made;
  switch (below(9)) {
    case 0:
      made = text("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%u.0.%u.%u "
                  "Safari/537.36 Edg/%u.0.%u.%u", major, build, patch, major, build, patch);
      break;
    case 1:
      made = text("Mozilla/5.0 (Linux; Android %u; SM-G%u Build/QP1A.%u) AppleWebKit/537.36 (KHTML, like Gecko) "
                  "Chrome/%u.0.%u.%u Mobile Safari/537.36", major % 15, build, build, major, build, patch);
      break;
    case 2:
      made = text("Mozilla/5.0 (iPhone; CPU iPhone OS %u_%u like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                  "Version/%u.%u Mobile/15E%u Safari/604.1", major % 18, patch % 7, major % 18, patch % 7, build);
      break;
    case 3: made = text("Mozilla/5.0 (X11; Linux x86_64; rv:%u.0) Gecko/20100101 Firefox/%u.0.%u", major, major, build); break;
    case 4: made = text("Mozilla/5.0 (compatible; Googlebot/2.%u; +http://www.google.com/bot.html?%u)", patch, build); break;
    case 5: made = text("python-requests/2.%u.%u CPython/3.%u Linux/5.%u", patch, build, patch % 13, build); break;
    case 6: made = text("Mozilla/4.0 (compatible; MSIE %u.0; Windows NT 6.%u; Trident/%u.0; .NET4.0C; %u)", major, patch, major, build); break;
    case 7: made = "MyPlayer/" + word() + " (" + email("@") + "; " + word() + ")"; break;
    default:
      made = text("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_%u_%u) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                  "Version/%u.1.%u Safari/605.1.15", patch % 16, build % 8, major % 18, build);
  }
  return made + " " + (below(3) == 0 ? oddity(has_escapes) : hex(8));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fputs("usage: make_hostile_log MEGABYTES [SEED]\n", stderr), 2;
  const std::uint64_t bytes = std::strtoull(argv[1], nullptr, 10) * 1000000;
  source.seed(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  std::uint64_t written = 0;
  for (std::uint64_t line = 0; written < bytes; ++line) {
    const bool has_escapes = below(2) == 0;
    const auto second = static_cast<unsigned>(line / 7);
    std::string out = address() + " - " + user() +
                      text(" [%02u/Jan/2026:%02u:%02u:%02u +0%u30] \"%s ", 10 + second / 86400 % 20, second / 3600 % 24,
                           second / 60 % 60, second % 60, number(10), below(4) == 0 ? "POST" : "GET");
    out += target(60 + below(140), has_escapes) + text(" HTTP/1.1\" 200 %u \"", number(1000000));
    out += std::string(one_of({"http", "https", "HTTPS"})) + "://" + host() + target(20 + below(100), has_escapes);
    out += "\" \"" + agent(has_escapes) + (has_escapes ? " " + oddity(true) : "") + "\"\n";
    std::fwrite(out.data(), 1, out.size(), stdout);
    written += out.size();
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
