/* tests/c_abi_test.c: a program in C that uses every function of anonlog.h, the right way and the wrong way. */
#include <anonlog.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);   \
      ++failures;                                                               \
    }                                                                           \
  } while (0)

static const char policy[] = "version = 1\npreset = \"balanced\"\n[ip]\nv4 = 16\n[rejects]\naction = \"skeleton\"\n";
static const char keyring[] =
    "anonlog-keyring 1\n"
    "era test - - 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f AL1:1a0aa810a91056bb\n";
static const char line[] =
    "203.0.113.195 - alice [15/Jan/2026:12:34:56 +0000] \"GET /users/42?token=s3cret HTTP/1.1\" 200 512 "
    "\"https://example.com/reset?u=1\" \"curl/8.5.0\"\n";
static const char safe_line[] =
    "203.0.0.0 - u-5jj7gc7miyixhgps [15/Jan/2026:12:00:00 +0000] \"GET /users/:num?token=* HTTP/1.1\" 200 512 "
    "\"https://example.com/\" \"curl/8 (tool)\"\n";

static anonlog_options test_options(void) {
  anonlog_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.policy = policy;
  options.policy_size = sizeof policy - 1;
  options.keyring = keyring;
  options.keyring_size = sizeof keyring - 1;
  options.format = "combined";
  options.format_size = 8;
  options.has_now = 1;
  options.now = 1768478400;
  return options;
}

static void texts_are_there(void) {
  int status;
  CHECK(strcmp(anonlog_version(), "0.1.0") == 0);
  CHECK(strlen(anonlog_kernel_name()) > 0);
  for (status = -20; status < 20; ++status) CHECK(strlen(anonlog_status_text((anonlog_status)status)) > 0);
  CHECK(strcmp(anonlog_status_text(ANONLOG_OK), anonlog_status_text(ANONLOG_BAD_POLICY)) != 0);
}

/* 1 if a line that says what columns hold comes out. */
static int passes_header(const anonlog_plan *plan) {
  static const char header[] = "#Fields: date time c-ip sc-status\n";
  anonlog_input in = {header, sizeof header - 1, 0};
  anonlog_output out = {NULL, 0, 0};
  anonlog_stream *stream = NULL;
  out.size = anonlog_plan_output_bound(plan, anonlog_plan_longest_line(plan));
  out.data = (char *)malloc(out.size);
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  CHECK(anonlog_stream_feed(stream, &in, &out, NULL) == ANONLOG_OK);
  CHECK(anonlog_stream_finish(stream, &out, NULL) == ANONLOG_OK);
  anonlog_stream_free(stream);
  free(out.data);
  return out.pos != 0;
}

