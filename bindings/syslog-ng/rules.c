/* rules.c: see rules.h. */
#include "rules.h"

#include <string.h>

#include "setting_files.h"

enum { LONGEST_WHY = 512, SKELETON_ROOM = 1024, FIRST_ROOM = 1 << 16, VALUE_ROOM_PER_BYTE = 16, VALUE_ROOM = 128, LONGEST_KEPT = 64 };

/* A value that its class leaves as it is. */
typedef struct Kept {
  gsize size; /* 0: none */
  gchar text[LONGEST_KEPT];
} Kept;

typedef struct KnownTime {
  gboolean is_known;
  gint64 time, safe;
} KnownTime;

struct Rules {
  gint users;
  anonlog_plan *plan;
  GMutex alone;
  GPtrArray *idle; /* the one that was used last is at the end: its tables are warm */
};

struct Worker {
  Rules *rules;
  anonlog_stream *stream;
  gchar *room; /* the message as a line, then what became of it */
  gsize size, used;
  Kept kept[WORKER_SLOTS];
  anonlog_stream *clock; /* of its own: the times of messages are not those of lines */
  KnownTime times[WORKER_SLOTS];
};

void settings_clear(Settings *self) {
  g_free(self->policy);
  g_free(self->keyring);
  g_free(self->format);
  g_free(self->recipient);
  memset(self, 0, sizeof *self);
}

static gsize size_of(const gchar *text) { return text == NULL ? 0 : strlen(text); }

static void forget(gchar *text, gsize size) {
  if (text != NULL) explicit_bzero(text, size);
  g_free(text);
}

static void worker_free(gpointer worker) {
  Worker *self = worker;
  anonlog_stream_free(self->stream);
  anonlog_stream_free(self->clock);
  forget(self->room, self->size);
  g_free(self);
}

/* Room for so many bytes more. */
static void reserve(Worker *self, gsize more) {
  gchar *larger;
  gsize size = self->size;
  if (size - self->used >= more) return;
  while (size - self->used < more) size *= 2;
  larger = g_malloc(size);
  memcpy(larger, self->room, self->used);
  forget(self->room, self->size);
  self->room = larger;
  self->size = size;
}

/* The first line of a stream is ours, and no header of a table: no sender is to say what the columns of another's are. */
static anonlog_status begin(Worker *self) {
  anonlog_input in = {"-\n", 2, 0};
  anonlog_output out;
  anonlog_status status;
  anonlog_stream_free(self->stream);
  status = anonlog_stream_create(self->rules->plan, &self->stream);
  if (status != ANONLOG_OK) return status;
  reserve(self, anonlog_plan_output_bound(self->rules->plan, in.size));
  out.data = self->room;
  out.size = self->size;
  out.pos = 0;
  return anonlog_stream_feed(self->stream, &in, &out, NULL);
}

static Worker *worker_new(Rules *rules, anonlog_status *status) {
  Worker *self = g_new0(Worker, 1);
  self->rules = rules;
  self->size = FIRST_ROOM;
  self->room = g_malloc(self->size);
  *status = anonlog_stream_create(rules->plan, &self->clock);
  if (*status == ANONLOG_OK) *status = begin(self);
  if (*status == ANONLOG_OK) return self;
  worker_free(self);
  return NULL;
}

static gboolean make_plan(Rules *self, const Settings *settings, GError **error) {
  anonlog_options options = {0};
  anonlog_status status;
  gchar why[LONGEST_WHY];
  KeyringText keyring = {NULL, 0, 0};
  GString *policy = read_policy(settings->policy, error);
  if (policy == NULL) return FALSE;
  if (settings->keyring != NULL && !read_keyring(settings->keyring, &keyring, error)) {
    g_string_free(policy, TRUE);
    return FALSE;
  }
  options.struct_size = sizeof options;
  options.policy = policy->str;
  options.policy_size = policy->len;
  options.keyring = keyring.text;
  options.keyring_size = keyring.size;
  options.format = settings->format;
  options.format_size = size_of(settings->format);
  options.recipient = settings->recipient;
  options.recipient_size = size_of(settings->recipient);
  status = anonlog_plan_create(&options, &self->plan, why, sizeof why);
  keyring_text_wipe(&keyring);
  g_string_free(policy, TRUE);
  if (status == ANONLOG_OK) return TRUE;
  g_set_error(error, SETTINGS_ERROR, 0, "%s", why[0] != '\0' ? why : anonlog_status_text(status));
  return FALSE;
}

