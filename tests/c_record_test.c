/* tests/c_record_test.c: records through the C ABI: what becomes of names and values, of maps and arrays, of times; and that
 * no call leaves anything but safe texts and placeholders. */
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

static const char keyring[] =
    "anonlog-keyring 1\n"
    "era test - - 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f AL1:1a0aa810a91056bb\n";
#define NOW 1768478400

static anonlog_plan *plan_of(const char *policy, const char *format) {
  anonlog_options options;
  anonlog_plan *plan = NULL;
  char message[256];
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.policy = policy;
  options.policy_size = strlen(policy);
  options.keyring = keyring;
  options.keyring_size = sizeof keyring - 1;
  options.format = format;
  options.format_size = strlen(format);
  options.has_now = 1;
  options.now = NOW;
  options.has_own_names = 1;
  if (anonlog_plan_create(&options, &plan, message, sizeof message) != ANONLOG_OK) {
    fprintf(stderr, "no plan: %s\n", message);
    exit(1);
  }
  return plan;
}

static anonlog_field field_of(int kind, const char *name, const char *value) {
  anonlog_field field;
  memset(&field, 0, sizeof field);
  field.kind = kind;
  field.name = name;
  field.name_size = name == NULL ? 0 : strlen(name);
  field.value = value;
  field.value_size = value == NULL ? 0 : strlen(value);
  return field;
}

static anonlog_field text(const char *name, const char *value) { return field_of(ANONLOG_KIND_TEXT, name, value); }
static anonlog_field number(const char *name, const char *value) { return field_of(ANONLOG_KIND_NUMBER, name, value); }
static anonlog_field open_map(const char *name) { return field_of(ANONLOG_KIND_OPEN, name, NULL); }
static anonlog_field close_map(void) { return field_of(ANONLOG_KIND_CLOSE, NULL, NULL); }

static anonlog_record record_of(anonlog_field *fields, size_t count) {
  anonlog_record record;
  memset(&record, 0, sizeof record);
  record.struct_size = sizeof record;
  record.field_size = sizeof *fields;
  record.fields = fields;
  record.field_count = count;
  return record;
}

/* Returns the new size. What is not there is a null pointer, which memcpy must not see. */
static size_t append(char *line, size_t size, const char *text, size_t text_size) {
  if (text_size != 0) memcpy(line + size, text, text_size);
  return size + text_size;
}

/* The record as one line: {name=text,name=#number,[,],name=!null}. */
static const char *shown(const anonlog_record *record) {
  static char line[1 << 16];
  size_t i, size = 0;
  for (i = 0; i < record->field_count; ++i) {
    const anonlog_field *field = &record->fields[i];
    static const char *const marks[] = {"=", "=#", "=?", "=!", "{", "}"};
    size = append(line, size, field->safe_name, field->safe_name_size);
    size += (size_t)sprintf(line + size, "%s", marks[field->safe_kind]);
    size = append(line, size, field->safe_value, field->safe_value_size);
    line[size++] = ' ';
  }
  line[size] = '\0';
  return line;
}

static anonlog_status transform(const anonlog_plan *plan, anonlog_record *record) {
  static char room[1 << 20];
  anonlog_output out = {room, sizeof room, 0};
  anonlog_stream *stream = NULL;
  anonlog_status status;
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  CHECK(anonlog_record_bound(plan, record) <= sizeof room);
  status = anonlog_record_transform(stream, record, &out);
  CHECK(status == ANONLOG_OK || out.pos == 0);
  anonlog_stream_free(stream);
  return status;
}

#define SHOULD_BECOME(plan, fields, expected)                                          \
  do {                                                                                 \
    anonlog_record record_ = record_of(fields, sizeof(fields) / sizeof *(fields));     \
    CHECK(transform(plan, &record_) == ANONLOG_OK);                                    \
    if (strcmp(shown(&record_), expected) != 0) {                                      \
      fprintf(stderr, "%s:%d: became %s\n", __FILE__, __LINE__, shown(&record_));      \
      ++failures;                                                                      \
    }                                                                                  \
  } while (0)

static void values_follow_the_classes_of_their_names(const anonlog_plan *plan) {
  anonlog_field fields[9];
  fields[0] = text("remote_addr", "203.0.113.195");
  fields[1] = text("user", "alice");
  fields[2] = text("time", "2026-01-15T12:34:56Z");
  fields[3] = text("request", "GET /users/42?token=s3cret HTTP/1.1");
  fields[4] = number("status", "200");
  fields[5] = text("secret", "alice");
  fields[6] = number("n", "4711");
  fields[7] = field_of(ANONLOG_KIND_BOOLEAN, "tls.resumed", "true");
  fields[8] = field_of(ANONLOG_KIND_NULL, "referer", NULL);
  SHOULD_BECOME(plan, fields,
                "remote_addr=203.0.113.0 user=u-5jj7gc7miyixhgps time=2026-01-15T12:00:00Z request=GET /users/:num?token=* HTTP/1.1 "
                "status=#200 secret=- n=! tls.resumed=?true referer=! ");
}

