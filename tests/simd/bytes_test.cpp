// Every kernel sees the same in 16, 32 and 64 bytes as a loop over them does, wherever they stand, up to the edge of a page.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bit>
#include <cstring>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <anonlog/simd/bytes_avx2.hpp>
#include <anonlog/simd/bytes_avx512.hpp>
#include <anonlog/simd/bytes_neon.hpp>
#include <anonlog/simd/bytes_scalar.hpp>
#include <anonlog/simd/digest_function.hpp>
#include <anonlog/simd/kernel.hpp>
#include <anonlog/transform/ip_address.hpp>

namespace anonlog::scalar {
#include "bytes_checks.inl"
}
#if ANONLOG_X86_64
ANONLOG_BEGIN_AVX2
namespace anonlog::avx2 {
#include "bytes_checks.inl"
}
ANONLOG_END_TARGET
ANONLOG_BEGIN_AVX512
namespace anonlog::avx512 {
#include "bytes_checks.inl"
}
ANONLOG_END_TARGET
#endif
#if ANONLOG_AARCH64
namespace anonlog::neon {
#include "bytes_checks.inl"
}
#endif

using namespace anonlog;

namespace {

struct checks {
  kernel of;
  void (*masks)(const char*);
  void (*pictures)(const char*, const unsigned char*, const unsigned char*, const unsigned char*, const char*);
  std::size_t (*find_borders)(const char*, std::size_t, std::uint32_t*);
  std::size_t (*find_unplain)(const char*, std::size_t, std::uint32_t*);
  value_digest (*digest)(const value_digest_key&, const char*, std::size_t);
  ipv4_text (*read_ipv4)(const char*);
  std::uint64_t (*first_bits)(std::size_t);
};

#define ANONLOG_CHECKS(space)                                                                                             \
  checks {                                                                                                                \
    kernel::space, space::check_all_masks, space::check_all_pictures, space::call_find_borders, space::call_find_unplain, space::call_digest, \
        space::call_read_ipv4, space::call_first_bits                                                   \
  }

std::vector<checks> supported() {
  std::vector<checks> found = {ANONLOG_CHECKS(scalar)};
#if ANONLOG_X86_64
  if (is_supported(kernel::avx2)) found.push_back(ANONLOG_CHECKS(avx2));
  if (is_supported(kernel::avx512)) found.push_back(ANONLOG_CHECKS(avx512));
#endif
#if ANONLOG_AARCH64
  found.push_back(ANONLOG_CHECKS(neon));
#endif
  for (const kernel k : {kernel::avx2, kernel::avx512, kernel::neon})
    if (!is_supported(k)) std::printf("not on this machine: %s\n", std::string(to_text(k)).c_str());
  return found;
}

// Two pages of which the second may not be touched; texts end where it begins.
class guarded_page {
 public:
  guarded_page()
      : bytes_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))),
        begin_(static_cast<char*>(::mmap(nullptr, 2 * bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    EXPECT_EQ(::mprotect(begin_ + bytes_, bytes_, PROT_NONE), 0);
  }
  ~guarded_page() { ::munmap(begin_, 2 * bytes_); }
  char* end() const { return begin_ + bytes_; }

 private:
  std::size_t bytes_;
  char* begin_;
};

std::string random_text(std::mt19937& random, std::size_t size) {
  static constexpr std::string_view likely = "\"\\\n .:09afAFgzZ/-[]\x7F\x80\xFF";
  std::string text(size, '\0');
  for (char& c : text) c = random() % 4 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()];
  return text;
}

}  // namespace

TEST(bytes, give_the_masks_that_a_loop_gives_at_every_place_before_the_edge_of_a_page) {
  const guarded_page page;
  std::mt19937 random(1);
  for (const checks& k : supported()) {
    for (std::size_t distance = 64; distance < 192; ++distance) {
      const std::string text = random_text(random, distance);
      char* const at = page.end() - distance;
      std::memcpy(at, text.data(), distance);
      k.masks(at);
      if (HasFatalFailure()) FAIL() << to_text(k.of) << " " << distance;
    }
  }
}

TEST(bytes, compare_with_pictures_and_merge_like_a_loop) {
  std::mt19937 random(2);
  for (const checks& k : supported()) {
    for (int round = 0; round < 2000; ++round) {
      const std::string text = random_text(random, 64), other = random_text(random, 64);
      unsigned char low[64], range[64], kept[64];
      for (std::size_t i = 0; i < 64; ++i) {
        low[i] = random() % 2 == 0 ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(random());
        range[i] = static_cast<unsigned char>(random() % 2 == 0 ? 0 : random() % 127);
        kept[i] = random() % 2 == 0 ? 0xFF : 0;
      }
      k.pictures(text.data(), low, range, kept, other.data());
      if (HasFatalFailure()) FAIL() << to_text(k.of);
    }
  }
}

