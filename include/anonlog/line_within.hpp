// line_within.hpp: a line of a log in a string of another: docker's `log`, journald's and rsyslog's `message`.
#pragma once

#include <optional>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/writer.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/value_writer.hpp>

namespace anonlog {

// See line_fields.hpp, which reads both.
class line_within {
 public:
  // False: no format fits.
  virtual bool read(raw line) noexcept = 0;
  virtual signal_rule read_signals() noexcept = 0;
  virtual bool has_time() const noexcept = 0;
  virtual void find_time(std::optional<record_time>& found) noexcept = 0;
  virtual void write(const protection& rules, scope& around, writer& out) noexcept = 0;

 protected:
  ~line_within() = default;
};

}  // namespace anonlog
