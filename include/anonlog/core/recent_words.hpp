// core/recent_words.hpp: the words of the lines before that were kept as they stand, so that none is judged twice.
//
// Methods, states, names of servers and protocols are few, and come with every line. Bounded; belongs to one stream, never
// shared between tenants, and is wiped when it goes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>

namespace anonlog {

class recent_words {
 public:
  recent_words() = default;
  recent_words(const recent_words&) = delete;
  recent_words& operator=(const recent_words&) = delete;
  ~recent_words() { wipe(&slots_, sizeof slots_); }

  // This word as it was written by the rule `rule` in the form `form`, or nothing if it is not remembered.
  std::string_view find(const void* rule, std::uint8_t form, raw word) const noexcept {
    if (word.empty() || word.size() > longest_word) return {};
    const slot& s = slots_[place_of(form, word)];
    const bool is_it = s.bytes == word.size() && s.form == form && s.rule == rule && std::memcmp(s.text.data(), word.begin(), word.size()) == 0;
    return is_it ? std::string_view(s.text.data(), s.bytes) : std::string_view{};
  }

  // Remembers what was written for a word, if that is the word itself.
  void remember(const void* rule, std::uint8_t form, raw word, std::string_view written) noexcept {
    if (word.empty() || word.size() > longest_word || !(word == written)) return;
    slot& s = slots_[place_of(form, word)];
    s.rule = rule;
    s.form = form;
    s.bytes = static_cast<std::uint8_t>(word.size());
    std::memcpy(s.text.data(), written.data(), written.size());
  }

 private:
  static constexpr std::size_t longest_word = 38;

  struct slot {
    const void* rule = nullptr;
    std::array<char, longest_word> text{};
    std::uint8_t bytes = 0;
    std::uint8_t form = 0;
  };

  // Neighbours in a line seldom share one.
  static std::size_t place_of(std::uint8_t form, raw word) noexcept {
    return (word.size() * 7 + word.front() * std::size_t{3} + word[word.size() / 2] * std::size_t{13} + word.back() * std::size_t{5} + form) % 128;
  }

  std::array<slot, 128> slots_;
};

}  // namespace anonlog