static void maps_and_arrays_are_paths(const anonlog_plan *plan) {
  anonlog_field fields[14];
  fields[0] = open_map("request");
  fields[1] = text("remote_ip", "203.0.113.195");
  fields[2] = open_map("headers");
  fields[3] = open_map("X-Forwarded-For");
  fields[4] = text(NULL, "198.51.100.7, 10.1.2.3");
  fields[5] = text(NULL, "203.0.113.9");
  fields[6] = close_map();
  fields[7] = open_map("bob@example.org");
  fields[8] = number("x", "1");
  fields[9] = close_map();
  fields[10] = close_map();
  fields[11] = text("method", "GET");
  fields[12] = close_map();
  fields[13] = text("request.remote_ip", "203.0.113.195");
  SHOULD_BECOME(plan, fields,
                "request{ remote_ip=203.0.113.0 headers{ X-Forwarded-For{ =198.51.100.0, 10.1.2.0 =203.0.113.0 } _{ x=! } } method=GET } "
                "request.remote_ip=203.0.113.0 ");
}

static void names_that_could_be_somebodys_become_placeholders(const anonlog_plan *plan) {
  anonlog_field fields[4];
  fields[0] = text("alice@example.org", "x");
  fields[1] = text("203.0.113.195", "x");
  fields[2] = text("ok_name", "x");
  fields[3] = text("", "x");
  SHOULD_BECOME(plan, fields, "_=- _=- ok_name=- _=- ");
}

static void a_message_may_be_a_line(const anonlog_plan *plan) {
  anonlog_field fields[2];
  fields[0] = text("host", "web1");
  fields[1] = text("message",
                   " 203.0.113.195 - alice [15/Jan/2026:12:34:56 +0000] \"GET /users/42?token=s3cret HTTP/1.1\" 200 512 "
                   "\"https://example.com/reset?u=1\" \"curl/8.5.0\"\n");
  SHOULD_BECOME(plan, fields,
                "host=- message= 203.0.113.0 - u-5jj7gc7miyixhgps [15/Jan/2026:12:00:00 +0000] \"GET /users/:num?token=* HTTP/1.1\" 200 512 "
                "\"https://example.com/\" \"curl/8 (tool)\"\n ");
  fields[1] = text("message", "alice logged in from 203.0.113.195");
  SHOULD_BECOME(plan, fields, "host=- message=- ");
}

static void free_text_is_scrubbed_where_the_policy_says_so(void) {
  anonlog_plan *plan = plan_of("version = 1\n[fields]\nmessage = \"text\"\nmyuser = \"user\"\n", "auto");
  anonlog_field fields[2];
  fields[0] = text("message", "connection from 203.0.113.195 for alice@example.org failed");
  fields[1] = text("myuser", "alice");
  SHOULD_BECOME(plan, fields, "message=connection from :ip for :email failed myuser=u-5jj7gc7miyixhgps ");
  anonlog_plan_free(plan);
}

/* Records do not depend on the format of lines, but for lines in a message. */
static void any_plan_takes_records(void) {
  anonlog_plan *plan = plan_of("version = 1\n", "combined");
  values_follow_the_classes_of_their_names(plan);
  maps_and_arrays_are_paths(plan);
  a_message_may_be_a_line(plan);
  anonlog_plan_free(plan);
}

