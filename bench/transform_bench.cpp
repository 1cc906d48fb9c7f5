// bench/transform_bench.cpp: nanoseconds per value, for each transform over its own examples, with default options.
//
//   build/release/bench/transform_bench
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include <anonlog/transform/all.hpp>

namespace {

using namespace anonlog;

template <class Transform>
void measure(benchmark::State& state) {
  const Transform transform;
  static constexpr unsigned char era_secret[32] = {1};
  const epoch_keys keys = derive_epoch_keys(era_secret, "", 86400, 20468);
  scratch memory(1 << 16);
  tally counts;
  std::vector<char> room(1 << 16);
  scope around{.keys = &keys, .keyring_given = true, .memory = memory, .counts = counts};
  std::int64_t values = 0;
  for (auto unused : state) {
    for (const example& shown : Transform::examples) {
      writer out(room.data(), room.size());
      benchmark::DoNotOptimize(transform.apply(raw(shown.in), around, out));
      benchmark::ClobberMemory();
    }
    values += static_cast<std::int64_t>(std::size(Transform::examples));
  }
  state.SetItemsProcessed(values);
  state.counters["per_value"] = benchmark::Counter(static_cast<double>(values),
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

template <class... Transforms>
void register_all(std::tuple<Transforms...>*) {
  (benchmark::RegisterBenchmark(std::string(Transforms::name).c_str(), measure<Transforms>), ...);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  register_all(static_cast<all_transforms*>(nullptr));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
