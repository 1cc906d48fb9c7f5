/* tests/c_memory_test.c: once everything was seen once, no call takes memory: a line, a value, a record, a report of none.
 *
 * malloc and its like of this program stand in front of those of the C library, and count. */
#include <anonlog.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_OTHER_MALLOC 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define HAS_OTHER_MALLOC 1
#endif

#ifdef HAS_OTHER_MALLOC
int main(void) {
  printf("skipped: this build has a malloc of its own\n");
  return 77;
}
#else

static unsigned long taken = 0;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) { return ++taken, __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return ++taken, __libc_calloc(count, size); }
void *realloc(void *block, size_t size) { return ++taken, __libc_realloc(block, size); }
void *memalign(size_t alignment, size_t size) { return ++taken, __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return ++taken, __libc_memalign(alignment, size); }
int posix_memalign(void **block, size_t alignment, size_t size) { return ++taken, *block = __libc_memalign(alignment, size), *block == NULL; }

static int failures = 0;
static char room[1 << 21];

#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);   \
      ++failures;                                                               \
    }                                                                           \
  } while (0)

static void feed(anonlog_stream *stream, int i) {
  char line[512];
  anonlog_input in = {line, 0, 0};
  anonlog_output out = {room, sizeof room, 0};
  in.size = (size_t)sprintf(line, "203.0.%d.%d - user%d [15/Jan/2026:12:%02d:56 +0000] \"GET /users/%d?token=s%d HTTP/1.1\" 200 512 \"-\" \"curl/8.%d.0\"\n",
                            i % 250, i % 199, i, i % 60, i, i, i % 90);
  CHECK(anonlog_stream_feed(stream, &in, &out, NULL) == ANONLOG_OK && out.pos != 0);
  in.pos = 0; /* one that has no format */
  line[4] = ' ';
  CHECK(anonlog_stream_feed(stream, &in, &out, NULL) == ANONLOG_OK);
}

static void transform_value(anonlog_stream *stream, int i) {
  static const char *const classes[] = {"ip", "user", "request", "agent", "text", "referrer", "cookie"};
  char value[128];
  anonlog_output out = {room, sizeof room, 0};
  const int64_t time = 1768478400 + i;
  const size_t size = (size_t)sprintf(value, "GET /x/alice%d@example.org/203.0.113.%d?q=%d HTTP/1.1", i, i % 250, i);
  CHECK(anonlog_value(stream, classes[i % 7], value, size, &time, &out) == ANONLOG_OK && out.pos != 0);
}

static void transform_record(anonlog_stream *stream, int i) {
  char texts[4][256];
  anonlog_field fields[6];
  anonlog_record record = {sizeof record, sizeof *fields, fields, 6, 1, 0, 0, 0};
  static const char *const names[] = {"user", "remote_addr", "message", "request"};
  anonlog_output out = {room, sizeof room, 0};
  int j;
  sprintf(texts[0], "alice%d", i);
  sprintf(texts[1], "198.51.100.%d", i % 250);
  sprintf(texts[2], "192.0.2.%d - - [15/Jan/2026:12:34:%02d +0000] \"GET /a/%d HTTP/1.1\" 200 5", i % 250, i % 60, i);
  sprintf(texts[3], "POST /login/%d HTTP/2.0", i);
  memset(fields, 0, sizeof fields);
  for (j = 0; j < 4; ++j) {
    fields[j].name = names[j];
    fields[j].name_size = strlen(names[j]);
    fields[j].value = texts[j];
    fields[j].value_size = strlen(texts[j]);
  }
  fields[4].kind = ANONLOG_KIND_OPEN;
  fields[4].name = "headers";
  fields[4].name_size = 7;
  fields[5].kind = ANONLOG_KIND_CLOSE;
  record.time = 1768478400 + i;
  CHECK(anonlog_record_transform(stream, &record, &out) == ANONLOG_OK && out.pos != 0);
}

int main(void) {
  static void (*const calls[])(anonlog_stream *, int) = {feed, transform_value, transform_record};
  static const char *const named[] = {"a line", "a value", "a record"};
  anonlog_plan *plan = NULL;
  anonlog_stream *stream = NULL;
  uint64_t in = 0;
  size_t which;
  int i;
  CHECK(anonlog_plan_create(NULL, &plan, NULL, 0) == ANONLOG_OK);
  CHECK(anonlog_stream_create(plan, &stream) == ANONLOG_OK);
  CHECK(taken != 0); /* it counts */
  for (which = 0; which < 3; ++which) {
    unsigned long before;
    for (i = 0; i < 200; ++i) calls[which](stream, i);
    before = taken;
    for (; i < 20000; ++i) calls[which](stream, i);
    if (taken != before) fprintf(stderr, "%s takes memory: %lu times in 19800\n", named[which], taken - before);
    CHECK(taken == before);
  }
  {
    const unsigned long before = taken;
    anonlog_output none = {NULL, 0, 0};
    anonlog_stream_lines(stream, &in, NULL, NULL);
    CHECK(anonlog_stream_finish(stream, &none, NULL) == ANONLOG_OK);
    CHECK(taken == before && in != 0);
  }
  anonlog_stream_free(stream);
  anonlog_plan_free(plan);
  printf("%d failed\n", failures);
  return failures == 0 ? 0 : 1;
}
#endif
