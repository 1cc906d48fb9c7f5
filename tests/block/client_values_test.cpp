#include <anonlog/block/client_values.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <anonlog/transform/ip_position.hpp>
#include "support.hpp"

namespace {

using namespace anonlog;

std::string exactly(const ip_position& rule, std::string_view text) {
  scratch memory(4096);
  tally counts;
  scope around{.keys = nullptr, .zone_seconds = 0, .keyring_given = false, .memory = memory, .counts = counts};
  char room[256];
  writer out(room, sizeof room);
  (void)rule.apply(raw(text), around, out);
  return std::string(out.text());
}

// What a kernel makes of a text with other digits and dots around it; "" if it leaves it alone.
std::string by_kernel(client_function lone_client, const plain_client& rule, const std::string& text, char around) {
  const std::string before(3, around), in = before + text + std::string(64, around);
  char to[64] = {};
  const std::uint32_t size = lone_client(rule, in.data() + before.size(), static_cast<std::uint32_t>(text.size()), to);
  EXPECT_LE(size, 32U);
  return std::string(to, size);
}

const kernel all_kernels[] = {kernel::scalar, kernel::avx2, kernel::avx512, kernel::neon};

bool runs_here(kernel k) { return static_cast<bool>(find_kernel(kernel_names[static_cast<std::size_t>(k)])); }

TEST(client_values, are_those_of_the_exact_rule_whatever_stands_around_them) {
  std::mt19937 random(7);
  ip_position rule;
  std::size_t compared = 0;
  for (const unsigned kept : {0U, 8U, 16U, 24U, 20U}) {
    rule.truncate.ipv4_kept_bits = static_cast<std::uint8_t>(kept);
    const plain_client prepared(rule);
    for (const kernel k : all_kernels) {
      const client_function lone_client = runs_here(k) ? client_function_of(k) : nullptr;
      if (lone_client == nullptr || prepared.what != plain_client::rule::truncate) continue;
      for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (int octet = 0; octet < 4; ++octet) {
          if (octet != 0) text += '.';
          const auto number = random() % 3 == 0 ? random() % 10 : random() % 300;
          if (random() % 40 == 0) text += '0';
          text += std::to_string(number);
        }
        if (random() % 10 == 0) text[random() % text.size()] = "0.:x19"[random() % 6];
        if (text.size() < 7 || text.size() > 15) continue;
        for (const char around : {'0', '7', '.', ' ', '\xFF'}) {
          const std::string made = by_kernel(lone_client, prepared, text, around);
          if (made.empty()) continue;
          ++compared;
          EXPECT_EQ(made, exactly(rule, text)) << "kept " << kept;
        }
      }
    }
  }
  bool has_fast = false;
  for (const kernel k : all_kernels) has_fast = has_fast || (runs_here(k) && client_function_of(k) != nullptr);
  if (has_fast) {
    EXPECT_GT(compared, 100000U);
  } else {
    GTEST_SKIP() << "no kernel of this processor has a way of its own for lone addresses";
  }
}

template <class Offset>
void expect_rows_like_single_ones(kernel k, const plain_client& rule) {
  const client_rows_function<Offset> rows_of = client_rows_function_of<Offset>(k);
  if (rows_of == nullptr) return;
  std::mt19937 random(8);
  const char* const others[] = {"", "-", "203.0.113.256", "2001:db8::7", "127.0.0.1", "203.0.113.07", "1.2.3.4.5.6.7.8.9", "1234567"};
  for (int round = 0; round < 300; ++round) {
    std::string texts = "9.9";
    std::vector<Offset> offsets{3};
    std::vector<std::string> rows;
    for (std::size_t i = 0, count = random() % 40; i < count; ++i) {
      const auto octet = [&random] { return std::to_string(random() % 256); };
      rows.push_back(random() % 16 == 0 ? others[random() % std::size(others)] : octet() + '.' + octet() + '.' + octet() + '.' + octet());
      texts += rows.back();
      offsets.push_back(static_cast<Offset>(texts.size()));
    }
    texts += std::string(client_reach, '1');
    std::string made(texts.size() + client_room, '\0');
    std::vector<Offset> ends(rows.size() + 1);
    std::size_t row = 0, used = 0;
    while (row < rows.size()) {
      const std::size_t before = row, from = used;
      const client_rows done = rows_of(rule, texts.data(), offsets.data() + row, rows.size() - row, made.data() + used, ends.data() + row, used);
      for (std::size_t i = 0; i < done.rows; ++i, ++row) {
        const auto end = static_cast<std::size_t>(ends[row]);
        EXPECT_EQ(made.substr(used, end - used), by_kernel(client_function_of(k), rule, rows[row], ' ')) << rows[row];
        used = end;
      }
      EXPECT_EQ(done.end, used);
      EXPECT_EQ(done.end == from, done.rows == 0);
      if (row == rows.size()) break;
      const bool is_usual_size = rows[row].size() >= shortest_client && rows[row].size() <= longest_client;
      EXPECT_TRUE(!is_usual_size || by_kernel(client_function_of(k), rule, rows[row], ' ').empty()) << rows[row];
      row = before + done.rows + 1;
    }
  }
}

TEST(client_values, of_many_rows_are_those_of_each) {
  ip_position rule;
  for (const unsigned kept : {0U, 8U, 16U, 24U}) {
    rule.truncate.ipv4_kept_bits = static_cast<std::uint8_t>(kept);
    const plain_client prepared(rule);
    for (const kernel k : all_kernels) {
      if (!runs_here(k)) continue;
      expect_rows_like_single_ones<std::int32_t>(k, prepared);
      expect_rows_like_single_ones<std::int64_t>(k, prepared);
    }
  }
}

TEST(client_values, leave_to_the_exact_rule_what_is_no_usual_address_or_is_kept) {
  ip_position rule;
  rule.keep = keep_set::none();
  rule.keep.add_named("loopback");
  const plain_client prepared(rule);
  for (const kernel k : all_kernels) {
    const client_function lone_client = runs_here(k) ? client_function_of(k) : nullptr;
    if (lone_client == nullptr) continue;
    for (const char* text : {"127.0.0.1", "203.0.113", "203.0.113.", ".203.0.113", "203.0.113.256", "203.00.113.7", "203.0.113.07", "1.2.3.4.5", "999.1.1.1",
                             "2001:db8::7", "203.0.113.7:", "203.0.113.7x", "aaaaaaa", "1234567", "...0..."})
      for (const char around : {'0', '.', ' '}) EXPECT_EQ(by_kernel(lone_client, prepared, text, around), "") << text;
    EXPECT_EQ(by_kernel(lone_client, prepared, "203.0.113.7", '9'), "203.0.113.0");
    EXPECT_EQ(by_kernel(lone_client, prepared, "203.0.113.0", '9'), "203.0.113.0");
    EXPECT_EQ(by_kernel(lone_client, prepared, "255.255.255.255", '.'), "255.255.255.0");
  }
}

}  // namespace
