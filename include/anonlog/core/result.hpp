// core/result.hpp: setting up may fail, and then says how to mend it.
//
// The text of an error quotes the policy, the pattern or the command line; never a log line, a value or a key.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace anonlog {

struct setup_error {
  std::string message;
};

// A thing, or the sentence that helps to get it. value() on an error ends the program: ask first.
template <class T>
class [[nodiscard]] result {
 public:
  result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  result(setup_error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }

  T& value() & { return state_.index() == 0 ? std::get<0>(state_) : (std::abort(), std::get<0>(state_)); }
  const T& value() const& { return const_cast<result*>(this)->value(); }
  T&& value() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }

  const setup_error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, setup_error> state_;
};

}  // namespace anonlog
