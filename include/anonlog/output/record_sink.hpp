// output/record_sink.hpp: takes records themselves, where lines of text would only be read again: for columns in memory.
#pragma once

#include <anonlog/output/output_record.hpp>

namespace anonlog {

class record_sink {
 public:
  // Called for every record in the order of the lines; what the record shows is good until it returns.
  virtual void take(const output_record& record) noexcept = 0;

 protected:
  ~record_sink() = default;
};

}  // namespace anonlog
