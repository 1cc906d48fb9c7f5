// format/json_walk.hpp: one line of JSON, token after token, where each stands in the line and what it says.
//
// simdjson decides what is valid (a whole number beyond 64 bits is not) and what a name or value says; it looks at all of the line, one line at a time, so that a
// broken one cannot spoil its neighbours. It does not tell where a value stands, and values are replaced where they stand:
// so a second reader goes through the text, which is known to be valid, in step with simdjson's tree. If the two should ever
// disagree about the shape, the line is not understood.
//
// Its DOM and not its On-Demand interface: that one does not look at what it skips, and its kernel is chosen when the program
// is compiled; the DOM's at run time.
#pragma once

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>

namespace anonlog {

struct json_token {
  enum class kind : unsigned char { string, number, boolean, null };

  kind what = kind::null;
  raw source;  // in the line; of a string with its quotes
  raw text;    // what it says: of a string decoded, else as it is written
};

// What stands around a value: the names of the objects it is in, from the outside. Arrays have no names.
class json_path {
 public:
  static constexpr std::size_t longest = 256;  // joined; no name that anybody knows is longer

  // Joined by `.`; empty if it is longer than that.
  std::string_view text() const noexcept { return size_ <= longest ? std::string_view(text_.data(), size_) : std::string_view(); }
  // The innermost name. It lives as long as the line.
  std::string_view last() const noexcept { return last_; }
  // Whether the innermost object is an element of an array.
  bool is_in_element() const noexcept { return is_in_element_; }
  // Which element that is: no two objects in arrays have the same, in whatever line; what stands behind one inside it has none.
  std::uint64_t element() const noexcept { return element_; }

 private:
  friend class json_walker;
  friend class record_walker;  // record_walk.hpp

  struct mark {
    std::size_t size;
    std::string_view last;
    bool is_in_element;
  };
  mark here() const noexcept { return {size_, last_, is_in_element_}; }
  void go_back(const mark& to) noexcept {
    size_ = to.size;
    last_ = to.last;
    is_in_element_ = to.is_in_element;
  }
  void enter(std::string_view name) noexcept {
    const std::size_t from = size_ == 0 ? 0 : size_ + 1;
    if (from + name.size() <= longest) {
      if (from != 0) text_[size_] = '.';
      if (!name.empty()) std::memcpy(text_.data() + from, name.data(), name.size());
    }
    size_ = from + name.size();
    last_ = name;
  }

  std::array<char, longest> text_{};
  std::size_t size_ = 0;
  std::string_view last_;
  bool is_in_element_ = false;
  std::uint64_t element_ = 0;
};

// Belongs to one stream. After it was made it takes no memory.
class json_walker {
 public:
  static constexpr std::size_t most_depth = 64;  // deeper lines are not understood

  // Throws std::bad_alloc.
  explicit json_walker(std::size_t longest_line) : longest_(longest_line), copy_(new char[longest_line + simdjson::SIMDJSON_PADDING]) {
    const bool has_room = parser_.allocate(longest_line, most_depth) == simdjson::SUCCESS && parser_.doc.allocate(longest_line) == simdjson::SUCCESS;
    if (!has_room) throw std::bad_alloc();
  }
  json_walker(const json_walker&) = delete;
  json_walker& operator=(const json_walker&) = delete;
  ~json_walker() { forget(); }

  // Calls `on_name(token, path)` for the name of each member, with the path of the object it is in, and
  // `on_value(token, path)` for each value that is neither object nor array, in the order of the line. False: the line is
  // not one JSON object, or the visitor said false, or some of it was not understood; what was told then counts for nothing.
  // Tokens live until the next walk.
  template <class OnName, class OnValue>
  bool walk(raw line, OnName on_name, OnValue on_value) {
    forget();
    if (line.size() > longest_) return false;
    std::memcpy(copy_.get(), line.begin(), line.size());
    std::memset(copy_.get() + line.size(), 0, simdjson::SIMDJSON_PADDING);
    used_ = line.size();
    simdjson::dom::element root;
    if (parser_.parse(copy_.get(), line.size(), /*realloc_if_needed=*/false).get(root) != simdjson::SUCCESS) return false;
    if (!root.is_object()) return false;
    at_ = line.begin();
    end_ = line.end();
    const bool is_whole = visit(root, on_name, on_value);
    skip_blanks();
    return is_whole && at_ == end_;
  }

