// The short way of plain lines gives the same bytes, skeletons and counts as the exact path: for every kernel, format and
// policy, for lines that are plain and lines that just are not, and wherever the input is cut.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "stream_support.hpp"

using namespace anonlog;
using namespace anonlog::testing;

namespace {

std::vector<std::string> kernels() {
  std::vector<std::string> names;
  for (const kernel k : {kernel::scalar, kernel::avx2, kernel::avx512, kernel::neon}) {
    if (is_supported(k)) names.emplace_back(to_text(k));

  }
  return names;
}

const char* const policies[] = {
    "version = 1\n",
    "preset = \"strict\"\n",
    "preset = \"tor\"\n",
    "preset = \"cnil\"\n",
    "[ip]\nv4 = 20\n",
    "[ip]\nv4 = 8\nv6 = 33\nkeep = [\"private\", \"documentation\"]\n",
    "[ip]\nv4 = 0\nv6 = 0\n",
    "[ip]\nmode = \"token\"\n[query]\nlevel = \"hash\"\n",
    "[time]\ngrid = 60\n[bytes]\ndigits = 2\n[duration]\ndigits = 1\n",
    "[time]\ngrid = 1\n[agent]\nlevel = \"full\"\n[path]\nlevel = \"keep\"\n[query]\nlevel = \"full\"\n",
    "[path]\nlevel = \"keep\"\n[query]\nlevel = \"drop\"\n[ip]\nv6 = 48\n",
    "[time]\ngrid = 10\n[referrer]\nlevel = \"full\"\n",
    "[time]\ngrid = 300\n[epoch]\nlength = 3600\noffset = 1000\n[referrer]\nlevel = \"domain\"\n",
    "[time]\ngrid = 600\n[referrer]\nlevel = \"drop\"\n[user]\nmode = \"drop\"\n",
    "[limits]\nline_bytes = 12000\n[rejects]\naction = \"skeleton\"\n",
    "[fields]\n\"%>s\" = \"user\"\n",
    "[fields]\n\"http_origin\" = \"referrer\"\n",
};

const char* const formats[] = {
    "auto",
    "combined",
    "common",
    "nginx_main",
    "vhost_combined",
    "vhost_common",
    "%v:%p %h %t \"%r\" %>s",
    "$host $remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"",
    "$http_host:$server_port $remote_addr [$time_local] \"$request\" $status",
    "%h %l %u %t \"%r\" %>s %O %D \"%{Referer}i\" \"%{X-Forwarded-For}i\" \"%{User-Agent}i\" %b",
    "$remote_addr - [$time_local] \"$request\" \"$http_user_agent\" $status $body_bytes_sent $request_time",
    "%h %u %t \"%r\"",
    "$remote_addr - $remote_user $time_local \"$request\" $status",
    "$remote_addr - - [$time_local] \"$request\" from \"$http_referer\"",
    "$remote_addr - - [$time_local] \"$request\" $status \"$http_referer\" \"$http_origin\"",
};

using random_source = std::mt19937;

std::string pick(random_source& random, std::initializer_list<const char*> from) { return from.begin()[random() % from.size()]; }

std::string address(random_source& random) {
  if (random() % 3 != 0) {
    std::string text;
    for (int i = 0; i < 4; ++i) text += (i == 0 ? "" : ".") + std::to_string(random() % 256);
    return text;
  }
  if (random() % 2 == 0)
    return pick(random, {"2001:db8::1", "2a02:8070:abcd:12::7", "::1", "::", "127.0.0.1", "0.0.0.0", "::ffff:1.2.3.4", "fe80::1%eth0",
                         "2002:cb00:71c3::1", "2001:0:1:2:3:4:5:6", "64:ff9b::1.2.3.4", "64:ff9b:1::1", "1:2:3:4:5:6:7::", "1::3:4:5:6:7:8",
                         "2A00:1450:4001:0829:0:0:0:200e", "2a00::1450::1", "12345::1", "1:2:3:4:5:6:7:8:9", "a:b:c:d:e:f:0:1", "2a00:0:0:1::", ":1::2",
                         "2a00:1:2:3:4:5:6:", "unknown", "host-1-2-3-4.isp.example", "localhost", "10.0.0.1", "192.168.1.1", "203.0.113.9:8080",
                         "[2001:db8::1]:443", "001.2.3.4", "1.2.3.256", "fc00::12", "2001::", "1::", "0:0:0:1::2", "2a00:00ff:000f:0000::1"});
  std::string text;
  for (int i = 0; i < 8; ++i) {
    char group[8];
    std::snprintf(group, sizeof group, random() % 4 == 0 ? "%04x" : "%x", static_cast<unsigned>(random() % (random() % 4 == 0 ? 2 : 65536)));
    text += (i == 0 ? "" : ":") + std::string(group);
  }
  return text;
}

std::string stamp(random_source& random, int minute) {
  if (random() % 200 == 0)
    return pick(random, {"10/Oct/2025:13:55:60 +0000", "31/Feb/2026:13:55:36 +0000", "10/Foo/2025:13:55:36 +0000", "-", "10/Oct/2025:24:00:00 +0000",
                         "10/Oct/2025:13:55:36 +1500", "1/Oct/2025:13:55:36 +0000"});
  char text[40];
  const int at = minute + static_cast<int>(random() % 3);
  std::snprintf(text, sizeof text, "%02d/%s/2026:%02d:%02d:%02d %s", 10 + at / 1440 % 18, random() % 500 == 0 ? "Feb" : "Jan", at / 60 % 24, at % 60,
                static_cast<int>(random() % 60), random() % 300 == 0 ? "+0530" : "+0000");
  return text;
}

std::string request(random_source& random) {
  const std::string target = pick(random, {"/", "/index.html", "/users/4711/mail?token=s3cret&page=2", "/u/bob@example.com", "*", "/a b", "-",
                                           "http://example.com/x?y=1", "/550e8400-e29b-41d4-a716-446655440000", "/%2e%2e/etc", "/x#frag", "//",
                                           "/very/long/path/that/goes/on/and/on/and/on/and/on/for/more/than/sixty/four/bytes/of/text.html",
                                           "/caf\xC3\xA9", "/a#b?c", "/a?b c", "/a#b c", "/a-path?and-a-query-that-is-longer-than-sixty-four-bytes-and-has-a-blank-behind them", "/a?b#c", "/?", "?", "/sixty-four-bytes-and-one-more-with-a-query-behind-them-aaaaaaaaaaaa?x=1", "/products/winter-sale?utm_source=news&sid=0123456789abcdef"}) +
                             (random() % 3 == 0 ? "?n=" + std::to_string(random() % 50) : "");
  return pick(random, {"GET", "GET", "GET", "POST", "HEAD", "PROPPATCH", "CONNECT", "BREW", "get", "PRI", ""}) + (random() % 50 == 0 ? "  " : " ") + target + " " +
         pick(random, {"HTTP/1.1", "HTTP/1.1", "HTTP/2.0", "HTTP/2", "HTTP/3", "HTTP/1.0", "HTTP/0.9", "HTTP/4", "HTTP/1.10", ""});
}

std::string referrer(random_source& random) {
  return pick(random, {"-", "-", "https://www.example.com/reset?u=ada", "http://shop.example.org", "https://shop.example.org/", "https://EXAMPLE.com/x",
                       "http://203.0.113.195/admin", "https://bob@example.com/", "https://example.com:443/", "https://example.com:8443/", "https://a..b/",
                       "https://.example.com/", "https://example.com./", "https://x1.example.com/", "https://-/", "https:///", "ftp://example.com/",
                       "https://example.com?x", "https://example.com#x", "https://example.com\x09/x", "", "https://host-1-2-3-4.isp.example/", "android-app://com.example/",
                       "https://a-very-long-host-name-that-does-not-fit-into-sixty-four-bytes.example.com/x", "/relative", "http://example.com/a/b"});
}

std::string agent(random_source& random) {
  return pick(random, {"curl/8.5.0", "-", "", "Mozilla/5.0 (X11; Linux x86_64; rv:64.0) Gecko/20100101 Firefox/64.0", "Googlebot/2.1", "\xC3\xA9\x01",
                       "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.130 Safari/537.36"}) +
         (random() % 10 == 0 ? std::to_string(random()) : "");
}

std::string number(random_source& random) {
  return pick(random, {"512", "0", "-", "17225", "00012", "123456789012345", "1234567890123456789", "12a", "", "0.123", "-5", "1 2"});
}

// In front of an address, of one line in three.
std::string front(random_source& random) {
  if (random() % 3 != 0) return "";
  if (random() % 200 == 0) return "host" + std::to_string(random() % 1000) + ".example.com ";  // more than are remembered
  return pick(random, {"www.example.com:80 ", "www.example.com:80 ", "www.example.com:443 ", "shop.example ", "shop.example ", "localhost ", "printer7 ", "printer7:80 ",
                       "ada.lovelace ", "ada.lovelace:80 ", "WWW.Example.com ", "203.0.113.9 ", "203.0.113.9:80 ", "[2001:db8::1]:80 ", "2001:db8::1:80 ",
                       "203-0-113-9.isp.example ", "www.example.com:080 ", "www.example.com:x ", "www.example.com: ", "a.de ", "-:80 ", "- ", " ", "www.example.com:80:80 ",
                       "a-very-long-host-name-that-does-not-fit-into-sixty-four-bytes.example.com ", "a-host-of-sixty-three-bytes-and-a-blank-behind-it-aaaaaaa.example ",
                       "sub_domain.example.com ", "www.example.com, ", "d0123456789abcdef0.example.com ", "www.example.com/x "});
}

std::string line(random_source& random, int minute) {
  const auto likely = [&](const char* usual, const std::string& odd) { return random() % 12 != 0 ? std::string(usual) : odd; };
  std::string text = front(random) + address(random) + " " + likely("-", pick(random, {"ident", "1.2.3.4", "", "- -"})) + " " +
                     likely("-", pick(random, {"ada", "bob smith", "a@b.example", "\"\"", "", "x [y", "- [10/Oct/2025:13:55:36 +0000]", "caf\xC3\xA9"})) +
                     " [" + stamp(random, minute) + "] \"" + request(random) + "\" " + likely("200", pick(random, {"404", "-", "20", "2000", "abc"})) + " " + number(random);
  if (random() % 16 == 0) return front(random) + address(random) + " [" + stamp(random, minute) + "] \"" + request(random) + "\" 200";
  const bool is_other = random() % 8 == 0;  // of a format with a constant behind the request, or with two referrers
  if (is_other && random() % 2 == 0)
    return address(random) + " - - [" + stamp(random, minute) + "] \"" + request(random) + "\" from \"" + referrer(random) + "\"";
  if (is_other)
    return address(random) + " - - [" + stamp(random, minute) + "] \"" + request(random) + "\" 200 \"" + referrer(random) + "\" \"" + referrer(random) + "\"";
  switch (random() % 8) {
    case 0: break;
    case 1: text += " \"" + referrer(random) + "\" \"" + agent(random) + "\" \"" + pick(random, {"-", "198.51.100.9", "1.2.3.4, 2001:db8::1", "junk"}) + "\""; break;
    case 2: text += " " + number(random) + " \"" + referrer(random) + "\" \"10.1.2.3, -\" \"" + agent(random) + "\" " + number(random); break;
    default: text += " \"" + referrer(random) + "\" \"" + agent(random) + "\""; break;
  }
  if (random() % 10 == 0) {
    const std::size_t at = random() % (text.size() + 1);
    static constexpr std::string_view odd("\"\\ \r\0\t\x80[]-x0", 12);
    if (random() % 2 == 0) text.insert(at, 1, odd[random() % odd.size()]);
    else text.erase(at, 1 + random() % 5);
  }
  if (random() % 400 == 0) text.insert(random() % text.size(), 1 + random() % 15000, 'x');
  if (random() % 16 == 0) text += '\r';
  return text;
}

std::string log_of(unsigned seed, int lines) {
  random_source random(seed);
  std::string text;
  int minute = 0;
  for (int i = 0; i < lines; ++i) {
    if (random() % 40 == 0) minute += static_cast<int>(random() % (random() % 10 == 0 ? 3000 : 20));
    text += line(random, minute) + "\n";
    if (random() % 500 == 0) text += pick(random, {"\n", "\r\n", "no log line\n", "\"\"\"\"\"\"\n"});
  }
  return text;
}

}  // namespace

