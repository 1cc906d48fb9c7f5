// A walk over a line of LTSV or logfmt tells every value where it stands, and takes nothing else for such a line.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <anonlog/format/keyed_walk.hpp>

#include "keyed_reference.hpp"

namespace anonlog {
namespace {

using testing::logfmt_by_reference;
using testing::ltsv_by_reference;
using testing::told;
using testing::told_values;

enum class form { ltsv, logfmt };

// The line lies in memory of its own size, so that a look beyond it is seen.
class walked {
 public:
  walked(form wanted, std::string_view line) : bytes_(new char[line.size()]) {
    std::copy(line.begin(), line.end(), bytes_.get());
    const raw all(bytes_.get(), line.size());
    const auto on_value = [&](const keyed_value& v) {
      values.push_back({string_of(v.name), string_of(v.source), string_of(v.text), v.is_quoted, at(v.name), at(v.source)});
      EXPECT_EQ(v.text.begin(), v.source.begin() + (v.is_quoted ? 1 : 0));
      return true;
    };
    is_read = wanted == form::ltsv ? walk_ltsv(all, on_value) : walk_logfmt(all, on_value);
  }

  bool is_read = false;
  told_values values;

 private:
  static std::string string_of(raw bytes) { return {bytes.begin(), bytes.size()}; }
  std::size_t at(raw bytes) const { return static_cast<std::size_t>(bytes.begin() - bytes_.get()); }

