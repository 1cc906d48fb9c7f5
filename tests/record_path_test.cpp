// tests/record_path_test.cpp: a record that another program has taken apart becomes what its line of JSON becomes, with the same
// counts.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "stream_support.hpp"

namespace anonlog {
namespace {

constexpr std::string_view names[] = {"user", "remote_addr", "request", "message", "status", "time", "http", "headers", "X-Forwarded-For", "secret", "alice@example.org", "203.0.113.7", "host", "size", "dnt", "msg", "forwarded", "name", "value", "name", "value", "headers"};
constexpr std::string_view texts[] = {"alice", "203.0.113.195", "2001:db8::7", "GET /users/42?token=x HTTP/1.1", "2026-01-15T12:34:56Z", "", "-", "a \"b\" \\c", "web1.example.com", "1", "for=203.0.113.7;by=alice", "Host", "X-Forwarded-For",
                                      " 203.0.113.195 - alice [15/Jan/2026:12:34:56 +0000] \"GET /a/42 HTTP/1.1\" 200 5 \"-\" \"curl/8.5\""};
constexpr std::string_view numbers[] = {"200", "-1", "1768478461.5", "0.0123", "4711", "1e3", "3405803971"};

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// A record of random names and values, maps in maps and arrays.
class random_record {
 public:
  explicit random_record(unsigned seed) : random_(seed) { add_members(0); }

  std::vector<record_field> fields;

