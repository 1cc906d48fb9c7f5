// The stream keeps what the library promises: fail closed, lose nothing, the same bytes for any pieces.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "stream_support.hpp"

using namespace anonlog;
using namespace anonlog::testing;

namespace {

using random_source = std::mt19937_64;

const std::string good_line =
    "203.0.113.195 - alice [15/Jan/2026:12:34:56 +0000] \"GET /users/42?token=s3cret HTTP/1.1\" 200 512 "
    "\"https://example.com/reset?u=1\" \"curl/8.5.0\"";
const std::string good_output =
    "203.0.113.0 - u-5jj7gc7miyixhgps [15/Jan/2026:12:00:00 +0000] \"GET /users/:num?token=* HTTP/1.1\" 200 512 "
    "\"https://example.com/\" \"curl/8 (tool)\"";

// A value as nginx writes it in its log.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    char code[5];
    std::snprintf(code, sizeof code, "\\x%02X", static_cast<unsigned>(byte));
    out += c == '"' || c == '\\' || byte < 0x20 || byte > 0x7E ? std::string(code) : std::string(1, c);
  }
  return out;
}

template <class List>
auto pick(random_source& random, const List& list) {
  return list[random() % std::size(list)];
}

// Text a client could send: pieces that once broke somebody's parser.
std::string hostile(random_source& random) {
  static const std::string parts[] = {"\"", "\\", "\\\"", " ", "] \"", " - ", "[", "]", "\x00", "\xFF\xFE", "caf\xC3\xA9", "\r",
                                      "%22", "%0a", "203.0.113.77", "2001:db8::77", "bob@example.org", "' OR 1=1", "\t", "-",
                                      "GET / HTTP/1.1", "200", "[10/Oct/2025:13:55:36 +0000]", "::", "x", "%40", "a=b&c=d", "/",
                                      "Mozilla/5.0 ", "Chrome/120.0.1 ", "(Windows NT 10.0)", "curl/8.5", "?", "#", ";", ","};
  std::string text;
  for (std::size_t i = random() % 8; i > 0; --i) text += pick(random, parts);
  return text;
}

std::string combined_line(random_source& random) {
  static const std::string hosts[] = {"203.0.113.195", "2001:db8:1:2:3:4:5:6", "::ffff:192.0.2.1", "host-1-2-3-4.example", "-"};
  static const std::string times[] = {"15/Jan/2026:12:34:56 +0000", "15/Jan/2026:23:59:60 +0530", "32/Jan/2026:12:00:00 +0000"};
  std::string user = hostile(random);
  if (user.empty()) user = "-";
  return pick(random, hosts) + " - " + escaped(user) + " [" + pick(random, times) + "] \"" + escaped(hostile(random)) + "\" " +
         std::to_string(100 + random() % 500) + " " + std::to_string(random() % 100000) + " \"" + escaped(hostile(random)) +
         "\" \"" + escaped(hostile(random)) + "\"";
}

// A line of any of the formats, or of none, with any line end.
std::string any_line(random_source& random) {
  static const std::string ends[] = {"\n", "\n", "\n", "\r\n"};
  switch (random() % 12) {
    case 0: return "\n";
    case 1: return std::string(random() % 300, ' ') + "\n";
    case 2: return hostile(random) + "\n";
    case 3: return std::string(1 + random() % 5000, 'x') + "\n";
    case 4: return "www.example.com:443 " + combined_line(random) + pick(random, ends);
    case 5: return combined_line(random) + " \"" + escaped(hostile(random)) + "\"" + pick(random, ends);
    case 6: {
      const std::string line = combined_line(random);
      return line.substr(0, random() % line.size()) + "\n";
    }
    default: return combined_line(random) + pick(random, ends);
  }
}

std::string any_log(random_source& random, std::size_t lines) {
  std::string log;
  while (lines-- > 0) log += any_line(random);
  if (random() % 2 == 0 && !log.empty()) log.pop_back();
  return log;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + (!text.empty() && text.back() != '\n' ? 1 : 0);
}

}  // namespace

TEST(stream, anonymises_a_line) {
  EXPECT_EQ(run(stream_setup{}, good_line + "\n").out, good_output + "\n");
}

