/* message_parser.c: see message_parser.h.
 *
 * A message is more than its text: other parsers, filters and senders leave pairs in it, and even a value that was written over
 * or unset stays in its memory, which a disk buffer writes out as it is. So a message gets new memory with nothing else in it:
 * the text, the head of syslog by its classes, and the fields that the configuration names. Its times go to the policy's grid.
 * Source: lib/logmsg/nvtable.h of syslog-ng 3.38. */
#include "message_parser.h"

#include <string.h>

#include <logmsg/logmsg.h>
#include <logmsg/nvtable.h>
#include <stats/stats-cluster-logpipe.h>
#include <stats/stats-registry.h>

typedef struct Field {
  NVHandle handle;
  gchar *class_name;
} Field;

typedef struct MessageParser {
  LogParser super;
  Settings settings;
  GArray *fields; /* of Field */
  Rules *rules;
  NVHandle status;
  StatsCounterItem *lines_in, *lines_out, *lines_rejected;
} MessageParser;

/* What heads of syslog hold: the operator's own names, unless a sender writes something else there. */
static const Field head[] = {
    {LM_V_HOST, "vhost"}, {LM_V_HOST_FROM, "vhost"}, {LM_V_PROGRAM, "keep"}, {LM_V_PID, "keep"}, {LM_V_MSGID, "keep"}, {LM_V_SOURCE, "keep"},
};

G_STATIC_ASSERT(G_N_ELEMENTS(head) <= WORKER_SLOTS);

enum { NOT_SET = -1, MOST_FIELDS = 256, PAIR_OVERHEAD = 64, FIRST_PAIRS = 16 };

/* A pair of the new message. */
typedef struct Pair {
  NVHandle handle;
  Piece value;
} Pair;

typedef struct Pairs {
  Pair at[G_N_ELEMENTS(head) + MOST_FIELDS];
  gsize count;
} Pairs;

/* `slot`: of a part of the head, which is nearly always the same; WORKER_SLOTS: of none. */
static gboolean take_field(const Field *field, guint slot, LogMessage *msg, Worker *worker, Pairs *pairs) {
  const gint64 time = msg->timestamps[LM_TS_STAMP].ut_sec;
  gssize size = 0;
  const gchar *value = log_msg_get_value_if_set(msg, field->handle, &size);
  Pair *pair = &pairs->at[pairs->count];
  if (value == NULL || size <= 0) return TRUE;
  pair->handle = field->handle;
  if (slot < WORKER_SLOTS ? !worker_value_again(worker, slot, field->class_name, value, (gsize)size, time, &pair->value)
                          : !worker_value(worker, field->class_name, value, (gsize)size, time, &pair->value))
    return FALSE;
  ++pairs->count;
  return TRUE;
}

static gboolean add_pair(NVTable *table, NVHandle handle, const gchar *value, gsize size) {
  gssize name_size = 0;
  const gchar *name = log_msg_get_value_name(handle, &name_size);
  return nv_table_add_value(table, handle, name, (gsize)name_size, value, size, LM_VT_STRING, NULL);
}

/* When a message was sent and came tells when somebody asked for something. A time that is not set would be told as now. */
static gboolean take_times(const LogMessage *msg, Worker *worker, gint64 *times) {
  guint i;
  for (i = 0; i < LM_TS_MAX; ++i)
    if (msg->timestamps[i].ut_sec == NOT_SET) times[i] = NOT_SET;
    else if (!worker_time(worker, i, msg->timestamps[i].ut_sec, &times[i])) return FALSE;
  return TRUE;
}

