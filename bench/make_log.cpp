// make_log.cpp: writes an access log of any size to standard output; the same seed gives the same bytes.
//
//   make_log SIZE [SEED [combined|nginx_main|vhost_combined|nginx_json]]      SIZE: 500 or 500MB, 100GiB, 1000000lines
//
// The mix of a busy site, about 281 bytes a line:
//   200,000 addresses, zipf 0.9; 15 % IPv6, of which 70 % have eight groups, 20 % are compressed, 7 % write zeros out,
//           2 % hold an IPv4 address, 1 % are upper case
//     3,000 user agents, zipf 1: browsers, phones, programs inside phones, robots, tools
//    20,000 request targets, zipf 0.9, 27 % with a query
//     8,000 referrers, zipf 0.9; 40 % of the lines have none
//       500 users, on 3 % of the lines; a tenth of them are e-mail addresses
//   0.1 % TLS handshakes in place of a request, or escaped quotes; 0.1 % lines that are no log lines
//   40 lines a second, from 10 January 2026 on; nginx_main: 30 % have one or two X-Forwarded-For addresses
//   nginx_json: the same as `log_format ... escape=json` writes it, the names of nginx's variables, about 390 bytes a line
// Memory does not grow with the size.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "log_parts.hpp"

namespace {

using namespace make_log;

// Collects bytes and writes a mebibyte at a time; a reader that goes away ends the program.
class sink {
 public:
  void put(words text) noexcept {
    std::memcpy(end_, text.data(), text.size());
    end_ += text.size();
  }
  void put(char c) noexcept { *end_++ = c; }
  void put(std::uint64_t number) noexcept { end_ = std::to_chars(end_, end_ + 20, number).ptr; }
  void put_two(unsigned number) noexcept {
    put(static_cast<char>('0' + number / 10));
    put(static_cast<char>('0' + number % 10));
  }
  std::uint64_t written() const noexcept { return flushed_ + static_cast<std::uint64_t>(end_ - bytes_.data()); }
  void end_line() noexcept {
    put('\n');
    if (end_ > bytes_.data() + block_bytes) flush();
  }
  void flush() noexcept {
    for (const char* from = bytes_.data(); from != end_;) {
      const ssize_t taken = ::write(STDOUT_FILENO, from, static_cast<std::size_t>(end_ - from));
      if (taken < 0 && errno == EINTR) continue;
      if (taken <= 0) std::_Exit(1);
      from += taken;
    }
    flushed_ = written();
    end_ = bytes_.data();
  }

 private:
  static constexpr std::size_t block_bytes = std::size_t{1} << 18, longest_line = 4096;
  std::vector<char> bytes_ = std::vector<char>(block_bytes + longest_line);
  char* end_ = bytes_.data();
  std::uint64_t flushed_ = 0;
};

// ` [10/Jan/2026:13:55:36 +0000] "`, or `2026-01-10T13:55:36+00:00`: made anew once a second.
class clock_text {
 public:
  explicit clock_text(bool is_iso) : is_iso_(is_iso) {}

  words at(std::uint64_t second) {
    if (second == second_) return text_;
    second_ = second;
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    // Days since 1 March of year 0: leap days come last in a year. 20,463 days lie between 1970 and 10 January 2026.
    const unsigned day = static_cast<unsigned>(20463 + second / 86400 + 719468), era = day / 146097, of_era = day % 146097;
    const unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const unsigned of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    const unsigned day_of_month = of_year - (153 * month + 2) / 5 + 1, whole_year = year + era * 400 + (month >= 10 ? 1 : 0);
    const unsigned hours = static_cast<unsigned>(second / 3600 % 24), minutes = static_cast<unsigned>(second / 60 % 60), seconds = static_cast<unsigned>(second % 60);
    text_ = is_iso_ ? text("%u-%02u-%02uT%02u:%02u:%02u+00:00", whole_year, (month + 2) % 12 + 1, day_of_month, hours, minutes, seconds)
                    : text(" [%02u/%s/%u:%02u:%02u:%02u +0000] \"", day_of_month, months[(month + 2) % 12], whole_year, hours, minutes, seconds);
    return text_;
  }

