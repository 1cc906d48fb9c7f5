// fuzz/json_fuzzer.cpp: JSON against a second opinion, a reader of its own in a few lines: what is accepted is valid, what comes
// out is valid and has the same shape, and a name is the same or hidden.
//
// The other direction only where it is sure: a short, flat line that the second reader accepts is not refused.
#include <map>

#include "fuzz_case.hpp"
#include "fuzz_checks.hpp"

using namespace anonlog;
using namespace anonlog::testing;
using anonlog::fuzz::fail;

namespace {

// RFC 8259, written down once more. `shape` gets a letter for each token, `names` each name as it is written.
class second_reader {
 public:
  explicit second_reader(std::string_view text) : text_(text) {}

  bool is_object() {
    skip();
    if (!at('{') || !value(0)) return false;
    skip();
    return at_ == text_.size() && is_utf8();
  }

  std::string shape;
  std::vector<std::string> names;
  std::size_t depth = 0;
  bool has_odd_number = false;  // beyond what 64 bits hold, or with an exponent

 private:
  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    if (!at(c)) return false;
    ++at_;
    return true;
  }
  void skip() {
    while (at(' ') || at('\t') || at('\r') || at('\n')) ++at_;
  }
  static bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

  bool word(std::string_view wanted, char letter) {
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    shape += letter;
    return true;
  }

  bool value(std::size_t level) {
    depth = std::max(depth, level);
    if (level > 1000) return false;
    skip();
    if (at('{')) return members('{', '}', level);
    if (at('[')) return members('[', ']', level);
    if (at('"')) return string('s');
    return word("true", 'b') || word("false", 'b') || word("null", '0') || number();
  }

  bool members(char open, char close, std::size_t level) {
    take(open);
    shape += open;
    skip();
    for (bool is_first = true; !take(close); is_first = false) {
      if (!is_first && !take(',')) return false;
      skip();
      if (open == '{') {
        const std::size_t from = at_;
        if (!string('k')) return false;
        names.emplace_back(text_.substr(from, at_ - from));
        skip();
        if (!take(':')) return false;
      }
      if (!value(level + 1)) return false;
      skip();
    }
    shape += close;
    return true;
  }

  int unit() {  // of `\uXXXX`, or -1
    if (text_.substr(at_, 2) != "\\u" || at_ + 6 > text_.size()) return -1;
    int made = 0;
    for (std::size_t i = at_ + 2; i < at_ + 6; ++i) {
      if (!is_one_of(text_[i], "0123456789abcdefABCDEF")) return -1;
      made = made * 16 + (text_[i] <= '9' ? text_[i] - '0' : (text_[i] | 0x20) - 'a' + 10);
    }
    return made;
  }

  bool string(char letter) {
    if (!take('"')) return false;
    while (!take('"')) {
      if (at_ >= text_.size() || static_cast<unsigned char>(text_[at_]) < 0x20) return false;
      if (!at('\\')) {
        ++at_;
      } else if (const int high = unit(); high >= 0) {
        at_ += 6;
        if (high >= 0xDC00 && high < 0xE000) return false;
        if (high < 0xD800 || high >= 0xE000) continue;
        const int low = unit();
        if (low < 0xDC00 || low >= 0xE000) return false;
        at_ += 6;
      } else {
        if (at_ + 1 >= text_.size() || !is_one_of(text_[at_ + 1], "\"\\/bfnrt")) return false;
        at_ += 2;
      }
    }
    shape += letter;
    return true;
  }

  bool digits() {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ != from;
  }

  bool number() {
    take('-');
    const std::size_t from = at_;
    if (!take('0') && !digits()) return false;
    if (at_ - from > 18) has_odd_number = true;
    if (take('.') && !digits()) return false;
    if (at('e') || at('E')) {
      has_odd_number = true;
      ++at_;
      if (at('+') || at('-')) ++at_;
      if (!digits()) return false;
    }
    shape += 'n';
    return true;
  }

  bool is_utf8() const {
    for (std::size_t i = 0; i < text_.size();) {
      const auto byte = [&](std::size_t j) { return j < text_.size() ? static_cast<unsigned char>(text_[j]) : 0u; };
      const unsigned first = byte(i);
      const std::size_t more = first < 0x80 ? 0 : first >= 0xC2 && first < 0xE0 ? 1 : (first & 0xF0) == 0xE0 ? 2 : first >= 0xF0 && first < 0xF5 ? 3 : 4;
      if (more == 4) return false;
      for (std::size_t j = 1; j <= more; ++j)
        if ((byte(i + j) & 0xC0) != 0x80) return false;
      if ((first == 0xE0 && byte(i + 1) < 0xA0) || (first == 0xED && byte(i + 1) > 0x9F) || (first == 0xF0 && byte(i + 1) < 0x90) ||
          (first == 0xF4 && byte(i + 1) > 0x8F))
        return false;
      i += more + 1;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// A value may have become null, and a string stays a string.
bool is_same_shape(std::string_view in, std::string_view out) {
  if (in.size() != out.size()) return false;
  for (std::size_t i = 0; i < in.size(); ++i)
    if (in[i] != out[i] && !(out[i] == '0' && (in[i] == 'n' || in[i] == 'b'))) return false;
  return true;
}

fuzz::line_reader& reader_for(std::size_t policy) {
  static std::map<std::size_t, fuzz::line_reader> made;
  const auto found = made.find(policy);
  if (found != made.end()) return found->second;
  return made.emplace(policy, make_plan({.format = "json", .policy = "version = 1\n" + std::string(fuzz::policies[policy])})).first->second;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::fuzz_case wanted = fuzz::fuzz_case::from(data, size);
  fuzz::line_reader& lines = reader_for(wanted.policy == fuzz::stopping_policy ? 0 : wanted.policy);
  fuzz::for_each_line(wanted.log, [&](std::string_view line) {
    std::string_view bare = line;
    if (bare.ends_with('\n')) bare.remove_suffix(1);
    if (bare.ends_with('\r')) bare.remove_suffix(1);
    if (constexpr std::string_view byte_order = "\xEF\xBB\xBF"; bare.starts_with(byte_order)) bare.remove_prefix(byte_order.size());
    second_reader in(bare);
    const bool is_valid = in.is_object();
    const fuzz::line_reader::answer first = lines.read(line);
    if (!first.is_accepted) {
      const bool is_plain = is_valid && !in.has_odd_number && in.depth < 32 && in.names.size() < 16 && !in.names.empty() && bare.size() < 512;
      // `strict` refuses a record whose time cannot be read, and so may a policy.
      if (is_plain && wanted.policy == 0) fail("a valid line is refused", line);
      return;
    }
    if (!is_valid) fail("a line is accepted that is no JSON", line, first.out);
    std::string_view written = first.out;
    while (written.ends_with('\n') || written.ends_with('\r')) written.remove_suffix(1);
    second_reader out(written);
    if (!out.is_object()) fail("the output is no JSON", line, first.out);
    if (!is_same_shape(in.shape, out.shape)) fail("the output has another shape", line, first.out, in.shape + "\n" + out.shape);
    for (std::size_t i = 0; i < in.names.size(); ++i)
      if (in.names[i].find('\\') == std::string::npos && in.names[i] != out.names[i] && out.names[i] != "\"_\"") fail("a name has changed", line, first.out, in.names[i] + " " + out.names[i]);
    if (!lines.read(first.out).is_accepted && wanted.policy == 0) fail("the output is refused", line, first.out);
  });
  return 0;
}