static void the_time_of_a_record_chooses_its_epoch(const anonlog_plan *plan) {
  anonlog_field fields[2];
  anonlog_record record = record_of(fields, 1);
  char today[64], tomorrow[64];
  anonlog_plan *strict = plan_of("version = 1\n[time]\nunreadable = \"reject\"\n", "auto");
  fields[0] = text("user", "alice");
  CHECK(transform(plan, &record) == ANONLOG_OK);
  CHECK(record.has_safe_time == 0 && record.safe_time == 0);
  strcpy(today, shown(&record));

  record.has_time = 1;
  record.time = NOW + 86400 + 61;
  CHECK(transform(plan, &record) == ANONLOG_OK);
  CHECK(record.has_safe_time == 1 && record.safe_time == NOW + 86400);
  strcpy(tomorrow, shown(&record));
  CHECK(strcmp(today, tomorrow) != 0);

  record.field_count = 2; /* its own time comes first */
  fields[1] = number("time", "1768478461");
  CHECK(transform(plan, &record) == ANONLOG_OK);
  CHECK(strncmp(shown(&record), today, strlen(today)) == 0);
  CHECK(strcmp(shown(&record) + strlen(today), "time=#1768478400 ") == 0);
  CHECK(record.safe_time == NOW + 86400);

  fields[1] = text("time", "soon"); /* cannot be read: the shipper's own */
  CHECK(transform(plan, &record) == ANONLOG_OK);
  CHECK(strncmp(shown(&record), tomorrow, strlen(tomorrow)) == 0);
  record.has_time = 0; /* neither: now, unless the policy refuses that */
  CHECK(transform(plan, &record) == ANONLOG_OK);
  CHECK(strncmp(shown(&record), today, strlen(today)) == 0);
  CHECK(transform(strict, &record) == ANONLOG_WITHHELD);
  record.has_time = 1;
  CHECK(transform(strict, &record) == ANONLOG_OK);
  anonlog_plan_free(strict);
}

static int holds_only_placeholders(const anonlog_record *record) {
  size_t i;
  for (i = 0; i < record->field_count; ++i) {
    const anonlog_field *field = &record->fields[i];
    if (field->safe_name_size > 1 || (field->safe_name_size == 1 && field->safe_name[0] != '_')) return 0;
    if (field->safe_value_size > 1 || (field->safe_value_size == 1 && field->safe_value[0] != '-')) return 0;
  }
  return record->has_safe_time == 0 && record->safe_time == 0;
}

static void spoil(anonlog_record *record) {
  size_t i;
  record->has_safe_time = 1;
  record->safe_time = record->time;
  for (i = 0; i < record->field_count; ++i) {
    record->fields[i].safe_name = record->fields[i].safe_value = "raw text";
    record->fields[i].safe_name_size = record->fields[i].safe_value_size = 8;
    record->fields[i].safe_kind = 99;
  }
}

#define SHOULD_HOLD_PLACEHOLDERS(call, status) \
  do {                                         \
    spoil(&record);                            \
    CHECK((call) == (status));                 \
    CHECK(holds_only_placeholders(&record));   \
  } while (0)

static void whatever_is_returned_there_are_only_placeholders(const anonlog_plan *plan) {
  char room[64];
  anonlog_output small = {room, sizeof room, 0}, wrong = {NULL, 5, 0};
  anonlog_stream *stream = NULL;
  anonlog_field fields[200];
  anonlog_record record;
  size_t i;
  uint64_t in = 9, rejected = 9;
  for (i = 0; i < 200; ++i) fields[i] = text("user", "alice");
  record = record_of(fields, 2);
  record.has_time = 1;
  record.time = NOW;
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(stream, &record, &small), ANONLOG_NEED_ROOM);
  anonlog_stream_lines(stream, &in, NULL, &rejected);
  CHECK(in == 0 && rejected == 0);
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(stream, &record, &wrong), ANONLOG_BAD_ARGUMENT);
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(stream, &record, NULL), ANONLOG_BAD_ARGUMENT);
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(NULL, &record, &small), ANONLOG_BAD_ARGUMENT);
  CHECK(anonlog_record_transform(stream, NULL, &small) == ANONLOG_BAD_ARGUMENT);
  record.struct_size -= 8;
  CHECK(anonlog_record_transform(stream, &record, &small) == ANONLOG_BAD_ARGUMENT);
  CHECK(anonlog_record_bound(plan, &record) == 0 && anonlog_record_bound(plan, NULL) == 0 && anonlog_record_bound(NULL, &record) == 0);
  record.struct_size += 8;
  record.field_size += 8;
  CHECK(anonlog_record_transform(stream, &record, &small) == ANONLOG_BAD_ARGUMENT);
  record.field_size -= 8;
  record.fields = NULL;
  CHECK(anonlog_record_transform(stream, &record, &small) == ANONLOG_BAD_ARGUMENT);
  record.fields = fields;
  fields[1].value_size = (size_t)-1; /* an error of the caller, taken for a size; with the others it would wrap around */
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(stream, &record, &small), ANONLOG_BAD_ARGUMENT);
  fields[1].value_size = 5;
  fields[1].name_size = (size_t)-4;
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(stream, &record, &small), ANONLOG_BAD_ARGUMENT);
  CHECK(anonlog_record_bound(plan, &record) > 128);
  fields[1] = text("user", "alice");
  anonlog_stream_free(stream);

  fields[1].kind = 6;
  SHOULD_HOLD_PLACEHOLDERS(transform(plan, &record), ANONLOG_BAD_ARGUMENT);
  fields[1].kind = -1;
  SHOULD_HOLD_PLACEHOLDERS(transform(plan, &record), ANONLOG_BAD_ARGUMENT);
  fields[1] = text("user", NULL);
  fields[1].value_size = 3;
  SHOULD_HOLD_PLACEHOLDERS(transform(plan, &record), ANONLOG_BAD_ARGUMENT);
  fields[1] = close_map(); /* opened nowhere */
  SHOULD_HOLD_PLACEHOLDERS(transform(plan, &record), ANONLOG_WITHHELD);
  fields[1] = open_map("x"); /* closed nowhere */
  SHOULD_HOLD_PLACEHOLDERS(transform(plan, &record), ANONLOG_WITHHELD);
  record.field_count = 200; /* too deep */
  for (i = 0; i < 200; ++i) fields[i] = i < 100 ? open_map("x") : close_map();
  SHOULD_HOLD_PLACEHOLDERS(transform(plan, &record), ANONLOG_WITHHELD);
  record.field_count = 126;
  for (i = 0; i < 126; ++i) fields[i] = i < 63 ? open_map("x") : close_map();
  CHECK(transform(plan, &record) == ANONLOG_OK);
  record.field_count = 0;
  CHECK(transform(plan, &record) == ANONLOG_OK);
}

