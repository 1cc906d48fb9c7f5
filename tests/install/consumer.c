/* consumer.c: what a stranger's program does with an installed anonlog.h: one line in, one line out. */
#include <anonlog.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  static const char line[] =
      "203.0.113.77 - - [10/Oct/2025:13:55:36 +0000] \"GET /a?token=s3cret HTTP/1.1\" 200 512 \"-\" \"curl/8.5.0\"\n";
  static const char expected[] =
      "203.0.113.0 - - [10/Oct/2025:13:00:00 +0000] \"GET /a?token=* HTTP/1.1\" 200 512 \"-\" \"curl/8 (tool)\"\n";
  char message[256];
  int is_right;
  anonlog_options options;
  anonlog_plan *plan = NULL;
  anonlog_stream *stream = NULL;
  anonlog_input input = {line, sizeof line - 1, 0};
  anonlog_output output = {NULL, 0, 0};

  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.format = "combined";
  options.format_size = strlen(options.format);
  if (anonlog_plan_create(&options, &plan, message, sizeof message) != ANONLOG_OK) {
    fprintf(stderr, "plan: %s\n", message);
    return 1;
  }
  output.size = anonlog_plan_output_bound(plan, input.size);
  output.data = malloc(output.size);
  if (output.data == NULL || anonlog_stream_create(plan, &stream) != ANONLOG_OK) return 1;
  anonlog_plan_free(plan);
  if (anonlog_stream_feed(stream, &input, &output, NULL) != ANONLOG_OK) return 1;
  if (anonlog_stream_finish(stream, &output, NULL) != ANONLOG_OK) return 1;
  anonlog_stream_free(stream);
  printf("%s %.*s", anonlog_version(), (int)output.pos, output.data);
  is_right = output.pos == sizeof expected - 1 && memcmp(output.data, expected, output.pos) == 0;
  free(output.data);
  return is_right ? 0 : 1;
}