 private:
  bool is_iso_;
  std::uint64_t second_ = ~std::uint64_t{0};
  std::string text_;
};

enum class log_kind { combined, nginx_main, vhost_combined, nginx_json };

class log_writer {
 public:
  log_writer(log_kind kind, std::uint64_t seed) : kind_(kind), random_(seed) {}

  void write_line(std::uint64_t number) {
    const unsigned oddity = random_.below(1000);
    if (oddity == 0) return write_garbage();
    if (kind_ == log_kind::nginx_json) return write_json(number, oddity == 1);
    if (kind_ == log_kind::vhost_combined) out_.put(random_.of(hosts));
    out_.put(addresses_[client_(random_)]);
    out_.put(" - ");
    if (random_.in_100(3)) out_.put(users_[random_.below(users_.size())]);
    else out_.put('-');
    out_.put(clock_.at(number / 40));
    if (oddity == 1) {
      out_.put(random_.of(odd_requests));
    } else {
      out_.put(random_.of(methods));
      out_.put(targets_[request_(random_)]);
      out_.put(random_.of(protocols));
      const words status = random_.of(statuses);
      out_.put(status);
      if (status[0] == '3') out_.put('0');
      else out_.put(std::uint64_t{random_.below(random_.in_100(80) ? 60000 : 900000)});
      out_.put(" \"");
      if (random_.in_100(40)) out_.put('-');
      else out_.put(referrers_[source_(random_)]);
      out_.put("\" \"");
      out_.put(agents_[software_(random_)]);
      out_.put('"');
    }
    if (kind_ == log_kind::nginx_main) write_forwarded();
    out_.end_line();
  }

  std::uint64_t bytes() const noexcept { return out_.written(); }
  void flush() noexcept { out_.flush(); }

 private:
  void write_garbage() {
    out_.put(random_.of(no_log_lines));
    out_.put(random_());
    out_.end_line();
  }

  // What is absent is empty; control bytes and quotes are escaped.
  void write_json(std::uint64_t number, bool is_odd) {
    out_.put("{\"time_iso8601\":\"");
    out_.put(clock_.at(number / 40));
    out_.put("\",\"remote_addr\":\"");
    out_.put(addresses_[client_(random_)]);
    out_.put("\",\"remote_user\":\"");
    if (random_.in_100(3)) out_.put(users_[random_.below(users_.size())]);
    out_.put("\",\"request\":\"");
    if (is_odd) {
      out_.put(random_.of(odd_json));
    } else {
      out_.put(random_.of(methods));
      out_.put(targets_[request_(random_)]);
      const words protocol = random_.of(protocols);
      out_.put(protocol.substr(0, protocol.size() - 2));
    }
    out_.put("\",\"status\":");
    const words status = random_.of(statuses);
    out_.put(status.substr(0, 3));
    out_.put(",\"body_bytes_sent\":");
    if (status[0] == '3') out_.put('0');
    else out_.put(std::uint64_t{random_.below(random_.in_100(80) ? 60000 : 900000)});
    out_.put(",\"request_time\":");
    out_.put(std::uint64_t{random_.in_100(95) ? 0U : random_.below(30)});
    out_.put('.');
    out_.put(static_cast<char>('0' + (random_.in_100(80) ? 0 : random_.below(10))));
    out_.put_two(random_.below(100));
    out_.put(",\"http_referer\":\"");
    if (!random_.in_100(40)) out_.put(referrers_[source_(random_)]);
    out_.put("\",\"http_user_agent\":\"");
    out_.put(agents_[software_(random_)]);
    out_.put("\"}");
    out_.end_line();
  }

  void write_forwarded() {
    out_.put(" \"");
    if (!random_.in_100(30)) out_.put('-');
    else {
      out_.put(addresses_[client_(random_)]);
      if (random_.in_100(15)) (out_.put(", "), out_.put(addresses_[client_(random_)]));
    }
    out_.put('"');
  }