TEST(plain_lines, come_out_as_on_the_exact_path_for_every_kernel_format_and_policy) {
  unsigned seed = 0;
  std::uint64_t lines_in = 0;
  for (const char* policy : policies) {
    for (const char* format : formats) {
      plan_options options;
      try {
        options = options_of({.format = format, .policy = policy});
        compiled(options_of({.format = format, .policy = policy}));
      } catch (const std::runtime_error&) {
        continue;  // a field that this format does not have
      }
      const std::string log = log_of(++seed, 400);
      const auto with = [&](const std::string& kernel, bool has_plain_lines) {
        plan_options made = options_of({.format = format, .policy = policy});
        made.kernel = kernel;
        made.has_plain_lines = has_plain_lines;
        return compiled(std::move(made));
      };
      const streamed exact = run(with("scalar", false), log, [](std::size_t left) { return left; });
      lines_in += exact.counts.lines_in;
      for (const std::string& kernel : kernels()) {
        random_source random(seed);
        for (const std::size_t most : {log.size(), std::size_t{5000}, std::size_t{300}}) {
          const streamed quick = run(with(kernel, true), log, [&](std::size_t left) { return most == log.size() ? left : random() % most; });
          ASSERT_EQ(quick.out, exact.out) << kernel << " " << format << " " << policy << " " << most;
          ASSERT_EQ(quick.skeletons, exact.skeletons) << kernel << " " << format << " " << policy;
          ASSERT_TRUE(quick.counts == exact.counts) << kernel << " " << format << " " << policy << "\n" << to_json(quick.counts, {}) << "\n" << to_json(exact.counts, {});
        }
      }
    }
  }
  EXPECT_GT(lines_in, 30000u);
}

