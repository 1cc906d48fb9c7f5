// Lines of JSON that are read by their shape give the same bytes, skeletons and counts as on the exact path: for every
// kernel and policy, for lines that are plain and lines that just are not, and wherever the input is cut.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "stream_support.hpp"

using namespace anonlog;
using namespace anonlog::testing;

namespace {

using random_source = std::mt19937;

std::vector<std::string> kernels() {
  std::vector<std::string> names;
  for (const std::string_view name : kernel_names)
    if (find_kernel(name)) names.emplace_back(name);
  return names;
}

const char* const policies[] = {
    "version = 1\n",
    "preset = \"strict\"\n",
    "preset = \"tor\"\n",
    "preset = \"cnil\"\n",
    "[ip]\nmode = \"token\"\n[query]\nlevel = \"hash\"\n",
    "[ip]\nv4 = 8\nv6 = 33\nkeep = [\"private\", \"documentation\"]\n",
    "[time]\ngrid = 60\n[bytes]\ndigits = 2\n[duration]\ndigits = 1\n",
    "accept_weak = true\n[time]\ngrid = 1\n[agent]\nlevel = \"full\"\n[path]\nlevel = \"keep\"\n[query]\nlevel = \"full\"\n",
    "[time]\ngrid = 300\n[epoch]\nlength = 3600\noffset = 1000\n",
    "accept_weak = true\n[time]\ngrid = 10\n[referrer]\nlevel = \"full\"\n[server]\nmode = \"drop\"\n",
    "[limits]\nline_bytes = 12000\n[rejects]\naction = \"skeleton\"\n",
    "[fields]\nstatus = \"user\"\nown = \"text\"\nhost = \"host\"\nid = \"value\"\n",
    "[signals]\ndnt = \"drop\"\n",
};

std::string pick(random_source& random, std::initializer_list<const char*> from) { return from.begin()[random() % from.size()]; }

std::string address(random_source& random) {
  if (random() % 3 != 0) return std::to_string(random() % 256) + "." + std::to_string(random() % 256) + "." + std::to_string(random() % 256) + "." + std::to_string(random() % 256);
  return pick(random, {"2001:db8::1", "2a02:8070:abcd:12::7", "::1", "::ffff:1.2.3.4", "fe80::1%eth0", "2002:cb00:71c3::1", "1:2:3:4:5:6:7:8", "unknown", "", "-",
                       "203.0.113.9:8080", "[2001:db8::1]:443", "001.2.3.4", "10.0.0.1", "host-1-2-3-4.isp.example", "1.2.3.4 ", "1.2.3.4.5", "2a00::1450::1"});
}

std::string stamp(random_source& random, int form, int second) {
  if (random() % 200 == 0) return pick(random, {"", "-", "2026-02-31T13:55:36Z", "2026-01-10T13:55:60Z", "2026-01-10", "10/Jan/2026:24:00:00 +0000", "1768053300"});
  const int hour = second / 3600 % 24, minute = second / 60 % 60, day = 10 + second / 86400;
  char text[64];
  switch (form) {
    case 0: std::snprintf(text, sizeof text, "2026-01-%02dT%02d:%02d:%02d+00:00", day, hour, minute, second % 60); break;
    case 1: std::snprintf(text, sizeof text, "%02d/Jan/2026:%02d:%02d:%02d %s", day, hour, minute, second % 60, random() % 100 == 0 ? "+0530" : "+0000"); break;
    case 2: std::snprintf(text, sizeof text, "2026-01-%02dT%02d:%02d:%02d.%03uZ", day, hour, minute, second % 60, static_cast<unsigned>(random() % 1000)); break;
    default: std::snprintf(text, sizeof text, "[%02d/Jan/2026:%02d:%02d:%02d +0100]", day, hour, minute, second % 60); break;
  }
  return text;
}

std::string request(random_source& random) {
  return pick(random, {"GET", "GET", "GET", "POST", "CONNECT", "BREW", "get", ""}) + (random() % 50 == 0 ? "  " : " ") +
         pick(random, {"/", "/users/4711/mail?token=s3cret&page=2", "/u/bob@example.com", "*", "/a b", "http://example.com/x?y=1", "/x#frag", "",
                       "/550e8400-e29b-41d4-a716-446655440000", "/products/winter-sale?utm_source=news&sid=0123456789abcdef"}) +
         " " + pick(random, {"HTTP/1.1", "HTTP/1.1", "HTTP/2.0", "HTTP/2", "HTTP/4", ""});
}

std::string text(random_source& random, std::initializer_list<const char*> usual) {
  if (random() % 60 != 0) return pick(random, usual);
  return pick(random, {"", "-", "caf\xC3\xA9", "\xFF", "\\\"", "\\u0041da", "\\/x", "\\", "\x01", "\x7F", "\t", "a\\nb", "ada@example.org", "203.0.113.7", "1", "x\\u005Cx", "{", "}", ",", ":", "[1]"});
}

std::string number(random_source& random) {
  if (random() % 12 != 0) return pick(random, {"0", "512", "17225", "0.003", "12.5", "200", "404"});
  return pick(random, {"", "-", "-0", "-5", "01", "00", "1.", ".5", "1.2.3", "1e5", "1E-5", "18446744073709551615", "18446744073709551616", "1234567890123456", "12345678901234567",
                       "99999999999999999999", "0.1234567890123456789", "null", "true", "\"1\"", "0x1f", "1 ", " 1", "200 ", "{}", "[]", "NaN"});
}

std::string quoted(const std::string& value) { return '"' + value + '"'; }

// A line of one of a few servers.
std::string line(random_source& random, int second) {
  const unsigned server = static_cast<unsigned>(random() % 20 == 0 ? random() % 11 : random() % 2 * 3);
  const std::string agent = text(random, {"curl/8.5.0", "-", "", "Mozilla/5.0 (X11; Linux x86_64; rv:64.0) Gecko/20100101 Firefox/64.0", "Googlebot/2.1"});
  const std::string referrer = text(random, {"", "-", "https://www.example.com/reset?u=ada", "https://EXAMPLE.com/x", "http://203.0.113.195/admin", "https://bob@example.com/"});
  const std::string user = text(random, {"", "", "-", "ada", "bob@example.org"});
  const std::string host = text(random, {"www.example.com", "www.example.com", "shop.example.org:8443", "203.0.113.7"});
  switch (server) {
    case 0:
      return "{\"time_iso8601\":" + quoted(stamp(random, 0, second)) + ",\"remote_addr\":" + quoted(address(random)) + ",\"remote_user\":" + quoted(user) +
             ",\"request\":" + quoted(request(random)) + ",\"status\":" + number(random) + ",\"body_bytes_sent\":" + number(random) + ",\"request_time\":" + number(random) +
             ",\"http_referer\":" + quoted(referrer) + ",\"http_user_agent\":" + quoted(agent) + "}";
    case 1:  // nested, with words and names nobody knows
      return "{ \"level\": \"info\", \"ts\": " + quoted(stamp(random, 2, second)) + ", \"request\": {\"remote_ip\": " + quoted(address(random)) + ", \"proto\": \"HTTP/2.0\", \"method\": " +
             quoted(text(random, {"GET", "POST", "BREW"})) + ", \"uri\": " + quoted(text(random, {"/a", "/b?c=d", "/u/bob@example.com"})) + ", \"host\": " + quoted(host) +
             ", \"tls\": {\"resumed\": " + pick(random, {"true", "false", "null"}) + "}, \"headers\": {\"User-Agent\": [" + quoted(agent) + "]}}, \"own thing\": " + number(random) +
             ", \"status\": " + number(random) + ", \"flag\": " + pick(random, {"true", "false"}) + ", \"nothing\": null }";
    case 2:  // twice the same name, the client as host, a port
      return "{\"host\":" + quoted(address(random)) + ",\"time\":" + quoted(stamp(random, 1, second)) + ",\"status\":\"200\",\"status\":" + quoted(text(random, {"404", "502, 200", "20"})) +
             ",\"bytes\":" + quoted(number(random)) + ",\"id\":" + quoted(text(random, {"abc", "4711"})) + "}";
    case 3:
      return "{\"time_local\":" + quoted(stamp(random, 1, second)) + ",\"remote_addr\":" + quoted(address(random)) + ",\"xff\":" + quoted(text(random, {"", "198.51.100.9, 10.0.0.1"})) +
             ",\"host\":" + quoted(host) + ",\"request_method\":" + quoted(text(random, {"GET", "GET", "HEAD", "BREW"})) + ",\"request_uri\":" +
             quoted(text(random, {"/", "/a?b=c", "/x/4711"})) + ",\"status\":" + quoted(text(random, {"200", "404", "099", "2000"})) + ",\"upstream_addr\":" +
             quoted(text(random, {"10.1.2.3:8080", "unix:/run/a", "203.0.113.9:80"})) + ",\"own\":" + quoted(text(random, {"x", "bob"})) + ",\"http_user_agent\":" + quoted(agent) + "}";
    case 4:  // a line within, a signal, another address
      return "{\"time\":" + quoted(stamp(random, 3, second)) + ",\"message\":" + quoted(text(random, {"203.0.113.7 - - [10/Jan/2026:13:55:36 +0000] GET", "nonsense", "level=info remote_addr=203.0.113.7"})) +
             ",\"ip\":" + quoted(address(random)) + "}";
    case 5: return "{\"time\":" + quoted(stamp(random, 0, second)) + ",\"dnt\":" + quoted(text(random, {"1", "0", ""})) + ",\"client_ip\":" + quoted(address(random)) + "}";
    case 6: return "{\"ip\":" + quoted(address(random)) + ",\"time\":" + quoted(stamp(random, 0, second)) + ",\"timestamp\":" + quoted(stamp(random, 1, second)) + "}";
    case 7:  // an encoded agent
      return "{\"cliIP\":" + quoted(address(random)) + ",\"time\":" + quoted(stamp(random, 0, second)) + ",\"user_agent\":" + quoted(pick(random, {"curl%2F8.5.0", "curl/8.5.0+x"})) + ",\"UA\":" +
             quoted(text(random, {"curl%2F8.5.0", "Mozilla%2F5.0+%28X11%3B+Linux+x86_64%29+Firefox%2F64.0", "Mozilla/5.0 (X11; Linux) Firefox/64.0", "curl/8.5.0+x"})) + "}";
    case 8:  // the time of the record under the name of a duration
      return "{\"ip\":" + quoted(address(random)) + ",\"requestTime\":" + quoted(random() % 4 == 0 ? text(random, {"0.012", "12ms", "0.1, 0.2 : -"}) : stamp(random, 1, second)) + ",\"status\":\"200\"}";
    case 9:  // and once more beside it
      return "{\"time\":" + quoted(stamp(random, 0, second)) + ",\"request_time\":" +
             quoted(random() % 4 == 0 ? stamp(random, static_cast<int>(random() % 4), second) : text(random, {"0.012", "12ms", "0.012, 0.034, 0.056 : 0.078"})) + ",\"user\":" + quoted(user) + "}";
    default:  // a member that a client named
      return "{\"time\":" + quoted(stamp(random, 0, second)) + "," + quoted(text(random, {"x", "bob@example.org", "203.0.113.7", "a b"})) + ":" + quoted(address(random)) + ",\"msec\":" + number(random) + "}";
  }
}

std::string changed(random_source& random, std::string line) {
  static constexpr std::string_view odd("\"\\ \r\0\t\x80[]{}:,-x0", 16);
  if (random() % 12 == 0) {
    const std::size_t at = random() % (line.size() + 1);
    switch (random() % 4) {
      case 0: line.insert(at, 1, odd[random() % odd.size()]); break;
      case 1: line.erase(at, 1 + random() % 5); break;
      case 2: line[at % line.size()] = odd[random() % odd.size()]; break;
      default: line.resize(at); break;
    }
  }
  if (random() % 300 == 0 && !line.empty()) line.insert(random() % line.size(), 1 + random() % 9000, 'x');
  if (random() % 50 == 0) line += pick(random, {" ", "\t", "}", "{}", "\r\r", ",", "x"});
  if (random() % 16 == 0) line += '\r';
  return line;
}

std::string log_of(unsigned seed, int lines) {
  random_source random(seed);
  std::string text;
  int second = 3600 * 12;
  for (int i = 0; i < lines; ++i) {
    second += static_cast<int>(random() % 400 == 0 ? random() % 90000 : random() % 20 == 0 ? random() % 900 : random() % 2);
    text += changed(random, line(random, second)) + "\n";
    if (random() % 300 == 0) text += pick(random, {"\n", "\r\n", "no log line\n", "{}\n", "{\n", "203.0.113.77 - - [10/Jan/2026:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5\n"});
  }
  return text;
}

streamed read(const stream_setup& setup, const std::string& log, const std::string& kernel, bool has_plain_lines, std::size_t most, unsigned seed) {
  plan_options options = options_of(setup);
  options.kernel = kernel;
  options.has_plain_lines = has_plain_lines;
  options.must_know_fields = false;
  random_source random(seed);
  return run(compiled(std::move(options)), log, [&](std::size_t left) { return most == 0 ? left : random() % most; });
}

}  // namespace

