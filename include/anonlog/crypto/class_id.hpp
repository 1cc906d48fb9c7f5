// crypto/class_id.hpp: the number of each class of pseudonyms in the key hierarchy.
//
// A class has a key of its own, so the same text in two classes gives unrelated tokens. Source: SPEC 3.3.1. The
// numbers are part of every token ever written: none may change, none may be used again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace anonlog {

enum class class_id : std::uint64_t {
  ip = 1,
  host = 2,
  user = 3,
  email = 4,
  session = 5,
  visitor = 6,
  value = 7,
  segment = 8,
  ua = 9,
  order = 10,
  shift = 11,
  suppress = 13,
  ipcrypt_det = 32,
  ipcrypt_pfx = 33,
  nd = 34,
  ndx = 35,
};

// The classes whose keys are derived for each epoch: those that something of this version uses.
inline constexpr std::array<class_id, 8> classes_in_use = {
    class_id::ip,      class_id::host,    class_id::user,  class_id::email,
    class_id::session, class_id::visitor, class_id::value, class_id::suppress,
};

// The place of a class in that list; its size for a class that is not in use.
constexpr std::size_t place_of(class_id c) noexcept {
  for (std::size_t i = 0; i < classes_in_use.size(); ++i)
    if (classes_in_use[i] == c) return i;
  return classes_in_use.size();
}

}  // namespace anonlog
