/* template_value.c: see template_value.h. What cannot be made safe is "-". */
#include "template_value.h"

#include <template/templates.h>

#include "rules.h"

/* The templates are of the value alone: a class is no matter of the message. */
typedef struct State {
  TFSimpleFuncState super;
  gchar *class_name;
  Rules *rules;
} State;

static gboolean read_options(Settings *settings, gint *argc, gchar ***argv, GError **error) {
  const GOptionEntry options[] = {
      {"policy", 'p', 0, G_OPTION_ARG_STRING, &settings->policy, NULL, NULL},
      {"keyring", 'k', 0, G_OPTION_ARG_STRING, &settings->keyring, NULL, NULL},
      {"recipient", 'r', 0, G_OPTION_ARG_STRING, &settings->recipient, NULL, NULL},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
  };
  GOptionContext *context = g_option_context_new("anonlog");
  gboolean is_read;
  g_option_context_set_help_enabled(context, FALSE);
  g_option_context_set_strict_posix(context, TRUE); /* what follows the class is the value, whatever it begins with */
  g_option_context_add_main_entries(context, options, NULL);
  is_read = g_option_context_parse(context, argc, argv, error);
  g_option_context_free(context);
  return is_read;
}

static gboolean open_rules(State *self, const Settings *settings, const gchar *class_name, GError **error) {
  self->rules = rules_new(settings, error);
  if (self->rules == NULL) return FALSE;
  self->class_name = g_strdup(class_name);
  if (rules_know_class(self->rules, class_name)) return TRUE;
  g_set_error(error, LOG_TEMPLATE_ERROR, LOG_TEMPLATE_ERROR_COMPILE, "$(anonlog): there is no class of this name");
  return FALSE;
}

static gboolean template_value_prepare(LogTemplateFunction *function, gpointer state, LogTemplate *parent, gint argc, gchar *argv[], GError **error) {
  State *self = state;
  Settings settings = {NULL, NULL, NULL, NULL};
  gchar **left = g_memdup2(argv, ((gsize)argc + 1) * sizeof *argv); /* parsing takes options out of it */
  gboolean is_ready = read_options(&settings, &argc, &left, error);
  if (is_ready && argc != 3) {
    g_set_error(error, LOG_TEMPLATE_ERROR, LOG_TEMPLATE_ERROR_COMPILE, "$(anonlog): expects [--policy P] [--keyring FILE] [--recipient NAME] CLASS VALUE");
    is_ready = FALSE;
  }
  is_ready = is_ready && open_rules(self, &settings, left[1], error) && tf_simple_func_prepare(function, &self->super, parent, 2, &left[1], error);
  settings_clear(&settings);
  g_free(left);
  return is_ready;
}

static void template_value_call(LogTemplateFunction *function, gpointer state, const LogTemplateInvokeArgs *args, GString *result, LogMessageValueType *type) {
  const State *self = state;
  const GString *value = args->argv[0];
  const LogMessage *msg = args->messages[args->num_messages - 1];
  Worker *worker = worker_take(self->rules);
  Piece safe;
  (void)function;
  *type = LM_VT_STRING;
  if (worker != NULL && worker_value(worker, self->class_name, value->str, value->len, msg->timestamps[LM_TS_STAMP].ut_sec, &safe))
    g_string_append_len(result, worker_text(worker, safe), (gssize)safe.size);
  else
    g_string_append_c(result, '-');
  if (worker != NULL) worker_give_back(worker);
}

static void template_value_free(gpointer state) {
  State *self = state;
  tf_simple_func_free_state(&self->super);
  g_free(self->class_name);
  rules_unref(self->rules);
}

TEMPLATE_FUNCTION(State, template_value, template_value_prepare, tf_simple_func_eval, template_value_call, template_value_free, NULL)
