// cli/input_test.cpp: what is read, from where, packed how, and what is said when it can not be.
#include "cli/input.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "cli/signals.hpp"
#include "io_support.hpp"

namespace anonlog::cli {
namespace {

using namespace testing;

// Made by gzip(1) and zstd(1).
constexpr char two_lines[] = "first line\nsecond line\n";
constexpr unsigned char two_lines_gz[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0xcb, 0x2c,
    0x2a, 0x2e, 0x51, 0xc8, 0xc9, 0xcc, 0x4b, 0xe5, 0x2a, 0x4e, 0x4d, 0xce, 0xcf, 0x4b, 0x81, 0xb0, 0x01, 0x2c, 0x5a, 0x45, 0x5d, 0x17, 0x00, 0x00, 0x00};
constexpr unsigned char third_gz[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2b, 0xc9, 0xc8,
                                      0x2c, 0x4a, 0xe1, 0x02, 0x00, 0xf2, 0x91, 0x2c, 0x78, 0x06, 0x00, 0x00, 0x00};
constexpr unsigned char two_lines_zst[] = {0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0xb9, 0x00, 0x00, 0x66, 0x69, 0x72,
                                           0x73, 0x74, 0x20, 0x6c, 0x69, 0x6e, 0x65, 0x0a, 0x73, 0x65, 0x63, 0x6f,
                                           0x6e, 0x64, 0x20, 0x6c, 0x69, 0x6e, 0x65, 0x0a, 0x1f, 0x3b, 0xb8, 0xa0};

template <std::size_t size>
std::string text_of(const unsigned char (&bytes)[size]) {
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string many_lines(std::size_t bytes) {
  std::mt19937_64 random(7);
  std::string text;
  while (text.size() < bytes) text += std::to_string(random()) + " a line with something to repeat in it\n";
  return text;
}

// Reads from a FIFO that another thread fills in pieces.
read_all_result read_through_fifo(const std::string& path, const std::string& bytes, std::size_t piece) {
  EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {
    const descriptor end(::open(path.c_str(), O_WRONLY));
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t count = ::write(end.get(), bytes.data() + at, std::min(piece, bytes.size() - at));
      if (count <= 0) break;
      at += static_cast<std::size_t>(count);
    }
  });
  read_all_result all = read_file(path);
  writer.join();
  ::unlink(path.c_str());
  return all;
}

TEST(input, gives_plain_bytes_as_they_are) {
  const folder here;
  const std::string text = std::string("no newline at the end, NUL \0, \xff", 32);
  put(here / "a.log.gz", text);  // the name says nothing
  const read_all_result all = read_file(here / "a.log.gz", 3);
  EXPECT_EQ(all.text, text);
  EXPECT_EQ(all.last.state, read_state::end);
}

TEST(input, an_empty_file_is_an_end_and_stays_one) {
  const folder here;
  put(here / "empty", "");
  result<input> opened = input::open(here / "empty");
  ASSERT_TRUE(opened);
  char byte;
  EXPECT_EQ(opened->read_some(&byte, 1).state, read_state::end);
  EXPECT_EQ(opened->read_some(&byte, 1).state, read_state::end);
  EXPECT_FALSE(opened->would_block());
}

TEST(input, a_file_shorter_than_any_magic_is_plain) {
  const folder here;
  for (const std::string text : {"\x1f", "\x28", "\x28\xb5\x2f", "P", "P*", "P*M"}) {
    put(here / "short", text);
    EXPECT_EQ(read_file(here / "short").text, text);
  }
}

TEST(input, names_the_path_and_the_reason) {
  const folder here;
  EXPECT_EQ(input::open(here / "none").error().message, (here / "none") + ": No such file or directory");
  EXPECT_EQ(input::open(here / "").error().message, (here / "") + ": Is a directory");
  if (::geteuid() != 0) {
    put(here / "closed", "x");
    ::chmod((here / "closed").c_str(), 0);
    EXPECT_EQ(input::open(here / "closed").error().message, (here / "closed") + ": Permission denied");
  }
}

TEST(input, recognises_files_of_gzip_and_zstd) {
  const folder here;
  put(here / "a", text_of(two_lines_gz));
  put(here / "b", text_of(two_lines_zst));
  EXPECT_EQ(read_file(here / "a").text, two_lines);
  EXPECT_EQ(read_file(here / "b").text, two_lines);
}

TEST(input, reads_every_member_and_every_frame) {
  const folder here;
  put(here / "a", text_of(two_lines_gz) + text_of(third_gz) + packed(packing::gzip, "") + text_of(third_gz));
  const std::string skippable("\x5e\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  put(here / "b", skippable + text_of(two_lines_zst) + skippable + text_of(two_lines_zst));
  for (const std::size_t piece : {1u, 2u, 7u, 65536u}) {
    const read_all_result a = read_file(here / "a", piece);
    EXPECT_EQ(a.text, std::string(two_lines) + "third\nthird\n");
    EXPECT_EQ(a.last.state, read_state::end);
    const read_all_result b = read_file(here / "b", piece);
    EXPECT_EQ(b.text, std::string(two_lines) + two_lines);
    EXPECT_EQ(b.last.state, read_state::end);
  }
}

TEST(input, reads_pipes_that_give_one_byte_at_a_time) {
  const folder here;
  for (const std::string& bytes : {text_of(two_lines_gz) + text_of(two_lines_gz),
                                   text_of(two_lines_zst) + text_of(two_lines_zst),
                                   std::string(two_lines) + two_lines}) {
    const read_all_result all = read_through_fifo(here / "fifo", bytes, 1);
    EXPECT_EQ(all.text, std::string(two_lines) + two_lines);
    EXPECT_EQ(all.last.state, read_state::end);
  }
}

TEST(input, reads_large_packed_data_with_any_buffer) {
  const folder here;
  const std::string text = many_lines(std::size_t{3} << 20);
  for (const packing kind : {packing::gzip, packing::zstd}) {
    put(here / "large", packed(kind, text));
    for (const std::size_t piece : {std::size_t{509}, std::size_t{1} << 20}) {
      const read_all_result all = read_file(here / "large", piece);
      EXPECT_TRUE(all.text == text);
      EXPECT_EQ(all.last.state, read_state::end);
    }
    EXPECT_TRUE(read_through_fifo(here / "fifo", packed(kind, text), 4093).text == text);
  }
}

TEST(input, padding_and_garbage_behind_gzip_are_left_alone) {
  const folder here;
  for (const std::string& behind : {std::string(512, '\0'), std::string("garbage"), std::string("\x1f"),
                                    std::string("\x1fgarbage"), std::string("\0\0\0x", 4)}) {
    put(here / "a", text_of(two_lines_gz) + behind);
    const read_all_result all = read_file(here / "a");
    EXPECT_EQ(all.text, two_lines);
    EXPECT_EQ(all.last.state, read_state::end);
  }
  put(here / "a", text_of(two_lines_gz) + std::string(512, '\0') + text_of(third_gz));
  EXPECT_EQ(read_file(here / "a").text, std::string(two_lines) + "third\n");
}

TEST(input, truncated_data_are_an_error_at_every_length) {
  const folder here;
  const auto expect_truncated = [&](const std::string& bytes, const std::string& says) {
    put(here / "cut", bytes);
    const read_all_result all = read_file(here / "cut");
    EXPECT_EQ(all.last.state, read_state::failed) << bytes.size();
    EXPECT_EQ(all.last.message, (here / "cut") + ": " + says) << bytes.size();
    EXPECT_TRUE(std::string_view(two_lines).starts_with(all.text));
  };
  for (std::size_t size = 2; size < sizeof two_lines_gz; ++size) {
    expect_truncated(text_of(two_lines_gz).substr(0, size), "truncated gzip data");
  }
  for (std::size_t size = 4; size < sizeof two_lines_zst; ++size) {
    expect_truncated(text_of(two_lines_zst).substr(0, size), "truncated zstd data");
  }
}

TEST(input, corrupt_data_are_an_error_that_holds_none_of_them) {
  const folder here;
  std::string bytes = text_of(two_lines_gz);
  bytes[bytes.size() - 6] ^= 1;  // the checksum
  put(here / "a", bytes);
  const read_all_result all = read_file(here / "a");
  EXPECT_EQ(all.last.message, (here / "a") + ": corrupt gzip data");
  put(here / "b", text_of(two_lines_zst) + "secret line\n");
  EXPECT_EQ(read_file(here / "b").last.message, (here / "b") + ": corrupt zstd data");
}

TEST(input, hostile_bytes_end_and_never_hang) {
  const folder here;
  std::mt19937_64 random(11);
  const std::string large = many_lines(100'000);
  for (int round = 0; round < 300; ++round) {
    std::string bytes = round % 2 == 0 ? packed(packing::gzip, large) : packed(packing::zstd, large);
    for (int flips = 0; flips < 3; ++flips) bytes[4 + random() % (bytes.size() - 4)] ^= static_cast<char>(random());
    bytes.resize(4 + random() % bytes.size());
    put(here / "x", bytes);
    const read_all_result all = read_file(here / "x", 1 + random() % 5000);
    EXPECT_TRUE(all.last.state == read_state::end || all.last.state == read_state::failed);
  }
}

TEST(input, would_block_only_when_the_writer_has_paused) {
  const folder here;
  ASSERT_EQ(::mkfifo((here / "fifo").c_str(), 0600), 0);
  for (const packing kind : {packing::none, packing::gzip, packing::zstd}) {
    const descriptor reader_first(::open((here / "fifo").c_str(), O_RDONLY | O_NONBLOCK));
    descriptor writer(::open((here / "fifo").c_str(), O_WRONLY));
    result<input> opened = input::open(here / "fifo");
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->would_block());
    char buffer[4];
    EXPECT_EQ(opened->read_some(buffer, 4, waiting::no).state, read_state::nothing_yet);

    const std::string text = "12345678";  // twice the buffer: the end falls on the edge of what is known to be there
    const std::string bytes = kind == packing::none ? text : packed(kind, text);
    // A packed beginning that holds no plain byte yet is no reason to wait for the rest.
    const std::size_t begun = kind == packing::none ? 0 : 5;
    ASSERT_EQ(::write(writer.get(), bytes.data(), begun), static_cast<ssize_t>(begun));
    EXPECT_TRUE(opened->would_block());
    ASSERT_EQ(::write(writer.get(), bytes.data() + begun, bytes.size() - begun),
              static_cast<ssize_t>(bytes.size() - begun));
    EXPECT_FALSE(opened->would_block());
    EXPECT_EQ(opened->read_some(buffer, 4).count, 4u);
    EXPECT_FALSE(opened->would_block());
    EXPECT_EQ(opened->read_some(buffer, 4).count, 4u);
    EXPECT_TRUE(opened->would_block());
    (void)writer.close();
    EXPECT_FALSE(opened->would_block());
    EXPECT_EQ(opened->read_some(buffer, 4).state, read_state::end);
  }
}

TEST(input, a_file_never_would_block_and_knows_its_size_and_place) {
  const folder here;
  put(here / "a", two_lines);
  result<input> opened = input::open(here / "a");
  ASSERT_TRUE(opened);
  EXPECT_FALSE(opened->would_block());
  EXPECT_EQ(opened->size_bytes(), sizeof two_lines - 1);
  EXPECT_EQ(opened->consumed_bytes(), 0u);
  char buffer[5];
  ASSERT_EQ(opened->read_some(buffer, 5).count, 5u);
  EXPECT_EQ(opened->consumed_bytes(), 5u);
  (void)read_all(*opened);
  EXPECT_EQ(opened->consumed_bytes(), opened->size_bytes());

  put(here / "z", text_of(two_lines_gz));
  result<input> unpacked = input::open(here / "z");
  ASSERT_TRUE(unpacked);
  (void)read_all(*unpacked);
  EXPECT_EQ(unpacked->consumed_bytes(), sizeof two_lines_gz);
  EXPECT_EQ(unpacked->packed_as(), packing::gzip);
}

TEST(input, standard_input_is_read_from_where_it_stands) {
  const folder here;
  put(here / "a", two_lines);
  EXPECT_EQ(in_child([&] {
              const int fd = ::open((here / "a").c_str(), O_RDONLY);
              ::lseek(fd, 11, SEEK_SET);
              ::dup2(fd, 0);
              result<input> opened = input::open("-");
              if (!opened || opened->name() != "standard input" || opened->size_bytes() != 12) return 1;
              return read_all(*opened).text == "second line\n" ? 0 : 2;
            }),
            0);
}

TEST(input, a_closed_standard_input_is_an_error) {
  EXPECT_EQ(in_child([] {
              ::close(0);
              occupy_standard_descriptors();
              result<input> opened = input::open("-");
              if (!opened) return 1;
              return read_all(*opened).last.message == "standard input: Bad file descriptor" ? 0 : 2;
            }),
            0);
}

TEST(input, knows_when_it_would_be_overwritten) {
  const folder here;
  put(here / "a", "x");
  put(here / "b", "x");
  put(here / "empty", "");
  ASSERT_EQ(::link((here / "a").c_str(), (here / "also a").c_str()), 0);
  ASSERT_EQ(::symlink("a", (here / "link").c_str()), 0);
  EXPECT_TRUE(is_same_file(identity_of_input(here / "a"), identity_of_output(here / "also a")));
  EXPECT_TRUE(is_same_file(identity_of_input(here / "a"), identity_of_output(here / "link")));
  EXPECT_FALSE(is_same_file(identity_of_input(here / "a"), identity_of_output(here / "b")));
  EXPECT_FALSE(is_same_file(identity_of_input(here / "a"), identity_of_output(here / "none")));
  EXPECT_FALSE(is_same_file(identity_of_input(here / "empty"), identity_of_output(here / "empty")));
  EXPECT_FALSE(is_same_file(identity_of_input("/dev/null"), identity_of_output("/dev/null")));
}

}  // namespace
}  // namespace anonlog::cli
