#include <anonlog/transform/public_suffix_list.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "transform/url_inputs.hpp"

namespace anonlog {
namespace {

const public_suffix_list& installed() {
  static auto list = public_suffix_list::load();
  return **list;
}

std::string site(const std::string& name) { return std::string(installed().registrable_domain(name.c_str())); }

class text_file {
 public:
  explicit text_file(const std::string& text) { std::ofstream(path_) << text; }
  ~text_file() { ::unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/anonlog-suffixes-" + std::to_string(::getpid());
};

std::string error_of(const std::string& path) {
  auto list = public_suffix_list::load(path);
  return list ? "" : list.error().message;
}

TEST(public_suffix_list, keeps_one_label_more_than_the_public_suffix) {
  EXPECT_EQ(site("example.com"), "example.com");
  EXPECT_EQ(site("a.b.example.com"), "example.com");
  EXPECT_EQ(site("a.b.example.co.uk"), "example.co.uk");
  EXPECT_EQ(site("a.b.c.kobe.jp"), "b.c.kobe.jp");       // *.kobe.jp
  EXPECT_EQ(site("www.city.kobe.jp"), "city.kobe.jp");   // !city.kobe.jp
  EXPECT_EQ(site("a.www.ck"), "www.ck");                 // !www.ck
  EXPECT_EQ(site("a.shop.xn--55qx5d.cn"), "shop.xn--55qx5d.cn");
}

// SPEC 3.7: private section off.
TEST(public_suffix_list, knows_the_icann_section_only) {
  EXPECT_EQ(site("bob.github.io"), "github.io");
  EXPECT_EQ(site("bob.blogspot.co.uk"), "blogspot.co.uk");
  EXPECT_EQ(site("bob.s3.eu-central-1.amazonaws.com"), "amazonaws.com");
}

TEST(public_suffix_list, takes_the_last_label_of_an_unlisted_name_for_its_suffix) {
  EXPECT_EQ(site("www.shop.example"), "shop.example");
  EXPECT_EQ(site("a.b.internal"), "b.internal");
}

TEST(public_suffix_list, gives_nothing_for_a_name_that_is_nothing_but_a_suffix) {
  for (const char* name : {"", "com", "co.uk", "localhost", "c.kobe.jp", "xn--p1ai"}) EXPECT_EQ(site(name), "") << name;
}

// The algorithm of the list's own documentation, over the text of the list.
class plain_reading {
 public:
  explicit plain_reading(std::istream& text) {
    bool is_icann = false;
    for (std::string line; std::getline(text, line);) {
      if (line.find("===BEGIN ICANN DOMAINS===") != std::string::npos) is_icann = true;
      if (line.find("===END ICANN DOMAINS===") != std::string::npos) is_icann = false;
      const bool is_ascii = std::all_of(line.begin(), line.end(), [](char c) { return c >= 0; });
      if (is_icann && is_ascii && !line.empty() && !line.starts_with("//")) rules.insert(line.substr(0, line.find(' ')));
    }
  }

  // Empty if the name is a suffix. libpsl takes `*.x.y` to say that `x.y` is a suffix, too; so do we.
  std::string registrable_domain(const std::string& name) const {
    std::string before;
    for (std::size_t from = 0;;) {
      const std::string rest = name.substr(from);
      const std::size_t dot = rest.find('.');
      if (rules.count("!" + rest) != 0) return rest;
      const bool is_wild = dot != std::string::npos && rules.count("*" + rest.substr(dot)) != 0;
      if (dot == std::string::npos || is_wild || rules.count(rest) != 0 || rules.count("*." + rest) != 0) return before;
      before = rest;
      from += dot + 1;
    }
  }

