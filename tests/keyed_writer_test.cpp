// tests/keyed_writer_test.cpp: lines that name their own fields come out with every value replaced where it stands, and
// everything else as it was.
#include <gtest/gtest.h>

#include <string>

#include <anonlog.hpp>

namespace anonlog {
namespace {

struct written {
  std::string line;
  report counts;
};

written anonymised(std::string_view line, const policy& rules = {}, std::string_view format = "json") {
  plan_options options;
  options.rules = rules;
  options.format = format;
  const auto made = plan::make(std::move(options)).value();
  stream lines(made);
  std::string room(made->output_bound(line.size()), '\0');
  input_buffer in{line.data(), line.size()};
  output_buffer out{room.data(), room.size()};
  lines.feed(in, out);
  lines.finish(out);
  return {room.substr(0, out.pos), lines.counts()};
}

bool is_read(std::string_view line) { return anonymised(line).counts.lines_rejected() == 0; }

std::string line_of(std::string_view line, const policy& rules = {}, std::string_view format = "json") {
  return anonymised(line, rules, format).line;
}

TEST(keyed_writer, replaces_values_where_they_stand) {
  EXPECT_EQ(line_of(R"({"remote_addr":"203.0.113.77", "status" : 200,"request":"GET /u/42?q=x HTTP/1.1" ,"bytes_sent":12345})"),
            R"({"remote_addr":"203.0.113.0", "status" : 200,"request":"GET /u/:num?q=* HTTP/1.1" ,"bytes_sent":12345})");
}

TEST(keyed_writer, writes_the_formats_of_the_programs) {
  EXPECT_EQ(line_of(R"~({"level":"info","ts":1700000123.456,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.77","remote_port":"54321","client_ip":"203.0.113.77","proto":"HTTP/2.0","method":"GET","host":"example.com","uri":"/a/42?page=2&x=y","headers":{"User-Agent":["Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0"],"X-Forwarded-For":["198.51.100.7, 10.0.0.1"],"Authorization":["Bearer secret"],"Accept-Language":["de-DE"]},"tls":{"resumed":false,"version":772,"server_name":"example.com"}},"bytes_read":0,"user_id":"","duration":0.0123,"size":512,"status":200,"resp_headers":{"Set-Cookie":["sid=abc"]}})~"),
            R"~({"level":"info","ts":1699999200.000,"logger":"http.log.access","msg":"-","request":{"remote_ip":"203.0.113.0","remote_port":"0","client_ip":"203.0.113.0","proto":"HTTP/2.0","method":"GET","host":"example.com","uri":"/a/:num?page=2&x=*","headers":{"User-Agent":["Firefox/115 (Linux)"],"X-Forwarded-For":["198.51.100.0, 10.0.0.0"],"Authorization":["-"],"Accept-Language":["-"]},"tls":{"resumed":false,"version":772,"server_name":"example.com"}},"bytes_read":0,"user_id":"","duration":0.0123,"size":512,"status":200,"resp_headers":{"Set-Cookie":["-"]}})~");
}

