/* anonlog.h: the C interface of anonlog, which takes the people out of access logs.
 *
 * Conventions
 *  1. A plan is made once from a policy, keys and a format; it never changes and may be shared by threads.
 *     A stream belongs to one thread at a time. A stream keeps its plan alive: the plan may be freed first.
 *  2. Texts have a length and need no final NUL. A null pointer (with length 0) means "not given"; an empty text is
 *     given, and is an error where it makes no sense.
 *  3. The caller owns every buffer; positions move; no call keeps a pointer to a buffer after it returned.
 *  4. Every function that can fail returns anonlog_status: zero is success, positive asks for something ordinary
 *     (room), negative is an error. anonlog_status_text() says each in a sentence.
 *  5. A message (char* message, size_t message_size) is always NUL-terminated if message_size > 0, is empty on
 *     success, is cut if it does not fit, and never holds a byte of a log, a value or a key.
 *  6. What is written to an output buffer is either the safe text or a placeholder. On an error the position does not move,
 *     and bytes behind it may have been written, but never raw text. Members that begin with `safe_` are set whatever is
 *     returned.
 *  7. No function prints, exits, blocks, opens a socket, or lets a C++ exception out. None opens a file, with one exception: to make
 *     a plan whose policy says referrer.level = "domain" reads the system's Public Suffix List.
 *  8. anonlog_options and anonlog_record begin with their size: set it to sizeof(the structure), so that later versions may
 *     add members; that of a field stands in the record. Buffers never grow.
 *  9. Once a plan and a stream are made and the names of fields and long values were seen once, no call takes memory but
 *     anonlog_stream_report; none ever hands memory to the caller that must be given back.
 * 10. This file is C89 plus <stdint.h>; scripts/ffi-declarations makes of it what an FFI reads.
 */
#ifndef ANONLOG_H
#define ANONLOG_H

#include <stddef.h>
#include <stdint.h>

#if defined(ANONLOG_SHARED_BUILD)
#define ANONLOG_API __attribute__((visibility("default")))
#else
#define ANONLOG_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct anonlog_plan anonlog_plan;
typedef struct anonlog_stream anonlog_stream;

typedef enum anonlog_status {
  ANONLOG_OK = 0,
  ANONLOG_NEED_ROOM = 1, /* the output (or rejects) buffer must be emptied before more can be done */
  ANONLOG_STOPPED = 2,   /* the policy says that a reject ends the run (rejects.action = "fail") */
  ANONLOG_WITHHELD = 3,  /* this record must not be passed on: nobody understands it, or the policy says so */
  ANONLOG_BAD_ARGUMENT = -1,
  ANONLOG_BAD_POLICY = -2,
  ANONLOG_BAD_KEYRING = -3,
  ANONLOG_BAD_FORMAT = -4,
  ANONLOG_UNKNOWN_CLASS = -5,
  ANONLOG_NO_MEMORY = -6,
  ANONLOG_INTERNAL = -7 /* a fault of this library; nothing was let through */
} anonlog_status;

/* The input of a stream: bytes data[pos..size) are still to be read; pos moves. */
typedef struct anonlog_input {
  const char *data;
  size_t size;
  size_t pos;
} anonlog_input;

/* An output buffer: bytes data[0..pos) are written; pos moves. */
typedef struct anonlog_output {
  char *data;
  size_t size;
  size_t pos;
} anonlog_output;

/* How a plan is made. Zero-initialise it, then set struct_size and what you want. */
typedef struct anonlog_options {
  size_t struct_size;
  const char *policy; /* TOML text; not given: the preset "balanced" */
  size_t policy_size;
  const char *keyring; /* text of a keyring file; not given: ephemeral keys, a fresh set for every stream */
  size_t keyring_size;
  const char *format; /* name, nginx log_format or Apache LogFormat; not given: "auto" */
  size_t format_size;
  const char *recipient; /* [a-z0-9._-]{0,64}: key branch for one receiver */
  size_t recipient_size;
  int has_now; /* not 0: `now` is the time taken where a value or a record has none; 0: the clock */
  int64_t now; /* Unix seconds */
  const char *output_shape; /* "same", "jsonl", "influx", "influx:MEASUREMENT[,TAG=VALUE]..."; not given: "same" */
  size_t output_shape_size; /* the first version of this structure ends before output_shape */
  int has_own_names; /* not 0: [fields] of the policy may name fields that no format has, as records do; 0: that is an
                      * error, for a mistyped name protects nothing. The second version ends before this */
  size_t has_messages; /* not 0: each line is a message on its own and anybody's, so none says what the columns of another are:
                        * headers of tables are rejected. The third version ends before this */
} anonlog_options;

