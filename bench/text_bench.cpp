// text_bench.cpp: bytes a second of free text (class `text`), beside memcpy in the same run.
//
//   build/release/bench/text_bench [ROUNDS [LOG]]
//
// Messages of 8 KiB made of common words; in `crowded` ones every fifth word names somebody, in `dense` ones every 43rd (a word in
// 28 of 100 lines of twelve words), in `few` ones every two-hundredth, in `none` ones no word. Seeded. 64 MiB of them, as of
// memory that nobody touched before; and half a MiB again and again (`near`), as of the blocks that a stream reads. LOG: its
// lines, too, each a value, over and over. Medians of interleaved rounds (9); R is memcpy of 1 GiB.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <anonlog.hpp>

namespace {

using namespace anonlog;

double seconds_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::vector<std::string> messages(unsigned words_between, std::size_t bytes) {
  constexpr const char* words[] = {"connection", "refused", "while", "connecting", "to", "upstream", "the", "server", "returned", "an", "invalid", "header",
                                   "and", "then", "closed", "prematurely", "socket", "worker", "process", "exited", "on", "signal", "(see", "manual)"};
  std::mt19937 random(1);
  const auto number = [&](unsigned below) { return std::to_string(random() % below); };
  std::vector<std::string> made;
  for (std::size_t total = 0; total < bytes; total += made.back().size()) {
    std::string text;
    for (unsigned count = 1; text.size() < 8192; ++count) {
      text += words[random() % std::size(words)];
      text += ' ';
      if (words_between == 0 || count % words_between != 0) continue;
      switch (random() % 4) {
        case 0: text += "203.0.113." + number(256); break;
        case 1: text += "user" + number(1000) + "@example.com"; break;
        case 2: text += "2001:db8::" + number(9999); break;
        default: text += "id=" + number(100000000);
      }
      text += ' ';
    }
    made.push_back(std::move(text));
  }
  return made;
}

std::vector<std::string> lines_of(const char* path, std::size_t bytes) {
  std::ifstream file(path);
  std::vector<std::string> lines, made;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) std::exit((std::fprintf(stderr, "text_bench: no lines in the log\n"), 2));
  for (std::size_t total = 0; total < bytes; total += made.back().size() + 1) made.push_back(lines[made.size() % lines.size()]);
  return made;
}

double median(std::vector<double> of) {
  std::nth_element(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2), of.end());
  return of[of.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 9;
  constexpr std::size_t gibibyte = std::size_t{1} << 30, text_bytes = std::size_t{64} << 20;
  const std::shared_ptr<const plan> rules = plan::make({}).value();
  stream lines(rules);
  std::vector<char> room(rules->value_bound(std::size_t{1} << 16)), from(gibibyte, 1), to(gibibyte, 2);
  struct row {
    std::string name;
    std::vector<std::string> texts;
    std::size_t times = 1;
    std::vector<double> rates = {};
  };
  std::vector<row> rows;
  constexpr std::size_t near = 128;  // times as few bytes, as often
  for (const auto& [name, words_between] : {std::pair("crowded", 5u), std::pair("dense", 43u), std::pair("few", 200u), std::pair("none", 0u)}) {
    rows.push_back({name, messages(words_between, text_bytes)});
    rows.push_back({std::string(name) + ", near", messages(words_between, text_bytes / near), near});
  }
  if (argc > 2) rows.push_back({"log", lines_of(argv[2], text_bytes)});
  std::vector<double> copies;
  for (int round = 0; round < rounds; ++round) {
    copies.push_back(gibibyte / seconds_of([&] { std::memcpy(to.data(), from.data(), gibibyte); }));
    for (row& r : rows) {
      std::size_t bytes = 0;
      const double seconds = seconds_of([&] {
        for (std::size_t time = 0; time < r.times; ++time) {
          for (const std::string& text : r.texts) {
            output_buffer out{room.data(), room.size()};
            if (!lines.value(field_class::text, raw(text), 0, out)) std::abort();
            bytes += text.size();
          }
        }
      });
      r.rates.push_back(static_cast<double>(bytes) / seconds);
    }
  }
  const double copy = median(copies);
  std::printf("memcpy %.2f GB/s\n", copy / 1e9);
  for (const row& r : rows) std::printf("%-13s  %.3f GB/s  %.3f R\n", r.name.c_str(), median(r.rates) / 1e9, median(r.rates) / copy);
  return 0;
}
