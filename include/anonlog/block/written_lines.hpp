// block/written_lines.hpp: plain lines as the kernels wrote them, for whoever wants their values and not the lines.
//
// A kernel writes a line many times faster than the exact path fills a record (output/output_record.hpp), and of a plain line
// it is known where every value stands in what was written. Only layouts of which that holds are plain where lines are
// handed over (plan_options::hands_over_lines): no value of theirs may be written in an escape of its slot.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <anonlog/format/record.hpp>
#include <anonlog/plan.hpp>

namespace anonlog {

// Lines of one format, written with one head.
struct written_lines {
  const plan& rules;
  std::size_t format;
  std::string_view text;  // whole lines, each with its end
  std::int64_t second;    // of the head's beginning, Unix time
  std::int64_t bucket;    // of all lines, or of the head's beginning if they have their own digits
  std::int32_t zone_seconds;
  bool has_copied, is_hour;

  const line_layout& layout() const noexcept { return rules.layouts()[format]; }

  // The bucket of a line by its stamp, which stands on the grid already.
  std::int64_t bucket_of(const char* stamp) const noexcept {
    if (!has_copied) return bucket;
    const auto two = [stamp](std::size_t at) { return (stamp[at] - '0') * 10 + (stamp[at + 1] - '0'); };
    return rules.normal().on_grid(second + (is_hour ? two(15) * 60 : 0) + two(18), zone_seconds);
  }
};

// Takes them in the order of the input, between the records (output/record_sink.hpp) of the lines that are not plain.
class line_sink {
 public:
  virtual void take_lines(const written_lines& lines) noexcept = 0;

 protected:
  ~line_sink() = default;
};

// The values of one line that was written by a layout.
class written_line {
 public:
  std::string_view operator[](std::size_t step) const noexcept { return fields_[step]; }
  const char* stamp() const noexcept { return stamp_; }

  // The line at `from`, which moves behind it. False: it is not such a line.
  bool read(const plain_layout& layout, const char*& from, const char* end) noexcept {
    const char* const feed = find(from, end, '\n');
    if (feed == nullptr) return false;
    const char* const line_end = feed - (feed != from && feed[-1] == '\r' ? 1 : 0);
    if (!read_head(layout, from, line_end)) return false;
    for (const plain_part& part : layout.parts)
      if (!read_part(part, line_end)) return false;
    from = feed + 1;
    return at_ == line_end;
  }

 private:
  static const char* find(const char* from, const char* end, char what) noexcept {
    return static_cast<const char*>(std::memchr(from, what, static_cast<std::size_t>(end - from)));
  }
  static std::string_view between(const char* from, const char* to) noexcept { return {from, static_cast<std::size_t>(to - from)}; }

  // Up to the first quote and over it.
  bool read_head(const plain_layout& layout, const char* line, const char* end) noexcept {
    const std::string_view names = layout.names;
    const char* const address_end = find(line, end, names.front());
    const char* const quote = find(line, end, '"');
    if (address_end == nullptr || quote == nullptr) return false;
    const std::size_t behind = layout.absent_steps == 0 ? 0 : names.size() - layout.before_name - 1;
    const std::size_t in_front = layout.absent_steps == 0 ? names.size() : layout.before_name;
    const char* const name = address_end + in_front;
    const std::ptrdiff_t from_stamp = quote + 1 - name - static_cast<std::ptrdiff_t>(shapes::clf_picture.size + layout.tail.size() + behind);
    if (from_stamp < 0) return false;
    fields_[0] = between(line, address_end);
    for (std::size_t i = 1; i < layout.absent_steps; ++i) fields_[i] = "-";
    if (layout.absent_steps != 0) fields_[layout.absent_steps] = between(name, name + from_stamp);
    stamp_ = name + from_stamp + behind;
    fields_[layout.absent_steps + 1] = between(stamp_, stamp_ + shapes::clf_picture.size);
    at_ = quote + 1;
    return true;
  }

  // A field from behind its opening quote on, and what follows it, with the next quote.
  bool read_part(const plain_part& part, const char* end) noexcept {
    const char* const close = find(at_, end, '"');
    if (close == nullptr) return false;
    fields_[part.step] = between(at_, close);
    if (part.behind == plain_part::rest::constant) {
      at_ = close + part.constant_bytes;
      return at_ <= end && std::memcmp(close, part.constant.data(), part.constant_bytes) == 0;
    }
    const char* at = close + 1 + (part.begins_with_blank ? 1 : 0);
    for (std::size_t i = 0; i < part.number_count; ++i) {
      const char* const begin = at;
      while (at < end && *at != ' ' && *at != '"') ++at;
      fields_[part.first_number + i] = between(begin, at);
      at += i + 1 < part.number_count || part.ends_with_blank ? 1 : 0;
    }
    at_ = at + (part.is_last ? 0 : 1);
    return at_ <= end && (part.is_last || at_[-1] == '"');
  }

  std::array<std::string_view, max_fields> fields_;
  const char* stamp_ = nullptr;
  const char* at_ = nullptr;
};

}  // namespace anonlog
