// line_within.hpp: what the reader of a line asks of the line that stands in one of its strings.
#pragma once

#include <optional>

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

 protected:
  ~line_within() = default;
};

}  // namespace anonlog