// What the generator is for: most lines have a shape that was learned, and many are not understood.
TEST(keyed_lines, of_the_test_are_of_both_kinds) {
  const streamed told = read({.format = "json"}, log_of(1, 3000), "scalar", true, 0, 1);
  EXPECT_GT(told.counts.lines_out, 2000u);
  EXPECT_GT(told.counts.lines_rejected(), 100u);
}

TEST(keyed_lines, leave_nothing_of_the_log_behind_what_was_written) {
  const std::string line = "{\"time\":\"2026-01-10T13:55:36Z\",\"remote_addr\":\"203.0.113.77\",\"request\":\"GET /secret/path HTTP/1.1\",\"own\":\"hidden\",\"http_user_agent\":\"hidden agent\"}\n";
  std::string log;
  for (int i = 0; i < 20; ++i) log += line;
  for (const std::string& kernel : kernels()) {
    plan_options options = options_of({.format = "json"});
    options.kernel = kernel;
    const auto rules = compiled(std::move(options));
    stream lines(rules);
    std::string room(rules->output_bound(rules->longest_line()), '#');
    output_buffer out{room.data(), room.size()};
    input_buffer in{log.data(), log.size()};
    ASSERT_EQ(lines.feed(in, out), stream_status::done);
    for (std::size_t i = out.pos; i < room.size(); ++i) ASSERT_TRUE(room[i] == '#' || room[i] == '\0') << kernel << " " << i - out.pos;
  }
}

