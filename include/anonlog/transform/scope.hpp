// transform/scope.hpp: what surrounds a value while it is transformed: the keys of its record, its zone, memory.
#pragma once

#include <cstdint>

#include <anonlog/core/scratch.hpp>
#include <anonlog/core/tally.hpp>
#include <anonlog/crypto/epoch_keys.hpp>
#include <anonlog/simd/copy_words.hpp>
#include <anonlog/simd/text_map.hpp>

namespace anonlog {

// Lives as long as one record; belongs to one thread.
struct scope {
  const epoch_keys* keys = nullptr;  // of the record's epoch; nullptr: no era covers its time, keyed values are "-"
  std::int32_t zone_seconds = 0;     // east of UTC: the record's own zone, else the policy's (SPEC 3.5)
  bool keyring_given = false;        // false: ephemeral keys (a static obfuscated node is then "unknown", SPEC 3.2.1)
  scratch& memory;
  tally& counts;
  text_map_function map_text = text_map_function_of(kernel::scalar);  // of the kernel in use, as the next
  copy_words_function copy_words = copy_words_function_of(kernel::scalar);
};

}  // namespace anonlog
