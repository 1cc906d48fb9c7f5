// tests/crypto/hex.hpp: key bytes as the tables of SPEC 3.3.6 write them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <anonlog/core/ascii.hpp>

namespace anonlog::testing {

inline std::string hex(const unsigned char* bytes, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += lower_hex_digits[bytes[i] >> 4];
    text += lower_hex_digits[bytes[i] & 15];
  }
  return text;
}

// `first`, first + 1, ...: 32 bytes; with 0 the era secret of SPEC 3.3.6.
inline std::vector<unsigned char> counting_secret(unsigned first = 0) {
  std::vector<unsigned char> bytes;
  for (unsigned i = 0; i < 32; ++i) bytes.push_back(static_cast<unsigned char>(first + i));
  return bytes;
}

}  // namespace anonlog::testing