TEST(stream, keeps_line_ends_as_they_are) {
  EXPECT_EQ(run(stream_setup{}, good_line).out, good_output);
  EXPECT_EQ(run(stream_setup{}, good_line + "\r\n" + good_line + "\r\n").out, good_output + "\r\n" + good_output + "\r\n");
  EXPECT_EQ(run(stream_setup{}, "").out, "");
}

// P6. The pieces also change where the buffers end, and how often they are full.
TEST(stream, gives_the_same_bytes_for_any_pieces) {
  random_source random(1);
  const auto rules = make_plan({.policy = "[rejects]\naction = \"skeleton\"\n[limits]\nline_bytes = 2000\n"});
  for (int round = 0; round < 60; ++round) {
    const std::string log = any_log(random, 1 + random() % 40);
    const streamed whole = run(rules, log, [](std::size_t left) { return left; });
    const streamed bytes = run(rules, log, [](std::size_t) { return 1; }, 0);
    const streamed pieces = run(rules, log, [&](std::size_t) { return random() % 700; }, random() % 3000);
    EXPECT_EQ(whole.out, bytes.out);
    EXPECT_EQ(whole.out, pieces.out);
    EXPECT_EQ(whole.skeletons, bytes.skeletons);
    EXPECT_EQ(whole.skeletons, pieces.skeletons);
    EXPECT_EQ(whole.counts.fields, bytes.counts.fields);
    EXPECT_EQ(whole.counts.rejects, pieces.counts.rejects);
    EXPECT_EQ(whole.counts.transforms.counts, pieces.counts.transforms.counts);
  }
}

// P5, and P4 for whole lines.
TEST(stream, loses_no_line_and_writes_lines_that_parse_again) {
  random_source random(2);
  const stream_setup setup{.policy = "[user]\nmode = \"drop\"\n[email]\nmode = \"drop\"\n"};
  for (int round = 0; round < 60; ++round) {
    const std::string log = any_log(random, 1 + random() % 60);
    const streamed first = run(setup, log);
    EXPECT_EQ(first.counts.lines_in, lines_of(log));
    EXPECT_EQ(first.counts.lines_in, first.counts.lines_out + first.counts.lines_rejected());
    EXPECT_EQ(lines_of(first.out), first.counts.lines_out);
    for (const char c : first.out) EXPECT_TRUE((c >= 0x20 && c <= 0x7E) || c == '\n' || c == '\r');
    const streamed second = run(setup, first.out);
    EXPECT_EQ(second.counts.lines_rejected(), 0u);
    EXPECT_EQ(second.counts.format_lines, first.counts.format_lines);
    EXPECT_EQ(second.out, first.out);  // P2: nothing here is a pseudonym
  }
}

// P1 over whole lines: everything that must disappear differs, and not one byte does.
TEST(stream, does_not_let_what_it_removes_make_a_difference) {
  random_source random(3);
  for (const char* preset : {"balanced", "strict", "google", "cnil", "german", "tor"}) {
    const auto rules = make_plan({.policy = "preset = \"" + std::string(preset) + "\"\n"});
    for (int round = 0; round < 40; ++round) {
      const auto number = [&](unsigned end) { return std::to_string(random() % end); };
      const auto two = [&](unsigned end) { const std::string text = number(end); return std::string(2 - text.size(), '0') + text; };
      const auto line = [&] {
        return "203.0.113." + number(256) + " - - [15/Jan/2026:12:" + two(60) + ":" + two(60) + " +0000] \"GET /users/" + number(99999) +
               "?sid=" + number(1u << 30) + " HTTP/1.1\" 200 5 \"https://example.com/" + number(1u << 30) + "?q=" + number(9) +
               "\" \"Mozilla/5.0 (Windows NT 10.0; id=" + number(1u << 30) + ") Chrome/120.0." + number(9999) + " Safari/537." + number(99) + "\"\n";
      };
      const auto whole = [](std::size_t left) { return left; };
      EXPECT_EQ(run(rules, line(), whole).out, run(rules, line(), whole).out) << preset;
    }
  }
}