/* NULL if not all of it could be stored. */
static NVTable *new_payload(const MessageParser *self, const Worker *worker, const Pairs *pairs, Piece text, Taken taken) {
  static const gchar rejected[] = "rejected";
  gsize room = text.size + (pairs->count + 2) * PAIR_OVERHEAD + sizeof rejected, i;
  NVTable *table;
  gboolean is_whole;
  for (i = 0; i < pairs->count; ++i) room += pairs->at[i].value.size + strlen(log_msg_get_value_name(pairs->at[i].handle, NULL));
  table = nv_table_new(LM_V_MAX, FIRST_PAIRS, (gint)room);
  /* Between the values there may be gaps, and the memory was somebody's. */
  memset(nv_table_get_ofs_table_top(table), 0, (gsize)(nv_table_get_top(table) - nv_table_get_ofs_table_top(table)));
  is_whole = add_pair(table, LM_V_MESSAGE, worker_text(worker, text), text.size);
  for (i = 0; is_whole && i < pairs->count; ++i)
    is_whole = add_pair(table, pairs->at[i].handle, worker_text(worker, pairs->at[i].value), pairs->at[i].value.size);
  if (taken == TAKEN_SKELETON) is_whole = is_whole && add_pair(table, self->status, rejected, sizeof rejected - 1);
  if (is_whole) return table;
  nv_table_unref(table);
  return NULL;
}

/* As log_msg_clear does, but for what is not the sender's: tags and addresses. */
static void replace(LogMessage *msg, NVTable *payload, const gint64 *times) {
  guint i;
  for (i = 0; i < LM_TS_MAX; ++i) {
    if (times[i] == NOT_SET) msg->timestamps[i].ut_gmtoff = msg->timestamps[LM_TS_RECVD].ut_gmtoff;
    msg->timestamps[i].ut_sec = times[i] == NOT_SET ? times[LM_TS_RECVD] : times[i];
    msg->timestamps[i].ut_usec = 0;
  }
  if ((msg->flags & LF_STATE_OWN_PAYLOAD) != 0) nv_table_unref(msg->payload);
  msg->payload = payload;
  msg->flags |= LF_STATE_OWN_PAYLOAD;
  if ((msg->flags & LF_STATE_OWN_SDATA) == 0) {
    msg->sdata = NULL;
    msg->alloc_sdata = 0;
  }
  msg->num_sdata = 0;
  msg->num_matches = 0;
}

static Taken make_safe(MessageParser *self, Worker *worker, LogMessage **pmsg, const LogPathOptions *path_options, const gchar *text, gsize size) {
  Pairs pairs;
  Piece safe;
  gint64 times[LM_TS_MAX];
  NVTable *payload;
  guint i;
  const Taken taken = worker_line(worker, text, size, &safe);
  if (taken == TAKEN_REJECTED) return taken;
  pairs.count = 0;
  for (i = 0; i < G_N_ELEMENTS(head); ++i)
    if (!take_field(&head[i], i, *pmsg, worker, &pairs)) return TAKEN_REJECTED;
  for (i = 0; i < self->fields->len; ++i)
    if (!take_field(&g_array_index(self->fields, Field, i), WORKER_SLOTS, *pmsg, worker, &pairs)) return TAKEN_REJECTED;
  if (!take_times(*pmsg, worker, times)) return TAKEN_REJECTED;
  payload = new_payload(self, worker, &pairs, safe, taken);
  if (payload == NULL) return TAKEN_REJECTED;
  replace(log_msg_make_writable(pmsg, path_options), payload, times);
  return taken;
}

static gboolean message_parser_process(LogParser *super, LogMessage **pmsg, const LogPathOptions *path_options, const gchar *text, gsize size) {
  MessageParser *self = (MessageParser *)super;
  Worker *worker = worker_take(self->rules);
  Taken taken = TAKEN_REJECTED;
  if (worker != NULL) {
    taken = make_safe(self, worker, pmsg, path_options, text, size);
    worker_give_back(worker);
  }
  stats_counter_inc(self->lines_in);
  stats_counter_inc(taken == TAKEN_DONE ? self->lines_out : self->lines_rejected);
  return taken != TAKEN_REJECTED;
}

typedef void (*CounterCall)(const StatsClusterKey *key, gint type, StatsCounterItem **counter);

static void register_counter(const StatsClusterKey *key, gint type, StatsCounterItem **counter) { stats_register_counter(0, key, type, counter); }

static void for_counters(MessageParser *self, CounterCall call) {
  StatsClusterKey key;
  stats_cluster_logpipe_key_set(&key, SCS_PARSER, self->super.name, NULL);
  stats_lock();
  call(&key, SC_TYPE_PROCESSED, &self->lines_in);
  call(&key, SC_TYPE_MATCHED, &self->lines_out);
  call(&key, SC_TYPE_NOT_MATCHED, &self->lines_rejected);
  stats_unlock();
}

