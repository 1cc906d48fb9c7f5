// crypto/digest.hpp: unkeyed BLAKE2b-128, for the fingerprint of a policy. Never for a value of a log (SPEC 3.11).
#pragma once

#include <sodium.h>

#include <string>
#include <string_view>

#include <anonlog/core/ascii.hpp>

namespace anonlog {

// 32 lower-case hexadecimal digits.
inline std::string digest128_hex(std::string_view text) {
  unsigned char bytes[16];
  crypto_generichash(bytes, sizeof bytes, reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  std::string hex;
  for (unsigned char byte : bytes) {
    hex += lower_hex_digits[byte >> 4];
    hex += lower_hex_digits[byte & 15];
  }
  return hex;
}

}  // namespace anonlog