  // As a line, of what it held or of what may be passed on.
  std::string line(bool is_safe) const {
    std::string out = "{";
    std::vector<char> ends{'}'};
    std::size_t opened = 0;
    for (const record_field& field : fields) {
      if (field.kind == value_kind::close) {
        out += ends.back();
        ends.pop_back();
        continue;
      }
      if (out.back() != '{' && out.back() != '[') out += ',';
      if (field.has_name()) out += quoted(is_safe ? field.safe_name : field.name) + ":";
      const std::string_view value = is_safe ? field.safe_value : field.value;
      switch (is_safe ? field.safe_kind : field.kind) {
        case value_kind::text: out += quoted(value); break;
        case value_kind::null: out += "null"; break;
        case value_kind::open:
          out += are_arrays_[opened] ? '[' : '{';
          ends.push_back(are_arrays_[opened++] ? ']' : '}');
          break;
        default: out += value;
      }
    }
    return out + "}";
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  template <std::size_t N>
  std::string_view one_of(const std::string_view (&words)[N]) { return words[below(N)]; }

  void add_members(std::size_t depth) {
    for (std::size_t i = below(6); i != 0; --i) add_value(one_of(names), depth);
  }

  void add_value(std::string_view name, std::size_t depth) {
    switch (below(depth < 4 ? 8 : 6)) {
      case 0:
      case 1:
      case 2: fields.push_back({.name = name, .value = one_of(texts)}); break;
      case 3: fields.push_back({.name = name, .value = one_of(numbers), .kind = value_kind::number}); break;
      case 4: fields.push_back({.name = name, .value = below(2) == 0 ? "true" : "false", .kind = value_kind::boolean}); break;
      case 5: fields.push_back({.name = name, .kind = value_kind::null}); break;
      case 6:
        open(name, false);
        add_members(depth + 1);
        fields.push_back({.kind = value_kind::close});
        break;
      case 7:
        open(name, true);
        for (std::size_t i = below(4); i != 0; --i) add_value({}, depth + 1);
        fields.push_back({.kind = value_kind::close});
    }
  }

  void open(std::string_view name, bool is_array) {
    fields.push_back({.name = name, .kind = value_kind::open});
    are_arrays_.push_back(is_array);
  }

  std::mt19937 random_;
  std::vector<bool> are_arrays_;
};

struct came_out {
  std::string line;
  report counts;
};

came_out as_line(const std::shared_ptr<const plan>& rules, std::string line) {
  stream lines(rules);
  std::string room(rules->output_bound(line.size()), '\0');
  input_buffer in{line.data(), line.size()};
  output_buffer out{room.data(), room.size()};
  lines.feed(in, out);
  lines.finish(out);
  return {room.substr(0, out.pos), lines.counts()};
}

came_out as_record(const std::shared_ptr<const plan>& rules, random_record& record) {
  stream lines(rules);
  std::string room(std::size_t{1} << 20, '\0');
  output_buffer out{room.data(), room.size()};
  std::optional<std::int64_t> time;
  const record_status status = lines.record(record.fields, time, out);
  return {status == record_status::done ? record.line(true) : "", lines.counts()};
}

TEST(record_path, makes_of_a_record_what_becomes_of_its_line) {
  const auto rules = testing::make_plan({});
  std::size_t refused = 0;
  for (unsigned seed = 0; seed < 250; ++seed) {
    random_record record(seed);
    const std::string given = record.line(false);
    came_out line = as_line(rules, given), mine = as_record(rules, record);
    EXPECT_EQ(mine.line, line.line) << given;
    refused += mine.line.empty() ? 1 : 0;  // a privacy signal, and a time that nobody can read
    for (report* counts : {&line.counts, &mine.counts}) counts->bytes_in = counts->bytes_out = 0;
    EXPECT_EQ(mine.counts, line.counts) << given;
  }
  EXPECT_LT(refused, 50u);
}

TEST(record_path, holds_placeholders_where_a_record_is_not_to_be_passed_on) {
  const auto rules = testing::make_plan({.policy = "version = 1\n[signals]\ndnt = \"drop\"\n"});
  stream lines(rules);
  std::string room(std::size_t{1} << 16, '\0');
  output_buffer out{room.data(), room.size()};
  std::vector<record_field> fields{{.name = "user", .value = "alice"}, {.name = "dnt", .value = "1"}, {.name = "status", .value = "200", .kind = value_kind::number}};
  std::optional<std::int64_t> time = testing::test_time;
  EXPECT_EQ(lines.record(fields, time, out), record_status::withheld);
  EXPECT_FALSE(time);
  EXPECT_EQ(out.pos, 0u);
  for (const record_field& field : fields) EXPECT_EQ(field.safe_name, "_");
  EXPECT_EQ(fields[0].safe_value, "-");
  EXPECT_EQ(fields[2].safe_kind, value_kind::null);
  EXPECT_EQ(lines.counts().lines_withheld, 1u);
}

TEST(record_path, knows_the_variables_of_rsyslog_by_their_own_names) {
  const auto rules = testing::make_plan({});
  stream lines(rules);
  std::string room(std::size_t{1} << 16, '\0');
  output_buffer out{room.data(), room.size()};
  std::vector<record_field> fields{{.name = "$!", .kind = value_kind::open}, {.name = "remote_addr", .value = "203.0.113.195"}, {.name = "own", .value = "alice"}, {.kind = value_kind::close}};
  std::optional<std::int64_t> time;
  ASSERT_EQ(lines.record(fields, time, out), record_status::done);
  EXPECT_EQ(fields[0].safe_name, "$!");
  EXPECT_EQ(fields[1].safe_value, "203.0.113.0");
  EXPECT_EQ(fields[2].safe_value, "-");
}

TEST(record_path, takes_listed_headers_for_what_they_are_called) {
  const auto rules = testing::make_plan({});
  stream lines(rules);
  std::string room(std::size_t{1} << 16, '\0');
  output_buffer out{room.data(), room.size()};
  std::vector<record_field> fields{{.name = "headers", .kind = value_kind::open}, {.kind = value_kind::open}, {.name = "name", .value = "X-Forwarded-For"}, {.name = "value", .value = "203.0.113.195"},
                                   {.kind = value_kind::close}, {.kind = value_kind::open}, {.name = "name", .value = "X-Session"}, {.name = "value", .value = "203.0.113.195"},
                                   {.kind = value_kind::close}, {.kind = value_kind::close}, {.name = "headers", .kind = value_kind::open}, {.name = "name", .value = "Host"},
                                   {.name = "value", .value = "www.example.com"}, {.kind = value_kind::close}};
  std::optional<std::int64_t> time;
  ASSERT_EQ(lines.record(fields, time, out), record_status::done);
  EXPECT_EQ(fields[2].safe_value, "X-Forwarded-For");
  EXPECT_EQ(fields[3].safe_value, "203.0.113.0");
  for (const std::size_t i : {std::size_t{6}, std::size_t{7}, std::size_t{11}, std::size_t{12}}) EXPECT_EQ(fields[i].safe_value, "-") << i;
}

}  // namespace
}  // namespace anonlog