static gboolean message_parser_init(LogPipe *pipe) {
  MessageParser *self = (MessageParser *)pipe;
  if (self->rules == NULL || !log_parser_init_method(pipe)) return FALSE;
  for_counters(self, register_counter);
  return TRUE;
}

/* The keyring is kept: after a reload that failed this configuration goes on, whatever has become of the file. */
static gboolean message_parser_deinit(LogPipe *pipe) {
  MessageParser *self = (MessageParser *)pipe;
  for_counters(self, stats_unregister_counter);
  rules_rest(self->rules);
  return log_parser_deinit_method(pipe);
}

static void message_parser_free(LogPipe *pipe) {
  MessageParser *self = (MessageParser *)pipe;
  guint i;
  rules_unref(self->rules);
  settings_clear(&self->settings);
  for (i = 0; i < self->fields->len; ++i) g_free(g_array_index(self->fields, Field, i).class_name);
  g_array_free(self->fields, TRUE);
  log_parser_free_method(pipe);
}

static LogPipe *message_parser_clone(LogPipe *pipe) {
  const MessageParser *self = (const MessageParser *)pipe;
  LogParser *cloned = message_parser_new(log_pipe_get_config(pipe));
  guint i;
  for (i = 0; i < self->fields->len; ++i) {
    const Field *field = &g_array_index(self->fields, Field, i);
    message_parser_add_field(cloned, log_msg_get_value_name(field->handle, NULL), field->class_name);
  }
  if (self->super.template != NULL) log_parser_set_template(cloned, log_template_ref(self->super.template));
  if (self->rules != NULL) ((MessageParser *)cloned)->rules = rules_ref(self->rules);
  return &cloned->super;
}

LogParser *message_parser_new(GlobalConfig *cfg) {
  MessageParser *self = g_new0(MessageParser, 1);
  log_parser_init_instance(&self->super, cfg);
  self->super.super.init = message_parser_init;
  self->super.super.deinit = message_parser_deinit;
  self->super.super.free_fn = message_parser_free;
  self->super.super.clone = message_parser_clone;
  self->super.process = message_parser_process;
  self->fields = g_array_new(FALSE, FALSE, sizeof(Field));
  self->status = log_msg_get_value_handle(".anonlog.status");
  return &self->super;
}

Settings *message_parser_settings(LogParser *parser) { return &((MessageParser *)parser)->settings; }

void message_parser_add_field(LogParser *parser, const gchar *name, const gchar *class_name) {
  Field field;
  field.handle = log_msg_get_value_handle(name);
  field.class_name = g_strdup(class_name);
  g_array_append_val(((MessageParser *)parser)->fields, field);
}

/* That a value is stored under a name that the parser itself sets, or that is computed, would be news to nobody but the table. */
static gboolean check_fields(const MessageParser *self, GError **error) {
  guint i;
  if (self->fields->len > MOST_FIELDS) {
    g_set_error(error, SETTINGS_ERROR, 0, "fields(): no more than %d", MOST_FIELDS);
    return FALSE;
  }
  for (i = 0; i < self->fields->len; ++i) {
    const Field *field = &g_array_index(self->fields, Field, i);
    const gchar *name = log_msg_get_value_name(field->handle, NULL);
    if (field->handle < LM_V_MAX || field->handle == self->status || log_msg_is_handle_macro(field->handle)) {
      g_set_error(error, SETTINGS_ERROR, 0, "fields(): %s is none that can be named here", name);
      return FALSE;
    }
    if (!rules_know_class(self->rules, field->class_name)) {
      g_set_error(error, SETTINGS_ERROR, 0, "fields(): there is no class \"%s\"", field->class_name);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean message_parser_open(LogParser *parser, GError **error) {
  MessageParser *self = (MessageParser *)parser;
  self->rules = rules_new(&self->settings, error);
  return self->rules != NULL && check_fields(self, error);
}