static void wrong_options_are_refused(void) {
  char message[256];
  anonlog_plan *plan = (anonlog_plan *)&message;
  anonlog_options options = test_options();

  CHECK(anonlog_plan_create(&options, NULL, message, sizeof message) == ANONLOG_BAD_ARGUMENT);

  options.policy = "[ip]\nmode = \"trunc\"\n";
  options.policy_size = strlen(options.policy);
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_BAD_POLICY);
  CHECK(plan == NULL);
  CHECK(strstr(message, "policy:2:8") != NULL && strstr(message, "truncate") != NULL);

  options = test_options();
  options.keyring = "anonlog-keyring 1\nera x - - 00 AL1:1a0aa810a91056bb\n";
  options.keyring_size = strlen(options.keyring);
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_BAD_KEYRING);
  CHECK(plan == NULL && strlen(message) > 0);

  options = test_options();
  options.format = "conbined";
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_BAD_FORMAT);
  CHECK(strstr(message, "combined") != NULL);

  options = test_options();
  options.recipient = "No Capitals";
  options.recipient_size = strlen(options.recipient);
  CHECK(anonlog_plan_create(&options, &plan, message, 8) == ANONLOG_BAD_POLICY);
  CHECK(strlen(message) == 7);

  options = test_options();
  options.struct_size = 1;
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_BAD_ARGUMENT);

  options = test_options();
  options.struct_size = sizeof options - 1; /* nothing that was asked for is passed over */
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_BAD_ARGUMENT);

  options = test_options();
  options.struct_size = offsetof(anonlog_options, output_shape); /* a program that was built with the first version */
  options.output_shape = "nonsense";
  options.output_shape_size = 8;
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_OK);
  anonlog_plan_free(plan);
  options.struct_size = sizeof options;
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_BAD_FORMAT);
  CHECK(strstr(message, "jsonl") != NULL);

  options = test_options();
  options.struct_size = offsetof(anonlog_options, has_messages); /* with the third */
  options.format = "auto";
  options.format_size = 4;
  options.has_messages = 1;
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_OK);
  CHECK(passes_header(plan));
  anonlog_plan_free(plan);
  options.struct_size = sizeof options;
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_OK);
  CHECK(!passes_header(plan));
  anonlog_plan_free(plan);

  options = test_options();
  options.struct_size = offsetof(anonlog_options, has_own_names); /* and with the second */
  options.policy = "version = 1\n[fields]\nmy_own = \"user\"\n";
  options.policy_size = strlen(options.policy);
  options.has_own_names = 1;
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_BAD_POLICY);
  CHECK(strstr(message, "my-own") != NULL);
  options.struct_size = sizeof options;
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_OK);
  anonlog_plan_free(plan);

  options = test_options();
  options.keyring_size = 0; /* an empty keyring is no wish for ephemeral keys */
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_BAD_KEYRING);

  options = test_options();
  options.policy = NULL;
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_BAD_ARGUMENT);

  {
    struct {
      anonlog_options known;
      size_t later;
    } newer;
    newer.known = test_options();
    newer.known.struct_size = sizeof newer;
    newer.later = 0;
    CHECK(anonlog_plan_create(&newer.known, &plan, message, sizeof message) == ANONLOG_OK);
    anonlog_plan_free(plan);
    newer.later = 1;
    CHECK(anonlog_plan_create(&newer.known, &plan, message, sizeof message) == ANONLOG_BAD_ARGUMENT);
  }

  CHECK(anonlog_plan_create(NULL, &plan, NULL, 0) == ANONLOG_OK); /* all defaults */
  anonlog_plan_free(plan);
  anonlog_plan_free(NULL);
}

static void a_line_goes_through_in_any_pieces(const anonlog_plan *plan, const char *expected) {
  size_t piece;
  for (piece = 1; piece <= sizeof line; ++piece) {
    anonlog_stream *stream = NULL;
    size_t room = anonlog_plan_output_bound(plan, anonlog_plan_longest_line(plan));
    anonlog_output out = {malloc(room), room, 0};
    size_t from;
    CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
    for (from = 0; from < sizeof line - 1; from += piece) {
      size_t left = sizeof line - 1 - from;
      anonlog_input in = {line + from, left < piece ? left : piece, 0};
      CHECK(anonlog_stream_feed(stream, &in, &out, NULL) == ANONLOG_OK);
      CHECK(in.pos == in.size);
    }
    CHECK(anonlog_stream_finish(stream, &out, NULL) == ANONLOG_OK);
    CHECK(out.pos == strlen(expected) && memcmp(out.data, expected, out.pos) == 0);
    anonlog_stream_free(stream);
    free(out.data);
  }
}

static void a_line_has_the_shape_that_is_asked_for(void) {
  static const char *const shapes[][2] = {
      {"same", safe_line},
      {"jsonl", "{\"timestamp\":\"2026-01-15T12:00:00Z\",\"client.address\":\"203.0.0.0\",\"user.name\":\"u-5jj7gc7miyixhgps\","
                "\"http.request.method\":\"GET\",\"url.path\":\"/users/:num\",\"url.query\":\"token=*\",\"network.protocol.version\":\"1.1\","
                "\"http.response.status_code\":200,\"http.response.body.size\":512,\"http.request.header.referer\":\"https://example.com/\","
                "\"user_agent.original\":\"curl/8 (tool)\",\"user_agent.name\":\"curl\"}\n"},
      {"influx:web,site=a", "web,site=a,http.request.method=GET,network.protocol.version=1.1,http.response.status_code=200,user_agent.name=curl "
                            "records=1i,client.address=\"203.0.0.0\",user.name=\"u-5jj7gc7miyixhgps\",url.path=\"/users/:num\",url.query=\"token=*\","
                            "http.response.body.size=512i,http.request.header.referer=\"https://example.com/\",user_agent.original=\"curl/8 (tool)\" "
                            "1768478400000000000\n"},
  };
  size_t i;
  for (i = 0; i < sizeof shapes / sizeof *shapes; ++i) {
    anonlog_options options = test_options();
    anonlog_plan *plan = NULL;
    options.output_shape = shapes[i][0];
    options.output_shape_size = strlen(shapes[i][0]);
    CHECK(anonlog_plan_create(&options, &plan, NULL, 0) == ANONLOG_OK);
    a_line_goes_through_in_any_pieces(plan, shapes[i][1]);
    anonlog_plan_free(plan);
  }
}

