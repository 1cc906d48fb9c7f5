// module.cpp: anonlog._core: the engine of anonlog/__init__.py, as Python sees it. Each function a few lines.
//
// Long calls let other Python threads run. What goes wrong becomes an exception of anonlog._errors.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "session.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace anonlog::python {
namespace {

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

nb::bytes to_bytes(std::string_view text) { return nb::bytes(text.data(), text.size()); }

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

nb::tuple to_capsules(schema_owner schema, array_owner array) {
  return nb::make_tuple(to_capsule(std::move(schema), "arrow_schema"), to_capsule(std::move(array), "arrow_array"));
}

schema_owner schema_of(const text_type& type) {
  if (type.index == 0) return make_schema(format_of(type.layout), "");
  schema_owner words = make_schema(format_of(type.layout), "");
  schema_owner made = make_schema(std::string(1, type.index), "", {}, &words);
  if (type.is_ordered) made->flags &= ~std::int64_t{1};  // what comes out has no order of its own
  return made;
}

// What Python holds of an engine.
class engine_object {
 public:
  engine_object(std::string policy, std::string policy_file, std::vector<std::pair<std::string, written_value>> overrides, std::string keyring,
                std::string format, std::string recipient, std::optional<std::int64_t> now, bool makes_records) {
    engine_options options{std::move(policy), std::move(policy_file), std::move(overrides), std::move(keyring),
                           std::move(format), std::move(recipient),   now,                  makes_records};
    const nb::gil_scoped_release others_run;
    engine_ = std::make_shared<engine>(options);
  }

  const std::shared_ptr<engine>& get() const noexcept { return engine_; }

  void close() {
    const nb::gil_scoped_release others_run;
    engine_->close();
  }
  std::string report() {
    const nb::gil_scoped_release others_run;
    return engine_->report_json();
  }
  std::string fingerprint() {
    const auto held = engine_->use();
    return engine_->rules()->policy_fingerprint();
  }

  nb::str value(std::string_view cls, nb::handle given, std::optional<std::int64_t> time) {
    const field_class what = class_named(cls);
    const bytes_of bytes(given);
    const std::string_view text = bytes.text();
    std::string out(plan::value_bound(text.size()), '\0');
    const auto held = engine_->use();
    engine_->with_values(time, [&](value_worker& worker) {
      writer to(out.data(), out.size());
      worker.put(what, text, to);
      out.resize(to.overflowed() ? 0 : to.size());
    });
    return nb::str(out.data(), out.size());
  }

  // A list of bytes and None, into one of str and None.
  nb::list values(std::string_view cls, nb::list given, std::optional<std::int64_t> time) {
    const field_class what = class_named(cls);
    const auto held = engine_->use();
    return engine_->with_values(time, [&](value_worker& worker) {
      nb::list made;
      std::string room;
      for (const nb::handle item : given) {
        if (item.is_none()) {
          made.append(nb::none());
          continue;
        }
        const bytes_of bytes(item);
        room.resize(std::max(room.size(), plan::value_bound(bytes.text().size())));
        writer to(room.data(), room.size());
        worker.put(what, bytes.text(), to);
        made.append(nb::str(room.data(), to.size()));
      }
      return made;
    });
  }

  nb::tuple column(std::string_view cls, nb::handle schema, nb::handle array, std::optional<std::int64_t> time) {
    const field_class what = class_named(cls);
    const text_type type = text_type_of(*in_capsule<ArrowSchema>(schema, "arrow_schema"));
    const array_owner given = take_arrow(in_capsule<ArrowArray>(array, "arrow_array"));
    array_owner made = changed({}, what, type, given, time);
    return to_capsules(schema_of(type), std::move(made));
  }

  // All chunks of a stream, each with a schema of its own.
  nb::list chunks(std::string_view cls, nb::handle stream, std::optional<std::int64_t> time) {
    const field_class what = class_named(cls);
    const auto from = take_arrow(in_capsule<ArrowArrayStream>(stream, "arrow_array_stream"));
    schema_owner schema;
    text_type type;
    std::vector<array_owner> made;
    {
      const nb::gil_scoped_release others_run;
      if (from->get_schema(from.get(), schema.get()) != 0) throw api_error{error_kind::type, "column: its stream has no schema"};
      type = text_type_of(*schema.get());
      for (;;) {
        array_owner chunk;
        if (from->get_next(from.get(), chunk.get()) != 0) throw api_error{error_kind::type, "column: its stream broke off"};
        if (chunk->release == nullptr) break;
        made.push_back(changed_without_gil(what, type, chunk, time));
      }
    }
    nb::list pairs;
    for (array_owner& array : made) pairs.append(to_capsules(schema_of(type), std::move(array)));
    return pairs;
  }

 private:
  struct here {};
  array_owner changed(here, field_class what, const text_type& type, const array_owner& given, std::optional<std::int64_t> time) {
    const nb::gil_scoped_release others_run;
    return changed_without_gil(what, type, given, time);
  }
  array_owner changed_without_gil(field_class what, const text_type& type, const array_owner& given, std::optional<std::int64_t> time) {
    const auto held = engine_->use();
    return engine_->with_values(time, [&](value_worker& worker) { return value_column(worker, what).transform(*given.get(), type); });
  }