TEST(stream, never_copies_a_line_that_does_not_fit) {
  const streamed told = run(stream_setup{.policy = "[rejects]\naction = \"skeleton\"\n"},
                            "192.0.2.1 - bob@example.org [broken \"GET /x\n" + good_line + "\n\n   \nunknown 203.0.113.9\n");
  EXPECT_EQ(told.out, good_output + "\n");
  EXPECT_EQ(told.skeletons, "x.x.x.x - x@x.x [x \"x /x\n\n   \nx x.x.x.x\n");
  EXPECT_EQ(told.counts.rejects[static_cast<std::size_t>(reject_cause::no_format)], 4u);
}

TEST(stream, counts_a_line_that_is_too_long_once_and_goes_on) {
  const stream_setup setup{.policy = "[limits]\nline_bytes = 1024\n"};
  const std::string long_agent(4000, 'a');
  const std::string long_line = good_line.substr(0, good_line.size() - 1) + long_agent + "\"";
  for (const std::string& end : {std::string("\n"), std::string("\r\n")}) {
    const std::string log = good_line + "\n" + long_line + end + good_line + "\n";
    for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, std::size_t{1024}, std::size_t{1025}, log.size()}) {
      const streamed told = run(make_plan(setup), log, [&](std::size_t) { return piece; });
      EXPECT_EQ(told.out, good_output + "\n" + good_output + "\n");
      EXPECT_EQ(told.counts.rejects[static_cast<std::size_t>(reject_cause::too_long)], 1u);
      EXPECT_EQ(told.counts.lines_in, 3u);
    }
  }
  const streamed unfinished = run(setup, long_line);
  EXPECT_EQ(unfinished.out, "");
  EXPECT_EQ(unfinished.counts.lines_rejected(), 1u);
}

TEST(stream, takes_lines_up_to_the_limit) {
  const std::string head = good_line.substr(0, good_line.size() - 1);
  const std::string exact = head + std::string(65536 - good_line.size(), 'a') + "\"";
  ASSERT_EQ(exact.size(), 65536u);
  EXPECT_EQ(run(stream_setup{}, exact + "\n").counts.lines_out, 1u);
  EXPECT_EQ(run(stream_setup{}, head + "a" + exact.substr(head.size()) + "\n").counts.lines_rejected(), 1u);
}

TEST(stream, stops_at_a_reject_when_told_to) {
  const streamed told = run(stream_setup{.policy = "[rejects]\naction = \"fail\"\n"}, good_line + "\nnonsense\n" + good_line + "\n");
  EXPECT_EQ(told.status, stream_status::stopped);
  EXPECT_EQ(told.out, good_output + "\n");
}

TEST(stream, writes_a_dash_for_every_field_it_does_not_know) {
  const streamed told = run(stream_setup{.format = "$remote_addr $my_secret_map $ssl_client_s_dn $request_id [$time_local]"},
                            "192.0.2.9 hunter2 CN=bob 5f3a [15/Jan/2026:12:34:56 +0000]\n");
  EXPECT_EQ(told.out, "192.0.2.0 - - - [15/Jan/2026:12:00:00 +0000]\n");
}

TEST(stream, lets_the_policy_name_a_field) {
  const streamed told = run(stream_setup{.format = "%h %{X-Account}i %{X-Trace}i", .policy = "[fields]\n\"X-Account\" = \"user\"\n\"%{x-trace}i\" = \"value\"\n"},
                            "192.0.2.9 alice abc\n");
  EXPECT_TRUE(told.out.starts_with("192.0.2.0 u-5jj7gc7miyixhgps x-")) << told.out;
}

TEST(stream, refuses_a_policy_for_fields_that_are_not_there) {
  for (const char* name : {"http_user_agents", "X-Acount", "nonsense"}) {
    plan_options options;
    options.format = R"(%h "%{User-Agent}i" %{X-Account}i)";
    ASSERT_FALSE(options.rules.set(std::string("fields.") + name, std::string("drop")));
    const auto made = plan::make(std::move(options));
    ASSERT_FALSE(made) << name;
    EXPECT_NE(made.error().message.find("no field"), std::string::npos);
  }
}

