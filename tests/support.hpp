// tests/support.hpp: one value through one transform, as the stream would call it, with keys that are always the same.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <anonlog/core/outcome.hpp>
#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/transform/scope.hpp>

namespace anonlog::testing {

// SPEC 3.3.6: the era secret 00 01 .. 1f, 2026-01-15T12:00:00Z, epochs of a day, no recipient.
const epoch_keys& test_keys();

struct transformed {
  std::string text;
  anonlog::outcome outcome;
  tally counts;
};

template <class Transform>
transformed run(const Transform& transform, std::string_view in, const epoch_keys* keys = &test_keys(),
                std::int32_t zone_seconds = 0) {
  scratch memory(16 * in.size() + 4096);
  transformed result{};
  const std::size_t room = 16 * in.size() + 128;
  const auto buffer = std::make_unique<char[]>(room);
  writer out(buffer.get(), room);
  scope s{.keys = keys, .zone_seconds = zone_seconds, .keyring_given = true, .memory = memory, .counts = result.counts};
  result.outcome = transform.apply(raw(in), s, out);
  result.text = out.overflowed() ? "OVERFLOWED" : std::string(out.text());
  return result;
}

inline const epoch_keys& test_keys() {
  static const epoch_keys keys = [] {
    unsigned char era_secret[32];
    for (unsigned i = 0; i < 32; ++i) era_secret[i] = static_cast<unsigned char>(i);
    return derive_epoch_keys(era_secret, /*recipient=*/"", /*epoch_seconds=*/86400, /*epoch_number=*/20468);
  }();
  return keys;
}

}  // namespace anonlog::testing