/* What a field of a record is. */
typedef enum anonlog_kind {
  ANONLOG_KIND_TEXT = 0,
  ANONLOG_KIND_NUMBER = 1,  /* as JSON writes it: digits, perhaps with a minus and a fraction */
  ANONLOG_KIND_BOOLEAN = 2, /* "true" or "false" */
  ANONLOG_KIND_NULL = 3,    /* no value */
  ANONLOG_KIND_OPEN = 4,    /* a map or an array begins; what is in it follows */
  ANONLOG_KIND_CLOSE = 5    /* the map or array that was opened last ends; has neither name nor value */
} anonlog_kind;

/* One name and value of a record. The caller sets what stands before safe_name, and the kind. */
typedef struct anonlog_field {
  const char *name; /* a null pointer: an element of an array */
  size_t name_size;
  const char *value;
  size_t value_size;
  int kind;      /* an anonlog_kind */
  int safe_kind; /* the same, or ANONLOG_KIND_NULL where a number or a boolean may not be passed on */
  const char *safe_name; /* what may be passed on instead: points into the output, or to static text */
  size_t safe_name_size;
  const char *safe_value;
  size_t safe_value_size;
} anonlog_field;

/* A record that another program has taken apart. Maps and arrays stand in the list between OPEN and CLOSE; names that are
 * joined by `.` ("http.request.method") mean the same as maps in maps. */
typedef struct anonlog_record {
  size_t struct_size;
  size_t field_size; /* sizeof(anonlog_field) */
  anonlog_field *fields;
  size_t field_count;
  int has_time;      /* not 0: `time` is when it happened, if no field says so */
  int has_safe_time; /* not 0: safe_time is `time` on the policy's grid, which may be passed on; 0: nothing may */
  int64_t time;      /* Unix seconds */
  int64_t safe_time;
} anonlog_record;

/* The version of the library, such as "0.1.0". Static text. */
ANONLOG_API const char *anonlog_version(void);

/* The name of the SIMD kernel in use, such as "scalar". Static text. */
ANONLOG_API const char *anonlog_kernel_name(void);

/* A sentence for a status. Static text; never a null pointer, whatever the number. */
ANONLOG_API const char *anonlog_status_text(anonlog_status status);

/* Makes a plan. On success *plan is to be freed with anonlog_plan_free; on an error it is a null pointer and message
 * says what to mend. Returns ANONLOG_OK, BAD_ARGUMENT, BAD_POLICY, BAD_KEYRING, BAD_FORMAT, NO_MEMORY, INTERNAL.
 * The keyring text is copied into locked memory; wipe your own copy. A null `options` means all defaults. */
ANONLOG_API anonlog_status anonlog_plan_create(const anonlog_options *options, anonlog_plan **plan, char *message,
                                               size_t message_size);

/* Frees a plan; a null pointer is allowed. Streams made from it go on. */
ANONLOG_API void anonlog_plan_free(anonlog_plan *plan);

/* The room in bytes that always suffices for one line of line_size bytes, its newline included. With the bound of
 * anonlog_plan_longest_line() bytes in the output buffer, feed always makes progress. */
ANONLOG_API size_t anonlog_plan_output_bound(const anonlog_plan *plan, size_t line_size);

/* The longest line, in bytes, that is not a reject. */
ANONLOG_API size_t anonlog_plan_longest_line(const anonlog_plan *plan);

/* The 16 hexadecimal digits that identify the policy, NUL-terminated. Valid as long as the plan. */
ANONLOG_API const char *anonlog_plan_policy_fingerprint(const anonlog_plan *plan);

