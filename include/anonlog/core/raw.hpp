// core/raw.hpp: untrusted bytes of a log, as a type of their own.
//
// What was read from a log, decoded or not, is `raw`: it can be looked at and cut, but nothing that writes
// accepts it, except writer::release (core/writer.hpp). So every byte that is let through can be found by
// searching for one word.
#pragma once

#include <cstddef>
#include <string_view>

#include <anonlog/core/ascii.hpp>

namespace anonlog {

class raw {
 public:
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  constexpr raw() noexcept = default;
  constexpr raw(const char* data, std::size_t size) noexcept : data_(data), size_(size) {}
  explicit constexpr raw(std::string_view text) noexcept : data_(text.data()), size_(text.size()) {}

  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr const char* begin() const noexcept { return data_; }
  constexpr const char* end() const noexcept { return data_ + size_; }
  constexpr unsigned char operator[](std::size_t i) const noexcept { return static_cast<unsigned char>(data_[i]); }
  constexpr unsigned char front() const noexcept { return (*this)[0]; }
  constexpr unsigned char back() const noexcept { return (*this)[size_ - 1]; }

  // The bytes from `from`, `count` of them or to the end; both are clamped.
  constexpr raw sub(std::size_t from, std::size_t count = npos) const noexcept {
    if (from > size_) from = size_;
    if (count > size_ - from) count = size_ - from;
    return {data_ + from, count};
  }
  constexpr raw first(std::size_t count) const noexcept { return sub(0, count); }
  constexpr raw without_last(std::size_t count) const noexcept { return first(size_ < count ? 0 : size_ - count); }

  // Without the blanks (SP and HT) at both ends.
  constexpr raw trimmed() const noexcept {
    std::size_t from = 0, to = size_;
    while (from < to && is_blank((*this)[from])) ++from;
    while (to > from && is_blank((*this)[to - 1])) --to;
    return {data_ + from, to - from};
  }

  constexpr std::size_t find(char wanted, std::size_t from = 0) const noexcept {
    if (from >= size_) return npos;
    const char* const found = std::char_traits<char>::find(data_ + from, size_ - from, wanted);
    return found == nullptr ? npos : static_cast<std::size_t>(found - data_);
  }
  constexpr std::size_t find(std::string_view wanted, std::size_t from = 0) const noexcept {
    return std::string_view(data_, size_).find(wanted, from);
  }
  constexpr std::size_t rfind(char wanted) const noexcept { return std::string_view(data_, size_).rfind(wanted); }
  constexpr std::size_t rfind(std::string_view wanted) const noexcept { return std::string_view(data_, size_).rfind(wanted); }
  constexpr bool holds(char wanted) const noexcept { return find(wanted) != npos; }

  constexpr bool starts_with(std::string_view text) const noexcept {
    return size_ >= text.size() && std::char_traits<char>::compare(data_, text.data(), text.size()) == 0;
  }
  constexpr bool ends_with(std::string_view text) const noexcept {
    return std::string_view(data_, size_).ends_with(text);
  }

  // Of a constant the compiler knows the size, and compares without a call.
  friend constexpr bool operator==(raw a, std::string_view b) noexcept {
    return a.size_ == b.size() && std::char_traits<char>::compare(a.data_, b.data(), b.size()) == 0;
  }
  friend constexpr bool operator==(raw a, raw b) noexcept {
    return std::string_view(a.data_, a.size_) == std::string_view(b.data_, b.size_);
  }

  // Equal but for ASCII case; `lower_text` is in lower case.
  constexpr bool equals_lower(std::string_view lower_text) const noexcept {
    if (size_ != lower_text.size()) return false;
    for (std::size_t i = 0; i < size_; ++i)
      if (to_lower((*this)[i]) != lower_text[i]) return false;
    return true;
  }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

// True if every byte satisfies `test`; true for an empty value.
template <class Test>
constexpr bool all_of(raw value, Test test) noexcept {
  for (const char c : value)
    if (!test(static_cast<unsigned char>(c))) return false;
  return true;
}

template <class Test>
constexpr bool any_of(raw value, Test test) noexcept {
  for (const char c : value)
    if (test(static_cast<unsigned char>(c))) return true;
  return false;
}

}  // namespace anonlog
