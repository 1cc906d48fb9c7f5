// cli/output_test.cpp: whole lines or nothing, whatever becomes of the disk and of the reader.
#include "cli/output.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <random>

#include "cli/signals.hpp"
#include "io_support.hpp"

namespace anonlog::cli {
namespace {

using namespace testing;

constexpr char line[] = "0123456789 0123456789 0123456789\n";  // 33 bytes: no limit below falls on its end

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

std::string incompressible_lines(std::size_t bytes) {
  std::mt19937_64 random(3);
  std::string text;
  while (text.size() < bytes) text += std::to_string(random()) + std::to_string(random()) + "\n";
  return text;
}

void limit_file_size(rlim_t bytes) {
  const rlimit limit{bytes, bytes};
  (void)::setrlimit(RLIMIT_FSIZE, &limit);
}

TEST(output, a_replaced_file_appears_whole_and_leaves_nothing_beside_it) {
  const folder here;
  put(here / "a", "old\n");
  {
    result<output> made = output::replace(here / "a");
    ASSERT_TRUE(made);
    ASSERT_TRUE(made->write("new\n").is_done());
    EXPECT_EQ(content(here / "a"), "old\n");
    ASSERT_TRUE(made->commit().is_done());
    EXPECT_TRUE(made->commit().is_done());  // once is enough
  }
  EXPECT_EQ(content(here / "a"), "new\n");
  EXPECT_EQ(here.count(), 1u);
}

TEST(output, an_abandoned_file_is_as_it_was) {
  const folder here;
  put(here / "a", "old\n");
  {
    result<output> made = output::replace(here / "a");
    ASSERT_TRUE(made);
    ASSERT_TRUE(made->write("new\n").is_done());
    EXPECT_EQ(here.count(), 2u);
    made->abandon();
    EXPECT_EQ(here.count(), 1u);
  }
  {
    result<output> made = output::replace(here / "b");  // never committed: the destructor abandons
    ASSERT_TRUE(made);
    ASSERT_TRUE(made->write("new\n").is_done());
  }
  EXPECT_EQ(content(here / "a"), "old\n");
  EXPECT_EQ(here.count(), 1u);
}

TEST(output, keeps_the_mode_of_what_it_replaces_and_obeys_the_umask_else) {
  const folder here;
  put(here / "a", "old\n");
  ::chmod((here / "a").c_str(), 0640);
  const mode_t before = ::umask(027);
  for (const char* name : {"a", "b"}) {
    result<output> made = output::replace(here / name);
    ASSERT_TRUE(made);
    ASSERT_TRUE(made->commit().is_done());
  }
  ::umask(before);
  EXPECT_EQ(mode_of(here / "a"), 0640u);
  EXPECT_EQ(mode_of(here / "b"), 0640u);
  ::chmod((here / "a").c_str(), 0604);
  result<output> made = output::replace(here / "a");
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->commit().is_done());
  EXPECT_EQ(mode_of(here / "a"), 0604u);
}

TEST(output, a_symbolic_link_stays_and_its_target_is_replaced) {
  const folder here;
  std::filesystem::create_directory(here / "d");
  put(here / "d/target", "old\n");
  ASSERT_EQ(::symlink("d/target", (here / "link").c_str()), 0);
  ASSERT_EQ(::symlink("d/not yet", (here / "dangling").c_str()), 0);
  ASSERT_EQ(::symlink("loop", (here / "loop").c_str()), 0);
  for (const char* name : {"link", "dangling"}) {
    result<output> made = output::replace(here / name);
    ASSERT_TRUE(made);
    ASSERT_TRUE(made->write("new\n").is_done());
    ASSERT_TRUE(made->commit().is_done());
    EXPECT_TRUE(std::filesystem::is_symlink(here / name));
  }
  EXPECT_EQ(content(here / "d/target"), "new\n");
  EXPECT_EQ(content(here / "d/not yet"), "new\n");
  EXPECT_FALSE(output::replace(here / "loop"));
}

TEST(output, names_the_path_and_the_reason) {
  const folder here;
  EXPECT_EQ(output::replace(here / "").error().message, (here / "") + ": Is a directory");
  EXPECT_EQ(output::replace(here / "no/a").error().message, (here / "no/a") + ": No such file or directory");
  EXPECT_EQ(output::append(here / "no/a").error().message, (here / "no/a") + ": No such file or directory");
  EXPECT_FALSE(output::replace(""));
  EXPECT_EQ(here.count(), 0u);
}

TEST(output, what_is_no_file_is_never_replaced) {
  struct stat before {};
  ASSERT_EQ(::stat("/dev/null", &before), 0);
  result<output> made = output::replace("/dev/null");
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->is_replacing());
  EXPECT_TRUE(made->write(line).is_done());
  EXPECT_TRUE(made->commit().is_done());
  struct stat after {};
  ASSERT_EQ(::stat("/dev/null", &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST(output, a_full_disk_is_named) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP();
  result<output> made = output::append("/dev/full");
  ASSERT_TRUE(made);
  const write_status status = made->write(line);
  EXPECT_EQ(status.state, write_state::failed);
  EXPECT_EQ(status.message, "/dev/full: No space left on device");
  EXPECT_EQ(made->write(line).message, status.message);  // and stays so
  EXPECT_EQ(made->commit().state, write_state::failed);
}

TEST(output, standard_output_is_called_so) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP();
  EXPECT_EQ(in_child([] {
              ::dup2(::open("/dev/full", O_WRONLY), 1);
              result<output> made = output::standard_output();
              return made && made->write(line).message == "standard output: No space left on device" ? 0 : 1;
            }),
            0);
}

TEST(output, a_closed_standard_output_is_an_error) {
  EXPECT_EQ(in_child([] {
              ::close(1);
              occupy_standard_descriptors();
              result<output> made = output::standard_output();
              return made && made->write(line).message == "standard output: Bad file descriptor" ? 0 : 1;
            }),
            0);
}

TEST(output, a_refused_write_leaves_whole_lines_on_standard_output) {
  const folder here;
  for (const int flags : {O_TRUNC, O_APPEND}) {
    put(here / "a", "kept\n");
    EXPECT_EQ(in_child([&] {
                watch_signals(on_hangup::stop);
                limit_file_size(1000);
                ::dup2(::open((here / "a").c_str(), O_WRONLY | flags), 1);
                result<output> made = output::standard_output();
                if (!made || !made->write(lines(10)).is_done()) return 1;
                const write_status status = made->write(lines(100));
                return status.message == "standard output: File too large" ? 0 : 2;
              }),
              0);
    const std::string before = flags == O_APPEND ? "kept\n" : "";
    EXPECT_EQ(content(here / "a"), before + lines(30));
  }
}

TEST(output, a_refused_write_leaves_whole_lines_in_an_appended_file) {
  const folder here;
  put(here / "a", "kept\n");
  EXPECT_EQ(in_child([&] {
              watch_signals(on_hangup::reopen);
              limit_file_size(1000);
              result<output> made = output::append(here / "a");
              if (!made) return 1;
              const write_status status = made->write(lines(100));
              if (status.message != (here / "a") + ": File too large") return 2;
              return status.written_bytes == lines(30).size() && made->write(line).written_bytes == 0 ? 0 : 3;
            }),
            0);
  EXPECT_EQ(content(here / "a"), "kept\n" + lines(30));
}

TEST(output, a_refused_write_leaves_whole_members_in_a_packed_appended_file) {
  const folder here;
  for (const char* name : {"a.gz", "a.zst"}) {
    EXPECT_EQ(in_child([&] {
                watch_signals(on_hangup::reopen);
                limit_file_size(100'000);
                result<output> made = output::append(here / name);
                if (!made || !made->write(lines(2)).is_done() || !made->flush().is_done()) return 1;
                if (!made->write(incompressible_lines(1 << 20)).is_done()) return 0;
                return made->flush().is_done() ? 2 : 0;
              }),
              0);
    const read_all_result all = read_file(here / name);
    EXPECT_EQ(all.last.state, read_state::end) << name;
    EXPECT_EQ(all.text, lines(2)) << name;
  }
}

TEST(output, a_refused_write_leaves_a_replaced_file_as_it_was) {
  const folder here;
  for (const char* name : {"a", "a.gz", "a.zst"}) {
    put(here / name, "old\n");
    EXPECT_EQ(in_child([&] {
                watch_signals(on_hangup::stop);
                limit_file_size(1000);
                result<output> made = output::replace(here / name);
                if (!made) return 1;
                write_status status = made->write(incompressible_lines(1 << 20));
                if (status.is_done()) status = made->commit();
                return status.message == (here / name) + ": File too large" ? 0 : 2;
              }),
              0);
    EXPECT_EQ(content(here / name), "old\n");
  }
  EXPECT_EQ(here.count(), 3u);
}

TEST(output, what_others_wrote_behind_us_is_not_cut) {
  const folder here;
  put(here / "a", std::string(2000, 'x'));
  EXPECT_EQ(in_child([&] {
              watch_signals(on_hangup::stop);
              ::dup2(::open((here / "a").c_str(), O_WRONLY), 1);
              limit_file_size(1000);
              result<output> made = output::standard_output();
              if (!made) return 1;
              const write_status status = made->write(lines(100));
              return status.message == "standard output: File too large; the last line written is incomplete" ? 0 : 2;
            }),
            0);
  EXPECT_EQ(content(here / "a").size(), 2000u);
}

TEST(output, packed_files_hold_the_lines_and_are_valid_when_empty) {
  const folder here;
  const std::string text = incompressible_lines(2 << 20);
  for (const char* name : {"a.gz", "a.zst"}) {
    for (const std::string& whole : {std::string(), text}) {
      result<output> made = output::replace(here / name);
      ASSERT_TRUE(made);
      ASSERT_TRUE(made->write(whole).is_done());
      ASSERT_TRUE(made->flush().is_done());
      ASSERT_TRUE(made->commit().is_done());
      EXPECT_GT(content(here / name).size(), 0u);
      const read_all_result all = read_file(here / name);
      EXPECT_TRUE(all.text == whole);
      EXPECT_EQ(all.last.state, read_state::end);
    }
  }
}

TEST(output, a_flushed_packed_log_is_whole_at_any_time) {
  const folder here;
  for (const char* name : {"a.gz", "a.zst"}) {
    for (int run = 0; run < 2; ++run) {
      result<output> made = output::append(here / name);
      ASSERT_TRUE(made);
      for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(made->write(line).is_done());
        ASSERT_TRUE(made->flush().is_done());
        const read_all_result all = read_file(here / name);
        EXPECT_EQ(all.text, lines(run * 3 + i + 1));
        EXPECT_EQ(all.last.state, read_state::end);
      }
      if (run == 1) {
        EXPECT_TRUE(made->commit().is_done());
      }
    }
  }
}

TEST(output, a_rotated_log_goes_on_under_its_name) {
  const folder here;
  for (const char* name : {"a", "a.gz"}) {
    const std::string old = here / (std::string(name) + ".1");
    result<output> made = output::append(here / name);
    ASSERT_TRUE(made);
    ASSERT_TRUE(made->write("one\n").is_done());
    ASSERT_EQ(::rename((here / name).c_str(), old.c_str()), 0);
    ASSERT_TRUE(made->write("two\n").is_done());
    ASSERT_TRUE(made->reopen().is_done());
    ASSERT_TRUE(made->write("three\n").is_done());
    ASSERT_TRUE(made->commit().is_done());
    EXPECT_EQ(read_file(old).text, "one\ntwo\n");
    EXPECT_EQ(read_file(here / name).text, "three\n");
  }
}

TEST(output, a_failed_reopen_keeps_the_old_file) {
  const folder here;
  std::filesystem::create_directory(here / "d");
  result<output> made = output::append(here / "d/a");
  ASSERT_TRUE(made);
  ASSERT_EQ(::rename((here / "d").c_str(), (here / "e").c_str()), 0);
  const write_status status = made->reopen();
  EXPECT_EQ(status.message, (here / "d/a") + ": No such file or directory");
  ASSERT_TRUE(made->write(line).is_done());
  ASSERT_TRUE(made->commit().is_done());
  EXPECT_EQ(content(here / "e/a"), line);
}

TEST(output, a_reader_that_left_is_told_apart) {
  EXPECT_EQ(in_child([] {
              watch_signals(on_hangup::stop);
              int ends[2];
              if (::pipe(ends) != 0) return 1;
              ::dup2(ends[1], 1);
              ::close(ends[1]);
              result<output> made = output::standard_output();
              if (!made || !made->write(line).is_done()) return 2;
              ::close(ends[0]);
              return made->write(line).state == write_state::reader_gone ? 0 : 3;
            }),
            0);
}

TEST(output, a_stop_tells_how_much_a_reader_that_takes_no_more_has_got) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string text = lines(100'000);  // more than a pipe holds
  EXPECT_EQ(in_child([&] {
              watch_signals(on_hangup::stop);
              ::dup2(ends[1], 1);
              result<output> made = output::standard_output();
              (void)::raise(SIGTERM);
              if (!made) return 1;
              const write_status status = made->write(text);
              if (status.state != write_state::stopped) return 2;
              return status.written_bytes % (sizeof line - 1) == 0 && status.written_bytes != 0 && status.written_bytes < text.size() ? 0 : 3;
            }),
            0);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(output, a_pipe_gets_everything_however_slow_its_reader) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string text = incompressible_lines(std::size_t{5} << 20);
  const pid_t child = start_child([&] {
    ::close(ends[0]);
    ::dup2(ends[1], 1);
    ::close(ends[1]);
    result<output> made = output::standard_output();
    return made && made->write(text).is_done() && made->commit().is_done() ? 0 : 1;
  });
  ::close(ends[1]);
  std::string got;
  char buffer[60'000];
  for (ssize_t count; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    got.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  EXPECT_EQ(wait_for_child(child), 0);
  EXPECT_TRUE(got == text);
}

TEST(output, a_moved_output_is_still_one_output) {
  const folder here;
  result<output> made = output::replace(here / "a");
  ASSERT_TRUE(made);
  output moved = std::move(*made);
  result<output> other = output::replace(here / "b");
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->write("b\n").is_done());
  moved = std::move(*other);  // abandons a
  ASSERT_TRUE(moved.commit().is_done());
  EXPECT_EQ(content(here / "b"), "b\n");
  EXPECT_EQ(here.count(), 1u);
}

}  // namespace
}  // namespace anonlog::cli