TEST(keyed_lines, come_out_as_on_the_exact_path_for_every_kernel_and_policy) {
  unsigned seed = 0;
  for (const char* policy : policies) {
    for (const char* format : {"json", "auto"}) {
      const std::string log = log_of(++seed, 3000);
      const stream_setup setup{.format = format, .policy = policy, .keyring = test_keyring};
      const streamed exact = read(setup, log, "scalar", false, 0, seed);
      EXPECT_GT(exact.counts.lines_out, 1000u);
      for (const std::string& kernel : kernels()) {
        for (const std::size_t most : {std::size_t{0}, std::size_t{50000}, std::size_t{2000}}) {
          const streamed quick = read(setup, log, kernel, true, most, seed);
          ASSERT_EQ(quick.out, exact.out) << kernel << " " << format << " " << policy << " " << most;
          ASSERT_EQ(quick.skeletons, exact.skeletons) << kernel << " " << format << " " << policy;
          ASSERT_TRUE(quick.counts == exact.counts) << kernel << " " << format << " " << policy << "\n" << to_json(quick.counts, {}) << "\n" << to_json(exact.counts, {});
        }
      }
    }
  }
}

// Two epochs behind the newest of an input, and counted once each; another input begins anew.
TEST(keyed_lines, are_late_when_they_are_on_the_exact_path) {
  const auto day = [](const char* number) {
    return "{\"time\":\"2026-01-" + std::string(number) + "T13:55:36Z\",\"remote_user\":\"ada\",\"status\":200}\n";
  };
  const std::vector<std::vector<std::string>> inputs[] = {
      {{day("12"), day("12"), day("10"), day("10"), day("11")}},
      {{day("12")}, {day("12"), day("10"), day("11")}},
      {{day("12")}, {day("10"), day("10")}, {day("12"), day("10")}},
      {{day("10"), day("12")}, {day("10"), day("10"), "nonsense\n", day("10")}},
  };
  const std::uint64_t late[] = {2, 1, 1, 3};
  for (const std::string& kernel : kernels()) {
    for (std::size_t i = 0; i < std::size(inputs); ++i) {
      plan_options options = options_of({.format = "json", .keyring = ""});
      options.kernel = kernel;
      const auto rules = compiled(std::move(options));
      stream lines(rules);
      std::string room(rules->output_bound(rules->longest_line()), '#');
      for (const auto& input : inputs[i]) {
        std::string log;
        for (const std::string& line : input) log += line;
        output_buffer out{room.data(), room.size()};
        input_buffer in{log.data(), log.size()};
        ASSERT_EQ(lines.feed(in, out), stream_status::done);
        ASSERT_EQ(lines.finish(out), stream_status::done);
      }
      EXPECT_EQ(lines.counts().late_epoch, late[i]) << kernel << " " << i;
    }
  }
}
