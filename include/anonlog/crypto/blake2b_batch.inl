// crypto/blake2b_batch.inl: messages hashed as many at a time as `words` has lanes.
//
// Included once per kernel, behind crypto/blake2b.inl and inside the same target region. It calls no template of std:
// one that is used first in a region could be compiled for its target, and kept by the linker for everybody.
namespace blake2b {

using every_lane = std::make_index_sequence<words::lanes>;

// What the lanes read.
struct message_group {
  const unsigned char* blocks[words::lanes];
  const unsigned char* chains[words::lanes];
  std::uint64_t bytes[words::lanes];  // with the block of the key
  std::size_t longest = 0;

  ANONLOG_INLINE void take(std::size_t lane, const hash_message& message) noexcept {
    if (!message.fits() || message.key() == nullptr) __builtin_abort();  // a mistake in the program
    blocks[lane] = message.block();
    chains[lane] = message.key()->chain();
    bytes[lane] = blake2b_block_bytes + message.size();
    if (message.size() > longest) longest = message.size();
  }
};

// At the end of a batch the last message stands in for those that are missing.
template <std::size_t... Lanes>
ANONLOG_INLINE void take(message_group& group, const hash_message* messages, std::size_t count,
                         std::index_sequence<Lanes...>) noexcept {
  (group.take(Lanes, messages[Lanes < count ? Lanes : count - 1]), ...);
}

template <std::size_t... Quads>
ANONLOG_INLINE void load_blocks(const message_group& group, words* m, std::index_sequence<Quads...>) noexcept {
  (load_columns(group.blocks, 32 * Quads, m + 4 * Quads), ...);
}

// The first two words of each hash are all that is kept. Blocks are read up to word `Used`, a multiple of four.
template <std::size_t Used>
ANONLOG_INLINE void hash_group(const message_group& group, std::uint64_t* first, std::uint64_t* second) noexcept {
  words h[8], m[Used];
  load_columns(group.chains, 0, h);
  load_columns(group.chains, 32, h + 4);
  load_blocks(group, m, std::make_index_sequence<Used / 4>{});
  compress<Used>(h, m, words::load(group.bytes), ~std::uint64_t{0});
  h[0].store(first);
  h[1].store(second);
}

// An empty message has no block of its own: the key was its last, and its hash was known with the key.
ANONLOG_INLINE void give(const hash_message& message, std::uint64_t first, std::uint64_t second,
                         hash128& hash) noexcept {
  const std::uint64_t computed[2] = {little_endian(first), little_endian(second)};
  std::memcpy(&hash, computed, sizeof hash);
  if (message.size() == 0) std::memcpy(&hash, message.key()->hash_of_nothing(), sizeof hash);
}

template <std::size_t... Lanes>
ANONLOG_INLINE void give(const hash_message* messages, std::size_t count, const std::uint64_t* first,
                         const std::uint64_t* second, hash128* hashes, std::index_sequence<Lanes...>) noexcept {
  ((Lanes < count ? give(messages[Lanes], first[Lanes], second[Lanes], hashes[Lanes]) : void()), ...);
}

// Not inlined, so that all it leaves on the stack is below the caller's frame.
[[gnu::noinline]] inline void hash_groups(const hash_message* messages, std::size_t count, hash128* hashes) noexcept {
  while (count != 0) {
    const std::size_t here = count < words::lanes ? count : words::lanes;
    message_group group;
    std::uint64_t first[words::lanes], second[words::lanes];
    take(group, messages, here, every_lane{});
    if (group.longest <= 32)
      hash_group<4>(group, first, second);
    else if (group.longest <= 64)
      hash_group<8>(group, first, second);
    else
      hash_group<16>(group, first, second);
    give(messages, here, first, second, hashes, every_lane{});
    messages += here, hashes += here, count -= here;
  }
}

inline void hash_messages(const hash_message* messages, std::size_t count, hash128* hashes) noexcept {
  hash_groups(messages, count, hashes);
  ::sodium_stackzero(blake2b_stack_bytes);
}

}  // namespace blake2b