 private:
  template <class OnName, class OnValue>
  bool visit(const simdjson::dom::element& here, OnName& on_name, OnValue& on_value) {
    using type = simdjson::dom::element_type;
    skip_blanks();
    switch (here.type()) {
      case type::OBJECT: path_.is_in_element_ = false; return visit_object(simdjson::dom::object(here), on_name, on_value);  // a member, or all
      case type::ARRAY: return visit_array(simdjson::dom::array(here), on_name, on_value);
      case type::STRING: {
        json_token token{.what = json_token::kind::string, .source = {}, .text = as_raw(std::string_view(here))};
        return take_string(token.source) && on_value(token, path_);
      }
      case type::BOOL: return visit_word(json_token::kind::boolean, on_value);
      case type::NULL_VALUE: return visit_word(json_token::kind::null, on_value);
      default: return visit_word(json_token::kind::number, on_value);
    }
  }

  template <class OnName, class OnValue>
  bool visit_object(const simdjson::dom::object& here, OnName& on_name, OnValue& on_value) {
    if (!take('{')) return false;
    const json_path::mark outside = path_.here();
    bool is_first = true;
    for (const simdjson::dom::key_value_pair member : here) {
      if (!is_first && !take(',')) return false;
      is_first = false;
      skip_blanks();
      json_token name{.what = json_token::kind::string, .source = {}, .text = as_raw(member.key)};
      if (!take_string(name.source) || !on_name(name, path_) || !take(':')) return false;
      path_.enter(member.key);
      if (!visit(member.value, on_name, on_value)) return false;
      path_.go_back(outside);
    }
    return take('}');
  }

  template <class OnName, class OnValue>
  bool visit_array(const simdjson::dom::array& here, OnName& on_name, OnValue& on_value) {
    if (!take('[')) return false;
    const json_path::mark outside = path_.here();
    bool is_first = true;
    for (const simdjson::dom::element value : here) {
      if (!is_first && !take(',')) return false;
      is_first = false;
      path_.is_in_element_ = false;
      if (!visit_element(value, on_name, on_value)) return false;
    }
    path_.go_back(outside);
    return take(']');
  }

  template <class OnName, class OnValue>
  bool visit_element(const simdjson::dom::element& here, OnName& on_name, OnValue& on_value) {
    if (here.type() != simdjson::dom::element_type::OBJECT) return visit(here, on_name, on_value);
    path_.is_in_element_ = true;
    ++path_.element_;
    skip_blanks();
    return visit_object(simdjson::dom::object(here), on_name, on_value);
  }

  // A number, or true, false, null.
  template <class OnValue>
  bool visit_word(json_token::kind what, OnValue& on_value) {
    const char* const begin = at_;
    const auto is_in_word = [](char c) { return c != ',' && c != ']' && c != '}' && !is_blank(c); };
    while (at_ != end_ && is_in_word(*at_)) ++at_;
    const raw source(begin, static_cast<std::size_t>(at_ - begin));
    return !source.empty() && on_value(json_token{.what = what, .source = source, .text = source}, path_);
  }

  bool take_string(raw& source) noexcept {
    const char* const begin = at_;
    if (at_ == end_ || *at_ != '"') return false;
    for (++at_; at_ != end_; ++at_) {
      if (*at_ == '\\') {
        if (++at_ == end_) return false;
      } else if (*at_ == '"') {
        ++at_;
        source = raw(begin, static_cast<std::size_t>(at_ - begin));
        return true;
      }
    }
    return false;
  }

  bool take(char wanted) noexcept {
    skip_blanks();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  void skip_blanks() noexcept {
    while (at_ != end_ && is_blank(*at_)) ++at_;
  }

  static bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  static raw as_raw(std::string_view text) noexcept { return raw(text.data(), text.size()); }

  // Overwrites the copy of the line, and what simdjson decoded: at most so many bytes, as it reckons its own memory.
  void forget() noexcept {
    wipe(copy_.get(), used_);
    wipe(&path_, sizeof path_);  // empty again
    if (used_ != 0) {
      wipe(parser_.doc.string_buf.get(), 5 * used_ / 3 + simdjson::SIMDJSON_PADDING);
      wipe(parser_.doc.tape.get(), std::min(used_ + 3, longest_) * sizeof(std::uint64_t));
    }
    used_ = 0;
  }

  std::size_t longest_;
  std::unique_ptr<char[]> copy_;  // with the padding that simdjson wants
  std::size_t used_ = 0;
  simdjson::dom::parser parser_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  json_path path_;
};

}  // namespace anonlog