TEST(stream, treats_a_line_with_dnt_or_gpc_as_strict_does) {
  const std::string format = R"(%h %u %t "%r" %>s "%{User-Agent}i" "%{DNT}i" "%{Sec-GPC}i")";
  const auto line = [](const char* dnt, const char* gpc) {
    return std::string("203.0.113.195 alice [15/Jan/2026:12:34:56 +0000] \"GET /a/b?x=1 HTTP/1.1\" 200 \"curl/8.5.0\" \"") + dnt + "\" \"" + gpc + "\"\n";
  };
  const stream_setup balanced{.format = format}, strict{.format = format, .policy = "preset = \"strict\"\n"};
  const std::string wanted = run(strict, line("-", "-")).out;
  EXPECT_EQ(run(balanced, line("1", "-")).out, wanted);
  EXPECT_EQ(run(balanced, line("-", "1")).out, wanted);
  EXPECT_EQ(run(balanced, line("0", "yes")).out, run(balanced, line("-", "-")).out);
  EXPECT_NE(run(balanced, line("-", "-")).out, wanted);
  const stream_setup ignoring{.format = format, .policy = "[signals]\ndnt = \"ignore\"\n"};
  EXPECT_EQ(run(ignoring, line("1", "-")).out, run(ignoring, line("-", "-")).out);
  const streamed dropped = run(stream_setup{.format = format, .policy = "[signals]\ngpc = \"drop\"\n"}, line("-", "1") + line("-", "-"));
  EXPECT_EQ(dropped.counts.lines_withheld, 1u);
  EXPECT_EQ(dropped.counts.lines_out, 1u);
  EXPECT_EQ(dropped.counts.gpc_lines, 1u);
}

TEST(stream, writes_a_delimiter_in_the_slots_own_escape) {
  const std::string agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.1";
  // Unquoted, ended by a blank, by a bracket, and by the end of the line.
  EXPECT_EQ(run(stream_setup{.format = "$http_user_agent $status"}, agent + " 200\n").out, "Chrome/120%20(Windows) 200\n");
  EXPECT_EQ(run(stream_setup{.format = "[$http_x_forwarded_for] $status"}, "[192.0.2.1, 192.0.2.2] 200\n").out, "[192.0.2.0, 192.0.2.0] 200\n");
  EXPECT_EQ(run(stream_setup{.format = "$status $http_user_agent"}, "200 " + agent + "\n").out, "200 Chrome/120 (Windows)\n");
  EXPECT_EQ(run(stream_setup{.format = "$http_x_forwarded_for - $remote_user"}, "192.0.2.1, 192.0.2.2 - -\n").out, "192.0.2.0,%20192.0.2.0 - -\n");
  // Read again, nothing changes.
  EXPECT_EQ(run(stream_setup{.format = "$http_user_agent $status"}, "Chrome/120%20(Windows) 200\n").out, "Chrome/120%20(Windows) 200\n");
  EXPECT_EQ(run(stream_setup{.format = "$http_x_forwarded_for - $remote_user"}, "192.0.2.0,%20192.0.2.0 - -\n").out, "192.0.2.0,%20192.0.2.0 - -\n");
}