Rules *rules_new(const Settings *settings, GError **error) {
  Rules *self = g_new0(Rules, 1);
  anonlog_status status = ANONLOG_OK;
  Worker *first = NULL;
  self->users = 1;
  g_mutex_init(&self->alone);
  self->idle = g_ptr_array_new_with_free_func(worker_free);
  if (make_plan(self, settings, error)) {
    first = worker_new(self, &status);
    if (status == ANONLOG_STOPPED)
      g_set_error(error, SETTINGS_ERROR, 0, "the policy ends the run at a reject (rejects.action = \"fail\"), and syslog-ng does not end");
    else if (status != ANONLOG_OK)
      g_set_error(error, SETTINGS_ERROR, 0, "%s", anonlog_status_text(status));
  }
  if (first != NULL) {
    worker_give_back(first);
    return self;
  }
  rules_unref(self);
  return NULL;
}

Rules *rules_ref(Rules *self) {
  g_atomic_int_inc(&self->users);
  return self;
}

void rules_unref(Rules *self) {
  if (self == NULL || !g_atomic_int_dec_and_test(&self->users)) return;
  g_ptr_array_free(self->idle, TRUE);
  anonlog_plan_free(self->plan);
  g_mutex_clear(&self->alone);
  g_free(self);
}

void rules_rest(Rules *self) {
  g_mutex_lock(&self->alone);
  g_ptr_array_set_size(self->idle, 0);
  g_mutex_unlock(&self->alone);
}

gboolean rules_know_class(Rules *self, const gchar *name) {
  Worker *worker = worker_take(self);
  Piece ignored;
  gboolean is_known;
  if (worker == NULL) return FALSE;
  is_known = worker_value(worker, name, "", 0, 0, &ignored);
  worker_give_back(worker);
  return is_known;
}

Worker *worker_take(Rules *rules) {
  anonlog_status status;
  Worker *self = NULL;
  g_mutex_lock(&rules->alone);
  if (rules->idle->len != 0) self = g_ptr_array_steal_index_fast(rules->idle, rules->idle->len - 1);
  g_mutex_unlock(&rules->alone);
  if (self == NULL) self = worker_new(rules, &status);
  if (self != NULL) self->used = 0;
  return self;
}

void worker_give_back(Worker *self) {
  Rules *rules = self->rules;
  g_mutex_lock(&rules->alone);
  g_ptr_array_add(rules->idle, self);
  g_mutex_unlock(&rules->alone);
}

const gchar *worker_text(const Worker *self, Piece piece) { return self->room + piece.at; }

static void put_line(Worker *self, const gchar *text, gsize size) {
  self->used = 0;
  reserve(self, size + 1);
  memcpy(self->room, text, size);
  self->room[size] = '\n';
  self->used = size + 1;
}

/* Whether what was written is one line; its end is left out of `safe`. */
static gboolean is_one_line(const Worker *self, gsize from, gsize to, Piece *safe) {
  if (to <= from || self->room[to - 1] != '\n') return FALSE;
  --to;
  if (to > from && self->room[to - 1] == '\r') --to;
  safe->at = from;
  safe->size = to - from;
  return safe->size != 0 && memchr(self->room + from, '\n', safe->size) == NULL;
}

