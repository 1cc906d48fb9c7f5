// object_rows.hpp: texts that are objects of Python: those of lists, and of columns of pandas whose dtype is object.
//
// Python's lock is held while they are read and made, and offered to other threads now and then (object_use.hpp). A text that
// was made lately is not made again: after anonymisation few different ones are left. What holds no value stays what it is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "crossing.hpp"
#include "object_use.hpp"
#include "value_column.hpp"

namespace anonlog::python {

// Strings of Python by their text. They are kept alive by the rows that they were made for, which are in nobody else's hands
// until all are done: to let go of one that is no longer remembered would mean to fetch it from memory again.
class made_strings {
 public:
  made_strings() : slots_(std::size_t{1} << slot_bits) {}

  // A reference of the caller's, who keeps it for as long as this lives.
  PyObject* of(std::string_view text) {
    const ends_of key(text);
    slot& known = slots_[key.place()];
    if (known.object != nullptr && known.key == key && (text.size() <= 16 || is_same(known.object, text))) {
      Py_INCREF(known.object);
      return known.object;
    }
    known = {string_of(text), key};
    return known.object;
  }

 private:
  static constexpr std::size_t slot_bits = 16;

  // Its first and last eight bytes: of a short text this is all.
  struct ends_of {
    std::uint64_t first = 0, last = 0, size = 0;

    ends_of() = default;
    explicit ends_of(std::string_view text) noexcept : size(text.size()) {
      if (size >= 8) {
        std::memcpy(&first, text.data(), 8);
        std::memcpy(&last, text.data() + size - 8, 8);
      } else {
        std::memcpy(&first, text.data(), size);
      }
    }
    bool operator==(const ends_of&) const = default;
    std::size_t place() const noexcept {
      const std::uint64_t mixed = (first ^ last * 0x9E3779B97F4A7C15ULL) + size;
      return static_cast<std::size_t>((mixed ^ mixed >> 29) * 0xD6E8FEB86659FD93ULL >> (64 - slot_bits));
    }
  };
  struct slot {
    PyObject* object = nullptr;
    ends_of key;
  };

  static bool is_same(PyObject* known, std::string_view text) {
    Py_ssize_t size = 0;
    const char* const bytes = PyUnicode_AsUTF8AndSize(known, &size);
    if (bytes == nullptr) throw nb::python_error();
    return std::string_view(bytes, static_cast<std::size_t>(size)) == text;
  }

  static PyObject* string_of(std::string_view text) {
    const auto size = static_cast<Py_ssize_t>(text.size());
#ifndef Py_LIMITED_API
    if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
      PyObject* const ascii = PyUnicode_New(size, 127);
      if (ascii == nullptr) throw nb::python_error();
      if (size != 0) std::memcpy(PyUnicode_DATA(ascii), text.data(), text.size());  // the one without bytes is everybody's
      return ascii;
    }
#endif
    PyObject* const made = PyUnicode_FromStringAndSize(text.data(), size);
    if (made == nullptr) throw nb::python_error();
    return made;
  }

  std::vector<slot> slots_;
};

class object_rows {
 public:
  // `missing`: objects that stand for no value, besides None and floats that are no number.
  object_rows(object_use& use, value_worker& worker, field_class cls, std::vector<nb::object> missing)
      : use_(use), worker_(worker), cls_(cls), knows_clients_(worker.knows_clients(cls)), missing_(std::move(missing)) {}

  // What becomes of each object takes the place of what stands in `to`.
  void transform(PyObject* const* from, PyObject** to, std::size_t count) {
    for (std::size_t i = 0; i < count;) {
      const std::size_t clients = transform_clients(from + i, to + i, count - i);
      i += clients;
      if (clients != 0) use_.did_many(clients);
      if (i < count) transform_other(from[i], to[i]), ++i;
    }
  }

  // What becomes of an object.
  nb::object transform(nb::handle given) {
    nb::object made = nb::steal(made_of_object(given.ptr()));
    use_.did(std::exchange(bytes_read_, 0));
    return made;
  }

 private:
  static constexpr std::size_t most_at_once = 1024;

  // A reference of the caller's.
  PyObject* made_of_object(PyObject* given) {
    if (PyUnicode_Check(given)) return transform_text(given);
    if (given == Py_None || is_missing(given)) {
      Py_INCREF(given);
      return given;
    }
    if (PyObject_CheckBuffer(given) == 0) throw api_error{error_kind::type, "column: expects text; cast the column to a string first"};
    const bytes_of bytes(given);
    return made_of(bytes.text());
  }

  static void put(PyObject*& to, PyObject* made) {
    PyObject* const before = std::exchange(to, made);
    Py_XDECREF(before);
  }
  // Another thread may change the array; not the object that is held.
  void transform_other(PyObject* given, PyObject*& to) {
    const nb::object held = nb::borrow(given == nullptr ? Py_None : given);
    put(to, transform(held).release().ptr());
  }

