// bench/blake2b_bench.cpp: nanoseconds per message of keyed BLAKE2b-128, one at a time with libsodium and in batches.
//
//   build/release/bench/blake2b_bench
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include <anonlog/crypto/blake2b_batch.hpp>
#include <anonlog/crypto/keyed_hash.hpp>

namespace {

using namespace anonlog;

constexpr std::size_t batch_messages = 64;

const epoch_keys& keys() {
  static constexpr unsigned char era_secret[32] = {1};
  static const epoch_keys derived = derive_epoch_keys(era_secret, "", 86400, 20468);
  return derived;
}

std::vector<std::string> texts(std::size_t bytes) {
  std::vector<std::string> made;
  for (std::size_t i = 0; i < batch_messages; ++i) made.push_back(std::string(bytes, static_cast<char>('0' + i)));
  return made;
}

void report(benchmark::State& state, std::size_t messages_per_iteration) {
  const auto messages = static_cast<double>(state.iterations()) * static_cast<double>(messages_per_iteration);
  state.counters["per_message"] =
      benchmark::Counter(messages, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void one_by_one(benchmark::State& state, std::size_t bytes) {
  const std::vector<std::string> of = texts(bytes);
  hash128 hash;
  for (auto unused : state)
    for (const std::string& text : of) {
      keyed_hash hasher(keys(), class_id::ip);
      hasher.add(std::string_view(text));
      benchmark::DoNotOptimize(hash = hasher.finish());
    }
  report(state, of.size());
}

void fill(std::vector<hash_message>& messages, const std::vector<std::string>& of) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    messages[i].begin(keys().state_of(class_id::ip));
    messages[i].add(std::string_view(of[i]));
  }
}

// Filled: with the copying of the messages into their slots.
enum class slots { ready, filled };

void in_batches(benchmark::State& state, std::size_t bytes, kernel k, std::size_t count, slots s) {
  const std::vector<std::string> of = texts(bytes);
  const hash_messages_function hash_messages = hash_messages_of(k);
  std::vector<hash_message> messages(count);
  std::vector<hash128> hashes(count);
  fill(messages, of);
  for (auto unused : state) {
    if (s == slots::filled) fill(messages, of);
    hash_messages(messages.data(), count, hashes.data());
    benchmark::DoNotOptimize(hashes.data());
    benchmark::ClobberMemory();
  }
  report(state, count);
}

void make_key_state(benchmark::State& state) {
  static constexpr unsigned char key[32] = {1};
  for (auto unused : state) {
    blake2b_key_state made(key);
    benchmark::DoNotOptimize(&made);
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const std::size_t bytes : {6U, 18U, 64U, 128U}) {
    const std::string size = std::to_string(bytes) + "_bytes";
    benchmark::RegisterBenchmark(("libsodium/" + size).c_str(), one_by_one, bytes);
    for (const kernel k : {kernel::scalar, kernel::avx2, kernel::avx512, kernel::neon}) {
      if (!is_supported(k)) continue;
      const std::string name = std::string(to_text(k)) + "/" + size;
      benchmark::RegisterBenchmark((name + "/in_64s").c_str(), in_batches, bytes, k, batch_messages, slots::ready);
      if (bytes > 18) continue;
      benchmark::RegisterBenchmark((name + "/in_64s/filled").c_str(), in_batches, bytes, k, batch_messages,
                                   slots::filled);
      benchmark::RegisterBenchmark((name + "/alone").c_str(), in_batches, bytes, k, std::size_t{1}, slots::ready);
    }
  }
  benchmark::RegisterBenchmark("key_state", make_key_state);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
