// tests/output/output_support.hpp: records made by hand, and what the two writers make of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <anonlog/output/json_lines.hpp>
#include <anonlog/output/line_protocol.hpp>
#include <anonlog/output/output_record.hpp>

namespace anonlog::testing {

class record_maker {
 public:
  explicit record_maker(std::optional<output_time> time = std::nullopt, bool has_full_agents = false) : record_(1 << 16, has_full_agents) {
    record_.begin(time);
  }

  record_maker& add(const column& what, std::string_view text, std::string_view field = "x") {
    const std::size_t from = record_.written().size();
    record_.written().put(text);
    record_.add(&what, raw(field), from);
    return *this;
  }

  const output_record& record() const { return record_; }

  std::string json() const {
    return text_of([&](writer& out) { put_json_line(record_, out); });
  }
  std::string point(std::string_view begin = "access", std::int64_t bucket = 0) const {
    return text_of([&](writer& out) { put_point(begin, record_, bucket, out); });
  }

 private:
  template <class Put>
  static std::string text_of(Put put) {
    std::string room(1 << 17, '\0');
    writer out(room.data(), room.size());
    put(out);
    return std::string(out.text());
  }

  output_record record_;
};

}  // namespace anonlog::testing
