// speed_bench.cpp: bytes a second from memory to memory, beside memcpy in the same run, and the latency of single lines.
//
//   speed_bench KEYRING ROUNDS combined=FILE [nginx_main=FILE] [vhost_combined=FILE] [nginx_json=FILE] [hostile=FILE]
//               [only=PART OF A NAME]
//
// First every row's output is compared, block by block, with that of the exact path; then each round runs every row once,
// so that a disturbance hits all alike. A row is LOG/POLICY/KERNEL/THREADS. Streams are new for every run, made before
// the clock starts; each block of 256 KiB is written where the one before was, in rows that end in /full behind it. Writes JSON to standard output; bench/speed.py makes the table.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <numeric>

#include "bench_streams.hpp"

namespace {

using namespace anonlog;
using namespace anonlog::bench;

constexpr std::size_t gibibyte = std::size_t{1} << 30, block_room = std::size_t{1} << 25;

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct row {
  std::string name;
  std::size_t bytes = 0, lines = 0;
  std::function<void()> prepare, work;
  std::vector<double> seconds;
};

struct latency_row {
  static constexpr double limits_us[] = {0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 1e9};
  std::string name;
  std::shared_ptr<const plan> rules;
  std::unique_ptr<stream> lines;
  std::size_t at = 0;  // in the log
  std::vector<double> p50, p99, p999;
  std::array<std::size_t, std::size(limits_us)> histogram{};
};

std::string read_log(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::string text(static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0)), '\0');
  file.seekg(0);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file || text.empty()) std::exit((std::fprintf(stderr, "speed_bench: cannot read %s\n", path.c_str()), 1));
  return text;
}

// As a log shipper does it: one line, already in the cache, to a warm stream. What reading the clock costs is taken off.
void measure_latency(latency_row& row, std::string_view log, std::size_t count, char* room) {
  using clock = std::chrono::steady_clock;
  const auto nanoseconds = [](clock::duration d) { return std::chrono::duration<double, std::nano>(d).count(); };
  std::vector<double> taken(count);
  for (double& one : taken) {
    const auto begin = clock::now();
    one = nanoseconds(clock::now() - begin);
  }
  std::nth_element(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(count / 2), taken.end());
  const double cost_of_clock = taken[count / 2];

  std::vector<char> line(std::size_t{1} << 17);
  for (double& one : taken) {
    if (row.at == log.size()) row.at = 0;
    const std::size_t bytes = std::min(std::min(log.find('\n', row.at) + 1 - row.at, log.size() - row.at), line.size());
    std::memcpy(line.data(), log.data() + row.at, bytes);
    row.at += bytes;
    input_buffer in{line.data(), bytes};
    output_buffer out{room, block_room};
    const auto begin = clock::now();
    row.lines->feed(in, out);
    one = std::max(0.0, nanoseconds(clock::now() - begin) - cost_of_clock) / 1000;
  }
  std::sort(taken.begin(), taken.end());
  for (const auto& [part, list] : {std::pair{0.5, &row.p50}, {0.99, &row.p99}, {0.999, &row.p999}})
    list->push_back(taken[static_cast<std::size_t>(part * static_cast<double>(count))]);
  for (const double one : taken)
    ++row.histogram[static_cast<std::size_t>(std::lower_bound(std::begin(row.limits_us), std::end(row.limits_us), one) - row.limits_us)];
}

class bench_run {
 public:
  bench_run(std::shared_ptr<const keyring> keys, std::map<std::string, std::string> logs, std::string only)
      : keys_(std::move(keys)), logs_(std::move(logs)), only_(std::move(only)), source_(gibibyte) {
    std::size_t largest = gibibyte;
    for (const auto& [name, log] : logs_) largest = std::max(largest, log.size());
    room_.resize(largest + 2 * block_room);
  }

  void plan_rows() {
    add_copy("memcpy", [this] { std::memcpy(room_.data(), source_.data(), gibibyte); });
    add_copy("memcpy/2 threads", [this] {
      std::thread other([this] { std::memcpy(room_.data(), source_.data(), gibibyte / 2); });
      std::memcpy(room_.data() + gibibyte / 2, source_.data() + gibibyte / 2, gibibyte / 2);
      other.join();
    });
    add_copy("memcpy/hot", [this] {
      for (std::size_t at = 0; at < gibibyte; at += block_bytes) std::memcpy(room_.data(), source_.data() + at, block_bytes);
    });
    const std::vector<std::string> kernels = runnable_kernels();
    for (const char* policy : {"balanced", "plain", "token"})
      for (const std::string& kernel : kernels) add("combined", "combined", policy, kernel, "");
    add("combined", "combined", "balanced", kernels[0], "/full");
    add("combined", "auto", "balanced", kernels[0], "/auto");
    for (const char* log : {"nginx_main", "vhost_combined"}) add(log, log, "balanced", kernels[0], "");
    for (const char* policy : {"balanced", "token"})
      for (const std::string& kernel : kernels) add("nginx_json", "json", policy, kernel, "");
    for (const std::string& kernel : kernels) add("hostile", "combined", "balanced", kernel, "");
    for (const std::string& kernel : kernels) {
      const std::string name = "one line/balanced/" + kernel;
      if (logs_.contains("combined") && name.find(only_) != name.npos)
        latencies_.push_back({name, make_plan("combined", "balanced", kernel, keys_), nullptr, 0, {}, {}, {}, {}});
    }
  }