  static constexpr std::array<words, 4> hosts = {"www.example.com:443 ", "www.example.com:443 ", "shop.example.org:443 ", "www.example.com:80 "};
  static constexpr std::array<words, 10> methods = {"GET ", "GET ", "GET ", "GET ", "GET ", "GET ", "GET ", "GET ", "POST ", "HEAD "};
  static constexpr std::array<words, 4> protocols = {" HTTP/1.1\" ", " HTTP/1.1\" ", " HTTP/2.0\" ", " HTTP/2.0\" "};
  static constexpr std::array<words, 10> statuses = {"200 ", "200 ", "200 ", "200 ", "200 ", "200 ", "200 ", "304 ", "301 ", "404 "};
  static constexpr std::array<words, 6> odd_requests = {
      R"(\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\x8D" 400 157 "-" "-")",
      R"(\x16\x03\x01\x00\xEE\x01\x00" 400 157 "-" "-")",
      R"(-" 408 0 "-" "-")",
      R"(GET /say\"hi\" HTTP/1.1" 404 12 "-" "curl/8.5.0")",
      R"(GET / HTTP/1.1" 200 612 "-" "He said \"hi\" \\ to me")",
      R"~(GET /?q=\x22x\x22 HTTP/1.1" 200 612 "https://www.example.com/?a=\"b\"" "Mozilla/5.0 (X11; \"Linux\")")~"};
  static constexpr std::array<words, 4> odd_json = {R"(\u0016\u0003\u0001\u0002\u0000\u0001\u0000)", "", R"(GET /say\"hi\" HTTP/1.1)", "GET /caf\xC3\xA9 HTTP/1.1"};
  static constexpr std::array<words, 4> no_log_lines = {
      "this is no log line ", "203.0.113.7 - - [10/Jan/2026:10:00:00 +0000] \"GET /cut ", "\x01\x02\xff\xfe not text ",
      "2026/01/10 10:00:00 [error] 7#7: connect() failed, client: 203.0.113.9 "};

  log_kind kind_;
  random_source random_;
  std::vector<std::string> addresses_ = pool(200000, [&](std::size_t place) { return is_in_share(place, 15) ? ipv6(random_) : ipv4(random_); });
  std::vector<std::string> agents_ = pool(3000, [&](std::size_t) { return agent(random_); });
  std::vector<std::string> targets_ = pool(20000, [&](std::size_t place) { return path(random_) + (is_in_share(place, 27) ? query(random_) : ""); });
  std::vector<std::string> referrers_ = pool(8000, [&](std::size_t place) { return referrer(random_, place); });
  std::vector<std::string> users_ = pool(500, [&](std::size_t) { return user(random_); });
  zipf client_{200000, 0.9}, software_{3000, 1}, request_{20000, 0.9}, source_{8000, 0.9};
  clock_text clock_{kind_ == log_kind::nginx_json};
  sink out_;
};

struct log_size {
  std::uint64_t bytes = 0, lines = 0;  // whichever is not 0 ends the log
};

// Both 0: not a size.
log_size size_of(const char* text) {
  char* unit = nullptr;
  const std::uint64_t number = std::strtoull(text, &unit, 10);
  const words name = unit;
  if (name.empty() || name == "MB") return {number * 1000000, 0};
  if (name == "GB") return {number * 1000000000, 0};
  if (name == "GiB") return {number << 30, 0};
  return {0, name == "lines" ? number : 0};
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr std::array<words, 4> kinds = {"combined", "nginx_main", "vhost_combined", "nginx_json"};
  const log_size wanted = argc > 1 ? size_of(argv[1]) : log_size{};
  std::size_t kind = 0;
  while (argc > 3 && kind < kinds.size() && kinds[kind] != argv[3]) ++kind;
  if (argc > 4 || kind == kinds.size() || wanted.bytes + wanted.lines == 0)
    return std::fputs("usage: make_log SIZE [SEED [combined|nginx_main|vhost_combined|nginx_json]]\n"
                      "SIZE: 500 or 500MB, 2GB, 100GiB, 1000000lines\n", stderr), 2;
#ifdef F_SETPIPE_SZ
  (void)::fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 1 << 20);  // fewer switches between the programs; no pipe: no matter
#endif
  log_writer log(static_cast<log_kind>(kind), argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  for (std::uint64_t line = 0; wanted.lines != 0 ? line < wanted.lines : log.bytes() < wanted.bytes; ++line) log.write_line(line);
  log.flush();
  return 0;
}