TEST(stream, escapes_the_quotes_of_forwarded_as_its_server_does) {
  const stream_setup nginx{.format = "\"$http_forwarded\""}, apache{.format = "\"%{Forwarded}i\""};
  EXPECT_EQ(run(nginx, R"("for=\x22[2001:db8:cafe::17]:4711\x22;proto=https")").out, R"("for=\x22[2001:db8:ca00::]:0\x22;proto=https")");
  EXPECT_EQ(run(apache, R"("for=\"[2001:db8:cafe::17]:4711\"")").out, R"("for=\"[2001:db8:ca00::]:0\"")");
  EXPECT_EQ(run(stream_setup{.format = "$http_forwarded"}, R"(for=\x22[2001:db8:cafe::17]\x22)").out, R"(for=\x22[2001:db8:ca00::]\x22)");
}

TEST(stream, uses_one_time_grid_for_all_clocks_of_a_record) {
  const stream_setup setup{.format = "$msec [$time_local] $time_iso8601"};
  EXPECT_EQ(run(setup, "1768481736.123 [15/Jan/2026:18:25:36 +0530] 2026-01-15T18:25:36+05:30\n").out,
            "1768480200.000 [15/Jan/2026:18:00:00 +0530] 2026-01-15T18:00:00+05:30\n");
  // Without a stamp that has a zone, the policy's.
  EXPECT_EQ(run(stream_setup{.format = "$msec", .policy = "[time]\nzone = \"+05:30\"\n"}, "1768481736.123\n").out, "1768480200.000\n");
}

TEST(stream, takes_the_epoch_before_for_a_record_without_a_time) {
  const std::string today = "192.0.2.1 - alice [15/Jan/2026:12:00:00 +0000] \"-\" 200 5\n";
  const std::string tomorrow = "192.0.2.1 - alice [16/Jan/2026:12:00:00 +0000] \"-\" 200 5\n";
  const std::string timeless = "192.0.2.1 - alice [99/Jan/2026:12:00:00 +0000] \"-\" 200 5\n";
  const stream_setup setup{.format = "common"};
  const auto user = [](const std::string& line) { return line.substr(line.find("u-"), 18); };
  const streamed told = run(setup, today + timeless + tomorrow + timeless);
  std::vector<std::string> users;
  for (std::size_t at = 0; (at = told.out.find("u-", at)) != std::string::npos; ++at) users.push_back(told.out.substr(at, 18));
  ASSERT_EQ(users.size(), 4u);
  EXPECT_EQ(users[0], "u-5jj7gc7miyixhgps");
  EXPECT_EQ(users[1], users[0]);
  EXPECT_NE(users[2], users[0]);
  EXPECT_EQ(users[3], users[2]);
  EXPECT_EQ(told.counts.epoch_guessed, 2u);
  EXPECT_EQ(user(run(setup, timeless).out), "u-5jj7gc7miyixhgps");  // the epoch of now
  EXPECT_EQ(run(stream_setup{.format = "common", .policy = "preset = \"strict\"\n"}, timeless + today).counts.rejects[static_cast<std::size_t>(reject_cause::unreadable_time)], 1u);
}

TEST(stream, writes_a_dash_when_no_era_covers_the_time) {
  const stream_setup setup{
      .format = "common",
      .keyring = "anonlog-keyring 1\nera old 2020-01-01T00:00:00Z 2021-01-01T00:00:00Z "
                 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f AL1:1a0aa810a91056bb\n"};
  const streamed told = run(setup, "192.0.2.1 - alice [15/Jan/2026:12:00:00 +0000] \"-\" 200 5\n");
  EXPECT_EQ(told.out, "192.0.2.0 - - [15/Jan/2026:12:00:00 +0000] \"-\" 200 5\n");
  EXPECT_EQ(told.counts.no_era, 1u);
}

// P7 for recipients, epochs and ephemeral keys.
TEST(stream, gives_unrelated_pseudonyms_to_recipients_days_and_runs) {
  const std::string line = "192.0.2.1 - alice [15/Jan/2026:12:00:00 +0000] \"-\" 200 5\n";
  const std::string next_day = "192.0.2.1 - alice [16/Jan/2026:12:00:00 +0000] \"-\" 200 5\n";
  const std::string own = run(stream_setup{.format = "common"}, line).out;
  EXPECT_EQ(own, run(stream_setup{.format = "common"}, line).out);
  EXPECT_NE(own, run(stream_setup{.format = "common", .recipient = "acme"}, line).out);
  EXPECT_NE(own.substr(0, 33), run(stream_setup{.format = "common"}, next_day).out.substr(0, 33));
  const stream_setup ephemeral{.format = "common", .keyring = ""};
  EXPECT_NE(run(ephemeral, line).out, run(ephemeral, line).out);
  const std::string twice = run(ephemeral, line + line).out;
  EXPECT_EQ(twice.substr(0, twice.size() / 2), twice.substr(twice.size() / 2));
}

TEST(stream, cannot_be_made_to_opt_out_by_quotes_and_backslashes) {
  for (const std::string& referrer : {std::string(R"(\")"), std::string(R"(\\)"), std::string(R"(x\" \"y)"), std::string(R"(\x22 \x22-\x22)")}) {
    const streamed told = run(stream_setup{}, "203.0.113.195 - - [15/Jan/2026:12:34:56 +0000] \"GET /" + referrer + " HTTP/1.1\" 200 512 \"" +
                                                  referrer + "\" \"" + referrer + "\"\n");
    EXPECT_EQ(told.counts.lines_out, 1u) << referrer;
    EXPECT_TRUE(told.out.starts_with("203.0.113.0 - - [15/Jan/2026:12:00:00 +0000] \"")) << told.out;
    EXPECT_TRUE(told.out.ends_with("\" 200 512 \"-\" \"Other (Other)\"\n")) << told.out;
  }
}

TEST(stream, cannot_be_made_to_opt_out_by_many_quotes) {
  std::string agent;
  for (int i = 0; i < 2000; ++i) agent += i % 2 == 0 ? R"(\")" : R"(\\)";
  const streamed told = run(stream_setup{}, good_line.substr(0, good_line.size() - 11) + agent + "\"\n");
  EXPECT_EQ(told.counts.lines_out, 1u);
}

TEST(stream, reads_the_empty_user_name_of_apache) {
  EXPECT_EQ(run(stream_setup{}, "192.0.2.1 - \"\" [15/Jan/2026:12:34:56 +0000] \"GET / HTTP/1.1\" 401 5\n").out,
            "192.0.2.0 - - [15/Jan/2026:12:00:00 +0000] \"GET / HTTP/1.1\" 401 5\n");
}

TEST(stream, explains_the_fields_of_a_line_within_a_line) {
  stream lines(plan::make({}).value());
  const std::string line = R"({"log":"203.0.113.77 - - [10/Oct/2000:13:55:36 +0000] \"GET /?user=ada HTTP/1.0\" 200 5\n","stream":"stderr"})";
  const stream::explanation told = lines.explain(raw(line));
  std::string names;
  for (const auto& field : told.fields) names += field.name + "=" + field.after + ";";
  EXPECT_EQ(names, "log / %h=203.0.113.0;log / %l=-;log / %u=-;log / %t=10/Oct/2000:13:00:00 +0000;log / %r=GET /?user=* HTTP/1.0;"
                   "log / %>s=200;log / %b=5;stream=\"stderr\";");
}