static void a_short_buffer_holds_nothing_back_and_nothing_untouched(const anonlog_plan *plan) {
  char small[64];
  anonlog_stream *stream = NULL;
  anonlog_input in = {line, sizeof line - 1, 0};
  anonlog_output out = {small, sizeof small, 0};
  size_t i;
  memset(small, '#', sizeof small);
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  CHECK(anonlog_stream_feed(stream, &in, &out, NULL) == ANONLOG_NEED_ROOM);
  CHECK(out.pos == 0 && in.pos == 0);
  for (i = 0; i < sizeof small; ++i) CHECK(small[i] == '#');
  out.size = 3;
  CHECK(anonlog_value(stream, "user", "alice", 5, NULL, &out) == ANONLOG_NEED_ROOM);
  CHECK(out.pos == 0);
  anonlog_stream_free(stream);
}

static void rejects_become_skeletons(const anonlog_plan *plan) {
  static const char wrong[] = "192.0.2.1 - bob@example.org [broken \"GET /x\n";
  char skeletons[1024];
  size_t room = anonlog_plan_output_bound(plan, anonlog_plan_longest_line(plan));
  anonlog_output out = {malloc(room), room, 0};
  anonlog_output rejects = {skeletons, sizeof skeletons, 0};
  anonlog_input in = {wrong, sizeof wrong - 1, 0};
  anonlog_stream *stream = NULL;
  uint64_t lines_in = 0, lines_out = 9, rejected = 0;
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  CHECK(anonlog_stream_feed(stream, &in, &out, &rejects) == ANONLOG_OK);
  CHECK(anonlog_stream_finish(stream, &out, &rejects) == ANONLOG_OK);
  CHECK(out.pos == 0);
  CHECK(rejects.pos == 25 && memcmp(skeletons, "x.x.x.x - x@x.x [x \"x /x\n", 25) == 0);
  anonlog_stream_lines(stream, &lines_in, &lines_out, &rejected);
  CHECK(lines_in == 1 && lines_out == 0 && rejected == 1);
  anonlog_stream_lines(stream, NULL, NULL, NULL);
  anonlog_stream_free(stream);
  free(out.data);
}

static void values_are_transformed(const anonlog_plan *plan) {
  char text[256];
  anonlog_output out = {text, sizeof text, 0};
  anonlog_stream *stream = NULL;
  int64_t tomorrow = 1768478400 + 86400;
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  CHECK(anonlog_value(stream, "ip", "203.0.113.195:51234", 19, NULL, &out) == ANONLOG_OK);
  CHECK(out.pos == 11 && memcmp(text, "203.0.0.0:0", 11) == 0);
  out.pos = 0;
  CHECK(anonlog_value(stream, "user", "alice", 5, NULL, &out) == ANONLOG_OK);
  CHECK(out.pos == 18 && memcmp(text, "u-5jj7gc7miyixhgps", 18) == 0);
  out.pos = 0;
  CHECK(anonlog_value(stream, "user", "alice", 5, &tomorrow, &out) == ANONLOG_OK);
  CHECK(out.pos == 18 && memcmp(text, "u-5jj7gc7miyixhgps", 18) != 0);
  out.pos = 0;
  CHECK(anonlog_value(stream, "ip", "not an address", 14, NULL, &out) == ANONLOG_OK);
  CHECK(out.pos == 1 && text[0] == '-');
  CHECK(anonlog_value(stream, "adress", "x", 1, NULL, &out) == ANONLOG_UNKNOWN_CLASS);
  CHECK(anonlog_value(stream, NULL, "x", 1, NULL, &out) == ANONLOG_BAD_ARGUMENT);
  CHECK(anonlog_value(stream, "user", "alice", (size_t)-1, NULL, &out) == ANONLOG_BAD_ARGUMENT);
  CHECK(out.pos == 1);
  anonlog_stream_free(stream);
}