  // The next rows that hold a text as long as an address: gathered, done, and made objects. Returns how many.
  std::size_t transform_clients(PyObject* const* from, PyObject** to, std::size_t count) {
    if (!knows_clients_) return 0;
    gathered_.resize(most_at_once * longest_client + client_reach);
    starts_.resize(most_at_once + 1);
    std::size_t rows = 0;
    char* end = gathered_.data();
    for (constexpr std::size_t ahead = 16; rows < std::min(count, most_at_once); ++rows) {
      if (rows + ahead < count) {
        __builtin_prefetch(from[rows + ahead]);
        __builtin_prefetch(reinterpret_cast<const char*>(from[rows + ahead]) + 48);  // its text
      }
      Py_ssize_t size = 0;
      PyObject* const item = from[rows];
      if (item == nullptr || !PyUnicode_Check(item)) break;
      const char* const text = PyUnicode_AsUTF8AndSize(item, &size);
      if (text == nullptr) PyErr_Clear();
      const auto bytes = static_cast<std::size_t>(size);
      if (text == nullptr || bytes - shortest_client > longest_client - shortest_client) break;
      end += copied_client({text, bytes}, end).size();
      starts_[rows + 1] = static_cast<std::int32_t>(end - gathered_.data());
    }
    if (rows == 0) return 0;
    offset_text_builder<std::int32_t> made(static_cast<std::int64_t>(rows), gathered_.size());
    for (std::size_t row = 0; row < rows; ++row) {
      const auto begin = static_cast<std::size_t>(made.rows());
      row += static_cast<std::size_t>(worker_.put_clients(gathered_.data(), starts_.data() + row, static_cast<std::int64_t>(rows - row), made));
      for (std::size_t i = begin; i < static_cast<std::size_t>(made.rows()); ++i) put(to[i], strings_.of(made.text(i)));
      if (row == rows) break;
      put(to[row], made_of({gathered_.data() + starts_[row], static_cast<std::size_t>(starts_[row + 1] - starts_[row])}));
      made.add(0);
    }
    return rows;
  }

  bool is_missing(PyObject* given) const {
    if (PyFloat_Check(given)) {
      const double number = PyFloat_AsDouble(given);
      return number != number;
    }
    for (const nb::object& each : missing_)
      if (each.ptr() == given) return true;
    return false;
  }

  PyObject* transform_text(PyObject* given) {
    Py_ssize_t size = 0;
    if (const char* const text = PyUnicode_AsUTF8AndSize(given, &size)) return made_of({text, static_cast<std::size_t>(size)});
    PyErr_Clear();
    // As encoded() in _arrow.py: bytes that were no UTF-8 are themselves again; no text is an error.
    nb::object bytes = nb::steal(PyUnicode_AsEncodedString(given, "utf-8", "surrogateescape"));
    if (!bytes.is_valid()) {
      PyErr_Clear();
      bytes = nb::steal(PyUnicode_AsEncodedString(given, "utf-8", "replace"));
    }
    if (!bytes.is_valid()) throw nb::python_error();
    return made_of(bytes_of(bytes).text());
  }

  PyObject* made_of(std::string_view text) {
    bytes_read_ = text.size();
    room_.reserve(plan::value_bound(text.size()));  // of which no more is touched than is written
    writer out(room_.data(), room_.room());
    worker_.put(cls_, text, out);
    if (out.overflowed()) throw api_error{error_kind::memory, "column: a value became longer than values may"};
    return strings_.of(out.text());
  }

  object_use& use_;
  value_worker& worker_;
  field_class cls_;
  bool knows_clients_;
  std::vector<nb::object> missing_;
  made_strings strings_;
  byte_buffer room_;
  std::vector<char> gathered_;
  std::vector<std::int32_t> starts_;
  std::size_t bytes_read_ = 0;  // of the object before
};

// The pointers of a contiguous array of objects, as long as this lives.
class object_array {
 public:
  object_array(nb::handle given, int how) {
    if (PyObject_GetBuffer(given.ptr(), &view_, how) != 0) throw nb::python_error();
  }
  object_array(const object_array&) = delete;
  object_array& operator=(const object_array&) = delete;
  ~object_array() { PyBuffer_Release(&view_); }

  bool holds_objects() const noexcept { return view_.format != nullptr && std::strcmp(view_.format, "O") == 0 && view_.itemsize == sizeof(PyObject*); }
  std::size_t size() const noexcept { return static_cast<std::size_t>(view_.len) / sizeof(PyObject*); }
  PyObject** begin() const noexcept { return static_cast<PyObject**>(view_.buf); }

 private:
  Py_buffer view_{};
};

// What becomes of each object of `given` takes the place of what stands in `made`.
inline void transform_objects(object_rows& rows, const object_array& given, const object_array& made) {
  if (!given.holds_objects() || !made.holds_objects() || given.size() != made.size())
    throw api_error{error_kind::type, "column: expects two arrays of objects of one length"};
  rows.transform(given.begin(), made.begin(), given.size());
}

}  // namespace anonlog::python
