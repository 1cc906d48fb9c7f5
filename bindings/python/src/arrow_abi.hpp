// arrow_abi.hpp: the structures of the Arrow C data interface, and who frees them.
//
// Source: https://arrow.apache.org/docs/format/CDataInterface.html, CStreamInterface.html and CDataInterface/PyCapsuleInterface.html.
// A structure whose `release` is null was freed or moved away.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema*);
  int (*get_next)(ArrowArrayStream*, ArrowArray*);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};

namespace anonlog::python {

inline constexpr std::int64_t arrow_nullable = 2;

template <class Structure>
void free_arrow(Structure* given) noexcept {
  if (given != nullptr && given->release != nullptr) std::invoke(given->release, given);
}

// Owns a structure; what is in it may be moved out by whoever gets it.
template <class Structure>
class arrow_owner {
 public:
  arrow_owner() : held_(new Structure{}) {}
  Structure* get() const noexcept { return held_.get(); }
  Structure* operator->() const noexcept { return held_.get(); }
  // The caller frees it.
  Structure* give() noexcept { return held_.release(); }

 private:
  struct freeing {
    void operator()(Structure* given) const noexcept {
      free_arrow(given);
      delete given;
    }
  };
  std::unique_ptr<Structure, freeing> held_;
};
using schema_owner = arrow_owner<ArrowSchema>;
using array_owner = arrow_owner<ArrowArray>;

// Takes over what a consumer was given: the structure of the producer is empty then.
template <class Structure>
arrow_owner<Structure> take_arrow(Structure* given) {
  arrow_owner<Structure> made;
  *made.get() = *given;
  given->release = nullptr;
  return made;
}

// One buffer of an array that we made: grows like a vector, without writing zeros first.
class byte_buffer {
 public:
  byte_buffer() = default;
  byte_buffer(byte_buffer&& other) noexcept : data_(std::exchange(other.data_, nullptr)), room_(std::exchange(other.room_, 0)) {}
  byte_buffer& operator=(byte_buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(room_, other.room_);
    return *this;
  }
  ~byte_buffer() { std::free(data_); }

  char* data() const noexcept { return data_; }
  std::size_t room() const noexcept { return room_; }
  template <class Number>
  Number* as() const noexcept {
    return reinterpret_cast<Number*>(data_);
  }
  void reserve(std::size_t bytes) {
    if (bytes <= room_) return;
    const std::size_t wanted = std::max(bytes, room_ + room_ / 2);
    void* const moved = data_ == nullptr && wanted >= huge_from ? huge(wanted) : std::realloc(data_, wanted);
    if (moved == nullptr) throw std::bad_alloc();
    data_ = static_cast<char*>(moved);
    room_ = wanted;
  }

 private:
  // What is large is had in large pages: a fault for each small one would cost more than what is written there.
  static constexpr std::size_t huge_page = std::size_t{2} << 20, huge_from = 2 * huge_page;
  static void* huge(std::size_t bytes) noexcept {
    void* const made = std::aligned_alloc(huge_page, (bytes + huge_page - 1) / huge_page * huge_page);
    if (made != nullptr) (void)::madvise(made, bytes / huge_page * huge_page, MADV_HUGEPAGE);
    return made;
  }

  char* data_ = nullptr;
  std::size_t room_ = 0;
};

// The schema of a column of ours.
inline schema_owner make_schema(std::string format, std::string name, std::vector<schema_owner> children = {}, schema_owner* dictionary = nullptr) {
  struct state {
    std::string format, name;
    std::vector<schema_owner> children;
    std::vector<ArrowSchema*> pointers;
    std::unique_ptr<schema_owner> dictionary;
  };
  auto held = std::make_unique<state>();
  held->format = std::move(format);
  held->name = std::move(name);
  held->children = std::move(children);
  for (const schema_owner& child : held->children) held->pointers.push_back(child.get());
  if (dictionary != nullptr) held->dictionary = std::make_unique<schema_owner>(std::move(*dictionary));
  schema_owner made;
  *made.get() = {.format = held->format.c_str(),
                 .name = held->name.c_str(),
                 .metadata = nullptr,
                 .flags = arrow_nullable,
                 .n_children = static_cast<std::int64_t>(held->pointers.size()),
                 .children = held->pointers.data(),
                 .dictionary = held->dictionary ? held->dictionary->get() : nullptr,
                 .release =
                     [](ArrowSchema* given) {
                       delete static_cast<state*>(given->private_data);
                       given->release = nullptr;
                     },
                 .private_data = held.get()};
  (void)held.release();
  return made;
}

// An array of ours, which keeps its buffers.
inline array_owner make_array(std::int64_t length, std::int64_t null_count, std::vector<byte_buffer> buffers, std::vector<array_owner> children = {},
                              array_owner* dictionary = nullptr) {
  struct state {
    std::vector<byte_buffer> buffers;
    std::vector<const void*> addresses;
    std::vector<array_owner> children;
    std::vector<ArrowArray*> pointers;
    std::unique_ptr<array_owner> dictionary;
  };
  auto held = std::make_unique<state>();
  held->buffers = std::move(buffers);
  for (const byte_buffer& buffer : held->buffers) held->addresses.push_back(buffer.data());
  held->children = std::move(children);
  for (const array_owner& child : held->children) held->pointers.push_back(child.get());
  if (dictionary != nullptr) held->dictionary = std::make_unique<array_owner>(std::move(*dictionary));
  array_owner made;
  *made.get() = {.length = length,
                 .null_count = null_count,
                 .offset = 0,
                 .n_buffers = static_cast<std::int64_t>(held->addresses.size()),
                 .n_children = static_cast<std::int64_t>(held->pointers.size()),
                 .buffers = held->addresses.data(),
                 .children = held->pointers.data(),
                 .dictionary = held->dictionary ? held->dictionary->get() : nullptr,
                 .release =
                     [](ArrowArray* given) {
                       delete static_cast<state*>(given->private_data);
                       given->release = nullptr;
                     },
                 .private_data = held.get()};
  (void)held.release();
  return made;
}

}  // namespace anonlog::python
