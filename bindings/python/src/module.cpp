// module.cpp: anonlog._core: the engine of anonlog/__init__.py, as Python sees it. Each function a few lines.
//
// Long calls let other Python threads run. What goes wrong becomes an exception of anonlog._errors.

#include "session_object.hpp"

using namespace nb::literals;

namespace anonlog::python {
namespace {

// Which keys a keyring has, and nothing about them: the ids and fingerprints of its eras.
std::string fingerprint_of_keyring(const std::string& path) {
  const auto keys = read_keyring_file(path);
  if (!keys) throw api_error{error_kind::keyring, keys.error().message};
  std::string text;
  for (const era& each : keys.value().eras()) text.append(text.empty() ? "" : ",").append(each.id).append("=").append(view(each.fingerprint));
  return text;
}

const char* name_of(error_kind kind) {
  switch (kind) {
    case error_kind::policy: return "PolicyError";
    case error_kind::keyring: return "KeyringError";
    case error_kind::format: return "FormatError";
    case error_kind::rejects: return "TooManyRejects";
    case error_kind::unknown_class: return "UnknownClassError";
    case error_kind::closed: return "ClosedError";
    case error_kind::busy:
    case error_kind::type:
    case error_kind::memory: break;
  }
  return nullptr;
}

void raise(const api_error& error) {
  if (error.kind == error_kind::memory) return PyErr_SetString(PyExc_MemoryError, error.message.c_str());
  if (error.kind == error_kind::busy) return PyErr_SetString(PyExc_RuntimeError, error.message.c_str());
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
  m.def("kernel_name", [] { return std::string(anonlog::kernel_name()); },
        "The name of the SIMD kernel that this process uses, as `anonlog --version` tells it; the environment's ANONLOG_KERNEL chooses another.");
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

  m.def("keyring_fingerprint", fingerprint_of_keyring, "path"_a);

  nb::class_<engine_object>(m, "Engine")
      .def(nb::init<std::string, std::string, std::vector<std::pair<std::string, anonlog::written_value>>, std::string, std::string, std::string,
                    std::optional<std::int64_t>, bool>(),
           "policy"_a, "policy_file"_a, "overrides"_a, "keyring"_a, "format"_a, "recipient"_a, "now"_a.none(), "makes_records"_a)
      .def("close", &engine_object::close)
      .def("report", &engine_object::report)
      .def("fingerprint", &engine_object::fingerprint)
      .def("uses_keys", &engine_object::uses_keys)
      .def("is_keyed", &engine_object::is_keyed, "cls"_a)
      .def("value", &engine_object::value, "cls"_a, "text"_a, "time"_a.none() = nb::none())
      .def("values", &engine_object::values, "cls"_a, "given"_a, "time"_a.none() = nb::none(),
           nb::sig("def values(self, cls: str, given: Sequence[object], time: int | None = None) -> list[str | None]"))
      .def("objects", &engine_object::objects, "cls"_a, "given"_a, "made"_a, "missing"_a, "time"_a.none() = nb::none())
      .def("column", &engine_object::column, "cls"_a, "schema"_a, "array"_a, "time"_a.none() = nb::none(),
           nb::sig("def column(self, cls: str, schema: object, array: object, time: int | None = None) -> tuple[CapsuleType, CapsuleType]"))
      .def("parts", &engine_object::parts, "cls"_a, "schema"_a, "array"_a, "time"_a.none() = nb::none(),
           nb::sig("def parts(self, cls: str, schema: object, array: object, time: int | None = None) -> list[tuple[CapsuleType, CapsuleType]]"))
      .def("chunks", &engine_object::chunks, "cls"_a, "stream"_a, "time"_a.none() = nb::none(),
           nb::sig("def chunks(self, cls: str, stream: object, time: int | None = None) -> list[tuple[CapsuleType, CapsuleType]]"));

  nb::class_<session_object>(m, "Session")
      .def(nb::init<engine_object&, bool, std::vector<std::string>, bool>(), "engine"_a, "makes_columns"_a, "wanted"_a, "makes_skeletons"_a, nb::keep_alive<1, 2>())
      .def("feed", &session_object::feed, "data"_a)
      .def("finish", &session_object::finish)
      .def("take_skeletons", &session_object::take_skeletons)
      .def("lines", &session_object::lines, nb::sig("def lines(self) -> tuple[int, int, int]"))
      .def("rows", &session_object::rows)
      .def("fix_columns", &session_object::fix_columns)
      .def("left_out", &session_object::left_out)
      .def("schema", &session_object::schema)
      .def("take_rows", &session_object::take_rows, nb::sig("def take_rows(self) -> tuple[CapsuleType, CapsuleType]"));
}