  // Every row against the exact path, block by block.
  bool check() {
    std::map<std::string, digests> exact;
    for (const checked_row& checked : checked_) {
      const std::string& log = logs_[checked.log];
      digests& right = exact[checked.log + "/" + checked.format + "/" + checked.policy];
      if (right.empty()) {
        right.resize(block_count(log));
        stream lines(make_plan(checked.format, checked.policy, "scalar", keys_));
        for (std::size_t block = 0; block < right.size(); ++block) {
          output_buffer out{room_.data(), block_room};
          feed_exactly(lines, lines_of_block(log, block), out, [] { std::abort(); });
          right[block] = std::hash<std::string_view>{}({out.data, out.pos});
        }
      }
      digests seen(right.size());
      run_streams(log, make_streams(checked.rules, checked.threads), room_.data(), block_room, placing::reused, &seen);
      if (seen == right) continue;
      std::fprintf(stderr, "speed_bench: %s writes something else than the exact path\n", checked.name.c_str());
      return false;
    }
    std::fprintf(stderr, "speed_bench: %zu rows write what the exact path writes\n", checked_.size());
    return true;
  }

  void measure(int rounds) {
    constexpr std::size_t lines_a_round = 200000;
    for (latency_row& one : latencies_) {
      one.lines = std::make_unique<stream>(one.rules);
      measure_latency(one, logs_["combined"], lines_a_round, room_.data());
      one = {one.name, one.rules, std::move(one.lines), one.at, {}, {}, {}, {}};  // that was to make it warm
    }
    for (int round = 1; round <= rounds; ++round) {
      std::fprintf(stderr, "speed_bench: round %d of %d\n", round, rounds);
      for (row& one : rows_) {
        one.prepare();
        one.seconds.push_back(seconds_of(one.work));
      }
      for (latency_row& one : latencies_) measure_latency(one, logs_["combined"], lines_a_round, room_.data());
    }
  }

  void print() const {
    const auto list = [](const auto& numbers) {
      std::string out;
      for (const auto number : numbers) {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, "%s%.9g", out.empty() ? "" : ",", static_cast<double>(number));
        out += buffer;
      }
      return "[" + out + "]";
    };
    std::printf("{\"best\":\"%s\",\"rows\":[", runnable_kernels()[0].c_str());
    for (const row& one : rows_)
      std::printf("%s\n{\"name\":\"%s\",\"bytes\":%zu,\"lines\":%zu,\"seconds\":%s}", &one == rows_.data() ? "" : ",", one.name.c_str(), one.bytes,
                  one.lines, list(one.seconds).c_str());
    std::printf("],\n\"latencies\":[");
    for (const latency_row& one : latencies_)
      std::printf("%s\n{\"name\":\"%s\",\"p50\":%s,\"p99\":%s,\"p99.9\":%s,\"limits\":%s,\"histogram\":%s}", &one == latencies_.data() ? "" : ",",
                  one.name.c_str(), list(one.p50).c_str(), list(one.p99).c_str(), list(one.p999).c_str(), list(one.limits_us).c_str(),
                  list(one.histogram).c_str());
    std::printf("]}\n");
  }

 private:
  struct checked_row {
    std::string name, log, format, policy;
    std::shared_ptr<const plan> rules;
    std::size_t threads;
  };

  void add_copy(const char* name, std::function<void()> work) { rows_.push_back({name, gibibyte, 0, [] {}, std::move(work), {}}); }

  // With one thread and, where there are processors, with two.
  void add(const std::string& log_name, const char* format, const char* policy, const std::string& kernel, const char* suffix) {
    if (!logs_.contains(log_name)) return;
    const std::string& log = logs_[log_name];
    const auto rules = make_plan(format, policy, kernel, keys_);
    for (std::size_t threads = 1; threads <= std::min(2U, std::thread::hardware_concurrency()); ++threads) {
      const std::string name = log_name + "/" + policy + "/" + kernel + "/" + std::to_string(threads) + suffix;
      if (name.find(only_) == name.npos) continue;
      checked_.push_back({name, log_name, format, policy, rules, threads});
      const placing where = std::string_view(suffix) == "/full" ? placing::behind : placing::reused;
      const std::size_t room = where == placing::behind ? log.size() / threads + block_room : block_room;
      rows_.push_back({name, log.size(), static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n')),
                       [this, rules, threads] { streams_ = make_streams(rules, threads); },
                       [this, &log, room, where] { run_streams(log, streams_, room_.data(), room, where); }, {}});
    }
  }

  std::shared_ptr<const keyring> keys_;
  std::map<std::string, std::string> logs_;
  std::string only_;
  std::vector<char> source_, room_;
  std::vector<row> rows_;
  std::vector<checked_row> checked_;
  std::vector<latency_row> latencies_;
  std::vector<std::unique_ptr<stream>> streams_;
};

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 0;
  std::map<std::string, std::string> logs;
  std::string only;
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i], name = word.substr(0, word.find('=')), value = word.substr(std::min(word.size(), name.size() + 1));
    if (name == "only") only = value;
    else logs[name] = read_log(value);
  }
  if (rounds < 1 || logs.empty())
    return std::fputs("usage: speed_bench KEYRING ROUNDS combined=FILE [nginx_main=FILE] [vhost_combined=FILE] [nginx_json=FILE] [hostile=FILE] [only=PART]\n", stderr), 2;
  result<keyring> keys = read_keyring_file(argv[1]);
  if (!keys) return std::fprintf(stderr, "speed_bench: %s\n", keys.error().message.c_str()), 2;
  bench_run run(std::make_shared<const keyring>(std::move(*keys)), std::move(logs), only);
  run.plan_rows();
  if (!run.check()) return 1;
  run.measure(rounds);
  run.print();
  return 0;
}
