// api_error.hpp: what goes wrong on the way into Python, by the exception it becomes there (anonlog/_errors.py).
#pragma once

#include <string>
#include <utility>

namespace anonlog::python {

enum class error_kind : unsigned char { policy, keyring, format, rejects, unknown_class, closed, busy, type, memory };

struct api_error {
  error_kind kind;
  std::string message;
};

}  // namespace anonlog::python
