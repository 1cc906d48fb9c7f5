// line_within.hpp: what the reader of a line asks of the line that stands in one of its strings.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/output/output_record.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/value_writer.hpp>

namespace anonlog {

// A line of a log in a string of another (line_fields.hpp): docker's `log`, journald's and rsyslog's `message`.
class line_within {
 public:
  // False: no format fits.
  virtual bool read(raw line) noexcept = 0;
  virtual signal_rule read_signals() noexcept = 0;
  virtual bool has_time() const noexcept = 0;
  virtual void find_time(std::optional<record_time>& found) noexcept = 0;
  virtual void write(const protection& rules, scope& around, writer& out) noexcept = 0;
  virtual void fill(const protection& rules, scope& around, output_record& out) noexcept = 0;

  // For people who ask what becomes of a line: calls `tell` for each field, in order. Throws std::bad_alloc.
  using tell_field = std::function<void(std::string_view name, field_class cls, outcome result, std::string after)>;
  virtual void explain(const protection& rules, scope& around, writer& out, const tell_field& tell) = 0;

 protected:
  ~line_within() = default;
};

}  // namespace anonlog