TEST(plain_lines, of_the_usual_formats_are_read_the_short_way) {
  for (const char* format : {"auto", "combined", "common", "nginx_main", "vhost_combined", "vhost_common", "%v %h %t \"%r\" %>s", "%h %l %u %t \"%r\" %>s %b %D \"%{User-Agent}i\""})
    EXPECT_TRUE(make_plan({.format = format})->has_plain_lines()) << format;
  EXPECT_FALSE(make_plan({.format = "%h \"%r\""})->has_plain_lines()) << "no time, no keys";
  const auto rules = make_plan({.format = "auto"});
  for (std::size_t i = 0; i < rules->patterns().size(); ++i) {
    const std::string& last = rules->formats()[i].fields.back().name;
    const bool has_one_more = last == "request_time" || last == "number";  // the exact path judges it
    EXPECT_TRUE(!rules->formats()[i].name.starts_with("vhost_") || has_one_more || rules->layouts()[i].plain.is_possible) << i;
  }
}

TEST(plain_lines, leave_nothing_of_the_log_behind_what_was_written) {
  const std::string line = "203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET /secret/path HTTP/1.1\" 200 512 \"https://example.com/private\" \"hidden agent\"\n";
  for (const std::string& kernel : kernels()) {
    plan_options options = options_of({});
    options.kernel = kernel;
    const auto rules = compiled(std::move(options));
    stream lines(rules);
    std::string log;
    for (int i = 0; i < 5; ++i) log += line;
    std::string room(rules->output_bound(rules->longest_line()), '#');
    output_buffer out{room.data(), room.size()};
    input_buffer in{log.data(), log.size()};
    ASSERT_EQ(lines.feed(in, out), stream_status::done);
    for (std::size_t i = out.pos; i < room.size(); ++i) ASSERT_TRUE(room[i] == '#' || room[i] == '\0') << kernel << " " << i - out.pos;
  }
}

