// tests/table_rows_test.cpp: rows of tables through the stream: each value by the class of its column, the lines above them.
#include <gtest/gtest.h>

#include <string>

#include "stream_support.hpp"

namespace anonlog {
namespace {

std::string written(const std::string& log, const std::string& format = "auto", const std::string& policy = "version = 1\n") {
  return testing::run(testing::make_plan({.format = format, .policy = policy}), log, [](std::size_t left) { return left; }).out;
}

constexpr const char* iis =
    "#Software: Microsoft Internet Information Services 10.0\r\n"
    "#Version: 1.0   // a remark\r\n"
    "#Date: 2026-01-15 10:29:06\r\n"
    "#Remark: by ada\r\n"
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) x-secret sc-status time-taken\r\n"
    "2026-01-15 10:29:06 10.0.0.5 GET /u/4711 token=s3cret 443 - 203.0.113.77 Mozilla/5.0+(Windows+NT+10.0)+Chrome/120.0.0.0 https://example.org/?u=ada s3cret 200 15\r\n";
constexpr const char* iis_after =
    "#Software: Microsoft Internet Information Services 10.0\r\n"
    "#Version: 1.0\r\n"
    "#Date: 2026-01-15 10:00:00\r\n"
    "#Remark: -\r\n"
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) x-secret sc-status time-taken\r\n"
    "2026-01-15 10:00:00 10.0.0.5 GET /u/:num token=* 443 - 203.0.113.0 Chrome/120+(Windows) https://example.org/ - 200 15\r\n";

TEST(table_rows, of_w3c_are_written_by_the_classes_of_their_columns_and_read_again) {
  EXPECT_EQ(written(iis), iis_after);
  EXPECT_EQ(written(iis_after), iis_after);
  EXPECT_EQ(written(iis, "w3c"), iis_after);
}

TEST(table_rows, have_columns_named_by_a_header_of_the_request) {
  const std::string out = written("#Fields: date time c-ip sc-status X-Real-IP True-Client-IP X-Forwarded-For\n2026-01-15 10:29:06 10.0.0.1 200 203.0.113.77 2001:db8:85a3::1 198.51.100.7\n");
  EXPECT_EQ(out, "#Fields: date time c-ip sc-status X-Real-IP True-Client-IP X-Forwarded-For\n2026-01-15 10:00:00 10.0.0.0 200 203.0.113.0 2001:db8:8500:: 198.51.100.0\n");
  EXPECT_EQ(written(out), out);
}

TEST(table_rows, of_google_cloud_storage_are_known) {
  const std::string head = "\"time_micros\",\"c_ip\",\"c_ip_type\",\"cs_method\",\"cs_uri\",\"sc_status\",\"cs_bytes\",\"sc_bytes\",\"time_taken_micros\",\"cs_host\","
                           "\"cs_referer\",\"cs_user_agent\",\"s_request_id\",\"cs_object\"\n";
  const std::string out = written(head + "\"1768472946123456\",\"203.0.113.77\",\"1\",\"GET\",\"/u/4711?token=s3cret\",\"200\",\"0\",\"512\",\"110000\",\"media.example.com\","
                                         "\"https://example.org/?u=ada\",\"curl/8.5.0\",\"AFxy0123\",\"ada/photo.jpg\"\n");
  EXPECT_EQ(out, head + "\"1768471200000000\",\"203.0.113.0\",\"-\",\"GET\",\"/u/:num?token=*\",\"200\",\"0\",\"512\",\"110000\",\"media.example.com\","
                        "\"https://example.org/\",\"curl/8 (tool)\",\"-\",\"-\"\n");
  EXPECT_EQ(written(out), out);
}

TEST(table_rows, follow_a_header_that_changes_in_mid_file) {
  EXPECT_EQ(written("#Fields: date time c-ip cs-method\n2026-01-15 10:29:06 203.0.113.77 GET\n"
                    "#Fields: time sc-status c-ip\n10:29:06 200 203.0.113.78\n2026-01-15 10:29:06 203.0.113.77 GET\n"),
            "#Fields: date time c-ip cs-method\n2026-01-15 10:00:00 203.0.113.0 GET\n"
            "#Fields: time sc-status c-ip\n10:00:00 200 203.0.113.0\n");
}

TEST(table_rows, are_rejects_without_a_header_or_with_other_counts) {
  EXPECT_EQ(written("2026-01-15 10:29:06 203.0.113.77 GET\n", "w3c"), "");
  EXPECT_EQ(written("#Fields: date time c-ip\n2026-01-15 10:29:06 203.0.113.77 ada\n2026-01-15 10:29:06\n"), "#Fields: date time c-ip\n");
}

