/* setting_files.c: see setting_files.h. */
#include "setting_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules.h"

enum { LONGEST_FILE = 1 << 20, OF_OTHERS = 077 };

static int open_file(const gchar *path, GError **error) {
  const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) g_set_error(error, SETTINGS_ERROR, 0, "%s: %s", path, g_strerror(errno));
  return file;
}

/* So much of the file as there is room for; -1 if it cannot be read, or has more than that. */
static gssize read_whole(int file, gchar *to, gsize room) {
  gsize size = 0;
  for (;;) {
    const ssize_t count = read(file, to + size, room - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) return (gssize)size;
    size += (gsize)count;
    if (size == room) {
      errno = EFBIG;
      return -1;
    }
  }
}

static GString *policy_of_preset(const gchar *name, GError **error) {
  GString *text;
  if (name[0] == '\0' || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(name)) {
    g_set_error(error, SETTINGS_ERROR, 0, "policy(): expects the name of a preset or the path of a file");
    return NULL;
  }
  text = g_string_new(NULL);
  g_string_printf(text, "version = 1\npreset = \"%s\"\n", name);
  return text;
}

GString *read_policy(const gchar *policy, GError **error) {
  GString *text;
  gssize size;
  int file;
  if (policy == NULL) policy = "balanced";
  if (strpbrk(policy, "/.") == NULL) return policy_of_preset(policy, error);
  file = open_file(policy, error);
  if (file < 0) return NULL;
  text = g_string_sized_new(LONGEST_FILE);
  size = read_whole(file, text->str, LONGEST_FILE);
  if (size < 0) g_set_error(error, SETTINGS_ERROR, 0, "%s: %s", policy, g_strerror(errno));
  close(file);
  if (size < 0) {
    g_string_free(text, TRUE);
    return NULL;
  }
  g_string_set_size(text, (gsize)size);
  return text;
}

/* What keeps the file from being used; NULL: nothing. It is the opened file that is looked at. */
static const gchar *fault_of(int file, struct stat *facts) {
  if (fstat(file, facts) != 0) return "who may read the keyring cannot be told";
  if (!S_ISREG(facts->st_mode)) return "the keyring is no regular file";
  if ((facts->st_mode & OF_OTHERS) != 0) return "others may read the keyring (chmod 600)";
  if (facts->st_uid != geteuid()) return "the keyring belongs to somebody else than who runs syslog-ng (chown)";
  if (facts->st_size >= LONGEST_FILE) return "the keyring is too large";
  return NULL;
}

/* So much memory that goes neither to a swap device nor into a core dump; FALSE: there is none. */
static gboolean lock_room(KeyringText *self, gsize room) {
  void *memory = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return FALSE;
  self->text = memory;
  self->room = room;
  madvise(memory, room, MADV_DONTDUMP);
  return mlock(memory, room) == 0;
}

gboolean read_keyring(const gchar *path, KeyringText *keyring, GError **error) {
  struct stat facts;
  const gchar *fault;
  const int file = open_file(path, error);
  if (file < 0) return FALSE;
  fault = fault_of(file, &facts);
  if (fault == NULL && !lock_room(keyring, (gsize)facts.st_size + 1)) fault = "there is no memory that can be locked for the keyring";
  if (fault == NULL) {
    const gssize size = read_whole(file, keyring->text, keyring->room);
    if (size < 0) fault = "the keyring cannot be read";
    else keyring->size = (gsize)size;
  }
  close(file);
  if (fault == NULL) return TRUE;
  keyring_text_wipe(keyring);
  g_set_error(error, SETTINGS_ERROR, 0, "%s: %s", path, fault);
  return FALSE;
}

void keyring_text_wipe(KeyringText *self) {
  if (self->text == NULL) return;
  explicit_bzero(self->text, self->room);
  munmap(self->text, self->room);
  self->text = NULL;
  self->size = self->room = 0;
}
