// tests/cli/crew_test.cpp: what cli/crew.hpp promises, with blocks so small that thousands of turns are taken.
#include "cli/crew.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>

#include "cli/io_support.hpp"
#include "stream_support.hpp"

namespace anonlog::cli {
namespace {

using anonlog::testing::make_plan;
using anonlog::testing::stream_setup;
using namespace anonlog::cli::testing;

using random_source = std::mt19937_64;

constexpr std::size_t thread_counts[] = {1, 2, 3, 8};

const stream_setup with_skeletons{.policy = "[rejects]\naction = \"skeleton\"\n[limits]\nline_bytes = 2000\n"};

std::string line(const std::string& user, const std::string& day, const std::string& path) {
  return "203.0.113.195 - " + user + " [" + day + "/Jan/2026:12:34:56 +0000] \"GET /" + path +
         " HTTP/1.1\" 200 512 \"-\" \"curl/8.5.0\"";
}

// Lines of several days, some without a time, with other line ends, too long, empty or of no format; no last newline.
std::string any_log(random_source& random, std::size_t lines) {
  std::string log;
  for (std::size_t i = 0; i < lines; ++i) {
    const std::string user = "user" + std::to_string(random() % 50);
    const std::string day = random() % 4 == 0 ? "99" : std::to_string(10 + i * 9 / lines);
    switch (random() % 16) {
      case 0: log += "nonsense " + std::to_string(i) + "\n"; break;
      case 1: log += "\n"; break;
      case 2: log += line(user, day, "a") + "\r\n"; break;
      case 3: log += line(user, day, std::string(random() % 3000, 'x')) + "\n"; break;
      default: log += line(user, day, "p/" + std::to_string(random() % 100)) + "\n";
    }
  }
  log.pop_back();
  return log;
}

struct crew_work {
  std::string out;
  std::string skeletons;
  std::string report;
  reject_share watched;  // what the sink was told last
  std::size_t blocks = 0;
};

// As the command does it: a little by one, the rest by the crew, what that leaves by one again.
crew_work work(const std::shared_ptr<const plan>& rules, const std::vector<std::string>& files, std::size_t threads,
               std::size_t block_bytes) {
  crew_work done;
  stream lead(rules);
  crew all(lead, rules, crew::skeletons::wanted, block_bytes);
  std::string room(rules->output_bound(rules->longest_line()), '#'), rejects(stream::skeleton_room, '#');
  output_buffer out{room.data(), room.size()}, rejected{rejects.data(), rejects.size()};
  const auto take = [&] {
    done.out.append(out.data, std::exchange(out.pos, 0));
    done.skeletons.append(rejected.data, std::exchange(rejected.pos, 0));
  };
  std::array<char, 100> piece;
  for (const std::string& file : files) {
    input from = std::move(input::open(file)).value();
    for (;;) {
      const read_status got = from.read_some(piece.data(), piece.size());
      if (got.state != read_state::data) break;
      input_buffer in{piece.data(), got.count};
      while (lead.feed(in, out, &rejected) == stream_status::need_room) take();
      take();
      EXPECT_TRUE(all.work(from, threads, [&](const finished_lines& lines) {
        ++done.blocks;
        done.out.append(lines.lines);
        done.skeletons.append(lines.skeletons);
        done.watched = lines.so_far;
        return true;
      }));
    }
    while (lead.finish(out, &rejected) == stream_status::need_room) take();
    take();
  }
  done.report = to_json(lead.counts(), lead.context());
  return done;
}

// The pseudonyms of each user and day.
std::map<std::string, std::set<std::string>> tokens_of(const std::string& in, const std::string& out) {
  std::map<std::string, std::set<std::string>> tokens;
  for (std::size_t a = 0, b = 0; a < in.size();) {
    const std::size_t end_a = in.find('\n', a), end_b = out.find('\n', b);
    const std::string before = in.substr(a, end_a - a), after = out.substr(b, end_b - b);
    const auto user = [](const std::string& text) { return text.substr(text.find(" - ") + 3, text.find(" [") - text.find(" - ") - 3); };
    tokens[user(before) + before.substr(before.find('['), 3)].insert(user(after));
    a = end_a + 1;
    b = end_b + 1;
  }
  return tokens;
}

TEST(crew, gives_the_bytes_and_the_counts_of_one_thread) {
  random_source random(1);
  const folder home;
  const auto rules = make_plan(with_skeletons);
  for (const packing kind : {packing::none, packing::gzip, packing::zstd}) {
    const std::string log = any_log(random, 4000);
    put(home / "log", kind == packing::none ? log : packed(kind, log));
    const anonlog::testing::streamed one = anonlog::testing::run(rules, log, [](std::size_t left) { return left; });
    std::string report;
    for (const std::size_t threads : thread_counts) {
      for (const std::size_t block_bytes : {std::size_t{700}, std::size_t{5000}, std::size_t{1} << 20}) {
        const crew_work many = work(rules, {home / "log"}, threads, block_bytes);
        EXPECT_TRUE(many.out == one.out);
        EXPECT_TRUE(many.skeletons == one.skeletons);
        if (report.empty()) report = many.report;
        EXPECT_EQ(many.report, report);
        EXPECT_EQ(many.blocks > 200, block_bytes == 700) << many.blocks;
      }
    }
    EXPECT_NE(report.find("\"in\":4000,"), std::string::npos) << report;
    EXPECT_NE(report.find("{\"in\":" + std::to_string(log.size()) + ","), std::string::npos) << report;
  }
}

TEST(crew, gives_several_files_to_the_same_streams) {
  random_source random(2);
  const folder home;
  const auto rules = make_plan(with_skeletons);
  const std::string first = any_log(random, 300), second = any_log(random, 300);
  put(home / "a", first);
  put(home / "b", packed(packing::zstd, second));
  put(home / "empty", "");
  const std::vector<std::string> files = {home / "a", home / "empty", home / "b", home / "a"};
  const crew_work one = work(rules, files, 1, 1 << 20);
  for (const std::size_t threads : thread_counts) {
    const crew_work many = work(rules, files, threads, 800);
    EXPECT_TRUE(many.out == one.out);
    EXPECT_EQ(many.report, one.report);
  }
}

TEST(crew, takes_the_epoch_before_for_a_record_without_a_time_in_another_block) {
  const folder home;
  std::string log;
  for (int day = 10; day < 30; ++day) {
    log += line("alice", std::to_string(day), "x") + "\n";
    for (int i = 0; i < 50; ++i) log += line("alice", "99", "x") + "\n";
  }
  put(home / "log", log);
  const stream_setup ephemeral{.keyring = ""};
  for (const stream_setup& setup : {stream_setup{}, ephemeral}) {
    for (const std::size_t threads : thread_counts) {
      const crew_work done = work(make_plan(setup), {home / "log"}, threads, 500);
      std::vector<std::string> users;
      for (std::size_t at = 0; (at = done.out.find("u-", at)) != std::string::npos; ++at)
        if (users.empty() || users.back() != done.out.substr(at, 18)) users.push_back(done.out.substr(at, 18));
      EXPECT_EQ(users.size(), 20u) << threads;
      EXPECT_NE(done.report.find("\"guessed\":1000,"), std::string::npos) << done.report;
    }
  }
}

TEST(crew, without_times_gives_all_records_one_epoch) {
  const folder home;
  std::string log;
  for (int i = 0; i < 2000; ++i) log += "192.0.2.1 alice " + std::to_string(i) + "\n";
  put(home / "log", log);
  const crew_work done = work(make_plan({.format = "$remote_addr $remote_user $status", .keyring = ""}), {home / "log"}, 8, 400);
  std::set<std::string> users;
  for (std::size_t at = 0; (at = done.out.find("u-", at)) != std::string::npos; ++at) users.insert(done.out.substr(at, 18));
  EXPECT_EQ(users.size(), 1u);
}

TEST(crew, gives_one_user_one_ephemeral_pseudonym_in_an_epoch) {
  random_source random(3);
  const folder home;
  std::string log;
  for (int i = 0; i < 12000; ++i)  // days of a few lines and of many, some a day behind, several in one block
    log += line("user" + std::to_string(random() % 9), std::to_string(10 + i / 700 - (i > 1000 ? static_cast<int>(random() % 2) : 0)), "x") + "\n";
  put(home / "log", log);
  const auto rules = make_plan({.keyring = ""});
  for (const std::size_t block_bytes : {std::size_t{600}, std::size_t{4000}, std::size_t{200000}}) {
    const crew_work done = work(rules, {home / "log"}, 4, block_bytes);
    for (const auto& [user, tokens] : tokens_of(log, done.out)) EXPECT_EQ(tokens.size(), 1u) << user;
    EXPECT_NE(done.report.find("\"late\":0,"), std::string::npos) << done.report;
  }
  EXPECT_NE(work(rules, {home / "log"}, 2, 4000).out, work(rules, {home / "log"}, 2, 4000).out);  // of another run
}

TEST(crew, never_draws_an_epoch_again_that_an_earlier_file_has_left_behind) {
  const folder home;
  std::string log;
  for (const char* day : {"10", "11", "12"})
    for (int i = 0; i < 200; ++i) log += line("alice", day, "x") + "\n";
  put(home / "log", log);
  const crew_work done = work(make_plan({.keyring = ""}), {home / "log", home / "log"}, 3, 500);
  const auto tokens = tokens_of(log + log, done.out);
  EXPECT_EQ(tokens.at("alice[10").size(), 201u);  // the second time late: one for each line
  EXPECT_EQ(tokens.at("alice[12").size(), 1u);
  EXPECT_NE(done.report.find("\"late\":200,"), std::string::npos) << done.report;
}

TEST(crew, tells_how_many_of_the_lines_so_far_were_rejects) {
  const folder home;
  std::string log;
  for (int i = 0; i < 1000; ++i) log += i % 4 == 0 ? "nonsense\n" : line("bob", "10", "x") + "\n";
  put(home / "log", log);
  const crew_work done = work(make_plan(with_skeletons), {home / "log"}, 3, 600);
  EXPECT_EQ(done.watched.lines, 1000u);
  EXPECT_EQ(done.watched.rejects, 250u);
}

TEST(crew, writes_what_is_more_than_its_room_in_parts) {
  const folder home;
  std::string log;
  for (std::size_t i = 0; i < 60000; ++i) log += std::string(1 + i * 7919 % 50, '?') + "\n";
  put(home / "log", log);
  const crew_work done = work(make_plan(with_skeletons), {home / "log"}, 3, 200000);  // there is room for 64 KiB of skeletons
  EXPECT_TRUE(done.skeletons == log);  // not EXPECT_EQ: it would look for the difference for minutes
}

TEST(crew, stops_when_nothing_more_is_wanted) {
  const folder home;
  std::string log;
  for (int i = 0; i < 2000; ++i) log += line("bob", "10", std::to_string(i)) + "\n";
  put(home / "log", log);
  const auto rules = make_plan({});
  for (const std::size_t threads : thread_counts) {
    stream lead(rules);
    crew all(lead, rules, crew::skeletons::not_wanted, 600);
    input from = std::move(input::open(home / "log")).value();
    std::size_t blocks = 0;
    EXPECT_FALSE(all.work(from, threads, [&](const finished_lines&) { return ++blocks < 20; }));
    EXPECT_EQ(blocks, 20u);
  }
}

TEST(crew, throws_what_a_thread_has_thrown) {
  const folder home;
  std::string log;
  for (int i = 0; i < 2000; ++i) log += line("bob", "10", std::to_string(i)) + "\n";
  put(home / "log", log);
  const auto rules = make_plan({});
  for (const std::size_t threads : thread_counts) {
    stream lead(rules);
    crew all(lead, rules, crew::skeletons::not_wanted, 600);
    input from = std::move(input::open(home / "log")).value();
    std::size_t blocks = 0;
    const auto fail_later = [&](const finished_lines&) -> bool {
      if (++blocks == 20) throw std::length_error("too much");
      return true;
    };
    EXPECT_THROW(all.work(from, threads, fail_later), std::length_error);
    EXPECT_EQ(blocks, 20u);
  }
}

TEST(crew, holds_no_whole_line_back_when_a_pipe_pauses) {
  const auto rules = make_plan({});
  const folder home;
  ASSERT_EQ(::mkfifo((home / "pipe").c_str(), 0600), 0);
  input from = std::move(input::open(home / "pipe")).value();
  const descriptor writer(::open((home / "pipe").c_str(), O_WRONLY));
  stream lead(rules);
  crew all(lead, rules, crew::skeletons::not_wanted, 700);
  std::string out;
  const auto take = [&](const finished_lines& done) { return out.append(done.lines), true; };
  const std::string whole = line("bob", "10", "x") + "\n";
  for (std::size_t count : {1u, 2u, 30u}) {
    std::string log;
    for (std::size_t i = 0; i < count; ++i) log += whole;
    log += whole.substr(0, 40);  // and the rest with the next
    ASSERT_EQ(::write(writer.get(), log.data() + (out.empty() ? 0 : 40), log.size() - (out.empty() ? 0 : 40)),
              static_cast<ssize_t>(log.size() - (out.empty() ? 0 : 40)));
    const auto before = static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n'));
    EXPECT_TRUE(all.work(from, 3, take));
    EXPECT_EQ(static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n')) - before, count);
  }
}

}  // namespace
}  // namespace anonlog::cli