TEST(table_rows, do_not_follow_the_header_of_another_input) {
  const auto rules = testing::make_plan({.format = "auto"});
  stream lines(rules);
  std::string room(1 << 16, '\0');
  output_buffer out{room.data(), room.size()};
  const std::string log = "#Fields: date time c-ip\n2026-01-15 10:29:06 203.0.113.77\n";
  input_buffer first{log.data(), log.size()};
  lines.feed(first, out);
  lines.finish(out);
  const std::size_t before = out.pos;
  const std::string row = "2026-01-15 10:29:06 203.0.113.77\n";
  input_buffer second{row.data(), row.size()};
  lines.feed(second, out);
  lines.finish(out);
  EXPECT_EQ(out.pos, before);
  EXPECT_EQ(lines.counts().lines_rejected(), 1U);
}

TEST(table_rows, of_csv_keep_their_quotes_and_the_number_of_their_values) {
  EXPECT_EQ(written("\xEF\xBB\xBFtime,client_ip,ua,forwarded,note\n"
                    "2026-01-15T10:29:06Z,203.0.113.77,\"Mozilla/5.0 (Windows NT 10.0; a, b) Chrome/120.0\",,ada\n"
                    "2026-01-15T10:29:06Z, \"203.0.113.77\" ,x,\"for=\"\"[2001:db8::1]\"\"\",\"ada \"\"x\"\"\"\n"
                    "time,client_ip,ua,forwarded,note\n"),
            "time,client_ip,ua,forwarded,note\n"
            "2026-01-15T10:00:00Z,203.0.113.0,\"Chrome/120 (Windows)\",,-\n"
            "2026-01-15T10:00:00Z, \"203.0.113.0\" ,Other (Other),\"-\",\"-\"\n"
            "time,client_ip,ua,forwarded,note\n");
}

TEST(table_rows, of_zeek_keep_what_its_readers_need) {
  EXPECT_EQ(written("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\thttp\n#open\t2026-01-15-10-29-06\n"
                    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tversion\tuser_agent\tpassword\n#types\ttime\tstring\taddr\tport\tstring\tstring\tvector[string]\n"
                    "1768472946.123456\tCHhAvVGS1DHFjwGM9\t203.0.113.77\t51234\t1.1\tcurl/8.5.0\ts3cret\n#close\t2026-01-15-11-00-00\n"),
            "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\thttp\n#open\t-\n"
            "#fields\tts\tuid\tid.orig_h\tid.orig_p\tversion\tuser_agent\tpassword\n#types\ttime\tstring\taddr\tport\tstring\tstring\tvector[string]\n"
            "1768471200.000000\t-\t203.0.113.0\t0\t1.1\tcurl/8 (tool)\t-\n#close\t-\n");
}

TEST(table_rows, write_names_that_could_be_somebodys_as_a_mark) {
  EXPECT_EQ(written("time,client_ip,status,ada@example.com,x203.0.113.77\n2026-01-15T10:29:06Z,203.0.113.77,200,x,y\n", "csv"),
            "time,client_ip,status,_,_\n2026-01-15T10:00:00Z,203.0.113.0,200,-,-\n");
}

TEST(table_rows, keep_names_that_are_nobodys) {
  const std::string w3c = "#Fields: date time c-ip cs(Authorization) rs(Set-Cookie) sc(Location) x-a/b\n2026-01-15 10:00:00 203.0.113.0 - - - -\n";
  EXPECT_EQ(written(w3c), w3c);
  const std::string csv = "time,client_ip,first name,http:method,cs(X-Own)\n2026-01-15T10:00:00Z,203.0.113.0,-,-,-\n";
  EXPECT_EQ(written(csv), csv);
  EXPECT_EQ(written("time,client_ip,status,caf\xC3\xA9\n2026-01-15T10:29:06Z,203.0.113.77,200,x\n", "csv"), "time,client_ip,status,_\n2026-01-15T10:00:00Z,203.0.113.0,200,-\n");
}

TEST(table_rows, have_directives_of_known_words_only) {
  EXPECT_EQ(written("#Version: rosebud\n#Fields: time c-ip sc-status\n"), "#Version: -\n#Fields: time c-ip sc-status\n");
  EXPECT_EQ(written("#Software: Alice Miller rosebud\n#Version: 10.20.30.40\n#close My password is rosebud\n#path\talice\n#open\tbob.smith\n#types\talice\tset[string]\n"
                    "#Fields: cs-username c-ip cs-uri-stem\n#Software:alice 203.0.113.7 /alice/secretname\n"),
            "#Software: -\n#Version: -\n#close - - - -\n#path\t-\n#open\t-\n#types\t-\tset[string]\n"
            "#Fields: cs-username c-ip cs-uri-stem\n#Software:-\n");
  const std::string access = "203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n";
  EXPECT_EQ(written(access + "#Software: SHOUTcast\n#Fields: date time c-ip\n2026-01-15 10:29:06 203.0.113.77\n"), access);
}

TEST(table_rows, of_nothing_but_empty_values_stay_rows) {
  EXPECT_EQ(written("time\tclient_ip\tuser\n\t\t\n"), "time\tclient_ip\tuser\n\t\t\n");
}