TEST(stream, explains_without_showing_what_went_in) {
  stream lines(make_plan({}));
  const stream::explanation told = lines.explain(raw(good_line));
  ASSERT_NE(told.format, nullptr);
  EXPECT_EQ(told.output, good_output);
  ASSERT_EQ(told.fields.size(), 9u);
  EXPECT_EQ(told.fields[0].after, "203.0.113.0");
  EXPECT_EQ(told.fields[0].result, outcome::reduced);
  EXPECT_EQ(lines.explain(raw("nonsense", 8)).format, nullptr);
}

// P10 for the report.
TEST(stream, reports_counts_and_no_content) {
  const auto rules = make_plan({});
  stream lines(rules);
  std::string room(rules->output_bound(rules->longest_line()), '\0');
  output_buffer out{room.data(), room.size()};
  const std::string log = good_line + "\nsecret-canary\n";
  input_buffer in{log.data(), log.size()};
  lines.feed(in, out);
  lines.finish(out);
  const std::string json = to_json(lines.counts(), lines.context());
  for (const char* canary : {"203.0", "alice", "s3cret", "reset?", "secret-canary", "users", "000102"})
    EXPECT_EQ(json.find(canary), std::string::npos) << canary;
  EXPECT_NE(json.find("\"lines\":{\"in\":2,\"out\":1,\"rejected\":1,\"withheld\":0}"), std::string::npos) << json;
  EXPECT_NE(json.find("\"ip\":{\"seen\":1,\"absent\":0,\"kept\":0,\"reduced\":1"), std::string::npos) << json;
  EXPECT_NE(json.find("\"placeholders\":{\"email\":0,\"uuid\":0,\"ip\":0,\"num\":1"), std::string::npos) << json;
  EXPECT_NE(json.find(rules->policy_fingerprint()), std::string::npos);
}
