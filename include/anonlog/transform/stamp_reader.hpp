// transform/stamp_reader.hpp: the pieces of a timestamp, one after the other: digits, marks, names of months and days.
//
// What a form is made of is said in transform/stamp_forms.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <anonlog/core/raw.hpp>

namespace anonlog {

inline constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
inline constexpr std::array<std::string_view, 7> weekday_names = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

namespace calendar_detail {

// Reads from the left; once something does not fit, it stays failed.
class stamp_reader {
 public:
  constexpr explicit stamp_reader(raw text) noexcept : text_(text) {}

  constexpr bool failed() const noexcept { return failed_; }
  constexpr void fail() noexcept { failed_ = true; }
  constexpr bool at_end() const noexcept { return at_ == text_.size(); }
  constexpr std::size_t position() const noexcept { return at_; }
  constexpr int peek() const noexcept { return at_end() ? -1 : text_[at_]; }

  constexpr bool accept(char wanted) noexcept {
    const bool hit = peek() == static_cast<unsigned char>(wanted);
    at_ += hit;
    return hit;
  }
  constexpr void expect(char wanted) noexcept {
    if (!accept(wanted)) failed_ = true;
  }

  // Exactly `width` digits, neither below `least` nor above `most`.
  constexpr int number(unsigned width, int least, int most) noexcept {
    int value = 0;
    for (unsigned i = 0; i < width; ++i) value = value * 10 + digit();
    if (value < least || value > most) failed_ = true;
    return value;
  }

  // The place of a three-letter name in its list, from 1.
  template <std::size_t N>
  constexpr int name(const std::array<std::string_view, N>& names) noexcept {
    if (text_.size() - at_ < 3) return fail(), 1;
    const std::uint32_t wanted = letters_at(text_, at_);
    std::size_t place = 0;
    for (std::size_t i = 0; i < N; ++i)  // all of them: the month of a log hardly ever changes, but nobody knows to which
      place = letters_at(raw(names[i]), 0) == wanted ? i + 1 : place;
    if (place == 0) return fail(), 1;
    at_ += 3;
    return static_cast<int>(place);
  }

  constexpr unsigned digits_until_other() noexcept {
    unsigned count = 0;
    for (; !at_end() && is_digit(text_[at_]); ++at_) ++count;
    return count;
  }

 private:
  static constexpr std::uint32_t letters_at(raw text, std::size_t at) noexcept {
    return std::uint32_t{text[at]} | std::uint32_t{text[at + 1]} << 8 | std::uint32_t{text[at + 2]} << 16;
  }

  constexpr int digit() noexcept {
    if (at_end() || !is_digit(text_[at_])) {
      failed_ = true;
      return 0;
    }
    return text_[at_++] - '0';
  }

  raw text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace calendar_detail

}  // namespace anonlog