  std::set<std::string> rules;
};

TEST(public_suffix_list, agrees_with_a_plain_reading_of_every_rule) {
  std::ifstream text("/usr/share/publicsuffix/public_suffix_list.dat");
  if (!text) GTEST_SKIP() << "Debian's package publicsuffix is not installed";
  const plain_reading rules(text);
  ASSERT_GT(rules.rules.size(), 5000u);
  testing::url_inputs inputs(61);
  for (const std::string& rule : rules.rules) {
    std::string name = rule.substr(rule.find_first_not_of("!*."));
    for (int labels = 0; labels < 4; ++labels) {
      ASSERT_EQ(site(name), rules.registrable_domain(name)) << name;
      name = inputs.one_of({"a", "www", "bob-9", "com", "co", "xn--mnchen-3ya"}) + "." + name;
    }
  }
}

TEST(public_suffix_list, gives_an_end_of_the_name_that_it_gives_again) {
  testing::url_inputs inputs(62);
  for (int i = 0; i < 20000; ++i) {
    std::string name = inputs.letters("abc-9", 1 + inputs.below(9));
    for (std::size_t labels = inputs.below(12); labels > 0; --labels)
      name += "." + inputs.one_of({"com", "co", "uk", "ck", "kobe", "jp", "city", "github", "io", "www", "x", "example"});
    const std::string once = site(name);
    ASSERT_TRUE(name.ends_with(once) && (once.size() == name.size() || once.empty() || name[name.size() - once.size() - 1] == '.'))
        << name;
    ASSERT_EQ(site(once), once) << name;
  }
}

TEST(public_suffix_list, gives_the_same_for_a_name_of_very_many_labels) {
  std::string name = "example.co.uk";
  while (name.size() < 250) name = "a." + name;
  EXPECT_EQ(site(name), "example.co.uk");
}

TEST(public_suffix_list, is_read_from_its_text_too_and_names_the_day_it_was_made) {
  const text_file file("// ===BEGIN ICANN DOMAINS===\ncom\nuk\nco.uk\nshop.com\n// ===END ICANN DOMAINS===\n");
  const timespec made[2] = {{1675985219, 0}, {1675985219, 0}};  // 2023-02-09T23:26:59Z
  ASSERT_EQ(::utimensat(AT_FDCWD, file.path().c_str(), made, 0), 0);
  auto list = public_suffix_list::load(file.path());
  ASSERT_TRUE(list);
  EXPECT_EQ((*list)->registrable_domain("a.b.shop.com"), "b.shop.com");
  EXPECT_EQ((*list)->date(), "2023-02-09");
}

TEST(public_suffix_list, that_is_missing_is_the_one_libpsl_brings) {
  if (psl_builtin() == nullptr) GTEST_SKIP() << "libpsl was built without a list";
  auto list = public_suffix_list::load("/nowhere/list");
  ASSERT_TRUE(list);
  EXPECT_EQ((*list)->registrable_domain("a.example.co.uk"), "example.co.uk");
  EXPECT_EQ((*list)->date().size(), 10u);
}

TEST(public_suffix_list, that_is_there_but_cannot_be_used_is_an_error_that_names_it) {
  const text_file no_list("root:x:0:0\n");
  EXPECT_NE(error_of(no_list.path()).find(no_list.path() + ": is no Public Suffix List"), std::string::npos);
  const text_file empty("");
  EXPECT_NE(error_of(empty.path()).find("is no Public Suffix List"), std::string::npos);
  EXPECT_NE(error_of("/tmp").find("/tmp: is no Public Suffix List"), std::string::npos);
  EXPECT_NE(error_of("/dev/null/list").find("referrer.level"), std::string::npos);
  EXPECT_NE(error_of("/dev/null/list").find("package publicsuffix"), std::string::npos);
}

TEST(public_suffix_list, may_be_asked_by_several_threads) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& count : wrong)
    threads.emplace_back([&count] {
      for (int i = 0; i < 2000; ++i) count += site("a.b.example.co.uk") != "example.co.uk";
    });
  for (std::thread& thread : threads) thread.join();
  for (const int count : wrong) EXPECT_EQ(count, 0);
}

}  // namespace
}  // namespace anonlog
