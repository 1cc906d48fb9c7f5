// tests/format/table_lines_test.cpp: which lines are headers, directives and rows, and where the values of a row are.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <anonlog/format/table_lines.hpp>

namespace anonlog {
namespace {

using what = table_head::what;
constexpr table_head::wanted all{.w3c = true, .zeek = true, .csv = true, .tsv = true};

table_head headed(std::string_view header, table_head::wanted wanted = all) {
  table_head head(wanted);
  head.begin_input();
  EXPECT_EQ(head.take(raw(header)), what::header);
  return head;
}

std::vector<std::string> row_of(const table_head& head, std::string_view row) {
  std::vector<std::string> cells;
  const bool is_row = walk_row(head, raw(row), [&](const keyed_value& cell) {
    cells.emplace_back(cell.text.begin(), cell.text.size());
    return true;
  });
  return is_row ? cells : std::vector<std::string>{"no row"};
}

const std::vector<std::string> no_row = {"no row"};
using cells = std::vector<std::string>;

TEST(table_lines, finds_the_values_of_w3c_between_runs_of_blanks) {
  const table_head head = headed("#Fields: c-ip  cs-method\tcs(User-Agent)");
  EXPECT_EQ(row_of(head, "192.0.2.1 GET a+b"), (cells{"192.0.2.1", "GET", "a+b"}));
  EXPECT_EQ(row_of(head, "  192.0.2.1 \t GET   \"a \"\"b\"\" c\"  "), (cells{"192.0.2.1", "GET", "a \"\"b\"\" c"}));
  EXPECT_EQ(row_of(head, "192.0.2.1 GET \"\""), (cells{"192.0.2.1", "GET", ""}));
  EXPECT_EQ(row_of(head, "192.0.2.1 GET a\"b"), (cells{"192.0.2.1", "GET", "a\"b"}));
  for (const char* none : {"192.0.2.1 GET", "192.0.2.1 GET a b", "192.0.2.1 GET \"a", "192.0.2.1 GET \"a\"b", "", "   "}) EXPECT_EQ(row_of(head, none), no_row) << none;
}

TEST(table_lines, finds_the_values_of_csv_and_tsv_and_keeps_empty_ones) {
  const table_head csv = headed("time,client_ip,ua");
  EXPECT_EQ(row_of(csv, "1,2,3"), (cells{"1", "2", "3"}));
  EXPECT_EQ(row_of(csv, "1,\"a, \"\"b\"\"\","), (cells{"1", "a, \"\"b\"\"", ""}));
  EXPECT_EQ(row_of(csv, "1, \"x\" ,  y z "), (cells{"1", "x", "y z"}));
  EXPECT_EQ(row_of(csv, ",,"), (cells{"", "", ""}));
  for (const char* none : {"1,2", "1,2,3,4", "1,\"2,3", "1,\"2\"x,3", "1,2\"x,3"}) EXPECT_EQ(row_of(csv, none), no_row) << none;
  const table_head semicolons = headed("time;client_ip;ua");
  EXPECT_EQ(row_of(semicolons, "1;a,b;c"), (cells{"1", "a,b", "c"}));
  const table_head tsv = headed("time\tclient_ip\tua");
  EXPECT_EQ(row_of(tsv, "1\t\t a b "), (cells{"1", "", " a b "}));
  const table_head zeek = headed("#fields\tts\tid.orig_h\tuser_agent");
  EXPECT_EQ(row_of(zeek, "1\t\"\ta \" b"), (cells{"1", "\"", "a \" b"}));
}

TEST(table_lines, know_their_headers_and_directives) {
  table_head head(all);
  head.begin_input();
  EXPECT_EQ(head.take(raw("#Software: Microsoft Internet Information Services 10.0")), what::directive);
  EXPECT_FALSE(head.is_there());
  EXPECT_EQ(head.take(raw("  ")), what::blank);
  EXPECT_EQ(head.take(raw("#Fields: date time c-ip")), what::header);
  EXPECT_EQ(head.size(), 3U);
  EXPECT_EQ(head.name(2), raw("c-ip"));
  const std::size_t version = head.version();
  EXPECT_EQ(head.take(raw("2026-01-15 10:00:00 192.0.2.1")), what::none);
  EXPECT_EQ(head.take(raw("# a remark")), what::none);
  EXPECT_EQ(headed("\xEF\xBB\xBF#Fields: date time c-ip").size(), 3U);
  table_head late(all);
  late.begin_input();
  EXPECT_EQ(late.take(raw("another log")), what::none);
  for (const char* directive : {"#Software: ada", "#Fields: date time c-ip", "#close\tada", "#fields\tts\thost\turi"}) EXPECT_EQ(late.take(raw(directive)), what::none) << directive;
  table_head csv = headed("time,client_ip,ua");
  for (const char* directive : {"#Software: ada", "#Fields: date time c-ip"}) EXPECT_EQ(csv.take(raw(directive)), what::none) << directive;
  EXPECT_EQ(csv.size(), 3U);
  EXPECT_EQ(head.take(raw("#Fieldset: date time c-ip")), what::none);
  EXPECT_EQ(head.take(raw("#Fields: time c-ip cs-method sc-status")), what::header);
  EXPECT_EQ(head.size(), 4U);
  EXPECT_NE(head.version(), version);
  head.begin_input();
  EXPECT_FALSE(head.is_there());
  EXPECT_EQ(head.take(raw("  ")), what::none) << "a blank line in front of any directive is no line of a table";
}

TEST(table_lines, take_the_header_of_csv_in_the_first_line_and_again) {
  constexpr const char* header = "time,client_ip,ua";
  table_head head = headed(header);
  EXPECT_EQ(head.take(raw("1,2,3")), what::none);
  EXPECT_EQ(head.take(raw(header)), what::header);
  EXPECT_EQ(head.take(raw("time,user,ua")), what::none);
  table_head late(all);
  late.begin_input();
  EXPECT_EQ(late.take(raw("no header")), what::none);
  EXPECT_EQ(late.take(raw(header)), what::none) << "it is not the first line";
  EXPECT_EQ(headed("\xEF\xBB\xBFtime,client_ip,ua").name(0), raw("time"));
}

// A client that can begin a line must not make a table of what is none.
TEST(table_lines, are_taken_for_a_header_only_where_names_are_known) {
  for (const char* none : {"a,b,c", "time,client_ip", "1,2,3", "time,a,b", "#Fields: a b c", "#Fields: date time", "#Fields:", "#fields\ta\tb\tc", "time,client_ip,\"", "time,client_ip,,"}) {
    table_head head(all);
    head.begin_input();
    EXPECT_EQ(head.take(raw(none)), what::none) << none;
    EXPECT_FALSE(head.is_there()) << none;
  }
  EXPECT_EQ(headed("time,client_ip,_").size(), 3U);
  const table_head::wanted csv{.csv = true, .is_only = true, .own_names = {"shoe-size"}};
  EXPECT_EQ(headed("time,client_ip", csv).size(), 2U) << "asked for by name";
  EXPECT_EQ(headed("time,shoe_size", csv).size(), 2U) << "named by the policy";
  for (const char* record : {"alice,10.2.3.4,login", "2026-01-15T12:34:56Z,203.0.113.77,alice,bob.smith,200", "alice,bob,login", "a,b"}) {
    table_head head(csv);
    head.begin_input();
    EXPECT_EQ(head.take(raw(record)), what::none) << record;
  }
}

TEST(table_lines, tell_the_head_of_the_next_block) {
  constexpr const char* block = "1 2\n#Fields: date time c-ip\r\n2026-01-15 10:00:00 192.0.2.1\nx#Fields: date time c-port\n";
  table_head skipped(all);
  skipped.begin_input();
  skipped.skip(raw(block));
  EXPECT_FALSE(skipped.is_at_front());
  EXPECT_FALSE(skipped.is_there()) << "behind other lines nothing begins a table";
  skipped.begin_input();
  skipped.skip(raw("#Version: 1.0\n#Fields: date time c-port\n"));
  EXPECT_TRUE(skipped.is_at_front());
  skipped.skip(raw(block));
  ASSERT_EQ(skipped.size(), 3U);
  EXPECT_EQ(skipped.name(2), raw("c-ip"));
  const table_head copy = skipped;
  EXPECT_EQ(copy.name(1), raw("time"));
  table_head limited({.w3c = true, .longest_line = 30});
  limited.skip(raw("#Fields: date time c-ip cs-method\n#Fields: date time c-ip\n"));
  EXPECT_FALSE(limited.is_there()) << "the first is too long, and then the front is over";
}

}  // namespace
}  // namespace anonlog
