/* setting_files.h: the policy and the keyring that a configuration names, read as the command reads them.
 *
 * Source: CLI.md 2, SPEC 3.3.4. The library opens no file. */
#ifndef ANONLOG_SYSLOG_NG_SETTING_FILES_H
#define ANONLOG_SYSLOG_NG_SETTING_FILES_H

#include <glib.h>

/* The text of a policy: a preset's name, or the path of a file if there is a `/` or a `.` in it. NULL: see `error`. */
GString *read_policy(const gchar *policy, GError **error);

/* In memory that is locked and left out of core dumps. Begin with all of it 0. */
typedef struct KeyringText {
  gchar *text;
  gsize size, room;
} KeyringText;

/* Reads a regular file of who runs this and of nobody else. FALSE: see `error`. */
gboolean read_keyring(const gchar *path, KeyringText *keyring, GError **error);
void keyring_text_wipe(KeyringText *self);

#endif