TEST(keyed_writer, writes_the_formats_of_programs_that_have_a_word_in_front) {
  EXPECT_EQ(line_of(R"({"ClientHost":"203.0.113.77","request_X-Forwarded-For":"198.51.100.7, 10.0.0.1","request_Authorization":"Bearer s3cret","origin_X-Own":"ada","downstream_Location":"/u/ada"})"),
            R"({"ClientHost":"203.0.113.0","request_X-Forwarded-For":"198.51.100.0, 10.0.0.0","request_Authorization":"-","origin_X-Own":"-","downstream_Location":"-"})");
  EXPECT_EQ(line_of(R"({"time":"2026-01-15T13:55:36Z","properties":{"trackingReference":"0HMB4X","clientIp":"203.0.113.77","requestUri":"https://www.example.com:443/u/42?token=x","pop":"FRA","timeTaken":"0.003","host":"www.example.com"}})"),
            R"({"time":"2026-01-15T13:00:00Z","properties":{"trackingReference":"-","clientIp":"203.0.113.0","requestUri":"https://www.example.com/u/:num?token=*","pop":"FRA","timeTaken":"0.003","host":"www.example.com"}})");
  EXPECT_EQ(line_of(R"({"Timestamp":1700000123456000000,"Attributes":{"http.url":"http://example.com/u/42","client.address":"203.0.113.77","own":"ada"}})"),
            R"({"Timestamp":1699999200000000000,"Attributes":{"http.url":"http://example.com/u/:num","client.address":"203.0.113.0","own":"-"}})");
  EXPECT_EQ(line_of(R"({"ts":1700000123.5,"uid":"CHhAvVGS1DHFjwGM9","id.orig_h":"203.0.113.77","id.orig_p":51234})"),
            R"({"ts":1699999200.0,"uid":"-","id.orig_h":"203.0.113.0","id.orig_p":0})");
  EXPECT_EQ(line_of(R"({"version":"1.1","host":"web1","short_message":"203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5","full_message":"ada","_remote_addr":"203.0.113.77"})", {}, "auto"),
            R"({"version":"-","host":"web1","short_message":"203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] \"GET / HTTP/1.1\" 200 5","full_message":"-","_remote_addr":"203.0.113.0"})");
  EXPECT_EQ(line_of(R"({"remote_host":"203.0.113.77","requested_url":"GET /u/42?a=b HTTP/1.1","requested_uri":"/u/42","elapsed_time":12,"status_code":200})"),
            R"({"remote_host":"203.0.113.0","requested_url":"GET /u/:num?a=* HTTP/1.1","requested_uri":"/u/:num","elapsed_time":12,"status_code":200})");
}

// Where a program's own fields stand in a member, `host` may be the client's there, too.
TEST(keyed_writer, takes_host_in_a_member_for_the_client_where_nobody_else_is) {
  EXPECT_EQ(line_of(R"({"jsonPayload":{"host":"bobs-macbook.corp.example","method":"GET"}})"), R"({"jsonPayload":{"host":"-","method":"GET"}})");
  EXPECT_EQ(line_of(R"({"jsonPayload":{"host":"www.example.com","remote_addr":"203.0.113.77"}})"),
            R"({"jsonPayload":{"host":"www.example.com","remote_addr":"203.0.113.0"}})");
}

TEST(keyed_writer, decodes_agents_that_a_program_encodes) {
  EXPECT_EQ(line_of(R"~({"cliIP":"203.0.113.77","reqTimeSec":"1700000123.456","UA":"Mozilla%2F5.0+%28X11%3B+Linux+x86_64%29+Gecko%2F20100101+Firefox%2F115.0"})~"),
            R"~({"cliIP":"203.0.113.0","reqTimeSec":"1699999200.000","UA":"Firefox/115 (Linux)"})~");
  EXPECT_EQ(line_of(R"~({"cliIP":"203.0.113.77","UA":"Firefox/115 (Linux)"})~"), R"~({"cliIP":"203.0.113.0","UA":"Firefox/115 (Linux)"})~");
}

// AWS WAF's list of headers: each value has the class of the header that is named in front of it, and of no other.
TEST(keyed_writer, takes_listed_headers_for_what_they_are_called) {
  const auto listed = [](const std::string& pairs) { return R"~({"timestamp":1768481736123,"httpRequest":{"clientIp":"203.0.113.77","headers":[)~" + pairs + "]}}"; };
  const auto safe = [](const std::string& pairs) { return R"~({"timestamp":1768478400000,"httpRequest":{"clientIp":"203.0.113.0","headers":[)~" + pairs + "]}}"; };
  const std::string in = listed(R"~({"name":"Host","value":"www.example.com"},{"name":"user-agent","value":"curl/8.5.0"},{"name":"X-Forwarded-For","value":"198.51.100.7"},)~"
                                R"~({"name":"Authorization","value":"Bearer s3cret"},{"name":"referer","value":"https://example.com/ada"},{"name":"ada@example.org","value":"x"})~");
  const std::string out = safe(R"~({"name":"Host","value":"www.example.com"},{"name":"user-agent","value":"curl/8 (tool)"},{"name":"X-Forwarded-For","value":"198.51.100.0"},)~"
                               R"~({"name":"-","value":"-"},{"name":"referer","value":"https://example.com/"},{"name":"-","value":"-"})~");
  const std::string other_in = listed(R"~({"name":"X-Name","value":"www.example.com"},{"name":"X-Session","value":"curl/8.5.0"},{"name":"X-Forwarded-For","value":"198.51.100.7"},)~"
                                      R"~({"name":"Authorization","value":"Bearer s3cret"},{"name":"referer","value":"https://example.com/ada"},{"name":"ada@example.org","value":"x"})~");
  EXPECT_EQ(line_of(in), out);
  EXPECT_EQ(line_of(in + "\n" + in + "\n" + other_in + "\n" + in + "\n"),
            out + "\n" + out + "\n" +
                safe(R"~({"name":"-","value":"-"},{"name":"-","value":"-"},{"name":"X-Forwarded-For","value":"198.51.100.0"},)~"
                     R"~({"name":"-","value":"-"},{"name":"referer","value":"https://example.com/"},{"name":"-","value":"-"})~") +
                "\n" + out + "\n");
  // Headers of these names, and what does not stand behind its name.
  for (const char* rest : {R"~({"request":{"headers":{"name":["Host"],"value":["www.example.com"]}}})~", R"~({"request":{"headers":{"name":"Host","value":"www.example.com"}}})~"}) {
    const std::string told = line_of(rest);
    EXPECT_TRUE(told.find("Host") == told.npos && told.find("www") == told.npos) << told;
  }
  EXPECT_EQ(line_of(listed(R"~({"value":"www.example.com","name":"Host"},{"name":"Host","x":1,"value":"www.example.com"},{"name":["Host"],"value":"www.example.com"})~")),
            safe(R"~({"value":"-","name":"Host"},{"name":"Host","x":null,"value":"-"},{"name":["-"],"value":"-"})~"));
  // Names of other members of the list, and of lines before.
  EXPECT_EQ(line_of(listed(R"~({"value":"www.example.com","name":"Host"},{"value":"sid-4f","name":"Cookie"})~")), safe(R"~({"value":"-","name":"Host"},{"value":"-","name":"Cookie"})~"));
  EXPECT_EQ(line_of(listed(R"~({"name":"Host"},{"value":"ada"})~")), safe(R"~({"name":"Host"},{"value":"-"})~"));
  EXPECT_EQ(line_of(listed(R"~({"name":"Host"})~") + "\n" + listed(R"~({"value":"ada"})~") + "\n"), safe(R"~({"name":"Host"})~") + "\n" + safe(R"~({"value":"-"})~") + "\n");
  policy rules;
  ASSERT_FALSE(rules.set("signals.gpc", written_value(std::string("drop"))));
  EXPECT_EQ(line_of(listed(R"~({"name":"Sec-GPC","value":"1"})~"), rules), "");
}

TEST(keyed_writer, lets_nothing_through_that_nobody_knows) {
  EXPECT_EQ(line_of(R"({"secret":"x","n":4711,"b":true,"z":null,"o":{"a":["u",1,{"deep":"v"}]},"e":"","d":"-"})"),
            R"({"secret":"-","n":null,"b":null,"z":null,"o":{"a":["-",null,{"deep":"-"}]},"e":"","d":"-"})");
}

TEST(keyed_writer, judges_what_is_decoded_and_every_one_of_duplicates) {
  EXPECT_EQ(line_of(R"({"remote\u005faddr":"\u0032\u0030\u0033.0.113.77","remote_addr":"203.0.113.78"})"),
            R"({"remote_addr":"203.0.113.0","remote_addr":"203.0.113.0"})");
  EXPECT_EQ(line_of(R"({"uri":"/a\u003ftoken=x"})"), R"({"uri":"/a?token=*"})");
}

TEST(keyed_writer, writes_no_name_that_could_be_somebodys) {
  EXPECT_EQ(line_of(R"({"bob@example.com":1,"203.0.113.77":{"x":1},"550e8400-e29b-41d4-a716-446655440000":"y","~bob":"z","bob%40example.com":2,"user 4711234":3,"ok_name":1})"),
            R"({"_":null,"_":{"x":null},"_":"-","_":"-","_":null,"_":null,"ok_name":null})");
  // What is a path, a URL or a pair is no name.
  EXPECT_EQ(line_of(R"({"/users/bob":1,"https://example.com/reset":1,"/a?token=s3cret":1,"token=s3cret":1,"users/4711/mail":1,"a/~bob":1,"a/b;sid=1":1})"),
            R"({"_":null,"_":null,"_":null,"_":null,"_":null,"_":null,"_":null})");
  EXPECT_EQ(line_of("{\"caf\u00E9\":1,\"a\\\"b\":1,\"a\\\\b\":1,\"a\\tb\":1,\"a\\u007Fb\":1}"), R"({"_":null,"_":null,"_":null,"_":null,"_":null})");
  EXPECT_EQ(line_of("{\"" + std::string(65, 'a') + "\":1}"), R"({"_":null})");
  EXPECT_EQ(line_of(R"({"HTTP Status Code":1,"mallory was here again":2})"), R"({"HTTP Status Code":null,"_":null})");
}

TEST(keyed_writer, keeps_names_that_are_nobodys) {
  for (const std::string name : {"app.kubernetes.io/name", "first name", "http:method", "$ref", "@type", "#text", "cpu%", "a (b)", "R&D", "C#", "it's", "x*y+z!", "<b>", "{id}", "a|b", "[0]"})
    EXPECT_EQ(line_of("{\"" + name + "\":1,\"status\":200}"), "{\"" + name + "\":null,\"status\":200}");
  EXPECT_EQ(line_of("status=200 http:method=x a/b=y method=GET", {}, "logfmt"), "status=200 http:method=- a/b=- method=GET");
}

TEST(keyed_writer, takes_no_name_for_that_of_the_value_behind_it) {
  EXPECT_EQ(line_of(R"({"user":[{"ada@example.org":{}},"-"],"status":[{"Ada Lovelace":[]},200,{"203.0.113.77":{}},404]})"),
            R"({"user":[{"_":{}},"-"],"status":[{"Ada Lovelace":[]},200,{"_":{}},404]})");
  EXPECT_EQ(line_of(R"({"status":{"a@b":{"c@d":[]}},"bytes":[[],{"e@f":[[]]},5],"x@y":200})"), R"({"status":{"_":{"_":[]}},"bytes":[[],{"_":[[]]},5],"_":null})");
}

TEST(keyed_writer, has_a_number_or_null_where_a_number_was) {
  EXPECT_EQ(line_of(R"({"remote_addr":3405803853,"status":200,"status":99999,"time":1700000123,"request":1.5,"remote_port":54321,"user":42})"),
            R"({"remote_addr":null,"status":200,"status":null,"time":1699999200,"request":null,"remote_port":0,"user":null})");
  policy rules;
  ASSERT_FALSE(rules.set("bytes.digits", written_value(std::int64_t{2})));
  EXPECT_EQ(line_of(R"({"bytes_sent":98765,"bytes_sent":"98765","bytes_sent":1e3,"bytes_sent":-5})", rules),
            R"({"bytes_sent":98000,"bytes_sent":"98000","bytes_sent":null,"bytes_sent":null})");
}

TEST(keyed_writer, takes_classes_from_the_policy_first) {
  policy rules;
  ASSERT_FALSE(rules.set("fields.visitor.addr", written_value(std::string("ip"))));
  EXPECT_EQ(line_of(R"({"visitor":{"addr":"203.0.113.77"},"addr":"203.0.113.77"})", rules), R"({"visitor":{"addr":"203.0.113.0"},"addr":"-"})");
}

TEST(keyed_writer, floors_times_by_the_zone_of_the_line) {
  EXPECT_EQ(line_of(R"({"a":"2026-01-15T12:00:00Z","time":"-","time":"2026-01-15T13:55:36+01:00"})"),
            R"({"a":"-","time":"-","time":"2026-01-15T13:00:00+01:00"})");
  EXPECT_EQ(anonymised(R"({"time":"2026-01-15T13:55:36+01:00"})").counts.first_time, 1768478400);
  for (const auto& [in, out] : {std::pair{"Jan 15, 2026 @ 12:55:36.123", "Jan 15, 2026 @ 12:00:00.000"}, {"2026-01-15 12:55:36.123456 UTC", "2026-01-15 12:00:00.000000 UTC"},
                                {"Thu, 15 Jan 2026 12:55:36 GMT", "Thu, 15 Jan 2026 12:00:00 GMT"}}) {
    const written told = anonymised(R"({"@timestamp":")" + std::string(in) + R"(","If-Modified-Since":")" + in + R"("})");
    EXPECT_EQ(told.line, R"({"@timestamp":")" + std::string(out) + R"(","If-Modified-Since":"-"})");
    EXPECT_EQ(told.counts.first_time, 1768478400);
    EXPECT_EQ(line_of("@timestamp,c_ip,status\n\"" + std::string(in) + "\",203.0.113.77,200\n", {}, "csv"), "@timestamp,c_ip,status\n\"" + std::string(out) + "\",203.0.113.0,200\n");
  }
  EXPECT_EQ(anonymised(R"({"a":1})").counts.epoch_guessed, 1U);
}

TEST(keyed_writer, refuses_what_is_no_object_or_too_much) {
  for (const char* line : {"[1]", "{\"a\":1", "{\"a\":1}x", "{'a':1}", "1", "null", "{\"a\":01}", "{\"a\" 1}", "{\"a\":\"\x01\"}"}) EXPECT_FALSE(is_read(line)) << line;
  std::string many = "{\"a\":[0";
  for (std::size_t i = 0; i < plan::most_named; ++i) many += ",0";
  EXPECT_FALSE(is_read(many + "]}"));
  EXPECT_TRUE(is_read("{\"a\":[0,0,0]}"));
}

TEST(keyed_writer, writes_free_text_only_where_the_policy_asks_for_it) {
  for (const char* preset : {"balanced", "strict"}) {
    const policy rules = parse_policy("preset = \"" + std::string(preset) + "\"\n", "test").value();
    for (const char* name : {"message", "msg", "log", "event.original"}) {
      EXPECT_EQ(line_of("{\"" + std::string(name) + "\":\"ada reset/hunter2?q=x 203.0.113.77\"}", rules), "{\"" + std::string(name) + "\":\"-\"}");
      EXPECT_EQ(line_of("{\"log\":\"{\\\"" + std::string(name) + "\\\":\\\"ada\\\"}\"}", rules), "{\"log\":\"{\\\"" + std::string(name) + "\\\":\\\"-\\\"}\"}");
    }
  }
  policy rules;
  ASSERT_FALSE(rules.set("fields.msg", written_value(std::string("text"))));
  EXPECT_EQ(line_of(R"({"msg":"from 203.0.113.77"})", rules), R"({"msg":"from :ip"})");
}

TEST(keyed_writer, gives_each_form_of_a_kept_word_its_own_rule) {
  EXPECT_EQ(line_of(R"({"level":"hunter2","stream":"s3cret","severity":"bob","at":"info","protocol":"HTTP/1.1","status":"2000","method":"ada","scheme":"ftp","RouterName":"a@b"})"),
            R"({"level":"-","stream":"-","severity":"-","at":"info","protocol":"HTTP/1.1","status":"-","method":"OTHER","scheme":"-","RouterName":"-"})");
}

// AWS API Gateway calls the time of a request as nginx calls how long it took.
TEST(keyed_writer, takes_a_stamp_under_the_name_of_a_duration_for_the_time) {
  EXPECT_EQ(line_of(R"({"requestTime":"14/Nov/2023:22:13:20 +0000","ip":"203.0.113.77"})"), R"({"requestTime":"14/Nov/2023:22:00:00 +0000","ip":"203.0.113.0"})");
  const written told = anonymised(R"({"requestTime":"14/Nov/2023:22:13:20 +0000","ip":"203.0.113.77"})");
  EXPECT_EQ(told.counts.first_time, 1699999200);
  EXPECT_EQ(told.counts.epoch_guessed, 0U);
  EXPECT_EQ(line_of(R"({"requestTime":"2023-11-14T22:13:20.5Z","request_time":0.012,"duration":"00:00:05","latency":"1700000123"})"),
            R"({"requestTime":"2023-11-14T22:00:00.0Z","request_time":0.012,"duration":"-","latency":"1700000123"})");
  EXPECT_EQ(line_of("requestTime:14/Nov/2023:22:13:20 +0000\tip:203.0.113.77", {}, "ltsv"), "requestTime:14/Nov/2023:22:00:00 +0000\tip:203.0.113.0");
  policy rules;
  ASSERT_FALSE(rules.set("fields.requestTime", written_value(std::string("duration"))));
  EXPECT_EQ(line_of(R"({"requestTime":"14/Nov/2023:22:13:20 +0000"})", rules), R"({"requestTime":"- -"})");
}

TEST(keyed_writer, keeps_the_units_of_durations) {
  EXPECT_EQ(line_of(R"({"duration":"12.345ms","latency":"0.087s","took":"5 ms","elapsed":"ms","runtime":"ada5s"})"),
            R"({"duration":"12.345ms","latency":"0.087s","took":"5 -","elapsed":"-","runtime":"-"})");
}

TEST(keyed_writer, writes_what_mod_log_forensic_escapes_as_it_does) {
  EXPECT_EQ(line_of("+4711:68e90d18:0|GET /a?b=%253a HTTP/1.1|Host:a.example%3a80|X-Forwarded-For:2001%3adb8%3a%3a1|X%3aown:x|Cookie:a%7cb", {}, "apache_forensic"),
            "+-|GET /a?b=* HTTP/1.1|Host:a.example%3a80|X-Forwarded-For:2001%3adb8%3a%3a|_:-|Cookie:-");
}

TEST(keyed_writer, keeps_own_words_of_a_list_only) {
  EXPECT_EQ(line_of(R"({"level":"info","severity":"ada","stream":"stdout","level":30,"level":4711,"at":1760104536,"v":"ada","pid":4711,"action":"ada","hostname":"198.51.100.7"})"),
            R"({"level":"info","severity":"-","stream":"stdout","level":30,"level":null,"at":null,"v":"-","pid":null,"action":"-","hostname":"198.51.100.0"})");
}

TEST(keyed_writer, takes_names_without_a_dash_for_those_of_other_servers) {
  EXPECT_EQ(line_of(R"({"rip":"203.0.113.77","rport":51234,"sip":"203.0.113.78","sport":51234,"lip":"10.0.0.1"})"),
            R"({"rip":"203.0.113.0","rport":0,"sip":"203.0.113.0","sport":0,"lip":"-"})");
  EXPECT_EQ(line_of(R"({"s-ip":"203.0.113.78","s-port":443})"), R"({"s-ip":"203.0.113.0","s-port":443})");
}

TEST(keyed_writer, takes_host_for_the_client_where_nobody_else_is) {
  EXPECT_EQ(line_of(R"({"host":"bobs-macbook.corp.example","method":"GET","code":200})"), R"({"host":"-","method":"GET","code":200})");
  EXPECT_EQ(line_of(R"({"host":"www.example.com","remote_addr":"203.0.113.77"})"), R"({"host":"www.example.com","remote_addr":"203.0.113.0"})");
  EXPECT_EQ(line_of(R"({"host":"www.example.com","xff":"unknown, 203.0.113.77:80"})"), R"({"host":"www.example.com","xff":"unknown, 203.0.113.0:0"})");
  // A field that could name one and does not.
  for (const char* const nobody : {"\"-\"", "\"\"", "null", "\"unix:\"", "\"unknown\""})
    EXPECT_EQ(line_of(std::string(R"({"host":"alice-pc.corp.example","xff":)") + nobody + "}").substr(0, 12), R"({"host":"-",)") << nobody;
  EXPECT_EQ(line_of(R"({"host":"203.0.113.77","clientip":""})"), R"({"host":"203.0.113.0","clientip":""})");
}

TEST(keyed_writer, heeds_the_signals_of_a_visitor) {
  const auto strict = [](std::string_view line) { return anonymised(line).counts.dnt_lines + anonymised(line).counts.gpc_lines; };
  EXPECT_EQ(strict(R"({"http_dnt":"1"})"), 1U);
  EXPECT_EQ(strict(R"({"request":{"headers":{"Dnt":["1"],"Sec-Gpc":["1"]}}})"), 2U);
  EXPECT_EQ(strict(R"({"http_dnt":1})"), 1U);
  EXPECT_EQ(strict(R"({"http_dnt":"0","http_sec_gpc":"-"})"), 0U);
  EXPECT_EQ(line_of(R"({"http_dnt":"1","remote_addr":"203.0.113.77"})"), R"({"http_dnt":"-","remote_addr":"203.0.0.0"})");
}

TEST(keyed_writer, replaces_the_values_of_ltsv) {
  EXPECT_EQ(line_of("time:10/Oct/2025:13:55:36 +0000\thost:203.0.113.77\tident:-\tuser:-\treq:GET /u/4711?token=s HTTP/1.1\tstatus:200\tsize:512\t"
                    "referer:https://a.example/x?y=z\tua:curl/8.5.0\tmine:secret\tvhost:www.example.com\treqtime:0.125", {}, "ltsv"),
            "time:10/Oct/2025:13:00:00 +0000\thost:203.0.113.0\tident:-\tuser:-\treq:GET /u/:num?token=* HTTP/1.1\tstatus:200\tsize:512\t"
            "referer:https://a.example/\tua:curl/8 (tool)\tmine:-\tvhost:www.example.com\treqtime:0.125");
  EXPECT_EQ(line_of("host:\\x32\\x30\\x33.0.113.77\tuser:", {}, "ltsv"), "host:203.0.113.0\tuser:");
  EXPECT_EQ(anonymised("host:203.0.113.77 user:x", {}, "ltsv").counts.lines_rejected(), 1U);
}

TEST(keyed_writer, replaces_the_values_of_logfmt) {
  EXPECT_EQ(line_of("at=info method=GET path=\"/u/4711?token=s\" host=example.com request_id=3f791410-bc96-4071-9a84-298e070f8000 fwd=\"203.0.113.77\" "
                    "dyno=web.4 connect=1ms status=200 bytes=512 flag", {}, "logfmt"),
            "at=info method=GET path=\"/u/:num?token=*\" host=example.com request_id=- fwd=\"203.0.113.0\" dyno=web.4 connect=1ms status=200 bytes=512 -");
  EXPECT_EQ(line_of("ua=Mozilla/5.0%20(X11;%20Linux%20x86_64;%20rv:109.0)%20Gecko/20100101%20Firefox/115.0 status=200", {}, "logfmt"),
            "ua=Firefox/115%20(Linux) status=200");
  EXPECT_EQ(line_of(R"(http_forwarded=for=\x22[2001:db8:1:2::3]\x22 status=200)", {}, "logfmt"), R"(http_forwarded=for=\x22[2001:db8::]\x22 status=200)");
  EXPECT_EQ(anonymised("just words with a=b", {}, "logfmt").counts.lines_rejected(), 1U);
}

TEST(keyed_writer, tells_its_formats_apart_line_by_line) {
  const std::string mixed = "{\"remote_addr\":\"203.0.113.77\"}\nhost:203.0.113.77\tstatus:200\nclient=203.0.113.77 status=200\n"
                            "203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET /a=b HTTP/1.1\" 200 5\nno line=of any\n{broken\n";
  const written all = anonymised(mixed, {}, "auto");
  EXPECT_EQ(all.line, "{\"remote_addr\":\"203.0.113.0\"}\nhost:203.0.113.0\tstatus:200\nclient=203.0.113.0 status=200\n"
                      "203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] \"GET /a=b HTTP/1.1\" 200 5\n");
  EXPECT_EQ(all.counts.lines_rejected(), 2U);
}

TEST(keyed_writer, explains_each_value_by_its_path) {
  plan_options options;
  options.format = "json";
  stream lines(plan::make(std::move(options)).value());
  const stream::explanation told = lines.explain(raw(std::string_view(R"({"request":{"headers":{"Referer":["https://a.example/b"]}},"bob@example.com":1,"mine":"x"})")));
  ASSERT_EQ(told.fields.size(), 3U);
  EXPECT_EQ(told.format->name, "json");
  EXPECT_EQ(told.fields[0].name, "request.headers.Referer");
  EXPECT_EQ(told.fields[0].after, "\"https://a.example/\"");
  EXPECT_EQ(told.fields[1].name, "_");
  EXPECT_EQ(told.fields[1].after, "null");
  EXPECT_EQ(told.fields[2].name, "mine");
  EXPECT_EQ(to_text(told.fields[2].cls), "drop");
}

// Reduction is idempotent: what came out goes in and comes out again as it is (SPEC 3.1).
TEST(keyed_writer, gives_lines_that_come_out_again_as_they_are) {
  for (const char* line : {R"({"remote_addr":"2001:db8:1:2::3","time":"2026-01-15T13:55:36+01:00","user_agent":"curl/8.5.0","referer":"https://a.example/x?y"})",
                           R"({"http":{"request":{"method":"BREW","headers":{"Forwarded":"for=\"[2001:db8::1]:80\";by=x"}}},"url":{"original":"http://a.example/b/42"}})"}) {
    const std::string once = line_of(line);
    EXPECT_EQ(line_of(once), once);
  }
}

}  // namespace
}  // namespace anonlog