  std::unique_ptr<char[]> bytes_;
};

bool is_ltsv(std::string_view line) { return walked(form::ltsv, line).is_read; }
bool is_logfmt(std::string_view line) { return walked(form::logfmt, line).is_read; }

// `name=source` for each value of a logfmt line, or "(refused)".
std::string pairs_of(std::string_view line) {
  const walked found(form::logfmt, line);
  if (!found.is_read) return "(refused)";
  std::string all;
  for (const told& t : found.values) all += (all.empty() ? "" : " | ") + t.name + "=" + t.source;
  return all;
}

std::string with_byte(std::string_view before, unsigned byte, std::string_view after) {
  return std::string(before) + static_cast<char>(byte) + std::string(after);
}

TEST(keyed_walk, tells_the_fields_of_ltsv_where_they_stand) {
  const walked found(form::ltsv, "time:10/Oct/2025:13:55:36 +0000\thost:::1\tua:\treq:GET / \"x\" a=b\\x09\tX-9.a_b:-");
  ASSERT_TRUE(found.is_read);
  const told_values expected = {
      {"time", "10/Oct/2025:13:55:36 +0000", "10/Oct/2025:13:55:36 +0000", false, 0, 5},
      {"host", "::1", "::1", false, 32, 37},
      {"ua", "", "", false, 41, 44},
      {"req", "GET / \"x\" a=b\\x09", "GET / \"x\" a=b\\x09", false, 45, 49},
      {"X-9.a_b", "-", "-", false, 67, 75},
  };
  EXPECT_EQ(found.values, expected);
}

TEST(keyed_walk, tells_the_values_of_logfmt_where_they_stand) {
  const walked found(form::logfmt, "at=info ip=\"203.0.113.77\"  flag \t msg=\"say \\\"hi\\\" \\\\\" key= empty=\"\" q=a=b:[\xC2\xB5] ");
  ASSERT_TRUE(found.is_read);
  const told_values expected = {
      {"at", "info", "info", false, 0, 3},
      {"ip", "\"203.0.113.77\"", "203.0.113.77", true, 8, 11},
      {"", "flag", "flag", false, 27, 27},
      {"msg", "\"say \\\"hi\\\" \\\\\"", "say \\\"hi\\\" \\\\", true, 34, 38},
      {"key", "", "", false, 54, 58},
      {"empty", "\"\"", "", true, 59, 65},
      {"q", "a=b:[\xC2\xB5]", "a=b:[\xC2\xB5]", false, 68, 70},
  };
  EXPECT_EQ(found.values, expected);
}

TEST(keyed_walk, takes_nothing_for_ltsv_but_labels_with_tabs_between) {
  for (const char* line : {"a:\tb:", "a:1\tb:2\tc:3", "_:-\t_:-", "a-1.b_c:x\t9a:y", "a::\tb:x:y", "a: x \tb:\"", "a:\x01\x7F\xFF\x0B\x0C\tb:1"})
    EXPECT_TRUE(is_ltsv(line)) << line;
  for (const char* line : {
           "", "a", ":", "a:", "a:1", "a:1 b:2",            // one field
           "a:1\t", "\ta:1", "a:1\t\tb:2", "a:1\tb:2\t",    // an empty field
           "a:1\tb", "a\tb:2", "a:1\tb\tc:2",               // a field without a label
           ":1\tb:2", "a:1\t:2",                            // an empty label
           "a b:1\tc:2", "a:1\t b:2", "a/b:1\tc:2", "a@:1\tc:2", "a=:1\tc:2", "\xC3\xA9:1\tc:2", "a:1\t\"b\":2", "{\"a\":1\t\"b\":2}",
           "10:15:00\ta:1", "a:1\t192.0.2.1:80", "a:1\t2025-10-10:x", "a:1\t-.:x",  // times, addresses, dates
           "a:1\tb:2\r", "a:1\rx\tb:2", "a:1\tb:2\n", "a:1\nb:2\tc:3",              // what ends lines
       })
    EXPECT_FALSE(is_ltsv(line)) << line;
  EXPECT_FALSE(is_ltsv(with_byte("a:1", 0, "\tb:2")));
}

TEST(keyed_walk, takes_nothing_for_logfmt_but_pairs_and_few_words) {
  for (const char* line : {"a= b=", "a=1 b=2", "a=1\tb=2", "a=1 \t b=2", "a=1 b=2 ", "a=1 word b=2", "a=1 b=2 -", "a=1 b=2 c d", "_=- _=-",
                           "@t=x b=2", "a.b/c:d@e-f_0=1 b==", "a=\"\" b=\"\"", "a=\" \\\" \" b=1", "a=\"x\ty\" b=1", "a='x' b=it's",
                           "a=\\ b=\\x22", "a=\"\\x22\" b=\xFF"})
    EXPECT_TRUE(is_logfmt(line)) << line;
  for (const char* line : {
           "", " ", "a", "a=", "a=1", "a b", "a=1 b", "=", "= =", "a=1 word",   // fewer than two pairs
           " a=1 b=2", "\ta=1 b=2", "word a=1 b=2", "- a=1 b=2",                // does not begin with one
           "a=1 b=2 c d e", "a=1 w w w b=2",                                    // more words than pairs
           "user=ada logged in from host=example.com", "GET /?a=b HTTP/1.1 c=d", "we saw a=b and c=d",
           "a=1 =2", "a=1 b=2 =", "a=1 b = 2", "a=1 1b=2", "a=1 -b=2", "a=1 .b=2", "1=a b=2",  // no keys
           "a=1 b\xC3\xA9=2", "a=1 b,=2", "a=1 b#c=2", "a=1 \"b\"=2",
           "a=1 b=2 (x", "a=1 b=2 x,", "a=1 b=2 1", "a=1 b=2 --", "a=1 b=2 203.0.113.77", "a=1 b=2 \"x\"",  // no words
           "a=\"1 b=2", "a=1 b=\"", "a=1 b=\"x\\\"", "a=1 b=\"x\\", "a=1 b=2 \"",                                          // quotes that never close
           "a=\"1\"x b=2", "a=1 b=\"2\"\"3\"", "a=1 b=\"2\"=", "a=1 b=\"2\"c=3",                                           // something behind a quote
           "a=1\"2 b=3", "a=1 b=2\"", "a=1 b=c\"d\"", "a=1 b=c=\"d\"",                                                     // quotes inside
           "a=1 b=2\r", "a=1\x01 b=2", "a=1 b=2\x7F", "a=1 b=2 \v", "a=1\xC2\xA0\f b=2",  // control bytes
           "a=1 b=\"\x01\"", "a=1 b=\"\\\x01\"", "a=1 b=\"\r\"", "a=1 b=\"\x7F\"",
       })
    EXPECT_FALSE(is_logfmt(line)) << line;
  EXPECT_FALSE(is_logfmt(with_byte("a=1 b=", 0, "")));
  EXPECT_FALSE(is_logfmt(with_byte("a=1 b=\"", 0, "\"")));
}

TEST(keyed_walk, has_a_bound_for_keys_and_words) {
  const std::string longest(longest_logfmt_key, 'k'), longer(longest_logfmt_key + 1, 'k');
  EXPECT_TRUE(is_logfmt("a=1 " + longest + "=2"));
  EXPECT_FALSE(is_logfmt("a=1 " + longer + "=2"));
  EXPECT_TRUE(is_logfmt("a=1 b=2 " + longest));
  EXPECT_FALSE(is_logfmt("a=1 b=2 " + longer));
}

TEST(keyed_walk, tells_every_one_of_duplicates) {
  EXPECT_EQ(pairs_of("ip=203.0.113.77 ip=203.0.113.78 ip=\"203.0.113.79\""), "ip=203.0.113.77 | ip=203.0.113.78 | ip=\"203.0.113.79\"");
  const walked found(form::ltsv, "ip:203.0.113.77\tip:203.0.113.78");
  ASSERT_TRUE(found.is_read);
  ASSERT_EQ(found.values.size(), 2u);
  EXPECT_EQ(found.values[0].source, "203.0.113.77");
  EXPECT_EQ(found.values[1].source, "203.0.113.78");
}

// As nginx writes a value with `escape=default`.
std::string escaped(std::string_view value) {
  std::string all;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\') {
      all += c;
    } else {
      all += {'\\', 'x', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
    }
  }
  return all;
}

constexpr const char* hostile[] = {
    "x",       "",         " ",         "\"",         "x\" status=\"999",     "x\\",     "\\\" status=999", "x status=10.1.2.3",
    "a=b c=d", "x \"",     "\tstatus:", "x\tstatus:1", "\n", "x=\"y z\" w=", "\xC3\xA9", "jane doe status=", "' status='1"};

TEST(keyed_walk, lets_no_client_leave_its_quotes_or_its_field) {
  for (const char* user : hostile)
    for (const char* agent : hostile) {
      const std::string u = escaped(user), a = escaped(agent);
      const std::string line = "client=203.0.113.77 user=\"" + u + "\" status=200 ua=\"" + a + "\"";
      EXPECT_EQ(pairs_of(line), "client=203.0.113.77 | user=\"" + u + "\" | status=200 | ua=\"" + a + "\"");
      const walked found(form::ltsv, "client:203.0.113.77\tuser:" + u + "\tstatus:200\tua:" + a);
      ASSERT_TRUE(found.is_read);
      ASSERT_EQ(found.values.size(), 4u);
      EXPECT_EQ(found.values[1].text, u);
      EXPECT_EQ(found.values[3].text, a);
    }
}

// What the comment of the header says of values that stand unquoted.
TEST(keyed_walk, tells_what_an_unquoted_value_forges_beside_what_is_true) {
  const auto line_of = [](std::string_view user) { return "client=203.0.113.77 user=" + escaped(user) + " status=200 uri=\"/x\""; };
  EXPECT_EQ(pairs_of(line_of("x status=10.1.2.3")), "client=203.0.113.77 | user=x | status=10.1.2.3 | status=200 | uri=\"/x\"");
  EXPECT_EQ(pairs_of(line_of("jane doe")), "client=203.0.113.77 | user=jane | =doe | status=200 | uri=\"/x\"");
  EXPECT_EQ(pairs_of(line_of("x status=")), "client=203.0.113.77 | user=x | status= | status=200 | uri=\"/x\"") << "takes nothing of its neighbour";
  EXPECT_EQ(pairs_of(line_of("x client=\"198.51.100.7")), "client=203.0.113.77 | user=x | client=\\x22198.51.100.7 | status=200 | uri=\"/x\"");
  EXPECT_EQ(pairs_of(line_of("Mozilla/5.0 (X11)")), "(refused)");
  EXPECT_EQ(pairs_of("client=203.0.113.77 user=x ua=\" status=200 uri=\"/x\""), "(refused)") << "an unescaped quote takes in its neighbours";
}

// Every true value is told whole and under its name, whatever a client writes into an unquoted one; or the line is refused.
TEST(keyed_walk, gives_nothing_of_other_values_to_a_forged_pair) {
  std::mt19937 random(7);
  std::size_t read = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string forged;
    while (random() % 12 != 0) forged += "ab=  \"\\\t-.1"[random() % 11];
    const std::string user = escaped(forged);
    const std::string line = "client=203.0.113.77 user=" + user + " status=200 ua=\"secret words\"";
    const walked found(form::logfmt, line);
    if (!found.is_read) continue;
    ++read;
    const std::size_t from = line.find(user, 25), to = from + user.size();
    for (const told& t : found.values) {
      const std::size_t end = t.source_at + t.source.size();
      const bool is_clients = t.name_at >= from && end <= to, is_user = t.name == "user" && t.source_at == from && end <= to;
      const bool is_true = t.source == "203.0.113.77" || t.source == "200" || t.source == "\"secret words\"";
      EXPECT_TRUE(is_clients || is_user || is_true) << line;
    }
    const auto is_told = [&found](const char* name, const char* source) {
      return std::any_of(found.values.begin(), found.values.end(), [&](const told& t) { return t.name == name && t.source == source; });
    };
    EXPECT_TRUE(is_told("client", "203.0.113.77") && is_told("status", "200") && is_told("ua", "\"secret words\"")) << line;
  }
  EXPECT_GT(read, 1000u);
}