TEST(plain_lines, keep_the_last_line_of_a_report_exact_when_an_hour_is_left_early) {
  const std::string a = "203.0.113.77 - - [10/Jan/2026:13:55:36 +0000] \"GET / HTTP/1.1\" 200 512 \"-\" \"curl/8\"\n";
  const std::string b = "203.0.113.77 - - [10/Jan/2026:14:05:36 +0000] \"GET / HTTP/1.1\" 200 512 \"-\" \"curl/8\"\n";
  const streamed told = run({.policy = "[time]\ngrid = 60\n"}, a + b + a);
  EXPECT_EQ(told.counts.first_time, 1768053300);
  EXPECT_EQ(told.counts.last_time, 1768053900);
}

TEST(plain_lines, that_turn_out_to_be_rejects_leave_no_time_to_those_behind_them) {
  const auto line = [](const char* stamp, const char* rest) {
    return "203.0.113.77 - ada [" + std::string(stamp) + "] \"GET / HTTP/1.1\" " + rest + "\n";
  };
  const std::string log = line("10/Jan/2026:13:55:36 +0000", "200 512") + line("12/Jan/2026:13:55:36 +0000", "200 512 x") + line("-", "200 512");
  for (const std::string& kernel : kernels()) {
    plan_options options = options_of({.format = "common"});
    options.kernel = kernel;
    const streamed told = run(compiled(std::move(options)), log, [](std::size_t left) { return left; });
    ASSERT_EQ(told.counts.lines_rejected(), 1u);
    const std::size_t first = told.out.find("u-"), last = told.out.rfind("u-");
    EXPECT_EQ(told.out.substr(first, 18), told.out.substr(last, 18)) << kernel;
    EXPECT_NE(first, last);
  }
}