  std::shared_ptr<engine> engine_;
};

class session_object {
 public:
  session_object(engine_object& owner, bool makes_columns, const std::vector<std::string>& wanted) {
    if (makes_columns) columns_ = std::make_unique<record_columns>(wanted);
    session_ = std::make_unique<session_core>(owner.get(), columns_.get());
  }

  nb::bytes feed(nb::handle data) {
    const bytes_of bytes(data);
    {
      const nb::gil_scoped_release others_run;
      session_->feed(bytes.text(), out_);
    }
    return taken();
  }
  nb::bytes finish() {
    {
      const nb::gil_scoped_release others_run;
      session_->finish(out_);
    }
    return taken();
  }
  nb::tuple lines() {
    const session_core::line_counts counts = session_->lines();
    return nb::make_tuple(counts.in, counts.out, counts.rejected);
  }

  std::int64_t rows() const { return columns().rows(); }
  void fix_columns() { columns().fix(); }
  std::vector<std::string> left_out() const { return columns().left_out(); }
  nb::capsule schema() const { return to_capsule(columns().schema(), "arrow_schema"); }
  nb::tuple take_rows() {
    schema_owner schema = columns().schema();
    return to_capsules(std::move(schema), columns().take_rows());
  }

 private:
  nb::bytes taken() {
    nb::bytes made = to_bytes(out_.text());
    out_.clear();
    return made;
  }
  record_columns& columns() const {
    if (!columns_) throw api_error{error_kind::type, "this session makes lines, not columns"};
    return *columns_;
  }

  std::unique_ptr<record_columns> columns_;
  std::unique_ptr<session_core> session_;
  text_output out_;
};

const char* name_of(error_kind kind) {
  switch (kind) {
    case error_kind::policy: return "PolicyError";
    case error_kind::keyring: return "KeyringError";
    case error_kind::format: return "FormatError";
    case error_kind::rejects: return "TooManyRejects";
    case error_kind::unknown_class: return "UnknownClassError";
    case error_kind::closed: return "ClosedError";
    case error_kind::type:
    case error_kind::memory: break;
  }
  return nullptr;
}

void raise(const api_error& error) {
  if (error.kind == error_kind::memory) return PyErr_SetString(PyExc_MemoryError, error.message.c_str());
  const char* const name = name_of(error.kind);
  if (name == nullptr) return PyErr_SetString(PyExc_TypeError, error.message.c_str());
  try {
    const nb::object type = nb::module_::import_("anonlog._errors").attr(name);
    PyErr_SetObject(type.ptr(), nb::str(error.message.c_str()).ptr());
  } catch (nb::python_error& other) {
    other.restore();
  }
}

}  // namespace
}  // namespace anonlog::python

NB_MODULE(_core, m) {
  using namespace anonlog::python;
  m.doc() = "The engine of anonlog. Use the names of the package anonlog.";
  nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const api_error& error) {
      raise(error);
    }
  });

  m.attr("version") = nb::str(anonlog::version.data(), anonlog::version.size());
  m.def("kernel_name", [] { return std::string(anonlog::kernel_name()); });
  m.def("class_names", [] {
    std::vector<std::string> names;
    for (const std::string_view name : anonlog::field_class_names)
      if (name != "visitor") names.emplace_back(name);
    return names;
  });
  m.def("preset_names", [] {
    std::vector<std::string> names;
    for (const anonlog::preset& entry : anonlog::presets) names.emplace_back(entry.name);
    return names;
  });
  m.def("new_keyring", [](const std::string& path) {
    const auto made = anonlog::create_keyring_file(path, "first", anonlog::always_before, anonlog::always_after);
    if (!made) throw api_error{error_kind::keyring, made.error().message};
  }, "path"_a);

  nb::class_<engine_object>(m, "Engine")
      .def(nb::init<std::string, std::string, std::vector<std::pair<std::string, anonlog::written_value>>, std::string, std::string, std::string,
                    std::optional<std::int64_t>, bool>(),
           "policy"_a, "policy_file"_a, "overrides"_a, "keyring"_a, "format"_a, "recipient"_a, "now"_a.none(), "makes_records"_a)
      .def("close", &engine_object::close)
      .def("report", &engine_object::report)
      .def("fingerprint", &engine_object::fingerprint)
      .def("value", &engine_object::value, "cls"_a, "text"_a, "time"_a.none() = nb::none())
      .def("values", &engine_object::values, "cls"_a, "given"_a, "time"_a.none() = nb::none())
      .def("column", &engine_object::column, "cls"_a, "schema"_a, "array"_a, "time"_a.none() = nb::none())
      .def("chunks", &engine_object::chunks, "cls"_a, "stream"_a, "time"_a.none() = nb::none());

  nb::class_<session_object>(m, "Session")
      .def(nb::init<engine_object&, bool, std::vector<std::string>>(), "engine"_a, "makes_columns"_a, "wanted"_a, nb::keep_alive<1, 2>())
      .def("feed", &session_object::feed, "data"_a)
      .def("finish", &session_object::finish)
      .def("lines", &session_object::lines)
      .def("rows", &session_object::rows)
      .def("fix_columns", &session_object::fix_columns)
      .def("left_out", &session_object::left_out)
      .def("schema", &session_object::schema)
      .def("take_rows", &session_object::take_rows);
}