TEST(keyed_walk, may_be_stopped_by_its_visitor) {
  std::size_t calls = 0;
  const auto stop = [&calls](const keyed_value&) { return ++calls == 1; };
  EXPECT_FALSE(walk_ltsv(raw(std::string_view("a:1\tb:2\tc:3")), stop));
  EXPECT_EQ(calls, 2u);
  calls = 0;
  EXPECT_FALSE(walk_logfmt(raw(std::string_view("a=1 b=2 c=3")), stop));
  EXPECT_EQ(calls, 2u);
}

TEST(keyed_walk, reads_what_was_written_for_a_line) {
  EXPECT_EQ(pairs_of("at=info - path=\"/u/:num?q=*\" _=- ip=203.0.113.0 - key="),
            "at=info | =- | path=\"/u/:num?q=*\" | _=- | ip=203.0.113.0 | =- | key=");
  EXPECT_TRUE(is_ltsv("time:10/Oct/2025:13:00:00 +0000\t_:-\thost:203.0.113.0\tua:"));
}

// True if the line was read.
bool agrees_with_reference(form wanted, const std::string& line) {
  const walked found(wanted, line);
  const auto expected = wanted == form::ltsv ? ltsv_by_reference(line) : logfmt_by_reference(line);
  EXPECT_EQ(found.is_read, expected.has_value()) << line;
  EXPECT_EQ(found.is_read ? found.values : told_values(), expected.value_or(told_values())) << line;
  return found.is_read;
}