static void what_is_too_much_is_withheld(const anonlog_plan *plan) {
  const size_t longest = anonlog_plan_longest_line(plan);
  char *long_text = malloc(longest + 2);
  anonlog_field *fields = calloc(5000, sizeof *fields);
  anonlog_record record = record_of(fields, 1);
  size_t i;
  static char room[1 << 23];
  anonlog_output out = {room, sizeof room, 0};
  anonlog_stream *stream = NULL;
  uint64_t in = 0, rejected = 0;
  memset(long_text, 'a', longest + 1);
  long_text[longest + 1] = '\0';
  fields[0] = text("user", long_text);
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(stream, &record, &out), ANONLOG_WITHHELD);
  for (i = 0; i < 5000; ++i) fields[i] = text("a", "b");
  record.field_count = 5000;
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(stream, &record, &out), ANONLOG_WITHHELD);
  record.field_count = 2048;
  CHECK(anonlog_record_transform(stream, &record, &out) == ANONLOG_OK);
  anonlog_stream_lines(stream, &in, NULL, &rejected);
  CHECK(in == 3 && rejected == 2);
  anonlog_stream_free(stream);
  free(fields);
  free(long_text);
}

static void a_privacy_signal_withholds_where_the_policy_says_so(void) {
  anonlog_plan *plan = plan_of("version = 1\n[signals]\ngpc = \"drop\"\n", "auto");
  anonlog_field fields[2];
  anonlog_record record = record_of(fields, 2);
  fields[0] = text("user", "alice");
  fields[1] = text("sec_gpc", "1");
  SHOULD_HOLD_PLACEHOLDERS(transform(plan, &record), ANONLOG_WITHHELD);
  fields[1] = text("sec_gpc", "0");
  CHECK(transform(plan, &record) == ANONLOG_OK);
  anonlog_plan_free(plan);
}

static void a_reject_may_end_the_run(void) {
  anonlog_plan *plan = plan_of("version = 1\n[rejects]\naction = \"fail\"\n", "auto");
  anonlog_field fields[1];
  anonlog_record record = record_of(fields, 1);
  anonlog_stream *stream = NULL;
  char room[1 << 16];
  anonlog_output out = {room, sizeof room, 0};
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  fields[0] = close_map();
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(stream, &record, &out), ANONLOG_STOPPED);
  fields[0] = text("user", "alice");
  SHOULD_HOLD_PLACEHOLDERS(anonlog_record_transform(stream, &record, &out), ANONLOG_STOPPED);
  anonlog_stream_free(stream);
  anonlog_plan_free(plan);
}

int main(void) {
  anonlog_plan *plan = plan_of("version = 1\n", "auto");
  values_follow_the_classes_of_their_names(plan);
  maps_and_arrays_are_paths(plan);
  names_that_could_be_somebodys_become_placeholders(plan);
  a_message_may_be_a_line(plan);
  free_text_is_scrubbed_where_the_policy_says_so();
  any_plan_takes_records();
  the_time_of_a_record_chooses_its_epoch(plan);
  whatever_is_returned_there_are_only_placeholders(plan);
  what_is_too_much_is_withheld(plan);
  a_privacy_signal_withholds_where_the_policy_says_so();
  a_reject_may_end_the_run();
  anonlog_plan_free(plan);
  printf("%d failed\n", failures);
  return failures == 0 ? 0 : 1;
}
