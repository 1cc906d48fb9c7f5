/* bench/c_abi.c: how long one call through the C ABI takes: a value, a record, a line; p50, p99 and p99.9 in nanoseconds.
 *
 *   c_abi [CALLS] > bench/results/c_abi.txt
 *
 * `again`: 500 values that come again, as most of a log do; `new`: each call has values that never came before. The time of
 * the clock itself, which is in each number, is told above them. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include <anonlog.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEFAULT_CALLS = 200000, WARM_UP = 2000, BUSY_VALUES = 500 };

static char room[1 << 20];

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void must(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "c_abi: %s\n", what);
  exit(1);
}

/* Made before the clock runs. */
static struct {
  char address[32], user[32], request[160], agent[160], line[512];
  size_t line_size;
} next;

static void make_next(unsigned i) {
  sprintf(next.address, "203.0.%u.%u", i / 250 % 250, i % 250);
  sprintf(next.user, "alice%u", i);
  sprintf(next.request, "GET /shop/items/%u/reviews?page=%u&token=x%u HTTP/1.1", i, i % 9, i);
  sprintf(next.agent, "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.%u", i);
  next.line_size = (size_t)sprintf(next.line, "%s - %s [15/Jan/2026:12:%02u:%02u +0000] \"%s\" 200 5120 \"https://example.com/a/%u\" \"%s\"\n", next.address, next.user,
                                   i / 60 % 60, i % 60, next.request, i, next.agent);
}

static anonlog_status value_of(anonlog_stream *stream, const char *class_name, const char *value) {
  anonlog_output out = {room, sizeof room, 0};
  return anonlog_value(stream, class_name, value, strlen(value), NULL, &out);
}

static anonlog_status take_address(anonlog_stream *stream) { return value_of(stream, "ip", next.address); }
static anonlog_status take_user(anonlog_stream *stream) { return value_of(stream, "user", next.user); }
static anonlog_status take_request(anonlog_stream *stream) { return value_of(stream, "request", next.request); }

static anonlog_status take_record(anonlog_stream *stream) {
  const char *const named[][2] = {{"remote_addr", next.address}, {"user", next.user}, {"request", next.request}, {"user_agent", next.agent},
                                  {"referer", "https://example.com/a"}, {"status", "200"}, {"bytes_sent", "5120"}, {"host", "www.example.com"}};
  enum { COUNT = sizeof named / sizeof *named };
  anonlog_field fields[COUNT];
  anonlog_record record = {sizeof record, sizeof *fields, fields, COUNT, 1, 0, 1768478400, 0};
  anonlog_output out = {room, sizeof room, 0};
  int i;
  memset(fields, 0, sizeof fields);
  for (i = 0; i < COUNT; ++i) {
    fields[i].name = named[i][0];
    fields[i].name_size = strlen(named[i][0]);
    fields[i].value = named[i][1];
    fields[i].value_size = strlen(named[i][1]);
  }
  fields[5].kind = fields[6].kind = ANONLOG_KIND_NUMBER;
  return anonlog_record_transform(stream, &record, &out);
}

static anonlog_status take_line(anonlog_stream *stream) {
  anonlog_input in = {next.line, 0, 0};
  anonlog_output out = {room, sizeof room, 0};
  in.size = next.line_size;
  return anonlog_stream_feed(stream, &in, &out, NULL);
}

static const struct {
  const char *name;
  anonlog_status (*take)(anonlog_stream *);
} calls[] = {{"value ip", take_address}, {"value user", take_user}, {"value request", take_request}, {"record of 8", take_record}, {"line combined", take_line}};

static int compare(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static uint64_t share(const uint64_t *sorted, size_t count, unsigned per_mille) { return sorted[(count - 1) * per_mille / 1000]; }

int main(int argc, char **argv) {
  const size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : DEFAULT_CALLS;
  uint64_t *taken = malloc(count * sizeof *taken);
  anonlog_plan *plan = NULL;
  size_t i, which;
  int is_new;
  must(count > 0 && taken != NULL, "usage: c_abi [CALLS]");
  must(anonlog_plan_create(NULL, &plan, NULL, 0) == ANONLOG_OK, "no plan");
  for (i = 0; i < count; ++i) {
    const uint64_t from = now();
    taken[i] = now() - from;
  }
  qsort(taken, count, sizeof *taken, compare);
  printf("anonlog %s, kernel %s, policy balanced, ephemeral keys, %lu calls each; the clock alone takes %lu ns\n\n", anonlog_version(), anonlog_kernel_name(),
         (unsigned long)count, (unsigned long)share(taken, count, 500));
  printf("one call        values    p50 ns    p99 ns  p99.9 ns    max ns\n");
  for (which = 0; which < sizeof calls / sizeof *calls; ++which)
    for (is_new = 0; is_new < 2; ++is_new) {
      anonlog_stream *stream = NULL;
      must(anonlog_stream_create(plan, &stream) == ANONLOG_OK, "no stream");
      for (i = 0; i < WARM_UP + count; ++i) {
        uint64_t from;
        anonlog_status status;
        make_next((unsigned)(is_new ? i : i % BUSY_VALUES));
        from = now();
        status = calls[which].take(stream);
        if (i >= WARM_UP) taken[i - WARM_UP] = now() - from;
        must(status == ANONLOG_OK, "a call failed");
      }
      qsort(taken, count, sizeof *taken, compare);
      printf("%-15s %-7s %8lu  %8lu  %8lu  %8lu\n", calls[which].name, is_new ? "new" : "again", (unsigned long)share(taken, count, 500),
             (unsigned long)share(taken, count, 990), (unsigned long)share(taken, count, 999), (unsigned long)taken[count - 1]);
      anonlog_stream_free(stream);
    }
  anonlog_plan_free(plan);
  free(taken);
  return 0;
}
