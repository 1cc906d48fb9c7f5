// parts.hpp: long columns in parts, a thread for each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

namespace anonlog::python {

// As many as pay for a column of so many rows.
inline std::size_t threads_for(std::int64_t rows) {
  constexpr std::int64_t worthy_rows = 1 << 17;  // for each thread
  constexpr std::int64_t most = 8;
  const auto processors = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
  return static_cast<std::size_t>(std::clamp<std::int64_t>(rows / worthy_rows, 1, std::min(most, processors)));
}

// Calls work(0) to work(count - 1), and throws what the first of them threw that did.
template <class Work>
void run_parts(std::size_t count, Work work) {
  std::vector<std::exception_ptr> faults(count);
  const auto run = [&](std::size_t i) noexcept {
    try {
      work(i);
    } catch (...) {
      faults[i] = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  others.reserve(count);
  for (std::size_t i = 1; i < count; ++i) {
    try {
      others.emplace_back(run, i);
    } catch (const std::exception&) {
      run(i);  // no thread to be had
    }
  }
  run(0);
  for (std::thread& other : others) other.join();
  for (const std::exception_ptr& fault : faults)
    if (fault) std::rethrow_exception(fault);
}

}  // namespace anonlog::python
