// tests/transform/url_inputs.hpp: paths, queries and hosts that a hostile or odd client could send, from a fixed seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace anonlog::testing {

class url_inputs {
 public:
  explicit url_inputs(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }

  template <std::size_t N>
  std::string one_of(const std::string_view (&choices)[N]) {
    return std::string(choices[below(N)]);
  }

  std::string letters(std::string_view alphabet, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += alphabet[below(alphabet.size())];
    return text;
  }

  std::string email() { return letters("abcxyz.", 1 + below(6)) + "q@" + letters("abcdef", 1 + below(5)) + ".example"; }
  std::string uuid() {
    const std::string_view hex = "0123456789abcdefABCDEF";
    return letters(hex, 8) + "-" + letters(hex, 4) + "-" + letters(hex, 4) + "-" + letters(hex, 4) + "-" + letters(hex,
        12);
  }
  std::string ipv4() {
    std::string text;
    for (int i = 0; i < 4; ++i) text += (i == 0 ? "" : ".") + std::to_string(below(256));
    return text;
  }

  // Something that a rule looks for, or nearly.
  std::string token() {
    switch (below(14)) {
      case 0: return email();
      case 1: return uuid();
      case 2: return ipv4();
      case 3: return "2001:db8::" + letters("0123456789abcdef", 1 + below(4));
      case 4: return letters("0123456789", 1 + below(22));
      case 5: return letters("0123456789abcdef", 1 + below(20));
      case 6: return letters("abcXYZ019_-=+", 1 + below(40));
      case 7: return "+49-170-" + letters("0123456789", 7);
      case 8: return letters("0123456789abcdefgz", 1 + below(30));
      case 9: return "19" + letters("0123456789", 2) + "-0" + letters("123456789", 1) + "_1" + letters("0123456789", 1);
      case 10: return letters("0123456789", 1 + below(3)) + "-" + letters("0123456789", 1 + below(3)) + "-" +
                      letters("0123456789", 1 + below(3)) + "-" + letters("0123456789", 1 + below(4));
      case 11: return one_of({":email", ":uuid", ":ip", ":num", ":hex", ":date", ":phone", ":token", ":long", ":user",
          ":id", ":other"});
      case 12: return "00-1a-2b-3c-4d-5e";
      default: return letters("abcdefghijklmnopqrstuvwxyz", 1 + below(9));
    }
  }

  std::string nasty_piece() {
    return one_of({"/", ";", "%", ":", "@", "~", ".", "-", "_", "7", "0", "a", "F", "z", "Q", "=", "+", "?", "#", "&",
        "[", "]",
                   "{", "}", "(", ")", "%25", "%2F", "%2f", "%40", "%3B", "%3A", "%u0040", "%253B", "\xEF\xBC\xA0",
                       "%EF%BC%A0",
                   "\xC3\xA9", "\xFF", "\x01", "\"", "\\", " ", "%20", "%zz", "*", "|", "<", "'", "%3F", "%23", "%7E"});
  }

  std::string text(std::size_t most_pieces) {
    std::string made;
    for (std::size_t i = below(most_pieces) + 1; i > 0; --i) made += below(3) == 0 ? token() : nasty_piece();
    return made;
  }

  // Each byte encoded, with up to `rounds` rounds around it; letters and digits not always.
  std::string percent_encoded(std::string_view plain, unsigned rounds, bool all_bytes) {
    std::string text(plain);
    for (unsigned round = 0; round < rounds; ++round) {
      std::string next;
      for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (all_bytes ? round != 0 && c != '%' : below(2) == 0 && c != '%') {
          next += c;
          continue;
        }
        const std::string_view hex = below(2) == 0 ? "0123456789abcdef" : "0123456789ABCDEF";
        next += '%';
        next += hex[byte >> 4];
        next += hex[byte & 15];
      }
      text = next;
    }
    return text;
  }

 private:
  std::mt19937_64 random_;
};

// SPEC P4, for fields that hold no blank: 0x21..0x7E without `"` and `\`.
inline void expect_safe(std::string_view text, std::string_view also = "") {
  for (const char c : text)
    ASSERT_TRUE((c >= 0x21 && c <= 0x7E && c != '"' && c != '\\') || also.find(c) != std::string_view::npos) << text;
}

template <class Transform>
void expect_examples(const Transform& transform) {
  for (const auto& e : Transform::examples) {
    const auto got = run(transform, e.in);
    EXPECT_EQ(got.text, e.out) << e.in;
    EXPECT_EQ(got.outcome, e.outcome) << e.in;
  }
}

}  // namespace anonlog::testing
