// crypto/secret_table.hpp: any number of 32-byte secrets, a page of protected memory at a time.
//
// One allocation per secret would cost four pages each, and the system locks only so much.
#pragma once

#include <vector>

#include <anonlog/crypto/epoch_keys.hpp>

namespace anonlog {

// A place, once given, stays where it is while the table lives or moves.
class secret_table {
 public:
  static constexpr std::size_t per_chunk = 64;

  // Room for one more secret, its bytes zero; places given back come first.
  result<std::size_t> add() {
    if (!free_.empty()) {
      const std::size_t place = free_.back();
      free_.pop_back();
      return place;
    }
    if (used_ == chunks_.size() * per_chunk) {
      result<chunk> more = chunk::make();
      if (!more) return more.error();
      chunks_.push_back(std::move(*more));
      free_.reserve(chunks_.size() * per_chunk);
    }
    return used_++;
  }

  // Wipes one secret and gives its place back.
  void remove(std::size_t place) noexcept {
    ::sodium_memzero(at(place), key_bytes);
    free_.push_back(place);
  }

  unsigned char* at(std::size_t place) noexcept {
    return chunks_[place / per_chunk].data() + place % per_chunk * key_bytes;
  }
  const unsigned char* at(std::size_t place) const noexcept { return const_cast<secret_table*>(this)->at(place); }

 private:
  using chunk = secret<per_chunk * key_bytes>;

  std::vector<chunk> chunks_;
  std::vector<std::size_t> free_;
  std::size_t used_ = 0;
};

}  // namespace anonlog