/* What a line becomes stands behind it in the room. */
static anonlog_status feed(Worker *self, gsize line_size, anonlog_output *rejects, gsize *end) {
  anonlog_input in = {NULL, 0, 0};
  anonlog_output out = {NULL, 0, 0};
  anonlog_status status;
  reserve(self, anonlog_plan_output_bound(self->rules->plan, line_size));
  in.data = out.data = self->room;
  in.size = out.pos = self->used;
  out.size = self->size;
  status = anonlog_stream_feed(self->stream, &in, &out, rejects);
  *end = out.pos;
  return status;
}

Taken worker_line(Worker *self, const gchar *text, gsize size, Piece *safe) {
  gchar skeleton[SKELETON_ROOM];
  anonlog_output rejects = {skeleton, sizeof skeleton, 0};
  const gsize longest = anonlog_plan_longest_line(self->rules->plan);
  gsize end = 0;
  if (size > longest + 1) size = longest + 1;                           /* enough to show that it is too long */
  if (memchr(text, '\n', size) != NULL) return TAKEN_REJECTED;          /* or one message were two lines */
  put_line(self, text, size);
  if (feed(self, size + 1, &rejects, &end) != ANONLOG_OK) {
    begin(self); /* whatever the stream holds now, no other message is to meet it */
    return TAKEN_REJECTED;
  }
  if (is_one_line(self, self->used, end, safe)) {
    self->used = end;
    return TAKEN_DONE;
  }
  if (rejects.pos == 0 || end != self->used) return TAKEN_REJECTED;
  reserve(self, rejects.pos);
  memcpy(self->room + self->used, skeleton, rejects.pos);
  if (!is_one_line(self, self->used, self->used + rejects.pos, safe)) return TAKEN_REJECTED;
  self->used += rejects.pos;
  return TAKEN_SKELETON;
}

gboolean worker_value(Worker *self, const gchar *class_name, const gchar *value, gsize size, gint64 time, Piece *safe) {
  anonlog_output out;
  int64_t seconds = time;
  reserve(self, VALUE_ROOM_PER_BYTE * size + VALUE_ROOM);
  out.data = self->room;
  out.size = self->size;
  out.pos = self->used;
  if (anonlog_value(self->stream, class_name, value, size, &seconds, &out) != ANONLOG_OK) return FALSE;
  safe->at = self->used;
  safe->size = out.pos - self->used;
  self->used = out.pos;
  return TRUE;
}

gboolean worker_value_again(Worker *self, guint slot, const gchar *class_name, const gchar *value, gsize size, gint64 time, Piece *safe) {
  Kept *kept = &self->kept[slot];
  if (size != kept->size || size == 0 || memcmp(kept->text, value, size) != 0) {
    if (!worker_value(self, class_name, value, size, time, safe)) return FALSE;
    if (safe->size == size && size <= sizeof kept->text && memcmp(worker_text(self, *safe), value, size) == 0) {
      memcpy(kept->text, value, size);
      kept->size = size;
    }
    return TRUE;
  }
  reserve(self, size);
  memcpy(self->room + self->used, kept->text, size);
  safe->at = self->used;
  safe->size = size;
  self->used += size;
  return TRUE;
}

gboolean worker_time(Worker *self, guint slot, gint64 time, gint64 *safe) {
  KnownTime *known = &self->times[slot];
  if (!known->is_known || known->time != time) {
    anonlog_record record = {sizeof record, sizeof(anonlog_field), NULL, 0, 1, 0, 0, 0};
    anonlog_output out;
    record.time = time;
    reserve(self, anonlog_record_bound(self->rules->plan, &record));
    out.data = self->room;
    out.size = self->size;
    out.pos = self->used;
    if (anonlog_record_transform(self->clock, &record, &out) != ANONLOG_OK || record.has_safe_time == 0) return FALSE;
    known->is_known = TRUE;
    known->time = time;
    known->safe = record.safe_time;
  }
  *safe = known->safe;
  return TRUE;
}