/* Makes a stream; it holds up to 16 MiB when it has seen many different values. Returns ANONLOG_OK, BAD_ARGUMENT, NO_MEMORY or INTERNAL. */
ANONLOG_API anonlog_status anonlog_stream_create(const anonlog_plan *plan, anonlog_stream **stream);

/* Frees a stream and wipes what it held; a null pointer is allowed. An unfinished line is lost: call finish first. */
ANONLOG_API void anonlog_stream_free(anonlog_stream *stream);

/* Reads input->data from input->pos, in pieces of any size, and writes whole anonymised lines to output.
 * `rejects` may be a null pointer; otherwise skeletons of rejected lines go there, if the policy asks for them
 * (rejects.action = "skeleton"), and it needs room for 600 bytes.
 * Returns ANONLOG_OK when all input was read (an unfinished line is kept inside), NEED_ROOM when a buffer is full:
 * empty it and call again with the same input; STOPPED after a reject under rejects.action = "fail". */
ANONLOG_API anonlog_status anonlog_stream_feed(anonlog_stream *stream, anonlog_input *input, anonlog_output *output,
                                               anonlog_output *rejects);

/* Ends one input: writes the last line if it had no newline. The next feed begins another input (file).
 * Returns as anonlog_stream_feed. */
ANONLOG_API anonlog_status anonlog_stream_finish(anonlog_stream *stream, anonlog_output *output,
                                                 anonlog_output *rejects);

/* Transforms one value of one class ("ip", "user", "request" ...). `time` (Unix seconds, may be a null pointer)
 * chooses the epoch of a pseudonym; without it the plan's `now`. The value is as it stands in a text log: log escapes
 * are undone first. It is never a reject: what cannot be read is "-". 16 * value_size + 128 bytes of room suffice.
 * Returns ANONLOG_OK, NEED_ROOM (pos has not moved; bytes behind it may have been written, never raw text), UNKNOWN_CLASS,
 * BAD_ARGUMENT or NO_MEMORY. */
ANONLOG_API anonlog_status anonlog_value(anonlog_stream *stream, const char *class_name, const char *value,
                                         size_t value_size, const int64_t *time, anonlog_output *output);

/* The room in bytes that always suffices for what becomes of a record; at least 16 for each of its bytes. */
ANONLOG_API size_t anonlog_record_bound(const anonlog_plan *plan, const anonlog_record *record);

/* Transforms a record: the same becomes of it as of a line of JSON with these names and values. A name chooses the class of
 * its value: by [fields] of the policy, then by the names that programs are known to use; the value of any other becomes
 * "-" or null, its name "_" if it could be somebody's. A text "message", "msg" or "log" may be a line of the plan's format.
 * Values are taken as they are, no escapes are undone. The first field of class time that can be read chooses the epoch of
 * pseudonyms, then `time`, then the plan's `now`.
 * Pass on safe_name, safe_value and safe_kind of each field. They point into the output, or to static text, until the
 * output is written again. Whatever is returned they are set, to placeholders if it is not ANONLOG_OK; only where the record
 * itself is a BAD_ARGUMENT, or its list of fields, there is nothing to set.
 * Returns ANONLOG_OK; NEED_ROOM when the output has less room than anonlog_record_bound() (nothing was counted: call again);
 * WITHHELD when the record must be dropped (it is counted, as rejected or as withheld; more than longest_line bytes, 4096
 * names and values, or 63 levels are too many); STOPPED, BAD_ARGUMENT, NO_MEMORY or INTERNAL. */
ANONLOG_API anonlog_status anonlog_record_transform(anonlog_stream *stream, anonlog_record *record, anonlog_output *output);

/* Writes the counts of the stream as one JSON object. *needed gets its size. Returns ANONLOG_OK, NEED_ROOM (pos has
 * not moved), BAD_ARGUMENT or NO_MEMORY. It takes memory for the text. */
ANONLOG_API anonlog_status anonlog_stream_report(const anonlog_stream *stream, anonlog_output *output, size_t *needed);

/* The lines read, written and rejected so far; each pointer may be null. */
ANONLOG_API void anonlog_stream_lines(const anonlog_stream *stream, uint64_t *lines_in, uint64_t *lines_out,
                                      uint64_t *lines_rejected);

#ifdef __cplusplus
}
#endif

#endif
