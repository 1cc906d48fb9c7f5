// session_object.hpp: what Python holds of a session (session.hpp). Long calls let other Python threads run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine_object.hpp"
#include "session.hpp"

namespace anonlog::python {

class session_object {
 public:
  session_object(engine_object& owner, bool makes_columns, const std::vector<std::string>& wanted, bool makes_skeletons) {
    if (makes_columns) {
      columns_ = std::make_unique<record_columns>(wanted);
      lines_ = std::make_unique<line_columns>(*columns_);
    }
    session_ = std::make_unique<session_core>(owner.get(), columns_.get(), lines_.get(), makes_skeletons ? &skeletons_ : nullptr);
  }

  nb::bytes feed(nb::handle data) {
    const bytes_of bytes(data);
    {
      const nb::gil_scoped_release others_run;
      session_->feed(bytes.text(), out_);
    }
    return taken(out_);
  }
  nb::bytes finish() {
    {
      const nb::gil_scoped_release others_run;
      session_->finish(out_);
    }
    return taken(out_);
  }
  // The shapes of lines that fitted no format, since the last call.
  nb::bytes take_skeletons() { return taken(skeletons_); }
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
    lines_->forget();
    return to_capsules(std::move(schema), columns().take_rows());
  }

 private:
  static nb::bytes taken(text_output& out) {
    nb::bytes made = to_bytes(out.text());
    out.clear();
    return made;
  }
  record_columns& columns() const {
    if (!columns_) throw api_error{error_kind::type, "this session makes lines, not columns"};
    return *columns_;
  }

  std::unique_ptr<record_columns> columns_;
  std::unique_ptr<line_columns> lines_;
  text_output out_, skeletons_;
  std::unique_ptr<session_core> session_;
};

}  // namespace anonlog::python
