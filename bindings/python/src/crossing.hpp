// crossing.hpp: bytes, and structures of Arrow, between Python and C++.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "arrow_text.hpp"

namespace nb = nanobind;

namespace anonlog::python {

// The bytes of an object with a buffer, as long as this lives.
class bytes_of {
 public:
  explicit bytes_of(nb::handle given) {
    if (PyObject_GetBuffer(given.ptr(), &view_, PyBUF_SIMPLE) != 0) throw nb::python_error();
  }
  bytes_of(const bytes_of&) = delete;
  bytes_of& operator=(const bytes_of&) = delete;
  ~bytes_of() { PyBuffer_Release(&view_); }
  std::string_view text() const noexcept { return {static_cast<const char*>(view_.buf), static_cast<std::size_t>(view_.len)}; }

 private:
  Py_buffer view_{};
};

inline nb::bytes to_bytes(std::string_view text) { return nb::bytes(text.data(), text.size()); }

// A structure of Arrow in the capsule of its name: whoever takes it empties it, else it goes with the capsule.
template <class Structure>
nb::capsule to_capsule(arrow_owner<Structure> made, const char* name) {
  return nb::capsule(made.give(), name, [](void* given) noexcept {
    free_arrow(static_cast<Structure*>(given));
    delete static_cast<Structure*>(given);
  });
}

template <class Structure>
Structure* in_capsule(nb::handle given, const char* name) {
  void* const found = PyCapsule_GetPointer(given.ptr(), name);
  if (found == nullptr) throw nb::python_error();
  return static_cast<Structure*>(found);
}

inline nb::tuple to_capsules(schema_owner schema, array_owner array) {
  return nb::make_tuple(to_capsule(std::move(schema), "arrow_schema"), to_capsule(std::move(array), "arrow_array"));
}

inline schema_owner schema_of(const text_type& type) {
  if (type.index == 0) return make_schema(format_of(type.layout), "");
  schema_owner words = make_schema(format_of(type.layout), "");
  schema_owner made = make_schema(std::string(1, type.index), "", {}, &words);
  if (type.is_ordered) made->flags &= ~std::int64_t{1};  // what comes out has no order of its own
  return made;
}

}  // namespace anonlog::python