TEST(bytes, find_quotes_backslashes_and_line_feeds_in_order_and_nothing_else) {
  std::mt19937 random(3);
  for (const checks& k : supported()) {
    for (int round = 0; round < 3000; ++round) {
      const std::size_t size = random() % 400, rarity = 1 + random() % 60;
      std::string text(size + 64, 'x');
      for (char& c : text) c = random() % rarity == 0 ? "\"\\\n"[random() % 3] : static_cast<char>(random());
      std::vector<std::uint32_t> expected, places(size + 128);
      for (std::size_t i = 0; i < size; ++i)
        if (text[i] == '"' || text[i] == '\\' || text[i] == '\n') expected.push_back(static_cast<std::uint32_t>(i));
      places.resize(k.find_borders(text.data(), size, places.data()));
      ASSERT_EQ(places, expected) << to_text(k.of);
      expected.clear();
      for (std::size_t i = 0; i < size; ++i)
        if (text[i] == '"' || text[i] == '\\' || text[i] < ' ' || text[i] > '~') expected.push_back(static_cast<std::uint32_t>(i));
      places.assign(size + 128, 0);
      places.resize(k.find_unplain(text.data(), size, places.data()));
      ASSERT_EQ(places, expected) << to_text(k.of);
    }
    for (std::size_t count = 0; count <= 64; ++count)
      EXPECT_EQ(k.first_bits(count), count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1) << to_text(k.of);
  }
}

TEST(bytes, have_a_digest_that_depends_on_every_one_of_them_on_the_key_and_on_nothing_behind) {
  const guarded_page page;
  const value_digest_key key = value_digest_key::random(), other_key = value_digest_key::random();
  std::mt19937 random(5);
  const auto as_pair = [](const value_digest& d) { return std::pair(d.low, d.high); };
  for (const checks& k : supported()) {
    std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
    std::size_t made = 0;
    for (std::size_t size = 1; size <= value_digest_key::longest_value; size += size < 200 ? 1 : 39) {
      std::string text = random_text(random, size + 64), other = text;
      for (std::size_t i = size; i < other.size(); ++i) other[i] = static_cast<char>(~text[i]);
      const value_digest one = k.digest(key, text.data(), size);
      EXPECT_EQ(one, k.digest(key, other.data(), size)) << to_text(k.of) << " looks at what stands behind " << size;
      char* const at = page.end() - size - 63;  // 63 bytes behind may be looked at
      std::memcpy(at, text.data(), size);
      EXPECT_EQ(one, k.digest(key, at, size)) << to_text(k.of);
      EXPECT_FALSE(one == k.digest(other_key, text.data(), size)) << to_text(k.of);
      const value_digest called = digest_function_of(k.of)(key, std::string(text, 0, size).data(), size);
      EXPECT_EQ(one, called) << to_text(k.of) << ": the table of a stream and its kernel use the same one";
      seen.insert(as_pair(one)), ++made;
      for (std::size_t i = 0; i < size; ++i) {
        text[i] = static_cast<char>(text[i] ^ 1);
        seen.insert(as_pair(k.digest(key, text.data(), size))), ++made;
        text[i] = static_cast<char>(text[i] ^ 1);
      }
    }
    EXPECT_EQ(seen.size(), made) << to_text(k.of);
  }
}

TEST(bytes, hold_an_ipv4_address_just_when_it_is_written_in_its_canonical_form) {
  std::mt19937 random(6);
  std::vector<std::string> texts = {"0.0.0.0", "255.255.255.255", "256.1.1.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.04",
                                    "1..2.3", ".1.2.3", "1.2.3.", "1.2.3.4444", "1000.2.3.4", "a.b.c.d", ""};
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (int octet = 0; octet < 4; ++octet) text += (octet == 0 ? "" : ".") + std::to_string(random() % (random() % 8 == 0 ? 1100 : 256));
    if (random() % 4 == 0) text.insert(random() % (text.size() + 1), 1, "0.:9a-"[random() % 6]);
    texts.push_back(text);
  }
  const guarded_page page;
  for (const checks& k : supported()) {
    for (const std::string& text : texts) {
      for (const char behind : {' ', ':', '-', '\n'}) {
        std::string padded = text + behind + std::string(16, 'x');
        char* const at = page.end() - std::max<std::size_t>(padded.size(), 16);
        std::memcpy(at, padded.data(), padded.size());
        const ipv4_text read = k.read_ipv4(at);
        const std::string quad = padded.substr(0, padded.find_first_not_of("0123456789."));
        ip_address address;
        bool is_canonical = parse_ipv4(raw(quad), address);
        char written[40];
        writer out(written, sizeof written);
        if (is_canonical) put_ip(address, out);
        is_canonical = is_canonical && out.text() == quad;
        ASSERT_EQ(read.size, is_canonical ? quad.size() : 0) << to_text(k.of) << " " << padded;
        if (!is_canonical) continue;
        ASSERT_EQ(read.address, std::uint32_t{address.bytes[0]} << 24 | std::uint32_t{address.bytes[1]} << 16 |
                                    std::uint32_t{address.bytes[2]} << 8 | address.bytes[3]);
        for (std::size_t i = 0; i < quad.size(); ++i) ASSERT_EQ(read.dots >> i & 1, quad[i] == '.' ? 1u : 0u);
      }
    }
  }
}
