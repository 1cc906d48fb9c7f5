// fuzz/kept_blocks.cpp: large arrays are kept for the next stream: 12 MiB of tables anew for each cost more than the log.
//
// Only arrays of 64 KiB and more; the buffers a fuzzer feeds are smaller and remain AddressSanitizer's.
#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t least_bytes = 65536;  // a size is always asked for with one alignment here

struct block {
  void* data;
  std::size_t size;
  bool is_used;
};
std::array<block, 64> kept{};  // one thread

void* take(std::size_t size, std::size_t alignment) {
  const auto fresh = [&] { return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment); };
  if (size >= least_bytes) {
    for (block& b : kept) {
      if (b.is_used || (b.data != nullptr && b.size != size)) continue;
      if (b.data == nullptr) b = {fresh(), size, false};
      if (b.data == nullptr) throw std::bad_alloc();
      b.is_used = true;
      return b.data;
    }
  }
  void* const data = alignment > alignof(std::max_align_t) ? fresh() : std::malloc(size);
  if (data == nullptr) throw std::bad_alloc();
  return data;
}

void give_back(void* data) noexcept {
  for (block& b : kept) {
    if (data == nullptr || b.data != data) continue;
    b.is_used = false;
    return;
  }
  std::free(data);
}

}  // namespace

void* operator new[](std::size_t size) { return take(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {  // simdjson's
  try {
    return take(size, alignof(std::max_align_t));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, std::align_val_t alignment) { return take(size, static_cast<std::size_t>(alignment)); }
void operator delete[](void* data) noexcept { give_back(data); }
void operator delete[](void* data, std::size_t) noexcept { give_back(data); }
void operator delete[](void* data, std::align_val_t) noexcept { give_back(data); }
void operator delete[](void* data, std::size_t, std::align_val_t) noexcept { give_back(data); }