TEST(table_rows, undo_what_was_written_for_the_ends_of_values) {
  const std::string log = "#Fields: c-ip cs-method cs(Forwarded)\n203.0.113.77 GET for=[2001:db8::1]\n";
  const std::string once = written(log, "w3c");
  EXPECT_EQ(written(once, "w3c"), once);
}

// Between tabs, as CloudFront writes; its agents are encoded twice, and a plus is one.
TEST(table_rows, of_cloudfront_have_blanks_in_percents) {
  const std::string head = "#Version: 1.0\n#Fields: date time c-ip cs(User-Agent) cs(Cookie) x-forwarded-for cs(Forwarded)\n";
  const std::string row = "2026-01-15\t10:29:06\t203.0.113.77\tMozilla/5.0%2520(X11;%2520Linux%2520x86_64)%2520Firefox/115.0\ta=1;%20b=2\t203.0.113.195,%20198.51.100.77\tfor=203.0.113.7,%20for=198.51.100.7\n";
  const std::string after = "2026-01-15\t10:00:00\t203.0.113.0\tFirefox/115%20(Linux)\t-\t203.0.113.0,%20198.51.100.0\tfor=203.0.113.0,%20for=198.51.100.0\n";
  EXPECT_EQ(written(head + row), head + after);
  EXPECT_EQ(written(head + after), head + after);
  const std::string names = "version = 1\n[cookie]\nlevel = \"names\"\n";
  EXPECT_EQ(written(head + "2026-01-15\t10:29:06\t203.0.113.77\tcurl/8.5.0\ta=1;%20b=2\t203.0.113.195,%2520198.51.100.77\t-\n", "w3c", names),
            head + "2026-01-15\t10:00:00\t203.0.113.0\tcurl/8%20(tool)\ta=*;%20b=*\t203.0.113.0,%20198.51.100.0\t-\n");
  const std::string whole = "version = 1\naccept_weak = true\n[agent]\nlevel = \"full\"\n";
  const std::string bot = "2026-01-15\t10:00:00\t203.0.113.0\tGooglebot/2.1%20(+http://www.google.com/bot.html)\t-\t-\t-\n";
  EXPECT_EQ(written(head + bot, "w3c", whole), head + bot);
  // Between blanks, as IIS writes, a plus is a blank; what is encoded there is read, too.
  const std::string iis_head = "#Fields: date time c-ip cs(User-Agent) x-forwarded-for\n";
  EXPECT_EQ(written(iis_head + "2026-01-15 10:29:06 203.0.113.77 curl/8.5.0 203.0.113.195,+198.51.100.77\n2026-01-15 10:29:06 203.0.113.77 curl/8.5.0 203.0.113.195,%20198.51.100.77\n"),
            iis_head + "2026-01-15 10:00:00 203.0.113.0 curl/8+(tool) 203.0.113.0,+198.51.100.0\n2026-01-15 10:00:00 203.0.113.0 curl/8+(tool) 203.0.113.0,+198.51.100.0\n");
}

TEST(table_rows, have_the_time_of_their_date) {
  const auto rules = testing::make_plan({.format = "auto", .policy = "version = 1\n[time]\ngrid = \"1d\"\n"});
  const auto told = testing::run(rules, "#Fields: time date c-ip\n23:59:59 2026-01-14 203.0.113.77\n#Fields: time c-ip cs-method\n23:59:59 203.0.113.77 GET\n",
                                 [](std::size_t left) { return left; });
  EXPECT_EQ(told.out, "#Fields: time date c-ip\n00:00:00 2026-01-14 203.0.113.0\n#Fields: time c-ip cs-method\n00:00:00 203.0.113.0 GET\n");
  EXPECT_EQ(told.counts.first_time, 1768348800);
  EXPECT_EQ(told.counts.last_time, 1768348800);
  EXPECT_EQ(told.counts.epoch_guessed, 1U);
}

TEST(table_rows, are_the_same_for_any_pieces) {
  const std::string log = std::string(iis) + "203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET /u/4711 HTTP/1.1\" 200 5 \"-\" \"curl/8.5.0\"\n" + iis;
  const auto rules = testing::make_plan({.format = "auto"});
  const std::string whole = testing::run(rules, log, [](std::size_t left) { return left; }).out;
  for (const std::size_t piece : {1U, 7U, 64U, 333U})
    EXPECT_EQ(testing::run(rules, log, [&](std::size_t left) { return std::min(left, piece); }).out, whole) << piece;
}

TEST(table_rows, take_the_class_of_a_column_from_the_policy) {
  EXPECT_EQ(written("#Fields: date time c-ip x-secret cs-username\n2026-01-15 10:29:06 203.0.113.77 blue ada\n", "w3c",
                    "version = 1\n[fields]\nx-secret = \"keep\"\ncs-username = \"drop\"\n"),
            "#Fields: date time c-ip x-secret cs-username\n2026-01-15 10:00:00 203.0.113.0 blue -\n");
}

}  // namespace
}  // namespace anonlog
