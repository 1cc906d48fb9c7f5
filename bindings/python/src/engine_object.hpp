// engine_object.hpp: what Python holds of an engine (engine.hpp). Long calls let other Python threads run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossing.hpp"
#include "engine.hpp"
#include "object_rows.hpp"
#include "parts.hpp"

namespace anonlog::python {

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
    if (object_use::is_in_this_thread(*engine_)) throw api_error{error_kind::busy, "this Anonymizer is at work in this thread: close it when the call has returned"};
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

  // True if a pseudonym can come out of lines, or of values of a class.
  bool uses_keys() {
    const auto held = engine_->use();
    return engine_->rules()->uses_keys();
  }
  bool is_keyed(std::string_view cls) {
    const auto held = engine_->use();
    return engine_->rules()->normal().is_keyed(class_named(cls));
  }

  // `given`: bytes that nobody changes.
  nb::str value(std::string_view cls, nb::handle given, std::optional<std::int64_t> time) {
    constexpr std::size_t long_from = 4096;  // shorter than what it costs to let go of Python's lock
    const field_class what = class_named(cls);
    const bytes_of bytes(given);
    const std::string_view text = bytes.text();
    byte_buffer out;
    std::size_t size = 0;
    {
      std::optional<nb::gil_scoped_release> others_run;
      if (text.size() >= long_from) others_run.emplace();
      const auto held = engine_->use();
      // Room for the worst, in one piece: the system gives memory only for what is written, and nothing is copied to grow.
      out.reserve(plan::value_bound(text.size()));
      engine_->with_values(time, [&](value_worker& worker) {
        writer to(out.data(), out.room());
        worker.put(what, text, to);
        size = to.overflowed() ? 0 : to.size();
      });
    }
    return nb::str(out.data(), size);
  }

  // A list of texts and None, into one of str and None.
  nb::list values(std::string_view cls, nb::sequence given, std::optional<std::int64_t> time) {
    const field_class what = class_named(cls);
    const nb::tuple items = nb::steal<nb::tuple>(PySequence_Tuple(given.ptr()));  // other threads may change the list
    if (!items.is_valid()) throw nb::python_error();
    object_use use(*engine_);
    return engine_->with_values(time, [&](value_worker& worker) {
      object_rows rows(use, worker, what, {});
      nb::list made;
      for (const nb::handle item : items) made.append(rows.transform(item));  // the list keeps what it is given
      return made;
    });
  }

  // `given` and `made`: arrays of objects with the buffer protocol, as numpy's.
  void objects(std::string_view cls, nb::handle given, nb::handle made, std::vector<nb::object> missing, std::optional<std::int64_t> time) {
    const field_class what = class_named(cls);
    const object_array from(given, PyBUF_CONTIG_RO | PyBUF_FORMAT), to(made, PyBUF_CONTIG | PyBUF_FORMAT);
    object_use use(*engine_);
    engine_->with_values(time, [&](value_worker& worker) {
      object_rows rows(use, worker, what, std::move(missing));
      transform_objects(rows, from, to);
    });
  }

  nb::tuple column(std::string_view cls, nb::handle schema, nb::handle array, std::optional<std::int64_t> time) {
    const field_class what = class_named(cls);
    const text_type type = text_type_of(*in_capsule<ArrowSchema>(schema, "arrow_schema"));
    const array_owner given = take_arrow(in_capsule<ArrowArray>(array, "arrow_array"));
    array_owner made;
    {
      const nb::gil_scoped_release others_run;
      made = changed(what, type, *given.get(), time);
    }
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
        change_in_parts(what, type, chunk, time, made);
      }
    }
    return to_pairs(type, made);
  }

  // One array, which may come out in several: what is long is shared among threads.
  nb::list parts(std::string_view cls, nb::handle schema, nb::handle array, std::optional<std::int64_t> time) {
    const field_class what = class_named(cls);
    const text_type type = text_type_of(*in_capsule<ArrowSchema>(schema, "arrow_schema"));
    const array_owner given = take_arrow(in_capsule<ArrowArray>(array, "arrow_array"));
    std::vector<array_owner> made;
    {
      const nb::gil_scoped_release others_run;
      change_in_parts(what, type, given, time, made);
    }
    return to_pairs(type, made);
  }

 private:
  static nb::list to_pairs(const text_type& type, std::vector<array_owner>& arrays) {
    nb::list pairs;
    for (array_owner& array : arrays) pairs.append(to_capsules(schema_of(type), std::move(array)));
    return pairs;
  }

  // Without Python's lock.
  array_owner changed(field_class what, const text_type& type, const ArrowArray& given, std::optional<std::int64_t> time) {
    const auto held = engine_->use();
    return engine_->with_values(time, [&](value_worker& worker) { return value_column(worker, what).transform(given, type); });
  }
  void change_in_parts(field_class what, const text_type& type, const array_owner& given, std::optional<std::int64_t> time,
                       std::vector<array_owner>& made) {
    const std::int64_t rows = given->length;
    const std::size_t count = type.index == 0 ? threads_for(rows) : 1;
    const std::size_t before = made.size();
    made.resize(before + count);
    if (!time) time = engine_->moment();  // the same for all parts
    run_parts(count, [&](std::size_t i) {
      ArrowArray part = *given.get();
      const auto place = [&](std::size_t at) { return rows * static_cast<std::int64_t>(at) / static_cast<std::int64_t>(count); };
      part.offset += place(i);
      part.length = place(i + 1) - place(i);
      made[before + i] = changed(what, type, part, time);
    });
  }

  std::shared_ptr<engine> engine_;
};

}  // namespace anonlog::python
