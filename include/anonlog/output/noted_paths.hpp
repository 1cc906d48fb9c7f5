// output/noted_paths.hpp: the paths of a line's values, kept until the record is made: their columns are called by them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <anonlog/core/raw.hpp>
#include <anonlog/core/wipe.hpp>

namespace anonlog {

// Belongs to one stream. Notes nothing where no record is made.
class noted_paths {
 public:
  explicit noted_paths(bool are_wanted) : are_wanted_(are_wanted) {}
  ~noted_paths() {
    text_.resize(text_.capacity());  // of any line so far
    wipe(text_.data(), text_.size());
  }
  noted_paths(const noted_paths&) = delete;
  noted_paths& operator=(const noted_paths&) = delete;
  void forget() noexcept {
    text_.clear();
    ends_.clear();
  }
  void note(std::string_view path) {
    if (!are_wanted_) return;
    text_.append(path);
    ends_.push_back(text_.size());
  }
  raw at(std::size_t i) const noexcept {
    const std::size_t from = i == 0 ? 0 : ends_[i - 1];
    return {text_.data() + from, ends_[i] - from};
  }

 private:
  bool are_wanted_;
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace anonlog