constexpr const char* lines_of_ltsv[] = {
    "time:10/Oct/2025:13:55:36 +0000\thost:203.0.113.77\tuser:ada\treq:GET /a?b=c HTTP/1.1\tstatus:200\tua:x\\x22y",
    "host:::1\treferer:-\tua:\tvhost:[2001:db8::1]:443"};
constexpr const char* lines_of_logfmt[] = {
    "ts=\"2025-10-10T13:55:36+00:00\" client=2001:db8::7 user=\"-\" method=GET uri=\"/?q=a\\x22b\" status=200 ua=\"a (b; c) d=e\" sid=\"-\"",
    "at=error code=H12 desc=\"timed \\\"out\\\" \\\\\" path=/a?b=c fwd=\"203.0.113.77\" retry connect=1ms bytes= t=1.2\xC2\xB5s"};

TEST(keyed_walk, agrees_with_a_slow_reader_about_every_prefix) {
  const auto try_prefixes = [](form wanted, const std::string& line) {
    EXPECT_TRUE(agrees_with_reference(wanted, line)) << line;
    for (std::size_t size = 0; size < line.size(); ++size) {
      agrees_with_reference(form::ltsv, line.substr(0, size));
      agrees_with_reference(form::logfmt, line.substr(0, size));
    }
  };
  for (const char* line : lines_of_ltsv) try_prefixes(form::ltsv, line);
  for (const char* line : lines_of_logfmt) try_prefixes(form::logfmt, line);
}

TEST(keyed_walk, agrees_with_a_slow_reader_about_damaged_lines) {
  std::mt19937 random(3);
  std::size_t read = 0, refused = 0;
  const auto damage = [&](form wanted, std::string line) {
    for (unsigned changes = 1 + static_cast<unsigned>(random() % 3); changes != 0; --changes) {
      const std::size_t at = random() % line.size();
      const char byte = static_cast<char>(random() % 4 == 0 ? random() : static_cast<unsigned char>("\t :=\"\\-a1."[random() % 10]));
      if (random() % 2 == 0) line[at] = byte;
      else if (random() % 2 == 0) line.insert(at, 1, byte);
      else line.erase(at, 1);
    }
    ++(agrees_with_reference(wanted, line) ? read : refused);
  };
  for (int round = 0; round < 5000; ++round) {
    for (const char* line : lines_of_ltsv) damage(form::ltsv, line);
    for (const char* line : lines_of_logfmt) damage(form::logfmt, line);
  }
  EXPECT_GT(read, 2000u);
  EXPECT_GT(refused, 2000u);
}

TEST(keyed_walk, agrees_with_a_slow_reader_about_random_bytes) {
  std::mt19937 random(5);
  std::size_t ltsv = 0, logfmt = 0;
  constexpr std::string_view pieces[] = {"a=", "b:", " a=", "\tb:", "=\"", "\" ", "a", "@", ":", "=", "\"", "\t", " ", "\\", "-", ".", "1"};
  for (int round = 0; round < 200000; ++round) {
    std::string line;
    for (std::size_t size = random() % 12; size != 0; --size) {
      if (random() % 40 == 0) line += static_cast<char>(random());
      else line += pieces[random() % std::size(pieces)];
    }
    ltsv += agrees_with_reference(form::ltsv, line) ? 1 : 0;
    logfmt += agrees_with_reference(form::logfmt, line) ? 1 : 0;
  }
  EXPECT_GT(ltsv, 1000u);
  EXPECT_GT(logfmt, 1000u);
}

}  // namespace
}  // namespace anonlog
