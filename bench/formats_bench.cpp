// formats_bench.cpp: the speed of every named format, from memory to memory, beside memcpy and combined in the same run.
//
//   formats_bench [ROUNDS [PART OF A NAME]]      writes a table to standard output; bench/results/formats.txt is one
//
// A log of each format is its sample, line after line, in which the address, the user, the target, the referrer and the
// agent are drawn from the pools of make_log, and the second moves on once in 40 lines. Rows run in turns; the median counts.
// Policy balanced, one thread, the best kernel.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>

#include "bench_streams.hpp"
#include "log_parts.hpp"

namespace {

using namespace anonlog;
using namespace anonlog::bench;

constexpr std::size_t log_bytes = 24'000'000;

class line_maker {
 public:
  // A header stands once, above all lines; `delimiter`: what no value may hold, for nobody quotes it here.
  std::string log_of(std::string_view sample, std::size_t header_bytes, char delimiter) {
    std::string log(sample.substr(0, header_bytes));
    for (std::size_t line = 0; log.size() < log_bytes; ++line) {
      std::string text(sample.substr(header_bytes));
      replace(text, {"203.0.113.77", "203.0.113.195"}, addresses_[client_(random_)], delimiter);
      replace(text, {"/users/4711?token=s3cret", "/users/4711/mail?token=s3cret", "/users/4711", "/a?b=c", "/people/4711", "/a "}, targets_[request_(random_)], delimiter);
      replace(text, {"https://example.com/reset?u=ada", "https://www.example.com/reset?u=ada", "https://example.com/"}, referrers_[source_(random_)], delimiter);
      replace(text, {"curl/8.5.0", "curl/8"}, agents_[software_(random_)], delimiter);
      const char second[] = {':', '3', static_cast<char>('0' + line / 40 % 10), '\0'};
      replace(text, {":36"}, second, delimiter);
      log += text + '\n';
    }
    return log;
  }

 private:
  // The first of these that stands in the text; a blank at its end stays.
  static void replace(std::string& text, std::initializer_list<std::string_view> wanted, std::string by, char delimiter) {
    std::replace(by.begin(), by.end(), delimiter, ';');
    for (std::string_view one : wanted) {
      const std::size_t found = text.find(one);
      if (found == std::string::npos) continue;
      text.replace(found, one.size() - (one.back() == ' ' ? 1 : 0), by);
      return;
    }
  }

  make_log::random_source random_{1};
  std::vector<std::string> addresses_ = make_log::pool(200000, [&](std::size_t place) { return make_log::is_in_share(place, 15) ? make_log::ipv6(random_) : make_log::ipv4(random_); });
  std::vector<std::string> agents_ = make_log::pool(3000, [&](std::size_t) { return make_log::agent(random_); });
  std::vector<std::string> targets_ = make_log::pool(20000, [&](std::size_t place) { return make_log::path(random_) + (make_log::is_in_share(place, 27) ? make_log::query(random_) : ""); });
  std::vector<std::string> referrers_ = make_log::pool(8000, [&](std::size_t place) { return make_log::referrer(random_, place); });
  make_log::zipf client_{200000, 0.9}, software_{3000, 1}, request_{20000, 0.9}, source_{8000, 0.9};
};

struct row {
  std::string name, format, log;
  std::size_t lines = 0;
  std::uint64_t rejected = 0;
  std::shared_ptr<const plan> rules;
  std::vector<double> seconds;
};

// Of this thread: others that take turns with it do not count.
double seconds_of(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double begin = now();
  work();
  return now() - begin;
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

// Free text whose every line holds an address, and free text of which one line in 50 does.
constexpr std::string_view quiet_text = "2025/10/10 13:55:36 [notice] 22160#22161: signal process started, worker process 22162 exited with code 0 after 512 requests";

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  const std::string_view only = argc > 2 ? argv[2] : "";
  if (rounds < 1) return std::fputs("usage: formats_bench [ROUNDS [PART OF A NAME]]\n", stderr), 2;
  line_maker make;
  std::vector<row> rows;
  const auto add = [&](std::string_view name, std::string_view format, std::string_view sample, std::size_t header_bytes = 0) {
    const bool is_wanted = name == "combined" || name.find(only) != name.npos;
    const bool is_new = rows.empty() || rows.back().name != name;  // patterns of one name stand together
    if (is_wanted && is_new) rows.push_back({std::string(name), std::string(format), make.log_of(sample, header_bytes, name == "csv" ? ',' : '\t'), 0, 0, make_plan(format, "balanced", "", nullptr), {}});
  };
  for (const log_format& known : known_formats) add(known.name, known.name, known.sample);
  for (const keyed_format& known : keyed_formats) add(known.name, known.name, known.sample, known.sample.find('\n') + 1);
  for (const keyed_format& known : {headed_format, error_log_format}) add(known.name, known.name, known.sample);
  std::string mixed;
  for (int i = 0; i < 49; ++i) mixed += std::string(quiet_text) + '\n';
  add("error_log, few matches", "error_log", mixed + std::string(error_log_format.sample));

  std::vector<char> room(std::size_t{1} << 25), source(std::size_t{1} << 30), target(std::size_t{1} << 30);
  std::vector<double> copied;
  for (int round = 0; round < rounds; ++round) {
    copied.push_back(seconds_of([&] { std::memcpy(target.data(), source.data(), source.size()); }));
    for (row& one : rows) {
      const auto streams = make_streams(one.rules, 1);
      one.seconds.push_back(seconds_of([&] { run_streams(one.log, streams, room.data(), room.size(), placing::reused); }));
      const report counts = streams[0]->counts();
      one.lines = counts.lines_in;
      one.rejected = counts.lines_rejected();
    }
  }
  const double copy = static_cast<double>(source.size()) / median(copied);
  const auto speed_of = [](const row& one) { return static_cast<double>(one.log.size()) / median(one.seconds); };
  const auto [least, most] = std::minmax_element(copied.begin(), copied.end());
  std::printf("policy balanced, one thread, kernel %s, median of %d rounds; memcpy of 1 GiB: %.0f MB/s (%.0f to %.0f)\n\n", runnable_kernels()[0].c_str(), rounds,
              copy / 1e6, static_cast<double>(source.size()) / *most / 1e6, static_cast<double>(source.size()) / *least / 1e6);
  std::printf("%-26s%10s%8s%10s%13s%13s%10s\n", "format", "bytes/line", "MB/s", "ns/line", "of memcpy", "of combined", "rejected");
  const auto combined = std::find_if(rows.begin(), rows.end(), [](const row& one) { return one.name == "combined"; });
  for (const row& one : rows)
    std::printf("%-26s%10.0f%8.0f%10.0f%13.3f%13.2f%9.1f%%\n", one.name.c_str(), static_cast<double>(one.log.size()) / static_cast<double>(one.lines), speed_of(one) / 1e6,
                median(one.seconds) / static_cast<double>(one.lines) * 1e9, speed_of(one) / copy, speed_of(one) / speed_of(*combined),
                100.0 * static_cast<double>(one.rejected) / static_cast<double>(one.lines));
  return 0;
}
