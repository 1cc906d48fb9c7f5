/* rules.h: what `policy()`, `keyring()`, `format()` and `recipient()` come to, and the streams that work by it.
 *
 * One set of rules serves all threads: each takes a worker, which has a stream of its own, for one message and gives it back.
 * Source: anonlog.h, conventions 1 and 3. */
#ifndef ANONLOG_SYSLOG_NG_RULES_H
#define ANONLOG_SYSLOG_NG_RULES_H

#include <anonlog.h>
#include <glib.h>

#define SETTINGS_ERROR g_quark_from_static_string("anonlog-settings")

typedef struct Settings {
  gchar *policy;    /* a preset, or the path of a file */
  gchar *keyring;   /* a path; NULL: ephemeral keys, other ones in each worker */
  gchar *format;    /* NULL: recognised */
  gchar *recipient; /* NULL: none */
} Settings;

void settings_clear(Settings *self);

typedef struct Rules Rules;

/* Reads the policy and the keyring, once. NULL and `error` if anything is wrong with them. */
Rules *rules_new(const Settings *settings, GError **error);
Rules *rules_ref(Rules *self);
void rules_unref(Rules *self);

/* Whether there is a class of this name. */
gboolean rules_know_class(Rules *self, const gchar *name);

/* Frees the workers that nobody has, and with them what was derived from keys; new ones are made when they are needed. */
void rules_rest(Rules *self);

/* A place in a worker's room: safe text. */
typedef struct Piece {
  gsize at, size;
} Piece;

typedef enum Taken {
  TAKEN_DONE,
  TAKEN_SKELETON, /* a reject, of which the policy wants the skeleton */
  TAKEN_REJECTED
} Taken;

typedef struct Worker Worker;

/* NULL if there is no memory for one. What it made holds until it is given back. */
Worker *worker_take(Rules *rules);
void worker_give_back(Worker *self);

/* One message is one line of a log. */
Taken worker_line(Worker *self, const gchar *text, gsize size, Piece *safe);
/* One value of a class, of a message from `time` (Unix seconds); FALSE: there is none that may be passed on. */
gboolean worker_value(Worker *self, const gchar *class_name, const gchar *value, gsize size, gint64 time, Piece *safe);
/* A slot is for what is nearly always as in the message before, and needs no second look then. */
enum { WORKER_SLOTS = 8 };
gboolean worker_value_again(Worker *self, guint slot, const gchar *class_name, const gchar *value, gsize size, gint64 time, Piece *safe);
/* A time of a message on the grid of the policy; FALSE: none may be passed on. */
gboolean worker_time(Worker *self, guint slot, gint64 time, gint64 *safe);
const gchar *worker_text(const Worker *self, Piece piece);

#endif
