#include "init.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static void copy_file(const char *from, const char *to, mode_t mode) {
  int in = open(from, O_RDONLY | O_CLOEXEC);
  if (in < 0) fail("%s cannot be read: %s", from, strerror(errno));
  int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode & 0777);
  if (out < 0) fail("%s cannot be made: %s", to, strerror(errno));
  for (;;) {
    ssize_t copied = sendfile(out, in, NULL, 16 * 1024 * 1024);
    if (copied < 0 && errno == EINTR) continue;
    if (copied < 0) fail("%s cannot be written: %s", to, strerror(errno));
    if (copied == 0) break;
  }
  /* A network disk may report that it is full only now. */
  if (close(out) != 0) fail("%s cannot be written: %s", to, strerror(errno));
  close(in);
}

/* A link within the tree stays one; what lies outside of it is not there in the other image. */
static bool leads_outside(const char *path, const char *target) {
  char resolved[PATH_MAX];
  if (realpath(path, resolved) == NULL) fail("%s leads nowhere", path);
  return target[0] == '/' || strncmp(resolved, own_dir(), strlen(own_dir())) != 0;
}

static void copy_tree(const char *from, const char *to) {
  struct stat found;
  if (lstat(from, &found) != 0) fail("%s cannot be read: %s", from, strerror(errno));
  if (S_ISLNK(found.st_mode)) {
    char target[PATH_MAX] = {0};
    if (readlink(from, target, sizeof target - 1) < 0) fail("%s cannot be read: %s", from, strerror(errno));
    if (!leads_outside(from, target)) {
      unlink(to);
      if (symlink(target, to) != 0) fail("%s cannot be made: %s", to, strerror(errno));
      return;
    }
    if (stat(from, &found) != 0) fail("%s cannot be read: %s", from, strerror(errno));
  }
  if (S_ISREG(found.st_mode)) {
    copy_file(from, to, found.st_mode);
    return;
  }
  if (!S_ISDIR(found.st_mode)) return;
  if (mkdir(to, 0755) != 0 && errno != EEXIST) fail("%s cannot be made: %s", to, strerror(errno));
  DIR *entries = opendir(from);
  if (entries == NULL) fail("%s cannot be read: %s", from, strerror(errno));
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char *inner_from = text("%s/%s", from, entry->d_name);
    char *inner_to = text("%s/%s", to, entry->d_name);
    copy_tree(inner_from, inner_to);
    free(inner_from);
    free(inner_to);
  }
  closedir(entries);
}

int install(const char *target) {
  umask(022);
  char *from = text("%s", own_dir());
  copy_tree(from, target);
  say("%s was copied to %s", from, target);
  return 0;
}
