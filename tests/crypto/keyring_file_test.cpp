// tests/crypto/keyring_file_test.cpp: what anonlog/crypto/keyring_file.hpp promises.
#include <anonlog/crypto/keyring_file.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/hex.hpp"
#include "support.hpp"

namespace anonlog {
namespace {

namespace fs = std::filesystem;
using testing::hex;

class keyring_file : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string form = ::testing::TempDir() + "keyring_file_XXXXXX";
    ASSERT_NE(::mkdtemp(form.data()), nullptr);
    folder_ = form;
    path_ = (folder_ / "keys").string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string content() const {
    std::ostringstream all;
    all << std::ifstream(path_).rdbuf();
    return all.str();
  }
  void expect_refusal(std::string_view says) const {
    const result<keyring> ring = read_keyring_file(path_);
    ASSERT_FALSE(ring) << says;
    EXPECT_TRUE(ring.error().message.starts_with(path_)) << ring.error().message;
    EXPECT_NE(ring.error().message.find(says), std::string::npos) << ring.error().message;
  }

  fs::path folder_;
  std::string path_;
};

TEST_F(keyring_file, is_made_with_a_fresh_secret_for_its_owner_alone) {
  const ::mode_t mask = ::umask(0);
  const result<keyring> made = create_keyring_file(path_, "2026-01", 1767225600, always_after);
  ::umask(mask);
  ASSERT_TRUE(made) << made.error().message;
  struct stat facts {};
  ASSERT_EQ(::stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600U);
  EXPECT_EQ(facts.st_nlink, 1U);
  ASSERT_EQ(made->eras().size(), 1U);
  const era& e = made->eras()[0];
  EXPECT_EQ(e.id, "2026-01");
  EXPECT_EQ(e.from, 1767225600);
  EXPECT_EQ(e.to, always_after);
  const std::string line = "era 2026-01 2026-01-01T00:00:00Z - " + hex(made->secret_of(e), 32) + " " +
                           std::string(view(e.fingerprint)) + "\n";
  EXPECT_TRUE(content().ends_with(line));
  EXPECT_TRUE(content().starts_with("anonlog-keyring 1\n"));

  const result<keyring> read = read_keyring_file(path_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(hex(read->secret_of(read->eras()[0]), 32), hex(made->secret_of(e), 32));

  const result<keyring> other = create_keyring_file(path_ + "2", "2026-01", always_before, always_after);
  ASSERT_TRUE(other);
  EXPECT_NE(hex(other->secret_of(other->eras()[0]), 32), hex(made->secret_of(e), 32));
}

TEST_F(keyring_file, never_replaces_an_existing_file_and_leaves_no_temporary_one) {
  std::ofstream(path_) << "precious";
  const result<keyring> made = create_keyring_file(path_, "a", always_before, always_after);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("exists already"), std::string::npos);
  EXPECT_EQ(content(), "precious");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(keyring_file, is_not_made_where_there_is_no_directory_or_from_nonsense) {
  EXPECT_FALSE(create_keyring_file((folder_ / "none" / "keys").string(), "a", always_before, always_after));
  EXPECT_FALSE(create_keyring_file(path_, "a b", always_before, always_after));
  EXPECT_FALSE(create_keyring_file(path_, "a\nera", always_before, always_after));
  EXPECT_FALSE(create_keyring_file(path_, "a", 10, 10));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(keyring_file, is_refused_when_others_have_any_permission) {
  ASSERT_TRUE(create_keyring_file(path_, "a", always_before, always_after));
  for (unsigned bit : {0040U, 0020U, 0010U, 0004U, 0002U, 0001U}) {
    ASSERT_EQ(::chmod(path_.c_str(), 0600U | bit), 0);
    expect_refusal("chmod 600");
  }
  for (unsigned mode : {0644U, 0660U, 0777U}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    expect_refusal("chmod 600");
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0400), 0);
  EXPECT_TRUE(read_keyring_file(path_));
}

TEST_F(keyring_file, is_refused_when_it_belongs_to_another_user) {
  ASSERT_TRUE(create_keyring_file(path_, "a", always_before, always_after));
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(path_.c_str(), 12345, static_cast<gid_t>(-1)), 0);
  expect_refusal("another user");
}

TEST_F(keyring_file, is_judged_by_what_was_opened_not_by_the_link_to_it) {
  ASSERT_TRUE(create_keyring_file(path_, "a", always_before, always_after));
  const std::string link = path_ + ".link";
  ASSERT_EQ(::symlink(path_.c_str(), link.c_str()), 0);
  EXPECT_TRUE(read_keyring_file(link));
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  EXPECT_FALSE(read_keyring_file(link));
}

TEST_F(keyring_file, is_a_regular_file_of_a_reasonable_size) {
  expect_refusal("cannot open");
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  expect_refusal("regular file");  // and does not wait for somebody to write
  ::unlink(path_.c_str());
  ASSERT_EQ(::mkdir(path_.c_str(), 0700), 0);
  expect_refusal("regular file");
  ::rmdir(path_.c_str());
  std::ofstream(path_) << std::string(max_keyring_bytes + 1, '#');
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  expect_refusal("larger");
}

TEST_F(keyring_file, names_file_and_line_of_a_mistake) {
  std::ofstream(path_) << "anonlog-keyring 1\nera a - - 00 AL1:00\n";
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  expect_refusal(":2: ");
  ASSERT_EQ(::truncate(path_.c_str(), 0), 0);
  expect_refusal("is empty");
}

}  // namespace
}  // namespace anonlog
