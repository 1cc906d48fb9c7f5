// bench/pipeline_bench.cpp: megabytes per second of whole lines through a stream, memory to memory, by format and preset.
//
//   build/release/bench/pipeline_bench LOG [OPTIONS OF Google Benchmark...]
//
// LOG is a combined log, such as make_log writes; only its first 32 MB are used.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <anonlog.hpp>

namespace {

using namespace anonlog;

std::string read_log(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(32'000'000, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  text.resize(text.rfind('\n') + 1);
  return text;
}

void measure(benchmark::State& state, const std::string& log, const std::string& format, const std::string& settings) {
  plan_options options;
  options.format = format;
  options.rules = parse_policy(settings, "bench").value();
  const auto rules = plan::make(std::move(options)).value();
  stream lines(rules);
  constexpr std::size_t block_bytes = std::size_t{1} << 18;
  std::vector<char> room(block_bytes + rules->output_bound(rules->longest_line()));
  for (auto unused : state) {
    for (std::size_t from = 0; from < log.size(); from += block_bytes) {
      input_buffer in{log.data() + from, std::min(block_bytes, log.size() - from)};
      output_buffer out{room.data(), room.size()};
      while (lines.feed(in, out) == stream_status::need_room) out.pos = 0;
    }
  }
  const report counts = lines.counts();
  state.SetBytesProcessed(static_cast<std::int64_t>(counts.bytes_in));
  state.counters["per_line"] = benchmark::Counter(static_cast<double>(counts.lines_in),
                                                 benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["rejected"] = static_cast<double>(counts.lines_rejected()) / static_cast<double>(counts.lines_in);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fputs("usage: pipeline_bench LOG [OPTIONS]\n", stderr), 2;
  const std::string log = read_log(argv[1]);
  if (log.empty()) return std::fputs("pipeline_bench: no lines in this log\n", stderr), 1;
  std::swap(argv[1], argv[0]);
  argv += 1;
  argc -= 1;
  benchmark::Initialize(&argc, argv);
  for (const char* format : {"auto", "combined"})
    for (const char* preset : {"balanced", "strict", "tor"})
      benchmark::RegisterBenchmark((std::string(format) + "/" + preset).c_str(), measure, log, format,
                                   "preset = \"" + std::string(preset) + "\"");
  benchmark::RegisterBenchmark("combined/address-tokens", measure, log, "combined", "[ip]\nmode = \"token\"");
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