// Two epochs behind the newest of an input, and counted once each; another input begins anew.
TEST(plain_lines, are_late_when_they_are_on_the_exact_path) {
  const auto day = [](const char* number) {
    return "203.0.113.77 - ada [" + std::string(number) + "/Jan/2026:13:55:36 +0000] \"GET / HTTP/1.1\" 200 512 \"-\" \"curl/8\"\n";
  };
  const std::vector<std::vector<std::string>> inputs[] = {
      {{day("12"), day("12"), day("10"), day("10"), day("11")}},
      {{day("12")}, {day("12"), day("10"), day("11")}},
      {{day("12")}, {day("10"), day("10")}, {day("12"), day("10")}},
      {{day("10"), day("12")}, {day("10"), day("10"), "nonsense\n", day("10")}},
  };
  const std::uint64_t late[] = {2, 1, 1, 3};
  for (const std::string& kernel : kernels()) {
    for (const bool has_plain_lines : {false, true}) {
      for (std::size_t i = 0; i < std::size(inputs); ++i) {
        plan_options options = options_of({.keyring = ""});
        options.kernel = kernel;
        options.has_plain_lines = has_plain_lines;
        const auto rules = compiled(std::move(options));
        stream lines(rules);
        std::string room(rules->output_bound(rules->longest_line()), '#');
        output_buffer out{room.data(), room.size()};
        for (const std::vector<std::string>& input : inputs[i]) {
          std::string log;
          for (const std::string& line : input) log += line;
          input_buffer in{log.data(), log.size()};
          ASSERT_EQ(lines.feed(in, out), stream_status::done);
          ASSERT_EQ(lines.finish(out), stream_status::done);
        }
        EXPECT_EQ(lines.counts().late_epoch, late[i]) << kernel << " " << has_plain_lines << " " << i;
      }
    }
  }
}