static void a_report_counts_and_quotes_nothing(const anonlog_plan *plan) {
  size_t room = anonlog_plan_output_bound(plan, anonlog_plan_longest_line(plan));
  anonlog_output out = {malloc(room), room, 0};
  anonlog_input in = {line, sizeof line - 1, 0};
  anonlog_stream *stream = NULL;
  size_t needed = 0;
  anonlog_output none = {NULL, 0, 0};
  anonlog_output report = {NULL, 0, 0};
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  CHECK(anonlog_stream_feed(stream, &in, &out, NULL) == ANONLOG_OK);
  CHECK(anonlog_stream_report(stream, &none, &needed) == ANONLOG_NEED_ROOM);
  report.data = calloc(needed + 1, 1);
  report.size = needed;
  CHECK(anonlog_stream_report(stream, &report, &needed) == ANONLOG_OK);
  CHECK(report.pos == needed && report.data[0] == '{' && report.data[needed - 1] == '}');
  CHECK(strstr(report.data, "\"in\":1") != NULL);
  CHECK(strstr(report.data, anonlog_plan_policy_fingerprint(plan)) != NULL);
  CHECK(strstr(report.data, "AL1:91973b06c43acebc") != NULL);
  CHECK(strstr(report.data, "alice") == NULL && strstr(report.data, "s3cret") == NULL);
  free(report.data);
  anonlog_stream_free(stream);
  free(out.data);
}

static void wrong_arguments_are_refused(const anonlog_plan *plan) {
  anonlog_stream *stream = NULL;
  anonlog_input in = {line, 3, 5};
  anonlog_output out = {NULL, 5, 0};
  CHECK(anonlog_stream_create(NULL, &stream) == ANONLOG_BAD_ARGUMENT && stream == NULL);
  CHECK(anonlog_stream_create(plan, NULL) == ANONLOG_BAD_ARGUMENT);
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  CHECK(anonlog_stream_feed(stream, &in, &out, NULL) == ANONLOG_BAD_ARGUMENT);
  in.pos = 0;
  CHECK(anonlog_stream_feed(stream, &in, &out, NULL) == ANONLOG_BAD_ARGUMENT);
  CHECK(anonlog_stream_feed(NULL, &in, &out, NULL) == ANONLOG_BAD_ARGUMENT);
  CHECK(anonlog_stream_finish(stream, NULL, NULL) == ANONLOG_BAD_ARGUMENT);
  CHECK(anonlog_stream_report(NULL, &out, NULL) == ANONLOG_BAD_ARGUMENT);
  CHECK(anonlog_plan_output_bound(NULL, 1) == 0 && anonlog_plan_longest_line(NULL) == 0);
  anonlog_stream_free(stream);
  anonlog_stream_free(NULL);
}

int main(void) {
  anonlog_options options = test_options();
  anonlog_plan *plan = NULL;
  char message[256];
  texts_are_there();
  wrong_options_are_refused();
  CHECK(anonlog_plan_create(&options, &plan, message, sizeof message) == ANONLOG_OK);
  if (plan == NULL) {
    fprintf(stderr, "no plan: %s\n", message);
    return 1;
  }
  CHECK(message[0] == '\0');
  a_line_goes_through_in_any_pieces(plan, safe_line);
  a_line_has_the_shape_that_is_asked_for();
  a_short_buffer_holds_nothing_back_and_nothing_untouched(plan);
  rejects_become_skeletons(plan);
  values_are_transformed(plan);
  a_report_counts_and_quotes_nothing(plan);
  wrong_arguments_are_refused(plan);
  anonlog_plan_free(plan);
  printf("%d failed\n", failures);
  return failures == 0 ? 0 : 1;
}
